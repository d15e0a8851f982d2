package dev.holdfast.session.compliance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.session.spi.PrincipalIndex;
import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.StoredSession;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** I3 and I4: all of a principal's sessions end at once, and are listed by pages. */
@Tag("ability")
abstract class PrincipalSweepPromises extends Promises {

    private PrincipalIndex indexA;
    private PrincipalIndex indexB;

    PrincipalSweepPromises(SessionStoreExam exam) {
        super(exam);
    }

    @BeforeEach
    final void needAbility() {
        indexA = ExamRoom.ability(PrincipalIndex.class, nodeA);
        indexB = ExamRoom.ability(PrincipalIndex.class, nodeB);
    }

    private List<StoredSession> createAll(String principal, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> create(draft().principal(principal)))
                .toList();
    }

    @Test
    @DisplayName("I3: all sessions of a principal are deleted and counted, others stay")
    final void i3DeletesAll() {
        List<StoredSession> sessions = createAll("alice", 30);
        StoredSession other = create(draft().principal("bob"));
        StoredSession nobodys = create(draft());
        assertThat(indexB.deleteByPrincipal("alice", null))
                .as("sessions deleted")
                .isEqualTo(30);
        for (StoredSession session : sessions) {
            assertAbsent(session.key(), "a session of a principal whose sessions were deleted");
        }
        assertHolds(other, "a session of another principal");
        assertHolds(nobodys, "a session of nobody");
        assertThat(indexA.deleteByPrincipal("alice", null))
                .as("sessions deleted again")
                .isZero();
    }

    @Test
    @DisplayName("I3: all but one, and the one stays as it is")
    final void i3DeletesAllButOne() {
        List<StoredSession> sessions = createAll("alice", 5);
        StoredSession mine = sessions.get(2);
        assertThat(indexA.deleteByPrincipal("alice", mine.key()))
                .as("sessions deleted but one")
                .isEqualTo(4);
        assertHolds(mine, "the session that was to stay");
        StoredSession others = create(draft().principal("bob"));
        assertThat(indexA.deleteByPrincipal("alice", others.key()))
                .as("sessions deleted but another's")
                .isEqualTo(1);
        assertHolds(others, "a session of another principal, given as the one to stay");
    }

    @Test
    @Tag("race")
    @DisplayName("I3: sessions that are created while it sweeps are deleted, too")
    final void i3DeletesNewcomers() throws Exception {
        try (Race race = new Race(2)) {
            repeat(4, round -> {
                List<StoredSession> old = createAll("alice", 60);
                List<StoredSession> newcomers = new ArrayList<>();
                race.run(number -> number == 0 ? indexA.deleteByPrincipal("alice", null) : join(old, newcomers));
                for (StoredSession newcomer : newcomers) {
                    assertAbsent(newcomer.key(), "a session created before the sweep had deleted an older one");
                }
                indexA.deleteByPrincipal("alice", null);
            });
        }
    }

    /**
     * Creates sessions while older ones are still there. Who sees an older one after the create knows that the sweep will
     * delete again, and so has to look again.
     */
    private int join(List<StoredSession> old, List<StoredSession> newcomers) {
        while (true) {
            StoredSession newcomer = draft().principal("alice").make();
            assertThat(nodeB.create(newcomer)).isTrue();
            if (old.stream().noneMatch(session -> nodeB.load(session.key()).isPresent())) {
                nodeB.delete(newcomer.key());
                return newcomers.size();
            }
            newcomers.add(newcomer);
        }
    }

    @Test
    @Tag("race")
    @DisplayName("I3: of simultaneous sweeps each session is counted once")
    final void i3CountsOnce() throws Exception {
        try (Race race = new Race(4)) {
            repeat(4, round -> {
                createAll("alice", 40);
                List<Integer> counts =
                        race.run(number -> (number % 2 == 0 ? indexA : indexB).deleteByPrincipal("alice", null));
                assertThat(counts.stream().mapToInt(Integer::intValue).sum())
                        .as("sessions deleted by 4 sweeps, of 40")
                        .isEqualTo(40);
            });
        }
    }

    @Test
    @DisplayName("I4: pages are ordered by key, full but for the last, and hold each session once")
    final void i4Pages() {
        List<SessionKey> expected =
                createAll("alice", 23).stream().map(StoredSession::key).sorted().toList();
        createAll("bob", 3);
        for (int limit : new int[] {1, 7, 23, 24, Integer.MAX_VALUE}) {
            List<SessionKey> paged = new ArrayList<>();
            @Nullable SessionKey after = null;
            List<StoredSession> page;
            do {
                page = indexB.findByPrincipal("alice", after, limit);
                assertThat(page.size())
                        .as("size of a page of %s, when %s of 23 were paged", limit, paged.size())
                        .isEqualTo(Math.min(limit, 23 - paged.size()));
                page.forEach(session -> paged.add(session.key()));
                after = paged.get(paged.size() - 1);
            } while (page.size() == limit && paged.size() < 23);
            assertThat(paged).as("keys in pages of %s", limit).isEqualTo(expected);
            assertThat(indexA.findByPrincipal("alice", after, limit))
                    .as("the page after the last key")
                    .isEmpty();
        }
    }

    @Test
    @DisplayName("I4: a page starts after its key, whether that is there or not, and keys are ordered as unsigned")
    final void i4StartsAfterAnyKey() {
        List<SessionKey> keys = IntStream.of(0x00, 0x01, 0x41, 0x61, 0x7F, 0x80, 0xC0, 0xFF)
                .mapToObj(first -> {
                    byte[] key = new byte[SessionKey.BYTES];
                    key[0] = (byte) first;
                    return SessionKey.ofBytes(key);
                })
                .toList();
        keys.forEach(key -> create(draft().key(key).principal("alice")));
        for (int i = 0; i < keys.size(); i++) {
            assertThat(indexA.findByPrincipal("alice", keys.get(i), 100))
                    .as("sessions after key %s", i)
                    .extracting(StoredSession::key)
                    .containsExactlyElementsOf(keys.subList(i + 1, keys.size()));
        }
        nodeA.delete(keys.get(4));
        assertThat(indexA.findByPrincipal("alice", keys.get(4), 2))
                .as("sessions after a deleted key")
                .extracting(StoredSession::key)
                .containsExactly(keys.get(5), keys.get(6));
    }

    @Test
    @DisplayName("I4: a page is full even where expired and deleted sessions lie between")
    final void i4PagesAreFull() {
        var expiry = time.in(time.brief());
        List<SessionKey> live = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            live.add(create(draft().principal("alice")).key());
            create(draft().principal("alice").expires(expiry));
            nodeA.delete(create(draft().principal("alice")).key());
        }
        time.reach(expiry);
        assertThat(indexB.findByPrincipal("alice", null, 15))
                .as("a page of 15 of 20 live sessions among expired and deleted ones")
                .extracting(StoredSession::key)
                .containsExactlyElementsOf(live.stream().sorted().limit(15).toList());
    }

    @Test
    @DisplayName("I4: a limit below 1 is an IllegalArgumentException")
    final void i4LimitIsPositive() {
        for (int limit : new int[] {0, -1}) {
            assertThatThrownBy(() -> indexA.findByPrincipal("alice", null, limit))
                    .as("page of %s", limit)
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}
