package dev.holdfast.session.hazelcast;

import com.hazelcast.config.Config;
import com.hazelcast.config.EvictionPolicy;
import com.hazelcast.config.InMemoryFormat;
import com.hazelcast.config.IndexConfig;
import com.hazelcast.config.IndexType;
import com.hazelcast.config.MapConfig;
import com.hazelcast.config.MergePolicyConfig;
import com.hazelcast.spi.properties.ClusterProperty;
import java.util.List;

/** How a map of sessions is set up in an application's own {@link Config} of a member. */
public final class SessionMaps {

    /** The map that a store uses unless told otherwise. */
    public static final String DEFAULT_NAME = "holdfast.sessions";

    private static final int MERGE_BATCH = 100;

    private SessionMaps() {}

    /**
     * Sets a member up that has this module on its class path: adds the {@linkplain #config map} of that name, says to
     * the cluster that the member runs changes of sessions where they lie, which stores use once each member says so, and
     * lets writes fail as unknown which a backup has not confirmed. Nothing else is changed.
     *
     * @return the same configuration
     */
    public static Config configure(Config member, String mapName) {
        member.addMapConfig(config(mapName));
        member.getMemberAttributeConfig().setAttribute(Topology.ATTRIBUTE, Topology.FORMAT);
        member.setProperty(ClusterProperty.FAIL_ON_INDETERMINATE_OPERATION_STATE.getName(), "true");
        return member;
    }

    /**
     * Returns a map of one synchronous backup, binary, without eviction, statistics of entries, or time to live, with the
     * two indexes of the store, where after a split brain {@link SessionMergePolicy} decides. Add what else you need,
     * such as split-brain protection.
     */
    public static MapConfig config(String mapName) {
        MapConfig map = new MapConfig(mapName)
                .setBackupCount(1)
                .setAsyncBackupCount(0)
                .setReadBackupData(false)
                .setInMemoryFormat(InMemoryFormat.BINARY)
                .setTimeToLiveSeconds(0)
                .setMaxIdleSeconds(0)
                .setMergePolicyConfig(new MergePolicyConfig(SessionMergePolicy.class.getName(), MERGE_BATCH));
        map.getEvictionConfig().setEvictionPolicy(EvictionPolicy.NONE);
        indexes().forEach(map::addIndexConfig);
        return map;
    }

    /** Returns new ones each time, since Hazelcast keeps and changes what it is given. */
    static List<IndexConfig> indexes() {
        return List.of(
                new IndexConfig(IndexType.SORTED, Entries.EXPIRES).setName("holdfast-" + Entries.EXPIRES),
                new IndexConfig(IndexType.HASH, Entries.PRINCIPAL).setName("holdfast-" + Entries.PRINCIPAL));
    }
}
