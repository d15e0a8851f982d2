package dev.holdfast.demo;

import dev.holdfast.session.SessionStores;
import dev.holdfast.session.Sessions;
import dev.holdfast.session.http.CookieSettings;
import dev.holdfast.session.http.servlet.SessionFilter;
import dev.holdfast.session.http.wechat.Code2Session;
import dev.holdfast.session.http.wechat.standin.WeChatStandIn;
import dev.holdfast.session.spi.SessionStore;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Servlet;
import jakarta.servlet.ServletContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.util.descriptor.web.ErrorPage;

/** The running site: store, sessions, users and an embedded Tomcat on 127.0.0.1. */
final class Site implements AutoCloseable {

    private final InstantSource clock;
    private final String storeName;
    private final SessionStore store;
    private final Sessions sessions;
    private final Users users;
    private final WeChatStandIn weChat;
    private final Api api;
    private final Tomcat tomcat = new Tomcat();
    private final Path directory;

    private Site(Settings settings, InstantSource clock) {
        this.clock = clock;
        storeName = nameOf(settings.store());
        store = SessionStores.open(settings.store());
        sessions = Sessions.builder(store).clock(clock).build();
        users = Users.create(settings.hashIterations());
        weChat = WeChatStandIn.start("wx-demo", "the demo's secret");
        api = new Api(
                store,
                users,
                Code2Session.builder("wx-demo", "the demo's secret")
                        .endpoint(weChat.endpoint())
                        .build());
        try {
            directory = Files.createTempDirectory("holdfast-demo");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Site start(Settings settings) throws LifecycleException {
        return start(settings, InstantSource.system());
    }

    static Site start(Settings settings, InstantSource clock) throws LifecycleException {
        Site site = new Site(settings, clock);
        try {
            site.startTomcat(settings.port());
        } catch (LifecycleException e) {
            site.close();
            throw e;
        }
        return site;
    }

    /** Leaves out what may hold a password. */
    private static String nameOf(String storeUri) {
        return storeUri.replaceFirst("\\?.*", "").replaceFirst("//[^/@]*@", "//");
    }

    private void startTomcat(int port) throws LifecycleException {
        tomcat.setBaseDir(directory.toString());
        Connector connector = new Connector();
        connector.setProperty("address", "127.0.0.1");
        connector.setPort(port);
        connector.setThrowOnFailure(true);
        tomcat.setConnector(connector);
        Context context = tomcat.addContext("", null);
        context.addServletContainerInitializer((any, servletContext) -> setUp(servletContext), Set.of());
        for (int status : ErrorPages.STATUSES) {
            ErrorPage page = new ErrorPage();
            page.setErrorCode(status);
            page.setLocation("/error");
            context.addErrorPage(page);
        }
        tomcat.start();
    }

    private void setUp(ServletContext context) {
        SessionFilter.builder(sessions)
                .cookie(CookieSettings.forPlainHttp())
                .build()
                .addTo(context);
        context.addFilter("headers", new SecurityHeaders())
                .addMappingForUrlPatterns(EnumSet.allOf(DispatcherType.class), true, "/*");
        api.addTo(context);
        Actions actions = new Actions(users, sessions);
        PhonePage phone = new PhonePage(new Phone(weChat, this::uri));
        add(context, "/", new HomePage(sessions, storeName, clock));
        add(context, "/members", new MembersPage());
        add(context, "/login", new Action(actions::login));
        add(context, "/logout", new Action(actions::logout));
        add(context, "/attributes", new Action(actions::setAttribute));
        add(context, "/sessions/end", new Action(actions::endSession));
        add(context, "/sessions/end-others", new Action(actions::endOthers));
        add(context, PhonePage.PATH, phone);
        add(context, PhonePage.PATH + "/press", new Action(phone::press));
        add(context, "/style.css", new Assets("style.css", "text/css;charset=UTF-8"));
        add(context, "/icon.svg", new Assets("icon.svg", "image/svg+xml"));
        add(context, "/error", new ErrorPages());
    }

    private static void add(ServletContext context, String path, Servlet servlet) {
        context.addServlet(path, servlet).addMapping(path);
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + tomcat.getConnector().getLocalPort() + "/");
    }

    String storeName() {
        return storeName;
    }

    WeChatStandIn weChat() {
        return weChat;
    }

    int programsOf(String principal) {
        return api.sessionsOf(principal);
    }

    void await() {
        tomcat.getServer().await();
    }

    @Override
    public void close() {
        try {
            tomcat.stop();
            tomcat.destroy();
        } catch (LifecycleException e) {
            throw new IllegalStateException("the site does not stop", e);
        } finally {
            api.close();
            weChat.close();
            sessions.close();
            store.close();
            users.close();
            deleteDirectory();
        }
    }

    private void deleteDirectory() {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
