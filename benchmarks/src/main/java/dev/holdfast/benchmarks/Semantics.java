package dev.holdfast.benchmarks;

/** What contenders on several engines keep, and what not. */
final class Semantics {

    static final String SQL_FLOOR = "prepared statements by key on HikariCP, autocommit; compares and checks nothing";

    static final String MAP_FLOOR =
            "IMap get, set with TTL, setTtl, putIfAbsent, delete of byte[]; compares and checks nothing";

    static final String SPRING_JDBC = "JDK serialization; a log-out can be undone by a save under way";

    static final String SPRING_REDIS = "JDK serialization of each attribute; looks whether the session is there, then"
            + " writes: a log-out between the two leaves a stump of it";

    static final String SPRING_INDEXED = "the same, with indexes by user and by expiry in commands of their own; its"
            + " keyspace events are not switched on here";

    static final String SPRING_HAZELCAST =
            "JDK serialization; an entry processor changes the attributes, so its classes must be on each member";

    static final String HAZELCAST_SPRING =
            "the same by Hazelcast's successor of that module, a release candidate; values stay bytes until read";

    static final String HAZELCAST_CLIENT_SPRING = "the same on a member without its classes: lock, get, set, unlock";

    static final String JETTY_FILE =
            "JDK serialization; a save deletes the file and writes another: a crash between loses"
                    + " the session, a log-out can be undone, the last save wins over all attributes";

    static final String JETTY_JDBC = "JDK serialization; the last save wins over all attributes";

    static final String TOMCAT_FILE =
            "JDK serialization; a save empties the file and fills it: a crash between loses the"
                    + " session, a log-out can be undone, the last save wins over all attributes";

    static final String TOMCAT_JDBC =
            "JDK serialization; a save deletes the row and inserts another: a crash between loses"
                    + " the session, a log-out can be undone, the last save wins over all attributes";

    private Semantics() {}
}
