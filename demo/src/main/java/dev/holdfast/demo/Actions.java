package dev.holdfast.demo;

import dev.holdfast.session.Sessions;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Objects;
import java.util.Optional;

/** What the forms do; {@link Action} has checked that they are ours. */
final class Actions {

    private final Users users;
    private final Sessions sessions;

    Actions(Users users, Sessions sessions) {
        this.users = users;
        this.sessions = sessions;
    }

    /** A right password gives the session a new id: the old one may be known to others. */
    void login(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Visit visit = Visit.of(request);
        String user = parameter(request, "userid");
        if (users.isAuthorized(user, parameter(request, "password"))) {
            visit.session().principal(user);
            Csrf.renew(visit.http());
            request.changeSessionId();
        } else {
            visit.leave("Could not log you in: wrong user or password.");
        }
        home(response);
    }

    void logout(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Visit visit = Visit.of(request);
        Optional<String> user = visit.user();
        if (user.isPresent()) {
            visit.http().invalidate();
            Page.message(response, HttpServletResponse.SC_OK, "Log out", "Logged out. See you, " + user.get() + ".");
        } else {
            Page.message(
                    response,
                    HttpServletResponse.SC_OK,
                    "Log out",
                    "You were not logged in, and so have not been logged out.");
        }
    }

    void setAttribute(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Visit visit = Visit.of(request);
        String name = parameter(request, "name").strip();
        String value = parameter(request, "value");
        boolean own = name.equals(Csrf.ATTRIBUTE)
                || name.equals("visits")
                || name.equals("note")
                || name.startsWith(Phone.PREFIX);
        if (name.isEmpty() || name.length() > 40 || value.length() > 200 || own) {
            visit.leave("This attribute is not yours to set.");
        } else if (visit.session().names().size() >= 20 && !visit.session().contains(name)) {
            visit.leave("Twenty attributes are enough for a demo.");
        } else {
            visit.http().setAttribute(name, value.isEmpty() ? null : value);
        }
        home(response);
    }

    void endSession(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Visit visit = Visit.of(request);
        boolean ended = visit.user()
                .map(user -> sessions.end(user, parameter(request, "handle")))
                .orElse(false);
        visit.leave(ended ? "That session has ended." : "There is no such session of yours.");
        home(response);
    }

    void endOthers(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Visit visit = Visit.of(request);
        int ended = sessions.canFindByPrincipal() ? sessions.endOthers(visit.session()) : 0;
        visit.leave("Sessions ended: " + ended + ".");
        home(response);
    }

    private static String parameter(HttpServletRequest request, String name) {
        return Objects.requireNonNullElse(request.getParameter(name), "");
    }

    private static void home(HttpServletResponse response) throws IOException {
        response.sendRedirect("/", HttpServletResponse.SC_SEE_OTHER);
    }
}
