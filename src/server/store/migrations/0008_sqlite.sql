-- Until when the password lets in, UTC ms: one that the administrator has made. NULL: the user has chosen it.
ALTER TABLE users ADD COLUMN password_until INTEGER;
