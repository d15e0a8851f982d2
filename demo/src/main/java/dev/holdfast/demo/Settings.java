package dev.holdfast.demo;

import java.net.URI;
import java.nio.file.Path;
import java.util.Properties;

/**
 * How the site is run.
 *
 * @param port where it listens on 127.0.0.1; 0 for any free one
 * @param store the URI of the session store
 * @param hashIterations how slow the password hash is
 */
record Settings(int port, String store, int hashIterations) {

    static final int DEFAULT_PORT = 8080;

    Settings {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("-Dport must be a number from 0 to 65535, not " + port);
        }
    }

    /** Reads {@code port} and {@code store}; by default sessions outlive the site in the user's home directory. */
    static Settings from(Properties properties) {
        String store = properties.getProperty("store", "").strip();
        return new Settings(
                port(properties.getProperty("port", "").strip()),
                store.isEmpty() ? inHome(properties.getProperty("user.home")) : store,
                PasswordHash.ITERATIONS);
    }

    private static int port(String port) {
        if (port.isEmpty()) {
            return DEFAULT_PORT;
        }
        if (!port.matches("[0-9]{1,5}")) {
            throw new IllegalArgumentException("-Dport must be a number from 0 to 65535");
        }
        return Integer.parseInt(port);
    }

    private static String inHome(String home) {
        URI directory =
                Path.of(home, ".holdfast-demo", "sessions").toAbsolutePath().toUri();
        return "file:" + directory.getRawPath().replaceFirst("/$", "");
    }
}
