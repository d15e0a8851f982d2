package dev.holdfast.session.http;

import dev.holdfast.session.http.PresentedId.Source;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Carries the id in a hidden field of forms, which the pages write themselves. Off unless it is used: whoever copies the
 * page copies the id.
 *
 * <p>Only the body of a form counts, no query. The parameters are read when the session is first asked for, so the request's
 * encoding is set before, and who reads the body as a stream first has no id.
 */
public final class FormTransport implements SessionTransport {

    private final String field;

    private FormTransport(String field) {
        this.field = field;
    }

    /** Returns a transport that reads the field of this name. */
    public static FormTransport create(String field) {
        return new FormTransport(Objects.requireNonNull(field));
    }

    @Override
    public List<PresentedId> read(HttpRequestView request) {
        return PresentedId.listOf(request.formFields(field).stream().filter(value -> !value.isEmpty()), Source.BODY);
    }

    /** Does nothing: the page has the id. */
    @Override
    public void issue(String id, @Nullable PresentedId old, HttpRequestView request, HttpResponseView response) {}

    /** Does nothing: the next page has no id. */
    @Override
    public void expire(@Nullable PresentedId old, HttpRequestView request, HttpResponseView response) {}

    @Override
    public boolean keep(PresentedId held, HttpRequestView request, HttpResponseView response) {
        return true;
    }

    @Override
    public Set<String> variesOn() {
        return Set.of();
    }
}
