-- The day of the month on which the user's budget months begin: 1 to 28.
ALTER TABLE users ADD COLUMN month_start INTEGER NOT NULL DEFAULT 1;
