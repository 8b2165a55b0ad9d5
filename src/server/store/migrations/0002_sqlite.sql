-- What a forecast looks at: spending by day and category. Day totals are sums of it.
CREATE TABLE day_sums (
    user_id BLOB NOT NULL REFERENCES users (id),
    day INTEGER NOT NULL,
    category_id BLOB NOT NULL,       -- sixteen zero bytes: no category
    spent INTEGER NOT NULL,
    n INTEGER NOT NULL,              -- more than zero: a row without an expense is taken away
    PRIMARY KEY (user_id, day, category_id)
) STRICT, WITHOUT ROWID;

INSERT INTO day_sums (user_id, day, category_id, spent, n)
SELECT user_id, day, COALESCE(category_id, zeroblob(16)), SUM(amount_minor), COUNT(*)
FROM expenses WHERE deleted = 0
GROUP BY user_id, day, COALESCE(category_id, zeroblob(16));

CREATE INDEX day_sums_by_category ON day_sums (user_id, category_id, day);

DROP TABLE day_totals;
