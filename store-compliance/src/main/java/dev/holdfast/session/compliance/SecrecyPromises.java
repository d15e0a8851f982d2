package dev.holdfast.session.compliance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.session.spi.PrincipalIndex;
import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.SessionStore;
import dev.holdfast.session.spi.StoredSession;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** F4: nothing that the store says gives a session away. */
abstract class SecrecyPromises extends Promises {

    private static final String ID = "exam-id-q7Jx2vWmZ0";
    private static final String PRINCIPAL = "exam-principal-k3Ty8RbN";
    private static final String VALUE = "exam-value-9fLw4DsC";

    SecrecyPromises(SessionStoreExam exam) {
        super(exam);
    }

    private Draft secret() {
        return draft().key(SessionKey.of(ID)).principal(PRINCIPAL).payload(VALUE);
    }

    @Test
    @DisplayName("F4: no log line, no toString and no message holds an id, a principal or a payload")
    final void f4NothingIsSaid() throws Throwable {
        List<String> said = new CopyOnWriteArrayList<>();
        Logger root = Logger.getLogger("");
        Level level = root.getLevel();
        Handler listener = new Listener(said);
        root.addHandler(listener);
        root.setLevel(Level.ALL);
        try {
            speak(said);
        } finally {
            root.setLevel(level);
            root.removeHandler(listener);
        }
        byte[] value = VALUE.getBytes(StandardCharsets.US_ASCII);
        for (String secret : List.of(
                ID,
                PRINCIPAL,
                VALUE,
                Base64.getEncoder().withoutPadding().encodeToString(value),
                HexFormat.of().formatHex(value),
                Arrays.toString(value).substring(1, 4 * value.length))) {
            assertThat(said)
                    .as("what the store said, where '%s' may not be", secret)
                    .noneMatch(text -> text.toLowerCase(Locale.ROOT).contains(secret.toLowerCase(Locale.ROOT)));
        }
    }

    private void speak(List<String> said) throws Throwable {
        StoredSession session = create(secret());
        nodeA.create(session);
        nodeA.update(session, 7);
        nodeA.update(session, 1);
        nodeA.touch(session.key(), session.lastAccessedAt(), session.expiresAt());
        nodeA.load(session.key()).ifPresent(loaded -> said.add(loaded.toString()));
        said.add(nodeA.toString());
        listen(said, () -> nodeA.purgeExpired(0));
        if (nodeA instanceof PrincipalIndex index) {
            listen(said, () -> index.findByPrincipal(PRINCIPAL, null, 0));
        }
        if (room.subject.maxPayloadBytes > 0) {
            byte[] tooLarge =
                    Arrays.copyOf(VALUE.getBytes(StandardCharsets.US_ASCII), room.subject.maxPayloadBytes + 1);
            listen(said, () -> nodeA.create(secret().payload(tooLarge).make()));
        }
        for (Fault fault : room.subject.faults) {
            fault.begin().execute();
            try {
                callAtOnce(nodeA, session, said);
            } finally {
                fault.end().execute();
            }
        }
        SessionStore closed = room.open();
        closed.close();
        callEach(closed, session, said);
        said.add(closed.toString());
    }

    private void callEach(SessionStore store, StoredSession session, List<String> said) {
        calls(store, session).forEach(call -> listen(said, call));
    }

    /** Calls all verbs at the same time, as each may wait for its whole budget. */
    private void callAtOnce(SessionStore store, StoredSession session, List<String> said) throws Exception {
        List<Callable<Void>> calls = new ArrayList<>();
        calls(store, session)
                .forEach(call -> calls.add(() -> {
                    listen(said, call);
                    return null;
                }));
        ExecutorService threads = Executors.newFixedThreadPool(calls.size());
        try {
            for (Future<Void> call : threads.invokeAll(calls)) {
                call.get();
            }
        } finally {
            threads.shutdown();
        }
    }

    private List<Runnable> calls(SessionStore store, StoredSession session) {
        StoredSession absent = secret().key(draft().make().key()).make();
        List<Runnable> calls = new ArrayList<>();
        for (Verb verb : Verb.of(store)) {
            calls.add(() -> verb.call().on(session, absent));
        }
        if (store instanceof PrincipalIndex index) {
            calls.add(() -> index.deleteByPrincipal(PRINCIPAL, null));
        }
        return calls;
    }

    private static void listen(List<String> said, Runnable verb) {
        try {
            verb.run();
        } catch (RuntimeException e) {
            StringWriter trace = new StringWriter();
            e.printStackTrace(new PrintWriter(trace, true));
            said.add(trace.toString());
        }
    }

    /** Keeps what is logged in this JVM, whoever logs it. */
    private static final class Listener extends Handler {

        private final List<String> said;
        private final SimpleFormatter formatter = new SimpleFormatter();

        Listener(List<String> said) {
            this.said = said;
        }

        @Override
        public void publish(LogRecord entry) {
            List<String> parts = new ArrayList<>(List.of(formatter.format(entry)));
            if (entry.getParameters() != null) {
                parts.add(Arrays.toString(entry.getParameters()));
            }
            said.add(String.join(" ", parts));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
