//! SQLite files that are looked at, copied from, or written once: databases of others and backups.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use rusqlite::backup::Backup;
use rusqlite::{Connection, OpenFlags};

use super::backup::{not_ours, nothing_there};
use super::migrate::{self, STEPS};
use super::sqlite::{Sqlite, error};
use super::tables;
use super::tx::StoreError;
use super::verify::{Finding, Wrong};

/// Most faults of a file that are told.
const MAX_FAULTS: usize = 20;
/// Pages that are copied at a time.
const PAGES: i32 = 4096;

impl Sqlite {
    /// Opens a file that is there, to read it.
    pub(super) fn open_existing(path: &Path) -> Result<Self, StoreError> {
        match path.try_exists() {
            Ok(true) => Self::open_reader(path),
            Ok(false) => Err(nothing_there(path)),
            Err(e) => Err(StoreError::File(format!("{} cannot be read: {e}.", path.display()))),
        }
    }

    /// Opens a file to read it as this version's schema. One of an older schema is updated in a private copy, and stays
    /// as it is.
    pub(super) fn open_source(path: &Path) -> Result<Self, StoreError> {
        let source = Self::open_existing(path)?;
        match migrate::applied(&source.conn)? {
            0 => Err(not_ours(path)),
            steps if steps < STEPS.len() => source.updated(),
            _ => Ok(source),
        }
    }

    fn updated(&self) -> Result<Self, StoreError> {
        // Without a name: a file that nobody else can open and that goes with the connection.
        let mut conn = Connection::open("").map_err(|e| error(&e))?;
        Backup::new(&self.conn, &mut conn)
            .and_then(|copy| copy.run_to_completion(PAGES, Duration::ZERO, None))
            .map_err(|e| error(&e))?;
        migrate::migrate(&mut conn, 0)?;
        Ok(Self {
            conn,
            noted: Vec::new(),
        })
    }

    /// Fills an empty file with this version's schema, fast: it counts only once it was synced as a whole.
    pub(super) fn make(path: &Path) -> Result<Self, StoreError> {
        let mut conn = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE).map_err(|e| error(&e))?;
        for (name, value) in [
            ("journal_mode", "MEMORY"),
            ("synchronous", "OFF"),
            ("foreign_keys", "ON"),
        ] {
            conn.pragma_update(None, name, value).map_err(|e| error(&e))?;
        }
        migrate::migrate(&mut conn, 0)?;
        Ok(Self {
            conn,
            noted: Vec::new(),
        })
    }

    /// Writes the data of this moment into an empty file.
    pub(super) fn copy_into(&self, place: &Path) -> Result<(), StoreError> {
        let name = place
            .to_str()
            .ok_or_else(|| StoreError::File(format!("{} is not UTF-8. Choose another name.", place.display())))?;
        let copied = self.conn.execute("VACUUM INTO $1", [name]);
        copied.map(|_| ()).map_err(|e| error(&e))
    }

    /// What is wrong with the pages of the file and with what its rows refer to.
    pub(super) fn faults(&self) -> Result<Vec<Finding>, StoreError> {
        let sql = format!("PRAGMA integrity_check({MAX_FAULTS})");
        let mut told: Vec<String> = self.column(&sql)?;
        told.retain(|line| line != "ok");
        let damage = |line: String| Finding::of_all(Wrong::Damage, format!("The file is damaged: {line}."));
        let mut findings: Vec<Finding> = told.into_iter().map(damage).collect();
        let mut lost: BTreeMap<String, usize> = BTreeMap::new();
        for table in self.column("PRAGMA foreign_key_check")? {
            *lost.entry(table).or_default() += 1;
        }
        findings.extend(lost.into_iter().map(|(table, count)| {
            let what = format!("{count} rows of {table} belong to something that is not there.");
            Finding::of_all(Wrong::Reference, what)
        }));
        Ok(findings)
    }

    /// What this version's schema has and the file has not.
    pub(super) fn missing(&self) -> Result<Vec<Finding>, StoreError> {
        let missing = tables::missing(&self.conn)?.into_iter();
        let finding = |name| {
            let what = format!("{name} is missing, or not as this version makes it.");
            Finding::of_all(Wrong::Schema, what)
        };
        Ok(missing.map(finding).collect())
    }

    /// Moves the write-ahead log into the file, as far as others who use it allow.
    pub(super) fn empty_log(&self) -> Result<(), StoreError> {
        let emptied = self.conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
        emptied.map_err(|e| error(&e))
    }

    fn column(&self, sql: &str) -> Result<Vec<String>, StoreError> {
        let mut statement = self.conn.prepare(sql).map_err(|e| error(&e))?;
        let rows = statement.query_map([], |row| row.get(0));
        rows.and_then(Iterator::collect).map_err(|e| error(&e))
    }
}
