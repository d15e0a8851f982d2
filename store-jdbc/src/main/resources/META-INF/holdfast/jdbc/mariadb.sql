-- Holdfast sessions on MariaDB 10.6 and newer, and MySQL 8. The names may be changed, together: the store's setting is
-- "table".
--
-- Times are milliseconds since 1970 UTC; "never" is 9223372036854775807. purge_at says from when on a purge looks at the
-- row; it lies somewhat before expires_at and seldom changes, so that touches write no index. All texts are bytes, so no
-- collation plays a part.
CREATE TABLE IF NOT EXISTS holdfast_session (
    session_key BINARY(32) NOT NULL,
    version BIGINT NOT NULL CHECK (version >= 1),
    created_at BIGINT NOT NULL,
    accessed_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    purge_at BIGINT NOT NULL,
    idle_ms BIGINT NOT NULL CHECK (idle_ms >= 1),
    principal VARBINARY(1024),
    payload MEDIUMBLOB NOT NULL,
    PRIMARY KEY (session_key),
    INDEX holdfast_session_purge (purge_at),
    INDEX holdfast_session_principal (principal, session_key)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC;

CREATE TABLE IF NOT EXISTS holdfast_session_lock (
    lock_key BINARY(32) NOT NULL,
    token BIGINT NOT NULL,
    until_at BIGINT NOT NULL,
    PRIMARY KEY (lock_key)
) ENGINE = InnoDB;

-- Only for stores that are set to tell of expiries.
CREATE TABLE IF NOT EXISTS holdfast_session_expired (
    event_id BIGINT NOT NULL,
    session_key BINARY(32) NOT NULL,
    noted_at BIGINT NOT NULL,
    PRIMARY KEY (event_id)
) ENGINE = InnoDB;
