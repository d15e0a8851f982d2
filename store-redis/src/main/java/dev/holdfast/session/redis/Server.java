package dev.holdfast.session.redis;

import dev.holdfast.session.spi.OutcomeUnknownException;
import dev.holdfast.session.spi.SessionKey;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongPredicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.AbstractPipeline;
import redis.clients.jedis.ConnectionPool;
import redis.clients.jedis.MultiNodePipelineBase;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.RedisClusterClient;
import redis.clients.jedis.Response;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.commands.ProtocolCommand;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.exceptions.JedisNoScriptException;
import redis.clients.jedis.exceptions.JedisRedirectionException;

/**
 * Sends commands, and says what their failures mean. A read, and a write that knows itself again, is sent a second time if
 * the connection broke, which a restarted server and an idle connection that was cut often cause; after a timeout never.
 */
final class Server {

    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final Duration PAUSE = Duration.ofMillis(10);

    final UnifiedJedis jedis;

    private final int replicas;
    private final long replicaMillis;

    Server(UnifiedJedis jedis, int replicas, Duration replicaTimeout) {
        this.jedis = jedis;
        this.replicas = replicas;
        this.replicaMillis = replicaTimeout.toMillis();
    }

    boolean waitsForReplicas() {
        return replicas > 0;
    }

    /** A verb of a session as errors name it, made only when there is one: most calls need no text. */
    record Verb(String name, SessionKey key) {
        @Override
        public String toString() {
            return name + " " + key.toString().substring(0, 8) + "…";
        }
    }

    /**
     * Returns the answer to a command that changes nothing.
     *
     * @param operation what errors call it
     */
    <T extends @Nullable Object> T read(Object operation, Supplier<T> command) {
        try {
            return command.get();
        } catch (JedisException first) {
            if (!Failures.isBroken(first)) {
                throw Failures.of(operation, first, false);
            }
            dropIdle();
            try {
                return command.get();
            } catch (JedisException second) {
                throw Failures.of(operation, second, false);
            }
        }
    }

    /** Returns the answer to a command that may be applied once only. */
    <T extends @Nullable Object> T once(Object operation, Supplier<T> command) {
        try {
            return command.get();
        } catch (JedisException e) {
            throw Failures.of(operation, e, true);
        }
    }

    /**
     * Returns the answer to a script that writes.
     *
     * @param certain whether an answer to a second try tells what became of the first; {@code null} for no second try
     */
    long write(
            Object operation,
            Script script,
            List<byte[]> keys,
            List<byte[]> arguments,
            @Nullable LongPredicate certain) {
        JedisException first;
        try {
            return confirmed(operation, script, keys, arguments);
        } catch (JedisException e) {
            first = e;
        }
        if (certain == null || !Failures.isBroken(first)) {
            throw Failures.of(operation, first, true);
        }
        dropIdle();
        try {
            long answer = confirmed(operation, script, keys, arguments);
            if (certain.test(answer)) {
                return answer;
            }
        } catch (JedisException second) {
            first.addSuppressed(second);
        }
        throw Failures.of(operation, first, true);
    }

    /** When one connection broke the idle ones beside it often did, too, as they do when a server restarts. */
    private void dropIdle() {
        try {
            if (jedis instanceof RedisClient single) {
                single.getPool().clear();
            } else if (jedis instanceof RedisClusterClient cluster) {
                cluster.getClusterNodes().values().forEach(ConnectionPool::clear);
            }
        } catch (IllegalStateException e) {
            // the pool was closed meanwhile, as the next try will say
        }
    }

