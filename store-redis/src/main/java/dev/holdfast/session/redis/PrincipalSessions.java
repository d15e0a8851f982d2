package dev.holdfast.session.redis;

import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.StoredSession;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.params.ZRangeParams;

/**
 * The principal index: in each part a sorted set whose members are 20 hexadecimal digits of the principal's SHA-1 and the
 * session key. A record and its entry are written by one script, so no record lacks its entry. An entry may outlive its
 * record, which Redis removed; whoever meets it drops it, and the set expires with its last record. What is found is compared with the
 * record's principal, so a digest that two principals share does no harm.
 */
final class PrincipalSessions {

    private static final int PAGE = 256;
    private static final int DIGEST = 20;
    private static final byte[] START = {};
    private static final int HEALED_AT_ONCE = 100;

    private final Server server;
    private final KeySpace keys;
    private final Scripts scripts;
    private final Records records;
    private final AtomicInteger nextToHeal = new AtomicInteger();
    private final AtomicReferenceArray<byte[]> healedUpTo = new AtomicReferenceArray<>(2 * KeySpace.PARTS);

    PrincipalSessions(Server server, KeySpace keys, Scripts scripts, Records records) {
        this.server = server;
        this.keys = keys;
        this.scripts = scripts;
        this.records = records;
        for (int turn = 0; turn < healedUpTo.length(); turn++) {
            healedUpTo.set(turn, START);
        }
    }

    List<StoredSession> find(String principal, @Nullable SessionKey after, int limit) {
        byte[] digest = digest(principal);
        List<StoredSession> found = new ArrayList<>();
        SessionKey last = after;
        while (found.size() < limit) {
            int wanted = Math.min(limit - found.size(), PAGE);
            List<SessionKey> page = page(digest, last, wanted);
            List<Optional<StoredSession>> sessions = records.loadAll("find by principal", page);
            for (int i = 0; i < page.size(); i++) {
                Optional<StoredSession> session = sessions.get(i).filter(live -> principal.equals(live.principal()));
                if (session.isPresent()) {
                    found.add(session.orElseThrow());
                } else {
                    heal(digest, page.get(i));
                }
            }
            if (page.size() < wanted) {
                return found;
            }
            last = page.get(page.size() - 1);
        }
        return found;
    }

    int deleteAll(String principal, @Nullable SessionKey except) {
        int deleted = 0;
        int before;
        do {
            before = deleted;
            SessionKey last = null;
            List<StoredSession> page;
            do {
                page = find(principal, last, PAGE);
                for (StoredSession session : page) {
                    last = session.key();
                    if (!last.equals(except) && records.delete(last, principal)) {
                        deleted++;
                    }
                }
            } while (page.size() == PAGE);
        } while (deleted > before);
        return deleted;
    }

    /** Looks at some entries of one part, each time of the next one, and there where it ended the last time. */
    void healSome() {
        int turn = Math.floorMod(nextToHeal.getAndIncrement(), 2 * KeySpace.PARTS);
        byte[] index = keys.index(turn / 2, turn % 2 == 0 ? 'p' : 'n');
        byte[] from = lexBound('(', healedUpTo.get(turn), START);
        List<byte[]> entries = server.read(
                "purge",
                () -> server.jedis.zrange(
                        index,
                        ZRangeParams.zrangeByLexParams(from, new byte[] {'+'}).limit(0, HEALED_AT_ONCE)));
        healedUpTo.set(turn, entries.size() < HEALED_AT_ONCE ? START : entries.get(entries.size() - 1));
        List<Optional<Boolean>> there = server.readAll(
                "purge",
                entries,
                (pipeline, entry) -> pipeline.exists(keys.record(sessionKey(entry))),
                entry -> server.jedis.exists(keys.record(sessionKey(entry))));
        for (int i = 0; i < entries.size(); i++) {
            if (!there.get(i).orElse(true)) {
                byte[] entry = entries.get(i);
                heal(Arrays.copyOf(entry, DIGEST), SessionKey.ofBytes(sessionKey(entry)));
            }
        }
    }

    private void heal(byte[] digest, SessionKey key) {
        byte[] bytes = key.toBytes();
        int part = KeySpace.part(bytes);
        List<byte[]> all = List.of(keys.record(bytes), keys.index(part, 'p'), keys.index(part, 'n'));
        server.write("heal the index", scripts.heal, all, List.of(digest), answer -> true);
    }

    /** Returns the next keys of a principal in their order: parts hold ranges of keys, so the first parts come first. */
    private List<SessionKey> page(byte[] digest, @Nullable SessionKey after, int limit) {
        byte[] from = after == null ? null : after.toBytes();
        byte[] max = lexBound('[', digest, filled());
        List<Range> ranges = new ArrayList<>();
        for (int part = from == null ? 0 : KeySpace.part(from); part < KeySpace.PARTS; part++) {
            byte[] min = from != null && part == KeySpace.part(from)
                    ? lexBound('(', digest, from)
                    : lexBound('[', digest, new byte[0]);
            ranges.add(new Range(keys.index(part, 'p'), min));
            ranges.add(new Range(keys.index(part, 'n'), min));
        }
        List<Optional<List<byte[]>>> entries = server.readAll(
                "find by principal",
                ranges,
                (pipeline, range) -> pipeline.zrange(range.index, range.limits(max, limit)),
                range -> server.jedis.zrange(range.index, range.limits(max, limit)));
        return entries.stream()
                .flatMap(Optional::stream)
                .flatMap(List::stream)
                .map(entry -> SessionKey.ofBytes(sessionKey(entry)))
                .sorted()
                .distinct()
                .limit(limit)
                .toList();
    }

    /** What to read from one index. */
    private static final class Range {

        final byte[] index;
        final byte[] min;

        Range(byte[] index, byte[] min) {
            this.index = index;
            this.min = min;
        }

        ZRangeParams limits(byte[] max, int count) {
            return ZRangeParams.zrangeByLexParams(min, max).limit(0, count);
        }
    }

    private static byte[] filled() {
        byte[] last = new byte[SessionKey.BYTES];
        Arrays.fill(last, (byte) 0xFF);
        return last;
    }

    private static byte[] lexBound(char kind, byte[] digest, byte[] key) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(1 + digest.length + key.length);
        out.write(kind);
        out.writeBytes(digest);
        out.writeBytes(key);
        return out.toByteArray();
    }

    private static byte[] sessionKey(byte[] entry) {
        return Arrays.copyOfRange(entry, DIGEST, entry.length);
    }

    static byte[] digest(String principal) {
        return Server.ascii(
                Script.sha1(principal.getBytes(StandardCharsets.UTF_8)).substring(0, DIGEST));
    }
}
