package dev.holdfast.session.hazelcast;

import com.hazelcast.client.HazelcastClientOfflineException;
import com.hazelcast.core.HazelcastOverloadException;
import com.hazelcast.nio.serialization.HazelcastSerializationException;
import com.hazelcast.splitbrainprotection.SplitBrainProtectionException;
import dev.holdfast.session.spi.OutcomeUnknownException;
import dev.holdfast.session.spi.SessionStoreException;
import dev.holdfast.session.spi.StoreUnavailableException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Calls Hazelcast, and says what its errors mean to the caller. */
final class Failures {

    private Failures() {}

    /** Returns the answer to what changes nothing. */
    static <T extends @Nullable Object> T reading(String operation, Supplier<T> call) {
        return calling(operation, false, call);
    }

    /** Returns the answer to what may be applied although it fails. */
    static <T extends @Nullable Object> T writing(String operation, Supplier<T> call) {
        return calling(operation, true, call);
    }

    private static <T extends @Nullable Object> T calling(String operation, boolean writes, Supplier<T> call) {
        // an interrupt that was there before would leave the outcome unknown for nothing
        boolean interrupted = Thread.interrupted();
        try {
            return call.get();
        } catch (SessionStoreException | HazelcastSerializationException e) {
            throw e;
        } catch (RuntimeException e) {
            List<Throwable> causes = causes(e);
            interrupted |= causes.stream().anyMatch(InterruptedException.class::isInstance);
            throw writes && mayBeApplied(causes)
                    ? new OutcomeUnknownException(operation, e)
                    : new StoreUnavailableException(operation + hint(causes), e);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** A refusal comes before the operation runs, and what was not connected was not sent. */
    private static boolean mayBeApplied(List<Throwable> causes) {
        Throwable root = causes.get(causes.size() - 1);
        return !(root instanceof SplitBrainProtectionException
                || root instanceof HazelcastClientOfflineException
                || root instanceof HazelcastOverloadException
                || isNotConnected(root));
    }

    private static boolean isNotConnected(Throwable root) {
        return root instanceof IOException
                && String.valueOf(root.getMessage()).startsWith("No connection found to cluster");
    }

    private static String hint(List<Throwable> causes) {
        return causes.stream().anyMatch(SplitBrainProtectionException.class::isInstance)
                ? " (too few members are left in this part of the cluster, whose split-brain protection refuses)"
                : "";
    }

    private static List<Throwable> causes(Throwable failure) {
        List<Throwable> causes = new ArrayList<>();
        for (Throwable cause = failure; cause != null && !causes.contains(cause); cause = cause.getCause()) {
            causes.add(cause);
        }
        return causes;
    }
}
