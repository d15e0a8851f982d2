package dev.holdfast.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The READMEs hold what they say: every snippet compiles, every dependency and every link is there. */
class ReadmeTest {

    private static final Path PROJECT =
            Path.of("").toAbsolutePath().resolve("..").normalize();
    private static final Pattern JAVA = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]+)(?:#[^)]*)?\\)");
    private static final Pattern ARTIFACT = Pattern.compile("<artifactId>([^<]+)</artifactId>");

    /** What a snippet may leave out. */
    private static final String BEFORE = """
            import dev.holdfast.session.*;
            import dev.holdfast.session.codec.*;
            import dev.holdfast.session.codec.json.*;
            import dev.holdfast.session.file.*;
            import dev.holdfast.session.http.*;
            import dev.holdfast.session.http.servlet.*;
            import dev.holdfast.session.http.token.*;
            import dev.holdfast.session.http.wechat.*;
            import dev.holdfast.session.jdbc.*;
            import dev.holdfast.session.memory.*;
            import dev.holdfast.session.spi.*;
            import jakarta.servlet.*;
            import jakarta.servlet.http.*;
            import java.net.URI;
            import java.security.*;
            import java.nio.file.Path;
            import java.time.*;
            import java.util.*;
            import javax.crypto.*;
            import javax.crypto.spec.*;
            import javax.sql.*;
            import org.springframework.boot.web.servlet.FilterRegistrationBean;
            import org.springframework.core.*;
            import tools.jackson.databind.node.*;
            """;

    private record Variable(String type, String name) {}

    /** What a snippet may use without declaring it. */
    private static final List<Variable> KNOWN = List.of(
            new Variable("String", "presentedId"),
            new Variable("SessionStore", "store"),
            new Variable("Sessions", "sessions"),
            new Variable("Session", "session"),
            new Variable("DataSource", "dataSource"),
            new Variable("ServletContext", "context"),
            new Variable("HttpServletRequest", "request"));

    static Stream<Path> readmes() throws IOException {
        try (Stream<Path> folders = Files.list(PROJECT)) {
            return Stream.concat(Stream.of(PROJECT), folders.toList().stream())
                    .map(folder -> folder.resolve("README.md"))
                    .filter(Files::exists);
        }
    }

    @ParameterizedTest
    @MethodSource("readmes")
    @DisplayName("every Java snippet compiles")
    void snippets(Path readme, @TempDir Path classes) throws IOException {
        JavaCompiler compiler = Objects.requireNonNull(ToolProvider.getSystemJavaCompiler(), "this test needs a JDK");
        List<String> snippets = JAVA.matcher(Files.readString(readme))
                .results()
                .map(found -> found.group(1))
                // a class of an author's lies in the exam's own tests, which compile it
                .filter(snippet ->
                        !Pattern.compile("\\bclass \\w+").matcher(snippet).find())
                .toList();
        for (String snippet : snippets) {
            StringWriter messages = new StringWriter();
            boolean compiled = compiler.getTask(
                            messages,
                            null,
                            null,
                            List.of("-d", classes.toString(), "-proc:none"),
                            null,
                            List.of(source(snippet)))
                    .call();
            assertThat(compiled).as("%s%n%s%n%s", readme, snippet, messages).isTrue();
        }
    }

    private static JavaFileObject source(String snippet) {
        StringBuilder parameters = new StringBuilder();
        for (Variable variable : KNOWN) {
            if (!snippet.contains(variable.type + " " + variable.name + " =")) {
                parameters.append(parameters.isEmpty() ? "" : ", ").append(variable.type + " " + variable.name);
            }
        }
        String text =
                BEFORE + "class Snippet { void run(" + parameters + ") throws Exception {\n" + snippet + "\n} }\n";
        return new SimpleJavaFileObject(URI.create("string:///Snippet.java"), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return text;
            }
        };
    }

    @ParameterizedTest
    @MethodSource("readmes")
    @DisplayName("every relative link leads somewhere")
    void links(Path readme) throws IOException {
        Path folder = Objects.requireNonNull(readme.getParent());
        assertThat(LINK.matcher(Files.readString(readme)).results().map(link -> link.group(1)))
                .allSatisfy(link -> assertThat(folder.resolve(link)).exists());
    }

    @Test
    @DisplayName("M27: the dependencies named are modules of this project, and the README has at most 250 lines")
    void dependencies() throws IOException {
        String readme = Files.readString(PROJECT.resolve("README.md"));
        assertThat(ARTIFACT.matcher(readme).results().map((MatchResult artifact) -> artifact.group(1)))
                .isNotEmpty()
                .allSatisfy(artifact ->
                        assertThat(PROJECT.resolve(artifact).resolve("pom.xml")).exists());
        assertThat(readme.lines()).hasSizeLessThanOrEqualTo(250);
    }
}
