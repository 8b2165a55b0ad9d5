//! Where the data lives: the rules of each area over a small transaction trait, and two drivers below, one for a
//! SQLite file and one for PostgreSQL.
//!
//! Everything that belongs to a user carries the user's id in its key, and every statement asks for it.
//! Writes run on threads of their own ([`Store::write`]); reads run where they are asked, in transactions that
//! cannot write.

pub mod accounts;
pub mod adds;
pub mod alerts;
pub mod backup;
pub mod budgets;
pub mod bulk;
pub mod calendar;
pub mod categories;
pub mod changes;
pub(super) mod database;
mod days;
pub mod devices;
pub mod expenses;
pub mod history;
pub mod invites;
mod job;
pub mod judge;
pub mod learned;
mod limits;
mod log;
pub mod merge;
mod migrate;
pub mod pages;
pub(super) mod partial;
mod postgres;
pub mod recategorize;
mod repair;
mod rollups;
pub mod rules;
mod scope;
mod search;
pub mod second_factor;
pub mod sessions;
mod shifts;
mod source;
mod sqlite;
pub mod summary;
mod tables;
#[cfg(test)]
mod tests;
pub mod tombstones;
pub mod twins;
mod tx;
pub mod verify;
mod writer;
mod writes;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use adds::Add;
pub use database::{Database, UnknownDatabase};
use jiff::Timestamp;
pub use job::OnCommit;
use postgres::{Opening, Postgres};
pub use scope::{Scope, day_number, local_day};
use sqlite::Sqlite;
use tokio::sync::Semaphore;
pub use tx::{Ask, Columns, Each, Row, StoreError, Tx, Value};
use uuid::Uuid;
use writer::Writer;
pub use writes::Writes;

use crate::api::Expense;

/// Long reads that run at once; more of them wait.
const MAX_LONG_READS: usize = 8;
/// Idle reading connections that are kept for the next reader.
const MAX_IDLE_READERS: usize = 8;

/// The store over one database. Clones share it.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
    writes: Arc<Writes>,
    /// Places for long reads: whoever asks for many leaves room for those who ask for little.
    long_reads: Arc<Semaphore>,
}

enum Inner {
    File(File),
    Postgres(Box<Postgres>),
}

/// A SQLite file: one thread that writes, and connections that read.
struct File {
    path: PathBuf,
    writer: Writer,
    readers: Mutex<Vec<Sqlite>>,
}

impl Store {
    /// Opens the database, makes or migrates it, and starts what writes; `now` is UTC ms.
    ///
    /// `on_commit` is told after each commit of this process which users have reached which revision; over
    /// PostgreSQL also of what other servers commit, as soon as that is heard.
    pub fn open(database: impl Into<Database>, now: i64, on_commit: OnCommit) -> Result<Self, StoreError> {
        let inner = match database.into() {
            Database::Sqlite(path) => Inner::File(File::open(path, now, on_commit)?),
            Database::Postgres(address) => {
                Inner::Postgres(Postgres::open(&address, Opening::Update, now, on_commit)?.into())
            }
        };
        Ok(Self {
            inner: Arc::new(inner),
            writes: Arc::default(),
            long_reads: Arc::new(Semaphore::new(MAX_LONG_READS)),
        })
    }

    /// Runs `work` in a transaction; when this returns `Ok`, it is on the disk.
    ///
    /// `work` may run more than once, so it has no effects besides its statements.
    pub async fn write<R, F>(&self, work: F) -> Result<R, StoreError>
    where
        F: Fn(&mut dyn Tx) -> Result<R, StoreError> + Send + 'static,
        R: Send + 'static,
    {
        let _waiting = self.writes.begin();
        match &*self.inner {
            Inner::File(file) => file.writer.write(work).await,
            Inner::Postgres(postgres) => postgres.write(None, work).await,
        }
    }

