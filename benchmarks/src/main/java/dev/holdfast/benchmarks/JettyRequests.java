package dev.holdfast.benchmarks;

import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Path;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.session.DatabaseAdaptor;
import org.eclipse.jetty.session.DefaultSessionIdManager;
import org.eclipse.jetty.session.FileSessionDataStore;
import org.eclipse.jetty.session.HouseKeeper;
import org.eclipse.jetty.session.JDBCSessionDataStore;
import org.eclipse.jetty.session.JDBCSessionDataStore.SessionTableSchema;
import org.eclipse.jetty.session.ManagedSession;
import org.eclipse.jetty.session.NullSessionCache;
import org.eclipse.jetty.session.SessionDataStore;
import org.eclipse.jetty.session.SessionHandler;

/**
 * Through Jetty's session manager, in the steps of its requests. Without its cache, as several nodes must run it if
 * requests may come to any of them: each request loads, and stores when it ends.
 */
final class JettyRequests implements Requests {

    private static final String TABLE = Databases.TABLE + "_jetty";
    private static final long IDLE_MILLIS = TimeUnit.MINUTES.toMillis(30);

    private final Server server = new Server();
    private final SessionHandler manager = new SessionHandler();
    private final DefaultSessionIdManager ids = new DefaultSessionIdManager(server);
    private final NullSessionCache cache = new NullSessionCache(manager);
    private final AutoCloseable beneath;
    private final String[] sessions = new String[Work.requestSessions()];

    private JettyRequests(SessionDataStore store, AutoCloseable beneath) throws Exception {
        this.beneath = beneath;
        HouseKeeper never = new HouseKeeper();
        never.setSessionIdManager(ids);
        never.setIntervalSec(0);
        ids.setSessionHouseKeeper(never);
        server.addBean(ids, true);
        cache.setSessionDataStore(store);
        manager.setSessionIdManager(ids);
        manager.setSessionCache(cache);
        server.setHandler(manager);
        server.start();
        Work.range(sessions.length).forEach(i -> sessions[i] = create(i));
    }

    static Requests inFiles(Path directory) {
        FileSessionDataStore store = new FileSessionDataStore();
        store.setStoreDir(directory.toFile());
        return Work.unchecked(() -> new JettyRequests(store, () -> {}));
    }

    static Requests inDatabase(HikariDataSource pool) {
        Databases.drop(pool, TABLE);
        SessionTableSchema schema = new SessionTableSchema();
        schema.setTableName(TABLE);
        DatabaseAdaptor database = new DatabaseAdaptor();
        database.setDatasource(pool);
        JDBCSessionDataStore store = new JDBCSessionDataStore();
        store.setDatabaseAdaptor(database);
        store.setSessionTableSchema(schema);
        return Work.unchecked(() -> new JettyRequests(store, Databases.closing(pool, TABLE)));
    }

    private ManagedSession open(int session) {
        ManagedSession opened = Work.unchecked(() -> cache.get(sessions[session]));
        opened.access(System.currentTimeMillis());
        return opened;
    }

    private ManagedSession end(ManagedSession session) {
        return Work.unchecked(() -> {
            cache.release(session);
            return session;
        });
    }

    private String create(int number) {
        String id = ids.newSessionId(number);
        ManagedSession session = cache.newSession(id, System.currentTimeMillis(), IDLE_MILLIS);
        session.getSessionData().setLastNode(ids.getWorkerName());
        return Work.unchecked(() -> {
            cache.add(id, session);
            TenAttributes.put(number, session::setAttribute);
            end(session);
            return id;
        });
    }

    @Override
    public Object read(int session) {
        return open(session).getAttribute(TenAttributes.VISITS);
    }

    @Override
    public Object write(int session) {
        ManagedSession opened = open(session);
        opened.setAttribute(TenAttributes.VISITS, ThreadLocalRandom.current().nextInt());
        return end(opened);
    }

    @Override
    public Object touch(int session) {
        return end(open(session));
    }

    @Override
    public Object request(int session) {
        ManagedSession opened = open(session);
        Object visits = opened.getAttribute(TenAttributes.VISITS);
        end(opened);
        return visits;
    }

    @Override
    public Object create() {
        return create(1);
    }

    @Override
    public Object rotate(int session) {
        String old = sessions[session];
        sessions[session] = ids.newSessionId(session);
        return Work.unchecked(() -> cache.renewSessionId(old, sessions[session], old, sessions[session]));
    }

    @Override
    public void close() {
        Work.unchecked(() -> {
            server.stop();
            beneath.close();
            return server;
        });
    }
}
