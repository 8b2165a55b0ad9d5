//! The threads that write, each over a connection of its own, with group commit.
//!
//! All writes for one user go to the same thread, so they never wait for each other's locks inside this process.
//! A thread takes the jobs that wait for it, up to [`MAX_BATCH`], runs each behind its own savepoint of one
//! transaction, commits once, and only then answers. Other servers may write for the same users: the user's row is
//! locked first, and what PostgreSQL refuses for being at odds with another transaction is run again.

use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread;
use std::time::Duration;

use deadpool_postgres::ClientWrapper;
use tokio::runtime::{self, Runtime};
use tokio::sync::oneshot;
use uuid::Uuid;

use super::super::adds::Add;
use super::super::job::{AddTask, Job, Task, closing, too_many};
use super::super::tx::{StoreError, Tx};
use super::address::{Address, set_up};
use super::notify::Told;
use super::tx::{Drive, PgTx};
use super::{Fault, error, group};
use crate::api::Expense;

/// Writing connections. More of them let one wait for the disk while others run, until the database's processors
/// are busy.
const WRITERS: usize = 6;
/// Most jobs in one transaction.
const MAX_BATCH: usize = 256;
/// Most of them that are no new expenses. Each of these is a subtransaction, of which PostgreSQL remembers 64 cheaply.
const MAX_APART: usize = 48;
/// Most jobs that may wait for one thread; beyond that the caller is told to come back.
const MAX_WAITING: usize = 1024;
/// How often a job is run that is at odds with others, or whose connection breaks before its commit.
const MAX_TRIES: u32 = 6;
/// The longest pause before the second try; it doubles with each.
const FIRST_PAUSE: Duration = Duration::from_millis(10);

/// Each statement sees what others have committed, which is enough once the user's row is locked.
const BEGIN_HELD: &str = "BEGIN ISOLATION LEVEL READ COMMITTED";
/// Refuses to change what others changed since the beginning.
const BEGIN_FREE: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ";

/// The writing end of the store.
pub(super) struct Writers {
    threads: Vec<SyncSender<Message>>,
    spread: RandomState,
}

enum Message {
    Job(Order),
    Close(oneshot::Sender<()>),
}

/// A job, and whether it locks its user's row first.
struct Order {
    job: Box<dyn Job>,
    holds: bool,
}

impl Writers {
    /// Starts the threads; they connect when they have something to write.
    pub(super) fn start(address: &Arc<Address>, told: &Arc<Told>) -> Result<Self, StoreError> {
        let start = |number: usize| {
            let (queue, jobs) = sync_channel(MAX_WAITING);
            let fault = |e: std::io::Error| StoreError::Unavailable(e.to_string());
            let runtime = runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .map_err(fault)?;
            let mut worker = Worker {
                link: Link {
                    address: Arc::clone(address),
                    runtime,
                    client: None,
                },
                told: Arc::clone(told),
            };
            thread::Builder::new()
                .name(format!("store-writer-{number}"))
                .spawn(move || worker.work(&jobs))
                .map_err(fault)?;
            Ok(queue)
        };
        Ok(Self {
            threads: (0..WRITERS).map(start).collect::<Result<_, StoreError>>()?,
            spread: RandomState::new(),
        })
    }

    /// Runs `work` in a transaction and waits until the database has it on the disk. A `user` is whose row `work`
    /// locks first; without one, the transaction as a whole is at odds with any other that changes the same rows.
    pub(super) async fn write<R, F>(&self, user: Option<Uuid>, work: F) -> Result<R, StoreError>
    where
        F: Fn(&mut dyn Tx) -> Result<R, StoreError> + Send + 'static,
        R: Send + 'static,
    {
        let (job, answer) = Task::waiting(work);
        self.queue(job, user)?;
        answer.await.unwrap_or_else(|_| Err(closing()))
    }

    /// Stores an expense, together with others that come at the same time.
    pub(super) async fn add(&self, add: Add) -> Result<(Expense, bool), StoreError> {
        let user = add.scope.user;
        let (job, answer) = AddTask::waiting(add);
        self.queue(job, Some(user))?;
        answer.await.unwrap_or_else(|_| Err(closing()))
    }

