package dev.holdfast.demo.servlet;

import dev.holdfast.session.jdbc.JdbcSessionStore;
import dev.holdfast.session.memory.MemorySessionStore;
import dev.holdfast.session.spi.SessionStore;
import java.time.InstantSource;
import org.h2.jdbcx.JdbcConnectionPool;

/** Where the sessions are kept: in the process, and behind a connection. */
enum Backend {
    MEMORY {
        @Override
        Opened open(String name, InstantSource clock) {
            MemorySessionStore store = MemorySessionStore.builder().clock(clock).build();
            return new Opened(store, store::close);
        }
    },
    JDBC_OVER_TCP {
        @Override
        Opened open(String name, InstantSource clock) {
            JdbcConnectionPool pool = JdbcConnectionPool.create(DatabaseServer.url(name), "sa", "");
            SessionStore store = JdbcSessionStore.builder(pool)
                    .createTables(true)
                    .clock(clock)
                    .build();
            return new Opened(store, () -> {
                store.close();
                pool.dispose();
            });
        }
    };

    /**
     * @param name of the database, where there is one
     */
    abstract Opened open(String name, InstantSource clock);

    record Opened(SessionStore store, Runnable close) {}
}
