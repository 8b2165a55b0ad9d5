//! A database as the first version wrote it: one user, one expense.

use std::path::Path;

use rusqlite::Connection;
use sha2::{Digest, Sha256};

const SCHEMA: &str = include_str!("../../src/server/store/migrations/0001_sqlite.sql");

/// Writes one into a new file.
pub fn first_version(path: &Path) {
    let conn = Connection::open(path).unwrap();
    conn.pragma_update(None, "journal_mode", "WAL").unwrap();
    conn.execute_batch(SCHEMA).unwrap();
    conn.execute_batch(
        "CREATE TABLE schema_migrations (version INTEGER NOT NULL PRIMARY KEY, checksum BLOB NOT NULL,
             applied_at INTEGER NOT NULL) STRICT;
         INSERT INTO users VALUES (x'00112233445566778899aabbccddeeff', 'ada', 'a@b.c', 'x', 'USD', 'UTC', 0, 5, 20000, 0);
         INSERT INTO usernames VALUES ('ada', x'00112233445566778899aabbccddeeff');
         INSERT INTO expenses VALUES (x'00112233445566778899aabbccddeeff', x'00112233445566778899aabbccddee00', 1, 1, 20000,
             'ramen', 100, NULL, 'none', 0, 0, x'', 0);
         INSERT INTO rollups VALUES (x'00112233445566778899aabbccddeeff', 657, x'00000000000000000000000000000000', 100, 1);",
    )
    .unwrap();
    let checksum = Sha256::digest(SCHEMA.as_bytes()).to_vec();
    conn.execute("INSERT INTO schema_migrations VALUES (1, $1, 1)", [checksum])
        .unwrap();
}
