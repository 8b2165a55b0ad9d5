//! Brings a file to this version's schema: forward only, each step recorded with a checksum.

use std::io;
use std::path::Path;

use rusqlite::{Connection, params};
use sha2::{Digest, Sha256};

use super::learned::{Chosen, counted_words};
use super::partial::Partial;
use super::sqlite::error;
use super::tx::StoreError;
use crate::categorize::merchant_key;

/// The steps, oldest first, in the words of SQLite, from which those of PostgreSQL are made. A step that was released
/// never changes.
pub(super) const STEPS: &[&str] = &[
    include_str!("migrations/0001_sqlite.sql"),
    include_str!("migrations/0002_sqlite.sql"),
    include_str!("migrations/0003_sqlite.sql"),
    include_str!("migrations/0004_sqlite.sql"),
    LEARNING,
    include_str!("migrations/0006_sqlite.sql"),
    include_str!("migrations/0007_sqlite.sql"),
    include_str!("migrations/0008_sqlite.sql"),
    include_str!("migrations/0009_sqlite.sql"),
];

/// The step after which what was chosen so far is learned anew.
const LEARNING: &str = include_str!("migrations/0005_sqlite.sql");

const LEDGER: &str = "CREATE TABLE IF NOT EXISTS schema_migrations (
    version INTEGER NOT NULL PRIMARY KEY, checksum BLOB NOT NULL, applied_at INTEGER NOT NULL) STRICT";

/// Applies the steps that the file does not have yet, all of them or none; `now` is UTC ms.
pub(super) fn migrate(conn: &mut Connection, now: i64) -> Result<(), StoreError> {
    migrate_to(conn, STEPS.len(), now)
}

fn migrate_to(conn: &mut Connection, version: usize, now: i64) -> Result<(), StoreError> {
    let before = applied(conn)?;
    if before >= version {
        return Ok(());
    }
    if before > 0 {
        back_up(conn)?;
    }
    let tx = conn
        .transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)
        .map_err(|e| error(&e))?;
    tx.execute(LEDGER, []).map_err(|e| error(&e))?;
    // Asked again: another process may have migrated while this one waited for the lock.
    let done = applied(&tx)?;
    for (version, step) in (1_i64..).zip(STEPS).take(version).skip(done) {
        tx.execute_batch(step).map_err(|e| error(&e))?;
        if *step == LEARNING {
            learn_anew(&tx)?;
        }
        tx.execute(
            "INSERT INTO schema_migrations (version, checksum, applied_at) VALUES ($1, $2, $3)",
            params![version, checksum(step), now],
        )
        .map_err(|e| error(&e))?;
    }
    tx.commit().map_err(|e| error(&e))?;
    // From now on the file is a database without its log too. Others who use it may keep that for later.
    conn.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()))
        .map_err(|e| error(&e))
}

/// Keeps the file as it is beside it, under its name and `.before-update`; the last one only. Nothing else happens
/// to a file of which there can be no copy.
fn back_up(conn: &Connection) -> Result<(), StoreError> {
    // A database in memory has no name.
    let Some(file) = conn.path().filter(|path| !path.is_empty()) else {
        return Ok(());
    };
    let kept = format!("{file}.before-update");
    let fault = |e: io::Error| match e.kind() {
        io::ErrorKind::StorageFull => StoreError::StorageFull,
        _ => StoreError::File(format!(
            "{file} cannot be copied before its update: {e}. Nothing was changed."
        )),
    };
    let copy = Partial::beside(Path::new(&kept)).map_err(fault)?;
    conn.execute("VACUUM INTO $1", [copy.path().to_string_lossy()])
        .map_err(|e| error(&e))?;
    copy.take_place().map_err(fault)?;
    tracing::info!(backup = kept, "the database is updated; this is how it was");
    Ok(())
}

/// How many steps the file has, after checking that they are ours.
pub(super) fn applied(conn: &Connection) -> Result<usize, StoreError> {
    if !conn.table_exists(None, "schema_migrations").map_err(|e| error(&e))? {
        return Ok(0);
    }
    let mut statement = conn
        .prepare("SELECT version, checksum FROM schema_migrations ORDER BY version")
        .map_err(|e| error(&e))?;
    let rows = statement
        .query_map([], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, Vec<u8>>(1)?)))
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|e| error(&e))?;
    known(&rows)
}

/// How many steps a ledger of versions and checksums tells, after checking that they are ours.
pub(super) fn known(rows: &[(i64, Vec<u8>)]) -> Result<usize, StoreError> {
    let known = i64::try_from(STEPS.len()).unwrap_or(i64::MAX);
    if let Some((found, _)) = rows.last().filter(|(version, _)| *version > known) {
        return Err(StoreError::NewerSchema { found: *found, known });
    }
    for ((version, sum), (expected, step)) in rows.iter().zip((1_i64..).zip(STEPS)) {
        if *version != expected || *sum != checksum(step) {
            return Err(StoreError::ForeignSchema(*version));
        }
    }
    Ok(rows.len())
}

