package dev.holdfast.session.http;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * The name and the attributes of the session cookie. Immutable; combinations that a browser would refuse can't be
 * built.
 */
public final class CookieSettings {

    /** The name over TLS: browsers take a cookie of this prefix only from the host itself, over TLS, for all paths. */
    public static final String DEFAULT_NAME = "__Host-session";

    /** The name over plain HTTP, where no prefix is possible. */
    public static final String PLAIN_HTTP_NAME = "session";

    /** 400 days: browsers keep no cookie longer. */
    public static final Duration LONGEST_MAX_AGE = Duration.ofDays(400);

    private final String name;
    private final String path;
    private final Optional<String> domain;
    private final Optional<Duration> maxAge;
    private final boolean secure;
    private final boolean httpOnly;
    private final SameSite sameSite;
    private final boolean partitioned;
    private final boolean sliding;

    private CookieSettings(Builder builder) {
        name = builder.name;
        path = builder.path;
        domain = builder.domain;
        maxAge = builder.maxAge;
        secure = builder.secure;
        httpOnly = builder.httpOnly;
        sameSite = builder.sameSite;
        partitioned = builder.partitioned;
        sliding = builder.sliding;
    }

    /**
     * Returns the settings for a site that browsers reach over TLS, whoever ends the TLS: {@value #DEFAULT_NAME},
     * {@code Path=/; Secure; HttpOnly; SameSite=Lax}, no {@code Domain}, forgotten when the browser closes.
     */
    public static CookieSettings create() {
        return builder().build();
    }

    /**
     * Returns the settings for plain HTTP on one's own machine: as {@link #create}, but named
     * {@value #PLAIN_HTTP_NAME} and without {@code Secure}. Anyone on the way can read and plant such a cookie.
     */
    public static CookieSettings forPlainHttp() {
        return builder().name(PLAIN_HTTP_NAME).secure(false).build();
    }

    /** Returns a builder with the settings of {@link #create}. */
    public static Builder builder() {
        return new Builder();
    }

    public String name() {
        return name;
    }

    public String path() {
        return path;
    }

    /** Returns the domain whose hosts all get the cookie; empty: only the host that set it. */
    public Optional<String> domain() {
        return domain;
    }

    /** Returns how long the browser keeps the cookie; empty: until it closes. */
    public Optional<Duration> maxAge() {
        return maxAge;
    }

    public boolean secure() {
        return secure;
    }

    public boolean httpOnly() {
        return httpOnly;
    }

    public SameSite sameSite() {
        return sameSite;
    }

    public boolean partitioned() {
        return partitioned;
    }

    /** Returns whether each response of a session gives the cookie its whole {@link #maxAge} again. */
    public boolean sliding() {
        return sliding;
    }

    @Override
    public String toString() {
        return name + CookieHeader.attributes(this);
    }

    /** Settings of a cookie. Not thread-safe. */
    public static final class Builder {

        private String name = DEFAULT_NAME;
        private String path = "/";
        private Optional<String> domain = Optional.empty();
        private Optional<Duration> maxAge = Optional.empty();
        private boolean secure = true;
        private boolean httpOnly = true;
        private SameSite sameSite = SameSite.LAX;
        private boolean partitioned;
        private boolean sliding;

        private Builder() {}

        /** The cookie's name; {@value CookieSettings#DEFAULT_NAME} unless set. */
        public Builder name(String name) {
            this.name = CookieGrammar.requireName(name);
            return this;
        }

        /** The path below which browsers send the cookie; {@code /} unless set. */
        public Builder path(String path) {
            this.path = CookieGrammar.requirePath(path);
            return this;
        }

        /** The domain whose hosts all get the cookie; unless set, only the host that set it. */
        public Builder domain(String domain) {
            this.domain = Optional.of(CookieGrammar.requireDomain(domain));
            return this;
        }

        /**
         * Lets the cookie outlive the browser ("remember me") for so long, at most {@link #LONGEST_MAX_AGE}; unless
         * set, the cookie goes with the browser. It lengthens no session: that is the idle timeout's part.
         *
         * @param maxAge at least a second; fractions of a second are cut off
         */
        public Builder maxAge(Duration maxAge) {
            if (maxAge.compareTo(Duration.ofSeconds(1)) < 0) {
                throw new IllegalArgumentException("maxAge must be at least one second, not " + maxAge);
            }
            this.maxAge = Optional.of(
                    maxAge.compareTo(LONGEST_MAX_AGE) > 0 ? LONGEST_MAX_AGE : Duration.ofSeconds(maxAge.toSeconds()));
            return this;
        }

        /** Whether browsers send the cookie over TLS only; true unless set. */
        public Builder secure(boolean secure) {
            this.secure = secure;
            return this;
        }

        /** Whether the page's scripts can't read the cookie; true unless set. */
        public Builder httpOnly(boolean httpOnly) {
            this.httpOnly = httpOnly;
            return this;
        }

        /** With which requests from other sites the cookie travels; {@link SameSite#LAX} unless set. */
        public Builder sameSite(SameSite sameSite) {
            this.sameSite = Objects.requireNonNull(sameSite);
            return this;
        }

        /** Whether an embedded page has a cookie of its own for each site that embeds it; false unless set. */
        public Builder partitioned(boolean partitioned) {
            this.partitioned = partitioned;
            return this;
        }

        /**
         * Whether each response of a session gives the cookie its whole {@link #maxAge} again, so that it is kept while it
         * is used; false unless set. All those responses then have {@code Cache-Control: no-store}.
         */
        public Builder sliding(boolean sliding) {
            this.sliding = sliding;
            return this;
        }

        /**
         * Returns the settings.
         *
         * @throws IllegalArgumentException if browsers would refuse the cookie; the message says what to change
         */
        public CookieSettings build() {
            CookieSettings settings = new CookieSettings(this);
            CookieGrammar.requireAcceptable(settings);
            return settings;
        }
    }
}
