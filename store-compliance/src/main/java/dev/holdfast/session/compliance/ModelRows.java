package dev.holdfast.session.compliance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.session.Concurrency;
import dev.holdfast.session.SaveOutcome;
import dev.holdfast.session.Session;
import dev.holdfast.session.SessionConflictException;
import dev.holdfast.session.SessionEndedException;
import dev.holdfast.session.Sessions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** R50, M6 to M20: random requests with a clock that jumps, compared step by step with a plain map. */
abstract class ModelRows extends Rows {

    private static final int STEPS = 100_000;
    private static final int RUN = 5_000;
    private static final int CLIENTS = 4;
    private static final int REQUESTS = 6;
    private static final long[] JUMPS = {1, 999, 29_999, 30_000, 59_999, 61_000, 600_000, 1_799_000, 3_600_000};
    private static final long[] IDLES = {60_000, 600_000, ModelStore.DEFAULT_IDLE};

    ModelRows(SessionRows rows) {
        super(rows);
    }

    private enum Deed {
        OPEN,
        PUT,
        REMOVE,
        CLEAR,
        COMPUTE,
        SAVE,
        ROTATE,
        RENEW,
        INVALIDATE,
        DISCARD,
        RELOAD,
        IDLE,
        CLOCK
    }

    private static final List<Deed> ALL = List.of(Deed.values());
    private static final List<Deed> OFTEN = List.of(Deed.OPEN, Deed.OPEN, Deed.PUT, Deed.COMPUTE, Deed.SAVE, Deed.SAVE);

    private record Step(Deed deed, int client, int request, int choice) {
        static Step random(Random random) {
            Deed deed = random.nextBoolean()
                    ? OFTEN.get(random.nextInt(OFTEN.size()))
                    : ALL.get(random.nextInt(ALL.size()));
            return new Step(deed, random.nextInt(CLIENTS), random.nextInt(REQUESTS), random.nextInt(1000));
        }
    }

    @Test
    @DisplayName("R50: 10^5 random steps of four clients on two nodes, with clock jumps, do what a plain map does")
    void model() {
        long seed = System.nanoTime();
        System.out.println("ModelRows seed " + seed);
        Random random = new Random(seed);
        long end = System.nanoTime() + 2 * room.subject.rowTime.toNanos();
        int done = 0;
        for (; done < STEPS && System.nanoTime() < end; done += RUN) {
            List<Step> steps = new ArrayList<>();
            for (int i = 0; i < RUN; i++) {
                steps.add(Step.random(random));
            }
            Failure failure = run(steps);
            if (failure != null) {
                throw shortest(steps.subList(0, failure.step() + 1), failure, seed);
            }
        }
        System.out.println("ModelRows: " + done + " steps");
    }

    /** Drops as long a prefix as leaves a failure. */
    private AssertionError shortest(List<Step> failing, Failure first, long seed) {
        List<Step> steps = failing;
        Failure failure = first;
        for (int drop = steps.size() / 2; drop > 0; drop = Math.min(drop, steps.size()) / 2) {
            Failure without = run(steps.subList(drop, steps.size()));
            while (without != null) {
                steps = steps.subList(drop, drop + without.step() + 1);
                failure = without;
                without = drop < steps.size() ? run(steps.subList(drop, steps.size())) : null;
            }
        }
        return new AssertionError("seed " + seed + ", at the last of these steps: " + steps, failure.cause());
    }

    private record Failure(int step, Throwable cause) {}

    private @Nullable Failure run(List<Step> steps) {
        World world = new World();
        for (int i = 0; i < steps.size(); i++) {
            try {
                world.take(steps.get(i));
            } catch (AssertionError | RuntimeException e) {
                return new Failure(i, e);
            }
        }
        return null;
    }

    private final class World implements InstantSource {

        private final ModelStore model = new ModelStore();
        private final long start = room.time.now().plus(Duration.ofHours(1)).toEpochMilli();
        private final List<Sessions> nodes = List.of(node(storeA), node(storeB));
        private final @Nullable String[] ids = new @Nullable String[CLIENTS];
        private final @Nullable Request[] requests = new @Nullable Request[REQUESTS];
        private final List<String> known = new ArrayList<>();
        private long now = start;

        private record Request(int client, Session real, ModelSession model) {}

        private Sessions node(WatchedStore store) {
            return start(
                    settings(store).clock(this).renewal(Duration.ofDays(10_000), Duration.ofMillis(ModelStore.GRACE)));
        }

        @Override
        public Instant instant() {
            return Instant.ofEpochMilli(now);
        }

