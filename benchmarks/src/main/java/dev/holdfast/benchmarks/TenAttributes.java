package dev.holdfast.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/** The attributes of a session of about 1 KiB: a user, some numbers, some texts, a list. */
final class TenAttributes {

    /** The one that is read and changed, an Integer. */
    static final String VISITS = "visits";

    private TenAttributes() {}

    /** Puts so many: ten, or ten times over under other names. */
    static void put(int count, int number, BiConsumer<String, Object> session) {
        put(number, session);
        for (int more = 10; more < count; more += 10) {
            int times = more;
            put(number, (name, value) -> session.accept(name + times, value));
        }
    }

    static void put(int number, BiConsumer<String, Object> session) {
        session.accept("userId", 4_711_000L + number);
        session.accept("principal", "user-" + number + "@example.org");
        session.accept(VISITS, number);
        session.accept("theme", 3);
        session.accept("zone", 60);
        session.accept("agent", "x".repeat(100));
        session.accept("language", "de-DE,de;q=0.9,en;q=0.8,zh;q=0.7,fr;q=0.6");
        session.accept("csrf", "p".repeat(60));
        session.accept("lastPage", "/catalogue/teas/black/assam?page=" + number + "&sort=price&direction=down");
        List<String> cart = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            cart.add("article-" + (100_000_000_000L + i));
        }
        session.accept("cart", cart);
    }
}
