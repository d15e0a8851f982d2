package dev.holdfast.session.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.holdfast.session.http.PresentedId.Source;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeaderTransportTest {

    private final TestResponse response = new TestResponse();

    private static List<String> read(HeaderTransport transport, String header, String... lines) {
        TestRequest request = TestRequest.to("/");
        List.of(lines).forEach(line -> request.header(header, line));
        assertThat(transport.read(request)).allMatch(id -> id.source() == Source.HEADER);
        return transport.read(request).stream().map(PresentedId::value).toList();
    }

    @Test
    @DisplayName("M23: Authorization: Bearer, in any case, and no other scheme")
    void bearer() {
        HeaderTransport bearer = HeaderTransport.bearer();
        assertThat(read(bearer, "authorization", "Bearer abc")).containsExactly("abc");
        assertThat(read(bearer, "Authorization", "bEARER   abc ")).containsExactly("abc");
        assertThat(read(bearer, "Authorization", "Basic abc", "abc", "Bearer", "Bearer ", ""))
                .isEmpty();
        assertThat(read(bearer, "X-Auth-Token", "abc")).isEmpty();
    }

    @Test
    @DisplayName("M23: any header by name")
    void named() {
        assertThat(read(HeaderTransport.named("x-token"), "X-Token", "abc")).containsExactly("abc");
        assertThat(read(HeaderTransport.named("x-token"), "Authorization", "Bearer abc"))
                .isEmpty();
    }

    @Test
    @DisplayName("S08: several lines or values are read in order, each once, at most four")
    void several() {
        assertThat(read(HeaderTransport.named("x-token"), "x-token", "a, b", "a", "c,,d", "e"))
                .containsExactly("a", "b", "c", "d");
    }

    @Test
    @DisplayName("M23: a new id is in the response header, which is empty to forget it")
    void answers() {
        HeaderTransport bearer = HeaderTransport.bearer();
        bearer.issue("abc", null, TestRequest.to("/"), response);
        assertThat(response.headers("X-Auth-Token")).containsExactly("abc");
        bearer.expire(null, TestRequest.to("/"), response);
        assertThat(response.headers("X-Auth-Token")).containsExactly("");
        assertThat(bearer.variesOn()).containsExactly("Authorization");
        assertThat(HeaderTransport.named("x-token").responseHeader()).isEqualTo("x-token");
    }

    @ParameterizedTest
    @DisplayName("S39: a value outside the grammar is refused, so no header can be injected")
    @ValueSource(strings = {"", "a\r\nSet-Cookie: x=1", "a b", "a,b", "\u00e4", "a\u0000"})
    void values(String value) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HeaderTransport.bearer().issue(value, null, TestRequest.to("/"), response));
    }

    @ParameterizedTest
    @DisplayName("S38: a header that means something else, or is none, is refused")
    @ValueSource(strings = {"", "a b", "a:", "Authorization", "cookie", "Set-Cookie", "host"})
    void names(String name) {
        assertThatIllegalArgumentException().isThrownBy(() -> HeaderTransport.named(name));
    }

    @Test
    @DisplayName("S49: only what browsers add by themselves is ambient")
    void ambient() {
        assertThat(Source.values()).filteredOn(Source::isAmbient).containsExactly(Source.COOKIE);
    }
}
