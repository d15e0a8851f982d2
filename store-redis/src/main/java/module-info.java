/** The session store that keeps records in Redis or Valkey, by any Jedis client. */
@org.jspecify.annotations.NullMarked
module dev.holdfast.session.redis {
    requires static transitive org.jspecify;
    requires transitive dev.holdfast.session;
    requires transitive redis.clients.jedis;
    requires org.apache.commons.pool2;

    exports dev.holdfast.session.redis;

    provides dev.holdfast.session.spi.SessionStoreProvider with
            dev.holdfast.session.redis.RedisSessionStoreProvider;
}
