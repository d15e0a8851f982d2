package dev.holdfast.demo;

import dev.holdfast.session.spi.SessionStoreException;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.catalina.LifecycleException;

/** Runs the site until it is stopped: {@code -Dport=8080 -Dstore=file:/some/directory}. */
public final class Main {

    private static final Logger TOMCAT = Logger.getLogger("org.apache");

    private Main() {}

    /** Takes its settings from the system properties, see {@link Settings}. */
    public static void main(String[] arguments) {
        TOMCAT.setLevel(Level.WARNING);
        try {
            Site site = Site.start(Settings.from(System.getProperties()));
            Runtime.getRuntime().addShutdownHook(new Thread(site::close, "demo-stop"));
            System.out.println("The demo is at " + site.uri() + " and keeps its sessions in " + site.storeName()
                    + " - Ctrl+C stops it");
            site.await();
        } catch (SessionStoreException | IllegalArgumentException | LifecycleException e) {
            System.err.println("The demo can't start: " + oneLine(e));
            System.exit(2);
        }
    }

    private static String oneLine(Exception e) {
        String message = text(e);
        Throwable cause = e;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return (cause == e ? message : message + ": " + text(cause)).replaceAll("\\s+", " ");
    }

    private static String text(Throwable e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }
}
