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
            TOMCAT_LOG.setLevel(Level.WARNING);
            Tomcat tomcat = new Tomcat();
            Path directory = Files.createTempDirectory("tomcat");
            tomcat.setBaseDir(directory.toString());
            Connector connector = new Connector();
            connector.setPort(0);
            connector.setProperty("address", "127.0.0.1");
            tomcat.setConnector(connector);
            Context context = tomcat.addContext("", directory.toString());
            parameters.forEach(context::addParameter);
            context.addServletContainerInitializer((any, servletContext) -> setup.accept(servletContext), Set.of());
            ErrorPage page = new ErrorPage();
            page.setErrorCode(TEAPOT);
            page.setLocation("/error-page");
            context.addErrorPage(page);
            try {
                tomcat.start();
                if (!context.getState().isAvailable()) {
                    tomcat.stop();
                    throw new IOException("the application did not start");
                }
            } catch (LifecycleException e) {
                throw new IOException(e);
            }
            return new Running(connector.getLocalPort(), () -> {
                tomcat.stop();
                tomcat.destroy();
            });
        }
    },
    JETTY {
        @Override
        Running start(Consumer<ServletContext> setup, Map<String, String> parameters) throws IOException {
            Server jetty = new Server(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            ServletContextHandler context = new ServletContextHandler();
            parameters.forEach(context::setInitParameter);
            ErrorPageErrorHandler errors = new ErrorPageErrorHandler();
            errors.addErrorPage(TEAPOT, "/error-page");
            context.setErrorHandler(errors);
            context.addServletContainerInitializer((any, servletContext) -> setup.accept(servletContext));
            jetty.setHandler(context);
            try {
                jetty.start();
            } catch (Exception e) {
                throw new IOException(e);
            }
            return new Running(jetty.getURI().getPort(), jetty::stop);
        }
    };

    /** The status that has an error page. */
    static final int TEAPOT = 418;

    private static final Logger TOMCAT_LOG = Logger.getLogger("org.apache");

    /**
     * @param parameters the context's init parameters
     */
    abstract Running start(Consumer<ServletContext> setup, Map<String, String> parameters) throws IOException;

    record Running(int port, Stop stop) {}

    interface Stop {
        void run() throws Exception;
    }
}
