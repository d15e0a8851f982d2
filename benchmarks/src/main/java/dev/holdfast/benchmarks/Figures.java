package dev.holdfast.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The tables of figures in a Markdown text, each between {@code <!-- figures LAYER from FOLDER: OPERATION,… -->} and
 * {@code <!-- end of figures -->}: nobody types a figure. A folder whose results are not there yet shows as pending.
 *
 * @param project what the folders are relative to
 */
record Figures(Path project) {

    private static final Pattern TABLE = Pattern.compile(
            "(?<start><!-- figures (?<layer>\\w+) from (?<folder>[\\w./-]+): (?<operations>[\\w,]+) -->\\n)"
                    + ".*?(?<end><!-- end of figures -->)",
            Pattern.DOTALL);

    /** Returns the text with each table as the raw results say. */
    String renewed(String markdown) {
        Matcher table = TABLE.matcher(markdown);
        return table.replaceAll(
                found -> Matcher.quoteReplacement(table.group("start") + rendered(table) + table.group("end")));
    }

    private String rendered(Matcher table) {
        Path folder = project.resolve(table.group("folder"));
        if (!Environment.in(folder)) {
            return "Pending: not measured yet.\n";
        }
        try {
            List<String> operations = List.of(table.group("operations").split(",", -1));
            return new MarkdownReport(Results.read(folder)).summary(table.group("layer"), operations)
                    + String.format("\nAll of it: [%1$s](%1$s/README.md)\n", table.group("folder"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
