//! The one thread that writes, with group commit.
//!
//! It takes all jobs that wait, up to [`MAX_BATCH`], runs each inside its own savepoint of one transaction,
//! commits once, and only then answers: an answer means that the data is on the disk.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, OnceLock};
use std::thread;

use tokio::sync::oneshot;
use uuid::Uuid;

use super::AtClose;
use super::sqlite::Sqlite;
use super::tx::{StoreError, Tx};

/// Most jobs in one transaction.
const MAX_BATCH: usize = 512;
/// Most jobs that may wait; beyond that the caller is told to come back.
const MAX_WAITING: usize = 4096;

/// Told after each commit which users have reached which revision.
pub type OnCommit = Box<dyn Fn(&[(Uuid, i64)]) + Send>;

/// The writing end of the store.
pub(super) struct Writer {
    queue: SyncSender<Message>,
    damage: Arc<OnceLock<StoreError>>,
}

enum Message {
    Job(Box<dyn Job>),
    Close(AtClose, oneshot::Sender<()>),
}

/// Something to write and somebody who waits for it.
trait Job: Send {
    /// Runs inside the open transaction; an error asks for this job's part to be undone.
    fn run(&mut self, tx: &mut dyn Tx) -> Result<(), StoreError>;
    /// Answers: with the job's own result, or with the `failure` of the whole transaction.
    fn answer(self: Box<Self>, failure: Option<&StoreError>);
}

struct Task<F, R> {
    work: F,
    result: Option<Result<R, StoreError>>,
    reply: oneshot::Sender<Result<R, StoreError>>,
}

impl<F, R> Job for Task<F, R>
where
    F: Fn(&mut dyn Tx) -> Result<R, StoreError> + Send,
    R: Send,
{
    fn run(&mut self, tx: &mut dyn Tx) -> Result<(), StoreError> {
        let result = catch_unwind(AssertUnwindSafe(|| (self.work)(tx)))
            .unwrap_or_else(|_| Err(StoreError::Sql("a write failed unexpectedly".to_owned())));
        let outcome = result.as_ref().map(|_| ()).map_err(Clone::clone);
        self.result = Some(result);
        outcome
    }

    fn answer(self: Box<Self>, failure: Option<&StoreError>) {
        let result = match (failure, self.result) {
            // A refusal does not depend on the commit.
            (_, Some(Err(refusal))) => Err(refusal),
            (Some(failure), _) => Err(failure.clone()),
            (None, Some(done)) => done,
            (None, None) => Err(StoreError::Unavailable("the write was not run".to_owned())),
        };
        // Nobody waits any more when the request was given up; the write stands all the same.
        let _ = self.reply.send(result);
    }
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
        let (reply, answer) = oneshot::channel();
        let job = Task {
            work,
            result: None,
            reply,
        };
        self.queue
            .try_send(Message::Job(Box::new(job)))
            .map_err(|refused| match refused {
                TrySendError::Full(_) => StoreError::Unavailable("too many writes are waiting".to_owned()),
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

fn closing() -> StoreError {
    StoreError::Unavailable("the server is shutting down".to_owned())
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
        let failure = run_batch(&mut db, &mut batch).err();
        if let Some(found @ StoreError::Corrupt(_)) = &failure {
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
