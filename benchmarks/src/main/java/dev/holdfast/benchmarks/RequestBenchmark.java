package dev.holdfast.benchmarks;

import dev.holdfast.session.Session;
import dev.holdfast.session.Sessions;
import dev.holdfast.session.spi.SessionStore;
import dev.holdfast.session.spi.StoredSession;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a request does through {@link Sessions}, with ten attributes of about 1 KiB, beside the same round trips of the
 * floor on as many opaque bytes.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
public class RequestBenchmark {

    @Param("MEMORY")
    public String contender;

    private Path directory;
    private Requests requests;

    /** What is measured, on one of the sessions. */
    private interface Requests extends AutoCloseable {
        Object read(int session);

        Object write(int session);

        Object touch(int session);

        Object request(int session);

        Object create();

        Object rotate(int session);

        @Override
        void close();
    }

    @Setup
    public void open() {
        directory = Work.directory();
        Subject subject = Contender.open(contender, directory);
        requests =
                subject instanceof StoreSubject store ? new ThroughSessions(store.store()) : new ThroughFloor(subject);
    }

    @TearDown
    public void close() {
        requests.close();
        Work.remove(directory);
    }

    /** Open, one attribute. */
    @Benchmark
    public Object read(Part part) {
        return requests.read(part.draw());
    }

    /** Open, change one attribute, save. */
    @Benchmark
    public Object write(Part part) {
        return requests.write(part.draw());
    }

    /** Open, move the last access, save. */
    @Benchmark
    public Object touch(Part part) {
        return requests.touch(part.draw());
    }

    /** Open, one attribute, save within the touch interval: what most requests are. */
    @Benchmark
    public Object request(Part part) {
        return requests.request(part.draw());
    }

    /** New with ten attributes, save. */
    @Benchmark
    public Object create() {
        return requests.create();
    }

    /** Open, another id, save. */
    @Benchmark
    public Object rotate(Part part) {
        return requests.rotate(part.draw());
    }

    private static final class ThroughSessions implements Requests {
        private final SessionStore store;
        private final Sessions sessions;
        private final Sessions eachAccess;
        private final String[] ids = new String[Work.SESSIONS];

        ThroughSessions(SessionStore store) {
            this.store = store;
            sessions = Sessions.builder(store).purgeInterval(Duration.ZERO).build();
            // each access lies later than the one before, whatever the clock's grain
            InstantSource ticking = new Ticking();
            eachAccess = Sessions.builder(store)
                    .purgeInterval(Duration.ZERO)
                    .touchInterval(Duration.ZERO)
                    .clock(ticking)
                    .build();
            for (int i = 0; i < ids.length; i++) {
                ids[i] = fill(sessions.open(null), i);
            }
        }

        private static String fill(Session session, int number) {
            session.put("userId", 4_711_000L + number);
            session.put("principal", "user-" + number + "@example.org");
            session.put("visits", number);
            session.put("theme", 3);
            session.put("zone", 60);
            session.put("agent", "x".repeat(100));
            session.put("language", "de-DE,de;q=0.9,en;q=0.8,zh;q=0.7,fr;q=0.6");
            session.put("csrf", "p".repeat(60));
            session.put("lastPage", "/catalogue/teas/black/assam?page=" + number + "&sort=price&direction=down");
            List<String> cart = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                cart.add("article-" + (100_000_000_000L + i));
            }
            session.put("cart", cart);
            session.save();
            return session.id().value();
        }

        @Override
        public Object read(int session) {
            return sessions.open(ids[session]).get("visits");
        }

        @Override
        public Object write(int session) {
            Session opened = sessions.open(ids[session]);
            opened.put("visits", ThreadLocalRandom.current().nextInt());
            return opened.save();
        }

        @Override
        public Object touch(int session) {
            return eachAccess.open(ids[session]).save();
        }

        @Override
        public Object request(int session) {
            Session opened = sessions.open(ids[session]);
            opened.get("visits");
            return opened.save();
        }

        @Override
        public Object create() {
            return fill(sessions.open(null), 1);
        }

        @Override
        public Object rotate(int session) {
            ids[session] = sessions.open(ids[session]).rotateId().value();
            return ids[session];
        }

        @Override
        public void close() {
            sessions.close();
            eachAccess.close();
            store.close();
        }
    }

    private static final class Ticking implements InstantSource {
        private long ticks;

        @Override
        public java.time.Instant instant() {
            return java.time.Instant.ofEpochMilli(System.currentTimeMillis() + ticks++);
        }
    }

    private static final class ThroughFloor implements Requests {
        private static final int PAYLOAD_BYTES = 1024;

        private final Subject floor;
        private final StoredSession[] sessions = Work.live("floor", PAYLOAD_BYTES);
        private final Random random = new Random(1);

        ThroughFloor(Subject floor) {
            this.floor = floor;
            for (StoredSession session : sessions) {
                floor.prepare(session);
                floor.create(session);
            }
        }

        @Override
        public Object read(int session) {
            return floor.load(sessions[session]);
        }

        @Override
        public Object write(int session) {
            floor.load(sessions[session]);
            return floor.update(sessions[session], 1);
        }

        @Override
        public Object touch(int session) {
            floor.load(sessions[session]);
            return floor.touch(sessions[session]);
        }

        @Override
        public Object request(int session) {
            return floor.load(sessions[session]);
        }

        @Override
        public Object create() {
            StoredSession session = Work.sessions("new" + random.nextLong(), 1, PAYLOAD_BYTES, Duration.ofDays(1))[0];
            floor.prepare(session);
            return floor.create(session);
        }

        @Override
        public Object rotate(int session) {
            floor.load(sessions[session]);
            create();
            return floor.update(sessions[session], 1);
        }

        @Override
        public void close() {
            floor.close();
        }
    }
}
