package dev.holdfast.session.http;

import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What RFC 6265bis lets a server put into {@code Set-Cookie}, and what browsers refuse. */
final class CookieGrammar {

    static final int MAX_NAME_AND_VALUE_BYTES = 4096;
    static final int MAX_ATTRIBUTE_BYTES = 1024;

    private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+\\-.^_`|~0-9A-Za-z]+");
    private static final Pattern VALUE = Pattern.compile("[!#-+\\--:<-\\[\\]-~]*");
    private static final Pattern PATH = Pattern.compile("/[ -:<-~]*");
    private static final Pattern DOMAIN = Pattern.compile("(?=.{1,253}\\z)[0-9A-Za-z](?:[0-9A-Za-z-]{0,61}[0-9A-Za-z])?"
            + "(?:\\.[0-9A-Za-z](?:[0-9A-Za-z-]{0,61}[0-9A-Za-z])?)*");

    private CookieGrammar() {}

    static String requireName(String name) {
        if (!TOKEN.matcher(name).matches()) {
            throw new IllegalArgumentException("a cookie's name is made of ASCII letters, digits and !#$%&'*+-.^_`|~");
        }
        return requireAtMost(MAX_NAME_AND_VALUE_BYTES, "a cookie's name and value", name);
    }

    static String requireValue(String name, String value) {
        if (!VALUE.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    "a cookie's value is printable ASCII without space, quote, comma," + " semicolon and backslash");
        }
        requireAtMost(MAX_NAME_AND_VALUE_BYTES, "a cookie's name and value", name + value);
        return value;
    }

    static String requirePath(String path) {
        if (!PATH.matcher(path).matches()) {
            throw new IllegalArgumentException(
                    "a cookie's path begins with / and is printable ASCII without semicolon");
        }
        return requireAtMost(MAX_ATTRIBUTE_BYTES, "a cookie's path", path);
    }

    static String requireDomain(String domain) {
        if (!DOMAIN.matcher(domain).matches()) {
            throw new IllegalArgumentException(
                    "a cookie's domain is a host name such as example.org, without a leading dot");
        }
        return domain;
    }

    private static String requireAtMost(int limit, String what, String text) {
        if (text.length() > limit) {
            throw new IllegalArgumentException(
                    what + " may have " + limit + " octets, not " + text.length() + ": browsers ignore longer ones");
        }
        return text;
    }

    /** Returns whether browsers hold cookies of that name to more than their attributes. */
    static boolean hasPrefix(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return Stream.of("__host-", "__http-", "__secure-").anyMatch(lower::startsWith);
    }

    static void requireAcceptable(CookieSettings cookie) {
        String name = cookie.name().toLowerCase(Locale.ROOT);
        boolean hostPrefix = name.startsWith("__host-");
        boolean httpPrefix = name.startsWith("__http-") || name.startsWith("__host-http-");
        refuseIf(hasPrefix(name) && !cookie.secure(), cookie, "needs Secure: the name's prefix asks for it");
        refuseIf(hostPrefix && !cookie.path().equals("/"), cookie, "needs Path=/: the name's prefix asks for it");
        refuseIf(hostPrefix && cookie.domain().isPresent(), cookie, "has no Domain: the name's prefix forbids it");
        refuseIf(httpPrefix && !cookie.httpOnly(), cookie, "needs HttpOnly: the name's prefix asks for it");
        refuseIf(cookie.sameSite() == SameSite.NONE && !cookie.secure(), cookie, "needs Secure for SameSite=None");
        refuseIf(cookie.partitioned() && !cookie.secure(), cookie, "needs Secure for Partitioned");
        if (cookie.sliding() && cookie.maxAge().isEmpty()) {
            throw new IllegalArgumentException("a cookie that goes with the browser has nothing to slide: set maxAge");
        }
    }

    private static void refuseIf(boolean wrong, CookieSettings cookie, String why) {
        if (wrong) {
            throw new IllegalArgumentException("browsers would refuse the cookie: " + cookie.name() + " " + why);
        }
    }
}
