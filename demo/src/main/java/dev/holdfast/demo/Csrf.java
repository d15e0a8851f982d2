package dev.holdfast.demo;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;

/** A secret in the session that each form repeats, so that no other site can send our forms. */
final class Csrf {

    static final String ATTRIBUTE = "csrf";

    private static final SecureRandom RANDOM = new SecureRandom();

    private Csrf() {}

    static Html field(HttpSession session) {
        if (!(session.getAttribute(ATTRIBUTE) instanceof String)) {
            renew(session);
        }
        return Html.of("<input type=\"hidden\" name=\"csrf\" value=\"{}\">", session.getAttribute(ATTRIBUTE));
    }

    /** Replaces the secret, whenever the session's id changes. */
    static void renew(HttpSession session) {
        byte[] secret = new byte[24];
        RANDOM.nextBytes(secret);
        session.setAttribute(ATTRIBUTE, Base64.getUrlEncoder().withoutPadding().encodeToString(secret));
    }

    static boolean isOurs(HttpServletRequest request) {
        HttpSession session = request.getSession(false);
        String sent = request.getParameter("csrf");
        return session != null
                && sent != null
                && session.getAttribute(ATTRIBUTE) instanceof String expected
                && MessageDigest.isEqual(
                        expected.getBytes(StandardCharsets.UTF_8), sent.getBytes(StandardCharsets.UTF_8));
    }
}
