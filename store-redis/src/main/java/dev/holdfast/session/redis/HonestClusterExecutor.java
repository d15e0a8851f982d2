package dev.holdfast.session.redis;

import java.time.Duration;
import redis.clients.jedis.CommandObject;
import redis.clients.jedis.Connection;
import redis.clients.jedis.StaticCommandFlagsRegistry;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.executors.ClusterCommandExecutor;
import redis.clients.jedis.providers.ClusterConnectionProvider;

/**
 * Follows redirections, and looks for another node if one can't be reached, but sends no command again whose reply was lost:
 * a delete that was applied would come to nothing the second time, and say so.
 */
final class HonestClusterExecutor extends ClusterCommandExecutor {

    private static final int ATTEMPTS = 5;

    HonestClusterExecutor(ClusterConnectionProvider provider, Duration budget) {
        super(provider, ATTEMPTS, budget, StaticCommandFlagsRegistry.registry());
    }

    @Override
    protected <T> T execute(Connection connection, CommandObject<T> command) {
        try {
            return super.execute(connection, command);
        } catch (JedisConnectionException e) {
            throw new LostReplyException(e);
        }
    }

    /** A connection that broke after a command was sent. */
    static final class LostReplyException extends JedisException {

        private static final long serialVersionUID = 1L;

        LostReplyException(JedisConnectionException cause) {
            super("the connection to a node of the cluster broke", cause);
        }
    }
}
