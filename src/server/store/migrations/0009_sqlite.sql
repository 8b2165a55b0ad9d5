-- The user's revision at the last change of each field. NULL: it is as it was when the expense was stored first (seq).
ALTER TABLE expenses ADD COLUMN day_revision INTEGER;
ALTER TABLE expenses ADD COLUMN description_revision INTEGER;
ALTER TABLE expenses ADD COLUMN amount_revision INTEGER;
ALTER TABLE expenses ADD COLUMN category_revision INTEGER; -- of the category, who chose it, and how sure that is
-- Which field it was that changed so far was not written down: any of them may be.
UPDATE expenses SET day_revision = revision, description_revision = revision, amount_revision = revision,
    category_revision = revision WHERE revision <> seq;

-- What gave way to a change that had not seen it.
CREATE TABLE history (
    user_id BLOB NOT NULL REFERENCES users (id),
    id BLOB NOT NULL,
    revision INTEGER NOT NULL,       -- the user's revision when it gave way
    created_at INTEGER NOT NULL,
    expense_id BLOB,                 -- whose field; NULL: it is a limit
    category_id BLOB,                -- whose limit; NULL: it is a field of an expense
    month INTEGER,                   -- of the limit
    field TEXT NOT NULL,             -- day, description, amount_minor, category_id, limit_minor
    was_number INTEGER,              -- what gave way: a day, minor units
    was_text TEXT,
    was_category BLOB,
    now_number INTEGER,              -- what stands in its place
    now_text TEXT,
    now_category BLOB,
    PRIMARY KEY (user_id, id),
    FOREIGN KEY (user_id, expense_id) REFERENCES expenses (user_id, id),
    FOREIGN KEY (user_id, category_id) REFERENCES categories (user_id, id),
    FOREIGN KEY (user_id, was_category) REFERENCES categories (user_id, id),
    FOREIGN KEY (user_id, now_category) REFERENCES categories (user_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX history_by_revision ON history (user_id, revision, id);
CREATE INDEX history_by_expense ON history (user_id, expense_id, revision, id);

-- The category that took in one that went.
ALTER TABLE tombstones ADD COLUMN into_id BLOB;
