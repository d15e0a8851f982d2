/** The session store on a SQL database; HikariCP is its pool for {@code jdbc:} URIs. */
@org.jspecify.annotations.NullMarked
module dev.holdfast.session.jdbc {
    requires static transitive org.jspecify;
    requires transitive dev.holdfast.session;
    requires transitive java.sql;
    requires com.zaxxer.hikari;

    exports dev.holdfast.session.jdbc;

    provides dev.holdfast.session.spi.SessionStoreProvider with
            dev.holdfast.session.jdbc.JdbcSessionStoreProvider;
}
