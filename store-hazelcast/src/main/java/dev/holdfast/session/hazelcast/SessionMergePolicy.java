package dev.holdfast.session.hazelcast;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.genericrecord.GenericRecord;
import com.hazelcast.spi.merge.MergingEntry;
import com.hazelcast.spi.merge.SplitBrainMergePolicy;
import dev.holdfast.session.spi.SessionKey;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * Decides which of two records of a session stays when the parts of a split cluster meet again: a tombstone before a
 * session, so that who was logged out stays so; the session that was created later; the higher version; the later access.
 * Of two updates of one version, one on each side, one is lost. For members that have this class; see
 * {@link SessionMaps#config}.
 */
public final class SessionMergePolicy implements SplitBrainMergePolicy<Object, MergingEntry<Object, Object>, Object> {

    private static final Comparator<Body> RANK = Comparator.<Body, Boolean>comparing(
                    body -> body.kind() == Body.Kind.TOMBSTONE)
            .thenComparingLong(Body::createdAt)
            .thenComparingLong(Body::version)
            .thenComparingLong(Body::lastAccessedAt)
            .thenComparingLong(Body::expiresAt)
            .thenComparingLong(Body::writeId);

    /** For Hazelcast. */
    public SessionMergePolicy() {}

    @Override
    public @Nullable Object merge(
            MergingEntry<Object, Object> merging, @Nullable MergingEntry<Object, Object> existing) {
        if (existing == null || existing.getDeserializedValue() == null) {
            return merging.getRawValue();
        }
        Body theirs = body(merging);
        Body ours = body(existing);
        boolean theirsStays = theirs != null && (ours == null || RANK.compare(theirs, ours) > 0);
        return theirsStays ? merging.getRawValue() : existing.getRawValue();
    }

    private static @Nullable Body body(MergingEntry<Object, Object> entry) {
        if (!(entry.getKey() instanceof String name)
                || !(entry.getDeserializedValue() instanceof GenericRecord value)) {
            return null;
        }
        SessionKey key = Entries.sessionKey(name.startsWith("lock:") ? name.substring("lock:".length()) : name);
        return key == null ? null : Entries.body(key, value);
    }

    @Override
    public void writeData(ObjectDataOutput out) {
        // has no settings
    }

    @Override
    public void readData(ObjectDataInput in) {
        // has no settings
    }
}
