package dev.holdfast.session.codec;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.stream.Collectors;

/** Carries why a value can't be stored out of its nesting, collecting on the way where it stands. */
final class Refusal extends RuntimeException {

    private static final long serialVersionUID = 1L;
    private static final int STEPS_SHOWN = 8;

    private final String reason;
    private final String fix;
    private final transient Deque<String> path = new ArrayDeque<>();

    /**
     * @param reason what can't be stored and why
     * @param fix what to do instead
     */
    Refusal(String reason, String fix) {
        super(reason, null, false, false);
        this.reason = reason;
        this.fix = fix;
    }

    static Refusal of(Class<?> type, String reason, String fix) {
        return new Refusal(type.getTypeName() + " " + reason, fix);
    }

    /** Adds where in the surrounding collection it stands. */
    Refusal within(String place) {
        path.addFirst(place);
        return this;
    }

    UnencodableValueException toException() {
        String place =
                path.stream().limit(STEPS_SHOWN).collect(Collectors.joining()) + (path.size() > STEPS_SHOWN ? "…" : "");
        return new UnencodableValueException(reason
                + (place.isEmpty() ? "" : " (found at " + place + " in the attribute's value)") + ". " + fix + ".");
    }
}
