package dev.holdfast.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.session.memory.MemorySessionStore;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class RedeployTest {

    private static final int MOST_LOOKS = 200;
    private static final long PAUSE_NANOS = 50_000_000;

    /** Uses sessions in every way that keeps something; loaded by a class loader of its own. */
    public static final class Application implements Runnable {

        @Override
        public void run() {
            MemorySessionStore store = MemorySessionStore.create();
            try (Sessions sessions = Sessions.builder(store)
                    .maxSessionsPerPrincipal(2, CapPolicy.END_OLDEST)
                    .build()) {
                Session session = sessions.open(null);
                session.put("cart", List.of("tea"));
                session.principal("alice");
                session.save();
                session.rotateId();
                session.compute("visits", visits -> visits == null ? 1 : 2);
                session.renewId(Duration.ofSeconds(5));
                String id = session.id().value();
                Session again = sessions.open(id);
                assertThat(again.get("cart")).isEqualTo(List.of("tea"));
                again.clear();
                again.save();
                sessions.sessionsOf("alice")
                        .forEach(summary -> assertThat(summary.handle()).isNotEmpty());
                sessions.endOthers(again);
                sessions.purge();
                sessions.open(id).invalidate();
            }
            store.close();
        }
    }

    /** Loads this project's classes itself, as the loader of a web application does. */
    private static final class ApplicationLoader extends URLClassLoader {

        ApplicationLoader() throws MalformedURLException {
            super(new URL[] {root(Sessions.class), root(Application.class)}, RedeployTest.class.getClassLoader());
        }

        private static URL root(Class<?> type) throws MalformedURLException {
            String name = '/' + type.getName().replace('.', '/') + ".class";
            String location = Objects.requireNonNull(type.getResource(name)).toString();
            return URI.create(location.substring(0, location.length() - name.length() + 1))
                    .toURL();
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.startsWith("dev.holdfast.")) {
                return super.loadClass(name, resolve);
            }
            synchronized (getClassLoadingLock(name)) {
                Class<?> known = findLoadedClass(name);
                return known == null ? findClass(name) : known;
            }
        }
    }

    private static WeakReference<ClassLoader> deployAndUndeploy() throws IOException, ReflectiveOperationException {
        try (ApplicationLoader loader = new ApplicationLoader()) {
            Runnable application = (Runnable) loader.loadClass(Application.class.getName())
                    .getConstructor()
                    .newInstance();
            assertThat(application.getClass().getClassLoader()).isSameAs(loader);
            application.run();
            return new WeakReference<>(loader);
        }
    }

    @Test
    @DisplayName("R55: after a redeployment nothing keeps the old application's class loader")
    void collected() throws Exception {
        WeakReference<ClassLoader> loader = deployAndUndeploy();
        for (int look = 0; look < MOST_LOOKS && loader.get() != null; look++) {
            System.gc();
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        assertThat(loader.get()).isNull();
    }
}
