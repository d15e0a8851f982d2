package dev.holdfast.session.compliance.gallery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.session.compliance.StoreUnderTest;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The README speaks of the exam as it is. */
final class ReadmeTest {

    private static final Path EXAMPLES = Path.of("src/test/java/dev/holdfast/session/compliance/example");

    @Test
    @DisplayName("the examples are those that are compiled and run")
    void examplesAreCompiled() throws IOException {
        Matcher snippet = Pattern.compile("```java\n(final class (\\w+) .*?)```", Pattern.DOTALL)
                .matcher(readme());
        Set<String> seen = new TreeSet<>();
        while (snippet.find()) {
            seen.add(snippet.group(2));
            assertThat(Files.readString(EXAMPLES.resolve(snippet.group(2) + ".java")))
                    .contains(snippet.group(1));
        }
        assertThat(seen).containsExactly("MapSessionRowsTest", "MapSessionStoreTest");
    }

    @Test
    @DisplayName("the table has each promise once")
    void tableIsComplete() throws IOException {
        Set<String> listed = new TreeSet<>();
        Matcher row = Pattern.compile("^\\| ([A-Z]\\d+) \\|", Pattern.MULTILINE).matcher(readme());
        while (row.find()) {
            assertThat(listed.add(row.group(1)))
                    .as("first row of %s", row.group(1))
                    .isTrue();
        }
        assertThat(listed).isEqualTo(SoundStoreTest.promises());
    }

    @Test
    @DisplayName("each hook is listed")
    void hooksAreListed() throws IOException {
        String readme = readme();
        assertThat(Arrays.stream(StoreUnderTest.class.getDeclaredMethods())
                        .filter(method -> Modifier.isPublic(method.getModifiers()))
                        .filter(method -> !Modifier.isStatic(method.getModifiers()))
                        .map(Method::getName))
                .isNotEmpty()
                .allMatch(name -> readme.contains("`" + name + "("));
    }

    private static String readme() throws IOException {
        return Files.readString(Path.of("README.md"));
    }
}
