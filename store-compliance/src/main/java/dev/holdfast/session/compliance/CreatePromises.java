package dev.holdfast.session.compliance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.StoredSession;
import dev.holdfast.session.spi.UpdateOutcome;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** C1 to C4: a create takes a free key once. */
abstract class CreatePromises extends Promises {

    CreatePromises(SessionStoreExam exam) {
        super(exam);
    }

    @Test
    @DisplayName("C1: create on an absent key stores version 1, whatever version it is given")
    final void c1StoresVersionOne() {
        for (long version : new long[] {1, 2, 7, Long.MAX_VALUE}) {
            StoredSession session = draft().make();
            assertThat(nodeA.create(session.withVersion(version)))
                    .as("create with version %s on an absent key", version)
                    .isTrue();
            assertHolds(session, "a record created with version " + version);
        }
    }

    @Test
    @DisplayName("C1: a deleted session's key is free again, and starts at version 1")
    final void c1DeletedKeyIsFree() {
        StoredSession old = create(draft().payload("old"));
        assertThat(nodeA.update(old, 1)).isEqualTo(UpdateOutcome.APPLIED);
        assertThat(nodeB.delete(old.key())).isTrue();
        StoredSession young = create(Draft.of(old).payload("young"));
        assertHolds(young, "a record created where another was deleted");
    }

    @Test
    @DisplayName("C2: create on a live key answers false and changes nothing, on either node")
    final void c2LiveKeyIsTaken() {
        StoredSession first = create(draft().principal("first").payload("first"));
        StoredSession updated = Draft.of(first).payload("updated").make();
        assertThat(nodeA.update(updated, 1)).isEqualTo(UpdateOutcome.APPLIED);
        StoredSession held = updated.replacing(first);
        StoredSession second = Draft.of(first)
                .created(first.createdAt().plusSeconds(1))
                .accessed(first.lastAccessedAt().plusSeconds(1))
                .expires(first.expiresAt().plusSeconds(1))
                .idle(Duration.ofDays(1))
                .principal("second")
                .payload("second")
                .make();
        for (int number = 0; number < 2; number++) {
            assertThat(node(number).create(second)).as("create on a live key").isFalse();
            assertThat(node(number).create(second.withVersion(2)))
                    .as("create on a live key with its version")
                    .isFalse();
            assertHolds(node(number), held, "a record whose key another create wanted");
        }
    }

    @Test
    @DisplayName("C3: an expired record does not block create, from its expiresAt on, and leaves nothing behind")
    final void c3ExpiredDoesNotBlock() {
        Instant expiry = time.in(time.brief());
        StoredSession old = create(draft().expires(expiry).principal("old").payload("old and long"));
        assertThat(nodeA.update(old, 1)).isEqualTo(UpdateOutcome.APPLIED);
        StoredSession young = Draft.of(old)
                .created(old.createdAt().minusSeconds(9))
                .accessed(old.lastAccessedAt().minusSeconds(5))
                .expires(expiry.plus(Duration.ofHours(1)))
                .principal(null)
                .payload("young")
                .make();
        time.justBefore(expiry);
        assertThat(nodeA.create(young))
                .as("create just before the old record expires")
                .isFalse();
        time.reach(expiry);
        assertThat(nodeB.create(young)).as("create when the old record expires").isTrue();
        assertHolds(young, "a record created over an expired one");
    }

    @Test
    @DisplayName("C3: a purge that follows leaves the new record alone")
    final void c3PurgeLeavesTheNewRecord() {
        StoredSession old = createExpired();
        StoredSession young = create(Draft.of(old)
                .accessed(time.now())
                .expires(time.in(Duration.ofHours(1)))
                .payload("young"));
        assertThat(nodeB.purgeExpired(10)).as("expired records purged").isZero();
        assertHolds(young, "a record created over an expired one, after a purge");
    }

    @Test
    @DisplayName("C4: of 64 simultaneous creators exactly one wins, and its record stays")
    final void c4OneCreatorWins() throws Exception {
        try (Race race = new Race(64)) {
            repeat(8, round -> {
                SessionKey key = draft().make().key();
                assertOneWins(race, key);
            });
        }
    }

    @Test
    @DisplayName("C4: over an expired record exactly one of 64 creators wins, too")
    final void c4OneCreatorWinsOverExpired() throws Exception {
        Instant expiry = time.in(time.brief());
        List<StoredSession> expired = IntStream.range(0, 8)
                .mapToObj(i -> create(draft().expires(expiry)))
                .toList();
        time.reach(expiry);
        try (Race race = new Race(64)) {
            for (StoredSession old : expired) {
                assertOneWins(race, old.key());
            }
        }
    }

    private void assertOneWins(Race race, SessionKey key) {
        List<StoredSession> wanted = IntStream.range(0, 64)
                .mapToObj(i -> draft().key(key).payload("creator " + i).make())
                .toList();
        List<Boolean> won = race.run(i -> node(i).create(wanted.get(i)));
        assertThat(Collections.frequency(won, true))
                .as("creators told that they won")
                .isEqualTo(1);
        assertHolds(wanted.get(won.indexOf(true)), "the record of the creator that won");
    }
}
