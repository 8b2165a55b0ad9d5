//! Effects of the state machine as tasks: each sends its answer back as a message.

use std::collections::HashMap;
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures::{FutureExt, StreamExt};
use tokio::sync::mpsc::UnboundedSender;
use tokio::task::AbortHandle;
use tokio::time::sleep;

use super::calls;
use super::connection::Connection;
use crate::api::Failure;
use crate::app::{Call, Msg, Slot, Timer};
use crate::client::News;

/// How much later than asked a jittered timer may come, in percent.
const JITTER_PERCENT: u32 = 25;

/// The tasks under way.
pub(super) struct Tasks {
    connection: Connection,
    sender: UnboundedSender<Msg>,
    slots: HashMap<Slot, AbortHandle>,
    timers: HashMap<Timer, AbortHandle>,
    stream: Option<AbortHandle>,
}

impl Tasks {
    pub(super) fn new(connection: Connection, sender: UnboundedSender<Msg>) -> Self {
        Self {
            connection,
            sender,
            slots: HashMap::new(),
            timers: HashMap::new(),
            stream: None,
        }
    }

    /// Starts a call; an older one in the same slot ends.
    pub(super) fn call(&mut self, id: u64, slot: Slot, call: Call) {
        let (connection, sender) = (self.connection.clone(), self.sender.clone());
        let task = tokio::spawn(async move {
            let failed = calls::failed(&call);
            let reply = guarded(calls::perform(&connection, call)).await.unwrap_or(failed);
            // The loop may have ended meanwhile.
            let _ = sender.send(Msg::Reply(id, reply));
        });
        self.slots.retain(|_, handle| !handle.is_finished());
        if let Some(older) = self.slots.insert(slot, task.abort_handle()) {
            older.abort();
        }
    }

    /// Ends the call in a slot.
    pub(super) fn cancel(&mut self, slot: Slot) {
        if let Some(handle) = self.slots.remove(&slot) {
            handle.abort();
        }
    }

    /// Sets a timer, in place of an older one of its kind.
    pub(super) fn wait(&mut self, timer: Timer, after: Duration, jitter: bool) {
        let extra = if jitter {
            after * rand::random_range(0..=JITTER_PERCENT) / 100
        } else {
            Duration::ZERO
        };
        let sender = self.sender.clone();
        let task = tokio::spawn(async move {
            sleep(after + extra).await;
            let _ = sender.send(Msg::Timer(timer));
        });
        if let Some(older) = self.timers.insert(timer, task.abort_handle()) {
            older.abort();
        }
    }

    /// [`Tasks::wait`], for any time between two.
    pub(super) fn wait_between(&mut self, timer: Timer, least: Duration, most: Duration) {
        let spread = most.saturating_sub(least);
        self.wait(timer, least + spread.mul_f64(rand::random::<f64>()), false);
    }

    /// Forgets a timer.
    pub(super) fn stop(&mut self, timer: Timer) {
        if let Some(handle) = self.timers.remove(&timer) {
            handle.abort();
        }
    }

    /// Opens the event stream with the present session, to be told what comes after `last`.
    pub(super) fn open_stream(&mut self, last: Option<i64>) {
        self.close_stream();
        let (connection, sender) = (self.connection.clone(), self.sender.clone());
        let task = tokio::spawn(async move {
            let failure = guarded(listen(connection, last, &sender)).await.flatten();
            let _ = sender.send(Msg::StreamLost(failure));
        });
        self.stream = Some(task.abort_handle());
    }

    /// Closes the event stream.
    pub(super) fn close_stream(&mut self) {
        if let Some(handle) = self.stream.take() {
            handle.abort();
        }
    }

    /// Forgets the session on this machine.
    pub(super) fn forget_session(&self) {
        self.connection.forget();
    }
}

/// Sends the news on until the stream ends; says why, if it broke off.
async fn listen(connection: Connection, last: Option<i64>, sender: &UnboundedSender<Msg>) -> Option<Failure> {
    let client = match connection.client().await {
        Ok(client) => client,
        Err(failure) => return Some(failure),
    };
    let mut events = client.events(last);
    while let Some(news) = events.next().await {
        let told = match news {
            Ok(News::Open) => Msg::StreamOpen,
            Ok(News::Revision(revision)) => Msg::Revision(revision),
            Err(failure) => return Some(failure),
        };
        if sender.send(told).is_err() {
            return None;
        }
    }
    None
}

/// What the work comes to; nothing when it panics, which is in the log then. Whoever waits gets an answer.
async fn guarded<T>(work: impl Future<Output = T>) -> Option<T> {
    AssertUnwindSafe(work).catch_unwind().await.ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_panic_in_a_task_ends_nothing_else() {
        assert_eq!(guarded(async { 7 }).await, Some(7));
        assert_eq!(guarded(async { panic!("a fault in a task") }).await, None::<()>);
    }
}
