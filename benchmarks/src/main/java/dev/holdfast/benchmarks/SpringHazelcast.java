package dev.holdfast.benchmarks;

import com.hazelcast.client.HazelcastClient;
import com.hazelcast.client.config.ClientConfig;
import com.hazelcast.config.Config;
import com.hazelcast.config.SerializationConfig;
import com.hazelcast.config.SerializerConfig;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.spring.session.HazelcastSessionConfiguration;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.springframework.session.MapSession;
import org.springframework.session.hazelcast.HazelcastIndexedSessionRepository;
import org.springframework.session.hazelcast.HazelcastSessionSerializer;

/**
 * Spring Session on Hazelcast: its own last module, and the successor that Hazelcast makes. Both change sessions by entry
 * processors, whose classes must be on the members.
 */
final class SpringHazelcast {

    private static final String SERIALIZER =
            """
            <serialization><serializers>
              <serializer type-class="%s" class-name="%s"/>
            </serializers></serialization>
            """.formatted(MapSession.class.getName(), HazelcastSessionSerializer.class.getName());

    private SpringHazelcast() {}

    static Requests onMember() {
        Config config = Hazelcasts.memberConfig();
        addSerializer(config.getSerializationConfig());
        return requests(Hazelcast.newHazelcastInstance(config), () -> {});
    }

    /** Starts a member of its own, which has Spring Session's classes. */
    static Requests onClient(Path directory) {
        HazelcastServer server = start(directory);
        ClientConfig config = Hazelcasts.clientConfig(server.uri());
        addSerializer(config.getSerializationConfig());
        return requests(HazelcastClient.newHazelcastClient(config), server);
    }

    private static HazelcastServer start(Path directory) {
        try {
            return HazelcastServer.start(directory, System.getProperty("java.class.path"), SERIALIZER);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void addSerializer(SerializationConfig config) {
        config.addSerializerConfig(new SerializerConfig()
                .setTypeClass(MapSession.class)
                .setImplementation(new HazelcastSessionSerializer()));
    }

    private static Requests requests(HazelcastInstance hazelcast, AutoCloseable server) {
        HazelcastIndexedSessionRepository repository = new HazelcastIndexedSessionRepository(hazelcast);
        repository.afterPropertiesSet();
        return new SpringRequests<>(repository, () -> {
            repository.destroy();
            hazelcast.shutdown();
            server.close();
        });
    }

    static Requests successorOnMember() {
        Config config = HazelcastSessionConfiguration.applySerializationConfig(Hazelcasts.memberConfig());
        return successor(Hazelcast.newHazelcastInstance(config), true);
    }

    /** Uses the same member as the store does, which has none of its classes: it locks, gets, sets and unlocks. */
    static Requests successorOnClient() {
        ClientConfig config = HazelcastSessionConfiguration.applySerializationConfig(
                Hazelcasts.clientConfig(Servers.uri("hazelcast-client")));
        return successor(HazelcastClient.newHazelcastClient(config), false);
    }

    private static Requests successor(HazelcastInstance hazelcast, boolean classesOnMember) {
        var repository = new com.hazelcast.spring.session.HazelcastIndexedSessionRepository(hazelcast);
        repository.setSessionMapName(Hazelcasts.MAP + "-spring");
        repository.setDeployedOnAllMembers(classesOnMember);
        repository.afterPropertiesSet();
        return new SpringRequests<>(repository, () -> {
            repository.destroy();
            hazelcast.getMap(Hazelcasts.MAP + "-spring").destroy();
            hazelcast.shutdown();
        });
    }
}
