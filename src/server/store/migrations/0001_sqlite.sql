-- Ids are 16-byte blobs, times UTC milliseconds, days count from 1970-01-01, months from January 1970.

CREATE TABLE users (
    id BLOB NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    email TEXT NOT NULL,
    password TEXT NOT NULL,          -- PHC string
    currency TEXT NOT NULL,          -- ISO 4217
    time_zone TEXT NOT NULL,         -- IANA
    demo INTEGER NOT NULL DEFAULT 0, -- the sample user
    revision INTEGER NOT NULL DEFAULT 0,
    judged_day INTEGER NOT NULL,     -- last local day on which alerts were judged
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Apart from users, so that users can be spread by id and names by name.
CREATE TABLE usernames (
    name_key TEXT NOT NULL PRIMARY KEY,
    user_id BLOB NOT NULL REFERENCES users (id)
) STRICT, WITHOUT ROWID;

CREATE TABLE sessions (
    user_id BLOB NOT NULL REFERENCES users (id),
    token_hash BLOB NOT NULL,        -- SHA-256
    created_at INTEGER NOT NULL,
    last_seen INTEGER NOT NULL,
    PRIMARY KEY (user_id, token_hash)
) STRICT, WITHOUT ROWID;

CREATE TABLE categories (
    user_id BLOB NOT NULL REFERENCES users (id),
    id BLOB NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    sort INTEGER NOT NULL,
    PRIMARY KEY (user_id, id),
    UNIQUE (user_id, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE budgets (
    user_id BLOB NOT NULL,
    category_id BLOB NOT NULL,
    month INTEGER NOT NULL,          -- holds from this month to the next row's
    limit_minor INTEGER,             -- NULL: no limit from here on
    PRIMARY KEY (user_id, category_id, month),
    FOREIGN KEY (user_id, category_id) REFERENCES categories (user_id, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE expenses (
    user_id BLOB NOT NULL REFERENCES users (id),
    id BLOB NOT NULL,
    seq INTEGER NOT NULL,            -- the user's revision when it was stored first
    revision INTEGER NOT NULL,       -- the user's revision at its last change
    day INTEGER NOT NULL,
    description TEXT NOT NULL,
    amount_minor INTEGER NOT NULL,
    category_id BLOB,                -- NULL: waits in no category
    category_source TEXT NOT NULL,
    confidence INTEGER NOT NULL,
    deleted INTEGER NOT NULL DEFAULT 0,
    fingerprint BLOB NOT NULL,       -- of the request that made it: tells a retry from another expense
    created_at INTEGER NOT NULL,
    PRIMARY KEY (user_id, id),
    FOREIGN KEY (user_id, category_id) REFERENCES categories (user_id, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX expenses_by_day ON expenses (user_id, day, seq) WHERE deleted = 0;
CREATE INDEX expenses_by_category ON expenses (user_id, category_id, day, seq) WHERE deleted = 0;

-- Sums of the expenses, kept in the transaction that changes an expense.
CREATE TABLE rollups (
    user_id BLOB NOT NULL REFERENCES users (id),
    month INTEGER NOT NULL,
    category_id BLOB NOT NULL,       -- sixteen zero bytes: no category
    spent INTEGER NOT NULL,
    n INTEGER NOT NULL,
    PRIMARY KEY (user_id, month, category_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE day_totals (
    user_id BLOB NOT NULL REFERENCES users (id),
    day INTEGER NOT NULL,
    spent INTEGER NOT NULL,          -- without the categories that are not spending
    PRIMARY KEY (user_id, day)
) STRICT, WITHOUT ROWID;

CREATE TABLE alerts (
    user_id BLOB NOT NULL,
    id BLOB NOT NULL,
    month INTEGER NOT NULL,
    category_id BLOB NOT NULL,
    level TEXT NOT NULL,
    spent INTEGER NOT NULL,
    limit_minor INTEGER NOT NULL,
    forecast_minor INTEGER,
    cause TEXT,
    created_at INTEGER NOT NULL,
    is_read INTEGER NOT NULL DEFAULT 0,
    resolved_at INTEGER,
    PRIMARY KEY (user_id, id),
    UNIQUE (user_id, month, category_id, level),
    FOREIGN KEY (user_id, category_id) REFERENCES categories (user_id, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE learned (
    user_id BLOB NOT NULL,
    merchant_key TEXT NOT NULL,
    category_id BLOB NOT NULL,
    n INTEGER NOT NULL,
    PRIMARY KEY (user_id, merchant_key, category_id),
    FOREIGN KEY (user_id, category_id) REFERENCES categories (user_id, id)
) STRICT, WITHOUT ROWID;
