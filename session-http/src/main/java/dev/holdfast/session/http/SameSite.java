package dev.holdfast.session.http;

/** With which requests from other sites a browser sends a cookie. */
public enum SameSite {
    /** With none, not even when the user follows a link. */
    STRICT("Strict"),
    /** Only when the user comes by a link or another top-level {@code GET}. */
    LAX("Lax"),
    /** With all; browsers demand {@code Secure} for it. */
    NONE("None");

    private final String attribute;

    SameSite(String attribute) {
        this.attribute = attribute;
    }

    String attribute() {
        return attribute;
    }
}