    fn queue(&self, job: Box<dyn Job>, user: Option<Uuid>) -> Result<(), StoreError> {
        let holds = user.is_some();
        self.thread_of(user)
            .try_send(Message::Job(Order { job, holds }))
            .map_err(|refused| match refused {
                TrySendError::Full(_) => too_many(),
                TrySendError::Disconnected(_) => closing(),
            })
    }

    /// Finishes what waits and ends the threads.
    pub(super) async fn close(&self) {
        for thread in &self.threads {
            let (done, closed) = oneshot::channel();
            let mut message = Message::Close(done);
            // The queue drains by itself, so a full one has room again soon.
            while let Err(TrySendError::Full(back)) = thread.try_send(message) {
                message = back;
                tokio::task::yield_now().await;
            }
            let _ = closed.await;
        }
    }

    fn thread_of(&self, user: Option<Uuid>) -> &SyncSender<Message> {
        let place = user.map_or(0, |user| {
            let spread = self.spread.hash_one(user) % self.threads.len() as u64;
            usize::try_from(spread).unwrap_or_default()
        });
        &self.threads[place]
    }
}

/// A connection that is made when it is needed.
struct Link {
    address: Arc<Address>,
    runtime: Runtime,
    client: Option<ClientWrapper>,
}

impl Link {
    /// The connection, and how to wait for it.
    fn open(&mut self) -> Result<(&ClientWrapper, Drive<'_>), StoreError> {
        let drive = Drive::Here(&self.runtime);
        if self.client.as_ref().is_none_or(|client| client.is_closed()) {
            let client = drive.wait(async {
                let client = self.address.connect().await?;
                set_up(&client).await.map_err(|e| error(&e))?;
                Ok::<_, StoreError>(client)
            })?;
            self.client = Some(client);
        }
        // It was put there if it was not.
        let client = self.client.as_ref().ok_or_else(closing)?;
        Ok((client, drive))
    }

    fn break_off(&mut self) {
        self.client = None;
    }
}

struct Worker {
    link: Link,
    told: Arc<Told>,
}

/// What became of a transaction.
enum End {
    /// It is on the disk, with the jobs that refused taken out.
    Committed,
    /// Nothing of it was applied, and why.
    Undone(Fault, StoreError),
    /// Nobody knows whether it was applied, or it makes no sense to try again.
    Failed(StoreError),
}

impl Worker {
    fn work(&mut self, jobs: &Receiver<Message>) {
        loop {
            let Ok(first) = jobs.recv() else { return };
            let (mut batch, mut apart, mut closing) = (Vec::new(), 0, None);
            let mut next = Some(first);
            while let Some(message) = next {
                match message {
                    Message::Job(mut order) => {
                        apart += usize::from(order.job.as_add().is_none());
                        batch.push(order);
                    }
                    Message::Close(done) => closing = Some(done),
                }
                next = (closing.is_none() && batch.len() < MAX_BATCH && apart < MAX_APART)
                    .then(|| jobs.try_recv().ok())
                    .flatten();
            }
            self.write(batch);
            if let Some(done) = closing {
                self.link.break_off();
                let _ = done.send(());
                return;
            }
        }
    }

    /// Runs the jobs in one transaction, or each in its own when that does not work, and answers.
    fn write(&mut self, mut batch: Vec<Order>) {
        if batch.len() > 1 {
            match self.transact(&mut batch) {
                End::Committed => return answer(batch, None),
                End::Failed(failure) => return answer(batch, Some(&failure)),
                End::Undone(..) => {}
            }
        }
        for order in batch {
            let mut alone = vec![order];
            let failure = self.persist(&mut alone).err();
            answer(alone, failure.as_ref());
        }
    }

