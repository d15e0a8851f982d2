package dev.holdfast.session.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CookieTransportTest {

    private static final HttpRequestView NO_HEADERS = TestRequest.to("/");

    private final TestResponse response = new TestResponse();
    private final CookieTransport transport = CookieTransport.create(CookieSettings.create());

    private static List<String> read(CookieTransport transport, String... cookieHeaders) {
        TestRequest request = TestRequest.to("/");
        Stream.of(cookieHeaders).forEach(line -> request.header("Cookie", line));
        return transport.read(request).stream().map(PresentedId::value).toList();
    }

    private static CookieTransport plain() {
        return CookieTransport.create(CookieSettings.forPlainHttp());
    }

    @Test
    @DisplayName("S37, S43: the golden header")
    void golden() {
        transport.issue("abc", null, NO_HEADERS, response);
        assertThat(response.headers("Set-Cookie"))
                .containsExactly("__Host-session=abc; Path=/; Secure; HttpOnly; SameSite=Lax");
    }

    @Test
    @DisplayName("S41: a cookie that outlives the browser has Max-Age and Expires, at most 400 days")
    void persistent() {
        CookieSettings settings =
                CookieSettings.builder().maxAge(Duration.ofDays(500)).build();
        CookieTransport.create(settings, () -> Instant.parse("2030-01-01T00:00:00Z"))
                .issue("abc", null, NO_HEADERS, response);
        assertThat(response.headers("Set-Cookie"))
                .containsExactly("__Host-session=abc; Max-Age=34560000; Expires=Wed, 05 Feb 2031 00:00:00 GMT;"
                        + " Path=/; Secure; HttpOnly; SameSite=Lax");
    }

    @Test
    @DisplayName("S34: the cookie that expires another one repeats its name, path, domain and attributes")
    void expire() {
        CookieSettings settings = CookieSettings.builder()
                .name("__Secure-id")
                .path("/shop")
                .domain("example.org")
                .sameSite(SameSite.NONE)
                .partitioned(true)
                .build();
        CookieTransport.create(settings).expire(null, NO_HEADERS, response);
        assertThat(response.headers("Set-Cookie"))
                .containsExactly("__Secure-id=; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT;"
                        + " Path=/shop; Domain=example.org; Secure; HttpOnly; SameSite=None; Partitioned");
    }

    @Test
    @DisplayName("S42: one Set-Cookie of the name, the last; others stay")
    void oneSetCookie() {
        response.setHeader("Set-Cookie", List.of("theme=dark; Path=/", "__Host-session=old", "__Host-session2=x"));
        transport.issue("one", null, NO_HEADERS, response);
        transport.expire(null, NO_HEADERS, response);
        transport.issue("two", null, NO_HEADERS, response);
        assertThat(response.headers("Set-Cookie"))
                .containsExactly(
                        "theme=dark; Path=/",
                        "__Host-session2=x",
                        "__Host-session=two; Path=/; Secure; HttpOnly; SameSite=Lax");
    }

    @ParameterizedTest
    @DisplayName("S39: a value outside the grammar is refused, so no header can be injected")
    @ValueSource(
            strings = {"a\r\nSet-Cookie: x=1", "a\nb", "a;b", "a b", "a,b", "a\"b", "a\\b", "ä", "a\u0000", "\u007f"})
    void values(String value) {
        assertThatIllegalArgumentException().isThrownBy(() -> transport.issue(value, null, NO_HEADERS, response));
        assertThat(response.headers("Set-Cookie")).isEmpty();
    }

    @Test
    @DisplayName("S40: name and value have at most 4096 octets")
    void size() {
        int longest = 4096 - CookieSettings.DEFAULT_NAME.length();
        assertThatCode(() -> transport.issue("x".repeat(longest), null, NO_HEADERS, response))
                .doesNotThrowAnyException();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> transport.issue("x".repeat(longest + 1), null, NO_HEADERS, response));
    }

    @Test
    @DisplayName("S08: all cookies of the name are read, in order, each once, at most four")
    void several() {
        assertThat(read(plain(), "session=a; other=x; session=b; session=a", "session=c; session=d; session=e"))
                .containsExactly("a", "b", "c", "d");
    }

    @Test
    @DisplayName("names are compared exactly, values freed of quotes and spaces, and garbage is passed over")
    void garbage() {
        CookieTransport plain = plain();
        assertThat(read(plain)).isEmpty();
        assertThat(read(plain, "")).isEmpty();
        assertThat(read(plain, "session")).isEmpty();
        assertThat(read(plain, "session=")).isEmpty();
        assertThat(read(plain, "session=\"\"")).isEmpty();
        assertThat(read(plain, "Session=a; SESSION=b; xsession=c; session2=d; session =e"))
                .containsExactly("e");
        assertThat(read(plain, ";;; =; =x ;a;session=\"q\" ; ;")).containsExactly("q");
        assertThat(read(plain, "$Version=1; session=a=b; $Path=/")).containsExactly("a=b");
        assertThat(read(plain, "session=\"half")).containsExactly("\"half");
        assertThat(read(plain, "session=\"")).containsExactly("\"");
        assertThat(read(plain, "x=\"; session=inside; \"")).containsExactly("inside");
    }

    @Test
    @DisplayName("no Cookie header breaks the reading of it")
    void fuzz() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        String alphabet = "session=;,\"\\ \t\r\n\u0000äé中$={}%ab";
        for (int round = 0; round < 20_000; round++) {
            String header = IntStream.range(0, random.nextInt(60))
                    .mapToObj(i -> String.valueOf(alphabet.charAt(random.nextInt(alphabet.length()))))
                    .collect(Collectors.joining());
            assertThat(read(plain(), header + ";session=end"))
                    .as("seed %d, header '%s'", seed, header)
                    .hasSizeLessThanOrEqualTo(SessionTransport.MAX_PRESENTED_IDS)
                    .doesNotContain("");
        }
    }

    @Test
    @DisplayName("S13: a presented id does not print itself")
    void redacted() {
        assertThat(new PresentedId("secret", PresentedId.Source.COOKIE).toString())
                .doesNotContain("secret");
    }

    @ParameterizedTest
    @DisplayName(
            "M22: a Cookie header as mini-programs write it, from Set-Cookie lines, with attributes, joined by commas")
    @ValueSource(
            strings = {
                "session=abc; Path=/; HttpOnly; SameSite=Lax",
                "session=abc; Max-Age=60; Expires=Wed, 05 Feb 2031 00:00:00 GMT; Path=/",
                "theme=dark; Path=/,session=abc; Path=/; HttpOnly",
                "theme=dark; Expires=Wed, 05 Feb 2031 00:00:00 GMT; Path=/, session=abc; Path=/; HttpOnly",
                "session=abc; Path=/; HttpOnly,theme=dark; Path=/",
                "session=abc,theme=dark",
                "theme=dark,session=abc",
                " session = abc ;",
                "session=\"abc\"; Path=/"
            })
    void written(String header) {
        assertThat(read(plain(), header)).containsExactly("abc");
    }

    @Test
    @DisplayName("S08: a comma in the value of another cookie plants no id beside a proper one")
    void planted() {
        assertThat(read(plain(), "theme=x,session=planted; session=real")).containsExactly("real");
        assertThat(read(plain(), "session=real; theme=x,session=planted")).containsExactly("real");
        assertThat(read(plain(), "theme=x,session=planted", "session=real")).containsExactly("real");
        assertThat(read(transport, "theme=x,__Host-session=planted")).isEmpty();
        assertThat(read(transport, "__Host-session=real; Path=/; Secure,theme=x"))
                .containsExactly("real");
    }

    @Test
    @DisplayName("M2: a sliding cookie is written anew on each response, another one is not")
    void sliding() {
        CookieSettings settings = CookieSettings.builder()
                .maxAge(Duration.ofDays(30))
                .sliding(true)
                .build();
        PresentedId held = new PresentedId("abc", PresentedId.Source.COOKIE);
        assertThat(CookieTransport.create(settings).keep(held, NO_HEADERS, response))
                .isTrue();
        assertThat(response.headers("Set-Cookie")).singleElement().asString().contains("Max-Age=2592000");
        TestResponse untouched = new TestResponse();
        assertThat(transport.keep(held, NO_HEADERS, untouched)).isFalse();
        assertThat(untouched.all()).isEmpty();
    }
}
