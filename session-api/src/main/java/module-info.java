/** The session API, the store SPI and the in-memory store; nothing but the JDK at run time. */
@org.jspecify.annotations.NullMarked
module dev.holdfast.session {
    requires static micrometer.core;
    requires static transitive org.jspecify;

    exports dev.holdfast.session;
    exports dev.holdfast.session.codec;
    exports dev.holdfast.session.memory;
    exports dev.holdfast.session.metrics;
    exports dev.holdfast.session.spi;

    uses dev.holdfast.session.spi.SessionStoreProvider;

    provides dev.holdfast.session.spi.SessionStoreProvider with
            dev.holdfast.session.memory.MemorySessionStoreProvider;
}
