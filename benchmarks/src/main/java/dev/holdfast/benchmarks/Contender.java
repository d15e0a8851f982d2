package dev.holdfast.benchmarks;

import static dev.holdfast.benchmarks.Opening.floor;
import static dev.holdfast.benchmarks.Opening.peer;
import static dev.holdfast.benchmarks.Opening.store;

import dev.holdfast.session.file.Durability;
import dev.holdfast.session.file.FileSessionStore;
import dev.holdfast.session.memory.MemorySessionStore;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;

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
    FILE_JETTY("file", "Jetty", Semantics.JETTY_FILE, peer(JettyRequests::inFiles)),
    FILE_TOMCAT("file", "Tomcat", Semantics.TOMCAT_FILE, peer(TomcatRequests::inFiles)),
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
    H2_FLOOR("h2", "floor", Semantics.SQL_FLOOR, floor(directory -> Databases.floor(Databases.h2(directory)))),
    H2_SPRING(
            "h2",
            "Spring Session JDBC",
            Semantics.SPRING_JDBC,
            peer(directory -> SpringRequests.inDatabase(Databases.h2(directory), "h2"))),
    H2_JETTY("h2", "Jetty", Semantics.JETTY_JDBC, peer(directory -> JettyRequests.inDatabase(Databases.h2(directory)))),
    H2_TOMCAT(
            "h2",
            "Tomcat",
            Semantics.TOMCAT_JDBC,
            peer(directory -> TomcatRequests.inDatabase(Databases.h2(directory), directory, "BYTEA"))),
    POSTGRESQL(
            "postgresql",
            "postgresql",
            "each write committed; the servers started here do not force it to the disk",
            store(directory -> Databases.store(Databases.postgresql()))),
    POSTGRESQL_FLOOR(
            "postgresql", "floor", Semantics.SQL_FLOOR, floor(directory -> Databases.floor(Databases.postgresql()))),
    POSTGRESQL_SPRING(
            "postgresql",
            "Spring Session JDBC",
            Semantics.SPRING_JDBC,
            peer(directory -> SpringRequests.inDatabase(Databases.postgresql(), "postgresql"))),
    POSTGRESQL_JETTY(
            "postgresql",
            "Jetty",
            Semantics.JETTY_JDBC,
            peer(directory -> JettyRequests.inDatabase(Databases.postgresql()))),
    POSTGRESQL_TOMCAT(
            "postgresql",
            "Tomcat",
            Semantics.TOMCAT_JDBC,
            peer(directory -> TomcatRequests.inDatabase(Databases.postgresql(), directory, "BYTEA"))),
    MARIADB(
            "mariadb",
            "mariadb",
            "each write committed; the servers started here do not force it to the disk",
            store(directory -> Databases.store(Databases.mariadb()))),
    MARIADB_FLOOR("mariadb", "floor", Semantics.SQL_FLOOR, floor(directory -> Databases.floor(Databases.mariadb()))),
    MARIADB_SPRING(
            "mariadb",
            "Spring Session JDBC",
            Semantics.SPRING_JDBC,
            peer(directory -> SpringRequests.inDatabase(Databases.mariadb(), "mysql"))),
    MARIADB_JETTY(
            "mariadb", "Jetty", Semantics.JETTY_JDBC, peer(directory -> JettyRequests.inDatabase(Databases.mariadb()))),
    MARIADB_TOMCAT(
            "mariadb",
            "Tomcat",
            Semantics.TOMCAT_JDBC,
            peer(directory -> TomcatRequests.inDatabase(Databases.mariadb(), directory, "MEDIUMBLOB"))),
    REDIS(
            "redis",
            "redis",
            "one command or script a verb; what a restart keeps is the server's setting",
            store(directory -> RedisFloor.store())),
    REDIS_FLOOR(
            "redis",
            "floor",
            "Jedis GET, SET PX, PEXPIRE, SET NX PX, DEL; compares and checks nothing",
            floor(directory -> new RedisFloor())),
    REDIS_SPRING("redis", "Spring Session Redis", Semantics.SPRING_REDIS, peer(directory -> SpringRedis.plain())),
    REDIS_SPRING_INDEXED(
            "redis",
            "Spring Session indexed Redis",
            Semantics.SPRING_INDEXED,
            peer(directory -> SpringRedis.indexed())),
    HAZELCAST(
            "hazelcast",
            "hazelcast",
            "one embedded member, no backup; the member runs the changes",
            store(directory -> Hazelcasts.store(Hazelcasts.member()))),
    HAZELCAST_FLOOR(
            "hazelcast", "floor", Semantics.MAP_FLOOR, floor(directory -> Hazelcasts.floor(Hazelcasts.member()))),
    HAZELCAST_SPRING(
            "hazelcast",
            "Spring Session Hazelcast",
            Semantics.SPRING_HAZELCAST,
            peer(directory -> SpringHazelcast.onMember())),
    HAZELCAST_SUCCESSOR(
            "hazelcast",
            "Hazelcast Spring Session",
            Semantics.HAZELCAST_SPRING,
            peer(directory -> SpringHazelcast.successorOnMember())),
    HAZELCAST_CLIENT(
            "hazelcast client",
            "hazelcast client",
            "a client of one member without our classes, no backup",
            store(directory -> Hazelcasts.store(Hazelcasts.client()))),
    HAZELCAST_CLIENT_FLOOR(
            "hazelcast client",
            "floor",
            Semantics.MAP_FLOOR,
            floor(directory -> Hazelcasts.floor(Hazelcasts.client()))),
    HAZELCAST_CLIENT_SPRING(
            "hazelcast client",
            "Spring Session Hazelcast",
            Semantics.SPRING_HAZELCAST,
            peer(SpringHazelcast::onClient)),
    HAZELCAST_CLIENT_SUCCESSOR(
            "hazelcast client",
            "Hazelcast Spring Session",
            Semantics.HAZELCAST_CLIENT_SPRING,
            peer(directory -> SpringHazelcast.successorOnClient()));

    /** Why it is in the run. */
    enum Role {
        /** One of the stores. */
        STORE,
        /** What a programmer would write by hand against the same engine. */
        FLOOR,
        /** Another project's sessions on the same engine: what {@link Requests} names, each in its way. */
        PEER
    }

    /** What stores say at their start would stand in the middle of the progress bar. Held, so that its level stays. */
    private static final Logger STORES = Logger.getLogger("dev.holdfast");

    static {
        STORES.setLevel(Level.SEVERE);
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
        return role() != Role.PEER && !engine.equals("redis") && !engine.startsWith("hazelcast");
    }

    /**
     * Opens a contender by its name, or a store from outside: by its URI, or by the name of a class with a public
     * constructor without parameters.
     */
    static Subject open(String name, Path directory) {
        return named(name)
                .map(known -> known.opening.subject().apply(directory))
                .orElseGet(() -> OwnStore.open(name));
    }

    /** Opens the same for whole requests. */
    static Requests requests(String name, Path directory) {
        return named(name)
                .map(known -> known.opening.requests().apply(directory))
                .orElseGet(() -> new SessionsRequests(OwnStore.open(name)));
    }

    static Optional<Contender> named(String name) {
        return Arrays.stream(values())
                .filter(contender -> contender.name().equals(name))
                .findFirst();
    }

    /** Returns the names of the engines, as the command line takes them. */
    static List<String> engines() {
        return Arrays.stream(values())
                .map(contender -> asArgument(contender.engine))
                .distinct()
                .toList();
    }

    /** Returns whether this is of the engine that the command line names so. */
    boolean isOf(String argument) {
        return asArgument(engine).equals(argument);
    }

    /** Returns whether this is a peer that the command line names so, in whole or in part. */
    boolean isPeer(String argument) {
        return role() == Role.PEER && asArgument(label).contains(argument);
    }

    private static String asArgument(String name) {
        return name.toLowerCase(Locale.ROOT).replace(' ', '-');
    }
}
