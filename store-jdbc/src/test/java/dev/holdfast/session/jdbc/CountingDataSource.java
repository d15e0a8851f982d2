package dev.holdfast.session.jdbc;

import java.io.PrintWriter;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Counts what passes through a DataSource: connections, statements with their text, ends of transactions, bytes bound. */
final class CountingDataSource implements DataSource {

    private final DataSource target;
    final AtomicLong connections = new AtomicLong();
    final AtomicLong open = new AtomicLong();
    final AtomicLong bytes = new AtomicLong();
    final List<String> statements = new CopyOnWriteArrayList<>();
    final List<String> transactions = new CopyOnWriteArrayList<>();

    CountingDataSource(DataSource target) {
        this.target = target;
    }

    void reset() {
        connections.set(0);
        statements.clear();
        transactions.clear();
    }

    @Override
    public Connection getConnection() throws SQLException {
        Connection connection = target.getConnection();
        connections.incrementAndGet();
        open.incrementAndGet();
        return wrap(Connection.class, connection, (method, arguments, result) -> {
            switch (method.getName()) {
                case "close" -> open.decrementAndGet();
                case "commit", "rollback" -> transactions.add(method.getName());
                case "setAutoCommit" -> transactions.add("autocommit " + arguments[0]);
                default -> {}
            }
            if (result instanceof PreparedStatement statement) {
                return prepared(statement, (String) arguments[0]);
            }
            return result instanceof Statement statement ? plain(statement) : result;
        });
    }

    private PreparedStatement prepared(PreparedStatement statement, String sql) {
        return wrap(PreparedStatement.class, statement, (method, arguments, result) -> {
            if (method.getName().startsWith("execute")) {
                statements.add(sql);
            } else if (method.getName().equals("setBytes") && arguments[1] != null) {
                bytes.addAndGet(((byte[]) arguments[1]).length);
            }
            return result;
        });
    }

    private Statement plain(Statement statement) {
        return wrap(Statement.class, statement, (method, arguments, result) -> {
            if (method.getName().startsWith("execute")) {
                statements.add((String) arguments[0]);
            }
            return result;
        });
    }

    private static <T> T wrap(Class<T> type, T target, After after) {
        InvocationHandler handler = (proxy, method, arguments) -> {
            Object result;
            try {
                result = method.invoke(target, arguments);
            } catch (InvocationTargetException e) {
                if (method.getName().startsWith("execute")) {
                    after.called(method, arguments, null);
                }
                throw e.getCause();
            }
            return after.called(method, arguments, result);
        };
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader() == null ? CountingDataSource.class.getClassLoader() : type.getClassLoader(),
                new Class<?>[] {type},
                handler));
    }

    private interface After {
        @Nullable
        Object called(Method method, Object[] arguments, @Nullable Object result) throws SQLException;
    }

    @Override
    public Connection getConnection(String username, String password) throws SQLException {
        throw new SQLFeatureNotSupportedException();
    }

    @Override
    public PrintWriter getLogWriter() throws SQLException {
        return target.getLogWriter();
    }

    @Override
    public void setLogWriter(PrintWriter out) throws SQLException {
        target.setLogWriter(out);
    }

    @Override
    public void setLoginTimeout(int seconds) throws SQLException {
        target.setLoginTimeout(seconds);
    }

    @Override
    public int getLoginTimeout() throws SQLException {
        return target.getLoginTimeout();
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        return target.getParentLogger();
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        return target.unwrap(type);
    }

    @Override
    public boolean isWrapperFor(Class<?> type) throws SQLException {
        return target.isWrapperFor(type);
    }
}
