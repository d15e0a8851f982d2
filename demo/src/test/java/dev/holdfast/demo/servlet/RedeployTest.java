package dev.holdfast.demo.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.File;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An application that is undeployed leaves nothing of it in the container. */
class RedeployTest {

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @Test
    @DisplayName("R55: after an application was undeployed its classes can be collected, and no thread of it runs")
    void nothingStays(@TempDir Path directory) throws Exception {
        for (String store : new String[] {"memory:" + UUID.randomUUID(), "file:" + directory.resolve("sessions")}) {
            WeakReference<ClassLoader> application = deployAndUndeploy(store);
            await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
                System.gc();
                assertThat(application.get()).as(store).isNull();
            });
            assertThat(Thread.getAllStackTraces().keySet())
                    .extracting(Thread::getName)
                    .as(store)
                    .noneMatch(name -> name.startsWith("holdfast") || name.startsWith("session-"));
        }
    }

    /** The container's classes are the test's; those of this project are loaded anew, as of an application. */
    private static WeakReference<ClassLoader> deployAndUndeploy(String store) throws Exception {
        try (OwnClasses classes = new OwnClasses()) {
            Thread.currentThread().setContextClassLoader(classes);
            Filter filter = (Filter) classes.loadClass("dev.holdfast.session.http.servlet.ConfiguredSessionFilter")
                    .getConstructor()
                    .newInstance();
            assertThat(filter.getClass().getClassLoader()).isSameAs(classes);
            Container.Running running = Container.JETTY.start(
                    context -> {
                        var registration = context.addFilter("sessions", filter);
                        registration.setInitParameters(Map.of("store", store, "plain-http", "true"));
                        registration.addMappingForUrlPatterns(null, false, "/*");
                        context.addServlet("page", new Page()).addMapping("/");
                    },
                    Map.of());
            try {
                HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + running.port() + "/"))
                        .build();
                assertThat(HTTP.send(request, BodyHandlers.ofString()).headers().allValues("Set-Cookie"))
                        .hasSize(1);
            } finally {
                running.stop().run();
            }
            return new WeakReference<>(classes);
        } finally {
            Thread.currentThread().setContextClassLoader(RedeployTest.class.getClassLoader());
        }
    }

    private static final class Page extends HttpServlet {

        private static final long serialVersionUID = 1L;

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            request.getSession().setAttribute("a", 1);
            response.getWriter().print("done");
        }
    }

    /** Loads this project's classes itself, and all others by its parent. */
    private static final class OwnClasses extends URLClassLoader {

        OwnClasses() {
            super(classPath(), RedeployTest.class.getClassLoader());
        }

        private static URL[] classPath() {
            return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                    .map(entry -> {
                        try {
                            return Path.of(entry).toUri().toURL();
                        } catch (IOException e) {
                            throw new IllegalStateException(e);
                        }
                    })
                    .toArray(URL[]::new);
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (name.startsWith("dev.holdfast.session.")) {
                synchronized (getClassLoadingLock(name)) {
                    Class<?> known = findLoadedClass(name);
                    return known == null ? findClass(name) : known;
                }
            }
            return super.loadClass(name, resolve);
        }
    }
}
