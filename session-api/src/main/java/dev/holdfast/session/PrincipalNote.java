package dev.holdfast.session;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered of a principal beside their sessions.
 *
 * @param revokedAt when their sessions were last ended, or {@code null}
 * @param spared the log-in that then stayed, or {@code null}
 * @param admitted the log-ins that hold a place, where the number of places is limited and new ones are refused
 */
record PrincipalNote(@Nullable Instant revokedAt, @Nullable Login spared, List<Login> admitted) {

    static final PrincipalNote EMPTY = new PrincipalNote(null, null, List.of());

    private static final int INSTANT_BYTES = Long.BYTES + Integer.BYTES;

    static PrincipalNote read(Extensions extensions) {
        List<Login> admitted = new ArrayList<>();
        ByteBuffer logins = extensions.find(Extension.ADMITTED);
        while (logins != null && logins.remaining() >= Login.BYTES) {
            Login login = Login.read(logins.slice(logins.position(), Login.BYTES));
            if (login != null) {
                admitted.add(login);
            }
            logins.position(logins.position() + Login.BYTES);
        }
        return new PrincipalNote(
                instant(extensions.find(Extension.REVOKED_AT)),
                Login.read(extensions.find(Extension.LOGIN)),
                List.copyOf(admitted));
    }

    Extensions over(Extensions extensions) {
        Map<Extension, Optional<byte[]>> changes = new EnumMap<>(Extension.class);
        changes.put(Extension.REVOKED_AT, Optional.ofNullable(revokedAt).map(PrincipalNote::bytes));
        changes.put(Extension.LOGIN, Optional.ofNullable(spared).map(Login::toBytes));
        ByteBuffer logins = ByteBuffer.allocate(admitted.size() * Login.BYTES);
        admitted.forEach(login -> logins.put(login.toBytes()));
        changes.put(Extension.ADMITTED, admitted.isEmpty() ? Optional.empty() : Optional.of(logins.array()));
        return extensions.with(changes);
    }

    /** Returns whether a log-in was revoked, whose request began before that and came to an end only after. */
    boolean revokes(Login login, Instant requestedAt) {
        return revokedAt != null && requestedAt.isBefore(revokedAt) && !login.equals(spared);
    }

    PrincipalNote withRevocation(Instant at, @Nullable Login sparedLogin) {
        boolean isOld = revokedAt != null && revokedAt.isAfter(at);
        return isOld ? this : new PrincipalNote(at, sparedLogin, admitted);
    }

    PrincipalNote withAdmitted(List<Login> logins) {
        return new PrincipalNote(revokedAt, spared, List.copyOf(logins));
    }

    static @Nullable Instant instant(@Nullable ByteBuffer bytes) {
        return bytes == null || bytes.remaining() != INSTANT_BYTES
                ? null
                : Instant.ofEpochSecond(bytes.getLong(), bytes.getInt());
    }

    static byte[] bytes(Instant instant) {
        return ByteBuffer.allocate(INSTANT_BYTES)
                .putLong(instant.getEpochSecond())
                .putInt(instant.getNano())
                .array();
    }
}
