-- What tells a user's sessions apart: what the device calls itself, and where it logged in. NULL: nobody said.
ALTER TABLE sessions ADD COLUMN label TEXT;
ALTER TABLE sessions ADD COLUMN address TEXT;

-- A user who may not log in for now.
ALTER TABLE users ADD COLUMN disabled INTEGER NOT NULL DEFAULT 0;

-- Codes that let somebody sign up, once each.
CREATE TABLE invites (
    code_hash BLOB NOT NULL PRIMARY KEY, -- SHA-256
    label TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    used_by BLOB                     -- the user who signed up with it; NULL: nobody yet
) STRICT, WITHOUT ROWID;

-- Codes of an authenticator app (RFC 6238) that a log-in asks for besides the password.
CREATE TABLE second_factors (
    user_id BLOB NOT NULL PRIMARY KEY REFERENCES users (id),
    secret BLOB NOT NULL,            -- as it is: codes cannot be checked against a hash
    confirmed INTEGER NOT NULL,      -- 0: no log-in asks for it yet
    last_step INTEGER NOT NULL       -- the last half minute whose code was accepted: each is accepted once
) STRICT, WITHOUT ROWID;

-- What stands in for a lost authenticator app, once each.
CREATE TABLE recovery_codes (
    user_id BLOB NOT NULL REFERENCES users (id),
    code_hash BLOB NOT NULL,         -- SHA-256
    PRIMARY KEY (user_id, code_hash)
) STRICT, WITHOUT ROWID;
