package dev.holdfast.session.compliance;

import static dev.holdfast.session.spi.UpdateOutcome.APPLIED;
import static dev.holdfast.session.spi.UpdateOutcome.CONFLICT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.session.spi.PrincipalIndex;
import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.StoredSession;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** I1 and I2: the principal index lists what is there, whatever happened to it. */
@Tag("ability")
abstract class PrincipalPromises extends Promises {

    private PrincipalIndex indexA;
    private PrincipalIndex indexB;

    PrincipalPromises(SessionStoreExam exam) {
        super(exam);
    }

    @BeforeEach
    final void needAbility() {
        indexA = ExamRoom.ability(PrincipalIndex.class, nodeA);
        indexB = ExamRoom.ability(PrincipalIndex.class, nodeB);
    }

    private void assertListed(String principal, String when, StoredSession... expected) {
        for (PrincipalIndex index : List.of(indexA, indexB)) {
            assertThat(index.findByPrincipal(principal, null, 100))
                    .as("sessions of %s, %s", principal, when)
                    .extracting(StoredSession::key)
                    .containsExactlyInAnyOrder(
                            List.of(expected).stream().map(StoredSession::key).toArray(SessionKey[]::new));
        }
    }

    @Test
    @DisplayName("I1: the sessions of a principal are listed, whole, and nobody else's")
    final void i1ListsWhole() {
        StoredSession first = create(draft().principal("alice").payload("first"));
        StoredSession second = create(draft().principal("alice").expires(time.in(Duration.ofDays(9))));
        create(draft().principal("bob"));
        create(draft().principal(null));
        Map<SessionKey, StoredSession> expected = Map.of(first.key(), first, second.key(), second);
        for (PrincipalIndex index : List.of(indexA, indexB)) {
            List<StoredSession> listed = index.findByPrincipal("alice", null, 100);
            assertThat(listed).as("sessions of alice").hasSize(2);
            for (StoredSession session : listed) {
                assertThat(expected).as("sessions of alice").containsKey(session.key());
                assertSame(session, Objects.requireNonNull(expected.get(session.key())), "a listed session");
            }
        }
        assertListed("nobody", "who has none");
    }

    @Test
    @DisplayName("I1: principals are compared exactly: case, spaces, accents, wildcards and all")
    final void i1ComparedExactly() {
        create(draft().principal(null));
        Map<String, StoredSession> sessions = RoundTripPromises.PRINCIPALS.stream()
                .collect(Collectors.toMap(Function.identity(), principal -> create(draft().principal(principal))));
        sessions.forEach((principal, session) -> assertListed(principal, "among names like it", session));
        for (String absent : List.of("%", "_", "a", "alic_", "ALICe", "cafe", "X")) {
            assertListed(absent, "a name that only resembles others");
        }
    }

    @Test
    @DisplayName("I2: the index follows create and delete")
    final void i2FollowsCreateAndDelete() {
        StoredSession first = create(draft().principal("alice"));
        assertListed("alice", "after create", first);
        StoredSession second = draft().principal("alice").make();
        assertThat(nodeB.create(second)).isTrue();
        assertListed("alice", "after a second create", first, second);
        assertThat(nodeB.delete(first.key())).isTrue();
        assertListed("alice", "after delete", second);
        StoredSession other = draft().key(first.key()).principal("bob").make();
        assertThat(nodeA.create(other)).isTrue();
        assertListed("alice", "after her key went to bob", second);
        assertListed("bob", "who has alice's old key", other);
        assertThat(nodeA.create(Draft.of(other).principal("carol").make())).isFalse();
        assertListed("carol", "after a create that was refused");
    }

    @Test
    @DisplayName("I2: the index follows a change of principal, to another and to nobody")
    final void i2FollowsUpdate() {
        StoredSession session = create(draft());
        assertThat(nodeA.update(Draft.of(session).principal("alice").make(), 1)).isEqualTo(APPLIED);
        assertListed("alice", "after login", session);
        assertThat(nodeB.update(Draft.of(session).principal("bob").make(), 2)).isEqualTo(APPLIED);
        assertListed("alice", "after her session went to bob");
        assertListed("bob", "after he got alice's session", session);
        assertThat(nodeA.update(Draft.of(session).principal("carol").make(), 2)).isEqualTo(CONFLICT);
        assertListed("carol", "after an update that was refused");
        assertListed("bob", "after an update that was refused", session);
        StoredSession last = Draft.of(session).principal(null).payload("last").make();
        assertThat(nodeA.update(last, 3)).isEqualTo(APPLIED);
        assertListed("bob", "after logout");
        assertThat(nodeA.update(Draft.of(last).principal("alice").make(), 4)).isEqualTo(APPLIED);
        StoredSession listed = indexB.findByPrincipal("alice", null, 2).get(0);
        assertSame(listed, Draft.of(last).principal("alice").make().withVersion(5), "a session listed after updates");
    }

