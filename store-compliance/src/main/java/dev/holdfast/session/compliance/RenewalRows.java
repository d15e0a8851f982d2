package dev.holdfast.session.compliance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.session.SaveOutcome;
import dev.holdfast.session.Session;
import dev.holdfast.session.SessionId;
import dev.holdfast.session.Sessions;
import dev.holdfast.session.spi.Payload;
import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.SessionStore;
import dev.holdfast.session.spi.StoredSession;
import dev.holdfast.session.spi.UpdateOutcome;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** M11, S17: an id is renewed from time to time, and requests that are under way do not fail of it. */
abstract class RenewalRows extends Rows {

    private static final Duration GRACE = Duration.ofSeconds(30);
    private static final Duration INTERVAL = Duration.ofMinutes(10);

    private Sessions renewingA;
    private Sessions renewingB;

    RenewalRows(SessionRows rows) {
        super(rows);
    }

    @BeforeEach
    final void setRenewal() {
        renewingA = start(settings(storeA).renewal(INTERVAL, GRACE));
        renewingB = start(settings(storeB).renewal(INTERVAL, GRACE));
    }

    private static SessionKey key(String id) {
        return SessionId.parse(id).orElseThrow().key();
    }

    @Test
    @DisplayName("S17: within the grace the old id reads the session, and is answered with the new id; then it is dead")
    void grace() {
        String old = stored("a", 1);
        Session session = nodeA.open(old);
        session.put("b", 2);
        storeA.calls();
        String current = session.renewId(GRACE).value();
        assertThat(storeA.calls()).containsExactly("create", "update");

        clock.advance(GRACE.minusMillis(1));
        Session late = nodeB.open(old);
        assertThat(storeB.calls()).containsExactly("load", "load");
        assertThat(late.id().value()).isEqualTo(current).isNotEqualTo(old);
        assertThat(late.isNew()).isFalse();
        assertThat(late.names()).containsExactlyInAnyOrder("a", "b");

        clock.advance(Duration.ofMillis(1));
        assertThat(nodeB.find(old)).isEmpty();
        assertThat(nodeB.open(current).names()).containsExactlyInAnyOrder("a", "b");
    }

    @Test
    @DisplayName("S17: by the old id nothing can be written, and no life be prolonged")
    void only_reads() {
        String old = stored("a", 1);
        String current = nodeA.open(old).renewId(Duration.ofMinutes(5)).value();
        Instant expiry = storeA.store().load(key(current)).orElseThrow().expiresAt();
        clock.advance(Duration.ofMinutes(4));
        storeB.calls();

        Session late = nodeB.open(old);
        assertThatThrownBy(() -> late.put("a", 2)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(late::clear).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(late::rotateId).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> late.renewId(GRACE)).isInstanceOf(IllegalStateException.class);
        assertThat(late.save()).isEqualTo(SaveOutcome.UNCHANGED);
        assertThat(storeB.calls()).containsExactly("load", "load");
        assertThat(storeA.store().load(key(current)).orElseThrow().expiresAt()).isEqualTo(expiry);
    }

