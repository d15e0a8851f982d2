package dev.holdfast.session.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.session.http.PresentedId.Source;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class TransportChainTest {

    private static final String ID = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPA";

    private final TransportChain chain = TransportChain.of(
            CookieTransport.create(CookieSettings.forPlainHttp()),
            HeaderTransport.bearer(),
            HeaderTransport.named("x-token"),
            UrlTransport.query("sid"),
            FormTransport.create("sid"));
    private final TestResponse response = new TestResponse();

    private static TestRequest everywhere() {
        return TestRequest.to("/?sid=url")
                .field("sid", "body")
                .header("x-token", "named")
                .header("Authorization", "Bearer bearer")
                .header("Cookie", "session=cookie");
    }

    private static PresentedId header(String value) {
        return new PresentedId(value, Source.HEADER);
    }

    @Test
    @DisplayName("M5, S08: ids are tried in the chain's order, each once, at most four in all")
    void order() {
        assertThat(chain.read(everywhere()).stream().map(PresentedId::value))
                .containsExactly("cookie", "bearer", "named", "url");
        assertThat(chain.read(
                        TestRequest.to("/?sid=same").header("x-token", "same").field("sid", "other")))
                .containsExactly(header("same"), new PresentedId("other", Source.BODY));
        assertThat(chain.read(TestRequest.to("/"))).isEmpty();
    }

    @Test
    @DisplayName("S09: what no transport of the chain looks at is ignored")
    void disabled() {
        TransportChain cookieOnly = TransportChain.of(CookieTransport.create(CookieSettings.forPlainHttp()));
        TestRequest request = TestRequest.to("/;sid=path?sid=url")
                .field("sid", "body")
                .header("x-token", "named")
                .header("Authorization", "Bearer bearer");
        assertThat(cookieOnly.read(request)).isEmpty();
        assertThat(cookieOnly.reason(request)).isEqualTo(Unauthorized.MISSING);
        assertThat(cookieOnly.encodeUrl("/a", () -> Optional.of(ID), request, response))
                .isEqualTo("/a");
    }

    @Test
    @DisplayName("S08, S48: a new id goes out by the transport that presented the old one, and by no other")
    void issue() {
        chain.issue("new", new PresentedId("cookie", Source.COOKIE), everywhere(), response);
        assertThat(response.all()).containsOnlyKeys("set-cookie");

        TestResponse byHeader = new TestResponse();
        chain.issue("new", header("named"), everywhere(), byHeader);
        assertThat(byHeader.all()).containsOnlyKeys("x-token");

        TestResponse expired = new TestResponse();
        chain.expire(header("bearer"), everywhere(), expired);
        assertThat(expired.all()).containsEntry("x-auth-token", List.of("")).hasSize(1);
    }

    @Test
    @DisplayName("S08: transports that presented the same id both get the new one")
    void sameIdTwice() {
        TestRequest request =
                TestRequest.to("/").header("Cookie", "session=same").header("x-token", "same");
        chain.issue("new", new PresentedId("same", Source.COOKIE), request, response);
        assertThat(response.all()).containsOnlyKeys("set-cookie", "x-token");
    }

    @Test
    @DisplayName("S08: without a live session the first transport that presented anything answers, else the first")
    void issueToNewcomers() {
        chain.issue("new", null, TestRequest.to("/"), response);
        assertThat(response.all()).containsOnlyKeys("set-cookie");

        TestResponse byHeader = new TestResponse();
        chain.issue("new", null, TestRequest.to("/").header("x-token", "dead"), byHeader);
        assertThat(byHeader.all()).containsOnlyKeys("x-token");

        TestResponse script = new TestResponse();
        chain.issue("new", null, everywhere(), script);
        assertThat(script.all()).containsOnlyKeys("set-cookie");
    }

    @Test
    @DisplayName("S10: links get the id only for clients that present nothing elsewhere")
    void links() {
        assertThat(chain.encodeUrl("/a", () -> Optional.of(ID), TestRequest.to("/"), response))
                .isEqualTo("/a?sid=" + ID);
        assertThat(chain.encodeUrl("/a", () -> Optional.of(ID), TestRequest.to("/?sid=x"), response))
                .isEqualTo("/a?sid=" + ID);
        assertThat(chain.encodeUrl(
                        "/a",
                        () -> {
                            throw new AssertionError("asked for the session");
                        },
                        everywhere(),
                        response))
                .isEqualTo("/a");
    }

    @Test
    @DisplayName("S77: reasons are the same for an id that never was and one that has ended")
    void reasons() {
        assertThat(chain.reason(TestRequest.to("/"))).isEqualTo(Unauthorized.MISSING);
        assertThat(chain.reason(TestRequest.to("/").header("x-token", "x"))).isEqualTo(Unauthorized.MALFORMED);
        assertThat(chain.reason(TestRequest.to("/").header("x-token", ID))).isEqualTo(Unauthorized.REVOKED);
        assertThat(Unauthorized.REVOKED.body()).isEqualTo("{\"error\":\"unauthorized\",\"reason\":\"revoked\"}");
        assertThat(Unauthorized.REVOKED.challenge())
                .isEqualTo("Bearer realm=\"session\", error=\"invalid_token\", error_description=\"revoked\"");
        assertThat(Unauthorized.MISSING.challenge()).isEqualTo("Bearer realm=\"session\"");
        assertThat(Unauthorized.values())
                .extracting(Unauthorized::reason)
                .containsExactly("missing", "malformed", "expired", "revoked");
    }

    @Test
    @DisplayName("S44: answers vary on all headers that are read")
    void varies() {
        assertThat(chain.variesOn()).containsExactlyInAnyOrder("Cookie", "Authorization", "x-token");
    }
}