/// Learns from every choice that is in the file. When they were made was not written down: the last change counts.
fn learn_anew(tx: &Connection) -> Result<(), StoreError> {
    let failed = |e: rusqlite::Error| error(&e);
    let mut find = tx
        .prepare(
            "SELECT user_id, id, description, category_id, revision, created_at / 86400000, deleted FROM expenses
             WHERE category_source = 'you' AND category_id IS NOT NULL",
        )
        .map_err(failed)?;
    let mut rows = find.query([]).map_err(failed)?;
    while let Some(row) = rows.next().map_err(failed)? {
        let (user, id): (Vec<u8>, Vec<u8>) = (row.get(0).map_err(failed)?, row.get(1).map_err(failed)?);
        let (description, category): (String, Vec<u8>) = (row.get(2).map_err(failed)?, row.get(3).map_err(failed)?);
        let chosen = Chosen {
            at: row.get(4).map_err(failed)?,
            day: row.get(5).map_err(failed)?,
            weight: Chosen::BY_CHOICE,
        };
        tx.prepare_cached(
            "UPDATE expenses SET merchant = $1, chosen_at = $2, chosen_day = $3, chosen_weight = $4
             WHERE user_id = $5 AND id = $6",
        )
        .and_then(|mut put| {
            let merchant = merchant_key(&description);
            put.execute(params![merchant, chosen.at, chosen.day, chosen.weight, user, id])
        })
        .map_err(failed)?;
        if row.get(6).map_err(failed)? {
            continue;
        }
        for word in counted_words(&description) {
            tx.prepare_cached(
                "INSERT INTO learned (user_id, word, category_id, weight) VALUES ($1, $2, $3, $4)
                 ON CONFLICT (user_id, word, category_id) DO UPDATE SET weight = learned.weight + excluded.weight",
            )
            .and_then(|mut put| put.execute(params![user, word, category, chosen.counts()]))
            .map_err(failed)?;
        }
    }
    Ok(())
}

