package dev.holdfast.session.hazelcast;

import com.hazelcast.cluster.Member;
import com.hazelcast.cluster.MembershipEvent;
import com.hazelcast.cluster.MembershipListener;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceNotActiveException;
import com.hazelcast.core.LifecycleEvent.LifecycleState;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/** Who is in the cluster, and whether each of them can run a {@link Change}. */
final class Topology implements AutoCloseable {

    /** The attribute by which a member says that it has our classes. */
    static final String ATTRIBUTE = "holdfast.sessions";

    /** The value of the attribute: which changes it can run. */
    static final String FORMAT = "1";

    private final HazelcastInstance hazelcast;
    private final UUID membership;
    private final UUID lifecycle;
    private volatile Set<UUID> members = Set.of();
    private volatile boolean runsChanges;

    /** @param onNewCluster what to do when this may be connected to another cluster than before */
    Topology(HazelcastInstance hazelcast, Runnable onNewCluster) {
        this.hazelcast = hazelcast;
        membership = hazelcast.getCluster().addMembershipListener(new MembershipListener() {
            @Override
            public void memberAdded(MembershipEvent event) {
                look();
            }

            @Override
            public void memberRemoved(MembershipEvent event) {
                look();
            }
        });
        lifecycle = hazelcast.getLifecycleService().addLifecycleListener(event -> {
            if (event.getState() == LifecycleState.CLIENT_CONNECTED || event.getState() == LifecycleState.MERGED) {
                look();
                onNewCluster.run();
            }
        });
        look();
    }

    private void look() {
        Set<Member> now = hazelcast.getCluster().getMembers();
        members = ids(now);
        runsChanges = !now.isEmpty() && now.stream().allMatch(member -> FORMAT.equals(member.getAttribute(ATTRIBUTE)));
    }

    private static Set<UUID> ids(Set<Member> members) {
        return members.stream().map(Member::getUuid).collect(Collectors.toUnmodifiableSet());
    }

    /** Returns whether a change can run on whichever member owns a record or is its backup. */
    boolean runsChanges() {
        return runsChanges;
    }

    /** Runs no changes on members any more. */
    void distrust() {
        runsChanges = false;
    }

    /** Returns the members, to be compared with later. */
    Set<UUID> members() {
        return members;
    }

    /** Returns whether these are not the members now, so that Hazelcast may have sent a request twice. */
    boolean hasChangedSince(Set<UUID> before) {
        return !before.equals(ids(hazelcast.getCluster().getMembers()));
    }

    @Override
    public void close() {
        try {
            hazelcast.getCluster().removeMembershipListener(membership);
            hazelcast.getLifecycleService().removeLifecycleListener(lifecycle);
        } catch (HazelcastInstanceNotActiveException e) {
            // with the instance its listeners are gone
        }
    }
}
