-- The memory of a merchant is the expenses themselves: those whose category the user chose, the latest choice first.
ALTER TABLE expenses ADD COLUMN merchant TEXT;          -- merchant key; NULL: the user did not choose the category
ALTER TABLE expenses ADD COLUMN chosen_at INTEGER;      -- the user's revision at the choice
ALTER TABLE expenses ADD COLUMN chosen_day INTEGER;     -- the user's local day at the choice
ALTER TABLE expenses ADD COLUMN chosen_weight INTEGER;  -- 2: chosen; 1: a prediction that was agreed with
CREATE INDEX expenses_by_merchant
    ON expenses (user_id, merchant, chosen_at, seq, category_id, amount_minor, chosen_weight)
    WHERE deleted = 0 AND merchant IS NOT NULL;

-- How much each word speaks for a category, kept in the transaction that changes a choice. The word '' counts choices.
DROP TABLE learned;
CREATE TABLE learned (
    user_id BLOB NOT NULL,
    word TEXT NOT NULL,
    category_id BLOB NOT NULL,
    weight INTEGER NOT NULL,         -- more than zero; a choice weighs twice as much as one a year older
    PRIMARY KEY (user_id, word, category_id),
    FOREIGN KEY (user_id, category_id) REFERENCES categories (user_id, id)
) STRICT, WITHOUT ROWID;

-- What the user has said once and for all.
CREATE TABLE rules (
    user_id BLOB NOT NULL,
    id BLOB NOT NULL,
    pattern TEXT NOT NULL,           -- folded words, with * at an end for the rest of a word
    category_id BLOB NOT NULL,
    revision INTEGER NOT NULL,       -- the user's revision when it was made or changed
    hits INTEGER NOT NULL DEFAULT 0, -- expenses that it has put into its category
    PRIMARY KEY (user_id, id),
    UNIQUE (user_id, pattern),
    FOREIGN KEY (user_id, category_id) REFERENCES categories (user_id, id)
) STRICT, WITHOUT ROWID;
