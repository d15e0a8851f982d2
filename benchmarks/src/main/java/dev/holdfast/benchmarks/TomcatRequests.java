package dev.holdfast.benchmarks;

import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Path;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.catalina.Context;
import org.apache.catalina.Session;
import org.apache.catalina.Store;
import org.apache.catalina.session.DataSourceStore;
import org.apache.catalina.session.FileStore;
import org.apache.catalina.session.PersistentManager;
import org.apache.catalina.startup.Tomcat;

/**
 * Through Tomcat's persistent manager, in the steps of its PersistentValve, which several nodes must run if requests may come
 * to any of them: each request loads, and stores when it ends.
 */
final class TomcatRequests implements Requests {

    private static final String TABLE = Databases.TABLE + "_tomcat";

    private final Tomcat tomcat = new Tomcat();
    private final PersistentManager manager = new PersistentManager();
    private final Store store;
    private final AutoCloseable beneath;
    private final String[] ids = new String[Work.requestSessions()];

    private TomcatRequests(Store store, Path directory, AutoCloseable beneath) throws Exception {
        this.store = store;
        this.beneath = beneath;
        tomcat.setBaseDir(directory.toString());
        // nothing expires in the background meanwhile
        tomcat.getEngine().setBackgroundProcessorDelay(-1);
        Context context = tomcat.addContext("", directory.toString());
        manager.setStore(store);
        manager.setSaveOnRestart(false);
        context.setManager(manager);
        tomcat.start();
        Work.range(ids.length).forEach(i -> ids[i] = create(i));
    }

    static Requests inFiles(Path directory) {
        FileStore store = new FileStore();
        store.setDirectory(directory.resolve("sessions").toString());
        return Work.unchecked(() -> new TomcatRequests(store, directory, () -> {}));
    }

    /** @param binary the database's type for bytes */
    static Requests inDatabase(HikariDataSource pool, Path directory, String binary) {
        Databases.drop(pool, TABLE);
        Databases.execute(
                pool,
                "CREATE TABLE " + TABLE + " (session_id VARCHAR(100) PRIMARY KEY, valid_session CHAR(1) NOT NULL,"
                        + " max_inactive INT NOT NULL, last_access BIGINT NOT NULL, app_name VARCHAR(255), session_data "
                        + binary + ")");
        Databases.execute(pool, "CREATE INDEX " + TABLE + "_app ON " + TABLE + " (app_name)");
        DataSourceStore store = new DataSourceStore() {
            {
                dataSource = pool;
            }
        };
        store.setSessionTable(TABLE);
        store.setSessionAppCol("app_name");
        store.setSessionDataCol("session_data");
        store.setSessionIdCol("session_id");
        store.setSessionLastAccessedCol("last_access");
        store.setSessionMaxInactiveCol("max_inactive");
        store.setSessionValidCol("valid_session");
        return Work.unchecked(() -> new TomcatRequests(store, directory, Databases.closing(pool, TABLE)));
    }

    private Session load(int session) {
        return Work.unchecked(() -> store.load(ids[session]));
    }

    private Session open(int session) {
        Session opened = load(session);
        manager.add(opened);
        opened.access();
        opened.endAccess();
        return opened;
    }

    private String end(Session session) {
        return Work.unchecked(() -> {
            String id = session.getId();
            store.save(session);
            manager.removeSuper(session);
            session.recycle();
            return id;
        });
    }

    private String create(int number) {
        Session session = manager.createSession(null);
        TenAttributes.put(number, session.getSession()::setAttribute);
        return end(session);
    }

    @Override
    public Object read(int session) {
        return load(session).getSession().getAttribute(TenAttributes.VISITS);
    }

    @Override
    public Object write(int session) {
        Session opened = open(session);
        opened.getSession()
                .setAttribute(TenAttributes.VISITS, ThreadLocalRandom.current().nextInt());
        return end(opened);
    }

    @Override
    public Object touch(int session) {
        return end(open(session));
    }

    @Override
    public Object request(int session) {
        Session opened = open(session);
        Object visits = opened.getSession().getAttribute(TenAttributes.VISITS);
        end(opened);
        return visits;
    }

    @Override
    public Object create() {
        return create(1);
    }

    @Override
    public Object rotate(int session) {
        Session opened = open(session);
        manager.rotateSessionId(opened);
        ids[session] = end(opened);
        return ids[session];
    }

    @Override
    public void close() {
        Work.unchecked(() -> {
            tomcat.stop();
            tomcat.destroy();
            beneath.close();
            return tomcat;
        });
    }
}
