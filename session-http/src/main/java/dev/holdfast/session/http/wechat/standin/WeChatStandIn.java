package dev.holdfast.session.http.wechat.standin;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Answers {@code code2Session} as WeChat documents it: codes are good once and for five minutes, and wrong requests get the
 * documented {@code errcode}s, with status 200 and JSON that is declared as text. Listens on 127.0.0.1 and a free port.
 *
 * <p>What the phone's side of WeChat does, {@code wx.login}, is {@link #login}. For tests it can be busy, count its calls, block
 * users and fall silent. Thread-safe.
 */
public final class WeChatStandIn implements AutoCloseable {

    /** How long a code is good. */
    public static final Duration CODE_LIFETIME = Duration.ofMinutes(5);

    /** How often a user may log in within a minute. */
    public static final int CALLS_PER_MINUTE = 100;

    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final String PATH = "/sns/jscode2session";
    private static final SecureRandom RANDOM = new SecureRandom();

    private final String appId;
    private final String appSecret;
    private final InstantSource clock;
    private final HttpServer server;
    private final ExecutorService executor = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "wechat-stand-in");
        thread.setDaemon(true);
        return thread;
    });
    private final Map<String, Code> codes = new ConcurrentHashMap<>();
    private final Map<String, Calls> calls = new ConcurrentHashMap<>();
    private final Map<String, String> keys = new ConcurrentHashMap<>();
    private final AtomicBoolean stopped = new AtomicBoolean();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final AtomicInteger received = new AtomicInteger();
    private volatile Mood mood = Mood.ANSWERING;

    /** How the stand-in takes calls. */
    public enum Mood {
        /** As WeChat does. */
        ANSWERING,
        /** With {@code errcode} -1. */
        BUSY,
        /** Not at all: it spends the code, and the answer never comes. */
        SILENT,
        /** It spends the code, and closes the connection without an answer. */
        HANGING_UP,
        /** With what is no JSON, as a proxy's page of errors. */
        GARBLED
    }

    /** What WeChat thinks of a user. */
    public enum Standing {
        TRUSTED,
        /** Log-ins are refused with 40226. */
        RISKY
    }

    private record Code(String openid, Standing standing, Instant issuedAt, AtomicInteger uses) {}

    private record Calls(Instant since, int count) {}

    private WeChatStandIn(String appId, String appSecret, InstantSource clock) {
        this.appId = appId;
        this.appSecret = appSecret;
        this.clock = clock;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new IllegalStateException("no port is free for the stand-in", e);
        }
        server.createContext(PATH, this::answer);
        server.setExecutor(executor);
        server.start();
    }

    /** Returns a running stand-in that knows one mini-program. */
    public static WeChatStandIn start(String appId, String appSecret) {
        return start(appId, appSecret, InstantSource.system());
    }

    /** Returns a running stand-in that knows one mini-program, and goes by this clock. */
    public static WeChatStandIn start(String appId, String appSecret, InstantSource clock) {
        return new WeChatStandIn(appId, appSecret, Objects.requireNonNull(clock));
    }

    /** Returns the address for {@code Code2Session.builder(…).endpoint(…)}. */
    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + PATH);
    }

    /** Returns a new code for a user, as {@code wx.login} gives it to the mini-program. */
    public String login(String openid) {
        return login(openid, Standing.TRUSTED);
    }

    /** Returns a new code for a user of that standing. */
    public String login(String openid, Standing standing) {
        if (!openid.matches("[A-Za-z0-9_-]{1,64}")) {
            throw new IllegalArgumentException("an openid is 1 to 64 letters, digits, _ and -");
        }
        String code = "0" + random(24).replaceAll("[-_]", "x");
        codes.put(code, new Code(openid, standing, clock.instant(), new AtomicInteger()));
        return code;
    }

    /** Returns the session key that a user's last log-in gave out; empty if there was none. */
    public String sessionKeyOf(String openid) {
        return keys.getOrDefault(openid, "");
    }

    /** Returns how many requests came in so far. */
    public int received() {
        return received.get();
    }

    /** Takes the following calls in another mood. */
    public void be(Mood mood) {
        this.mood = Objects.requireNonNull(mood);
    }

    private void answer(HttpExchange exchange) throws IOException {
        received.incrementAndGet();
        try (exchange) {
            Map<String, String> query = parameters(exchange.getRequestURI());
            String answer = mood == Mood.BUSY ? error(-1, "system error") : answer(query);
            switch (mood) {
                case SILENT -> hang();
                case HANGING_UP -> {}
                case GARBLED -> send(exchange, "<html><body>502 Bad Gateway</body></html>");
                default -> send(exchange, answer);
            }
        }
    }

    /** Lets the client wait for longer than it will. */
    private void hang() {
        try {
            closed.await(1, TimeUnit.MINUTES);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void send(HttpExchange exchange, String answer) throws IOException {
        byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "text/plain");
        exchange.sendResponseHeaders(200, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private String answer(Map<String, String> query) {
        if (!query.containsKey("appid")) {
            return error(41002, "appid missing");
        }
        if (!query.containsKey("secret")) {
            return error(41004, "appsecret missing");
        }
        if (!query.containsKey("js_code")) {
            return error(41008, "missing code");
        }
        if (!"authorization_code".equals(query.get("grant_type"))) {
            return error(40002, "invalid grant_type");
        }
        if (!appId.equals(query.get("appid"))) {
            return error(40013, "invalid appid");
        }
        if (!appSecret.equals(query.get("secret"))) {
            return error(40125, "invalid appsecret");
        }
        return exchange(codes.get(query.getOrDefault("js_code", "")));
    }

    private String exchange(@Nullable Code code) {
        if (code == null || clock.instant().isAfter(code.issuedAt().plus(CODE_LIFETIME))) {
            return error(40029, "invalid code");
        }
        if (code.uses().getAndIncrement() > 0) {
            return error(40163, "code been used");
        }
        if (code.standing() == Standing.RISKY) {
            return error(40226, "code blocked");
        }
        if (countCall(code.openid()) > CALLS_PER_MINUTE) {
            return error(45011, "api minute-quota reach limit mustslower retry next minute");
        }
        String sessionKey = Base64.getEncoder().encodeToString(randomBytes(16));
        keys.put(code.openid(), sessionKey);
        return "{\"session_key\":\"" + sessionKey + "\",\"openid\":\"" + code.openid() + "\"}";
    }

    private int countCall(String openid) {
        Instant now = clock.instant();
        return Objects.requireNonNull(calls.compute(
                        openid,
                        (any, before) ->
                                before == null || !now.isBefore(before.since().plus(MINUTE))
                                        ? new Calls(now, 1)
                                        : new Calls(before.since(), before.count() + 1)))
                .count();
    }

    private static String error(int code, String message) {
        return "{\"errcode\":" + code + ",\"errmsg\":\"" + message + ", rid: " + random(6) + "\"}";
    }

    private static String random(int bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(randomBytes(bytes));
    }

    private static byte[] randomBytes(int count) {
        byte[] bytes = new byte[count];
        RANDOM.nextBytes(bytes);
        return bytes;
    }

    private static Map<String, String> parameters(URI uri) {
        Map<String, String> parameters = new HashMap<>();
        for (String pair : Objects.requireNonNullElse(uri.getRawQuery(), "").split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                parameters.put(
                        pair.substring(0, equals),
                        URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
            }
        }
        return parameters;
    }

    /** Stops listening, and lets go of clients that wait. */
    @Override
    public void close() {
        if (stopped.compareAndSet(false, true)) {
            closed.countDown();
            server.stop(0);
            executor.shutdownNow();
        }
    }
}
