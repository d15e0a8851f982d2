package dev.holdfast.session.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UrlTransportTest {

    private static final String ID = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPA";
    private static final UrlTransport QUERY = UrlTransport.query("sid");
    private static final UrlTransport PATH = UrlTransport.path("sid");

    private final TestResponse response = new TestResponse();

    private String encode(UrlTransport transport, String url) {
        return transport.encodeUrl(url, () -> Optional.of(ID), TestRequest.to("/shop/cart"), response);
    }

    private static List<String> read(SessionTransport transport, String url) {
        return transport.read(TestRequest.to(url)).stream()
                .map(PresentedId::value)
                .toList();
    }

    @Test
    @DisplayName("M4: the id in the query or as a path parameter")
    void reading() {
        assertThat(read(QUERY, "/a?x=1&sid=abc&sid=def&Sid=no&xsid=no&sid=")).containsExactly("abc", "def");
        assertThat(read(QUERY, "/a;sid=abc")).isEmpty();
        assertThat(read(PATH, "/a;sid=abc;x=1/b;sid=def/c;sid")).containsExactly("abc", "def");
        assertThat(read(PATH, "/sid=abc/a?sid=abc")).isEmpty();
        assertThat(read(QUERY, "/a?sid=1&sid=2&sid=3&sid=4&sid=5")).hasSize(4);
    }

    @ParameterizedTest
    @DisplayName("M4: links of this site get the id")
    @CsvSource({
        "/, /?sid=ID, /;sid=ID",
        "/next, /next?sid=ID, /next;sid=ID",
        "next?x=1#part, next?x=1&sid=ID#part, next;sid=ID?x=1#part",
        "../up, ../up?sid=ID, ../up;sid=ID",
        "?page=2, ?page=2&sid=ID, ?page=2",
        "/next?sid=old&x=1, /next?x=1&sid=ID, /next;sid=ID?sid=old&x=1",
        "/a;sid=old/b;sid=old, /a;sid=old/b;sid=old?sid=ID, /a/b;sid=ID",
        "https://example.org/next, https://example.org/next?sid=ID, https://example.org/next;sid=ID",
        "https://EXAMPLE.org:443, https://EXAMPLE.org:443?sid=ID, https://EXAMPLE.org:443/;sid=ID",
        "//example.org/next, //example.org/next?sid=ID, //example.org/next;sid=ID"
    })
    void own(String url, String query, String path) {
        assertThat(encode(QUERY, url)).isEqualTo(query.replace("ID", ID));
        assertThat(encode(PATH, url)).isEqualTo(path.replace("ID", ID));
        assertThat(response.headers("Referrer-Policy")).containsExactly("no-referrer");
        assertThat(response.headers("Cache-Control")).containsExactly("no-store");
    }

    @ParameterizedTest
    @DisplayName("S10: links to elsewhere, and what a browser may take for one, get none")
    @ValueSource(
            strings = {
                "",
                "#part",
                "https://evil.example/next",
                "//evil.example/next",
                "///evil.example/next",
                "////evil.example/next",
                "http://example.org/next",
                "https://example.org:8443/next",
                "https://example.org.evil.example/",
                "https://example.org@evil.example/",
                "https://user@example.org/",
                "https:/evil.example",
                "https:evil.example",
                "https:///evil.example",
                "/\\evil.example",
                "\\\\evil.example",
                "\t//evil.example",
                " //evil.example",
                "/\t/evil.example",
                "/\n/evil.example",
                "https://ex\u00e4mple.org/",
                "mailto:a@example.org",
                "javascript:alert(1)",
                "data:text/html,x",
                "ftp://example.org/"
            })
    void foreign(String url) {
        assertThat(encode(QUERY, url)).isEqualTo(url);
        assertThat(encode(PATH, url)).isEqualTo(url);
        assertThat(response.all()).isEmpty();
    }

    @Test
    @DisplayName("S10: a page whose own address has the id is told to nobody and kept by no cache")
    void protectedPage() {
        response.setHeader("Cache-Control", List.of("max-age=60"));
        QUERY.receive(TestRequest.to("/?sid=abc"), response);
        QUERY.receive(TestRequest.to("/?sid=abc"), response);
        assertThat(response.headers("Referrer-Policy")).containsExactly("no-referrer");
        assertThat(response.headers("Cache-Control")).containsExactly("max-age=60", "no-store");
        TestResponse other = new TestResponse();
        QUERY.receive(TestRequest.to("/"), other);
        assertThat(other.all()).isEmpty();
    }

    @Test
    @DisplayName("S10: without a session, or with what is no id, links stay as they are")
    void nothingToCarry() {
        TestRequest request = TestRequest.to("/");
        assertThat(QUERY.encodeUrl("/a", Optional::empty, request, response)).isEqualTo("/a");
        assertThat(QUERY.encodeUrl("/a", () -> Optional.of("x&y"), request, response))
                .isEqualTo("/a");
        assertThat(response.all()).isEmpty();
    }

    @ParameterizedTest
    @DisplayName("S38: a parameter's name that could break a link is refused")
    @ValueSource(strings = {"", "a b", "a&b", "a=b", "1a", "a;b", "a/b", "JSESSIONID", "\u00e4"})
    void names(String name) {
        assertThatIllegalArgumentException().isThrownBy(() -> UrlTransport.query(name));
        assertThatIllegalArgumentException().isThrownBy(() -> UrlTransport.path(name));
    }

    @Test
    @DisplayName("M5: the id in a form's hidden field")
    void form() {
        FormTransport form = FormTransport.create("sid");
        assertThat(form.read(TestRequest.to("/?sid=query")
                        .field("sid", "")
                        .field("sid", "a")
                        .field("x", "b")))
                .containsExactly(new PresentedId("a", PresentedId.Source.BODY));
    }
}
