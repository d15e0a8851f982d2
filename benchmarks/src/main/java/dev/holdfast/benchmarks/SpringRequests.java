package dev.holdfast.benchmarks;

import com.zaxxer.hikari.HikariDataSource;
import java.time.Instant;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;
import org.springframework.session.MapSessionRepository;
import org.springframework.session.Session;
import org.springframework.session.SessionRepository;
import org.springframework.session.jdbc.JdbcIndexedSessionRepository;
import org.springframework.transaction.support.TransactionTemplate;

/** Through a repository of Spring Session, in the steps of its filter: each request stores its access. */
final class SpringRequests<S extends Session> implements Requests {

    private static final String SCHEMAS = "org/springframework/session/jdbc/schema-";

    private final SessionRepository<S> repository;
    private final AutoCloseable beneath;
    private final String[] ids = new String[Work.requestSessions()];

    SpringRequests(SessionRepository<S> repository, AutoCloseable beneath) {
        this.repository = repository;
        this.beneath = beneath;
        Work.range(ids.length).forEach(i -> ids[i] = create(i));
    }

    static Requests inMap() {
        return new SpringRequests<>(new MapSessionRepository(new ConcurrentHashMap<>()), () -> {});
    }

    /** @param schema the name of the database in Spring Session's scripts */
    static Requests inDatabase(HikariDataSource pool, String schema) {
        Runnable drop = () -> script("drop-" + schema, true, pool);
        drop.run();
        script(schema, false, pool);
        JdbcIndexedSessionRepository repository = new JdbcIndexedSessionRepository(
                new JdbcTemplate(pool), new TransactionTemplate(new DataSourceTransactionManager(pool)));
        repository.setCleanupCron("-");
        repository.afterPropertiesSet();
        return new SpringRequests<>(repository, () -> {
            repository.destroy();
            drop.run();
            pool.close();
        });
    }

    private static void script(String name, boolean mayFail, HikariDataSource pool) {
        new ResourceDatabasePopulator(mayFail, true, null, new ClassPathResource(SCHEMAS + name + ".sql"))
                .execute(pool);
    }

    private String create(int number) {
        S session = repository.createSession();
        TenAttributes.put(number, session::setAttribute);
        repository.save(session);
        return session.getId();
    }

    @Override
    public Object read(int session) {
        return repository.findById(ids[session]).getAttribute(TenAttributes.VISITS);
    }

    @Override
    public Object write(int session) {
        S opened = repository.findById(ids[session]);
        opened.setAttribute(TenAttributes.VISITS, ThreadLocalRandom.current().nextInt());
        repository.save(opened);
        return opened;
    }

    @Override
    public Object touch(int session) {
        S opened = repository.findById(ids[session]);
        opened.setLastAccessedTime(Instant.now());
        repository.save(opened);
        return opened;
    }

    @Override
    public Object request(int session) {
        S opened = repository.findById(ids[session]);
        opened.setLastAccessedTime(Instant.now());
        Object visits = opened.getAttribute(TenAttributes.VISITS);
        repository.save(opened);
        return visits;
    }

    @Override
    public Object create() {
        return create(1);
    }

    @Override
    public Object rotate(int session) {
        S opened = repository.findById(ids[session]);
        ids[session] = opened.changeSessionId();
        repository.save(opened);
        return opened;
    }

    @Override
    public void close() {
        try {
            beneath.close();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
