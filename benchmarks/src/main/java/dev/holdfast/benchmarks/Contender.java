package dev.holdfast.benchmarks;

import dev.holdfast.session.file.Durability;
import dev.holdfast.session.file.FileSessionStore;
import dev.holdfast.session.memory.MemorySessionStore;
import java.nio.file.Path;

/** What stands side by side; each store's floor follows it. */
public enum Contender {
    MEMORY {
        @Override
        Subject open(Path directory) {
            return new StoreSubject(MemorySessionStore.create());
        }
    },
    MEMORY_FLOOR {
        @Override
        Subject open(Path directory) {
            return new MapFloor();
        }
    },
    FILE {
        @Override
        Subject open(Path directory) {
            return new StoreSubject(FileSessionStore.create(directory));
        }
    },
    FILE_FLOOR {
        @Override
        Subject open(Path directory) {
            return new FileFloor(directory, false);
        }
    },
    FILE_FSYNC {
        @Override
        Subject open(Path directory) {
            return new StoreSubject(FileSessionStore.builder(directory)
                    .durability(Durability.FSYNC)
                    .build());
        }
    },
    FILE_FSYNC_FLOOR {
        @Override
        Subject open(Path directory) {
            return new FileFloor(directory, true);
        }
    };

    /** Opens a fresh one, which may keep files below the directory. */
    abstract Subject open(Path directory);
}
