/** The session store that keeps records in a Hazelcast map, by a member or by a client. */
@org.jspecify.annotations.NullMarked
module dev.holdfast.session.hazelcast {
    requires static transitive org.jspecify;
    requires transitive com.hazelcast.core;
    requires transitive dev.holdfast.session;

    exports dev.holdfast.session.hazelcast;

    // Hazelcast makes what it reads from the wire by reflection
    opens dev.holdfast.session.hazelcast to
            com.hazelcast.core;

    provides dev.holdfast.session.spi.SessionStoreProvider with
            dev.holdfast.session.hazelcast.HazelcastSessionStoreProvider;
}