/// What tells a step from any other.
pub(super) fn checksum(step: &str) -> Vec<u8> {
    Sha256::digest(step.as_bytes()).to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn migrated() -> Connection {
        let mut conn = Connection::open_in_memory().unwrap();
        migrate(&mut conn, 1).unwrap();
        conn
    }

    #[test]
    fn migrating_twice_changes_nothing() {
        let mut conn = migrated();
        migrate(&mut conn, 2).unwrap();
        let at: i64 = conn
            .query_row("SELECT MAX(applied_at) FROM schema_migrations", [], |row| row.get(0))
            .unwrap();
        assert_eq!(at, 1);
    }

    #[test]
    fn a_newer_schema_is_refused_with_advice() {
        let mut conn = migrated();
        conn.execute("INSERT INTO schema_migrations VALUES (99, x'00', 1)", [])
            .unwrap();
        let error = migrate(&mut conn, 2).unwrap_err();
        assert_eq!(
            error,
            StoreError::NewerSchema {
                found: 99,
                known: i64::try_from(STEPS.len()).unwrap()
            }
        );
        assert!(error.to_string().contains("Update budget-tracker"));
    }

    #[test]
    fn a_step_that_is_not_ours_is_refused() {
        let mut conn = migrated();
        conn.execute("UPDATE schema_migrations SET checksum = x'00'", [])
            .unwrap();
        assert_eq!(migrate(&mut conn, 2), Err(StoreError::ForeignSchema(1)));
    }

    #[test]
    fn a_step_that_fails_leaves_the_file_as_it_was() {
        let mut conn = Connection::open_in_memory().unwrap();
        conn.execute("CREATE TABLE users (id INTEGER)", []).unwrap();
        assert!(migrate(&mut conn, 1).is_err());
        assert!(!conn.table_exists(None, "schema_migrations").unwrap());
    }

    /// A file as the first version wrote it, with one user.
    fn first_version() -> Connection {
        let mut conn = Connection::open_in_memory().unwrap();
        migrate_to(&mut conn, 1, 1).unwrap();
        conn.execute_batch(
            "INSERT INTO users VALUES (x'01', 'ada', 'a@b.c', 'x', 'USD', 'UTC', 0, 5, 0, 0);
             INSERT INTO categories VALUES (x'01', x'0a', 'Dining', 'flexible', 0), (x'01', x'0b', 'Income', 'not_spending', 1),
                 (x'01', x'0c', 'Transfers', 'not_spending', 2);
             INSERT INTO budgets VALUES (x'01', x'0a', 680, 5000);
             INSERT INTO expenses VALUES
                 (x'01', x'01', 1, 1, 20000, 'sure', 100, x'0a', 'you', 100, 0, x'', 0),
                 (x'01', x'02', 2, 2, 20000, 'unsure', 100, x'0a', 'lexicon', 59, 0, x'', 0),
                 (x'01', x'03', 3, 3, 20000, 'none', 100, NULL, 'none', 0, 0, x'', 0),
                 (x'01', x'04', 4, 4, 20000, 'gone', 100, NULL, 'none', 0, 1, x'', 0);",
        )
        .unwrap();
        conn
    }

    #[test]
    fn a_file_of_the_first_version_is_brought_forward() {
        let mut conn = first_version();
        migrate(&mut conn, 2).unwrap();
        let one = |sql: &str| -> String { conn.query_row(sql, [], |row| row.get(0)).unwrap() };
        assert_eq!(
            one("SELECT group_concat(kind) FROM categories"),
            "flexible,income,not_spending"
        );
        assert_eq!(
            one("SELECT group_concat(word_list || near_percent) FROM categories"),
            "Dining80,Income80,Transfers80"
        );
        assert_eq!(one("SELECT group_concat(to_review) FROM expenses"), "0,1,1,1");
        assert_eq!(one("SELECT to_review || '' FROM users"), "2");
        assert_eq!(one("SELECT limit_minor || ' ' || revision FROM budgets"), "5000 0");
    }

    #[test]
    fn what_was_changed_before_fields_were_told_apart_counts_as_changed_in_all() {
        let mut conn = first_version();
        conn.execute("UPDATE expenses SET revision = 5 WHERE id = x'02'", [])
            .unwrap();
        migrate(&mut conn, 2).unwrap();
        let sql =
            "SELECT hex(id) || ' ' || day_revision || description_revision || amount_revision || category_revision
            FROM expenses WHERE day_revision IS NOT NULL";
        let mut statement = conn.prepare(sql).unwrap();
        let rows = statement.query_map([], |row| row.get(0)).unwrap();
        assert_eq!(rows.collect::<Result<Vec<String>, _>>().unwrap(), ["02 5555"]);
    }

    #[cfg(unix)]
    #[test]
    fn a_file_is_copied_before_its_update_and_only_then() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("budget.db");
        let kept = folder.path().join("budget.db.before-update");
        let mut conn = Connection::open(&file).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
        migrate_to(&mut conn, 1, 1).unwrap();
        assert!(!kept.exists(), "a new file needs no copy");
        conn.execute("INSERT INTO usernames VALUES ('ada', x'01')", [])
            .unwrap_err();
        conn.pragma_update(None, "foreign_keys", "OFF").unwrap();
        conn.execute("INSERT INTO usernames VALUES ('ada', x'01')", []).unwrap();
        // What an attempt that was cut off left behind long ago, and the copy of an older update.
        let half = fs::File::create(folder.path().join("budget.db.before-update.0a.copying")).unwrap();
        half.set_modified(std::time::UNIX_EPOCH).unwrap();
        fs::write(&kept, "older").unwrap();
        migrate(&mut conn, 2).unwrap();
        let copy = Connection::open(&kept).unwrap();
        assert_eq!(applied(&copy), Ok(1));
        let name: String = copy
            .query_row("SELECT name_key FROM usernames", [], |row| row.get(0))
            .unwrap();
        assert_eq!(name, "ada");
        assert_eq!(fs::metadata(&kept).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2, "nothing else is left");
        fs::remove_file(&kept).unwrap();
        migrate(&mut conn, 3).unwrap();
        assert!(!kept.exists());
    }

    #[test]
    fn what_was_chosen_in_a_file_of_the_first_version_is_learned() {
        let mut conn = first_version();
        migrate(&mut conn, 2).unwrap();
        let all = |sql: &str| -> Vec<String> {
            let mut statement = conn.prepare(sql).unwrap();
            statement
                .query_map([], |row| row.get(0))
                .unwrap()
                .map(Result::unwrap)
                .collect()
        };
        assert_eq!(
            all("SELECT merchant || ' ' || chosen_at || ' ' || chosen_weight FROM expenses WHERE merchant IS NOT NULL"),
            ["sure 1 2"]
        );
        assert_eq!(
            all("SELECT word || ' ' || hex(category_id) || ' ' || weight FROM learned ORDER BY word"),
            [" 0A 2048", "sure 0A 2048"]
        );
    }

    #[test]
    fn a_file_of_the_first_version_gets_its_day_sums() {
        let mut conn = first_version();
        conn.execute_batch(
            "INSERT INTO expenses VALUES
                 (x'01', x'05', 5, 5, 20001, 'ramen', 500, x'0a', 'you', 100, 0, x'', 0),
                 (x'01', x'06', 6, 6, 20001, 'salary', 9000, x'0b', 'you', 100, 0, x'', 0);",
        )
        .unwrap();
        migrate(&mut conn, 2).unwrap();
        let mut statement = conn
            .prepare("SELECT day, hex(category_id), spent, n FROM day_sums ORDER BY day, category_id")
            .unwrap();
        let rows: Vec<(i64, String, i64, i64)> = statement
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))
            .unwrap()
            .map(Result::unwrap)
            .collect();
        let wanted = [
            (20_000, "00".repeat(16), 100, 1),
            (20_000, "0A".to_owned(), 200, 2),
            (20_001, "0A".to_owned(), 500, 1),
            (20_001, "0B".to_owned(), 9000, 1),
        ];
        assert_eq!(rows, wanted);
    }
}
