package dev.holdfast.session.http.servlet;

import dev.holdfast.session.Sessions;
import dev.holdfast.session.SessionsBuilder;
import dev.holdfast.session.http.CookieSettings;
import dev.holdfast.session.http.SameSite;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import java.time.Duration;
import java.util.Arrays;
import java.util.EventListener;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/** The settings of {@link ConfiguredSessionFilter}, as text by name. */
record InitParameters(Map<String, String> values) {

    static final String STORE = "store";

    private static final Set<String> SESSIONS = Set.of("idle-timeout", "absolute-timeout", "touch-interval");
    private static final Set<String> COOKIE = Set.of(
            "cookie-name",
            "cookie-path",
            "cookie-domain",
            "cookie-max-age",
            "cookie-same-site",
            "cookie-partitioned",
            "plain-http");
    private static final Set<String> FILTER =
            Set.of("auto-start", "exclude", "read-only", "keep-empty", "clear-site-data", "listeners");

    InitParameters {
        Set<String> known = new TreeSet<>(Set.of(STORE));
        known.addAll(SESSIONS);
        known.addAll(COOKIE);
        known.addAll(FILTER);
        for (String name : values.keySet()) {
            if (!known.contains(name)) {
                throw new IllegalArgumentException("there is no parameter '" + name + "' but: " + known);
            }
        }
    }

    void applyTo(SessionsBuilder sessions) {
        with("idle-timeout", text -> sessions.idleTimeout(Duration.parse(text)));
        with("absolute-timeout", text -> sessions.absoluteTimeout(Duration.parse(text)));
        with("touch-interval", text -> sessions.touchInterval(Duration.parse(text)));
    }

    /** The sessions were built elsewhere, with settings of their own. */
    void requireNoneForSessions() {
        SESSIONS.stream().filter(values::containsKey).findAny().ifPresent(name -> {
            throw new IllegalArgumentException("the parameter '" + name + "' needs the parameter '" + STORE + "'");
        });
    }

    SessionFilter filter(Sessions sessions, ServletContext context) throws ServletException {
        SessionFilterBuilder filter = SessionFilter.builder(sessions).cookie(cookie());
        with("auto-start", text -> filter.autoStart(words(text)));
        with("exclude", text -> filter.exclude(words(text)));
        with("read-only", text -> filter.readOnly(words(text)));
        with("keep-empty", text -> filter.keepEmpty(yes(text)));
        with("clear-site-data", text -> filter.clearSiteData(words(text)));
        for (String listener : words(values.getOrDefault("listeners", ""))) {
            filter.listener(context.createListener(classOf(listener)));
        }
        return filter.build();
    }

    private CookieSettings cookie() {
        CookieSettings.Builder cookie = CookieSettings.builder();
        with("plain-http", text -> {
            if (yes(text)) {
                cookie.name(CookieSettings.PLAIN_HTTP_NAME).secure(false);
            }
        });
        with("cookie-name", cookie::name);
        with("cookie-path", cookie::path);
        with("cookie-domain", cookie::domain);
        with("cookie-max-age", text -> cookie.maxAge(Duration.parse(text)));
        with("cookie-same-site", text -> cookie.sameSite(SameSite.valueOf(text.toUpperCase(Locale.ROOT))));
        with("cookie-partitioned", text -> cookie.partitioned(yes(text)));
        return cookie.build();
    }

    private Class<? extends EventListener> classOf(String name) {
        try {
            return Class.forName(name, true, Thread.currentThread().getContextClassLoader())
                    .asSubclass(EventListener.class);
        } catch (ClassNotFoundException | ClassCastException e) {
            throw new IllegalArgumentException("the parameter 'listeners' names no listener: '" + name + "'", e);
        }
    }

    private void with(String name, Consumer<String> use) {
        String text = values.get(name);
        if (text == null) {
            return;
        }
        try {
            use.accept(text.strip());
        } catch (RuntimeException e) {
            throw new IllegalArgumentException("the parameter '" + name + "' is wrong: " + e.getMessage(), e);
        }
    }

    private static boolean yes(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("it is true or false, not '" + text + "'");
        };
    }

    private static String[] words(String text) {
        return Arrays.stream(text.split("[\\s,]+", -1))
                .filter(word -> !word.isEmpty())
                .toArray(String[]::new);
    }
}
