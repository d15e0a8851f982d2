package dev.holdfast.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.session.memory.MemorySessionStore;
import dev.holdfast.session.spi.Payload;
import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.StoredSession;
import dev.holdfast.session.spi.UpdateOutcome;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Session ids: how they are made, and what is made of those that clients present. */
class SessionIdsTest {

    private final CountingStore store = new CountingStore(MemorySessionStore.create());

    private SessionsBuilder sessions() {
        return Sessions.builder(store).purgeInterval(Duration.ZERO);
    }

    /** A "random" that counts what is asked of it and repeats a seeded stream. */
    private static class Stream extends SecureRandom {
        private static final long serialVersionUID = 1L;
        private final Random seeded;
        private int bytes;

        Stream(long seed) {
            seeded = new Random(seed);
        }

        @Override
        public void nextBytes(byte[] target) {
            bytes += target.length;
            seeded.nextBytes(target);
        }
    }

    @Test
    @DisplayName("S01: an id takes 256 bits from the generator, has a fixed length and is URL-safe")
    void size() {
        Stream random = new Stream(1);
        String id = sessions().random(random).build().open(null).id().value();
        assertThat(random.bytes * 8).isEqualTo(256);
        assertThat(id).matches("[A-Za-z0-9_-]{43}");
        assertThat(SessionId.isWellFormed(id)).isTrue();
    }

    @Test
    @DisplayName("S01: a million ids hold no duplicate, and every character is evenly spread")
    void distribution() {
        int count = 1_000_000;
        SecureRandom random = new SecureRandom();
        Set<SessionKey> seen = new HashSet<>(count * 2);
        int[][] counts = new int[SessionId.LENGTH][128];
        for (int i = 0; i < count; i++) {
            SessionId id = SessionId.random(random);
            assertThat(seen.add(id.key())).isTrue();
            for (int position = 0; position < SessionId.LENGTH; position++) {
                counts[position][id.value().charAt(position)]++;
            }
        }
        for (int position = 0; position < SessionId.LENGTH; position++) {
            int alphabet = position == SessionId.LENGTH - 1 ? 16 : 64;
            double expected = (double) count / alphabet;
            double chiSquare = 0;
            int used = 0;
            for (int observed : counts[position]) {
                if (observed > 0) {
                    used++;
                    chiSquare += (observed - expected) * (observed - expected) / expected;
                }
            }
            assertThat(used).isEqualTo(alphabet);
            // 63 degrees of freedom: beyond 150 lies a chance of about 1 in 10^8
            assertThat(chiSquare).as("position %d", position).isLessThan(150);
        }
    }

    @Test
    @DisplayName("S02: an id depends on the generator alone, not on user, time or node")
    void nothing_but_random() {
        FakeClock later = new FakeClock();
        later.advance(Duration.ofDays(1000));
        Session alice = sessions().random(new Stream(7)).build().open(null);
        alice.principal("alice");
        Session bob = sessions().clock(later).random(new Stream(7)).build().open(null);
        bob.principal("bob");
        assertThat(alice.id()).isEqualTo(bob.id());
    }

    @Test
    @DisplayName("S03: a well-formed id that nobody knows is never adopted")
    void strict() {
        String planted = SessionId.random(new SecureRandom()).value();
        Session session = sessions().build().open(planted);
        session.put("a", 1);
        session.save();
        assertThat(session.id().value()).isNotEqualTo(planted);
        assertThat(store.load(SessionKey.of(planted))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a",
                "../../../../../../../../../../etc/passwd_____",
                "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA*",
                "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\u0000",
                "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\r\n",
                " AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA{}",
                "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB",
                "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\uFF21",
                "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA+"
            })
    @DisplayName("S04: what can't be an id costs no store call")
    void malformed(String presented) {
        Sessions sessions = sessions().build();
        assertThat(sessions.find(presented)).isEmpty();
        assertThat(sessions.open(presented).isNew()).isTrue();
        assertThat(store.calls()).isEmpty();
    }

