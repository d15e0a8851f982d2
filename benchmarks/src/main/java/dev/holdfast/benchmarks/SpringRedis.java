package dev.holdfast.benchmarks;

import io.lettuce.core.RedisURI;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.RedisTemplate;
import org.springframework.data.redis.serializer.RedisSerializer;
import org.springframework.session.data.redis.RedisIndexedSessionRepository;
import org.springframework.session.data.redis.RedisSessionRepository;

/** Spring Session's two repositories on Redis, by Lettuce and with JDK serialization: its defaults. */
final class SpringRedis {

    private static final String NAMESPACE = RedisFloor.PREFIX + "spring";

    private SpringRedis() {}

    static Requests plain() {
        LettuceConnectionFactory connections = connect();
        RedisSessionRepository repository = new RedisSessionRepository(template(connections));
        repository.setRedisKeyNamespace(NAMESPACE);
        return new SpringRequests<>(repository, () -> close(connections));
    }

    static Requests indexed() {
        LettuceConnectionFactory connections = connect();
        RedisIndexedSessionRepository repository = new RedisIndexedSessionRepository(template(connections));
        repository.setRedisKeyNamespace(NAMESPACE);
        repository.setCleanupCron("-");
        repository.afterPropertiesSet();
        return new SpringRequests<>(repository, () -> {
            repository.destroy();
            close(connections);
        });
    }

    private static LettuceConnectionFactory connect() {
        RedisFloor.clear();
        LettuceConnectionFactory connections = new LettuceConnectionFactory(
                LettuceConnectionFactory.createRedisConfiguration(RedisURI.create(Servers.uri("redis"))));
        connections.afterPropertiesSet();
        connections.start();
        return connections;
    }

    private static RedisTemplate<String, Object> template(LettuceConnectionFactory connections) {
        RedisTemplate<String, Object> template = new RedisTemplate<>();
        template.setConnectionFactory(connections);
        template.setKeySerializer(RedisSerializer.string());
        template.setHashKeySerializer(RedisSerializer.string());
        template.afterPropertiesSet();
        return template;
    }

    private static void close(LettuceConnectionFactory connections) {
        connections.destroy();
        RedisFloor.clear();
    }
}
