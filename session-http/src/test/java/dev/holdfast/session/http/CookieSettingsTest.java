package dev.holdfast.session.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CookieSettingsTest {

    @Test
    @DisplayName("S37: by default __Host-, Secure, HttpOnly, SameSite=Lax, Path=/, no Domain")
    void defaults() {
        CookieSettings settings = CookieSettings.create();
        assertThat(settings).hasToString("__Host-session; Path=/; Secure; HttpOnly; SameSite=Lax");
        assertThat(settings.domain()).isEmpty();
        assertThat(CookieSettings.forPlainHttp()).hasToString("session; Path=/; HttpOnly; SameSite=Lax");
    }

    @Test
    @DisplayName("S43: by default the cookie goes with the browser")
    void notPersistent() {
        assertThat(CookieSettings.create().maxAge()).isEmpty();
        assertThat(CookieSettings.forPlainHttp().maxAge()).isEmpty();
    }

    @Test
    @DisplayName("S47: the name is the application's choice, and tells nothing by default")
    void name() {
        assertThat(CookieSettings.builder().name("__Secure-id").build().name()).isEqualTo("__Secure-id");
        assertThat(CookieSettings.DEFAULT_NAME)
                .doesNotContainIgnoringCase("java")
                .doesNotContain("JSESSIONID");
    }

    @Test
    @DisplayName("M3: settings can be read back")
    void readBack() {
        CookieSettings settings = CookieSettings.builder()
                .name("id")
                .path("/shop")
                .domain("example.org")
                .maxAge(Duration.ofMillis(90_500))
                .httpOnly(false)
                .sameSite(SameSite.NONE)
                .partitioned(true)
                .build();
        assertThat(settings.path()).isEqualTo("/shop");
        assertThat(settings.domain()).hasValue("example.org");
        assertThat(settings.maxAge()).hasValue(Duration.ofSeconds(90));
        assertThat(settings.secure()).isTrue();
        assertThat(settings.httpOnly()).isFalse();
        assertThat(settings.sameSite()).isEqualTo(SameSite.NONE);
        assertThat(settings.partitioned()).isTrue();
        assertThat(settings).hasToString("id; Path=/shop; Domain=example.org; Secure; SameSite=None; Partitioned");
    }

    @Test
    @DisplayName("S43: only a cookie that is kept can slide")
    void sliding() {
        assertThat(CookieSettings.create().sliding()).isFalse();
        assertThat(CookieSettings.builder()
                        .maxAge(Duration.ofDays(1))
                        .sliding(true)
                        .build()
                        .sliding())
                .isTrue();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CookieSettings.builder().sliding(true).build())
                .withMessageContaining("set maxAge");
    }

    @ParameterizedTest(name = "{0}")
    @DisplayName("S38: what browsers would refuse is refused when it is built")
    @MethodSource("refused")
    void illegal(String what, UnaryOperator<CookieSettings.Builder> settings) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> settings.apply(CookieSettings.builder()).build())
                .withMessageContaining("browsers would refuse")
                .withMessageContaining(what);
    }

    static Stream<Arguments> refused() {
        return Stream.of(
                refused("needs Secure", builder -> builder.secure(false)),
                refused("needs Secure", builder -> builder.name("__host-x").secure(false)),
                refused("needs Path=/", builder -> builder.name("__HOST-x").path("/x")),
                refused("has no Domain", builder -> builder.name("__hOsT-x").domain("example.org")),
                refused("needs Secure", builder -> builder.name("__Secure-x").secure(false)),
                refused("needs Secure", builder -> builder.name("__SECURE-x").secure(false)),
                refused("needs HttpOnly", builder -> builder.name("__Http-x").httpOnly(false)),
                refused(
                        "needs HttpOnly",
                        builder -> builder.name("__Host-Http-x").httpOnly(false)),
                refused("needs Path=/", builder -> builder.name("__host-http-x").path("/x")),
                refused(
                        "SameSite=None",
                        builder -> builder.name("x").secure(false).sameSite(SameSite.NONE)),
                refused(
                        "Partitioned",
                        builder -> builder.name("x").secure(false).partitioned(true)));
    }

    private static Arguments refused(String what, UnaryOperator<CookieSettings.Builder> settings) {
        return Arguments.of(what, settings);
    }

    @ParameterizedTest
    @DisplayName("S39: a name outside the grammar is refused")
    @ValueSource(
            strings = {
                "",
                " ",
                "a b",
                "a=b",
                "a;b",
                "a,b",
                "a\r\nb",
                "a\nb",
                "a\tb",
                "a\u0000b",
                "a\"b",
                "a(b",
                "ä",
                "中",
                "a\u007f"
            })
    void names(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CookieSettings.builder().name(name));
    }

    @ParameterizedTest
    @DisplayName("S39: a path outside the grammar is refused")
    @ValueSource(strings = {"", "x", "/a;b", "/a\r\nSet-Cookie: x=1", "/a\nb", "/\u0000", "/ä", "/\u007f"})
    void paths(String path) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CookieSettings.builder().path(path));
    }

    @ParameterizedTest
    @DisplayName("S39: a domain outside the grammar is refused")
    @ValueSource(
            strings = {
                "",
                ".example.org",
                "example..org",
                "-a.org",
                "a-.org",
                "a b",
                "a;b",
                "a\r\nb",
                "bücher.example",
                "a/b",
                "a:80"
            })
    void domains(String domain) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CookieSettings.builder().domain(domain));
    }

    @Test
    @DisplayName("S40: name and value have at most 4096 octets, an attribute 1024")
    void sizes() {
        CookieSettings.Builder builder = CookieSettings.builder();
        builder.name("x".repeat(4096));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.name("x".repeat(4097)));
        builder.path("/" + "x".repeat(1023));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.path("/" + "x".repeat(1024)));
        String label = "x".repeat(63) + ".";
        builder.domain(label + label + label + "x".repeat(61));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.domain(label + label + label + "x".repeat(62)));
    }

    @Test
    @DisplayName("S41: Max-Age is at most 400 days, and at least a second")
    void maxAge() {
        assertThat(CookieSettings.builder().maxAge(Duration.ofDays(401)).build().maxAge())
                .hasValueSatisfying(age -> assertThat(age.toSeconds()).isEqualTo(34_560_000));
        assertThat(CookieSettings.builder()
                        .maxAge(Duration.ofSeconds(Long.MAX_VALUE))
                        .build()
                        .maxAge())
                .hasValueSatisfying(age -> assertThat(age.toSeconds()).isEqualTo(34_560_000));
        for (Duration tooShort : new Duration[] {Duration.ZERO, Duration.ofMillis(999), Duration.ofDays(-1)}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> CookieSettings.builder().maxAge(tooShort));
        }
    }
}
