package dev.holdfast.session.compliance.gallery;

import dev.holdfast.session.compliance.Fault;
import dev.holdfast.session.compliance.StoreUnderTest;
import dev.holdfast.session.compliance.StoredBytes;
import dev.holdfast.session.memory.MemorySessionStore;
import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.SessionLocking.Lock;
import dev.holdfast.session.spi.StoredSession;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A backend in memory that can be damaged, broken and measured, so that no test of the exam needs to be skipped. It keeps
 * all promises; what the broken stores of the gallery need to break theirs is kept here, too.
 */
final class SoundBackend {

    static final int MAX_PAYLOAD = 2 << 20;

    final String name = UUID.randomUUID().toString();
    final AtomicLong bytesWritten = new AtomicLong();
    final AtomicInteger instances = new AtomicInteger();
    final Set<String> open = ConcurrentHashMap.newKeySet();
    final Map<SessionKey, byte[]> damaged = new ConcurrentHashMap<>();
    final Map<SessionKey, String> dangling = new ConcurrentHashMap<>();

    /** The last known state of records that nobody deleted, expired or not; for stores that read too much. */
    final Map<SessionKey, StoredSession> attic = new ConcurrentHashMap<>();

    /** Keys that were ever created. */
    final Set<SessionKey> everCreated = ConcurrentHashMap.newKeySet();

    /** Keys that were ever touched. */
    final Set<SessionKey> everTouched = ConcurrentHashMap.newKeySet();

    /** What was deleted, or otherwise lies beside the records; for stores that bring it back. */
    final Map<SessionKey, StoredSession> deleted = new ConcurrentHashMap<>();

    /** Who holds which lock, for stores that let others release it. */
    final Map<SessionKey, Lock> holders = new ConcurrentHashMap<>();

    /** Listeners that a store calls itself. */
    final Queue<Consumer<SessionKey>> listeners = new ConcurrentLinkedQueue<>();

    /** Threads that a broken store leaves running; ended after the test. */
    final Queue<Thread> strays = new ConcurrentLinkedQueue<>();

    volatile InstantSource clock = InstantSource.system();
    volatile boolean down;
    volatile boolean repliesLost;
    volatile boolean handedInIsOpen = true;

    private @Nullable MemorySessionStore behind;

    /** Returns a way into the backend behind the stores' back. */
    synchronized MemorySessionStore behind() {
        if (behind == null) {
            behind = MemorySessionStore.builder()
                    .clock(() -> clock.instant())
                    .sharedAs(name)
                    .build();
        }
        return behind;
    }

    /** Returns a record that is still there though it has expired. */
    Optional<StoredSession> expired(SessionKey key) {
        return Optional.ofNullable(attic.get(key)).filter(session -> session.isExpiredAt(clock.instant()));
    }

    StoreUnderTest with(StoreOpener opener) {
        return declare(StoreUnderTest.withClock(clock -> {
            this.clock = clock;
            return opener.open(this, clock);
        }));
    }

    StoreUnderTest declare(StoreUnderTest subject) {
        Duration budget = Duration.ofMillis(50);
        return subject.maxPayloadBytes(MAX_PAYLOAD)
                .raceTime(Duration.ofMillis(10))
                .bytesWritten(bytesWritten::get)
                .openResources(() -> open)
                .handedIn("the connection", () -> handedInIsOpen)
                .danglingIndexEntry((principal, key) -> dangling.put(key, principal))
                .fault(Fault.outage("the server is down", budget, () -> down = true, () -> down = false))
                .fault(Fault.lostReply("replies are lost", budget, () -> repliesLost = true, () -> repliesLost = false))
                .storedBytes(new StoredBytes() {
                    @Override
                    public byte[] read(SessionKey key) {
                        return RecordBytes.of(behind().load(key).orElseThrow());
                    }

                    @Override
                    public void write(SessionKey key, byte[] bytes) {
                        damage(key, bytes);
                    }
                })
                .afterwards(() -> strays.forEach(Thread::interrupt));
    }

    private void damage(SessionKey key, byte[] bytes) {
        behind().delete(key);
        attic.remove(key);
        damaged.remove(key);
        StoredSession readable = RecordBytes.read(bytes);
        if (readable == null) {
            damaged.put(key, bytes);
        } else {
            behind().create(readable);
        }
    }
}
