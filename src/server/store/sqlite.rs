//! The SQLite driver: one connection, its settings, and how its errors read.

use std::path::Path;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, ErrorCode, OpenFlags, ToSql, ffi};
use uuid::Uuid;

use super::tx::{Columns, Each, Row, StoreError, Tx, Value, unexpected};

/// How long a statement waits for another process that writes to the same file.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// Statements kept prepared on each connection; more than there are in the store.
const PREPARED: usize = 128;

/// One connection to the file, and the revisions that its open transaction has reached.
pub(super) struct Sqlite {
    pub(super) conn: Connection,
    pub(super) noted: Vec<(Uuid, i64)>,
}

impl Sqlite {
    /// Opens the one connection that writes; makes the file when it is missing.
    pub(super) fn open_writer(path: &Path) -> Result<Self, StoreError> {
        let this = Self::open(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE)?;
        let set = |name: &str, value: &str| this.conn.pragma_update(None, name, value).map_err(|e| error(&e));
        set("journal_mode", "WAL")?;
        set("synchronous", "FULL")?;
        set("foreign_keys", "ON")?;
        set("wal_autocheckpoint", "1000")?;
        // A backup of hours makes the log grow meanwhile; afterwards it is cut to this, bytes.
        set("journal_size_limit", "67108864")?;
        Ok(this)
    }

    /// Opens a connection that cannot write.
    pub(super) fn open_reader(path: &Path) -> Result<Self, StoreError> {
        let this = Self::open(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        // Several readers stay open, and the system has the file in memory anyway: 512 KiB each instead of 2 MiB.
        this.conn
            .pragma_update(None, "cache_size", -512)
            .map_err(|e| error(&e))?;
        Ok(this)
    }

    fn open(path: &Path, flags: OpenFlags) -> Result<Self, StoreError> {
        let conn = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX).map_err(|e| error(&e))?;
        conn.busy_timeout(BUSY_TIMEOUT).map_err(|e| error(&e))?;
        conn.set_prepared_statement_cache_capacity(PREPARED);
        // Without it a plan that looked at a parameter is made anew for each new value, which is most of a short read.
        conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)
            .map_err(|e| error(&e))?;
        Ok(Self {
            conn,
            noted: Vec::new(),
        })
    }

    /// Runs a statement that takes and gives nothing, such as `COMMIT`.
    pub(super) fn run(&self, sql: &'static str) -> Result<(), StoreError> {
        let mut statement = self.conn.prepare_cached(sql).map_err(|e| error(&e))?;
        statement.execute([]).map(|_| ()).map_err(|e| error(&e))
    }

    /// Leaves the write-ahead log as it is when this connection closes.
    pub(super) fn keep_log(&self) {
        // Emptying it is slower, not wrong, so a refusal changes nothing that matters.
        let _ = self
            .conn
            .set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true);
    }

    /// Ends the open transaction, if there is one, and forgets what it noted.
    pub(super) fn roll_back(&mut self) {
        self.noted.clear();
        if !self.conn.is_autocommit() {
            // A failed ROLLBACK means that SQLite has already rolled back.
            let _ = self.run("ROLLBACK");
        }
    }

    /// A number that changes when any other connection, of any process, has committed.
    pub(super) fn data_version(&self) -> Result<i64, StoreError> {
        let mut statement = self.conn.prepare_cached("PRAGMA data_version").map_err(|e| error(&e))?;
        statement.query_row([], |row| row.get(0)).map_err(|e| error(&e))
    }

    /// Looks for damage; `Ok` when there is none.
    pub(super) fn quick_check(&self) -> Result<(), StoreError> {
        let verdict: String = self
            .conn
            .query_row("PRAGMA quick_check(1)", [], |row| row.get(0))
            .map_err(|e| error(&e))?;
        if verdict == "ok" {
            Ok(())
        } else {
            Err(StoreError::Corrupt(verdict))
        }
    }
}

impl Tx for Sqlite {
    fn query_all(&mut self, sql: &'static str, params: &[Value]) -> Result<Vec<Row>, StoreError> {
        let mut statement = self.conn.prepare_cached(sql).map_err(|e| error(&e))?;
        let columns = statement.column_count();
        let mut rows = statement
            .query(rusqlite::params_from_iter(params))
            .map_err(|e| error(&e))?;
        let mut all = Vec::new();
        while let Some(row) = rows.next().map_err(|e| error(&e))? {
            let values = (0..columns).map(|column| row.get_ref(column).map_err(|e| error(&e)).and_then(own));
            all.push(Row::new(values.collect::<Result<_, _>>()?));
        }
        Ok(all)
    }

    fn query_each(&mut self, sql: &'static str, params: &[Value], each: &mut Each<'_>) -> Result<(), StoreError> {
        let mut statement = self.conn.prepare_cached(sql).map_err(|e| error(&e))?;
        let mut rows = statement
            .query(rusqlite::params_from_iter(params))
            .map_err(|e| error(&e))?;
        while let Some(row) = rows.next().map_err(|e| error(&e))? {
            if each(row)?.is_break() {
                break;
            }
        }
        Ok(())
    }

