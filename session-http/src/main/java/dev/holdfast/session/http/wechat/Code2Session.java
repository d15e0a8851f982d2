package dev.holdfast.session.http.wechat;

import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Asks WeChat whose the code is that a mini-program got from {@code wx.login}: WeChat's {@code code2Session}.
 *
 * <p>Each code is sent once, whatever comes of it: a second client that presents it is refused here already, and after a
 * timeout nobody asks again, as the code may be spent. What goes wrong is a value, a {@link WeChatProblem}. WeChat wants the
 * application's secret in the query: the URL is in no log, message or {@code toString} of this class, and redirects are not
 * followed. (The JDK's own client sends a request anew, once, if its connection breaks before a byte of the answer; a code that
 * was spent by then is refused by WeChat.)
 *
 * <p>One object for the whole application; thread-safe. A call blocks for at most the timeout.
 */
public final class Code2Session {

    /** WeChat's address. */
    public static final URI DEFAULT_ENDPOINT = URI.create("https://api.weixin.qq.com/sns/jscode2session");

    /** How long a call lasts at most. */
    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(5);

    private static final System.Logger LOG = System.getLogger(Code2Session.class.getName());
    private static final Pattern CODE = Pattern.compile("[A-Za-z0-9_-]{1,128}");
    private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost", "[::1]");
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final String appId;
    private final String appSecret;
    private final URI endpoint;
    private final Duration timeout;
    private final HttpClient client;
    private final SpentCodes spent;

    private Code2Session(Builder builder) {
        appId = builder.appId;
        appSecret = builder.appSecret;
        endpoint = builder.endpoint;
        timeout = builder.timeout;
        client = HttpClient.newBuilder()
                .connectTimeout(timeout)
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
        spent = new SpentCodes(builder.clock);
    }

    /** Returns a client of WeChat itself, with the defaults that {@link Builder} names. */
    public static Code2Session create(String appId, String appSecret) {
        return builder(appId, appSecret).build();
    }

    /** Returns a builder for a mini-program. */
    public static Builder builder(String appId, String appSecret) {
        return new Builder(appId, appSecret);
    }

    /**
     * Returns whose a code is, or why that is not to be known.
     *
     * @param code what the client sent, whatever it is
     */
    public WeChatAnswer exchange(String code) {
        if (!CODE.matcher(code).matches()) {
            return new WeChatProblem(WeChatProblem.Kind.MALFORMED, 0);
        }
        if (!spent.spend(code)) {
            return new WeChatProblem(WeChatProblem.Kind.USED_CODE, 0);
        }
        WeChatAnswer answer = ask(code);
        if (answer instanceof WeChatProblem problem) {
            boolean ours = problem.kind() == WeChatProblem.Kind.MISCONFIGURED;
            LOG.log(
                    ours ? System.Logger.Level.WARNING : System.Logger.Level.DEBUG,
                    "WeChat gave no user for a code: {0}, errcode {1}",
                    problem.kind(),
                    String.valueOf(problem.code()));
        }
        return answer;
    }

    private WeChatAnswer ask(String code) {
        HttpRequest request =
                HttpRequest.newBuilder(address(code)).timeout(timeout).GET().build();
        CompletableFuture<HttpResponse<byte[]>> response = client.sendAsync(request, any -> new ShortBody());
        try {
            return read(response.get(timeout.toMillis(), TimeUnit.MILLISECONDS).body());
        } catch (ExecutionException e) {
            return new WeChatProblem(kindOf(e.getCause()), 0);
        } catch (TimeoutException e) {
            response.cancel(true);
            return new WeChatProblem(WeChatProblem.Kind.UNANSWERED, 0);
        } catch (InterruptedException e) {
            response.cancel(true);
            Thread.currentThread().interrupt();
            return new WeChatProblem(WeChatProblem.Kind.UNANSWERED, 0);
        }
    }

    private static WeChatProblem.Kind kindOf(@Nullable Throwable problem) {
        boolean nothingSent = problem instanceof ConnectException
                || problem instanceof HttpConnectTimeoutException
                || problem instanceof SSLHandshakeException
                || problem instanceof UnresolvedAddressException;
        return nothingSent ? WeChatProblem.Kind.UNREACHABLE : WeChatProblem.Kind.UNANSWERED;
    }

    private URI address(String code) {
        return URI.create(endpoint + "?appid=" + encode(appId) + "&secret=" + encode(appSecret) + "&js_code="
                + encode(code) + "&grant_type=authorization_code");
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static WeChatAnswer read(byte[] body) {
        try {
            JsonNode answer = JSON.readTree(body);
            int code = answer.path("errcode").asInt(0);
            String openid = answer.path("openid").asString("");
            String sessionKey = answer.path("session_key").asString("");
            if (code != 0) {
                return WeChatProblem.of(code);
            }
            if (openid.isEmpty() || sessionKey.isEmpty()) {
                return new WeChatProblem(WeChatProblem.Kind.UNANSWERED, 0);
            }
            Optional<String> unionid =
                    Optional.of(answer.path("unionid").asString("")).filter(id -> !id.isEmpty());
            return new WeChatUser(openid, unionid, sessionKey);
        } catch (JacksonException e) {
            // its message may tell the answer
            return new WeChatProblem(WeChatProblem.Kind.UNANSWERED, 0);
        }
    }

    /** Tells the mini-program, never the secret. */
    @Override
    public String toString() {
        return "Code2Session[" + appId + "]";
    }

    /** Settings of a {@link Code2Session}; each comment names the default. Not for use by several threads. */
    public static final class Builder {

        private final String appId;
        private final String appSecret;
        private URI endpoint = DEFAULT_ENDPOINT;
        private Duration timeout = DEFAULT_TIMEOUT;
        private InstantSource clock = InstantSource.system();

        private Builder(String appId, String appSecret) {
            if (appId.isBlank() || appSecret.isBlank()) {
                throw new IllegalArgumentException("a mini-program has an id and a secret");
            }
            this.appId = appId;
            this.appSecret = appSecret;
        }

        /**
         * Where WeChat is; {@link Code2Session#DEFAULT_ENDPOINT}.
         *
         * @param endpoint by {@code https}; by {@code http} only on this machine, as for a stand-in
         */
        public Builder endpoint(URI endpoint) {
            String scheme = Objects.requireNonNullElse(endpoint.getScheme(), "").toLowerCase(Locale.ROOT);
            boolean local =
                    scheme.equals("http") && LOOPBACK.contains(Objects.requireNonNullElse(endpoint.getHost(), ""));
            if (!local && !scheme.equals("https")) {
                throw new IllegalArgumentException("the secret travels by https only, or within this machine");
            }
            if (endpoint.getRawQuery() != null || endpoint.getRawFragment() != null) {
                throw new IllegalArgumentException("the endpoint has neither a query nor a fragment");
            }
            this.endpoint = endpoint;
            return this;
        }

        /** How long a call lasts at most, from 1 ms to a minute; {@link Code2Session#DEFAULT_TIMEOUT}. */
        public Builder timeout(Duration timeout) {
            if (timeout.compareTo(Duration.ofMillis(1)) < 0 || timeout.compareTo(Duration.ofMinutes(1)) > 0) {
                throw new IllegalArgumentException("timeout must be 1 ms to a minute, not " + timeout);
            }
            this.timeout = timeout;
            return this;
        }

        /** What tells the time; the system's clock. */
        public Builder clock(InstantSource clock) {
            this.clock = Objects.requireNonNull(clock);
            return this;
        }

        /** Returns the client. */
        public Code2Session build() {
            return new Code2Session(this);
        }
    }
}
