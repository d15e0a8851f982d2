package dev.holdfast.session.http;

import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Where in a URL a parameter stands. */
enum UrlPlace {
    QUERY {
        @Override
        Stream<String> values(HttpRequestView request, String name) {
            return Stream.of(request.query().split("&", -1)).flatMap(pair -> ofPair(pair, name));
        }

        @Override
        String put(String url, String name, String value) {
            Parts parts = Parts.of(url);
            String others = Stream.of(parts.query().split("&", -1))
                    .filter(pair -> !pair.isEmpty() && !isNamed(pair, name))
                    .map(pair -> pair + "&")
                    .collect(Collectors.joining());
            return parts.path() + "?" + others + name + "=" + value + parts.fragment();
        }
    },
    PATH {
        @Override
        Stream<String> values(HttpRequestView request, String name) {
            return Stream.of(request.path().split("/", -1))
                    .flatMap(segment -> Stream.of(segment.split(";", -1)).skip(1))
                    .flatMap(pair -> ofPair(pair, name));
        }

        @Override
        String put(String url, String name, String value) {
            Parts parts = Parts.of(url);
            if (parts.path().isEmpty()) {
                // a link to the page itself keeps the page's path and its parameters
                return url;
            }
            String path = parts.path().replaceAll(";" + name + "(=[^;/]*)?(?=[;/]|\\z)", "");
            String query = parts.query().isEmpty() ? "" : "?" + parts.query();
            // a URL that ends with its host has no path to put a parameter on
            String separator = path.matches("(?:[^/?#]+:)?//[^/]*") ? "/;" : ";";
            return path + separator + name + "=" + value + query + parts.fragment();
        }
    };

    abstract Stream<String> values(HttpRequestView request, String name);

    /** Returns the URL with the parameter, in place of any of that name; the parameters before it stay in order. */
    abstract String put(String url, String name, String value);

    private static boolean isNamed(String pair, String name) {
        return pair.equals(name) || pair.startsWith(name + "=");
    }

    private static Stream<String> ofPair(String pair, String name) {
        return pair.startsWith(name + "=") ? Stream.of(pair.substring(name.length() + 1)) : Stream.empty();
    }

    private record Parts(String path, String query, String fragment) {

        static Parts of(String url) {
            int hash = url.indexOf('#');
            String fragment = hash < 0 ? "" : url.substring(hash);
            String rest = hash < 0 ? url : url.substring(0, hash);
            int mark = rest.indexOf('?');
            return mark < 0
                    ? new Parts(rest, "", fragment)
                    : new Parts(rest.substring(0, mark), rest.substring(mark + 1), fragment);
        }
    }
}
