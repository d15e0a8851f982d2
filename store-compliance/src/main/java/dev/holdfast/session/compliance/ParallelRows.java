package dev.holdfast.session.compliance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.session.Concurrency;
import dev.holdfast.session.SaveOutcome;
import dev.holdfast.session.Session;
import dev.holdfast.session.Sessions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** M20, R50, R51: parallel requests on one session. The races end after so many rounds, or after some seconds. */
abstract class ParallelRows extends Rows {

    private static final int THREADS = 8;
    private static final int ROUNDS = 10_000;

    ParallelRows(SessionRows rows) {
        super(rows);
    }

    private Duration limit() {
        return room.subject.rowTime;
    }

    private Race race(int runners) {
        return new Race(runners, limit());
    }

    /** Says how many rounds each thread has done. */
    private static void print(String race, List<Integer> rounds, long start) {
        System.out.printf(
                "%s: %d rounds by %d threads, the least of them %d, in %d ms%n",
                race,
                rounds.stream().mapToInt(Integer::intValue).sum(),
                rounds.size(),
                Collections.min(rounds),
                Duration.ofNanos(System.nanoTime() - start).toMillis());
    }

    private static Object count(@Nullable Object n) {
        return n == null ? 1 : (Integer) n + 1;
    }

    @Test
    @DisplayName("M20: parallel requests that change different attributes lose nothing")
    void different_attributes() {
        String id = stored("a", 1);
        Session one = nodeA.open(id);
        Session two = nodeB.open(id);
        one.put("one", 1);
        one.remove("a");
        two.put("two", 2);
        assertThat(one.save()).isEqualTo(SaveOutcome.UPDATED);
        assertThat(two.save()).isEqualTo(SaveOutcome.UPDATED);
        assertThat(nodeA.open(id).names()).containsExactlyInAnyOrder("one", "two");
    }

    @Test
    @DisplayName("M20: of one attribute the last writer's value stays")
    void same_attribute() {
        String id = stored("a", 1);
        Session one = nodeA.open(id);
        Session two = nodeB.open(id);
        one.put("a", "one");
        two.put("a", "two");
        one.save();
        two.save();
        assertThat(nodeA.open(id).get("a")).isEqualTo("two");
    }

    @Test
    @DisplayName("M20: a merge function makes one value of two requests' values")
    void merge_function() {
        Sessions merging = start(settings(storeB).merge("cart", (base, theirs, mine) -> {
            List<Object> both = new ArrayList<>((List<?>) Objects.requireNonNull(theirs));
            List<Object> added = new ArrayList<>((List<?>) Objects.requireNonNull(mine));
            added.removeAll((List<?>) Objects.requireNonNull(base));
            both.addAll(added);
            return both;
        }));
        String id = stored("cart", List.of("tea"));
        Session one = nodeA.open(id);
        Session two = merging.open(id);
        one.put("cart", List.of("tea", "bread"));
        two.put("cart", List.of("tea", "salt"));
        two.put("other", 1);
        one.save();
        assertThat(two.save()).isEqualTo(SaveOutcome.UPDATED);
        assertThat(nodeA.open(id).get("cart")).isEqualTo(List.of("tea", "bread", "salt"));
        assertThat(two.get("cart")).isEqualTo(List.of("tea", "bread", "salt"));
    }

    @Test
    @DisplayName(
            "R51: compute runs again on what another request has stored first, after in-place changes and itself too")
    void compute() {
        String id = stored("n", 10);
        Session one = nodeA.open(id);
        Session two = nodeB.open(id);
        assertThat(one.compute("n", ParallelRows::count)).isEqualTo(11);
        two.compute("n", ParallelRows::count);
        two.compute("n", ParallelRows::count);
        two.compute("none", n -> n == null ? null : n);
        one.compute("fresh", ParallelRows::count);
        two.compute("fresh", ParallelRows::count);
        assertThat(one.save()).isEqualTo(SaveOutcome.UPDATED);
        assertThat(two.get("n")).isEqualTo(12);
        assertThat(two.save()).isEqualTo(SaveOutcome.UPDATED);
        assertThat(two.get("n")).isEqualTo(13);
        assertThat(nodeA.open(id).get("n")).isEqualTo(13);
        assertThat(nodeA.open(id).get("fresh")).isEqualTo(2);
        assertThat(nodeA.open(id).contains("none")).isFalse();

        Session set = nodeA.open(id);
        set.put("n", 100);
        set.compute("n", ParallelRows::count);
        Session count = nodeB.open(id);
        count.compute("n", ParallelRows::count);
        count.save();
        set.save();
        assertThat(nodeB.open(id).get("n")).as("computed from what was put").isEqualTo(101);
    }

