package dev.holdfast.demo.servlet;

import jakarta.servlet.ServletContext;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.util.descriptor.web.ErrorPage;
import org.eclipse.jetty.ee11.servlet.ErrorPageErrorHandler;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.server.Server;

/** The containers in which each rule holds. */
enum Container {
    TOMCAT {
        @Override
        Running start(Consumer<ServletContext> setup, Map<String, String> parameters) throws IOException {
            Tomcat tomcat = tomcat();
            Context context = tomcat.addContext("", null);
            parameters.forEach(context::addParameter);
            context.addServletContainerInitializer((any, servletContext) -> setup.accept(servletContext), Set.of());
            ErrorPage page = new ErrorPage();
            page.setErrorCode(TEAPOT);
            page.setLocation("/error-page");
            context.addErrorPage(page);
            return run(tomcat, context);
        }
    },
    JETTY {
        @Override
        Running start(Consumer<ServletContext> setup, Map<String, String> parameters) throws IOException {
            ServletContextHandler context = new ServletContextHandler();
            parameters.forEach(context::setInitParameter);
            ErrorPageErrorHandler errors = new ErrorPageErrorHandler();
            errors.addErrorPage(TEAPOT, "/error-page");
            context.setErrorHandler(errors);
            context.addServletContainerInitializer((any, servletContext) -> setup.accept(servletContext));
            return run(context);
        }
    };

    /** The status that has an error page. */
    static final int TEAPOT = 418;

    private static final Logger TOMCAT_LOG = Logger.getLogger("org.apache");

    /**
     * @param parameters the context's init parameters
     */
    abstract Running start(Consumer<ServletContext> setup, Map<String, String> parameters) throws IOException;

    /** Starts an application's directory in Tomcat, by its {@code WEB-INF/web.xml}. */
    static Running deploy(Path application) throws IOException {
        Tomcat tomcat = tomcat();
        tomcat.setAddDefaultWebXmlToWebapp(false);
        Context context = tomcat.addWebapp("", application.toString());
        context.setParentClassLoader(Container.class.getClassLoader());
        return run(tomcat, context);
    }

    private static Tomcat tomcat() throws IOException {
        TOMCAT_LOG.setLevel(Level.WARNING);
        Tomcat tomcat = new Tomcat();
        tomcat.setBaseDir(Files.createTempDirectory("tomcat").toString());
        Connector connector = new Connector();
        connector.setPort(0);
        connector.setProperty("address", "127.0.0.1");
        tomcat.setConnector(connector);
        return tomcat;
    }

    private static Running run(Tomcat tomcat, Context context) throws IOException {
        try {
            tomcat.start();
            if (!context.getState().isAvailable()) {
                tomcat.stop();
                throw new IOException("the application did not start");
            }
        } catch (LifecycleException e) {
            throw new IOException(e);
        }
        return new Running(tomcat.getConnector().getLocalPort(), () -> {
            tomcat.stop();
            tomcat.destroy();
        });
    }

    private static Running run(ServletContextHandler context) throws IOException {
        Server jetty = new Server(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        jetty.setHandler(context);
        try {
            jetty.start();
        } catch (Exception e) {
            throw new IOException(e);
        }
        return new Running(jetty.getURI().getPort(), jetty::stop);
    }

    record Running(int port, Stop stop) {}

    interface Stop {
        void run() throws Exception;
    }
}
