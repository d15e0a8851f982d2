package dev.holdfast.session.http;

import java.net.URI;
import java.net.URISyntaxException;

/** Tells links of this site, in the strict sense of RFC 3986, from whatever else a page links to. */
final class OwnUrl {

    private OwnUrl() {}

    /**
     * Returns whether the link leads to the request's own scheme, host and port. What is no URI is not, since browsers mend
     * such links in ways of their own: a backslash or a tab in front makes one to another host.
     */
    static boolean isOwn(String url, HttpRequestView request) {
        try {
            URI link = new URI(url);
            if (link.isOpaque() || url.isEmpty() || url.startsWith("#") || !isAscii(url)) {
                return false;
            }
            if (url.startsWith("//") && link.getHost() == null) {
                return false;
            }
            URI page = new URI(request.origin() + "/");
            URI target = page.resolve(link);
            return page.getScheme().equalsIgnoreCase(target.getScheme())
                    && page.getHost() != null
                    && page.getHost().equalsIgnoreCase(target.getHost())
                    && target.getRawUserInfo() == null
                    && port(page) == port(target);
        } catch (URISyntaxException e) {
            return false;
        }
    }

    private static boolean isAscii(String url) {
        return url.chars().allMatch(c -> c < 0x7F);
    }

    private static int port(URI uri) {
        int standard = "https".equalsIgnoreCase(uri.getScheme()) ? 443 : 80;
        return uri.getPort() < 0 ? standard : uri.getPort();
    }
}