    private long confirmed(Object operation, Script script, List<byte[]> keys, List<byte[]> arguments) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                return replicas == 0
                        ? (long) script.run(jedis, keys, arguments)
                        : replicated(operation, script, keys, arguments);
            } catch (JedisDataException e) {
                if (!isSlotMoving(e)
                        || System.nanoTime() > end
                        || Thread.currentThread().isInterrupted()) {
                    throw e;
                }
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        }
    }

    /**
     * Returns whether keys of a part are on two nodes, as they are while a slot moves. Scripts touch other keys than the
     * record before they write it, and remove from them what may be removed twice, so that they can run again.
     */
    private static boolean isSlotMoving(JedisDataException answer) {
        String message = String.valueOf(answer.getMessage());
        return message.startsWith("TRYAGAIN") || message.contains("non local key");
    }

    private long replicated(Object operation, Script script, List<byte[]> keys, List<byte[]> arguments) {
        // a pipeline of a cluster client would swallow the interrupt
        boolean interrupted = Thread.interrupted();
        try {
            return replicatedUndisturbed(operation, script, keys, arguments);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private long replicatedUndisturbed(Object operation, Script script, List<byte[]> keys, List<byte[]> arguments) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        boolean known = true;
        while (true) {
            try (AbstractPipeline pipeline = jedis.pipelined()) {
                Response<Object> answer = known
                        ? pipeline.evalsha(script.digest, keys, arguments)
                        : pipeline.eval(script.text, keys, arguments);
                Response<Long> confirmed = pipeline.waitReplicas(keys.get(0), replicas, replicaMillis);
                pipeline.sync();
                long done = (long) answer.get();
                if (done == Scripts.YES && confirmed.get() < replicas) {
                    throw new OutcomeUnknownException(
                            operation + ", which the server applied and " + confirmed.get() + " of " + replicas
                                    + " replicas confirmed in " + replicaMillis
                                    + " ms, so that a failover may lose it,",
                            null);
                }
                return done;
            } catch (JedisNoScriptException e) {
                known = false;
            } catch (JedisRedirectionException e) {
                if (System.nanoTime() > end) {
                    throw e;
                }
                // pipelines follow no redirection, but this makes the client look where the slots are
                jedis.exists(keys.get(0));
            }
        }
    }

    /** Returns the answers to reads, empty for null, in as few round trips as the topology allows. */
    <Q, A> List<Optional<A>> readAll(
            String operation, List<Q> questions, Pipelined<Q, A> pipelined, Single<Q, A> single) {
        if (questions.isEmpty()) {
            return List.of();
        }
        if (questions.size() == 1) {
            return read(operation, () -> List.of(Optional.ofNullable(single.ask(questions.get(0)))));
        }
        return read(operation, () -> {
            List<Optional<A>> answers = new ArrayList<>(questions.size());
            List<Response<A>> responses = new ArrayList<>(questions.size());
            try (AbstractPipeline pipeline = jedis.pipelined()) {
                if (pipeline instanceof MultiNodePipelineBase) {
                    // it starts threads, swallows interrupts, and follows no redirection
                    questions.forEach(question -> answers.add(Optional.ofNullable(single.ask(question))));
                    return answers;
                }
                for (Q question : questions) {
                    responses.add(pipelined.ask(pipeline, question));
                }
                pipeline.sync();
            }
            for (int i = 0; i < questions.size(); i++) {
                answers.add(answer(responses.get(i), single, questions.get(i)));
            }
            return answers;
        });
    }

    private static <Q, A> Optional<A> answer(Response<A> response, Single<Q, A> single, Q question) {
        try {
            return Optional.ofNullable(response.get());
        } catch (JedisDataException e) {
            if (isForeignType(e)) {
                return Optional.ofNullable(single.ask(question));
            }
            throw e;
        }
    }

    /** Asks in a pipeline. */
    interface Pipelined<Q, A> {
        Response<A> ask(AbstractPipeline pipeline, Q question);
    }

    /** Asks alone. */
    interface Single<Q, A> {
        @Nullable
        A ask(Q question);
    }

    /** Sends a command to the node that a key lies on. */
    @SuppressWarnings("deprecation") // the way that Jedis 7 and 8 share
    Object send(byte[] key, ProtocolCommand command, byte[]... arguments) {
        return jedis.sendCommand(key, command, arguments);
    }

    static boolean isForeignType(JedisDataException failure) {
        return String.valueOf(failure.getMessage()).startsWith("WRONGTYPE");
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    static long saturatedMillis(Duration duration) {
        return TimeUnit.MILLISECONDS.convert(duration);
    }
}
