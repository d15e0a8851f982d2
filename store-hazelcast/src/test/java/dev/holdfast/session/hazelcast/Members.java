package dev.holdfast.session.hazelcast;

import com.hazelcast.client.HazelcastClient;
import com.hazelcast.client.config.ClientConfig;
import com.hazelcast.config.Config;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;

/** Members in this JVM, of one cluster of their own, on the loopback address. */
final class Members implements AutoCloseable {

    static final int TIMEOUT_MILLIS = 10_000;

    final String cluster = "test-" + UUID.randomUUID();
    final List<HazelcastInstance> instances = new ArrayList<>();
    final List<String> addresses;

    private final boolean sayingSo;

    private Members(int count, boolean sayingSo) {
        this.sayingSo = sayingSo;
        addresses = IntStream.range(0, count)
                .mapToObj(i -> "127.0.0.1:" + Ports.free())
                .toList();
    }

    /** Starts members that say that they have our classes. */
    static Members start(int count) {
        return new Members(count, true).start();
    }

    /** Starts members that are set up as stock ones are: not at all. */
    static Members startWithoutOurClasses(int count) {
        return new Members(count, false).start();
    }

    private Members start() {
        for (int i = 0; i < addresses.size(); i++) {
            instances.add(Hazelcast.newHazelcastInstance(config(i)));
        }
        return this;
    }

    private Config config(int number) {
        int port = Integer.parseInt(addresses.get(number).replaceFirst(".*:", ""));
        Config config = Instances.memberConfig(cluster, "127.0.0.1", port, addresses, TIMEOUT_MILLIS);
        config.setProperty("hazelcast.wait.seconds.before.join", "0");
        return sayingSo ? SessionMaps.configure(config, "sessions*") : config;
    }

    HazelcastInstance get(int number) {
        return instances.get(number % instances.size());
    }

    HazelcastInstance client() {
        ClientConfig config = Instances.clientConfig(cluster, addresses, TIMEOUT_MILLIS);
        config.getConnectionStrategyConfig().setAsyncStart(false);
        return HazelcastClient.newHazelcastClient(config);
    }

    @Override
    public void close() {
        instances.forEach(instance -> instance.getLifecycleService().terminate());
    }
}
