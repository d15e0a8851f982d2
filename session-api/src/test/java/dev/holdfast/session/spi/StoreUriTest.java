package dev.holdfast.session.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("StoreUri")
class StoreUriTest {

    private static StoreUri parse(String uri) {
        return StoreUri.parse(URI.create(uri), "depth", "fsync", "name");
    }

    private static AbstractThrowableAssert<?, ? extends Throwable> assertWrong(ThrowingCallable call) {
        return assertThatThrownBy(call).isInstanceOf(StoreMisconfiguredException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "file:/var/lib/app?depth=2, /var/lib/app",
        "file:/a%20b, /a b",
        "file:/a+b, /a+b",
        "file:/%E6%BC%A2?, /漢",
        "file:///x, ///x",
        "redis://host:6379/0?depth=1, //host:6379/0",
        "memory:name, name",
        "file:/a%3Fb?depth=1, /a?b",
        "FILE:/A, /A"
    })
    @DisplayName("the location is what stands before the question mark, with percent signs decoded")
    void location(String uri, String location) {
        assertThat(parse(uri).location()).isEqualTo(location);
    }

    @Test
    @DisplayName("settings are text, numbers or constants; those not given have the default")
    void settings() {
        StoreUri uri = parse("file:/a?depth=3&fsync=Seconds&name=x%26y%3Dz+w=");
        assertThat(uri.text("name")).isEqualTo("x&y=z+w=");
        assertThat(uri.integer("depth", 0, 4, 2)).isEqualTo(3);
        assertThat(uri.choice("fsync", TimeUnit.DAYS)).isEqualTo(TimeUnit.SECONDS);
        StoreUri bare = parse("file:/a");
        assertThat(bare.text("name")).isNull();
        assertThat(bare.integer("depth", 0, 4, 2)).isEqualTo(2);
        assertThat(bare.choice("fsync", TimeUnit.DAYS)).isEqualTo(TimeUnit.DAYS);
        assertThat(parse("file:/a?name=").text("name")).isEmpty();
    }

    @Test
    @DisplayName("an unknown setting is an error that lists the known ones")
    void unknown() {
        assertWrong(() -> parse("file:/a?dept=2"))
                .hasMessage("the file: URI has no setting 'dept'; it has depth, fsync, name");
        assertWrong(() -> parse("file:/a?Depth=2")).hasMessageContaining("'Depth'");
        assertWrong(() -> StoreUri.parse(URI.create("file:/a?depth=2"))).hasMessageContaining("it has none");
        assertWrong(() -> parse("file:/a?depth=2&")).hasMessageContaining("no setting ''");
    }

    @Test
    @DisplayName("a setting without value, and one that stands twice, are errors")
    void shape() {
        assertWrong(() -> parse("file:/a?depth"))
                .hasMessage("the setting 'depth' of the file: URI needs a value: depth=…");
        assertWrong(() -> parse("file:/a?depth=1&fsync=x&depth=1"))
                .hasMessage("the setting 'depth' stands twice in the file: URI");
    }

    @ParameterizedTest
    @CsvSource({"5", "-1", "two", "2.0", "99999999999", "''", "' 2'", "0x2", "secret"})
    @DisplayName("a number that is none or out of bounds is an error that tells the bounds and not the value")
    void number(String value) {
        assertWrong(() -> parse("file:/a?depth=" + value.replace(" ", "%20")).integer("depth", 0, 4, 2))
                .hasMessage("the setting 'depth' of the file: URI must be a whole number from 0 to 4");
    }

    @Test
    @DisplayName("the bounds themselves are within")
    void bounds() {
        assertThat(parse("file:/a?depth=0").integer("depth", 0, 4, 2)).isZero();
        assertThat(parse("file:/a?depth=4").integer("depth", 0, 4, 2)).isEqualTo(4);
    }

    private enum Sync {
        ALWAYS,
        NEVER {}
    }

    @Test
    @DisplayName("a choice that does not exist is an error that lists those that do")
    void choice() {
        assertWrong(() -> parse("FILE:/a?fsync=secret").choice("fsync", Sync.NEVER))
                .hasMessage("the setting 'fsync' of the file: URI must be always or never");
        assertThat(parse("file:/a?fsync=aLwAyS").choice("fsync", Sync.NEVER)).isEqualTo(Sync.ALWAYS);
    }

    @Test
    @DisplayName("what follows a # is never ignored: a path or password with one must spell it %23")
    void fragment() {
        assertWrong(() -> parse("file:/a#b?depth=2"))
                .hasMessageContaining("%23")
                .hasMessageNotContaining("depth");
        assertThat(parse("file:/a%23b").location()).isEqualTo("/a#b");
    }

    @Test
    @DisplayName("F4: no error repeats the location, which may hold a password")
    void password() {
        for (String rest : new String[] {"?x=1", "?depth", "?depth=1&depth=2", "#x"}) {
            assertWrong(() -> parse("redis://user:secret@host/" + rest)).hasMessageNotContaining("secret");
        }
        assertWrong(() -> parse("redis://user:secret@host/?depth=x").integer("depth", 0, 1, 0))
                .hasMessageNotContaining("secret");
    }
}
