package dev.holdfast.session.http.servlet;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Paths of an application, named as in a servlet's mapping: {@code /exact}, {@code /below/*}, {@code *.extension}. They
 * are compared with the path as the container has decoded and normalized it.
 */
record PathPatterns(List<String> patterns) {

    static final PathPatterns NONE = new PathPatterns(List.of());

    private static final Pattern VALID = Pattern.compile("/[^*]*|(?:/[^*]*)?/\\*|\\*\\.[^*/]+");

    static PathPatterns of(String... patterns) {
        for (String pattern : patterns) {
            if (!VALID.matcher(pattern).matches()) {
                throw new IllegalArgumentException(
                        "a path is named as /exact, /below/* or *.extension, not '" + pattern + "'");
            }
        }
        return new PathPatterns(Arrays.asList(patterns.clone()));
    }

    boolean match(HttpServletRequest request) {
        if (patterns.isEmpty()) {
            return false;
        }
        String info = request.getPathInfo();
        String path = info == null ? request.getServletPath() : request.getServletPath() + info;
        return patterns.stream().anyMatch(pattern -> matches(pattern, path));
    }

    private static boolean matches(String pattern, String path) {
        if (pattern.startsWith("*.")) {
            return path.endsWith(pattern.substring(1));
        }
        if (pattern.endsWith("/*")) {
            String folder = pattern.substring(0, pattern.length() - 2);
            return path.startsWith(folder) && (path.length() == folder.length() || path.charAt(folder.length()) == '/');
        }
        return path.equals(pattern);
    }
}
