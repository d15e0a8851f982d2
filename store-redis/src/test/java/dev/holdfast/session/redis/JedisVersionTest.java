package dev.holdfast.session.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.UnifiedJedis;

/** Guards that the run with the oldest Jedis has that Jedis. */
@Tag("oldest-jedis")
class JedisVersionTest {

    @Test
    @DisplayName("the run with the oldest Jedis has no other on its class path")
    void isTheOldest() {
        String expected = System.getProperty("expected.jedis");
        assumeTrue(expected != null, "this run has the Jedis that the module declares");
        assertThat(UnifiedJedis.class.getProtectionDomain().getCodeSource().getLocation())
                .asString()
                .endsWith("jedis-" + expected + ".jar");
    }
}
