package dev.holdfast.session.jdbc;

import dev.holdfast.session.spi.StoreMisconfiguredException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The names of the table and of its schema, the only texts that become part of a statement: checked, never quoted.
 *
 * @param schema where the table is, or {@code null} for the connection's own schema
 * @param name the table's name, to which {@code _lock} is added for the leases, and {@code _expired} for expiries
 */
record Table(@Nullable String schema, String name) {

    static final String DEFAULT_NAME = "holdfast_session";

    private static final Pattern IDENTIFIER = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,49}");
    private static final List<String> COLUMNS = List.of(
            "session_key",
            "version",
            "created_at",
            "accessed_at",
            "expires_at",
            "purge_at",
            "idle_ms",
            "principal",
            "payload");
    private static final List<String> LOCK_COLUMNS = List.of("lock_key", "token", "until_at");

    private static final List<String> EXPIRED_COLUMNS = List.of("event_id", "session_key", "noted_at");

    Table {
        requireIdentifier("table", name);
        if (schema != null) {
            requireIdentifier("schema", schema);
        }
    }

    private static void requireIdentifier(String setting, String name) {
        if (!IDENTIFIER.matcher(name).matches()) {
            throw new StoreMisconfiguredException("the setting '" + setting
                    + "' must be a plain SQL name: a letter or _, then at most 49 letters, digits and _; it has "
                    + name.length() + " characters, of which one is wrong or too many");
        }
    }

    String sessions() {
        return schema == null ? name : schema + "." + name;
    }

    String locks() {
        return sessions() + "_lock";
    }

    String expired() {
        return sessions() + "_expired";
    }

    /** Throws, naming the fix, unless there is a third table to note expiries in. */
    void checkExpired(Connection connection, String script) throws SQLException {
        check(connection, expired(), EXPIRED_COLUMNS, script);
    }

    /** Throws, naming the fix, unless both tables are there with all their columns. */
    void check(Connection connection, String script) throws SQLException {
        check(connection, sessions(), COLUMNS, script);
        check(connection, locks(), LOCK_COLUMNS, script);
    }

    private static void check(Connection connection, String table, List<String> wanted, String script)
            throws SQLException {
        Set<String> missing = new TreeSet<>(wanted);
        try (PreparedStatement select = connection.prepareStatement("SELECT * FROM " + table + " WHERE 1 = 0");
                ResultSet none = select.executeQuery()) {
            ResultSetMetaData columns = none.getMetaData();
            for (int i = 1; i <= columns.getColumnCount(); i++) {
                missing.remove(columns.getColumnName(i).toLowerCase(Locale.ROOT));
            }
        } catch (SQLException e) {
            if (Failures.of(e) != Failures.MISCONFIGURED) {
                throw e;
            }
            throw new StoreMisconfiguredException(
                    "the database has no table " + table + ", or the user may not read it: " + fix(script), e);
        }
        if (!missing.isEmpty()) {
            throw new StoreMisconfiguredException("the table " + table + " is older than this store: it has no column "
                    + String.join(", ", missing) + ": " + fix(script));
        }
    }

    private static String fix(String script) {
        return "run " + script + ", which is in the jar of store-jdbc, or let the store do it by createTables";
    }

    /** Runs the script, with these names in place of the default ones. */
    void create(Connection connection, String script) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String ddl : statements(script)) {
                statement.execute(ddl);
            }
        }
    }

    private List<String> statements(String script) {
        String text;
        try (InputStream in = Table.class.getResourceAsStream("/" + script)) {
            if (in == null) {
                throw new AssertionError("the jar lacks " + script);
            }
            text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("the jar can't be read", e);
        }
        String named = text.replaceAll("(?m)^--.*$", "")
                .replaceAll("(TABLE IF NOT EXISTS|TABLE| ON) " + DEFAULT_NAME, "$1 " + sessions())
                .replaceAll("(?<!\\.)\\b" + DEFAULT_NAME + "(?=_purge|_principal)", name);
        return Arrays.stream(named.split(";"))
                .map(String::strip)
                .filter(ddl -> !ddl.isEmpty())
                .toList();
    }
}
