package dev.holdfast.session.compliance;

import static dev.holdfast.session.spi.UpdateOutcome.APPLIED;
import static dev.holdfast.session.spi.UpdateOutcome.CONFLICT;
import static dev.holdfast.session.spi.UpdateOutcome.GONE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.session.spi.StoredSession;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** U1 to U3: an update replaces what was loaded, or changes nothing. */
abstract class UpdatePromises extends Promises {

    UpdatePromises(SessionStoreExam exam) {
        super(exam);
    }

    @Test
    @DisplayName("U1: with the expected version the whole record is replaced, and the version is one higher")
    final void u1ReplacesTheWholeRecord() {
        StoredSession first = create(draft().principal("first").payload("a long first payload"));
        StoredSession second = Draft.of(first)
                .accessed(first.lastAccessedAt().plusSeconds(1))
                .expires(first.expiresAt().plusSeconds(3))
                .idle(Duration.ofHours(2))
                .principal("second")
                .payload("short")
                .make();
        assertThat(nodeA.update(second, 1)).as("update with the stored version").isEqualTo(APPLIED);
        assertHolds(second.withVersion(2), "an updated record");

        StoredSession third = Draft.of(second)
                .expires(first.expiresAt().plusSeconds(1))
                .idle(StoredSession.NO_IDLE_TIMEOUT)
                .principal(null)
                .payload(new byte[0])
                .make();
        assertThat(nodeB.update(third, 2)).as("update on the other node").isEqualTo(APPLIED);
        assertHolds(third.withVersion(3), "a record updated twice");
    }

    @Test
    @DisplayName("U1: createdAt never changes, and the version in the new record plays no part")
    final void u1CreatedAtStays() {
        StoredSession first = create(draft());
        StoredSession second = Draft.of(first)
                .created(first.createdAt().plusSeconds(100))
                .make()
                .withVersion(99);
        assertThat(nodeA.update(second, 1)).isEqualTo(APPLIED);
        assertHolds(first.withVersion(2), "a record updated with another createdAt and version 99");
    }

    @Test
    @DisplayName("U1: an update may shorten the time to live")
    final void u1MayShorten() {
        StoredSession first = create(draft().expires(time.in(Duration.ofDays(1))));
        Instant sooner = first.lastAccessedAt().plus(Duration.ofHours(1));
        StoredSession second = Draft.of(first).expires(sooner).make();
        assertThat(nodeA.update(second, 1)).isEqualTo(APPLIED);
        assertHolds(second.withVersion(2), "a record updated to expire sooner");
    }

    @Test
    @DisplayName("U1: the version counts every update")
    final void u1VersionCounts() {
        StoredSession session = create(draft());
        for (int version = 1; version <= 300; version++) {
            assertThat(node(version).update(session, version))
                    .as("update with the stored version %s", version)
                    .isEqualTo(APPLIED);
        }
        assertHolds(session.withVersion(301), "a record updated 300 times");
    }

    @Test
    @DisplayName("U2: with another version the answer is CONFLICT, and nothing changes")
    final void u2ConflictChangesNothing() {
        StoredSession first = create(draft().principal("first").payload("first"));
        StoredSession second = Draft.of(first).payload("second").make();
        assertThat(nodeA.update(second, 1)).isEqualTo(APPLIED);
        StoredSession held = second.replacing(first);
        StoredSession wrong = Draft.of(first)
                .accessed(first.lastAccessedAt().plusSeconds(9))
                .expires(first.expiresAt().plusSeconds(9))
                .idle(Duration.ofHours(9))
                .principal("wrong")
                .payload("wrong")
                .make();
        for (long version : new long[] {1, 3, 0, -1, 4_294_967_298L, Long.MAX_VALUE, Long.MIN_VALUE}) {
            for (int number = 0; number < 2; number++) {
                assertThat(node(number).update(wrong, version))
                        .as("update of version 2, expecting %s", version)
                        .isEqualTo(CONFLICT);
                assertHolds(node(number), held, "a record after a conflict with version " + version);
            }
        }
        assertThat(nodeA.update(wrong.withVersion(2), 1))
                .as("update with the right version in the record, expecting the wrong one")
                .isEqualTo(CONFLICT);
        assertHolds(held, "a record after a conflict");
    }

    @Test
    @DisplayName("U3: an update of a session never created is GONE, and writes nothing")
    final void u3NeverCreatedIsGone() {
        for (long version : new long[] {0, 1, 2, Long.MAX_VALUE}) {
            StoredSession session = draft().principal("ghost").make();
            assertGone(session, version, "a session never created");
        }
    }

    @Test
    @DisplayName("U3: an update of a deleted session is GONE, and does not bring it back")
    final void u3DeletedIsGone() {
        StoredSession created = createDeleted();
        StoredSession updated = create(draft());
        assertThat(nodeA.update(updated, 1)).isEqualTo(APPLIED);
        assertThat(nodeA.delete(updated.key())).isTrue();
        for (long version : new long[] {0, 1, 2}) {
            assertGone(created, version, "a deleted session");
            assertGone(updated, version, "a session updated and deleted");
        }
    }

    @Test
    @DisplayName("U3: an update of an expired session is GONE from its expiresAt on, and does not bring it back")
    final void u3ExpiredIsGone() {
        Instant expiry = time.in(time.brief());
        StoredSession inTime = create(draft().expires(expiry));
        StoredSession late = create(draft().expires(expiry).payload("old"));
        StoredSession tooLate = create(draft().expires(expiry).payload("old"));
        time.justBefore(expiry);
        assertThat(nodeA.update(later(inTime, expiry), 1))
                .as("update just before expiresAt")
                .isEqualTo(APPLIED);
        time.reach(expiry);
        assertGone(later(late, expiry), 1, "a session at its expiresAt");
        assertHolds(later(inTime, expiry).withVersion(2), "a session updated in time");
        nodeA.purgeExpired(10);
        assertGone(later(tooLate, expiry), 1, "a session that was purged");
    }

    private static StoredSession later(StoredSession session, Instant expiry) {
        return Draft.of(session)
                .accessed(expiry)
                .expires(expiry.plus(Duration.ofHours(1)))
                .payload("new")
                .make();
    }

    private void assertGone(StoredSession session, long version, String what) {
        for (var node : List.of(nodeA, nodeB)) {
            assertThat(node.update(session, version))
                    .as("update of %s, expecting version %s", what, version)
                    .isEqualTo(GONE);
        }
        assertThat(nodeA.load(session.key()).filter(session.withVersion(1)::equals))
                .as("what an update of %s brought back", what)
                .isEmpty();
        assertThat(nodeA.load(session.key()).map(StoredSession::payload).filter(session.payload()::equals))
                .as("the payload that an update of %s wrote", what)
                .isEmpty();
    }
}
