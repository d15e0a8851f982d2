package dev.holdfast.demo.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The table of rules and the tests name one another. */
class TableTest {

    private static final Pattern ROW = Pattern.compile("(?m)^\\| V([0-9]+) \\| .*\\| `([A-Za-z]+)` \\|$");
    private static final Pattern NUMBER = Pattern.compile("^V([0-9]+)(?:, [A-Z]+[0-9]+)*: .*", Pattern.DOTALL);

    @Test
    @DisplayName("each rule of SERVLET.md has one test, in the class that it names, and no test is without a rule")
    void complete() throws Exception {
        Map<Integer, String> tests = new TreeMap<>();
        for (Class<?> type : List.of(
                CreationRulesTest.class, AttributeRulesTest.class, TimeRulesTest.class, DispatchRulesTest.class)) {
            for (Method method : type.getDeclaredMethods()) {
                DisplayName name = method.getAnnotation(DisplayName.class);
                if (name != null && name.value().startsWith("V")) {
                    List<MatchResult> number =
                            NUMBER.matcher(name.value()).results().toList();
                    assertThat(number).as(name.value()).hasSize(1);
                    assertThat(tests.put(Integer.valueOf(number.get(0).group(1)), type.getSimpleName()))
                            .as(name.value())
                            .isNull();
                }
            }
        }
        Map<Integer, String> rules = new TreeMap<>();
        ROW.matcher(Files.readString(Path.of("..", "session-http", "SERVLET.md")))
                .results()
                .forEach(row -> rules.put(Integer.valueOf(row.group(1)), row.group(2)));
        assertThat(rules).isEqualTo(tests);
        assertThat(rules.keySet())
                .hasSize(rules.keySet().stream().mapToInt(i -> i).max().orElse(0));
    }
}
