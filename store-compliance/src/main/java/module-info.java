/** The exam that every session store passes; for the tests of stores. */
@org.jspecify.annotations.NullMarked
module dev.holdfast.session.compliance {
    requires transitive dev.holdfast.session;
    requires transitive org.junit.jupiter.api;
    requires org.assertj.core;
    requires java.logging;
    requires static org.jspecify;

    exports dev.holdfast.session.compliance;

    opens dev.holdfast.session.compliance to
            org.junit.platform.commons;
}
