//! Tells other servers over the same database who has reached which revision, and hears it from them.
//!
//! One connection of its own does both, outside of every write: `NOTIFY` takes a lock of the whole database until
//! its commit, and must not make the writes queue up behind it. What is told are hints, which may be lost or come
//! twice; the data is the truth, and whoever listens looks at it now and then anyway.

use std::collections::HashMap;
use std::future::poll_fn;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use tokio::sync::{Notify, mpsc};
use tokio_postgres::{AsyncMessage, Client, Connection, Notification, Socket};
use uuid::Uuid;

use super::super::job::OnCommit;
use super::address::{Address, Stream};

/// Most revisions in one notification, of which each is at most 42 letters long; PostgreSQL takes 7,999 bytes.
const MAX_TOLD: usize = 180;
/// The pause after each notification, in which revisions gather.
const GATHER: Duration = Duration::from_millis(10);
/// The shortest and the longest pause before the connection is made anew.
const RETRY: (Duration, Duration) = (Duration::from_millis(500), Duration::from_secs(10));

/// What commits lead to.
pub(super) struct Told {
    on_commit: OnCommit,
    waiting: Mutex<HashMap<Uuid, i64>>,
    wake: Notify,
    /// Whether other servers are heard right now.
    hears: AtomicBool,
}

impl Told {
    pub(super) fn new(on_commit: OnCommit) -> Self {
        Self {
            on_commit,
            waiting: Mutex::default(),
            wake: Notify::new(),
            hears: AtomicBool::new(false),
        }
    }

    /// Tells this process at once and the others soon.
    pub(super) fn committed(&self, revisions: &[(Uuid, i64)]) {
        (self.on_commit)(revisions);
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        for (user, revision) in revisions {
            let latest = waiting.entry(*user).or_insert(*revision);
            *latest = (*latest).max(*revision);
        }
        drop(waiting);
        self.wake.notify_one();
    }

    /// Whether what other servers commit is heard right now.
    pub(super) fn hears(&self) -> bool {
        self.hears.load(Ordering::Relaxed)
    }

    fn take(&self) -> Vec<(Uuid, i64)> {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.drain().collect()
    }
}

/// Tells and hears for as long as it is not aborted.
pub(super) async fn run(address: Arc<Address>, told: Arc<Told>) {
    let (mut pause, mut is_known) = (RETRY.0, false);
    loop {
        let heard = match address.dial().await {
            Ok((client, connection)) => converse(&client, connection, &told, &mut pause).await,
            Err(error) => Err(error.to_string()),
        };
        let has_heard = told.hears.swap(false, Ordering::Relaxed);
        // Some databases that speak PostgreSQL's language know no notifications: that is told once.
        if let (Err(error), true) = (heard, has_heard || !is_known) {
            tracing::warn!(%error, "other servers are not heard; the database is asked often instead");
        }
        is_known = true;
        tokio::time::sleep(pause.mul_f64(0.5 + rand::random::<f64>() / 2.0)).await;
        pause = (pause * 2).min(RETRY.1);
    }
}

async fn converse(
    client: &Client,
    mut connection: Connection<Socket, Stream>,
    told: &Arc<Told>,
    pause: &mut Duration,
) -> Result<(), String> {
    let (sender, mut heard) = mpsc::unbounded_channel();
    let carrier = async move {
        while let Some(message) = poll_fn(|context| connection.poll_message(context)).await {
            if let AsyncMessage::Notification(notification) = message.map_err(|e| e.to_string())? {
                // The other end lives as long as this.
                let _ = sender.send(notification);
            }
        }
        Err("the connection was closed".to_owned())
    };
    let hear = async {
        let own = own_process(client).await?;
        told.hears.store(true, Ordering::Relaxed);
        *pause = RETRY.0;
        while let Some(notification) = heard.recv().await {
            if notification.process_id() != own {
                (told.on_commit)(&read(&notification));
            }
        }
        Ok(())
    };
    tokio::select! {
        ended = carrier => ended,
        ended = hear => ended,
        ended = tell(client, told) => ended,
    }
}

/// Begins to listen; the number of this connection, whose own notifications are no news.
async fn own_process(client: &Client) -> Result<i32, String> {
    let text = |e: tokio_postgres::Error| super::error(&e).to_string();
    client
        .batch_execute("SET synchronous_commit = off; LISTEN budget_tracker")
        .await
        .map_err(text)?;
    let row = client.query_one("SELECT pg_backend_pid()", &[]).await.map_err(text)?;
    row.try_get(0).map_err(text)
}

async fn tell(client: &Client, told: &Told) -> Result<(), String> {
    loop {
        told.wake.notified().await;
        for revisions in told.take().chunks(MAX_TOLD) {
            // The text holds letters, digits, and nothing that would end a quotation.
            let notification = format!("NOTIFY budget_tracker, '{}'", write(revisions));
            let sent = client.batch_execute(&notification).await;
            sent.map_err(|e| super::error(&e).to_string())?;
        }
        tokio::time::sleep(GATHER).await;
    }
}

fn write(revisions: &[(Uuid, i64)]) -> String {
    let one = |(user, revision): &(Uuid, i64)| format!("{}.{revision}", BASE64_URL_SAFE_NO_PAD.encode(user));
    revisions.iter().map(one).collect::<Vec<_>>().join(" ")
}

/// What cannot be read was not meant for this version.
fn read(notification: &Notification) -> Vec<(Uuid, i64)> {
    let one = |word: &str| {
        let (user, revision) = word.split_once('.')?;
        let user = BASE64_URL_SAFE_NO_PAD.decode(user).ok()?;
        Some((Uuid::from_slice(&user).ok()?, revision.parse().ok()?))
    };
    notification.payload().split(' ').filter_map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_notification_fits() {
        let revisions = [(Uuid::max(), i64::MAX); MAX_TOLD];
        let text = write(&revisions);
        assert!(text.len() < 8000, "{}", text.len());
        assert!(text.chars().all(|c| c.is_ascii_alphanumeric() || "-_. ".contains(c)));
    }
}
