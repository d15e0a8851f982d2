package dev.holdfast.session.redis;

import dev.holdfast.session.spi.OutcomeUnknownException;
import dev.holdfast.session.spi.SessionStoreException;
import dev.holdfast.session.spi.StoreMisconfiguredException;
import dev.holdfast.session.spi.StoreUnavailableException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.exceptions.JedisAccessControlException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;

/** What an error of the driver means to the caller. */
final class Failures {

    private static final List<String> NOT_SENT =
            List.of("Failed to connect to", "Could not get a resource", "Failed to create socket");

    private Failures() {}

    /** Returns the error to throw; a server's own error reply says that nothing was applied. */
    static SessionStoreException of(Object operation, JedisException failure, boolean mayBeApplied) {
        keepInterrupt(failure);
        if (isRefusal(failure)) {
            return new StoreMisconfiguredException(
                    "Redis refused " + operation
                            + ": the user, the password or the user's permissions are wrong; give the"
                            + " store those that ACL LIST shows, with the rights that the README lists",
                    failure);
        }
        if (failure instanceof JedisDataException) {
            return new StoreUnavailableException(operation + hint(failure), failure);
        }
        return mayBeApplied && maySent(failure)
                ? new OutcomeUnknownException(operation.toString(), failure)
                : new StoreUnavailableException(operation.toString(), failure);
    }

    private static String hint(JedisException failure) {
        String message = String.valueOf(failure.getMessage());
        if (message.startsWith("OOM")) {
            return " (Redis is out of memory: raise its maxmemory)";
        } else if (message.startsWith("READONLY")) {
            return " (this Redis is a replica: name its master, or the sentinels)";
        } else if (message.startsWith("MISCONF")) {
            return " (Redis can't save to its disk, and takes no writes until it can)";
        }
        return "";
    }

    private static boolean isRefusal(JedisException failure) {
        return any(
                failure,
                cause -> cause instanceof JedisAccessControlException
                        || (cause instanceof JedisDataException
                                && String.valueOf(cause.getMessage())
                                        .matches("(?s)(NOAUTH|WRONGPASS|NOPERM|.*user executing the script).*")));
    }

    /** Returns whether the request may have reached the server. */
    static boolean maySent(JedisException failure) {
        return !(failure instanceof JedisDataException)
                && !any(
                        failure,
                        cause -> cause instanceof ConnectException
                                || cause instanceof UnknownHostException
                                || cause instanceof NoSuchElementException
                                || NOT_SENT.stream().anyMatch(String.valueOf(cause.getMessage())::startsWith));
    }

    /** Returns whether a connection broke, other than by being too slow: then another one may do better. */
    static boolean isBroken(JedisException failure) {
        return maySent(failure) && !any(failure, cause -> cause instanceof SocketTimeoutException);
    }

    private static void keepInterrupt(JedisException failure) {
        if (any(failure, cause -> cause instanceof InterruptedException)) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean any(Throwable failure, Predicate<Throwable> test) {
        int depth = 0;
        for (@Nullable Throwable cause = failure; cause != null && depth < 20; cause = cause.getCause(), depth++) {
            if (test.test(cause)) {
                return true;
            }
            for (Throwable suppressed : cause.getSuppressed()) {
                if (test.test(suppressed)) {
                    return true;
                }
            }
        }
        return false;
    }
}
