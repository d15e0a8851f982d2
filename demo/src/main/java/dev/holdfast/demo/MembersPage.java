package dev.holdfast.demo;

import dev.holdfast.session.http.servlet.SessionFilter;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.util.Optional;

/** Open to those who are logged in. */
final class MembersPage extends HttpServlet {

    private static final long serialVersionUID = 1L;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        HttpSession session = request.getSession(false);
        Optional<String> user = Optional.ofNullable(session)
                .flatMap(present -> SessionFilter.sessionOf(present).principal());
        if (user.isEmpty()) {
            Page.message(response, HttpServletResponse.SC_FORBIDDEN, "Members only", "You are not logged in.");
            return;
        }
        Page.send(response, HttpServletResponse.SC_OK, "Members only", Html.of("""
                <section class="card wide">
                <h1>Members only</h1>
                <p class="lead">You are logged in as <strong>{}</strong>.</p>
                <p>Here is what only members see: a holdfast is the root by which seaweed clings to a rock while the tide goes over it.</p>
                <p><a href="/">Back to the home page</a></p>
                </section>
                """, user.get()));
    }
}