        void take(Step step) {
            if (step.deed() == Deed.CLOCK) {
                long jump = JUMPS[step.choice() % JUMPS.length];
                now = Math.max(start, now + (step.choice() % 4 == 0 ? -jump : jump));
                return;
            }
            Request request = requests[step.request()];
            if (step.deed() == Deed.OPEN || request == null) {
                open(step);
                return;
            }
            act(step, request);
            String id = request.real().id().value();
            if (request.real().isStored()) {
                ids[request.client()] = id;
                known.add(id);
            }
            compare(request);
        }

        private void open(Step step) {
            boolean oldId = step.choice() % 5 == 0 && !known.isEmpty();
            String id = oldId
                    ? known.get(known.size() - 1 - step.choice() % Math.min(20, known.size()))
                    : ids[step.client()];
            Concurrency mode = step.choice() % 7 == 0
                    ? Concurrency.STRICT
                    : step.choice() % 11 == 0 ? Concurrency.READ_ONLY : Concurrency.MERGE;
            Session real = nodes.get(step.choice() % 2).open(id, mode);
            ModelSession expected = new ModelSession(model, id, mode, now);
            Request request = new Request(step.client(), real, expected);
            requests[step.request()] = request;
            assertThat(real.isNew()).isEqualTo(!expected.stored);
            compare(request);
        }

        private void compare(Request request) {
            assertThat(request.real().isEnded()).as("ended").isEqualTo(request.model().ended);
            assertThat(request.real().isStored())
                    .as("stored")
                    .isEqualTo(request.model().stored && !request.model().ended);
            if (request.model().ended) {
                return;
            }
            if (request.model().stored) {
                assertThat(request.real().id().value()).as("id").isEqualTo(request.model().id);
            }
            Map<String, Object> view = new TreeMap<>();
            for (String name : request.real().names()) {
                view.put(name, Objects.requireNonNull(request.real().get(name)));
            }
            assertThat(view).as("attributes").isEqualTo(request.model().view());
        }

        private void act(Step step, Request request) {
            Session real = request.real();
            ModelSession expected = request.model();
            switch (step.deed()) {
                case SAVE -> {
                    SaveOutcome outcome = real.save();
                    assertThat(outcome).isEqualTo(expected.save(now, real.id().value()));
                }
                case INVALIDATE -> {
                    real.invalidate();
                    expected.invalidate(now);
                }
                default -> {
                    if (expected.isChangeable()) {
                        change(step, real, expected);
                    } else {
                        assertThatThrownBy(() -> change(
                                        step, real, new ModelSession(new ModelStore(), null, Concurrency.MERGE, now)))
                                .isInstanceOf(IllegalStateException.class);
                    }
                }
            }
        }

        private void change(Step step, Session real, ModelSession expected) {
            String name = "n" + step.choice() % 3;
            switch (step.deed()) {
                case PUT -> {
                    real.put(name, step.choice());
                    expected.put(name, step.choice());
                }
                case REMOVE -> {
                    real.remove(name);
                    expected.remove(name);
                }
                case CLEAR -> {
                    real.clear();
                    expected.clear();
                }
                case COMPUTE -> {
                    real.compute(name, n -> n == null ? 1 : (Integer) n + 1);
                    expected.increment(name);
                }
                case IDLE -> {
                    long idle = IDLES[step.choice() % IDLES.length];
                    real.idleTimeout(Duration.ofMillis(idle));
                    expected.idle(idle);
                }
                case DISCARD -> {
                    real.discard();
                    expected.discard();
                }
                case RELOAD -> {
                    real.reload();
                    expected.reload(now);
                }
                case ROTATE, RENEW -> move(step.deed() == Deed.RENEW, real, expected);
                default -> throw new IllegalArgumentException(step.toString());
            }
        }

        private void move(boolean grace, Session real, ModelSession expected) {
            SaveOutcome outcome = SaveOutcome.RENEWED;
            try {
                if (grace) {
                    real.renewId(Duration.ofMillis(ModelStore.GRACE));
                } else {
                    real.rotateId();
                }
            } catch (SessionEndedException e) {
                outcome = SaveOutcome.GONE;
            } catch (SessionConflictException e) {
                outcome = SaveOutcome.CONFLICT;
            }
            SaveOutcome wanted = expected.move(now, grace, real.id().value());
            assertThat(outcome).isEqualTo(wanted == SaveOutcome.UNCHANGED ? SaveOutcome.RENEWED : wanted);
        }
    }
}
