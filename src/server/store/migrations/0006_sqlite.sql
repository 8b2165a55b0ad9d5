-- Every row that a client keeps tells the user's revision at its last change, and can be read in that order.
ALTER TABLE users ADD COLUMN account_revision INTEGER NOT NULL DEFAULT 0; -- at the last change of the account itself
ALTER TABLE users ADD COLUMN min_revision INTEGER NOT NULL DEFAULT 0;     -- changes since an older one are not known
ALTER TABLE categories ADD COLUMN revision INTEGER NOT NULL DEFAULT 0;
ALTER TABLE alerts ADD COLUMN revision INTEGER NOT NULL DEFAULT 0;
CREATE INDEX categories_by_revision ON categories (user_id, revision, id);
CREATE INDEX budgets_by_revision ON budgets (user_id, revision, category_id, month);
CREATE INDEX budget_moves_by_revision ON budget_moves (user_id, revision, category_id, month);
CREATE INDEX expenses_by_revision ON expenses (user_id, revision, id) WHERE deleted = 0;
CREATE INDEX rules_by_revision ON rules (user_id, revision, id);
CREATE INDEX alerts_by_revision ON alerts (user_id, revision, id);

-- What was taken away, for those who still have it.
CREATE TABLE tombstones (
    user_id BLOB NOT NULL REFERENCES users (id),
    thing TEXT NOT NULL,             -- expense, category, rule
    id BLOB NOT NULL,
    revision INTEGER NOT NULL,       -- the user's revision when it went
    gone_at INTEGER NOT NULL,        -- 0: before such times were written down
    PRIMARY KEY (user_id, thing, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX tombstones_by_revision ON tombstones (user_id, revision, id);
INSERT INTO tombstones (user_id, thing, id, revision, gone_at)
SELECT user_id, 'expense', id, revision, 0 FROM expenses WHERE deleted = 1;

-- How far each device has come with the changes that it sends in order.
CREATE TABLE devices (
    user_id BLOB NOT NULL REFERENCES users (id),
    device_id BLOB NOT NULL,
    last_seq INTEGER NOT NULL,
    last_seen INTEGER NOT NULL,
    PRIMARY KEY (user_id, device_id)
) STRICT, WITHOUT ROWID;

-- Changes of a device that were refused, until it knows.
CREATE TABLE refusals (
    user_id BLOB NOT NULL,
    device_id BLOB NOT NULL,
    seq INTEGER NOT NULL,
    error TEXT NOT NULL,             -- what the device is told, JSON
    PRIMARY KEY (user_id, device_id, seq),
    FOREIGN KEY (user_id, device_id) REFERENCES devices (user_id, device_id)
) STRICT, WITHOUT ROWID;
