package dev.holdfast.session;

import dev.holdfast.session.codec.TypedCodec;
import dev.holdfast.session.codec.ValueCodec;
import dev.holdfast.session.spi.SessionStore;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Settings of a {@link Sessions}; each comment names the default. Not thread-safe. */
public final class SessionsBuilder {

    private static final System.Logger LOG = System.getLogger(Sessions.class.getName());

    final SessionStore store;
    Duration idleTimeout = Duration.ofMinutes(30);

    @Nullable
    Duration absoluteTimeout;

    Duration touchInterval = Duration.ofMinutes(1);
    Duration purgeInterval = Duration.ofMinutes(1);
    Concurrency concurrency = Concurrency.MERGE;
    Duration lockWait = Duration.ofSeconds(10);
    Duration lockLease = Duration.ofSeconds(30);
    GonePolicy gone = GonePolicy.REPORT;
    Renewal renewal = Renewal.NONE;
    int maxPayloadBytes = 1 << 20;
    int maxAttributes = 1000;
    final Map<String, MergeFunction> merges = new HashMap<>();
    final List<ValueCodec> codecs = new ArrayList<>();
    Undecodable undecodable = Undecodable.DROP_ATTRIBUTE;

    @Nullable
    SealingKeys sealing;

    int compressAbove = Integer.MAX_VALUE;
    InstantSource clock = InstantSource.system();
    SecureRandom random = new SecureRandom();
    final List<SessionListener> listeners = new ArrayList<>();

    @Nullable
    TagKey tagKey;

    @Nullable
    Duration globalRevocation;

    StoreDownPolicy storeDown = StoreDownPolicy.failRequest();
    double purgeProbability;
    int maxSessions;

    @Nullable
    CapPolicy capPolicy;

    SessionsBuilder(SessionStore store) {
        this.store = Objects.requireNonNull(store);
    }

    /** How long a session may lie unused; 30 minutes. {@link Session#idleTimeout(Duration)} changes it for one. */
    public SessionsBuilder idleTimeout(Duration idleTimeout) {
        this.idleTimeout = Timeouts.requireAtLeastOneMillisecond("idleTimeout", idleTimeout);
        return this;
    }

    /** How long a session may live however much it is used; no limit. Nothing prolongs it. */
    public SessionsBuilder absoluteTimeout(Duration absoluteTimeout) {
        this.absoluteTimeout = Timeouts.requireAtLeastOneMillisecond("absoluteTimeout", absoluteTimeout);
        return this;
    }

    /**
     * How often at most a request that changes nothing stores its access; one minute, and never more than a tenth
     * of the idle timeout. A session outlives its idle timeout by up to this interval, and never dies before it.
     * Zero stores each access.
     */
    public SessionsBuilder touchInterval(Duration touchInterval) {
        this.touchInterval = Timeouts.requireNotNegative("touchInterval", touchInterval);
        return this;
    }

    /**
     * How often expired sessions are purged in the background; one minute, give or take a quarter at random. Zero:
     * only by {@link Sessions#purge} and {@link #purgeProbability}.
     */
    public SessionsBuilder purgeInterval(Duration purgeInterval) {
        this.purgeInterval = Timeouts.requireNotNegative("purgeInterval", purgeInterval);
        return this;
    }

    /**
     * With which probability a request, that is an {@link Sessions#open}, starts a purge besides, as in PHP:
     * {@code probability} of {@code divisor}; 0 of 1. The purge runs on the background thread, not in the request.
     */
    public SessionsBuilder purgeProbability(int probability, int divisor) {
        if (probability < 0 || divisor < 1 || probability > divisor) {
            throw new IllegalArgumentException("purgeProbability must be at least 0 of 1, and at most 1 of 1, not "
                    + probability + " of " + divisor);
        }
        purgeProbability = (double) probability / divisor;
        return this;
    }

    /** What a request does when the store can't be asked; {@link StoreDownPolicy#failRequest}. */
    public SessionsBuilder storeDown(StoreDownPolicy storeDown) {
        this.storeDown = Objects.requireNonNull(storeDown);
        return this;
    }

    /** What happens when parallel requests change one session; {@link Concurrency#MERGE}. */
    public SessionsBuilder concurrency(Concurrency concurrency) {
        this.concurrency = Objects.requireNonNull(concurrency);
        return this;
    }

    /** How long {@link Concurrency#EXCLUSIVE} waits for another request; 10 seconds. Zero tries once. */
    public SessionsBuilder lockWait(Duration lockWait) {
        this.lockWait = Timeouts.requireNotNegative("lockWait", lockWait);
        return this;
    }

    /** How long {@link Concurrency#EXCLUSIVE} lets a request hold a session; 30 seconds. */
    public SessionsBuilder lockLease(Duration lockLease) {
        this.lockLease = Timeouts.requireAtLeastOneMillisecond("lockLease", lockLease);
        return this;
    }

    /** What a save does whose session another request has ended; {@link GonePolicy#REPORT}. */
    public SessionsBuilder gone(GonePolicy gone) {
        this.gone = Objects.requireNonNull(gone);
        return this;
    }

