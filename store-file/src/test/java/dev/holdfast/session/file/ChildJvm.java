package dev.holdfast.session.file;

import dev.holdfast.session.spi.SessionStore;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A JVM of its own, for faults that would take the tests' JVM along. Parent and child talk in lines. It never outlives
 * its parent, however that ends: it halts when its standard input does.
 */
final class ChildJvm implements AutoCloseable {

    private static final long LONGEST_LIFE_SECONDS = 600;

    /** One file that anybody may read, so that no class costs a descriptor and other users can run it. */
    private static final Path CLASSES = jar(SessionStore.class, FileSessionStore.class, ChildJvm.class);

    private final Process process;
    private final BufferedReader output;
    private final Path errors;

    private ChildJvm(Process process, Path errors) {
        this.process = process;
        this.output = process.inputReader(StandardCharsets.UTF_8);
        this.errors = errors;
        var unused = CompletableFuture.runAsync(
                this::kill, CompletableFuture.delayedExecutor(LONGEST_LIFE_SECONDS, TimeUnit.SECONDS));
    }

    /** Starts a class' main method. */
    static ChildJvm start(Class<?> main, Object... arguments) {
        return start(List.of(), List.of("-Xmx64m"), main, arguments);
    }

    /**
     * Starts a class' main method.
     *
     * @param wrapper a command that runs the one appended to it
     * @param options of the JVM
     */
    static ChildJvm start(List<String> wrapper, List<String> options, Class<?> main, Object... arguments) {
        List<String> command = new ArrayList<>(wrapper);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto", "-XX:-UsePerfData"));
        command.addAll(options);
        command.addAll(List.of("-cp", CLASSES.toString(), main.getName()));
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        try {
            Path errors = Files.createTempFile("holdfast-child", ".err");
            errors.toFile().deleteOnExit();
            return new ChildJvm(
                    new ProcessBuilder(command).redirectError(errors.toFile()).start(), errors);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the next line that the child said, or {@code null} when it is dead and has said all. */
    @Nullable
    String hear() {
        try {
            return output.readLine();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits for that line. */
    void hear(String expected) {
        String line = hear();
        if (!expected.equals(line)) {
            throw new AssertionError("expected the child to say '" + expected + "', not '" + line + "'" + errors());
        }
    }

    /** Says a line to the child. */
    void say(String line) {
        try {
            process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().flush();
        } catch (IOException e) {
            throw new UncheckedIOException("the child is gone" + errors(), e);
        }
    }

    /** Sends SIGKILL. What the child has said can still be heard. */
    void kill() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.toHandle().destroyForcibly();
    }

    /** Stops the child where it is, by SIGSTOP. */
    void pause() {
        signal("STOP");
    }

    /** Lets the child go on. */
    void goOn() {
        signal("CONT");
    }

    private void signal(String name) {
        try {
            Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start();
            if (kill.waitFor() != 0) {
                throw new AssertionError("kill -" + name + " ended with " + kill.exitValue());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Waits until the child has ended, and returns its exit code. */
    int exitCode() {
        try {
            if (!process.waitFor(LONGEST_LIFE_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError("the child has not ended" + errors());
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Returns what the child and the JVM have to say of what went wrong. */
    String errors() {
        try {
            return "\n" + Files.readString(errors);
        } catch (IOException e) {
            return "\n" + e;
        }
    }

    @Override
    public void close() {
        kill();
        exitCode();
        process.destroy();
    }

    /** The child's end. Whatever the main method throws is printed, and the JVM ends with code 1. */
    static final class Parent {

        private final FileOutputStream output = new FileOutputStream(FileDescriptor.out);
        private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

        /** Begins to watch the parent. */
        Parent() {
            Thread watch = new Thread(this::watch, "parent");
            watch.setDaemon(true);
            watch.start();
        }

        private void watch() {
            try (BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
                for (String line = input.readLine(); line != null; line = input.readLine()) {
                    lines.add(line);
                }
            } catch (IOException e) {
                System.err.println(e);
            }
            Runtime.getRuntime().halt(3);
        }

        /** Says a line in one write, so that it is said once this returns, whatever happens next. */
        void say(Object line) {
            try {
                output.write((line + "\n").getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** Waits for the next line. */
        String hear() throws InterruptedException {
            return lines.take();
        }

        /** Waits for that line. */
        void hear(String expected) throws InterruptedException {
            String line = hear();
            if (!line.equals(expected)) {
                throw new AssertionError("expected '" + expected + "', not '" + line + "'");
            }
        }
    }

    private static Path jar(Class<?>... samples) {
        try {
            Path directory = Files.createTempDirectory("holdfast-classes");
            Path jar = directory.resolve("classes.jar");
            directory.toFile().deleteOnExit();
            jar.toFile().deleteOnExit();
            try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
                for (Class<?> sample : samples) {
                    addAll(sample, out);
                }
            }
            boolean readable = jar.toFile().setReadable(true, false)
                    && directory.toFile().setReadable(true, false)
                    && directory.toFile().setExecutable(true, false);
            if (!readable) {
                throw new IOException("other users can't be let read " + jar);
            }
            return jar;
        } catch (IOException | URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Adds all classes that lie where this one does. */
    private static void addAll(Class<?> sample, JarOutputStream out) throws IOException, URISyntaxException {
        URI place = Objects.requireNonNull(sample.getResource(sample.getSimpleName() + ".class"))
                .toURI();
        try (FileSystem opened = "jar".equals(place.getScheme()) ? FileSystems.newFileSystem(place, Map.of()) : null) {
            assert opened == null || opened.isOpen();
            Path top = Objects.requireNonNull(Path.of(place).getParent());
            for (int i = 0; i < sample.getPackageName().split("\\.").length; i++) {
                top = Objects.requireNonNull(top.getParent());
            }
            try (Stream<Path> files = Files.walk(top)) {
                for (Path file : (Iterable<Path>) files::iterator) {
                    String name = top.relativize(file).toString();
                    if (name.endsWith(".class") && !name.equals("module-info.class")) {
                        out.putNextEntry(new JarEntry(name.replace('\\', '/')));
                        Files.copy(file, out);
                    }
                }
            }
        }
    }
}
