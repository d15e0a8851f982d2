-- Holdfast sessions on H2 2.2 and newer. The names may be changed, together: the store's setting is "table".
--
-- Times are milliseconds since 1970 UTC; "never" is 9223372036854775807. purge_at says from when on a purge looks at the
-- row; it lies somewhat before expires_at and seldom changes, so that touches write no index.
CREATE TABLE IF NOT EXISTS holdfast_session (
    session_key BINARY(32) NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL CHECK (version >= 1),
    created_at BIGINT NOT NULL,
    accessed_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    purge_at BIGINT NOT NULL,
    idle_ms BIGINT NOT NULL CHECK (idle_ms >= 1),
    principal VARBINARY(1024),
    payload VARBINARY(1048576) NOT NULL
);

CREATE INDEX IF NOT EXISTS holdfast_session_purge ON holdfast_session (purge_at);

CREATE INDEX IF NOT EXISTS holdfast_session_principal ON holdfast_session (principal, session_key);

CREATE TABLE IF NOT EXISTS holdfast_session_lock (
    lock_key BINARY(32) NOT NULL PRIMARY KEY,
    token BIGINT NOT NULL,
    until_at BIGINT NOT NULL
);

-- Only for stores that are set to tell of expiries.
CREATE TABLE IF NOT EXISTS holdfast_session_expired (
    event_id BIGINT NOT NULL PRIMARY KEY,
    session_key BINARY(32) NOT NULL,
    noted_at BIGINT NOT NULL
);
