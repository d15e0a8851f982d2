package dev.holdfast.demo;

import dev.holdfast.session.Sessions;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.InstantSource;

/** Log-in form or greeting, and everything there is to see of the session. */
final class HomePage extends HttpServlet {

    private static final long serialVersionUID = 1L;

    private final transient Sessions sessions;
    private final transient InstantSource clock;
    private final transient SessionPanel panel;

    HomePage(Sessions sessions, String storeName, InstantSource clock) {
        this.sessions = sessions;
        this.clock = clock;
        this.panel = new SessionPanel(storeName, clock);
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (!request.getServletPath().equals("/")) {
            response.sendError(HttpServletResponse.SC_NOT_FOUND);
            return;
        }
        Visit visit = Visit.of(request);
        int visits = visit.countedVisits();
        Html note = visit.takeNote()
                .map(text -> Html.of("<p class=\"note\" role=\"status\">{}</p>", text))
                .orElse(Html.NONE);
        Html csrf = Csrf.field(visit.http());
        Html greeting = visit.user().map(user -> greeting(user, csrf)).orElseGet(() -> loginForm(csrf));
        Html yours = visit.user()
                .filter(user -> sessions.canFindByPrincipal())
                .map(user -> YourSessions.list(sessions, visit, user, clock.instant(), csrf))
                .orElse(Html.NONE);
        Page.send(
                response,
                HttpServletResponse.SC_OK,
                "Home",
                Html.of(
                        "{}<div class=\"columns\"><div>{}{}</div><div>{}{}</div></div>{}",
                        note,
                        greeting,
                        yours,
                        panel.times(visit, visits),
                        panel.attributes(visit, csrf),
                        Differences.LIST));
    }

    private static Html greeting(String user, Html csrf) {
        return Html.of("""
                <section class="card" aria-labelledby="greeting">
                <h1 id="greeting">Welcome, {}</h1>
                <p>You are logged in as <strong>{}</strong>. The <a href="/members">members' page</a> is open to you.</p>
                <form method="post" action="/logout">{}<button>Log out</button></form>
                </section>
                """, user, user, csrf);
    }

    private static Html loginForm(Html csrf) {
        return Html.of(
                """
                <section class="card" aria-labelledby="login">
                <h1 id="login">Log in</h1>
                <p>You are not logged in.</p>
                <form method="post" action="/login">{}
                <label for="userid">User</label>
                <input id="userid" name="userid" required maxlength="200" autocomplete="username" autocapitalize="none" spellcheck="false">
                <label for="password">Password</label>
                <input id="password" name="password" type="password" required maxlength="200" autocomplete="current-password">
                <button>Log in</button>
                </form>
                <table class="hint"><caption>The demo's users</caption>
                <thead><tr><th scope="col">User</th><th scope="col">Password</th></tr></thead>
                <tbody>{}</tbody></table>
                </section>
                """,
                csrf,
                Html.all(Users.DEMO.entrySet().stream()
                        .map(user -> Html.of(
                                "<tr><td><code>{}</code></td><td><code>{}</code></td></tr>",
                                user.getKey(),
                                user.getValue()))
                        .toList()));
    }
}
