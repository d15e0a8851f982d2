package dev.holdfast.demo.servlet;

import java.sql.SQLException;
import org.h2.tools.Server;

/** An H2 server on 127.0.0.1 with databases in memory, for as long as the tests run. */
final class DatabaseServer {

    private static final Server SERVER = start();

    private DatabaseServer() {}

    private static Server start() {
        System.setProperty("h2.bindAddress", "127.0.0.1");
        try {
            return Server.createTcpServer("-tcpPort", "0", "-tcpDaemon", "-ifNotExists")
                    .start();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    static String url(String name) {
        return "jdbc:h2:tcp://127.0.0.1:" + SERVER.getPort() + "/mem:" + name + ";DB_CLOSE_DELAY=-1";
    }
}
