package dev.holdfast.session.redis;

import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.StoredSession;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Spliterators;
import java.util.function.Consumer;
import redis.clients.jedis.Protocol.Command;

/**
 * Goes through the records of each master with SCAN. Redis may return a key twice when its hash table shrinks meanwhile, but
 * then soon again; so it is enough to remember the last keys.
 */
final class RecordScan extends Spliterators.AbstractSpliterator<StoredSession> {

    private static final int REMEMBERED = 1 << 16;
    private static final byte[] COUNT = Server.ascii("500");
    private static final byte[] START = Server.ascii("0");
    private static final int LOADED_AT_ONCE = 100;

    private final Server server;
    private final KeySpace keys;
    private final Records records;
    private final Queue<byte[]> masters;
    private final Queue<StoredSession> ready = new ArrayDeque<>();
    private final Map<SessionKey, Boolean> recent = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<SessionKey, Boolean> eldest) {
            return size() > REMEMBERED;
        }
    };
    private byte[] cursor = START;

    RecordScan(Server server, KeySpace keys, Records records, ServerCheck check) {
        super(Long.MAX_VALUE, DISTINCT | NONNULL | IMMUTABLE);
        this.server = server;
        this.keys = keys;
        this.records = records;
        this.masters = new ArrayDeque<>(check.keyOfEachMaster());
    }

    @Override
    public boolean tryAdvance(Consumer<? super StoredSession> action) {
        while (ready.isEmpty()) {
            byte[] master = masters.peek();
            if (master == null) {
                return false;
            }
            fill(master);
        }
        action.accept(ready.remove());
        return true;
    }

    @SuppressWarnings("unchecked")
    private void fill(byte[] master) {
        List<Object> reply = (List<Object>) server.read(
                "scan",
                () -> server.send(
                        master,
                        Command.SCAN,
                        cursor,
                        Server.ascii("MATCH"),
                        keys.pattern(),
                        Server.ascii("COUNT"),
                        COUNT));
        cursor = (byte[]) reply.get(0);
        List<SessionKey> found = new ArrayList<>();
        for (byte[] key : (List<byte[]>) reply.get(1)) {
            keys.sessionOf(key)
                    .filter(session -> recent.put(session, true) == null)
                    .ifPresent(found::add);
        }
        for (int from = 0; from < found.size(); from += LOADED_AT_ONCE) {
            List<SessionKey> some = found.subList(from, Math.min(found.size(), from + LOADED_AT_ONCE));
            records.loadAll("scan", some).stream().flatMap(Optional::stream).forEach(ready::add);
        }
        if (Arrays.equals(cursor, START)) {
            masters.remove();
        }
    }
}
