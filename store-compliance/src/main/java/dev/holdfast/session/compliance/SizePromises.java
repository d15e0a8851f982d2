package dev.holdfast.session.compliance;

import static dev.holdfast.session.spi.UpdateOutcome.APPLIED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.session.spi.PayloadTooLargeException;
import dev.holdfast.session.spi.StoredSession;
import java.util.Arrays;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Z1: a payload fits, or is refused before anything is sent. */
abstract class SizePromises extends Promises {

    SizePromises(SessionStoreExam exam) {
        super(exam);
    }

    private int limit() {
        assumeTrue(
                room.subject.maxPayloadBytes > 0,
                "StoreUnderTest declares no maxPayloadBytes, which this test needs to exceed it");
        return room.subject.maxPayloadBytes;
    }

    private Draft sized(Draft draft, int size) {
        byte[] payload = new byte[size];
        Arrays.fill(payload, (byte) 'x');
        return draft.payload(payload);
    }

    private void assertRefused(ThrowingCallable write, int size, String what) {
        int limit = limit();
        Throwable refusal = catchThrowable(write);
        assertThat(refusal).as(what).isInstanceOf(PayloadTooLargeException.class);
        PayloadTooLargeException tooLarge = (PayloadTooLargeException) refusal;
        assertThat(tooLarge.size()).as("size in the refusal of %s", what).isEqualTo(size);
        assertThat(tooLarge.limit()).as("limit in the refusal of %s", what).isEqualTo(limit);
        assertThat(tooLarge)
                .as("message of the refusal of %s", what)
                .hasMessageContainingAll(Integer.toString(size), Integer.toString(limit));
    }

    @Test
    @DisplayName("Z1: a payload of exactly the limit is stored and comes back whole")
    final void z1LimitFits() {
        StoredSession session = create(sized(draft(), limit()));
        assertHolds(session, "a created payload of the limit's size");
        StoredSession updated = create(draft());
        StoredSession next = sized(Draft.of(updated), limit()).make();
        assertThat(nodeA.update(next, 1)).isEqualTo(APPLIED);
        assertHolds(next.withVersion(2), "an updated payload of the limit's size");
    }

    @Test
    @DisplayName("Z1: one byte more is refused by an error that names both sizes, and nothing changes")
    final void z1OneByteMoreIsRefused() {
        int size = limit() + 1;
        StoredSession tooLarge = sized(draft(), size).make();
        assertRefused(() -> nodeA.create(tooLarge), size, "create with a byte too much");
        assertAbsent(tooLarge.key(), "a session that was too large");

        StoredSession session = create(draft());
        assertRefused(
                () -> nodeA.update(sized(Draft.of(session), size).make(), 1), size, "update with a byte too much");
        assertHolds(session, "a record whose update was too large");
    }

    @Test
    @DisplayName("Z1: the size is checked before all else: key, version and expiry play no part")
    final void z1SizeIsCheckedFirst() {
        int size = limit() + 1;
        StoredSession session = create(draft());
        StoredSession tooLarge = sized(Draft.of(session), size).make();
        assertRefused(() -> nodeA.create(tooLarge), size, "create on a live key");
        assertRefused(() -> nodeA.update(tooLarge, 7), size, "update with another version");
        assertRefused(() -> nodeA.update(sized(draft(), size).make(), 1), size, "update of an absent session");
    }

    @Test
    @Tag("hook")
    @DisplayName("Z1: the size is checked before any I/O: also while the backend is down")
    final void z1CheckedBeforeIo() throws Throwable {
        int size = limit() + 1;
        assumeTrue(!room.subject.faults.isEmpty(), "StoreUnderTest declares no fault, which this test needs");
        StoredSession tooLarge = sized(draft(), size).make();
        for (Fault fault : room.subject.faults) {
            fault.begin().execute();
            try {
                assertRefused(() -> nodeA.create(tooLarge), size, "create while " + fault.name());
                assertRefused(() -> nodeA.update(tooLarge, 1), size, "update while " + fault.name());
            } finally {
                fault.end().execute();
            }
        }
    }
}