    /// [`Store::write`] for one user, whose months begin as they do when it is this write's turn: somebody may have
    /// changed that since the request came in. Writes for one user never run at the same time.
    pub async fn write_for<R, F>(&self, scope: Scope, work: F) -> Result<R, StoreError>
    where
        F: Fn(&mut dyn Tx, &Scope) -> Result<R, StoreError> + Send + 'static,
        R: Send + 'static,
    {
        let _waiting = self.writes.begin();
        let work = move |tx: &mut dyn Tx| {
            tx.hold(scope.user)?;
            let calendar = accounts::load(tx, scope.user)?.account.calendar;
            work(tx, &Scope { calendar, ..scope })
        };
        match &*self.inner {
            Inner::File(file) => file.writer.write(work).await,
            Inner::Postgres(postgres) => postgres.write(Some(scope.user), work).await,
        }
    }

    /// Stores an expense; the flag says whether it is new. Sent again, it is the one that is stored already.
    ///
    /// Where a statement is a journey, the expenses that come at the same time are stored together.
    pub async fn add(&self, add: Add) -> Result<(Expense, bool), StoreError> {
        match &*self.inner {
            Inner::File(file) => {
                let work = move |tx: &mut dyn Tx| expenses::add(tx, &add.scope, &add.draft);
                file.writer.write(work).await
            }
            Inner::Postgres(postgres) => postgres.add(add).await,
        }
    }

    /// Runs `work` on one consistent state of the data. Short reads only: it runs on the caller's thread.
    pub fn read<R>(&self, work: impl FnOnce(&mut dyn Tx) -> Result<R, StoreError>) -> Result<R, StoreError> {
        match &*self.inner {
            Inner::File(file) => file.read(work),
            Inner::Postgres(postgres) => postgres.read(work),
        }
    }

    /// Like [`Store::read`], for reads of many rows: runs on the blocking pool.
    pub async fn read_long<R, F>(&self, work: F) -> Result<R, StoreError>
    where
        F: FnOnce(&mut dyn Tx) -> Result<R, StoreError> + Send + 'static,
        R: Send + 'static,
    {
        let closed = |_| StoreError::Unavailable("closing".to_owned());
        let place = Arc::clone(&self.long_reads).acquire_owned().await.map_err(closed)?;
        let store = self.clone();
        let reading = tokio::task::spawn_blocking(move || {
            let result = store.read(work);
            // Whoever asked may have left; the place is free when the work is done.
            drop(place);
            result
        });
        reading
            .await
            .unwrap_or_else(|_| Err(StoreError::Sql("a read failed unexpectedly".to_owned())))
    }

    /// Looks for damage in the file; stops all writing when some is found. Reads the whole file. PostgreSQL looks
    /// after its own.
    pub fn check(&self) -> Result<(), StoreError> {
        match &*self.inner {
            Inner::File(file) => file.check(),
            Inner::Postgres(_) => Ok(()),
        }
    }

    /// Moves the write-ahead log of a file into it, as far as others who use it allow.
    pub(super) fn empty_log(&self) -> Result<(), StoreError> {
        self.file()
            .map_or(Ok(()), |file| Sqlite::open_writer(&file.path)?.empty_log())
    }

    /// Makes what is derived from a user's data anew.
    pub(super) async fn repair(&self, user: Uuid, now: Timestamp) -> Result<(), StoreError> {
        self.write(move |tx| repair::repair(tx, user, now)).await
    }

    /// The damage found so far, if any: then nothing is written any more.
    #[must_use]
    pub fn damage(&self) -> Option<StoreError> {
        self.file().and_then(|file| file.writer.damage().cloned())
    }

