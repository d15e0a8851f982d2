package dev.holdfast.session.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StoreUriTest {

    @Test
    @DisplayName("a URI comes apart into location and settings, percent signs decoded, plus signs kept")
    void parts() {
        StoreUri uri = StoreUri.parse(URI.create("file:/var/lib/a%20b+c?depth=2&unit=Hours"), "depth", "unit", "other");

        assertThat(uri.location()).isEqualTo("/var/lib/a b+c");
        assertThat(uri.integer("depth", 0, 3, 1)).isEqualTo(2);
        assertThat(uri.choice("unit", TimeUnit.DAYS)).isEqualTo(TimeUnit.HOURS);
        assertThat(uri.text("other")).isNull();
        assertThat(uri.integer("other", 0, 3, 1)).isEqualTo(1);
        assertThat(uri.choice("other", TimeUnit.DAYS)).isEqualTo(TimeUnit.DAYS);
    }

    @ParameterizedTest
    @DisplayName("a wrong setting is named together with what is right, and the location is never repeated")
    @CsvSource(delimiter = '|', textBlock = """
                    colour=red        | it has depth
                    depth             | needs a value
                    depth=1&depth=1   | stands twice
                    depth=4           | a whole number from 0 to 3
                    depth=            | a whole number from 0 to 3
                    depth=two         | a whole number from 0 to 3
                    """)
    void wrongSettings(String query, String right) {
        assertThatThrownBy(() -> StoreUri.parse(URI.create("file:/secret?" + query), "depth")
                        .integer("depth", 0, 3, 1))
                .isInstanceOf(StoreMisconfiguredException.class)
                .hasMessageContaining(right)
                .hasMessageNotContaining("secret");
    }
}
