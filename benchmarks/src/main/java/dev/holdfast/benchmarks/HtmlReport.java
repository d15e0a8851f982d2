package dev.holdfast.benchmarks;

import dev.holdfast.benchmarks.Results.Row;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The results as a page that needs no other file: no script, no font, no picture from elsewhere. */
record HtmlReport(Results results) {

    /** What the bars' whole width stands for. */
    private static final double WIDEST_RATIO = 1.5;

    private static final Map<String, String> LAYERS = Map.of(
            "store", "Stores, on opaque bytes",
            "sessions", "Through Sessions: ids, attributes, codec and dirty detection included");

    private static final String HEAD = """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>Holdfast: stores beside their floors</title>
            <style>
            :root { color-scheme: light dark; --ink: #1c2430; --soft: #5c6675; --paper: #fbfaf7; --line: #dcd8cf;
                    --bar: #2f7d6b; --miss: #c27a1a; --track: #ece8df; }
            @media (prefers-color-scheme: dark) {
              :root { --ink: #e6e6e1; --soft: #9aa3af; --paper: #15181c; --line: #2f353c; --bar: #4fb29b;
                      --miss: #d99a45; --track: #23282e; } }
            body { margin: 0 auto; max-width: 78rem; padding: 2.5rem 1.25rem 4rem; background: var(--paper);
                   color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
            h1 { font-size: 1.9rem; margin: 0 0 .5rem; } h2 { font-size: 1.25rem; margin: 2.5rem 0 .5rem; }
            p, dl { color: var(--soft); max-width: 46rem; }
            dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1rem; font-size: .9rem; }
            dt { font-weight: 600; } dd { margin: 0; overflow-wrap: anywhere; }
            .scroll { overflow-x: auto; }
            table { border-collapse: collapse; width: 100%; font-size: .92rem; font-variant-numeric: tabular-nums; }
            th, td { text-align: left; padding: .35rem .5rem; border-bottom: 1px solid var(--line); white-space: nowrap; }
            th { color: var(--soft); font-weight: 600; } .n { text-align: right; }
            .bar { position: relative; width: 11rem; height: 1.05rem; background: var(--track); border-radius: 3px; }
            .bar i { position: absolute; inset: 0 auto 0 0; background: var(--bar); border-radius: 3px; }
            .peer td { color: var(--soft); } .peer .bar i { background: var(--soft); }
            .missed .bar i { background: var(--miss); }
            .bar u { position: absolute; top: .47rem; height: 2px; background: var(--ink); opacity: .75; }
            .bar s { position: absolute; top: -.15rem; bottom: -.15rem; width: 2px; background: var(--ink); }
            </style>
            </head>
            <body>
            """;

    String text() {
        StringBuilder page = new StringBuilder(HEAD);
        page.append("<h1>Stores beside their floors</h1>\n<p>")
                .append(MarkdownReport.HOW_TO_READ)
                .append(
                        "</p>\n<p>A bar is the ratio, the thin line its range over the rounds, the upright mark the goal; the")
                .append(" whole width is a ratio of ")
                .append(WIDEST_RATIO)
                .append(". Amber is a goal that was missed, grey another project on the same engine.</p>\n<dl>\n");
        results.environment()
                .facts()
                .forEach((name, fact) -> page.append("<dt>")
                        .append(escaped(name))
                        .append("</dt><dd>")
                        .append(escaped(fact))
                        .append("</dd>\n"));
        page.append("</dl>\n");
        LAYERS.keySet().stream().sorted().forEach(layer -> section(page, layer));
        page.append("<h2>What each keeps</h2>\n<dl>\n");
        for (Contender contender : Contender.values()) {
            if (results.rows().stream().anyMatch(row -> row.engine().equals(contender.engine()))) {
                page.append("<dt>")
                        .append(escaped(MarkdownReport.name(contender)))
                        .append("</dt><dd>")
                        .append(escaped(contender.semantics()))
                        .append("</dd>\n");
            }
        }
        return page.append("</dl>\n</body>\n</html>\n").toString();
    }

    private void section(StringBuilder page, String layer) {
        List<Row> rows =
                results.rows().stream().filter(row -> row.layer().equals(layer)).toList();
        if (rows.isEmpty()) {
            return;
        }
        page.append("<h2>").append(LAYERS.get(layer)).append("""
                        </h2>
                        <div class="scroll"><table>
                        <thead><tr><th>operation</th><th>store</th><th>load</th><th class="n">ops/s</th>
                        <th class="n">p50 · p99 · p99.9 µs</th><th class="n">floor ops/s</th><th class="n">ratio</th>
                        <th>beside the floor</th><th>goal</th><th class="n">× best peer</th></tr></thead>
                        <tbody>
                        """);
        MarkdownReport words = new MarkdownReport(results);
        rows.forEach(row -> row(page, row, words));
        page.append("</tbody></table></div>\n");
    }

    private static void row(StringBuilder page, Row row, MarkdownReport words) {
        boolean missed = MarkdownReport.goal(row).endsWith("missed");
        page.append(missed ? "<tr class=\"missed\">" : row.peer() ? "<tr class=\"peer\">" : "<tr>");
        cell(page, "", row.operation());
        cell(page, "", row.peer() ? "↳ " + row.store() : row.store());
        cell(page, "", row.load());
        cell(page, "n", String.format(Locale.ROOT, "%,.0f", row.median()));
        cell(page, "n", MarkdownReport.percentiles(row));
        if (row.hasFloor()) {
            cell(page, "n", String.format(Locale.ROOT, "%,.0f", row.floorMedian()));
            cell(page, "n", String.format(Locale.ROOT, "%.2f", row.ratio()));
            page.append("<td>").append(bar(row)).append("</td>");
        } else {
            page.append("<td class=\"n\">–</td><td class=\"n\">–</td><td></td>");
        }
        cell(page, "", MarkdownReport.goal(row));
        cell(page, "n", words.timesBestPeer(row));
        page.append("</tr>\n");
    }

    private static String bar(Row row) {
        List<Double> ratios = row.ratios();
        double least = percent(ratios.get(0));
        double greatest = percent(ratios.get(ratios.size() - 1));
        StringBuilder bar = new StringBuilder(String.format(
                Locale.ROOT,
                "<div class=\"bar\" role=\"img\" aria-label=\"%.2f, from %s\"><i style=\"width:%.1f%%\"></i>"
                        + "<u style=\"left:%.1f%%;width:%.1f%%\"></u>",
                row.ratio(),
                MarkdownReport.range(row),
                percent(row.ratio()),
                least,
                greatest - least));
        row.goal()
                .ifPresent(goal -> bar.append(
                        String.format(Locale.ROOT, "<s style=\"left:%.1f%%\" title=\"goal\"></s>", percent(goal))));
        return bar.append("</div>").toString();
    }

    private static double percent(double ratio) {
        return 100 * Math.min(ratio, WIDEST_RATIO) / WIDEST_RATIO;
    }

    private static void cell(StringBuilder page, String type, String text) {
        page.append(type.isEmpty() ? "<td>" : "<td class=\"" + type + "\">")
                .append(escaped(text))
                .append("</td>");
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
