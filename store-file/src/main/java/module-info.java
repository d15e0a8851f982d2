/** The session store that keeps files; nothing but the JDK at run time. */
@org.jspecify.annotations.NullMarked
module dev.holdfast.session.file {
    requires static transitive org.jspecify;
    requires transitive dev.holdfast.session;

    exports dev.holdfast.session.file;

    provides dev.holdfast.session.spi.SessionStoreProvider with
            dev.holdfast.session.file.FileSessionStoreProvider;
}
