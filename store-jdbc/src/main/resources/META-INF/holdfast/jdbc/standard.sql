-- Holdfast sessions in standard SQL, a template for databases that have no script of their own here. The names may be
-- changed, together: the store's setting is "table".
--
-- Times are milliseconds since 1970 UTC; "never" is 9223372036854775807. Binary columns must compare as unsigned bytes,
-- and session_key must not be padded or folded. purge_at says from when on a purge looks at the row.
CREATE TABLE holdfast_session (
    session_key BINARY(32) NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    accessed_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    purge_at BIGINT NOT NULL,
    idle_ms BIGINT NOT NULL,
    principal VARBINARY(1024),
    payload VARBINARY(1048576) NOT NULL
);

CREATE INDEX holdfast_session_purge ON holdfast_session (purge_at);

CREATE INDEX holdfast_session_principal ON holdfast_session (principal, session_key);

CREATE TABLE holdfast_session_lock (
    lock_key BINARY(32) NOT NULL PRIMARY KEY,
    token BIGINT NOT NULL,
    until_at BIGINT NOT NULL
);

-- Only for stores that are set to tell of expiries.
CREATE TABLE holdfast_session_expired (
    event_id BIGINT NOT NULL PRIMARY KEY,
    session_key BINARY(32) NOT NULL,
    noted_at BIGINT NOT NULL
);
