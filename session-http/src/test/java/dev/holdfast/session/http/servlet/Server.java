package dev.holdfast.session.http.servlet;

import jakarta.servlet.ServletContext;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.util.descriptor.web.ErrorPage;
import org.eclipse.jetty.ee11.servlet.ErrorPageErrorHandler;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;

/** The containers in which the filter must do the same. */
enum Server {
    TOMCAT {
        @Override
        Running start(Consumer<ServletContext> setup, Map<Integer, String> errorPages) throws IOException {
            Tomcat tomcat = new Tomcat();
            Path directory = Files.createTempDirectory("tomcat");
            tomcat.setBaseDir(directory.toString());
            Connector connector = new Connector();
            connector.setPort(0);
            connector.setProperty("address", "127.0.0.1");
            tomcat.setConnector(connector);
            Context context = tomcat.addContext("", directory.toString());
            context.addServletContainerInitializer((any, servletContext) -> setup.accept(servletContext), Set.of());
            errorPages.forEach((status, path) -> {
                ErrorPage page = new ErrorPage();
                page.setErrorCode(status);
                page.setLocation(path);
                context.addErrorPage(page);
            });
            try {
                tomcat.start();
            } catch (LifecycleException e) {
                throw new IOException(e);
            }
            return new Running(uri(connector.getLocalPort()), () -> {
                tomcat.stop();
                tomcat.destroy();
            });
        }
    },
    JETTY {
        @Override
        Running start(Consumer<ServletContext> setup, Map<Integer, String> errorPages) throws IOException {
            org.eclipse.jetty.server.Server jetty =
                    new org.eclipse.jetty.server.Server(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            ServletContextHandler context = new ServletContextHandler();
            ErrorPageErrorHandler errors = new ErrorPageErrorHandler();
            errorPages.forEach((status, path) -> errors.addErrorPage(status, path));
            context.setErrorHandler(errors);
            context.addServletContainerInitializer((any, servletContext) -> setup.accept(servletContext));
            jetty.setHandler(context);
            try {
                jetty.start();
            } catch (Exception e) {
                throw new IOException(e);
            }
            return new Running(uri(jetty.getURI().getPort()), jetty::stop);
        }
    };

    abstract Running start(Consumer<ServletContext> setup, Map<Integer, String> errorPages) throws IOException;

    private static URI uri(int port) {
        return URI.create("http://127.0.0.1:" + port);
    }

    record Running(URI uri, Stop stop) {}

    interface Stop {
        void run() throws Exception;
    }
}
