package dev.holdfast.demo;

import java.util.List;
import java.util.stream.Collectors;

/** A piece of HTML. Text can get into one only through {@link #of}, which escapes it. */
record Html(String markup) {

    static final Html NONE = new Html("");

    /** Fills the template's {@code {}} in order: with HTML as it is, with everything else escaped. */
    static Html of(String template, Object... values) {
        StringBuilder markup = new StringBuilder();
        int from = 0;
        for (Object value : values) {
            int hole = template.indexOf("{}", from);
            markup.append(template, from, hole);
            markup.append(value instanceof Html html ? html.markup() : escape(String.valueOf(value)));
            from = hole + 2;
        }
        return new Html(markup.append(template, from, template.length()).toString());
    }

    static Html all(List<Html> pieces) {
        return new Html(pieces.stream().map(Html::markup).collect(Collectors.joining()));
    }

    private static String escape(String text) {
        StringBuilder escaped = new StringBuilder(text.length());
        text.chars().forEach(c -> {
            switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                default -> escaped.append((char) c);
            }
        });
        return escaped.toString();
    }
}
