package dev.holdfast.session.http.wechat;

import dev.holdfast.session.Session;
import dev.holdfast.session.Sessions;
import java.util.Objects;
import java.util.Optional;

/**
 * Who a mini-program's user is, as WeChat says, and not the client.
 *
 * <p>With the session key the client's data are decrypted and signed, so it stays on the server: in the session, which must
 * be sealed, and in no response, token or log. {@link #toString} tells nothing of a user.
 *
 * @param openid the user, for this mini-program
 * @param unionid the user, for all applications of one owner; empty unless WeChat has bound them
 * @param sessionKey WeChat's {@code session_key}
 */
public record WeChatUser(String openid, Optional<String> unionid, String sessionKey) implements WeChatAnswer {

    /** The session's attribute that keeps the session key. */
    public static final String SESSION_KEY = "wechat.session_key";

    /** The session's attribute that keeps the unionid, if there is one. */
    public static final String UNIONID = "wechat.unionid";

    public WeChatUser {
        Objects.requireNonNull(openid, "openid");
        Objects.requireNonNull(unionid, "unionid");
        Objects.requireNonNull(sessionKey, "sessionKey");
    }

    /**
     * Returns a new session of this user, whose principal is the openid; not saved yet.
     *
     * @throws IllegalStateException unless the sessions are sealed, as the session key would lie readable in the store
     */
    public Session begin(Sessions sessions) {
        if (!sessions.areSealed()) {
            throw new IllegalStateException(
                    "these sessions would keep the session_key readable:" + " Sessions.builder(store).sealing(…)");
        }
        Session session = sessions.open(null);
        session.principal(openid);
        session.put(SESSION_KEY, sessionKey);
        unionid.ifPresent(id -> session.put(UNIONID, id));
        return session;
    }

    @Override
    public String toString() {
        return "WeChatUser[hidden]";
    }
}
