package dev.holdfast.session.spi;

import java.net.URI;
import java.util.Set;

/** Opens stores by URI. Found by {@link java.util.ServiceLoader}, so a store is chosen by one dependency and one string. */
public interface SessionStoreProvider {

    /** Returns the URI schemes that this provider opens, in lower case, such as {@code redis} and {@code rediss}. */
    Set<String> schemes();

    /** Returns one line that shows how such a URI looks, for the message that lists what is known. */
    String example();

    /**
     * Opens a new store, which the caller closes.
     *
     * @param uri one whose scheme is among {@link #schemes}
     * @throws StoreMisconfiguredException if the URI or what it points to is wrong, naming the fix; a setting that is
     *     not known is an error, never ignored
     * @throws StoreUnavailableException if the backend must be there at start and is not
     */
    SessionStore open(URI uri);
}
