package dev.holdfast.session.compliance;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** One connection through a {@link FaultProxy}: two sockets and two pumps. */
final class ProxyLink {

    private static final int CONNECT_MILLIS = 5_000;

    private final Socket client;
    private final Socket server = new Socket();
    private final InetSocketAddress target;
    private final Set<ProxyLink> open;
    private final Set<Thread> threads;
    private final AtomicInteger pumping = new AtomicInteger(2);
    private final List<ProxyGate> gates = new ArrayList<>();
    private volatile boolean ended;

    /**
     * @param open where the link stands while it is open
     * @param threads where it leaves its threads, so that they can be waited for also after it has ended
     */
    ProxyLink(Socket client, InetSocketAddress target, Set<ProxyLink> open, Set<Thread> threads) {
        this.client = client;
        this.target = target;
        this.open = open;
        this.threads = threads;
    }

    void start(Pump requests, Pump replies) {
        open.add(this);
        for (Pump pump : List.of(requests, replies)) {
            gates.add(pump.gate);
        }
        startThread(() -> connect(requests, replies), "requests");
    }

    private void startThread(Runnable work, String name) {
        threads.removeIf(thread -> thread.getState() == Thread.State.TERMINATED);
        Thread thread = new Thread(work, FaultProxy.THREADS + name + "-" + client.getPort());
        thread.setDaemon(true);
        threads.add(thread);
        thread.start();
    }

    private void connect(Pump requests, Pump replies) {
        try {
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            server.connect(target, CONNECT_MILLIS);
        } catch (IOException e) {
            reset();
            return;
        }
        startThread(replies, "replies");
        requests.run();
    }

    /** Ends the connection on both sides at once, by resets. */
    void reset() {
        ended = true;
        open.remove(this);
        for (Socket socket : List.of(client, server)) {
            try {
                socket.setSoLinger(true, 0);
            } catch (IOException e) {
                // closed already, or never connected
            }
            close(socket);
        }
        gates.forEach(ProxyGate::wake);
    }

    private void pumpDone() {
        if (pumping.decrementAndGet() == 0) {
            ended = true;
            open.remove(this);
            close(client);
            close(server);
        }
    }

    static void close(Closeable socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // nothing more can be done, and nothing is held
        }
    }

    static void join(Thread thread, Duration atMost) {
        try {
            TimeUnit.NANOSECONDS.timedJoin(thread, atMost.toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Forwards one direction until its end. */
    static final class Pump implements Runnable {
        private static final int BUFFER = 1 << 16;

        final ProxyGate gate;
        private final ProxyLink link;
        private final Socket from;
        private final Socket to;

        /** What may pass before the reset, and of which limit; the gate's, under its lock. */
        long remaining = Long.MAX_VALUE;

        int limitEpoch;

        Pump(ProxyLink link, ProxyGate gate, boolean requests) {
            this.link = link;
            this.gate = gate;
            from = requests ? link.client : link.server;
            to = requests ? link.server : link.client;
        }

        boolean hasEnded() {
            return link.ended;
        }

        @Override
        public void run() {
            try {
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream();
                byte[] buffer = new byte[BUFFER];
                for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                    for (int sent = 0; sent < length; ) {
                        int admitted = gate.admit(this, length - sent);
                        if (admitted == 0) {
                            link.reset();
                            return;
                        }
                        out.write(buffer, sent, admitted);
                        sent += admitted;
                    }
                }
                gate.awaitOpen(this);
                to.shutdownOutput();
                link.pumpDone();
            } catch (IOException | InterruptedException e) {
                link.reset();
            }
        }
    }
}
