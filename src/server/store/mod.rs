//! Where the data lives: the rules of each area over a small transaction trait, and the SQLite driver below.
//!
//! Everything that belongs to a user carries the user's id in its key, and every statement asks for it.
//! One thread writes ([`Store::write`]); reads run where they are asked, on connections that cannot write.

pub mod accounts;
pub mod alerts;
pub mod budgets;
pub mod bulk;
pub mod calendar;
pub mod categories;
mod days;
pub mod expenses;
pub mod judge;
pub mod learned;
mod limits;
mod migrate;
pub mod pages;
mod rollups;
mod scope;
mod search;
pub mod sessions;
mod sqlite;
pub mod summary;
#[cfg(test)]
mod tests;
mod tx;
mod writer;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

pub use scope::{Scope, day_number, local_day};
use sqlite::Sqlite;
pub use tx::{Columns, Each, Row, StoreError, Tx, Value};
pub use writer::OnCommit;
use writer::Writer;

/// Idle reading connections that are kept for the next reader.
const MAX_IDLE_READERS: usize = 8;

/// The store over one file. Clones share it.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

struct Inner {
    path: PathBuf,
    writer: Writer,
    readers: Mutex<Vec<Sqlite>>,
}

impl Store {
    /// Opens the file at `path`, makes or migrates it, and starts its writer; `now` is UTC ms.
    ///
    /// `on_commit` is told after each commit of this process which users have reached which revision.
    pub fn open(path: &Path, now: i64, on_commit: OnCommit) -> Result<Self, StoreError> {
        let mut db = Sqlite::open_writer(path)?;
        migrate::migrate(&mut db.conn, now)?;
        Ok(Self {
            inner: Arc::new(Inner {
                path: path.to_owned(),
                writer: Writer::start(db, on_commit)?,
                readers: Mutex::new(Vec::new()),
            }),
        })
    }

    /// Runs `work` in a transaction; when this returns `Ok`, it is on the disk.
    ///
    /// `work` may run more than once on drivers that retry, so it has no effects besides its statements.
    pub async fn write<R, F>(&self, work: F) -> Result<R, StoreError>
    where
        F: Fn(&mut dyn Tx) -> Result<R, StoreError> + Send + 'static,
        R: Send + 'static,
    {
        self.inner.writer.write(work).await
    }

    /// [`Store::write`] for one user, whose months begin as they do when it is this write's turn: somebody may have
    /// changed that since the request came in.
    pub async fn write_for<R, F>(&self, scope: Scope, work: F) -> Result<R, StoreError>
    where
        F: Fn(&mut dyn Tx, &Scope) -> Result<R, StoreError> + Send + 'static,
        R: Send + 'static,
    {
        self.write(move |tx| {
            let calendar = accounts::load(tx, scope.user)?.account.calendar;
            work(tx, &Scope { calendar, ..scope })
        })
        .await
    }

    /// Runs `work` on one consistent state of the data. Short reads only: it runs on the caller's thread.
    pub fn read<R>(&self, work: impl FnOnce(&mut dyn Tx) -> Result<R, StoreError>) -> Result<R, StoreError> {
        let mut db = match self.idle_reader() {
            Some(db) => db,
            None => Sqlite::open_reader(&self.inner.path)?,
        };
        db.run("BEGIN")?;
        let result = work(&mut db);
        db.roll_back();
        let mut readers = self.inner.readers.lock().unwrap_or_else(PoisonError::into_inner);
        if readers.len() < MAX_IDLE_READERS {
            readers.push(db);
        }
        result
    }

    /// Like [`Store::read`], for reads of many rows: runs on the blocking pool.
    pub async fn read_long<R, F>(&self, work: F) -> Result<R, StoreError>
    where
        F: FnOnce(&mut dyn Tx) -> Result<R, StoreError> + Send + 'static,
        R: Send + 'static,
    {
        let store = self.clone();
        tokio::task::spawn_blocking(move || store.read(work))
            .await
            .unwrap_or_else(|_| Err(StoreError::Sql("a read failed unexpectedly".to_owned())))
    }

    /// Looks for damage in the file; stops all writing when some is found. Reads the whole file.
    pub fn check(&self) -> Result<(), StoreError> {
        let verdict = Sqlite::open_reader(&self.inner.path)?.quick_check();
        if let Err(damage @ StoreError::Corrupt(_)) = &verdict {
            self.inner.writer.declare_damaged(damage.clone());
        }
        verdict
    }

    /// The damage found so far, if any: then nothing is written any more.
    #[must_use]
    pub fn damage(&self) -> Option<StoreError> {
        self.inner.writer.damage().cloned()
    }

    /// Tells commits of other processes apart from silence.
    pub fn versions(&self) -> Result<Versions, StoreError> {
        Sqlite::open_reader(&self.inner.path).map(Versions)
    }

    /// The file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.inner.path
    }

    /// Finishes the writes that wait and closes the file.
    pub async fn close(&self, log: AtClose) {
        self.inner
            .readers
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
        self.inner.writer.close(log).await;
    }

    fn idle_reader(&self) -> Option<Sqlite> {
        self.inner.readers.lock().unwrap_or_else(PoisonError::into_inner).pop()
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
