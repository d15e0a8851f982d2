package dev.holdfast.session.hazelcast;

import com.hazelcast.partition.PartitionService;
import com.hazelcast.query.Predicates;
import dev.holdfast.session.spi.StoredSession;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Spliterators;
import java.util.function.Consumer;

/** Goes through the sessions a partition at a time: each partition is read in one step, and one is in memory at once. */
final class RecordScan extends Spliterators.AbstractSpliterator<StoredSession> {

    private final Records records;
    private final Iterator<String> partitionKeys;
    private final Runnable requireOpen;
    private Iterator<StoredSession> current = List.<StoredSession>of().iterator();

    RecordScan(Records records, PartitionService partitions, Runnable requireOpen) {
        super(Long.MAX_VALUE, DISTINCT | NONNULL);
        this.records = records;
        this.requireOpen = requireOpen;
        this.partitionKeys =
                Failures.reading("scan", () -> keyOfEach(partitions)).iterator();
    }

    /** Returns a key of each partition, by which a query finds it. */
    private static List<String> keyOfEach(PartitionService partitions) {
        int count = partitions.getPartitions().size();
        Map<Integer, String> keys = new HashMap<>();
        for (int i = 0; keys.size() < count; i++) {
            String key = Integer.toString(i);
            keys.putIfAbsent(partitions.getPartition(key).getPartitionId(), key);
        }
        return List.copyOf(keys.values());
    }

    @Override
    public boolean tryAdvance(Consumer<? super StoredSession> action) {
        while (!current.hasNext()) {
            if (!partitionKeys.hasNext()) {
                return false;
            }
            requireOpen.run();
            current = read(partitionKeys.next()).iterator();
        }
        action.accept(current.next());
        return true;
    }

    private List<StoredSession> read(String partitionKey) {
        return Failures.reading(
                "scan",
                () ->
                        records
                                .map()
                                .entrySet(Predicates.partitionPredicate(partitionKey, Predicates.alwaysTrue()))
                                .stream()
                                .map(records::live)
                                .<StoredSession>mapMulti((session, sink) -> {
                                    if (session != null) {
                                        sink.accept(session);
                                    }
                                })
                                .toList());
    }
}
