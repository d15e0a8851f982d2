package dev.holdfast.session.http;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads {@code Cookie} and writes {@code Set-Cookie}. */
final class CookieHeader {

    private static final DateTimeFormatter HTTP_DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private static final Pattern SEMICOLON = Pattern.compile(";");
    private static final Pattern SEMICOLON_OR_COMMA = Pattern.compile("[;,]");

    private CookieHeader() {}

    /**
     * Returns the non-empty values of all cookies of that name, in order; what is no cookie is skipped, and so is what
     * follows a comma in a value.
     *
     * <p>If there is none, the header is read once more as programs write it that join the lines of {@code Set-Cookie} with
     * commas. Not at first, since a comma may stand in a value that somebody else chose. And not for a name with a prefix:
     * another host, whose cookies of that name a browser refuses, could set one of another name with such a value.
     */
    static Stream<String> values(List<String> headers, String name) {
        List<String> proper = values(headers, name, SEMICOLON).toList();
        return proper.isEmpty() && !CookieGrammar.hasPrefix(name)
                ? values(headers, name, SEMICOLON_OR_COMMA)
                : proper.stream();
    }

    private static Stream<String> values(List<String> headers, String name, Pattern separator) {
        return headers.stream()
                .flatMap(separator::splitAsStream)
                .flatMap(pair -> Stream.ofNullable(valueOf(pair, name)))
                .filter(value -> !value.isEmpty());
    }

    private static @Nullable String valueOf(String pair, String name) {
        int equals = pair.indexOf('=');
        if (equals < 0 || !pair.substring(0, equals).strip().equals(name)) {
            return null;
        }
        String value = pair.substring(equals + 1).split(",", 2)[0].strip();
        boolean quoted = value.length() > 1 && value.startsWith("\"") && value.endsWith("\"");
        return quoted ? value.substring(1, value.length() - 1) : value;
    }

    static String set(CookieSettings settings, String value, Instant now) {
        String cookie = settings.name() + "=" + CookieGrammar.requireValue(settings.name(), value);
        String lifetime =
                settings.maxAge().map(age -> lifetime(age, now.plus(age))).orElse("");
        return cookie + lifetime + attributes(settings);
    }

    static String expire(CookieSettings settings) {
        return settings.name() + "=" + lifetime(Duration.ZERO, Instant.EPOCH) + attributes(settings);
    }

    private static String lifetime(Duration maxAge, Instant expires) {
        return "; Max-Age=" + maxAge.toSeconds() + "; Expires=" + HTTP_DATE.format(expires);
    }

    static String attributes(CookieSettings settings) {
        return "; Path=" + settings.path()
                + settings.domain().map(domain -> "; Domain=" + domain).orElse("")
                + (settings.secure() ? "; Secure" : "")
                + (settings.httpOnly() ? "; HttpOnly" : "")
                + "; SameSite=" + settings.sameSite().attribute()
                + (settings.partitioned() ? "; Partitioned" : "");
    }
}