    @Test
    @DisplayName("S04: random texts of an id's length cost no store call unless they are ids")
    void malformed_fuzz() {
        long seed = System.nanoTime();
        System.out.println("SessionIdsTest.malformed_fuzz seed " + seed);
        Random random = new Random(seed);
        Sessions sessions = sessions().build();
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text =
                    new StringBuilder(SessionId.random(new Stream(i)).value());
            char odd = (char) random.nextInt(1 << 16);
            text.setCharAt(random.nextInt(SessionId.LENGTH), odd);
            boolean wellFormed = text.toString().matches("[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]");
            sessions.find(text.toString());
            assertThat(store.calls()).as("U+%04X", (int) odd).hasSize(wellFormed ? 1 : 0);
        }
    }

    @Test
    @DisplayName("S05: a case-flipped or space-padded id is another id")
    void no_folding() {
        Sessions sessions = sessions().build();
        Session session = sessions.open(null);
        session.put("a", 1);
        session.save();
        String id = session.id().value();
        for (int i = 0; i < id.length(); i++) {
            char c = id.charAt(i);
            char flipped = Character.isLowerCase(c) ? Character.toUpperCase(c) : Character.toLowerCase(c);
            if (flipped != c) {
                assertThat(sessions.find(id.substring(0, i) + flipped + id.substring(i + 1)))
                        .isEmpty();
            }
        }
        assertThat(sessions.find(id + " ")).isEmpty();
        assertThat(sessions.find(" " + id)).isEmpty();
        assertThat(sessions.find(id)).isPresent();
    }

    @Test
    @DisplayName("S06: an id that is taken never overwrites; the new session gets another one")
    void collision() {
        Session first = sessions().random(new Stream(7)).build().open(null);
        first.put("who", "first");
        first.save();
        Session second = sessions().random(new Stream(7)).build().open(null);
        second.put("who", "second");
        assertThat(second.id()).isEqualTo(first.id());
        assertThat(second.save()).isEqualTo(SaveOutcome.CREATED);
        assertThat(second.id()).isNotEqualTo(first.id());
        Sessions sessions = sessions().build();
        assertThat(sessions.open(first.id().value()).get("who")).isEqualTo("first");
        assertThat(sessions.open(second.id().value()).get("who")).isEqualTo("second");
    }

    @Test
    @DisplayName("S06: a generator that repeats itself for ever is an error, not a shared session")
    void endless_collision() {
        SecureRandom stuck = new SecureRandom() {
            private static final long serialVersionUID = 1L;

            @Override
            public void nextBytes(byte[] bytes) {}
        };
        Sessions sessions = sessions().random(stuck).build();
        Session first = sessions.open(null);
        first.put("a", 1);
        first.save();
        Session second = sessions.open(null);
        second.put("a", 2);
        assertThatThrownBy(second::save).isInstanceOf(IllegalStateException.class);
        assertThat(sessions.open(first.id().value()).get("a")).isEqualTo(1);
    }

    @Test
    @DisplayName("S07: of 64 creators of one id one gets it, and the others get ids of their own")
    void creators() throws Exception {
        int creators = 64;
        ExecutorService threads = Executors.newFixedThreadPool(creators);
        try {
            CountDownLatch start = new CountDownLatch(1);
            List<Future<SessionId>> ids = new ArrayList<>();
            for (int i = 0; i < creators; i++) {
                Stream sameFirst = new Stream(7) {
                    private static final long serialVersionUID = 1L;
                    private boolean first = true;

                    @Override
                    public void nextBytes(byte[] target) {
                        if (first) {
                            first = false;
                            super.nextBytes(target);
                        } else {
                            new SecureRandom().nextBytes(target);
                        }
                    }
                };
                Session session = sessions().random(sameFirst).build().open(null);
                session.put("number", i);
                ids.add(threads.submit(() -> {
                    start.await();
                    session.save();
                    return session.id();
                }));
            }
            start.countDown();
            Sessions sessions = sessions().build();
            Set<SessionId> distinct = new HashSet<>();
            for (int i = 0; i < creators; i++) {
                SessionId id = ids.get(i).get();
                distinct.add(id);
                assertThat(sessions.open(id.value()).get("number")).isEqualTo(i);
            }
            assertThat(distinct).hasSize(creators);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    @DisplayName("S12: what the store holds leads to no session")
    void key_is_no_id() {
        Sessions sessions = sessions().build();
        Session session = sessions.open(null);
        session.put("a", 1);
        session.save();
        SessionKey key = session.id().key();
        assertThat(sessions.find(key.toString())).isEmpty();
        assertThat(sessions.find(Base64.getUrlEncoder().withoutPadding().encodeToString(key.toBytes())))
                .isEmpty();
    }

    @Test
    @DisplayName("S13: neither ids nor attribute values show in texts of ours")
    void secrecy() {
        Session session = sessions().build().open(null);
        session.put("secret", "canary");
        session.save();
        StoredSession stored = store.load(session.id().key()).orElseThrow();
        assertThat(session.id().toString() + session + stored + stored.payload())
                .doesNotContain(session.id().value())
                .doesNotContain("canary");
    }

    @Test
    @DisplayName("S28: a save after invalidate is gone, writes nothing and makes no new id")
    void save_after_invalidate() {
        Sessions sessions = sessions().build();
        Session session = sessions.open(null);
        session.put("a", 1);
        session.save();
        String id = session.id().value();
        Session late = sessions.open(id);
        late.put("a", 2);
        sessions.open(id).invalidate();
        store.calls();
        assertThat(late.save()).isEqualTo(SaveOutcome.GONE);
        assertThat(store.calls()).containsExactly("update");
        assertThat(late.id().value()).isEqualTo(id);
        assertThat(late.save()).isEqualTo(SaveOutcome.GONE);
        assertThat(((MemorySessionStore) store.delegate()).scan()).isEmpty();
    }

    @Test
    @DisplayName("S67: a payload that can't be read counts as absent, and can be deleted")
    void poison() {
        Sessions sessions = sessions().build();
        Session session = sessions.open(null);
        session.put("a", 1);
        session.save();
        StoredSession good = store.load(session.id().key()).orElseThrow();
        assertThat(store.update(good.withPayload(Payload.copyOf(new byte[] {99, 1, 2})), 1))
                .isEqualTo(UpdateOutcome.APPLIED);
        assertThat(sessions.find(session.id().value())).isEmpty();
        assertThat(sessions.open(session.id().value()).isNew()).isTrue();
        assertThat(store.delete(session.id().key())).isTrue();
    }

    @Test
    @DisplayName("S67: an attribute that can't be read seems absent, and the others stay")
    void poison_attribute() {
        Sessions sessions = sessions().build();
        Session session = sessions.open(null);
        session.put("a", 1);
        session.put("b", 2);
        session.save();
        StoredSession good = store.load(session.id().key()).orElseThrow();
        Envelope envelope = Envelope.parse(good.payload()).orElseThrow();
        Map<String, EncodedValue> values = new LinkedHashMap<>(envelope.values());
        values.put("a", new EncodedValue((byte) 99, ByteBuffer.wrap(new byte[] {1})));
        store.update(good.withPayload(envelope.with(values).toPayload()), 1);

        Session damaged = sessions.open(session.id().value());
        assertThat(damaged.get("a")).isNull();
        assertThat(damaged.get("b")).isEqualTo(2);
        damaged.put("b", 3);
        damaged.save();
        assertThat(Envelope.parse(store.load(session.id().key()).orElseThrow().payload())
                        .orElseThrow()
                        .values()
                        .get("a"))
                .as("the bytes stay for whoever can read them")
                .isEqualTo(values.get("a"));
    }
}