    fn execute(&mut self, sql: &'static str, params: &[Value]) -> Result<u64, StoreError> {
        let mut statement = self.conn.prepare_cached(sql).map_err(|e| error(&e))?;
        let changed = statement
            .execute(rusqlite::params_from_iter(params))
            .map_err(|e| error(&e))?;
        Ok(changed as u64)
    }

    /// There is one writer, and `BEGIN IMMEDIATE` keeps other processes out.
    fn hold(&mut self, _user: Uuid) -> Result<(), StoreError> {
        Ok(())
    }

    fn note_revision(&mut self, user: Uuid, revision: i64) {
        self.noted.push((user, revision));
    }
}

impl Columns for rusqlite::Row<'_> {
    fn int(&self, column: usize) -> Result<i64, StoreError> {
        match self.get_ref(column).map_err(|e| error(&e))? {
            ValueRef::Integer(value) => Ok(value),
            _ => Err(unexpected(column)),
        }
    }

    fn text(&self, column: usize) -> Result<&str, StoreError> {
        match self.get_ref(column).map_err(|e| error(&e))? {
            ValueRef::Text(bytes) => std::str::from_utf8(bytes).map_err(|_| not_utf8()),
            _ => Err(unexpected(column)),
        }
    }

    fn opt_id(&self, column: usize) -> Result<Option<Uuid>, StoreError> {
        match self.get_ref(column).map_err(|e| error(&e))? {
            ValueRef::Null => Ok(None),
            ValueRef::Blob(bytes) => Uuid::from_slice(bytes).map(Some).map_err(|_| unexpected(column)),
            _ => Err(unexpected(column)),
        }
    }
}

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Int(value) => ValueRef::Integer(*value),
            Self::Text(value) => ValueRef::Text(value.as_bytes()),
            Self::Bytes(value) => ValueRef::Blob(value),
        }))
    }
}

fn own(value: ValueRef<'_>) -> Result<Value, StoreError> {
    match value {
        ValueRef::Null => Ok(Value::Null),
        ValueRef::Integer(value) => Ok(Value::Int(value)),
        ValueRef::Text(value) => String::from_utf8(value.to_vec())
            .map(Value::Text)
            .map_err(|_| not_utf8()),
        ValueRef::Blob(value) => Ok(Value::Bytes(value.to_vec())),
        ValueRef::Real(_) => Err(StoreError::Sql("a fraction where none can be".to_owned())),
    }
}

fn not_utf8() -> StoreError {
    StoreError::Corrupt("a text is not UTF-8".to_owned())
}

/// What an error of SQLite means for the caller. Its text never holds a value that was bound.
pub(super) fn error(error: &rusqlite::Error) -> StoreError {
    let text = error.to_string();
    match error.sqlite_error_code() {
        Some(ErrorCode::SystemIoFailure) if is_failed_sync(error) => StoreError::DiskFailed(text),
        Some(ErrorCode::DiskFull) => StoreError::StorageFull,
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => StoreError::Corrupt(text),
        Some(
            ErrorCode::DatabaseBusy
            | ErrorCode::DatabaseLocked
            | ErrorCode::SystemIoFailure
            | ErrorCode::CannotOpen
            | ErrorCode::ReadOnly
            | ErrorCode::PermissionDenied
            | ErrorCode::FileLockingProtocolFailed
            | ErrorCode::OutOfMemory,
        ) => StoreError::Unavailable(text),
        _ => StoreError::Sql(text),
    }
}

/// Whether the system could not say that what was written is on the disk. What it had to keep may be gone from its
/// memory then, and the next sync succeeds without it.
fn is_failed_sync(error: &rusqlite::Error) -> bool {
    let codes = [ffi::SQLITE_IOERR_FSYNC, ffi::SQLITE_IOERR_DIR_FSYNC];
    error.sqlite_error().is_some_and(|e| codes.contains(&e.extended_code))
}

#[cfg(test)]
mod tests {
    use rusqlite::StatementStatus;

    use super::*;

    #[test]
    fn a_plan_holds_for_all_values() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("budget.db");
        let mut writer = Sqlite::open_writer(&path).unwrap();
        super::super::migrate::migrate(&mut writer.conn, 0).unwrap();
        let reader = Sqlite::open_reader(&path).unwrap();
        let sql = "SELECT u.revision, s.last_seen FROM sessions s JOIN users u ON u.id = s.user_id
            WHERE s.user_id = $1 AND s.token_hash = $2";
        for value in 0..10_u8 {
            let mut statement = reader.conn.prepare_cached(sql).unwrap();
            let found = statement
                .query([vec![value; 16], vec![value; 32]])
                .unwrap()
                .next()
                .unwrap()
                .is_some();
            assert!(!found);
            assert_eq!(statement.get_status(StatementStatus::RePrepare), 0, "{value}");
        }
    }
}
