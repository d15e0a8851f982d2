package dev.holdfast.session.redis.servers;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The server binaries that lie on the class path. */
public enum RedisVersion {
    V7_0("7.0.15"),
    V7_4("7.4.1");

    private static final Map<RedisVersion, Path> UNPACKED = new ConcurrentHashMap<>();

    private final String number;

    RedisVersion(String number) {
        this.number = number;
    }

    /** Returns the number, such as 7.4.1. */
    public String number() {
        return number;
    }

    /** Returns the binary, unpacked to a temporary file that is deleted when the JVM ends. */
    Path binary() {
        return UNPACKED.computeIfAbsent(this, RedisVersion::unpack);
    }

    private Path unpack() {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("mac") ? "darwin" : "linux";
        String architecture = System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64";
        String name = "redis-server-" + number + "-" + system + "-" + architecture;
        try (InputStream in = ClassLoader.getSystemResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("there is no Redis for this machine: " + name);
            }
            Path file = Files.createTempFile(
                    "redis-server-" + number,
                    "",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            file.toFile().deleteOnExit();
            Files.write(file, in.readAllBytes());
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException("the Redis binary can't be unpacked", e);
        }
    }
}
