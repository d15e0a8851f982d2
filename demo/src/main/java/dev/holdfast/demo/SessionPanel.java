package dev.holdfast.demo;

import dev.holdfast.session.Session;
import dev.holdfast.session.spi.StoredSession;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;

/** What there is to see of a session. */
final class SessionPanel {

    private final String storeName;
    private final InstantSource clock;

    SessionPanel(String storeName, InstantSource clock) {
        this.storeName = storeName;
        this.clock = clock;
    }

    Html times(Visit visit, int visits) {
        Session session = visit.session();
        Instant now = clock.instant();
        List<Html> rows = new ArrayList<>();
        rows.add(row("State", session.isNew() ? "new, stored when this page is sent" : "stored"));
        rows.add(row("Age", Times.since(session.createdAt(), now)));
        rows.add(row("Last used", session.isNew() ? "now" : Times.since(session.lastAccessedAt(), now) + " ago"));
        rows.add(row("Ends", ends(session.expiresAt())));
        rows.add(row("Idle time left", Times.text(Duration.between(now, session.expiresAt()))));
        rows.add(row("Visits", String.valueOf(visits)));
        rows.add(row("Store", storeName));
        return Html.of("""
                <section class="card" aria-labelledby="session">
                <h2 id="session">This session</h2>
                <dl>{}</dl>
                <p class="small">Reload, open a second tab, stop the site and start it again: the session goes on.</p>
                </section>
                """, Html.all(rows));
    }

    private static String ends(Instant expiresAt) {
        return expiresAt.equals(StoredSession.NEVER) ? "never" : Times.clock(expiresAt);
    }

    private static Html row(String name, String value) {
        return Html.of("<div><dt>{}</dt><dd>{}</dd></div>", name, value);
    }

    Html attributes(Visit visit, Html csrf) {
        Session session = visit.session();
        List<Html> rows = new ArrayList<>();
        for (String name : new TreeSet<>(session.names())) {
            Object value = Objects.requireNonNullElse(session.get(name), "(unreadable)");
            Object shown = name.equals(Csrf.ATTRIBUTE) || name.startsWith(Phone.PREFIX) ? "(secret)" : value;
            String type = value.getClass().getSimpleName();
            rows.add(Html.of("<tr><th scope=\"row\">{}</th><td>{}</td><td>{}</td></tr>", name, type, shown));
        }
        return Html.of("""
                <section class="card" aria-labelledby="attributes">
                <h2 id="attributes">Its attributes</h2>
                <table>
                <thead><tr><th scope="col">Name</th><th scope="col">Type</th><th scope="col">Value</th></tr></thead>
                <tbody>{}</tbody>
                </table>
                <form class="row" method="post" action="/attributes">{}
                <div><label for="name">Name</label>
                <input id="name" name="name" required maxlength="40" value="favourite colour"></div>
                <div><label for="value">Value</label>
                <input id="value" name="value" maxlength="200" aria-describedby="value-hint"></div>
                <button>Set</button>
                </form>
                <p class="small" id="value-hint">An empty value removes the attribute.</p>
                </section>
                """, Html.all(rows), csrf);
    }
}
