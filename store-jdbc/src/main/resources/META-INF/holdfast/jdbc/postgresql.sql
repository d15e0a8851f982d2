-- Holdfast sessions on PostgreSQL 11 and newer. The names may be changed, together: the store's setting is "table".
--
-- Times are milliseconds since 1970 UTC; "never" is 9223372036854775807. purge_at says from when on a purge looks at the
-- row; it lies somewhat before expires_at and seldom changes. Touches so change no indexed column, and a page's free
-- space (fillfactor) takes the new version of the row: no index is written.
CREATE TABLE IF NOT EXISTS holdfast_session (
    session_key bytea NOT NULL CHECK (octet_length(session_key) = 32),
    version bigint NOT NULL CHECK (version >= 1),
    created_at bigint NOT NULL,
    accessed_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    purge_at bigint NOT NULL,
    idle_ms bigint NOT NULL CHECK (idle_ms >= 1),
    principal bytea CHECK (octet_length(principal) <= 1024),
    payload bytea NOT NULL,
    PRIMARY KEY (session_key)
) WITH (fillfactor = 70);

CREATE INDEX IF NOT EXISTS holdfast_session_purge ON holdfast_session (purge_at);

CREATE INDEX IF NOT EXISTS holdfast_session_principal ON holdfast_session (principal, session_key)
    WHERE principal IS NOT NULL;

CREATE TABLE IF NOT EXISTS holdfast_session_lock (
    lock_key bytea NOT NULL CHECK (octet_length(lock_key) = 32),
    token bigint NOT NULL,
    until_at bigint NOT NULL,
    PRIMARY KEY (lock_key)
) WITH (fillfactor = 70);

-- Only for stores that are set to tell of expiries.
CREATE TABLE IF NOT EXISTS holdfast_session_expired (
    event_id bigint NOT NULL,
    session_key bytea NOT NULL,
    noted_at bigint NOT NULL,
    PRIMARY KEY (event_id)
);
