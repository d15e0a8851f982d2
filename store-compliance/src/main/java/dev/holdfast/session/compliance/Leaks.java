package dev.holdfast.session.compliance;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** Notices threads, and what the author lists as open, that a test's stores leave behind when they are closed. */
final class Leaks {

    private static final Duration PATIENCE = Duration.ofSeconds(3);
    private static final List<String> OF_THE_JVM = List.of(
            "junit-",
            "surefire",
            "ForkJoinPool.commonPool",
            "ForkJoinPool-1-worker",
            "VirtualThread-unparker",
            "Read-Poller",
            "Write-Poller",
            "Common-Cleaner",
            "process reaper",
            "Attach Listener",
            "Signal Dispatcher");

    private final StoreUnderTest subject;
    private final Set<Thread> threadsBefore;
    private final Collection<String> openBefore;

    Leaks(StoreUnderTest subject) {
        this.subject = subject;
        threadsBefore = new HashSet<>(liveThreads());
        openBefore = openResources();
    }

    void assertNone() {
        assertNone(
                "threads",
                () -> liveThreads().stream()
                        .filter(thread -> !threadsBefore.contains(thread))
                        .map(Thread::getName)
                        .filter(name -> OF_THE_JVM.stream().noneMatch(name::startsWith))
                        .filter(name -> subject.keptThreads.stream().noneMatch(name::startsWith))
                        .toList());
        assertNone("open resources", () -> {
            List<String> open = new ArrayList<>(openResources());
            openBefore.forEach(open::remove);
            return open;
        });
    }

    private static void assertNone(String what, Supplier<List<String>> leaks) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        List<String> left = leaks.get();
        while (!left.isEmpty() && System.nanoTime() < end) {
            LockSupport.parkNanos(2_000_000);
            left = leaks.get();
        }
        if (!left.isEmpty()) {
            throw new AssertionError("F5: the stores were closed, but left " + what + " behind: " + left);
        }
    }

    private Collection<String> openResources() {
        return subject.openResources == null ? List.of() : List.copyOf(subject.openResources.get());
    }

    private static List<Thread> liveThreads() {
        ThreadGroup root = Thread.currentThread().getThreadGroup();
        while (root.getParent() != null) {
            root = root.getParent();
        }
        Thread[] threads = new Thread[root.activeCount() + 64];
        int count = root.enumerate(threads, true);
        return Arrays.stream(threads, 0, count).filter(Objects::nonNull).toList();
    }
}
