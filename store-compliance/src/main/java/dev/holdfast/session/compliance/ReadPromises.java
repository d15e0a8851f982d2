package dev.holdfast.session.compliance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.session.spi.DeclaredConsistency;
import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.StoredSession;
import dev.holdfast.session.spi.UpdateOutcome;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** L2, L3, L5, L6: what a load answers, and that it only looks. */
abstract class ReadPromises extends Promises {

    ReadPromises(SessionStoreExam exam) {
        super(exam);
    }

    @Test
    @DisplayName("L2: never created and deleted load as empty, on each node")
    final void l2AbsentIsEmpty() {
        SessionKey never = draft().make().key();
        SessionKey deleted = createDeleted().key();
        for (int number = 0; number < 2; number++) {
            assertThat(node(number).load(never)).as("a session never created").isEmpty();
            assertThat(node(number).load(deleted)).as("a deleted session").isEmpty();
        }
    }

    @Test
    @DisplayName("L2: expired loads as empty, before and after its purge")
    final void l2ExpiredIsEmpty() {
        SessionKey expired = createExpired().key();
        assertAbsent(expired, "an expired session");
        nodeA.purgeExpired(10);
        assertAbsent(expired, "a purged session");
    }

    @Test
    @DisplayName("L3: a record is there until expiresAt, and absent from that moment on")
    final void l3AbsentFromExpiresAtOn() {
        Instant expiry = time.in(time.brief());
        StoredSession before = create(draft().expires(expiry));
        StoredSession at = create(draft().expires(expiry));
        StoredSession after = create(draft().expires(expiry));
        StoredSession neighbour = create(draft());

        time.justBefore(expiry);
        assertThat(nodeA.load(before.key()))
                .as("a record just before its expiresAt")
                .isPresent();
        time.reach(expiry);
        assertThat(nodeA.load(at.key())).as("a record at its expiresAt").isEmpty();
        time.reach(expiry.plusMillis(1));
        assertThat(nodeB.load(after.key())).as("a record after its expiresAt").isEmpty();
        assertHolds(neighbour, "a record with time left");
    }

    @Test
    @DisplayName("L3: a record that a touch or an update gave a new expiresAt is absent from that one on")
    final void l3NewExpiryCounts() {
        Instant expiry = time.in(time.brief());
        StoredSession touched = create(draft());
        StoredSession updated = create(draft());
        StoredSession extended = create(draft().expires(expiry));
        nodeA.touch(touched.key(), touched.lastAccessedAt(), expiry);
        nodeA.update(Draft.of(updated).expires(expiry).make(), 1);
        nodeA.touch(extended.key(), extended.lastAccessedAt(), expiry.plus(Duration.ofHours(1)));

        time.reach(expiry);
        assertAbsent(touched.key(), "a record whose touched expiresAt came");
        assertAbsent(updated.key(), "a record whose updated expiresAt came");
        assertThat(nodeA.load(extended.key()))
                .as("a record whose old expiresAt came")
                .isPresent();
    }

    @Test
    @DisplayName("L5: load changes neither times nor version")
    final void l5LoadChangesNothing() {
        StoredSession session = create(draft().accessed(time.now().minusSeconds(60)));
        for (int i = 0; i < 50; i++) {
            node(i).load(session.key());
        }
        time.reach(time.in(Duration.ofMillis(1)));
        node(1).load(session.key());
        assertHolds(session, "a record loaded many times");
        assertThat(nodeA.update(session, 1))
                .as("update with the version before the loads")
                .isEqualTo(UpdateOutcome.APPLIED);
    }

    @Test
    @DisplayName("L5: load does not extend the time to live")
    final void l5LoadDoesNotExtend() {
        Instant expiry = time.in(time.brief());
        StoredSession loaded = create(draft().expires(expiry));
        StoredSession left = create(draft().expires(expiry));
        assertThat(nodeA.load(loaded.key())).isPresent();
        time.justBefore(expiry);
        assertThat(nodeA.load(loaded.key())).isPresent();
        time.reach(expiry);
        assertThat(nodeA.load(loaded.key()).isPresent())
                .as("whether a record lives on that was loaded before it expired, beside one that was left alone")
                .isEqualTo(nodeA.load(left.key()).isPresent());
    }

    @Test
    @DisplayName("L6: what one instance has acknowledged every other reads at once")
    final void l6OtherInstancesReadAtOnce() {
        var consistency = nodeA instanceof DeclaredConsistency declared
                ? declared.consistency()
                : DeclaredConsistency.Consistency.STRONG;
        for (int i = 0; i < 20; i++) {
            var writer = node(i);
            var reader = node(i + 1);
            String what = "what the other node of a " + consistency + " store ";
            StoredSession session = draft().make();
            assertThat(reader.load(session.key())).isEmpty();
            assertThat(writer.create(session)).isTrue();
            assertThat(reader.load(session.key()).map(StoredSession::payload))
                    .as("payload of " + what + "created")
                    .contains(session.payload());

            StoredSession next = Draft.of(session).payload("next").make();
            assertThat(writer.update(next, 1)).isEqualTo(UpdateOutcome.APPLIED);
            assertThat(reader.load(session.key()).map(StoredSession::payload))
                    .as("payload of " + what + "updated")
                    .contains(next.payload());

            Instant access = session.lastAccessedAt().plusSeconds(5);
            Instant expiry = session.expiresAt().plusSeconds(5);
            assertThat(writer.touch(session.key(), access, expiry)).isTrue();
            assertThat(reader.load(session.key()).map(StoredSession::lastAccessedAt))
                    .as("lastAccessedAt of " + what + "touched")
                    .contains(access);

            assertThat(writer.delete(session.key())).isTrue();
            assertThat(reader.load(session.key())).as(what + "deleted").isEmpty();
            assertThat(reader.create(session))
                    .as("create of " + what + "deleted")
                    .isTrue();
        }
    }
}
