package dev.holdfast.session.compliance.gallery;

import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.platform.engine.TestExecutionResult.Status.ABORTED;
import static org.junit.platform.engine.TestExecutionResult.Status.FAILED;
import static org.junit.platform.engine.TestExecutionResult.Status.SUCCESSFUL;

import dev.holdfast.session.compliance.SessionStoreExam;
import dev.holdfast.session.compliance.StoreUnderTest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** Lets stores take the exam inside a test, and tells how they did. */
final class Gallery {

    private static final Pattern NUMBER = Pattern.compile("([A-Z]\\d+): .*", Pattern.DOTALL);

    private static @Nullable Supplier<StoreUnderTest> candidate;

    private Gallery() {}

    /** Runs the whole exam for a store. */
    static Report examine(Supplier<StoreUnderTest> store) {
        Report report = new Report();
        candidate = store;
        try {
            LauncherFactory.create()
                    .execute(
                            LauncherDiscoveryRequestBuilder.request()
                                    .selectors(DiscoverySelectors.selectClass(Candidate.class))
                                    .build(),
                            report);
        } finally {
            candidate = null;
        }
        return report;
    }

    /** Takes the exam for the store of the gallery whose turn it is. */
    static final class Candidate extends SessionStoreExam {
        @Override
        protected StoreUnderTest storeUnderTest() {
            if (candidate == null) {
                return abort("the gallery runs this for each of its stores");
            }
            return candidate.get();
        }
    }

    /** How a store did: the numbers of the promises by what became of their tests. */
    static final class Report implements TestExecutionListener {

        final Set<String> passed = new TreeSet<>();
        final Set<String> skipped = new TreeSet<>();
        final Map<String, List<String>> failures = new TreeMap<>();
        final List<String> skips = new ArrayList<>();

        @Override
        public void executionFinished(TestIdentifier test, TestExecutionResult result) {
            String message = result.getThrowable().map(String::valueOf).orElse("");
            if (test.isTest() && result.getStatus() == SUCCESSFUL) {
                passed.add(number(test.getDisplayName()));
            } else if (result.getStatus() == ABORTED) {
                skipped.add(number(test.getDisplayName()));
                skips.add(test.getDisplayName() + " -> " + message);
            } else if (result.getStatus() == FAILED) {
                // a leak is found after any test, so it names its own promise
                boolean leak = message.contains("F5: ");
                failures.computeIfAbsent(leak ? "F5" : number(test.getDisplayName()), any -> new ArrayList<>())
                        .add(test.getDisplayName() + " -> " + message);
            }
        }

        private static String number(String displayName) {
            Matcher matcher = NUMBER.matcher(displayName);
            return matcher.matches() ? matcher.group(1) : "no number: " + displayName;
        }

        Set<String> broken() {
            return failures.keySet();
        }
    }
}
