package dev.holdfast.session;

/**
 * How far purging is, of one {@link Sessions}.
 *
 * @param isRunning whether a purge is under way
 * @param removedByThisRun what it, or else the last one, has removed so far
 * @param removed what all have removed
 * @param runs how many have ended, failed ones included
 * @param failures how many have failed
 */
public record PurgeProgress(boolean isRunning, long removedByThisRun, long removed, long runs, long failures) {

    static final PurgeProgress NONE = new PurgeProgress(false, 0, 0, 0, 0);

    PurgeProgress begun() {
        return new PurgeProgress(true, 0, removed, runs, failures);
    }

    PurgeProgress with(int batch) {
        return new PurgeProgress(true, removedByThisRun + batch, removed + batch, runs, failures);
    }

    PurgeProgress ended(boolean failed) {
        return new PurgeProgress(false, removedByThisRun, removed, runs + 1, failures + (failed ? 1 : 0));
    }
}
