//! What an administrator does with a database beside the servers over it: backs it up, brings it back, looks through
//! it, repairs it.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::Serialize;

use super::ServeError;
use super::event::{Event, note_administrator};
use super::store::partial::left_beside;
use super::store::{AtClose, Database, Store, StoreError};

pub use super::store::backup::Backup;
pub use super::store::verify::{Finding, Report, Wrong};

/// A write-ahead log beyond this is told, bytes: it is usually four MiB.
const LARGE_LOG: u64 = 64 << 20;
/// Less space on the disk than this is told, bytes.
const LITTLE_SPACE: u64 = 64 << 20;

/// Writes a copy of the database to `place`, beside servers that use it, and checks it. An existing file stays unless
/// it shall be replaced.
///
/// # Errors
/// [`ServeError`] when the database cannot be read or the copy not be written.
pub fn backup(database: &Database, place: &Path, replace: bool) -> Result<Backup, ServeError> {
    let made =
        super::store::backup::backup(database, place, replace).map_err(|error| ServeError::opening(database, error))?;
    note_administrator(Event::BackupMade, None);
    Ok(made)
}

/// Brings the data of a backup into a database that has none, all of it or nothing.
///
/// # Errors
/// [`ServeError`] when the backup cannot be used or the database has data.
pub async fn restore(backup: &Path, database: Database, now: Timestamp) -> Result<Report, ServeError> {
    let restored = super::store::backup::restore(backup, database.clone(), now).await;
    let report = restored.map_err(|error| ServeError::opening(&database, error))?;
    note_administrator(Event::BackupRestored, None);
    Ok(report)
}

/// Looks through a database without changing it.
///
/// # Errors
/// [`ServeError`] when it cannot be opened; damage in a file is a finding.
pub fn verify(database: &Database) -> Result<Report, ServeError> {
    super::store::verify::verify(database).map_err(|error| ServeError::opening(database, error))
}

/// What `doctor` found and did.
#[derive(Debug, Serialize)]
pub struct Diagnosis {
    /// What there is, and what is wrong with it now.
    #[serde(flatten)]
    pub report: Report,
    /// What was wrong and was put right.
    pub repaired: Vec<Finding>,
}

/// Looks through a database and what is round it; with `repair`, puts right what can be without losing anything. Each
/// user is repaired in a transaction of its own, beside servers that use the database.
///
/// # Errors
/// [`ServeError`] when the database cannot be opened or written.
pub async fn doctor(database: &Database, repair: bool, now: Timestamp) -> Result<Diagnosis, ServeError> {
    let before = examine(database)?;
    let mut diagnosis = Diagnosis {
        report: before,
        repaired: Vec::new(),
    };
    if repair && diagnosis.report.findings.iter().any(Finding::is_repairable) {
        let failed = |error| ServeError::opening(database, error);
        put_right(database, &diagnosis.report, now).await.map_err(failed)?;
        note_administrator(Event::DatabaseRepaired, None);
        let after = examine(database)?;
        let before = std::mem::replace(&mut diagnosis.report, after).findings;
        let remains = |finding: &Finding| {
            diagnosis
                .report
                .findings
                .iter()
                .any(|other| other.kind == finding.kind && other.user == finding.user)
        };
        diagnosis.repaired = before.into_iter().filter(|finding| !remains(finding)).collect();
    }
    Ok(diagnosis)
}

fn examine(database: &Database) -> Result<Report, ServeError> {
    let mut report = verify(database)?;
    if let Some(file) = database.file() {
        let around = around(file).map_err(|e| fault(file, &e))?;
        report.findings.extend(around);
    }
    Ok(report)
}

async fn put_right(database: &Database, report: &Report, now: Timestamp) -> Result<(), StoreError> {
    if let Some(file) = database.file() {
        let fault = |e: io::Error| fault(file, &e);
        for exposed in exposed(file).map_err(fault)? {
            close_to_others(&exposed).map_err(fault)?;
        }
        for left in left(file).map_err(fault)? {
            fs::remove_file(left).map_err(fault)?;
        }
    }
    // A damaged file is not written to.
    if report.damage().is_some() {
        return Ok(());
    }
    let store = Store::open(database.clone(), now.as_millisecond(), Box::new(|_| {}))?;
    for user in report.to_repair() {
        store.repair(user, now).await?;
    }
    if report.findings.iter().any(|finding| finding.kind == Wrong::Log) {
        store.empty_log()?;
    }
    store.close(AtClose::EmptyLog).await;
    Ok(())
}

/// What is wrong round a file.
fn around(file: &Path) -> io::Result<Vec<Finding>> {
    let mut findings = Vec::new();
    let mut find = |kind, what: String| findings.push(Finding::of_all(kind, what));
    for exposed in exposed(file)? {
        find(
            Wrong::Exposed,
            format!("Others on this computer can read {}.", exposed.display()),
        );
    }
    for left in left(file)? {
        find(Wrong::Leftover, format!("{} was never finished.", left.display()));
    }
    let log = beside(file, "-wal");
    let length = fs::metadata(&log).map_or(0, |found| found.len());
    if length > LARGE_LOG {
        let what = format!("The write-ahead log {} has {} MiB.", log.display(), length >> 20);
        find(Wrong::Log, what);
    }
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    let space = rustix::fs::statvfs(folder.unwrap_or(Path::new(".")))?;
    let free = space.f_bavail.saturating_mul(space.f_frsize);
    if free < LITTLE_SPACE {
        find(Wrong::Space, format!("The disk has {} MiB of space left.", free >> 20));
    }
    Ok(findings)
}

/// The files of a database that others than their owner may read.
fn exposed(file: &Path) -> io::Result<Vec<PathBuf>> {
    let mut exposed = Vec::new();
    for path in ["", "-wal", "-shm", ".before-update"].map(|suffix| beside(file, suffix)) {
        match fs::metadata(&path) {
            Ok(found) if is_open_to_others(&found) => exposed.push(path),
            Err(e) if e.kind() != io::ErrorKind::NotFound => return Err(e),
            _ => {}
        }
    }
    Ok(exposed)
}

/// The copies of a database that were never finished.
fn left(file: &Path) -> io::Result<Vec<PathBuf>> {
    let mut left = left_beside(file)?;
    left.extend(left_beside(&beside(file, ".before-update"))?);
    left.sort();
    left.dedup();
    Ok(left)
}

fn beside(file: &Path, suffix: &str) -> PathBuf {
    let mut name: OsString = file.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

#[cfg(unix)]
fn is_open_to_others(found: &fs::Metadata) -> bool {
    std::os::unix::fs::PermissionsExt::mode(&found.permissions()) & 0o077 != 0
}

#[cfg(not(unix))]
fn is_open_to_others(_: &fs::Metadata) -> bool {
    false
}

#[cfg(unix)]
fn close_to_others(path: &Path) -> io::Result<()> {
    fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(0o600))
}

#[cfg(not(unix))]
fn close_to_others(_: &Path) -> io::Result<()> {
    Ok(())
}

fn fault(file: &Path, e: &io::Error) -> StoreError {
    let folder = file.parent().unwrap_or(file);
    StoreError::File(format!(
        "{} cannot be looked through: {e}. Check its permissions.",
        folder.display()
    ))
}