    /// Runs one job until it is not at odds with others.
    fn persist(&mut self, job: &mut [Order]) -> Result<(), StoreError> {
        let mut tries = 1;
        loop {
            match self.transact(job) {
                // A refusal is the job's own answer.
                End::Committed | End::Undone(Fault::Refused, _) => return Ok(()),
                End::Undone(Fault::Again | Fault::Lost, _) if tries < MAX_TRIES => {
                    let longest = FIRST_PAUSE * 2_u32.pow(tries - 1);
                    thread::sleep(longest.mul_f64(rand::random::<f64>()));
                    tries += 1;
                }
                End::Undone(_, failure) | End::Failed(failure) => {
                    tracing::error!(%failure, tries, "a transaction failed");
                    return Err(failure);
                }
            }
        }
    }

    /// Tries once.
    fn transact(&mut self, batch: &mut [Order]) -> End {
        let opened = self.link.open();
        let (client, drive) = match opened {
            Ok(opened) => opened,
            Err(failure) => return End::Undone(Fault::Lost, failure),
        };
        let mut tx = PgTx::new(client, drive);
        let end = match run_all(&mut tx, batch) {
            Ok(()) => commit(&mut tx),
            Err(failure) => {
                tx.flush_unseen();
                let fault = tx.fault.take().unwrap_or(Fault::Statement);
                tx.along("ROLLBACK");
                // A connection that cannot even do this is broken, and its transaction gone.
                let fault = if tx.flush().is_err() { Fault::Lost } else { fault };
                End::Undone(fault, failure)
            }
        };
        let noted = std::mem::take(&mut tx.noted);
        match &end {
            End::Committed if noted.is_empty() => {}
            End::Committed => self.told.committed(&noted),
            End::Undone(Fault::Lost, _) | End::Failed(_) => self.link.break_off(),
            End::Undone(..) => {}
        }
        end
    }
}

/// Stores the new expenses, and then runs the other jobs in the order in which they came. An error means that the transaction is to be undone.
fn run_all(tx: &mut PgTx<'_>, batch: &mut [Order]) -> Result<(), StoreError> {
    let held = batch.iter().all(|order| order.holds);
    tx.along(if held { BEGIN_HELD } else { BEGIN_FREE });
    // The transaction is savepoint enough for a job that is alone.
    let alone = batch.len() == 1;
    for place in group::run(tx, batch.iter_mut().map(|order| &mut order.job))? {
        let order = &mut batch[place];
        let noted = tx.noted.len();
        if !alone {
            tx.along("SAVEPOINT job");
        }
        let mut done = order.job.run(tx);
        // What was sent along may be refused: that is this job's own fault, so it is asked now.
        if done.is_ok() && !alone && tx.has_waiting_changes() {
            done = tx.flush();
        }
        match done {
            Err(refusal) if alone || tx.fault.is_some() => {
                tx.noted.truncate(noted);
                if tx.fault.is_none() {
                    tx.fault = Some(Fault::Refused);
                }
                return Err(refusal);
            }
            Err(_) => {
                tx.noted.truncate(noted);
                tx.along("ROLLBACK TO job; RELEASE job");
            }
            // A failure that the job made light of has aborted the transaction all the same.
            Ok(()) if tx.fault.is_some() => return Err(StoreError::Sql("a statement failed".to_owned())),
            Ok(()) if alone => {}
            Ok(()) => tx.along("RELEASE job"),
        }
    }
    Ok(())
}

fn commit(tx: &mut PgTx<'_>) -> End {
    tx.along("COMMIT");
    match (tx.flush(), tx.fault.take()) {
        (Ok(()), _) => End::Committed,
        // With the connection the answer is lost, and whether it was yes.
        (Err(_), Some(Fault::Lost)) => End::Failed(StoreError::Unavailable(
            "the connection to the database broke while it stored this".to_owned(),
        )),
        (Err(failure), fault) => {
            // What failed may have stood before the commit, which was not reached then.
            tx.along("ROLLBACK");
            tx.flush_unseen();
            End::Undone(fault.unwrap_or(Fault::Statement), failure)
        }
    }
}

fn answer(batch: Vec<Order>, failure: Option<&StoreError>) {
    for order in batch {
        order.job.answer(failure);
    }
}
