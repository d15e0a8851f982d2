package dev.holdfast.session.redis;

import dev.holdfast.session.spi.KeyListeners;
import dev.holdfast.session.spi.SessionKey;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import redis.clients.jedis.params.ZRangeParams;

/**
 * Finds what has expired, from a sorted set in each part that holds session keys by the time when they may have. An entry is
 * put off for a minute while its listeners are told, and removed when they were, so a node that dies in between leaves it
 * to another. A record that lives on is put off until its own time. An entry with an exclamation mark is a session whose key was taken by another one since.
 */
final class ExpirySweep {

    private static final long PUT_OFF = Duration.ofMinutes(1).toMillis();
    private static final int MOST_AT_ONCE = 1000;

    private static final Script CLAIM = new Script("""
            local D, call, sub = KEYS[1], redis.call, string.sub
            local found = call('ZRANGEBYSCORE', D, '-inf', ARGV[1], 'LIMIT', 0, ARGV[2])
            local told = {}
            for _, entry in ipairs(found) do
              local K = sub(D, 1, -2) .. entry
              local h = #entry == 32 and call('TYPE', K).ok == 'string' and call('GETRANGE', K, 0, 63)
              local expires
              if type(h) == 'string' and #h == 64 and sub(h, 1, 2) == 'H\\1' then
                local high, low = struct.unpack('>i4I4', sub(h, 23, 30))
                expires = high * 4294967296 + low
              end
              if expires and expires >= 9223372036854775807 then
                call('ZREM', D, entry)
              elseif expires and expires > tonumber(ARGV[1]) then
                call('ZADD', D, string.format('%.0f', expires), entry)
              else
                call('ZADD', D, ARGV[3], entry)
                told[#told + 1] = entry
              end
            end
            return {#found, told}
            """);
    private static final Script TOLD = new Script("""
            for i = 2, #ARGV do
              local score = redis.call('ZSCORE', KEYS[1], ARGV[i])
              if score and tonumber(score) == tonumber(ARGV[1]) then redis.call('ZREM', KEYS[1], ARGV[i]) end
            end
            return 1
            """);

    private final Server server;
    private final KeySpace keys;
    private final InstantSource clock;
    private final Predicate<SessionKey> isLive;

    ExpirySweep(Server server, KeySpace keys, InstantSource clock, Predicate<SessionKey> isLive) {
        this.server = server;
        this.keys = keys;
        this.clock = clock;
        this.isLive = isLive;
    }

    /** Tells of at most so many expiries, and returns how many. */
    int sweep(int limit, KeyListeners listeners) {
        long time = clock.millis();
        byte[] now = Server.ascii(Long.toString(time));
        ZRangeParams firstDue = ZRangeParams.zrangeByScoreParams(-Double.MAX_VALUE, (double) time)
                .limit(0, 1);
        List<byte[]> indexes = IntStream.range(0, KeySpace.PARTS)
                .mapToObj(part -> keys.index(part, 'd'))
                .toList();
        List<Optional<List<byte[]>>> due = server.readAll(
                "purge",
                indexes,
                (pipeline, index) -> pipeline.zrange(index, firstDue),
                index -> server.jedis.zrange(index, firstDue));
        int told = 0;
        for (int part = 0; part < due.size() && told < limit; part++) {
            if (!due.get(part).orElse(List.of()).isEmpty()) {
                told += sweepPart(indexes.get(part), now, limit - told, listeners);
            }
        }
        return told;
    }

    @SuppressWarnings("unchecked")
    private int sweepPart(byte[] index, byte[] now, int limit, KeyListeners listeners) {
        int told = 0;
        int wanted;
        long looked;
        do {
            wanted = Math.min(limit - told, MOST_AT_ONCE);
            byte[] most = Server.ascii(Integer.toString(wanted));
            byte[] until = Server.ascii(Long.toString(clock.millis() + PUT_OFF));
            List<Object> answer = (List<Object>)
                    server.once("purge", () -> CLAIM.run(server.jedis, List.of(index), List.of(now, most, until)));
            looked = (long) answer.get(0);
            List<byte[]> arguments = new ArrayList<>();
            arguments.add(until);
            for (byte[] entry : (List<byte[]>) answer.get(1)) {
                SessionKey key = SessionKey.ofBytes(Arrays.copyOf(entry, SessionKey.BYTES));
                // a record that is just moving to another node looks like one that is gone
                if (entry.length > SessionKey.BYTES || !isLive.test(key)) {
                    listeners.tell(key);
                    arguments.add(entry);
                    told++;
                }
            }
            if (arguments.size() > 1) {
                server.write("purge", TOLD, List.of(index), arguments, done -> true);
            }
        } while (looked == wanted && told < limit);
        return told;
    }
}