    @Test
    @DisplayName("M20: strict: the later save is a conflict, and keeps its changes until reload")
    void strict() {
        String id = stored("a", 1);
        Session one = nodeA.open(id, Concurrency.STRICT);
        Session two = nodeB.open(id, Concurrency.STRICT);
        one.put("a", 2);
        two.put("b", 3);
        assertThat(one.save()).isEqualTo(SaveOutcome.UPDATED);
        assertThat(two.save()).isEqualTo(SaveOutcome.CONFLICT);
        assertThat(two.get("b")).isEqualTo(3);
        assertThat(nodeA.open(id).names()).containsExactly("a");
        two.reload();
        two.put("b", 3);
        assertThat(two.save()).isEqualTo(SaveOutcome.UPDATED);
    }

    @Test
    @Tag("race")
    @DisplayName(
            "R50, R51: 8 threads on each of 2 nodes: each attribute keeps its last value, and the counter counts all")
    void storm() {
        String id = stored("n", 0);
        long start = System.nanoTime();
        try (Race race = race(2 * THREADS)) {
            List<Integer> rounds = race.run(number -> {
                BooleanSupplier more = atMost(ROUNDS, limit());
                int round = 0;
                while (more.getAsBoolean()) {
                    Session session = node(number).open(id);
                    session.compute("n", ParallelRows::count);
                    session.put("t" + number, ++round);
                    SaveOutcome outcome = session.save();
                    while (outcome == SaveOutcome.CONFLICT) {
                        outcome = session.save();
                    }
                    assertThat(outcome).isEqualTo(SaveOutcome.UPDATED);
                }
                return round;
            });
            print("merge", rounds, start);
            Session last = nodeA.open(id);
            for (int number = 0; number < 2 * THREADS; number++) {
                assertThat(last.get("t" + number)).isEqualTo(rounds.get(number));
            }
            assertThat(last.get("n"))
                    .isEqualTo(rounds.stream().mapToInt(Integer::intValue).sum());
        }
    }

    @Test
    @Tag("race")
    @DisplayName("R50: strict: 8 threads on each of 2 nodes: a save either counts or reports a conflict")
    void strict_storm() {
        String id = stored("n", 0);
        long start = System.nanoTime();
        try (Race race = race(2 * THREADS)) {
            List<Integer> counted = race.run(number -> {
                BooleanSupplier more = atMost(ROUNDS, limit());
                int acknowledged = 0;
                while (more.getAsBoolean()) {
                    Session session = node(number).open(id, Concurrency.STRICT);
                    session.put("n", count(session.get("n")));
                    if (session.save() == SaveOutcome.UPDATED) {
                        acknowledged++;
                    }
                }
                return acknowledged;
            });
            print("strict, acknowledged", counted, start);
            assertThat(nodeA.open(id).get("n"))
                    .isEqualTo(counted.stream().mapToInt(Integer::intValue).sum());
        }
    }

    @Test
    @Tag("race")
    @DisplayName("R50: whatever eight writers have under way, a session that was ended or got another id stays so")
    void no_resurrection() {
        BooleanSupplier more = atMost(300, limit());
        try (Race race = race(THREADS)) {
            for (int round = 0; more.getAsBoolean(); round++) {
                boolean rotating = round % 2 == 0;
                String id = stored("n", 0);
                List<String> ids = race.run(number -> {
                    if (number > 0) {
                        Session session = node(number).open(id);
                        session.compute("n", ParallelRows::count);
                        return session.isStored() && session.save() == SaveOutcome.UPDATED ? "counted" : "";
                    }
                    Session session = nodeA.open(id);
                    if (rotating) {
                        return session.rotateId().value();
                    }
                    session.invalidate();
                    return "";
                });
                assertThat(nodeA.find(id)).isEmpty();
                assertThat(nodeB.find(id)).isEmpty();
                if (rotating) {
                    assertThat(nodeB.open(ids.get(0)).get("n"))
                            .as("writes that were acknowledged before the new id")
                            .isEqualTo(
                                    (int) ids.stream().filter("counted"::equals).count());
                }
            }
        }
    }

    @Test
    @DisplayName("R51: a function that fails leaves the session as it was")
    void failing_function() {
        Session session = nodeA.open(stored("n", 1));
        assertThatThrownBy(() -> session.compute("n", n -> {
                    throw new IllegalArgumentException("no");
                }))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(session.get("n")).isEqualTo(1);
        assertThat(session.save()).isEqualTo(SaveOutcome.UNCHANGED);
    }
}
