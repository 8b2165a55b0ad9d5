-- Reviews: an expense waits for one when it is in no category, or in one that nobody is sure of.
ALTER TABLE expenses ADD COLUMN to_review INTEGER NOT NULL DEFAULT 0;
UPDATE expenses SET to_review = 1
    WHERE category_id IS NULL OR (category_source <> 'you' AND confidence < 60);
CREATE INDEX expenses_to_review ON expenses (user_id, day, seq) WHERE deleted = 0 AND to_review = 1;

-- How many wait, kept in the transaction that changes an expense.
ALTER TABLE users ADD COLUMN to_review INTEGER NOT NULL DEFAULT 0;
UPDATE users SET to_review =
    (SELECT COUNT(*) FROM expenses e WHERE e.user_id = users.id AND e.deleted = 0 AND e.to_review = 1);

-- Categories of one's own, and what the user wants of each.
ALTER TABLE categories ADD COLUMN word_list TEXT;      -- what the word list calls it; NULL: it does not know it
ALTER TABLE categories ADD COLUMN fingerprint BLOB;    -- of the request that made it; NULL: one of the first twenty
ALTER TABLE categories ADD COLUMN near_percent INTEGER DEFAULT 80; -- NULL: never told
ALTER TABLE categories ADD COLUMN tell_forecast INTEGER NOT NULL DEFAULT 1;
ALTER TABLE categories ADD COLUMN tell_over INTEGER NOT NULL DEFAULT 1;
ALTER TABLE categories ADD COLUMN carry_since INTEGER;  -- first month whose rest moves on; NULL: it does not
ALTER TABLE categories ADD COLUMN hidden_since INTEGER; -- first month in which its limit does not count; NULL: in use
ALTER TABLE categories ADD COLUMN quiet_until INTEGER;  -- the day on which its alerts may be told again
UPDATE categories SET word_list = name;
UPDATE categories SET kind = 'income' WHERE name = 'Income' AND kind = 'not_spending';

-- The user's revision when the limit was set.
ALTER TABLE budgets ADD COLUMN revision INTEGER NOT NULL DEFAULT 0;

-- What one month's limit got from other limits, or gave to them.
CREATE TABLE budget_moves (
    user_id BLOB NOT NULL,
    category_id BLOB NOT NULL,
    month INTEGER NOT NULL,
    moved INTEGER NOT NULL,
    revision INTEGER NOT NULL,       -- the user's revision at the last move
    PRIMARY KEY (user_id, category_id, month),
    FOREIGN KEY (user_id, category_id) REFERENCES categories (user_id, id)
) STRICT, WITHOUT ROWID;
