//! The one thread that writes, with group commit.
//!
//! It takes all jobs that wait, up to [`MAX_BATCH`], runs each inside its own savepoint of one transaction,
//! commits once, and only then answers: an answer means that the data is on the disk. Once the disk has failed to keep
//! something, or the file is found damaged, it writes nothing more.

use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, OnceLock};
use std::thread;

use tokio::sync::oneshot;

use super::AtClose;
use super::job::{Job, OnCommit, Task, closing, too_many};
use super::sqlite::Sqlite;
use super::tx::{StoreError, Tx};

/// Most jobs in one transaction.
const MAX_BATCH: usize = 512;
/// Most jobs that may wait; beyond that the caller is told to come back.
const MAX_WAITING: usize = 4096;

/// The writing end of the store.
pub(super) struct Writer {
    queue: SyncSender<Message>,
    damage: Arc<OnceLock<StoreError>>,
}

enum Message {
    Job(Box<dyn Job>),
    Close(AtClose, oneshot::Sender<()>),
}

impl Writer {
    /// Starts the thread on `db`.
    pub(super) fn start(db: Sqlite, on_commit: OnCommit) -> Result<Self, StoreError> {
        let (queue, jobs) = sync_channel(MAX_WAITING);
        let damage = Arc::new(OnceLock::new());
        let shared = Arc::clone(&damage);
        thread::Builder::new()
            .name("store-writer".to_owned())
            .spawn(move || work(db, &jobs, &shared, &on_commit))
            .map_err(|e| StoreError::Unavailable(e.to_string()))?;
        Ok(Self { queue, damage })
    }

    /// Runs `work` in a transaction and waits until it is on the disk.
    pub(super) async fn write<R, F>(&self, work: F) -> Result<R, StoreError>
    where
        F: Fn(&mut dyn Tx) -> Result<R, StoreError> + Send + 'static,
        R: Send + 'static,
    {
        if let Some(damage) = self.damage.get() {
            return Err(damage.clone());
        }
        let (job, answer) = Task::waiting(work);
        self.queue
            .try_send(Message::Job(job))
            .map_err(|refused| match refused {
                TrySendError::Full(_) => too_many(),
                TrySendError::Disconnected(_) => closing(),
            })?;
        answer.await.unwrap_or_else(|_| Err(closing()))
    }

    /// Stops all further writing because the file is damaged.
    pub(super) fn declare_damaged(&self, damage: StoreError) {
        let _ = self.damage.set(damage);
    }

    /// The damage found, if any.
    pub(super) fn damage(&self) -> Option<&StoreError> {
        self.damage.get()
    }

    /// Finishes what waits and ends the thread.
    pub(super) async fn close(&self, log: AtClose) {
        let (done, closed) = oneshot::channel();
        let mut message = Message::Close(log, done);
        // The queue drains by itself, so a full one has room again soon.
        while let Err(TrySendError::Full(back)) = self.queue.try_send(message) {
            message = back;
            tokio::task::yield_now().await;
        }
        let _ = closed.await;
    }
}

fn work(mut db: Sqlite, jobs: &Receiver<Message>, damage: &OnceLock<StoreError>, on_commit: &OnCommit) {
    let mut closing = None;
    while closing.is_none() {
        let Ok(first) = jobs.recv() else { return };
        let mut batch = Vec::new();
        let mut next = Some(first);
        while let Some(message) = next {
            match message {
                Message::Job(job) => batch.push(job),
                Message::Close(log, done) => closing = Some((log, done)),
            }
            next = (closing.is_none() && batch.len() < MAX_BATCH)
                .then(|| jobs.try_recv().ok())
                .flatten();
        }
        if batch.is_empty() {
            continue;
        }
        // It may have been found while these waited.
        let failure = match damage.get() {
            Some(found) => Some(found.clone()),
            None => run_batch(&mut db, &mut batch).err(),
        };
        if let Some(found @ (StoreError::Corrupt(_) | StoreError::DiskFailed(_))) = &failure {
            let _ = damage.set(found.clone());
        }
        if let Some(failure) = &failure {
            db.roll_back();
            tracing::error!(%failure, jobs = batch.len(), "a transaction failed; nothing of it was applied");
        } else if !db.noted.is_empty() {
            on_commit(&db.noted);
            db.noted.clear();
        }
        for job in batch {
            job.answer(failure.as_ref());
        }
    }
    let Some((log, done)) = closing else { return };
    if log == AtClose::KeepLog {
        db.keep_log();
    }
    drop(db);
    let _ = done.send(());
}

/// Runs all jobs in one transaction. An error means that nothing of any job was applied.
fn run_batch(db: &mut Sqlite, batch: &mut [Box<dyn Job>]) -> Result<(), StoreError> {
    db.run("BEGIN IMMEDIATE")?;
    // The transaction is savepoint enough for a job that is alone.
    let alone = batch.len() == 1;
    for job in batch {
        let noted = db.noted.len();
        if !alone {
            db.run("SAVEPOINT job")?;
        }
        if let Err(refusal) = job.run(db) {
            // After a full disk or an I/O error SQLite may have undone the whole transaction by itself.
            if db.conn.is_autocommit() || matches!(refusal, StoreError::Corrupt(_)) {
                return Err(refusal);
            }
            if alone {
                db.roll_back();
                return Ok(());
            }
            db.noted.truncate(noted);
            db.run("ROLLBACK TO job")?;
        }
        if !alone {
            db.run("RELEASE job")?;
        }
    }
    db.run("COMMIT")
}
