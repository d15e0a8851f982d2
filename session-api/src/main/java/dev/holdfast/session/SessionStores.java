package dev.holdfast.session;

import dev.holdfast.session.spi.SessionStore;
import dev.holdfast.session.spi.SessionStoreProvider;
import dev.holdfast.session.spi.StoreMisconfiguredException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.ServiceLoader;
import java.util.stream.Collectors;

/** Opens a store by its URI: switching backend is one dependency and one string. */
public final class SessionStores {

    private SessionStores() {}

    /**
     * Opens the store that a URI names, such as {@code memory:} or {@code file:/var/lib/app?depth=2}; the caller closes
     * it. Stores are found among the {@link SessionStoreProvider}s on the class path or module path.
     *
     * @throws StoreMisconfiguredException if no provider knows the scheme, listing those that are known, or if a
     *     setting is wrong
     */
    public static SessionStore open(URI uri) {
        String scheme = uri.getScheme();
        if (scheme == null) {
            throw new StoreMisconfiguredException("a session store is named by a URI with a scheme. " + known());
        }
        for (SessionStoreProvider provider : ServiceLoader.load(SessionStoreProvider.class)) {
            if (provider.schemes().contains(scheme.toLowerCase(Locale.ROOT))) {
                return provider.open(uri);
            }
        }
        throw new StoreMisconfiguredException("no session store opens '" + scheme + ":' URIs. " + known());
    }

    /**
     * Opens the store that the text of a URI names.
     *
     * @see #open(URI)
     */
    public static SessionStore open(String uri) {
        try {
            // a bare scheme, as in "memory:", is no URI to java.net.URI
            boolean bareScheme = uri.indexOf(':') == uri.length() - 1;
            return open(new URI(bareScheme ? uri + "/" : uri));
        } catch (URISyntaxException e) {
            // the text may hold a password, so neither it nor the exception that quotes it is passed on
            throw new StoreMisconfiguredException("the session store's URI is malformed at index " + e.getIndex() + ": "
                    + e.getReason() + ". " + known());
        }
    }

    private static String known() {
        return ServiceLoader.load(SessionStoreProvider.class).stream()
                .map(provider -> provider.get().example())
                .sorted()
                .collect(Collectors.joining(", ", "Known here: ", ". Others come with their dependency."));
    }
}