    @Test
    @DisplayName("S17: a grace can't outlive the session, nor five minutes")
    void bounded() {
        Sessions shortLived = start(settings(storeA).absoluteTimeout(Duration.ofSeconds(20)));
        String old = stored(shortLived, "a", 1);
        String current = shortLived.open(old).renewId(Duration.ofMinutes(5)).value();
        clock.advance(Duration.ofSeconds(20).minusMillis(1));
        assertThat(shortLived.find(old)).isPresent();
        clock.advance(Duration.ofMillis(1));
        assertThat(shortLived.find(old)).isEmpty();
        assertThat(shortLived.find(current)).isEmpty();

        Session session = nodeA.open(stored("a", 1));
        for (Duration wrong : List.of(
                Duration.ZERO, Duration.ofMillis(-1), Duration.ofMinutes(5).plusMillis(1))) {
            assertThatThrownBy(() -> session.renewId(wrong)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    @DisplayName("S17: two requests that renew at once end with one new id, and with the changes of both")
    void two_at_once() {
        String old = stored("a", 1);
        Session one = nodeA.open(old);
        one.put("one", 1);
        Session two = nodeB.open(old);
        two.put("two", 2);
        storeA.before("update", () -> two.renewId(GRACE));
        SessionId id = one.renewId(GRACE);

        assertThat(id).isEqualTo(two.id());
        assertThat(one.names()).containsExactlyInAnyOrder("a", "one", "two");
        assertThat(nodeB.open(id.value()).names()).containsExactlyInAnyOrder("a", "one", "two");
        assertThat(nodeB.open(old).id()).isEqualTo(id);
    }

    @Test
    @Tag("race")
    @DisplayName("S17: eight requests that find the id old at once end with one new id")
    void many_at_once() {
        try (Race race = new Race(8)) {
            for (int round = 0; round < 50; round++) {
                String old = stored(renewingA, "a", 1);
                clock.advance(INTERVAL);
                List<String> ids = race.run(number -> {
                    Session session = (number % 2 == 0 ? renewingA : renewingB).open(old);
                    if (session.id().value().equals(old)) {
                        session.put("n" + number, number);
                    }
                    session.save();
                    return session.id().value();
                });
                assertThat(ids).doesNotContain(old);
                assertThat(ids.stream().distinct()).hasSize(1);
            }
        }
    }

    @Test
    @DisplayName("M11: with an interval set, save renews an id that has grown old, and stores the changes with it")
    void automatic() {
        String old = stored(renewingA, "a", 1);
        clock.advance(INTERVAL.minusMillis(1));
        Session young = renewingB.open(old);
        assertThat(young.save()).isEqualTo(SaveOutcome.TOUCHED);
        clock.advance(Duration.ofMillis(1));
        Session session = renewingB.open(old);
        session.put("b", 2);
        storeB.calls();
        assertThat(session.save()).isEqualTo(SaveOutcome.RENEWED);
        assertThat(storeB.calls()).containsExactly("create", "update");
        assertThat(session.save()).isEqualTo(SaveOutcome.UNCHANGED);
        String current = session.id().value();
        assertThat(renewingA.open(current).names()).containsExactlyInAnyOrder("a", "b");

        clock.advance(INTERVAL.minusMillis(1));
        assertThat(renewingA.open(current).save()).isEqualTo(SaveOutcome.TOUCHED);
        clock.advance(Duration.ofMillis(1));
        Session told = renewingA.open(current);
        told.keepId();
        assertThat(told.save()).as("the client can't be told").isNotEqualTo(SaveOutcome.RENEWED);
        assertThat(renewingA.open(current).save()).isEqualTo(SaveOutcome.RENEWED);
    }

    @Test
    @DisplayName("M11: a write that began before a renewal goes where the session went")
    void write_follows() {
        String old = stored("a", 1);
        Session writer = nodeB.open(old);
        writer.put("b", 2);
        String current = nodeA.open(old).renewId(GRACE).value();
        assertThat(writer.save()).isEqualTo(SaveOutcome.RENEWED);
        assertThat(writer.id().value()).isEqualTo(current);
        assertThat(nodeA.open(current).names()).containsExactlyInAnyOrder("a", "b");

        Session tooLate = nodeB.open(current);
        tooLate.put("c", 3);
        nodeA.open(current).renewId(GRACE);
        clock.advance(GRACE);
        assertThat(tooLate.save()).isEqualTo(SaveOutcome.GONE);
    }

    @Test
    @DisplayName("S14: rotateId ends the grace of an id that was renewed before")
    void rotate_ends_grace() {
        String first = stored("a", 1);
        Session session = nodeA.open(first);
        String second = session.renewId(GRACE).value();
        String third = session.rotateId().value();
        assertThat(nodeB.find(first)).isEmpty();
        assertThat(nodeB.find(second)).isEmpty();
        assertThat(nodeB.find(third)).isPresent();

        Session late = nodeB.open(third);
        nodeA.open(third).renewId(GRACE);
        String fourth = late.rotateId().value();
        assertThat(nodeA.find(third)).as("an id from before the log-in").isEmpty();
        assertThat(nodeA.find(fourth)).isPresent();
    }

    @Test
    @DisplayName("M10: a log-out reaches the session under its new id, whether the request began before or after")
    void log_out() {
        String old = stored(renewingA, "a", 1);
        Session before = renewingB.open(old);
        String current = renewingA.open(old).renewId(GRACE).value();
        before.invalidate();
        assertThat(renewingA.find(current)).isEmpty();
        assertThat(renewingA.find(old)).isEmpty();

        String second = stored(renewingA, "a", 1);
        String renewed = renewingA.open(second).renewId(GRACE).value();
        renewingB.open(second).invalidate();
        assertThat(renewingA.find(renewed)).isEmpty();
        assertThat(renewingA.find(second)).isEmpty();

        String third = stored(renewingA, "a", 1);
        Session leaving = renewingB.open(third);
        Session renewing = renewingA.open(third);
        storeB.calls();
        storeB.before("update", () -> renewing.renewId(GRACE));
        leaving.invalidate();
        assertThat(renewingA.find(renewing.id().value())).isEmpty();
        assertThat(renewingA.find(third)).isEmpty();

        Session alone = renewingB.open(stored(renewingA, "a", 1));
        storeB.calls();
        alone.invalidate();
        assertThat(storeB.calls()).containsExactly("update", "delete");
    }

    @Test
    @DisplayName(
            "S12: what the store holds after a renewal tells neither id, and nothing in it leads elsewhere when changed")
    void sealed() {
        String old = stored("a", 1);
        String current = nodeA.open(old).renewId(GRACE).value();
        SessionStore store = storeA.store();
        StoredSession tombstone = store.load(key(old)).orElseThrow();
        byte[] bytes = tombstone.payload().toByteArray();
        for (String id : List.of(old, current)) {
            assertThat(new String(bytes, StandardCharsets.ISO_8859_1)).doesNotContain(id);
            assertThat(HexFormat.of().formatHex(bytes))
                    .doesNotContain(
                            HexFormat.of().formatHex(Base64.getUrlDecoder().decode(id)))
                    .doesNotContain(key(id).toString());
        }
        long version = tombstone.version();
        int afterKind = 2;
        for (int i = afterKind; i < bytes.length; i++) {
            byte[] changed = bytes.clone();
            changed[i] ^= 1;
            assertThat(store.update(tombstone.withPayload(Payload.wrap(changed)), version++))
                    .isEqualTo(UpdateOutcome.APPLIED);
            assertThat(nodeB.find(old)).as("byte %d", i).isEmpty();
        }
        assertThat(store.update(tombstone, version)).isEqualTo(UpdateOutcome.APPLIED);
        assertThat(nodeB.open(old).id().value()).isEqualTo(current);

        String foreign = stored("a", 1);
        StoredSession other = store.load(key(foreign)).orElseThrow();
        store.update(other.withPayload(tombstone.payload()), other.version());
        assertThat(nodeB.find(foreign)).as("a tombstone under another id").isEmpty();
    }
}