    /**
     * Lets {@link Session#save} give a session another id, as {@link Session#renewId} does, whenever its id is that
     * old; never.
     *
     * @param interval at least 1 ms
     * @param grace how long the old id then still reads, 1 ms to 5 minutes; seconds are enough
     */
    public SessionsBuilder renewal(Duration interval, Duration grace) {
        this.renewal = new Renewal(interval, grace);
        return this;
    }

    /**
     * How one value is made of an attribute that two parallel requests have put or removed, where
     * {@link Concurrency#MERGE} is on; none: the last writer's value stays. {@link Session#compute} and
     * {@link Session#clear} need no such function, and do not ask it.
     */
    public SessionsBuilder merge(String attribute, MergeFunction function) {
        merges.put(attribute, Objects.requireNonNull(function));
        return this;
    }

    /** The largest encoded session in bytes; 1 MiB. A larger one is refused at save, before any store call. */
    public SessionsBuilder maxPayloadBytes(int maxPayloadBytes) {
        if (maxPayloadBytes < 0) {
            throw new IllegalArgumentException("maxPayloadBytes must not be negative: " + maxPayloadBytes);
        }
        this.maxPayloadBytes = maxPayloadBytes;
        return this;
    }

    /** The most attributes of a session; 1000. */
    public SessionsBuilder maxAttributes(int maxAttributes) {
        if (maxAttributes < 0) {
            throw new IllegalArgumentException("maxAttributes must not be negative: " + maxAttributes);
        }
        this.maxAttributes = maxAttributes;
        return this;
    }

    /**
     * Adds a codec for values of more types; asked in the order of adding, before the built-in
     * {@link TypedCodec#create}, whose collections may hold such values too. A {@link TypedCodec} of the
     * application's takes the built-in one's place.
     */
    public SessionsBuilder codec(ValueCodec codec) {
        codecs.add(Objects.requireNonNull(codec));
        return this;
    }

    /** What becomes of a value that can't be decoded any more; {@link Undecodable#DROP_ATTRIBUTE}. */
    public SessionsBuilder undecodable(Undecodable undecodable) {
        this.undecodable = Objects.requireNonNull(undecodable);
        return this;
    }

    /** Seals payloads, and reads sealed ones only; they are stored as they are. {@link SealingKeys} says what for. */
    public SessionsBuilder sealing(SealingKeys keys) {
        this.sealing = Objects.requireNonNull(keys);
        return this;
    }

    /**
     * Compresses payloads that are larger; none is, and compressed ones are read whatever this says.
     *
     * <p>Where an attacker can have a text of his own stored in the same session as a secret, and see the sizes of
     * sealed records, compression lets him guess that secret bit by bit: do not combine it with {@link #sealing}
     * then. Doing so is logged as a warning.
     *
     * @param bytes how large a payload may be without being compressed
     */
    public SessionsBuilder compressAbove(int bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("compressAbove must not be negative: " + bytes);
        }
        this.compressAbove = bytes;
        return this;
    }

    /** What tells the time; the system clock. */
    public SessionsBuilder clock(InstantSource clock) {
        this.clock = Objects.requireNonNull(clock);
        return this;
    }

    /** Where ids come from; a new {@link SecureRandom}. */
    public SessionsBuilder random(SecureRandom random) {
        this.random = Objects.requireNonNull(random);
        return this;
    }

    /**
     * How many sessions a principal may have at a time; any number. Looked after at each log-in, that is a save or
     * new id after {@link Session#principal(String)}, by looking through the principal's sessions, and for
     * {@link CapPolicy#REFUSE_NEW} by a note of who holds a place, which is one load and one write more.
     *
     * @param maximum at least 1
     */
    public SessionsBuilder maxSessionsPerPrincipal(int maximum, CapPolicy policy) {
        if (maximum < 1) {
            throw new IllegalArgumentException("a principal must be allowed a session, not " + maximum);
        }
        maxSessions = maximum;
        capPolicy = Objects.requireNonNull(policy);
        return this;
    }

    /**
     * Allows {@link Sessions#endEverySession}, and sets how soon all nodes obey it; not allowed. Each node, while it
     * is used, loads one more record every half of this delay.
     *
     * @param delay at least 1 ms
     */
    public SessionsBuilder globalRevocation(Duration delay) {
        globalRevocation = Timeouts.requireAtLeastOneMillisecond("globalRevocation", delay);
        return this;
    }

    /** Adds a listener, called after those added before; none. */
    public SessionsBuilder listener(SessionListener listener) {
        listeners.add(Objects.requireNonNull(listener));
        return this;
    }

    /**
     * The secret of the hashes by which events and logs name sessions; random, so that they can be compared within
     * this object's life only. Nodes with the same one name a session alike.
     *
     * @param tagKey at least 16 random bytes
     */
    public SessionsBuilder tagKey(byte[] tagKey) {
        this.tagKey = new TagKey(tagKey);
        return this;
    }

    /** Returns new sessions, whose purge thread runs. */
    public Sessions build() {
        if (sealing != null && compressAbove < Integer.MAX_VALUE) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "payloads are compressed before they are sealed: their sizes can tell of what they hold");
        }
        return new Sessions(this);
    }
}
