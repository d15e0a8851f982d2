package dev.holdfast.session.compliance;

import static dev.holdfast.session.spi.StoredSession.NEVER;
import static dev.holdfast.session.spi.UpdateOutcome.APPLIED;
import static dev.holdfast.session.spi.UpdateOutcome.CONFLICT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.session.spi.SessionStore;
import dev.holdfast.session.spi.StoredSession;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TimeZone;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** X1 to X3: never, very long, very short, and in every time zone. */
abstract class ExpiryTimePromises extends Promises {

    private static final Duration CENTURY = Duration.ofDays(36_525);

    ExpiryTimePromises(SessionStoreExam exam) {
        super(exam);
    }

    @Test
    @DisplayName("X1: a session that never expires is there at once, and as long as the exam can wait")
    final void x1NeverLives() {
        StoredSession session = create(draft().expires(NEVER));
        assertHolds(session, "a session that never expires");
        passLong();
        assertHolds(nodeB, session, "a session that never expires, later");
    }

    private void passLong() {
        time.reach(time.isSetByExam() ? time.in(CENTURY.multipliedBy(10)) : time.in(time.brief()));
    }

    @Test
    @DisplayName("X1: no purge removes a session that never expires")
    final void x1NeverIsNotPurged() {
        StoredSession session = create(draft().expires(NEVER));
        assertThat(nodeA.purgeExpired(10))
                .as("purged beside a session that never expires")
                .isZero();
        passLong();
        assertThat(nodeB.purgeExpired(10))
                .as("purged beside a session that never expires")
                .isZero();
        assertHolds(session, "a session that never expires, after a purge");
    }

    @Test
    @DisplayName("X1: a session that never expires can be touched, updated and deleted")
    final void x1NeverCanBeWritten() {
        StoredSession session = create(draft().expires(NEVER));
        passLong();
        Instant access = time.now();
        assertThat(nodeA.touch(session.key(), access, NEVER))
                .as("touch of a session that never expires")
                .isTrue();
        assertHolds(session.withAccess(access, NEVER), "a touched session that never expires");
        StoredSession next = Draft.of(session).accessed(access).payload("next").make();
        assertThat(nodeA.update(next, 7))
                .as("update of a session that never expires")
                .isEqualTo(CONFLICT);
        assertThat(nodeA.update(next, 1))
                .as("update of a session that never expires")
                .isEqualTo(APPLIED);
        assertHolds(next.withVersion(2), "an updated session that never expires");
        assertThat(nodeA.delete(session.key()))
                .as("delete of a session that never expires")
                .isTrue();
        assertAbsent(session.key(), "a deleted session that never expired");
    }

    @Test
    @DisplayName("X1: a session may come to expire never, and come back")
    final void x1NeverComesAndGoes() {
        Instant expiry = time.in(time.brief());
        StoredSession touched = create(draft().expires(expiry));
        StoredSession updated = create(draft().expires(expiry));
        StoredSession back = create(draft().expires(NEVER));
        nodeA.touch(touched.key(), touched.lastAccessedAt(), NEVER);
        nodeA.update(Draft.of(updated).expires(NEVER).make(), 1);
        nodeA.touch(back.key(), back.lastAccessedAt(), expiry);
        time.reach(expiry);
        assertHolds(touched.withAccess(touched.lastAccessedAt(), NEVER), "a session touched to expire never");
        assertHolds(Draft.of(updated).expires(NEVER).make().withVersion(2), "a session updated to expire never");
        assertThat(isGone(back)).as("a session that expired after all is gone").isTrue();
    }

    @Test
    @DisplayName("X2: far-future and 100-year expiries are kept and do not overflow")
    final void x2FarFuture() {
        for (Instant expiry : List.of(
                time.in(CENTURY),
                Instant.parse("2038-01-19T03:14:08Z"),
                Instant.parse("2106-02-07T06:28:16Z"),
                Instant.parse("9999-12-31T23:59:59.999Z"),
                Instant.parse("+10000-01-01T00:00:00Z"),
                Instant.ofEpochMilli(1L << 53),
                NEVER.minusMillis(1))) {
            StoredSession created = create(draft().expires(expiry));
            assertHolds(created, "a session that expires in " + expiry);
            StoredSession touched = create(draft());
            assertThat(nodeA.touch(touched.key(), touched.lastAccessedAt(), expiry))
                    .isTrue();
            assertHolds(touched.withAccess(touched.lastAccessedAt(), expiry), "a session touched to " + expiry);
            StoredSession updated = create(draft());
            StoredSession next = Draft.of(updated).expires(expiry).make();
            assertThat(nodeA.update(next, 1)).isEqualTo(APPLIED);
            assertHolds(next.withVersion(2), "a session updated to " + expiry);
            assertThat(nodeA.purgeExpired(10))
                    .as("purged beside a session that expires in " + expiry)
                    .isZero();
        }
    }