    /// How commits of other processes are noticed.
    #[must_use]
    pub fn others(&self) -> Others<'_> {
        match &*self.inner {
            Inner::File(file) => Others::WriteTo(&file.path),
            Inner::Postgres(postgres) => Others::Tell {
                heard: postgres.hears(),
            },
        }
    }

    /// Tells commits of other processes to the file apart from silence.
    pub fn versions(&self) -> Result<Versions, StoreError> {
        match self.file() {
            Some(file) => Sqlite::open_reader(&file.path).map(Versions),
            None => Err(StoreError::Sql("a database without a file has no versions".to_owned())),
        }
    }

    /// Whether the newest step of the schema is the newest that this version knows: another version may have gone on
    /// since the database was opened.
    pub fn schema_is_known(&self) -> Result<bool, StoreError> {
        let newest = self.read(|tx| tx.query_opt("SELECT MAX(version) FROM schema_migrations", &[]))?;
        let version = newest.map_or(Ok(0), |row| row.int(0))?;
        Ok(usize::try_from(version) == Ok(migrate::STEPS.len()))
    }

    /// What is counted of the changes.
    #[must_use]
    pub fn writes(&self) -> &Writes {
        &self.writes
    }

    /// How large the database is, with its log, bytes.
    pub async fn size(&self) -> Result<u64, StoreError> {
        let Some(file) = self.file() else {
            let sql = "SELECT pg_database_size(current_database())";
            let size = self
                .read_long(move |tx| tx.query_opt(sql, &[])?.map_or(Ok(0), |row| row.int(0)))
                .await?;
            return Ok(u64::try_from(size).unwrap_or_default());
        };
        let mut log = file.path.clone().into_os_string();
        log.push("-wal");
        // A log that is not there is empty.
        let bytes = |path: &Path| path.metadata().map_or(0, |metadata| metadata.len());
        Ok(bytes(&file.path) + bytes(Path::new(&log)))
    }

    /// The file, when there is one.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        self.file().map(|file| file.path.as_path())
    }

    /// Finishes the writes that wait and closes the database.
    pub async fn close(&self, log: AtClose) {
        match &*self.inner {
            Inner::File(file) => {
                file.lock_readers().clear();
                file.writer.close(log).await;
            }
            Inner::Postgres(postgres) => postgres.close().await,
        }
    }

    fn file(&self) -> Option<&File> {
        match &*self.inner {
            Inner::File(file) => Some(file),
            Inner::Postgres(_) => None,
        }
    }
}

/// How commits of other processes are noticed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Others<'a> {
    /// They write to this file.
    WriteTo(&'a Path),
    /// They tell, and are `heard` right now or not.
    Tell {
        /// Whether there is a connection on which they are.
        heard: bool,
    },
}

impl File {
    fn open(path: PathBuf, now: i64, on_commit: OnCommit) -> Result<Self, StoreError> {
        log::check(&path)?;
        let mut db = Sqlite::open_writer(&path)?;
        migrate::migrate(&mut db.conn, now)?;
        Ok(Self {
            path,
            writer: Writer::start(db, on_commit)?,
            readers: Mutex::new(Vec::new()),
        })
    }

    fn read<R>(&self, work: impl FnOnce(&mut dyn Tx) -> Result<R, StoreError>) -> Result<R, StoreError> {
        let idle = self.lock_readers().pop();
        let mut db = match idle {
            Some(db) => db,
            None => Sqlite::open_reader(&self.path)?,
        };
        db.run("BEGIN")?;
        let result = work(&mut db);
        db.roll_back();
        if let Err(damage @ StoreError::Corrupt(_)) = &result {
            self.writer.declare_damaged(damage.clone());
        }
        let mut readers = self.lock_readers();
        if readers.len() < MAX_IDLE_READERS {
            readers.push(db);
        }
        result
    }

    fn check(&self) -> Result<(), StoreError> {
        let verdict = Sqlite::open_reader(&self.path)?.quick_check();
        if let Err(damage @ StoreError::Corrupt(_)) = &verdict {
            self.writer.declare_damaged(damage.clone());
        }
        verdict
    }

    fn lock_readers(&self) -> MutexGuard<'_, Vec<Sqlite>> {
        self.readers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What the last connection to close does with the write-ahead log.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum AtClose {
    /// Moves it into the file, which then stands alone.
    EmptyLog,
    /// Leaves it for the next process: nothing is lost, and a short command saves four syncs of the disk.
    KeepLog,
}

/// A connection that is asked whether anybody has committed.
pub struct Versions(Sqlite);

impl Versions {
    /// A number that is another one after each commit of any other connection or process.
    pub fn current(&self) -> Result<i64, StoreError> {
        self.0.data_version()
    }
}
