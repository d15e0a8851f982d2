package dev.holdfast.session.compliance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.session.spi.SessionStore;
import dev.holdfast.session.spi.StoredSession;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** D1: a delete says true once. */
abstract class DeletePromises extends Promises {

    DeletePromises(SessionStoreExam exam) {
        super(exam);
    }

    @Test
    @DisplayName("D1: delete answers true for a live record, then false, and leaves the others")
    final void d1TrueOnce() {
        StoredSession session = create(draft());
        StoredSession neighbour = create(draft());
        assertThat(nodeA.delete(session.key())).as("delete of a live record").isTrue();
        for (SessionStore node : List.of(nodeA, nodeB)) {
            assertThat(node.delete(session.key())).as("delete again").isFalse();
        }
        assertHolds(neighbour, "a record beside the deleted one");
    }

    @Test
    @DisplayName("D1: delete of a session never created answers false")
    final void d1NeverCreatedIsFalse() {
        assertThat(nodeA.delete(draft().make().key())).isFalse();
    }

    @Test
    @DisplayName("D1: delete of an expired record answers false from its expiresAt on, and removes it")
    final void d1ExpiredIsFalse() {
        Instant expiry = time.in(time.brief());
        StoredSession inTime = create(draft().expires(expiry));
        StoredSession late = create(draft().expires(expiry));
        time.justBefore(expiry);
        assertThat(nodeA.delete(inTime.key()))
                .as("delete just before expiresAt")
                .isTrue();
        time.reach(expiry);
        assertThat(nodeA.delete(late.key())).as("delete at expiresAt").isFalse();
        assertThat(nodeA.purgeExpired(10)).as("expired records left to purge").isZero();
    }

    @Test
    @DisplayName("D1: delete of a purged record answers false")
    final void d1PurgedIsFalse() {
        StoredSession expired = createExpired();
        nodeA.purgeExpired(10);
        assertThat(nodeB.delete(expired.key())).isFalse();
    }

    @Test
    @Tag("race")
    @DisplayName("D1: of 16 simultaneous deletes exactly one is told that it removed the record")
    final void d1OneOfManyIsTold() throws Exception {
        try (Race race = new Race(16)) {
            repeat(12, round -> {
                StoredSession session = create(draft());
                List<Boolean> answers = race.run(number -> node(number).delete(session.key()));
                assertThat(Collections.frequency(answers, true))
                        .as("deletes told that they removed the record")
                        .isEqualTo(1);
            });
        }
    }
}
