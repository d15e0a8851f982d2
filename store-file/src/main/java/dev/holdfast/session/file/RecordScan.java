package dev.holdfast.session.file;

import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.StoredSession;
import java.io.File;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Goes through the directories one after the other, and loads record by record. */
final class RecordScan extends Spliterators.AbstractSpliterator<StoredSession> {

    private final Shards shards;
    private final Function<SessionKey, Optional<StoredSession>> loader;
    private final Queue<File> leaves = new ArrayDeque<>();
    private boolean[] present = {};
    private int unit;
    private @Nullable Names names;

    RecordScan(Shards shards, Function<SessionKey, Optional<StoredSession>> loader) {
        super(Long.MAX_VALUE, Spliterator.DISTINCT | Spliterator.NONNULL);
        this.shards = shards;
        this.loader = loader;
    }

    @Override
    public boolean tryAdvance(Consumer<? super StoredSession> action) {
        try {
            while (true) {
                Names current = names != null ? names : openNext();
                if (current == null) {
                    return false;
                }
                String name = current.next();
                if (name == null) {
                    close();
                } else if (SessionKey.isKey(name)) {
                    Optional<StoredSession> session = loader.apply(SessionKey.parse(name));
                    if (session.isPresent()) {
                        action.accept(session.get());
                        return true;
                    }
                }
            }
        } catch (IOException e) {
            throw FileSessionStore.unavailable("scan", e);
        }
    }

    private @Nullable Names openNext() throws IOException {
        while (leaves.isEmpty()) {
            if (unit == shards.units()) {
                return null;
            }
            if (unit % Shards.GROUP == 0) {
                present = shards.present(unit / Shards.GROUP);
            }
            if (present[unit % Shards.GROUP]) {
                leaves.addAll(shards.leaves(unit));
            }
            unit++;
        }
        Names next = shards.names(leaves.remove());
        names = next;
        return next;
    }

    void close() {
        try {
            if (names != null) {
                names.close();
                names = null;
            }
        } catch (IOException e) {
            throw FileSessionStore.unavailable("scan", e);
        }
    }
}
