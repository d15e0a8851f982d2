package dev.holdfast.demo;

import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;

/** The table {@code authorized_users}, in memory, with the two users that the page names. */
final class Users implements AutoCloseable {

    /** Names and passwords, for the page to show: it is a demo. */
    static final Map<String, String> DEMO = new LinkedHashMap<>();

    static {
        DEMO.put("alice", "white-rabbit");
        DEMO.put("bob", "can-we-fix-it");
    }

    private static final int LONGEST_INPUT = 200;

    private final DataSource database;
    private final String hashOfNobody;

    private Users(DataSource database, String hashOfNobody) {
        this.database = database;
        this.hashOfNobody = hashOfNobody;
    }

    static Users create(int hashIterations) {
        SecureRandom random = new SecureRandom();
        JdbcDataSource database = new JdbcDataSource();
        database.setURL("jdbc:h2:mem:demo-" + Long.toHexString(random.nextLong()) + ";DB_CLOSE_DELAY=-1");
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("create table authorized_users (name varchar(200) primary key, password varchar(200))");
            for (Map.Entry<String, String> user : DEMO.entrySet()) {
                insert(connection, user.getKey(), PasswordHash.of(user.getValue(), hashIterations, random));
            }
        } catch (SQLException e) {
            throw new IllegalStateException("the table of users can't be made", e);
        }
        return new Users(database, PasswordHash.of("", hashIterations, random));
    }

    private static void insert(Connection connection, String name, String hash) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("insert into authorized_users values (?, ?)")) {
            insert.setString(1, name);
            insert.setString(2, hash);
            insert.executeUpdate();
        }
    }

    /** Returns whether there is such a user with that password; takes as long for a user who does not exist. */
    boolean isAuthorized(String name, String password) {
        if (name.length() > LONGEST_INPUT || password.length() > LONGEST_INPUT) {
            return false;
        }
        String hash = hashOf(name);
        boolean matches = PasswordHash.matches(password, hash.isEmpty() ? hashOfNobody : hash);
        return matches && !hash.isEmpty();
    }

    private String hashOf(String name) {
        try (Connection connection = database.getConnection();
                PreparedStatement select =
                        connection.prepareStatement("select password from authorized_users where name = ?")) {
            select.setString(1, name);
            try (ResultSet rows = select.executeQuery()) {
                return rows.next() ? rows.getString(1) : "";
            }
        } catch (SQLException e) {
            throw new IllegalStateException("the table of users can't be read", e);
        }
    }

    @Override
    public void close() {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("shutdown");
        } catch (SQLException e) {
            throw new IllegalStateException("the table of users can't be closed", e);
        }
    }
}
