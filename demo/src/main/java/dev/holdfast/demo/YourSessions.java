package dev.holdfast.demo;

import dev.holdfast.session.SessionSummary;
import dev.holdfast.session.Sessions;
import java.time.Instant;
import java.util.List;

/** The list of a user's sessions, each with a button that ends it. */
final class YourSessions {

    private YourSessions() {}

    static Html list(Sessions sessions, Visit visit, String user, Instant now, Html csrf) {
        List<Html> rows = sessions.sessionsOf(user).stream()
                .map(summary -> row(summary, visit.session().isHandle(summary.handle()), now, csrf))
                .toList();
        return Html.of("""
                <section class="card" aria-labelledby="yours">
                <h2 id="yours">Your sessions</h2>
                <ul class="sessions">{}</ul>
                <form method="post" action="/sessions/end-others">{}<button class="quiet">Log out everywhere else</button></form>
                </section>
                """, Html.all(rows), csrf);
    }

    private static Html row(SessionSummary summary, boolean own, Instant now, Html csrf) {
        Html end = own
                ? Html.of("<span class=\"badge\">this browser</span>")
                : Html.of("""
                        <form method="post" action="/sessions/end">{}<input type="hidden" name="handle" value="{}">\
                        <button class="quiet" aria-label="Log out the session of {}">Log out</button></form>
                        """, csrf, summary.handle(), Times.clock(summary.createdAt()));
        return Html.of(
                "<li><span>Begun {}, used {} ago<br><span class=\"small\">ends {}</span></span>{}</li>",
                Times.clock(summary.createdAt()),
                Times.since(summary.lastAccessedAt(), now),
                Times.clock(summary.expiresAt()),
                end);
    }
}
