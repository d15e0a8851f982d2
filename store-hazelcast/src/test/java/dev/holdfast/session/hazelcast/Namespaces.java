package dev.holdfast.session.hazelcast;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Two network namespaces on a bridge, which this one sees always, and one another unless they are split. */
final class Namespaces implements AutoCloseable {

    private static final String NET = "10.213.77.";

    private final String id = "hf" + ProcessHandle.current().pid() % 100_000;

    private Namespaces() {}

    /** Tries: root is not enough in every container. */
    static boolean arePossible() {
        Namespaces trial = new Namespaces();
        try {
            return run("ip", "netns", "add", trial.name(0)) == 0
                    && run("ip", "link", "add", trial.id + "b", "type", "bridge") == 0;
        } finally {
            trial.close();
        }
    }

    static Namespaces create() {
        Namespaces net = new Namespaces();
        net.close();
        Runtime.getRuntime().addShutdownHook(new Thread(net::close));
        net.ip("link add " + net.id + "b type bridge");
        net.ip("addr add " + NET + "1/24 dev " + net.id + "b");
        net.ip("link set " + net.id + "b up");
        for (int i = 0; i < 2; i++) {
            net.ip("netns add " + net.name(i));
            net.ip("link add " + net.id + "v" + i + " type veth peer name eth0 netns " + net.name(i));
            net.ip("link set " + net.id + "v" + i + " master " + net.id + "b up");
            net.ip("-n " + net.name(i) + " addr add " + net.address(i) + "/24 dev eth0");
            net.ip("-n " + net.name(i) + " link set eth0 up");
            net.ip("-n " + net.name(i) + " link set lo up");
        }
        return net;
    }

    private String name(int number) {
        return id + "n" + number;
    }

    String address(int number) {
        return NET + (number + 2);
    }

    /** Returns what runs a command inside. */
    List<String> wrapper(int number) {
        return List.of("ip", "netns", "exec", name(number));
    }

    void split() {
        ip("-n " + name(0) + " route add blackhole " + address(1) + "/32");
        ip("-n " + name(1) + " route add blackhole " + address(0) + "/32");
    }

    void heal() {
        ip("-n " + name(0) + " route del blackhole " + address(1) + "/32");
        ip("-n " + name(1) + " route del blackhole " + address(0) + "/32");
    }

    private void ip(String arguments) {
        if (run(("ip " + arguments).split(" ", -1)) != 0) {
            throw new AssertionError("failed: ip " + arguments);
        }
    }

    private static int run(String... command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return -1;
            }
            if (process.exitValue() != 0) {
                System.err.println(String.join(" ", command) + ": " + output);
            }
            return process.exitValue();
        } catch (IOException | InterruptedException e) {
            return -1;
        }
    }

    @Override
    public void close() {
        run("ip", "netns", "del", name(0));
        run("ip", "netns", "del", name(1));
        run("ip", "link", "del", id + "b");
    }
}
