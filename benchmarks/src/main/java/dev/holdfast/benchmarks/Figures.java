package dev.holdfast.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The tables of figures in a Markdown text, each between {@code <!-- figures LAYER from FOLDER: OPERATION,… -->} and
 * {@code <!-- end of figures -->}: nobody types a figure.
 *
 * @param project what the folders are relative to
 */
record Figures(Path project) {

    private static final Pattern TABLE = Pattern.compile(
            "(<!-- figures (\\w+) from ([\\w/-]+): ([\\w,]+) -->\\n).*?(<!-- end of figures -->)", Pattern.DOTALL);

    /** Returns the text with each table as the raw results say. */
    String renewed(String markdown) {
        return TABLE.matcher(markdown)
                .replaceAll(table -> Matcher.quoteReplacement(table.group(1) + rendered(table) + table.group(5)));
    }

    /** Returns how many tables there are. */
    static long count(String markdown) {
        return TABLE.matcher(markdown).results().count();
    }

    private String rendered(MatchResult table) {
        try {
            return new MarkdownReport(Results.read(project.resolve(table.group(3))))
                    .summary(table.group(2), List.of(table.group(4).split(",", -1)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
