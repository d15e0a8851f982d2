package dev.holdfast.session.http.servlet;

import dev.holdfast.session.Session;
import dev.holdfast.session.http.GuessingAlarm;
import jakarta.servlet.http.HttpServletRequest;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a filter looks at beside the id: whether the client is the one that the session belongs to, and who presents ids
 * that are nobody's.
 *
 * @param client describes a request's client, or {@code null} not to look
 * @param alarm hears of unknown ids, or {@code null}
 */
record Watch(
        @Nullable Function<HttpServletRequest, String> client,
        ClientChange onChange,
        @Nullable GuessingAlarm alarm,
        Function<HttpServletRequest, String> peer) {

    void opened(Session session, HttpServletRequest request) {
        if (client != null && !session.bindClient(client.apply(request)) && onChange == ClientChange.END) {
            session.invalidate();
        }
    }

    void unknown(String presentedId, HttpServletRequest request) {
        if (alarm != null) {
            alarm.unknownId(peer.apply(request), presentedId);
        }
    }
}
