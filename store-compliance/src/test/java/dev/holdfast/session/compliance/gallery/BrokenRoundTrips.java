package dev.holdfast.session.compliance.gallery;

import static dev.holdfast.session.compliance.gallery.Broken.store;
import static dev.holdfast.session.compliance.gallery.Twisted.withPrincipal;

import dev.holdfast.session.spi.Payload;
import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.StoredSession;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;

/** Stores that break L1, S05, X2 and X3: what they are given is not what they keep. */
final class BrokenRoundTrips {

    private BrokenRoundTrips() {}

    static List<Broken> stores() {
        return List.of(
                store("payloads cut at NUL", "L1", "payload size", payload(BrokenRoundTrips::cutAtNul)),
                store(
                        "payloads in a text column",
                        "L1",
                        "payload",
                        payload(bytes -> new String(bytes, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8))),
                // Z1 too: what is accepted comes back whole
                store(
                        "payloads cut at 64 KiB",
                        "L1 Z1",
                        "payload size",
                        payload(bytes -> bytes.length < 65_536 ? bytes : Arrays.copyOf(bytes, 65_535))),
                // X2 too: a session of 1 ms becomes one of nothing
                store("times cut to seconds", "L1 X2", "createdAt", Twisted.times(BrokenRoundTrips::cutToSeconds)),
                store("expiries that end with an unsigned int of seconds", "X2", "expiresAt", UnsignedExpiry::new),
                store("times in the default time zone", "X3", "in Pacific", LocalTimes::new),
                // I1 too, with all principals: who is kept under another name is not found under his own
                store(
                        "principals in lower case",
                        "I1 L1",
                        "principal",
                        principal(name -> name.toLowerCase(Locale.ROOT))),
                store("principals trimmed", "I1 L1", "principal", principal(String::strip)),
                store(
                        "principals normalised",
                        "I1 L1",
                        "principal",
                        principal(name -> Normalizer.normalize(name, Normalizer.Form.NFC))),
                store(
                        "no difference between nobody and the empty principal",
                        "I1 L1",
                        "principal",
                        Twisted.written(
                                session -> "".equals(session.principal()) ? withPrincipal(session, null) : session)),
                store(
                        "keys in a column that folds case",
                        "S05",
                        "new key",
                        Twisted.keys(key -> isCrafted(key) ? lowerCase(key) : key)),
                store(
                        "keys in a column that ignores padding",
                        "S05",
                        "new key",
                        Twisted.keys(key -> isCrafted(key) ? withoutPadding(key) : key)));
    }

    private static StoreOpener payload(UnaryOperator<byte[]> twist) {
        return Twisted.written(session ->
                session.withPayload(Payload.wrap(twist.apply(session.payload().toByteArray()))));
    }

    private static StoreOpener principal(UnaryOperator<String> twist) {
        return Twisted.written(session ->
                session.principal() == null ? session : withPrincipal(session, twist.apply(session.principal())));
    }

    private static byte[] cutAtNul(byte[] bytes) {
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == 0) {
                return Arrays.copyOf(bytes, i);
            }
        }
        return bytes;
    }

    private static Instant cutToSeconds(Instant time) {
        return time.equals(StoredSession.NEVER) ? time : time.truncatedTo(ChronoUnit.SECONDS);
    }

    /** Folding all keys would need the original back; hashes that differ in nothing else are too rare to matter. */
    private static boolean isCrafted(byte[] key) {
        return key[1] == key[2] && key[2] == key[3] && key[3] != 0;
    }

    private static byte[] lowerCase(byte[] key) {
        return new String(key, StandardCharsets.ISO_8859_1)
                .toLowerCase(Locale.ROOT)
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] withoutPadding(byte[] key) {
        byte[] folded = key.clone();
        for (int i = folded.length - 1; i >= 0 && (folded[i] == ' ' || folded[i] == 0); i--) {
            folded[i] = 0;
        }
        return folded;
    }

    /** Keeps expiries as unsigned seconds in 32 bits, and what is farther as the last of them. */
    private static final class UnsignedExpiry extends Twisted {

        private static final Instant LAST = Instant.ofEpochSecond(0xFFFF_FFFFL);

        UnsignedExpiry(SoundBackend backend, InstantSource clock) {
            super(backend, clock);
        }

        private static Instant kept(Instant expiry) {
            return expiry.isAfter(LAST) && !expiry.equals(StoredSession.NEVER) ? LAST : expiry;
        }

        @Override
        StoredSession written(StoredSession session) {
            return session.withAccess(session.lastAccessedAt(), kept(session.expiresAt()));
        }

        @Override
        public boolean touch(SessionKey key, Instant lastAccessedAt, Instant expiresAt) {
            return super.touch(key, lastAccessedAt, kept(expiresAt));
        }
    }

    /** Keeps times without saying in which zone they are. */
    private static final class LocalTimes extends Twisted {

        LocalTimes(SoundBackend backend, InstantSource clock) {
            super(backend, clock);
        }

        @Override
        Instant time(Instant instant) {
            return isUtc()
                    ? instant
                    : LocalDateTime.ofInstant(instant, ZoneId.systemDefault()).toInstant(ZoneOffset.UTC);
        }

        private static boolean isUtc() {
            return ZoneId.systemDefault().getRules().equals(ZoneOffset.UTC.getRules());
        }

        private static Instant back(Instant instant) {
            return isUtc()
                    ? instant
                    : LocalDateTime.ofInstant(instant, ZoneOffset.UTC)
                            .atZone(ZoneId.systemDefault())
                            .toInstant();
        }

        @Override
        StoredSession shown(StoredSession session) {
            return with(
                    session,
                    session.key(),
                    back(session.createdAt()),
                    back(session.lastAccessedAt()),
                    back(session.expiresAt()),
                    session.principal());
        }
    }
}