    @Test
    @DisplayName("X2: far-past and far-future creation and access times are kept")
    final void x2FarTimes() {
        for (Instant far : List.of(
                Instant.MIN,
                Instant.parse("-10000-01-01T00:00:00Z"),
                Instant.parse("0000-12-31T23:59:59.999Z"),
                Instant.parse("1582-10-10T12:00:00.001Z"),
                Instant.parse("1901-12-13T20:45:51Z"),
                Instant.parse("9999-12-31T23:59:59.999Z"),
                Instant.MAX)) {
            assertHolds(create(draft().created(far).accessed(far)), "a session of " + far);
        }
    }

    @Test
    @DisplayName("X2: a record that is stored with an expiry in the past is absent, and no error")
    final void x2PastExpiry() {
        List<StoredSession> past = new ArrayList<>();
        for (Instant expiry : List.of(
                Instant.MIN, Instant.EPOCH, Instant.ofEpochMilli(-1), time.now().minus(CENTURY), time.now())) {
            past.add(create(draft().expires(expiry)));
            StoredSession touched = create(draft());
            assertThat(nodeA.touch(touched.key(), touched.lastAccessedAt(), expiry))
                    .as("touch of a live record to %s", expiry)
                    .isTrue();
            past.add(touched);
            StoredSession updated = create(draft());
            assertThat(nodeA.update(Draft.of(updated).expires(expiry).make(), 1))
                    .as("update of a live record to %s", expiry)
                    .isEqualTo(APPLIED);
            past.add(updated);
        }
        time.reach(time.now());
        for (StoredSession session : past) {
            assertThat(isGone(session))
                    .as("a session that expired in the past is gone")
                    .isTrue();
        }
    }

    @Test
    @DisplayName("X2: a session of 1 ms lives 1 ms, neither 0 nor 1 s")
    final void x2OneMillisecond() {
        Instant expiry = time.in(Duration.ofMillis(1));
        StoredSession session = create(draft().expires(expiry));
        StoredSession other = create(draft().expires(expiry));
        if (time.isSetByExam()) {
            assertThat(nodeA.load(session.key()))
                    .as("a session of 1 ms, at once")
                    .isPresent();
        }
        time.reach(expiry);
        assertThat(isGone(other)).as("a session of 1 ms is gone 1 ms later").isTrue();
    }

    @Test
    @DisplayName("X3: another default time zone and its clock changes change nothing")
    final void x3TimeZoneChangesNothing() {
        TimeZone before = TimeZone.getDefault();
        List<StoredSession> stored = new ArrayList<>();
        List<String> zones = List.of("Pacific/Kiritimati", "America/St_Johns", "Europe/Berlin", "Pacific/Pago_Pago");
        try {
            for (String zone : zones) {
                TimeZone.setDefault(TimeZone.getTimeZone(zone));
                SessionStore store = room.open();
                // around the nights in which Berlin and St. John's change their clocks
                for (String at : List.of("2027-03-28T01:30:00Z", "2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z")) {
                    Instant instant = Instant.parse(at);
                    StoredSession session = draft().created(instant)
                            .expires(time.in(Duration.ofMinutes(20)))
                            .make();
                    assertThat(store.create(session)).isTrue();
                    stored.add(session);
                }
                StoredSession far =
                        draft().expires(Instant.parse("2096-10-28T00:30:00Z")).make();
                assertThat(store.create(far)).isTrue();
                stored.add(far);
            }
            for (String zone : zones) {
                TimeZone.setDefault(TimeZone.getTimeZone(zone));
                for (StoredSession session : stored) {
                    assertHolds(nodeB, session, "a session, in " + zone);
                    assertThat(nodeB.touch(session.key(), session.lastAccessedAt(), session.expiresAt()))
                            .as("touch of a live session, in %s", zone)
                            .isTrue();
                }
                assertThat(nodeB.purgeExpired(100))
                        .as("purged of live sessions, in %s", zone)
                        .isZero();
            }
        } finally {
            TimeZone.setDefault(before);
        }
    }
}
