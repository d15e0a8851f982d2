package dev.holdfast.session.compliance.gallery;

import dev.holdfast.session.spi.SessionStore;
import java.time.InstantSource;

/** Opens an instance of a store on a backend. */
interface StoreOpener {
    SessionStore open(SoundBackend backend, InstantSource clock);
}
