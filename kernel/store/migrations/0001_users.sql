-- Who may use the API. Text in the common part of SQLite and PostgreSQL; times are Unix seconds.
-- The epoch starts at the time of creation, so that a name that is used again never meets an old token.
CREATE TABLE api_user (
    name          TEXT     NOT NULL PRIMARY KEY,
    password_hash TEXT     NOT NULL,
    scopes        TEXT     NOT NULL,
    epoch         BIGINT   NOT NULL,
    disabled      SMALLINT NOT NULL DEFAULT 0 CHECK (disabled IN (0, 1)),
    created_at    BIGINT   NOT NULL,
    changed_at    BIGINT   NOT NULL
);