    @Test
    @DisplayName("I2: the index shows a touch")
    final void i2FollowsTouch() {
        StoredSession session = create(draft().principal("alice"));
        Instant later = session.lastAccessedAt().plusSeconds(5);
        Instant expiry = session.expiresAt().plusSeconds(5);
        assertThat(nodeA.touch(session.key(), later, expiry)).isTrue();
        for (PrincipalIndex index : List.of(indexA, indexB)) {
            StoredSession listed = index.findByPrincipal("alice", null, 2).get(0);
            assertSame(listed, session.withAccess(later, expiry), "a session listed after a touch");
        }
    }

    @Test
    @DisplayName("I2: the index follows expiry from expiresAt on, before any purge, and counts none that expired")
    final void i2FollowsExpiry() {
        Instant expiry = time.in(time.brief());
        StoredSession live = create(draft().principal("alice"));
        StoredSession expiring = create(draft().principal("alice").expires(expiry));
        StoredSession extended = create(draft().principal("alice").expires(expiry));
        StoredSession reused = create(draft().principal("alice").expires(expiry));
        nodeA.touch(extended.key(), extended.lastAccessedAt(), expiry.plus(Duration.ofHours(1)));
        time.justBefore(expiry);
        assertListed("alice", "just before two expire", live, expiring, extended, reused);
        time.reach(expiry);
        assertListed("alice", "when two have expired", live, extended);
        StoredSession other = draft().key(reused.key()).principal("bob").make();
        assertThat(nodeA.create(other)).isTrue();
        assertListed("alice", "after bob got an expired key", live, extended);
        assertListed("bob", "who got an expired key", other);
        assertThat(indexA.deleteByPrincipal("alice", null))
                .as("live sessions deleted")
                .isEqualTo(2);
        nodeA.purgeExpired(10);
        assertListed("alice", "after all");
        assertListed("bob", "after all", other);
    }

    @Test
    @Tag("race")
    @DisplayName("I2: racing updates of the principal leave the session under the last one only")
    final void i2RacingUpdates() throws Exception {
        List<String> names = List.of("alice", "bob", "carol", "dave");
        try (Race race = new Race(4)) {
            repeat(10, round -> {
                StoredSession session = create(draft().principal("nobody"));
                race.run(number -> {
                    for (int i = 0; i < 5; i++) {
                        StoredSession current = loadFrom(node(number), session.key(), "a record of changing principal");
                        String name = names.get((number + i) % names.size());
                        node(number).update(Draft.of(current).principal(name).make(), current.version());
                    }
                    return number;
                });
                String last = load(session.key()).principal();
                for (String name : names) {
                    if (name.equals(last)) {
                        assertListed(name, "who updated last", session);
                    } else {
                        assertListed(name, "who did not update last");
                    }
                }
                nodeA.delete(session.key());
                assertListed(String.valueOf(last), "after delete");
            });
        }
    }

    @Test
    @Tag("hook")
    @DisplayName("I2: what a node left that died between two steps is not listed, and heals")
    final void i2HealsHalfWrites() {
        BiConsumer<String, SessionKey> dangle = ExamRoom.declared(
                room.subject.danglingIndexEntry,
                "danglingIndexEntry (not needed where record and index are one step)",
                "leave a half write");
        StoredSession live = create(draft().principal("alice"));
        StoredSession bobs = create(draft().principal("bob"));
        StoredSession never = draft().principal("alice").make();
        dangle.accept("alice", never.key());
        dangle.accept("alice", bobs.key());
        assertListed("alice", "with two dangling entries", live);
        assertThat(indexA.findByPrincipal("alice", null, 1))
                .as("a page of one beside dangling entries")
                .hasSize(1);
        assertThat(indexA.deleteByPrincipal("alice", null))
                .as("sessions of alice deleted")
                .isEqualTo(1);
        assertHolds(bobs, "a session that another principal's index pointed at");
        assertThat(nodeB.create(never))
                .as("create under a key that only the index knew")
                .isTrue();
        assertListed("alice", "after the dangling entry became true", never);
    }
}
