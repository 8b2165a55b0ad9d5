//! Backups: a SQLite file of its own that holds all rows of a database, whichever kind that is, and goes into either.

use std::io;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::postgres::{Opening, Postgres};
use super::sqlite::Sqlite;
use super::tables::{PAGE, tables};
use super::tx::{StoreError, Tx, Value};
use super::verify::{self, Report};
use super::{AtClose, Database, Store, partial::Partial, repair};

/// How far the revisions of all users leap when they are restored: what a device has seen since the backup was made
/// must not pass for what comes after it.
const LEAP: i64 = 1 << 20;

/// Writes a copy of the database to `place`, checks it, and says what it holds.
///
/// Servers go on reading and writing meanwhile; the copy is the data of one moment. Until it is whole there is no file
/// at `place`, or the one that was there.
///
/// # Errors
/// [`StoreError::File`] when there is a file and it shall not be replaced, and whatever keeps the copy from being made.
pub fn backup(database: &Database, place: &Path, replace: bool) -> Result<Backup, StoreError> {
    refuse_place(database, place, replace)?;
    let fault = |e: io::Error| file_fault(place, &e);
    let partial = Partial::beside(place).map_err(fault)?;
    match database {
        Database::Sqlite(file) => Sqlite::open_existing(file)?.copy_into(partial.path())?,
        Database::Postgres(address) => {
            let postgres = Postgres::open(address, Opening::AsIs, 0, Box::new(|_| {}))?;
            let mut copy = Sqlite::make(partial.path())?;
            copy.run("BEGIN")?;
            postgres.read(|from| copy_rows(from, &mut copy))?;
            copy.run("COMMIT")?;
        }
    }
    let report = verify::file(partial.path())?;
    if let Some(damage) = report.damage() {
        return Err(StoreError::File(format!(
            "The database {database} is damaged: {} Nothing was written to {}: keep the backups that you have.",
            damage.what,
            place.display()
        )));
    }
    let bytes = partial.length().map_err(fault)?;
    partial.take_place().map_err(fault)?;
    Ok(Backup { bytes, report })
}

/// A backup that was made.
#[derive(Debug)]
pub struct Backup {
    /// Its size.
    pub bytes: u64,
    /// What it holds, and which of its sums are not right: those of the database are not either.
    pub report: Report,
}

/// Puts the data of a backup into a database that holds none, all of it or nothing, and says what it holds.
///
/// Sessions are not restored: one may have been ended since. Sums that do not agree with the data are made anew.
///
/// # Errors
/// [`StoreError::File`] when the backup cannot be used or the database holds data.
pub async fn restore(backup: &Path, database: Database, now: Timestamp) -> Result<Report, StoreError> {
    let checked = verify::file(backup)?;
    if let Some(damage) = checked.damage() {
        return Err(StoreError::File(format!(
            "{} is damaged: {} Nothing was restored: choose another backup.",
            backup.display(),
            damage.what
        )));
    }
    if let Some(file) = database.file() {
        crate::server::files::prepare_file(file)?;
    }
    let not_empty = not_empty(&database);
    let store = Store::open(database, now.as_millisecond(), Box::new(|_| {}))?;
    let from: PathBuf = backup.to_owned();
    let restored = store.write(move |tx| fill(&from, tx, &not_empty, now)).await;
    store.close(AtClose::EmptyLog).await;
    restored
}

/// What is told of a database that has data.
fn not_empty(database: &Database) -> StoreError {
    let advice = match database {
        Database::Sqlite(_) => {
            "name another with --data-dir or --database, or move the file and the -wal and -shm files beside it away first."
        }
        Database::Postgres(_) => {
            "make another with createdb, and name it with --database. Look at it, and then have the servers use it."
        }
    };
    StoreError::File(format!(
        "There is data in {database} already. Restore into one that is empty: {advice}"
    ))
}

fn fill(backup: &Path, tx: &mut dyn Tx, not_empty: &StoreError, now: Timestamp) -> Result<Report, StoreError> {
    for table in tables()? {
        if tx.query_opt(&table.any, &[])?.is_some() {
            return Err(not_empty.clone());
        }
    }
    let mut from = Sqlite::open_source(backup)?;
    from.run("BEGIN")?;
    copy_rows(&mut from, tx)?;
    tx.execute("DELETE FROM sessions", &[])?;
    tx.execute("UPDATE users SET revision = revision + $1", &[LEAP.into()])?;
    if tables()?
        .iter()
        .any(|table| table.name == "users" && table.has("min_revision"))
    {
        tx.execute("UPDATE users SET min_revision = revision", &[])?;
    }
    for user in verify::look(tx)?.to_repair() {
        repair::repair(tx, user, now)?;
    }
    let report = verify::look(tx)?;
    match report.findings.iter().find(|finding| finding.is_repairable()) {
        None => Ok(report),
        Some(wrong) => Err(StoreError::File(format!(
            "The restored data does not agree with itself: {} Nothing was restored: choose another backup.",
            wrong.what
        ))),
    }
}

/// Copies all rows of all tables into tables that are empty.
fn copy_rows(from: &mut dyn Tx, to: &mut dyn Tx) -> Result<(), StoreError> {
    for table in tables()? {
        let mut rows = from.query_all(&table.first, &[])?;
        while let Some((last, others)) = rows.split_last() {
            for row in others {
                to.change(&table.insert, row.values())?;
            }
            // The last one waits for its answer, so no more than a page is on its way.
            to.execute(&table.insert, last.values())?;
            if others.len() + 1 < PAGE {
                break;
            }
            let column = |place: &usize| last.values().get(*place).cloned().unwrap_or(Value::Null);
            let key: Vec<Value> = table.key.iter().map(column).collect();
            rows = from.query_all(&table.next, &key)?;
        }
    }
    Ok(())
}

fn refuse_place(database: &Database, place: &Path, replace: bool) -> Result<(), StoreError> {
    let same = |file: &Path| {
        let is_at = |path: &Path| path.canonicalize().ok();
        is_at(file).is_some_and(|there| Some(there) == is_at(place))
    };
    if database.file().is_some_and(same) {
        return Err(StoreError::File(format!(
            "{} is the database itself. Choose another name for its backup.",
            place.display()
        )));
    }
    if place.is_dir() {
        return Err(StoreError::File(format!(
            "{} is a folder. Name a file in it.",
            place.display()
        )));
    }
    if !replace && place.exists() {
        return Err(StoreError::File(format!(
            "{} exists already. Choose another name, or replace it with --replace.",
            place.display()
        )));
    }
    Ok(())
}

fn file_fault(place: &Path, e: &io::Error) -> StoreError {
    match e.kind() {
        io::ErrorKind::StorageFull => StoreError::StorageFull,
        _ => StoreError::File(format!(
            "{} cannot be written: {e}. Choose another place for the backup.",
            place.display()
        )),
    }
}

/// What an error says of a file that is only read.
pub(super) fn not_ours(file: &Path) -> StoreError {
    StoreError::File(format!(
        "{} holds no data of budget-tracker. Name a database or a backup of one.",
        file.display()
    ))
}

/// That there is no file.
pub(super) fn nothing_there(file: &Path) -> StoreError {
    StoreError::File(format!(
        "There is no database at {}. Name one with --data-dir or --database.",
        file.display()
    ))
}
