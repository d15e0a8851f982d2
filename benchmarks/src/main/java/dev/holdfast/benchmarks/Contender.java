package dev.holdfast.benchmarks;

import static dev.holdfast.benchmarks.Opening.floor;
import static dev.holdfast.benchmarks.Opening.peer;
import static dev.holdfast.benchmarks.Opening.store;

import dev.holdfast.session.SessionStores;
import dev.holdfast.session.file.Durability;
import dev.holdfast.session.file.FileSessionStore;
import dev.holdfast.session.memory.MemorySessionStore;
import dev.holdfast.session.spi.SessionStore;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** What stands side by side: each store, beside it the floor of its engine, and its peers. */
enum Contender {
    MEMORY(
            "memory",
            "memory",
            "promises kept in a concurrent map",
            store(directory -> new StoreSubject(MemorySessionStore.create()))),
    MEMORY_FLOOR(
            "memory",
            "floor",
            "ConcurrentHashMap of immutable records; knows no expiry",
            floor(directory -> new MapFloor())),
    MEMORY_SPRING(
            "memory",
            "Spring Session map",
            "values stay objects; the last save wins over all attributes",
            peer(directory -> SpringRequests.inMap())),
    FILE(
            "file",
            "file",
            "survives a killed process",
            store(directory -> new StoreSubject(FileSessionStore.create(directory)))),
    FILE_FLOOR(
            "file",
            "floor",
            "the payload in a file, written over in place; compares and checks nothing",
            floor(directory -> new FileFloor(directory, false))),
    FILE_FSYNC(
            "file fsync",
            "file fsync",
            "survives a power failure",
            store(directory -> new StoreSubject(FileSessionStore.builder(directory)
                    .durability(Durability.FSYNC)
                    .build()))),
    FILE_FSYNC_FLOOR(
            "file fsync",
            "floor",
            "the same file with fdatasync, and a directory fsync on create",
            floor(directory -> new FileFloor(directory, true))),
    H2("h2", "h2", "in memory; gone with the process", store(directory -> Databases.store(Databases.h2(directory)))),
    H2_FLOOR(
            "h2",
            "floor",
            "prepared statements by key on HikariCP, autocommit; compares and checks nothing",
            floor(directory -> Databases.floor(Databases.h2(directory)))),
    H2_SPRING(
            "h2",
            "Spring Session JDBC",
            "JDK serialization; a log-out can be undone by a save under way",
            peer(directory -> SpringRequests.inDatabase(Databases.h2(directory), "h2"))),
    POSTGRESQL(
            "postgresql",
            "postgresql",
            "each write committed",
            store(directory -> Databases.store(Databases.postgresql()))),
    POSTGRESQL_FLOOR(
            "postgresql",
            "floor",
            "prepared statements by key on HikariCP, autocommit; compares and checks nothing",
            floor(directory -> Databases.floor(Databases.postgresql()))),
    POSTGRESQL_SPRING(
            "postgresql",
            "Spring Session JDBC",
            "JDK serialization; a log-out can be undone by a save under way",
            peer(directory -> SpringRequests.inDatabase(Databases.postgresql(), "postgresql"))),
    REDIS(
            "redis",
            "redis",
            "one command or script a verb; what a restart keeps is the server's setting",
            store(directory -> RedisFloor.store())),
    REDIS_FLOOR(
            "redis",
            "floor",
            "Jedis GET, SET PX, PEXPIRE, SET NX PX, DEL; compares and checks nothing",
            floor(directory -> new RedisFloor()));

    /** Why it is in the run. */
    enum Role {
        /** One of the stores. */
        STORE,
        /** What a programmer would write by hand against the same engine. */
        FLOOR,
        /** Another project's sessions on the same engine: what {@link Requests} names, each in its way. */
        PEER
    }

    private final String engine;
    private final String label;
    private final String semantics;

    @SuppressWarnings("ImmutableEnumChecker") // functions without state
    private final Opening opening;

    Contender(String engine, String label, String semantics, Opening opening) {
        this.engine = engine;
        this.label = label;
        this.semantics = semantics;
        this.opening = opening;
    }

    /** Returns what its ratios are grouped by. */
    String engine() {
        return engine;
    }

    /** Returns its name in the tables. */
    String label() {
        return label;
    }

    Role role() {
        return opening.role();
    }

    /** Returns what it keeps, and what not: numbers of different promises stand side by side. */
    String semantics() {
        return semantics;
    }

    /** Returns whether removing what is expired is work for a client. */
    boolean purges() {
        return role() != Role.PEER && !engine.equals("redis");
    }

    /**
     * Opens a contender by its name, or a store from outside: by its URI, or by the name of a class with a public
     * constructor without parameters.
     */
    static Subject open(String name, Path directory) {
        return named(name)
                .map(known -> known.opening.subject().apply(directory))
                .orElseGet(() -> outside(name));
    }

    /** Opens the same for whole requests. */
    static Requests requests(String name, Path directory) {
        return named(name)
                .map(known -> known.opening.requests().apply(directory))
                .orElseGet(() -> new SessionsRequests(outside(name)));
    }

    private static StoreSubject outside(String name) {
        return new StoreSubject(name.contains(":") ? SessionStores.open(name) : instanceOf(name));
    }

    static Optional<Contender> named(String name) {
        return Arrays.stream(values())
                .filter(contender -> contender.name().equals(name))
                .findFirst();
    }

    /** Returns the names of the engines, as the command line takes them. */
    static String engines() {
        return Arrays.stream(values())
                .map(Contender::engine)
                .distinct()
                .map(engine -> engine.replace(' ', '-'))
                .collect(Collectors.joining(", "));
    }

    /** Returns whether this is of the engine that the command line names so. */
    boolean isOf(String argument) {
        return engine.replace(' ', '-').equals(argument.toLowerCase(Locale.ROOT));
    }

    private static SessionStore instanceOf(String className) {
        try {
            return Class.forName(className)
                    .asSubclass(SessionStore.class)
                    .getConstructor()
                    .newInstance();
        } catch (ReflectiveOperationException | ClassCastException e) {
            throw new IllegalArgumentException(
                    className
                            + " must be a SessionStore on the class path, with a public constructor without parameters",
                    e);
        }
    }
}
