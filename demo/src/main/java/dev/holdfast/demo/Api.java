package dev.holdfast.demo;

import dev.holdfast.session.SealingKeys;
import dev.holdfast.session.Session;
import dev.holdfast.session.Sessions;
import dev.holdfast.session.http.CookieSettings;
import dev.holdfast.session.http.CookieTransport;
import dev.holdfast.session.http.HeaderTransport;
import dev.holdfast.session.http.TransportChain;
import dev.holdfast.session.http.servlet.LoginRequired;
import dev.holdfast.session.http.servlet.SessionFilter;
import dev.holdfast.session.http.token.IssuedToken;
import dev.holdfast.session.http.token.SessionTokens;
import dev.holdfast.session.http.token.TokenKey;
import dev.holdfast.session.http.token.TokenTransport;
import dev.holdfast.session.http.wechat.Code2Session;
import dev.holdfast.session.http.wechat.WeChatAnswer;
import dev.holdfast.session.http.wechat.WeChatProblem;
import dev.holdfast.session.http.wechat.WeChatUser;
import dev.holdfast.session.spi.SessionStore;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.EnumSet;
import java.util.Locale;
import javax.crypto.spec.SecretKeySpec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The endpoints for programs, with sessions of their own on the site's store: sealed, since they keep WeChat's session keys.
 * The keys live as long as the site: after a restart programs log in anew.
 */
final class Api implements AutoCloseable {

    /** Named apart from the browsers' cookie, and for {@code /api} only. */
    static final CookieSettings COOKIE =
            CookieSettings.builder().name("mini").path("/api").secure(false).build();

    private final Sessions sessions;
    private final SessionTokens tokens;
    private final Code2Session weChat;
    private final Users users;

    Api(SessionStore store, Users users, Code2Session weChat) {
        this.users = users;
        this.weChat = weChat;
        sessions = Sessions.builder(store)
                .sealing(SealingKeys.create("demo", randomKey()))
                .build();
        tokens = SessionTokens.create(TokenKey.create("demo", randomKey()), "holdfast-demo", "holdfast-demo-api");
    }

    private static SecretKeySpec randomKey() {
        byte[] key = new byte[32];
        new SecureRandom().nextBytes(key);
        return new SecretKeySpec(key, "HmacSHA256");
    }

    void addTo(ServletContext context) {
        SessionFilter filter = SessionFilter.builder(sessions)
                .transport(TransportChain.of(CookieTransport.create(COOKIE), TokenTransport.create(tokens)))
                .build();
        FilterRegistration.Dynamic registration = context.addFilter("api-sessions", filter);
        registration.setAsyncSupported(true);
        registration.addMappingForUrlPatterns(EnumSet.allOf(DispatcherType.class), true, "/api/*");
        context.addFilter("api-login", LoginRequired.create())
                .addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), true, "/api/me", "/api/token/revoke");
        context.addFilter("api-refresh", LoginRequired.endingReplays())
                .addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), true, "/api/token/refresh");
        add(context, "/api/mini/login", "POST", this::miniLogin);
        add(context, "/api/me", "GET", Api::me);
        add(context, "/api/token", "POST", this::issue);
        add(context, "/api/token/refresh", "POST", this::refresh);
        add(context, "/api/token/revoke", "POST", Api::revoke);
    }

    private static void add(ServletContext context, String path, String method, Action.Handler handler) {
        context.addServlet(path, new Endpoint(method, handler)).addMapping(path);
    }

    /** Exchanges the code of {@code wx.login}. Whoever the client says it is, only WeChat's answer counts. */
    private void miniLogin(HttpServletRequest request, HttpServletResponse response) throws IOException {
        JsonNode body = Json.body(request);
        WeChatAnswer answer = weChat.exchange(body.path("code").asString(""));
        if (answer instanceof WeChatUser user) {
            Session session = user.begin(sessions);
            session.save();
            if (body.path("carry").asString("").equals("cookie")) {
                sendCookie(response, session);
            } else {
                sendToken(response, session);
            }
        } else if (answer instanceof WeChatProblem problem) {
            int status = switch (problem.kind().advice()) {
                case NEW_CODE -> HttpServletResponse.SC_BAD_REQUEST;
                case LATER -> HttpServletResponse.SC_SERVICE_UNAVAILABLE;
                case GIVE_UP -> HttpServletResponse.SC_FORBIDDEN;
            };
            Json.send(
                    response,
                    status,
                    Json.error("login_refused")
                            .put("reason", lower(problem.kind()))
                            .put("advice", lower(problem.kind().advice())));
        }
    }

    private static String lower(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    /** The cookie stands in the body too: a mini-program has to keep it by itself. */
    private static void sendCookie(HttpServletResponse response, Session session) throws IOException {
        String cookie = COOKIE.name() + "=" + session.id().value();
        response.addHeader("Set-Cookie", cookie + "; Path=" + COOKIE.path() + "; HttpOnly; SameSite=Lax");
        Json.send(response, HttpServletResponse.SC_OK, Json.object().put("cookie", cookie));
    }

    private void sendToken(HttpServletResponse response, Session session) throws IOException {
        IssuedToken token = tokens.issue(session.id());
        response.setHeader(HeaderTransport.DEFAULT_HEADER, token.value());
        Json.send(
                response,
                HttpServletResponse.SC_OK,
                Json.object()
                        .put("token", token.value())
                        .put("expiresAt", token.expiresAt().toString()));
    }

    /** Issues a token for a user's password. */
    private void issue(HttpServletRequest request, HttpServletResponse response) throws IOException {
        JsonNode body = Json.body(request);
        String user = body.path("user").asString("");
        if (!users.isAuthorized(user, body.path("password").asString(""))) {
            Json.send(response, HttpServletResponse.SC_FORBIDDEN, Json.error("wrong_user_or_password"));
            return;
        }
        Session session = sessions.open(null);
        session.principal("api:" + user);
        session.save();
        sendToken(response, session);
    }

    /**
     * Gives the session a new id, so that the token that was sent is dead from now on. If it comes here once more while its
     * own time lasts, the session ends.
     */
    private void refresh(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (isForgeable(request, response)) {
            return;
        }
        Session session = SessionFilter.sessionOf(request.getSession());
        session.rotateId(tokens.validity());
        sendToken(response, session);
    }

    private static void revoke(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (isForgeable(request, response)) {
            return;
        }
        request.getSession().invalidate();
        Json.send(response, HttpServletResponse.SC_OK, Json.object().put("revoked", true));
    }

    /** Refuses what another site could make a browser send. */
    private static boolean isForgeable(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (request.isRequestedSessionIdFromCookie()) {
            Json.send(response, HttpServletResponse.SC_FORBIDDEN, Json.error("a_token_is_needed"));
            return true;
        }
        return false;
    }

    private static void me(HttpServletRequest request, HttpServletResponse response) throws IOException {
        HttpSession session = request.getSession();
        int visits = session.getAttribute("visits") instanceof Integer before ? before + 1 : 1;
        session.setAttribute("visits", visits);
        String kind = session.getAttribute(WeChatUser.SESSION_KEY) == null ? "user" : "mini-program";
        ObjectNode answer = Json.object().put("kind", kind).put("visits", visits);
        Json.send(response, HttpServletResponse.SC_OK, answer);
    }

    int sessionsOf(String principal) {
        return sessions.sessionsOf(principal).size();
    }

    @Override
    public void close() {
        sessions.close();
    }
}
