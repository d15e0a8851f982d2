package dev.holdfast.demo;

import dev.holdfast.session.Session;
import dev.holdfast.session.http.servlet.SessionFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.util.Optional;

/**
 * The session behind a request, as the Servlet API and as Holdfast show it.
 *
 * @param http has the attributes
 * @param session has the principal and the times too
 */
record Visit(HttpSession http, Session session) {

    static Visit of(HttpServletRequest request) {
        HttpSession http = request.getSession();
        return new Visit(http, SessionFilter.sessionOf(http));
    }

    Optional<String> user() {
        return session.principal();
    }

    int countedVisits() {
        int visits = http.getAttribute("visits") instanceof Integer before ? before + 1 : 1;
        http.setAttribute("visits", visits);
        return visits;
    }

    /** Leaves a sentence for the next page. */
    void leave(String note) {
        http.setAttribute("note", note);
    }

    Optional<String> takeNote() {
        Optional<String> note = Optional.ofNullable(http.getAttribute("note")).map(String::valueOf);
        note.ifPresent(any -> http.removeAttribute("note"));
        return note;
    }
}
