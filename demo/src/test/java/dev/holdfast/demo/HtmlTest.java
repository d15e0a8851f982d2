package dev.holdfast.demo;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HtmlTest {

    @Test
    void escapesTextAndKeepsHtml() {
        assertThat(Html.of("<p title=\"{}\">{}</p>", "\"<&>'", Html.of("<b>{}</b>", "{}"))
                        .markup())
                .isEqualTo("<p title=\"&quot;&lt;&amp;&gt;&#39;\"><b>{}</b></p>");
    }
}
