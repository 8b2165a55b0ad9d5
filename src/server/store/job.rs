//! What waits to be written, and who waits for it.

use std::panic::{AssertUnwindSafe, catch_unwind};

use tokio::sync::oneshot;
use uuid::Uuid;

use super::adds::Add;
use super::expenses;
use super::tx::{StoreError, Tx};
use crate::api::Expense;

/// Told after each commit which users have reached which revision.
pub type OnCommit = Box<dyn Fn(&[(Uuid, i64)]) + Send + Sync>;

/// Something to write and somebody who waits for it.
pub(super) trait Job: Send {
    /// Runs inside the open transaction, and once more when that is tried again; an error asks for this job's part to be undone.
    fn run(&mut self, tx: &mut dyn Tx) -> Result<(), StoreError>;
    /// Answers: with the job's own result, or with the `failure` of the whole transaction.
    fn answer(self: Box<Self>, failure: Option<&StoreError>);
    /// This, if it is an expense to be stored: several of them can be stored together.
    fn as_add(&mut self) -> Option<&mut AddTask> {
        None
    }
}

/// An expense to be stored, and somebody who waits for it.
pub(super) struct AddTask {
    pub(super) add: Add,
    pub(super) result: Option<Result<(Expense, bool), StoreError>>,
    reply: Reply<(Expense, bool)>,
}

type Answer<R> = oneshot::Receiver<Result<R, StoreError>>;
type Reply<R> = oneshot::Sender<Result<R, StoreError>>;

impl AddTask {
    /// A job that stores an expense, and where its answer comes.
    pub(super) fn waiting(add: Add) -> (Box<dyn Job>, Answer<(Expense, bool)>) {
        let (reply, answer) = oneshot::channel();
        let result = None;
        (Box::new(Self { add, result, reply }), answer)
    }
}

impl Job for AddTask {
    fn run(&mut self, tx: &mut dyn Tx) -> Result<(), StoreError> {
        let Add { scope, draft } = &self.add;
        let result = guarded(|| {
            tx.hold(scope.user)?;
            expenses::add(tx, scope, draft)
        });
        let outcome = result.as_ref().map(|_| ()).map_err(Clone::clone);
        self.result = Some(result);
        outcome
    }

    fn answer(self: Box<Self>, failure: Option<&StoreError>) {
        reply(self.reply, self.result, failure);
    }

    fn as_add(&mut self) -> Option<&mut AddTask> {
        Some(self)
    }
}

pub(super) struct Task<F, R> {
    work: F,
    result: Option<Result<R, StoreError>>,
    reply: Reply<R>,
}

impl<F, R> Task<F, R>
where
    F: Fn(&mut dyn Tx) -> Result<R, StoreError> + Send + 'static,
    R: Send + 'static,
{
    /// A job that runs `work`, and where its answer comes.
    pub(super) fn waiting(work: F) -> (Box<dyn Job>, Answer<R>) {
        let (reply, answer) = oneshot::channel();
        let result = None;
        (Box::new(Self { work, result, reply }), answer)
    }
}

impl<F, R> Job for Task<F, R>
where
    F: Fn(&mut dyn Tx) -> Result<R, StoreError> + Send,
    R: Send,
{
    fn run(&mut self, tx: &mut dyn Tx) -> Result<(), StoreError> {
        let result = guarded(|| (self.work)(tx));
        let outcome = result.as_ref().map(|_| ()).map_err(Clone::clone);
        self.result = Some(result);
        outcome
    }

    fn answer(self: Box<Self>, failure: Option<&StoreError>) {
        reply(self.reply, self.result, failure);
    }
}

fn reply<R>(reply: Reply<R>, result: Option<Result<R, StoreError>>, failure: Option<&StoreError>) {
    let result = match (failure, result) {
        // A refusal does not depend on the commit.
        (_, Some(Err(refusal))) => Err(refusal),
        (Some(failure), _) => Err(failure.clone()),
        (None, Some(done)) => done,
        (None, None) => Err(StoreError::Unavailable("the write was not run".to_owned())),
    };
    // Nobody waits any more when the request was given up; the write stands all the same.
    let _ = reply.send(result);
}

/// Runs `work`; a panic in it is a refusal.
pub(super) fn guarded<R>(work: impl FnOnce() -> Result<R, StoreError>) -> Result<R, StoreError> {
    catch_unwind(AssertUnwindSafe(work))
        .unwrap_or_else(|_| Err(StoreError::Sql("a write failed unexpectedly".to_owned())))
}

/// Nothing is written any more.
pub(super) fn closing() -> StoreError {
    StoreError::Unavailable("the server is shutting down".to_owned())
}

/// Come back later.
pub(super) fn too_many() -> StoreError {
    StoreError::Unavailable("too many writes are waiting".to_owned())
}
