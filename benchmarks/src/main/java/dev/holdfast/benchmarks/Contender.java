package dev.holdfast.benchmarks;

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

/** What stands side by side: each store, and beside it the floor of its engine. */
enum Contender {
    MEMORY("memory", Role.STORE, "promises kept in a concurrent map") {
        @Override
        Subject open(Path directory) {
            return new StoreSubject(MemorySessionStore.create());
        }
    },
    MEMORY_FLOOR("memory", Role.FLOOR, "ConcurrentHashMap of immutable records; knows no expiry") {
        @Override
        Subject open(Path directory) {
            return new MapFloor();
        }
    },
    FILE("file", Role.STORE, "survives a killed process") {
        @Override
        Subject open(Path directory) {
            return new StoreSubject(FileSessionStore.create(directory));
        }
    },
    FILE_FLOOR("file", Role.FLOOR, "the payload in a file, written over in place; compares and checks nothing") {
        @Override
        Subject open(Path directory) {
            return new FileFloor(directory, false);
        }
    },
    FILE_FSYNC("file fsync", Role.STORE, "survives a power failure") {
        @Override
        Subject open(Path directory) {
            return new StoreSubject(FileSessionStore.builder(directory)
                    .durability(Durability.FSYNC)
                    .build());
        }
    },
    FILE_FSYNC_FLOOR("file fsync", Role.FLOOR, "the same file with fdatasync, and a directory fsync on create") {
        @Override
        Subject open(Path directory) {
            return new FileFloor(directory, true);
        }
    },
    H2("h2", Role.STORE, "in memory; gone with the process") {
        @Override
        Subject open(Path directory) {
            return Databases.store(Databases.h2(directory));
        }
    },
    H2_FLOOR("h2", Role.FLOOR, "prepared statements by key on HikariCP, autocommit; compares and checks nothing") {
        @Override
        Subject open(Path directory) {
            return Databases.floor(Databases.h2(directory));
        }
    },
    POSTGRESQL("postgresql", Role.STORE, "each write committed; fsync is off in this server") {
        @Override
        Subject open(Path directory) {
            return Databases.onPostgres(false);
        }
    },
    POSTGRESQL_FLOOR(
            "postgresql", Role.FLOOR, "prepared statements by key on HikariCP, on the same server's settings") {
        @Override
        Subject open(Path directory) {
            return Databases.onPostgres(true);
        }
    };

    /** Why it is in the run. */
    enum Role {
        /** One of the stores. */
        STORE,
        /** What a programmer would write by hand against the same engine. */
        FLOOR
    }

    private final String engine;
    private final Role role;
    private final String semantics;

    Contender(String engine, Role role, String semantics) {
        this.engine = engine;
        this.role = role;
        this.semantics = semantics;
    }

    /** Returns what its ratios are grouped by. */
    String engine() {
        return engine;
    }

    Role role() {
        return role;
    }

    /** Returns what it keeps, and what not: numbers of different promises stand side by side. */
    String semantics() {
        return semantics;
    }

    /** Opens a fresh one, which may keep files below the directory. */
    abstract Subject open(Path directory);

    /**
     * Opens a contender by its name, or a store from outside: by its URI, or by the name of a class with a public
     * constructor without parameters.
     */
    static Subject open(String name, Path directory) {
        Optional<Contender> known = named(name);
        if (known.isPresent()) {
            return known.get().open(directory);
        }
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
