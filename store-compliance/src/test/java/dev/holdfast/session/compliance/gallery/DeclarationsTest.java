package dev.holdfast.session.compliance.gallery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.session.compliance.SessionStoreExam;
import dev.holdfast.session.compliance.StoreUnderTest;
import dev.holdfast.session.memory.MemorySessionStore;
import dev.holdfast.session.spi.DeclaredConsistency;
import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.StoredSession;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What is declared decides on what is asked, what is not declared is shown as skipped, and no test can be overridden. */
final class DeclarationsTest {

    @Test
    @DisplayName("without hooks the tests that need one are skipped, and name it")
    void missingHooksAreNamed() {
        Gallery.Report report = Gallery.examine(() -> {
            String name = UUID.randomUUID().toString();
            return StoreUnderTest.withClock(clock ->
                    MemorySessionStore.builder().clock(clock).sharedAs(name).build());
        });
        assertThat(report.failures).isEmpty();
        assertThat(report.skipped).containsExactly("F1", "F2", "F3", "F5", "I2", "L4", "P5", "T5", "Z1");
        for (String hook : List.of("storedBytes", "fault", "bytesWritten", "danglingIndexEntry", "maxPayloadBytes")) {
            assertThat(report.skips).as("skips that name the hook %s", hook).anyMatch(skip -> skip.contains(hook));
        }
    }

    @Test
    @DisplayName("without abilities their tests are skipped, and name them")
    void missingAbilitiesAreNamed() {
        Gallery.Report report = Gallery.examine(() -> new SoundBackend().with(PlainStore::new));
        assertThat(report.failures).isEmpty();
        assertThat(report.skipped)
                .contains("I1", "I2", "I3", "I4", "W1", "K1", "K2", "K3", "K4", "E1", "N1", "P5")
                .doesNotContain("C1", "U4", "T2", "D1", "P2", "X1", "Z1", "F1", "F5");
        assertThat(report.passed).doesNotContain("I1", "I2", "I3", "I4", "W1", "K1", "K2", "K3", "K4", "E1", "N1");
        for (String ability :
                List.of("PrincipalIndex", "SessionScan", "SessionLocking", "ExpiryEvents", "ChangeFeed")) {
            assertThat(report.skips).as("skips that name %s", ability).anyMatch(skip -> skip.contains(ability));
        }
    }

    @Test
    @DisplayName("an engine that expires by itself is not asked to count its purges")
    void expiresByItself() {
        Gallery.Report report = Gallery.examine(() -> new SoundBackend()
                .with((backend, clock) -> new SoundStore(backend, clock) {
                    @Override
                    public int purgeExpired(int limit) {
                        return 0 * super.purgeExpired(limit);
                    }
                })
                .expiresByItself());
        assertThat(report.failures).isEmpty();
        assertThat(report.passed).contains("P1", "P2", "P5");
        assertThat(report.skipped).containsExactly("P1", "P2", "P3", "P4");
    }

    @Test
    @DisplayName("a store that declares less than strong may lose records in an outage")
    void declaredConsistencyIsRead() {
        Gallery.Report report = Gallery.examine(() -> new SoundBackend().with(Forgetful::new));
        assertThat(report.failures).isEmpty();
        assertThat(report.passed).contains("F3", "L6");
    }

    @Test
    @DisplayName("each test of the exam is final, and begins with a number")
    void testsAreFinal() {
        List<Method> tests = groups().flatMap(
                        group -> Arrays.stream(group.getSuperclass().getDeclaredMethods()))
                .filter(method -> method.isAnnotationPresent(Test.class))
                .toList();
        assertThat(tests).hasSizeGreaterThan(100).allSatisfy(test -> {
            assertThat(Modifier.isFinal(test.getModifiers()))
                    .as("%s is final", test)
                    .isTrue();
            String number = test.getAnnotation(DisplayName.class).value().replaceFirst(": .*", "");
            assertThat(number).matches("[A-Z]\\d+");
            assertThat(test.getName()).startsWith(number.toLowerCase(Locale.ROOT));
        });
        assertThat(groups()).allMatch(group -> Modifier.isFinal(group.getModifiers()));
    }

    private static Stream<Class<?>> groups() {
        return Arrays.stream(SessionStoreExam.class.getDeclaredClasses());
    }

    /** A strong store would not be allowed this. */
    private static final class Forgetful extends SoundStore implements DeclaredConsistency {

        Forgetful(SoundBackend backend, InstantSource clock) {
            super(backend, clock);
        }

        @Override
        public Consistency consistency() {
            return Consistency.STRONG_UNTIL_FAILOVER;
        }

        @Override
        public Optional<StoredSession> load(SessionKey key) {
            if (backend.down) {
                backend.attic.keySet().forEach(store::delete);
            }
            return super.load(key);
        }
    }
}
