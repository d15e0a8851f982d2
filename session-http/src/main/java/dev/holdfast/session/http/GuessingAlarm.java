package dev.holdfast.session.http;

import dev.holdfast.session.SessionId;
import dev.holdfast.session.spi.SessionKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * Raises an alarm when a peer presents many different ids that are nobody's, as somebody does who guesses ids. One id
 * counts once, so that a browser with the cookie of a session that has ended raises none. It observes, and refuses
 * nothing.
 *
 * <p>Counts on this node only, in fixed windows of time, for the {@value #MAX_PEERS} peers seen last. Thread-safe.
 */
public final class GuessingAlarm {

    /** Different unknown ids within the window. */
    public static final int DEFAULT_THRESHOLD = 100;

    /** A minute. */
    public static final Duration DEFAULT_WINDOW = Duration.ofMinutes(1);

    private static final int MAX_PEERS = 1_000;
    private static final System.Logger LOG = System.getLogger(GuessingAlarm.class.getName());

    private final Consumer<String> alarm;
    private final int threshold;
    private final Duration window;
    private final InstantSource clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Guesses> peers = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Guesses> eldest) {
            return size() > MAX_PEERS;
        }
    };

    private record Guesses(Instant since, Set<SessionKey> ids) {}

    private GuessingAlarm(Consumer<String> alarm, int threshold, Duration window, InstantSource clock) {
        if (threshold < 1) {
            throw new IllegalArgumentException("threshold must be at least 1, not " + threshold);
        }
        if (window.compareTo(Duration.ZERO) <= 0) {
            throw new IllegalArgumentException("window must be positive, not " + window);
        }
        this.alarm = Objects.requireNonNull(alarm);
        this.threshold = threshold;
        this.window = window;
        this.clock = clock;
    }

    /**
     * Returns an alarm with {@link #DEFAULT_THRESHOLD} and {@link #DEFAULT_WINDOW}.
     *
     * @param alarm gets the peer, in a request's thread, once per peer and window; what it throws is logged
     */
    public static GuessingAlarm create(Consumer<String> alarm) {
        return create(alarm, DEFAULT_THRESHOLD, DEFAULT_WINDOW, InstantSource.system());
    }

    /** Returns an alarm that is raised at that many different unknown ids within a window. */
    public static GuessingAlarm create(Consumer<String> alarm, int threshold, Duration window, InstantSource clock) {
        return new GuessingAlarm(alarm, threshold, window, clock);
    }

    /**
     * Counts an id that is nobody's; one that can't be an id does not count.
     *
     * @param peer who presented it, such as an address
     */
    public void unknownId(String peer, String presentedId) {
        SessionId.parse(presentedId)
                .map(SessionId::key)
                .filter(key -> reaches(peer, key))
                .ifPresent(any -> raise(peer));
    }

    private boolean reaches(String peer, SessionKey key) {
        Instant now = clock.instant();
        lock.lock();
        try {
            Guesses guesses = peers.get(peer);
            if (guesses == null || !now.isBefore(guesses.since().plus(window))) {
                guesses = new Guesses(now, new HashSet<>());
                peers.put(peer, guesses);
            }
            return guesses.ids().size() < threshold
                    && guesses.ids().add(key)
                    && guesses.ids().size() == threshold;
        } finally {
            lock.unlock();
        }
    }

    private void raise(String peer) {
        try {
            alarm.accept(peer);
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.WARNING, "the alarm about guessed session ids failed", e);
        }
    }
}
