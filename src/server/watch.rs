//! Sees at once what other processes write to the same database.
//!
//! A file needs no timer: the file system tells of every write to the write-ahead log; `PRAGMA data_version` then tells whether
//! it was a commit. A log is written before it is synced and only then counts, so after a notice the
//! version is asked a few times more, for as long as a sync may take.
//!
//! Servers over one PostgreSQL database tell each other, which may fail unnoticed. So the database is asked now and
//! then, and often while nobody is heard.

use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use notify::{EventKind, RecommendedWatcher, RecursiveMode, Watcher};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use super::state::AppState;
use super::store::{Others, StoreError, Tx, Versions, accounts};

/// Pauses between the questions after one notice, ms: together the time of a slow sync.
const PAUSES_MS: [u64; 9] = [0, 1, 2, 4, 8, 16, 64, 256, 1024];

/// Between two questions to a database whose other servers are heard, and to one where they are not.
const ASK: (Duration, Duration) = (Duration::from_secs(5), Duration::from_millis(250));

/// The watcher of one server; nothing runs before [`Watch::start`].
#[derive(Default)]
pub struct Watch {
    running: Mutex<Option<Running>>,
}

struct Running {
    /// Sends notices for as long as it lives.
    _watcher: Option<RecommendedWatcher>,
    follower: JoinHandle<()>,
}

impl Watch {
    /// Starts watching, once. A machine that cannot watch files says so in the log; polling remains.
    pub fn start(&self, state: &AppState) {
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        if running.is_some() || state.stopping.is_cancelled() {
            return;
        }
        let Others::WriteTo(file) = state.store.others() else {
            *running = Some(Running {
                _watcher: None,
                follower: tokio::spawn(ask(state.clone())),
            });
            return;
        };
        let (sender, noticed) = mpsc::channel(1);
        match watch_log(file, sender) {
            Ok(watcher) => {
                let follower = tokio::spawn(follow(state.clone(), noticed));
                *running = Some(Running {
                    _watcher: Some(watcher),
                    follower,
                });
            }
            Err(error) => tracing::warn!(%error, "cannot watch the database file; other processes are seen by polling"),
        }
    }

    /// Stops watching, and returns when the file is let go.
    pub async fn stop(&self) {
        let running = self.running.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(running) = running {
            running.follower.abort();
            // Ends with the error that it was aborted, which is what was asked for.
            let _ = running.follower.await;
        }
    }
}

/// Asks the database for what was not told.
async fn ask(state: AppState) {
    loop {
        let pause = match state.store.others() {
            Others::Tell { heard: false } => ASK.1,
            _ => ASK.0,
        };
        // Several servers shall not ask at the same moment.
        tokio::time::sleep(pause.mul_f64(0.75 + rand::random::<f64>() / 4.0)).await;
        let listening = state.hub.listening();
        match state
            .store
            .read_long(move |tx| accounts::revisions(tx, &listening))
            .await
        {
            Ok(revisions) => state.hub.publish(&revisions),
            Err(error) => tracing::warn!(%error, "could not look for changes by other servers"),
        }
    }
}

/// Watches the folder, because the log itself comes and goes.
fn watch_log(database: &Path, notices: mpsc::Sender<()>) -> notify::Result<RecommendedWatcher> {
    let mut log = database.as_os_str().to_owned();
    log.push("-wal");
    let name = Path::new(&log).file_name().map(ToOwned::to_owned);
    let folder = database.parent().unwrap_or(Path::new(".")).to_owned();
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        let written = event.is_ok_and(|event| {
            matches!(event.kind, EventKind::Modify(_) | EventKind::Create(_))
                && event.paths.iter().any(|path| path.file_name() == name.as_deref())
        });
        if written {
            // A full channel holds a notice already.
            let _ = notices.try_send(());
        }
    })?;
    watcher.watch(&folder, RecursiveMode::NonRecursive)?;
    Ok(watcher)
}

/// Tells open streams what other processes commit to the file, each time that it is noticed.
pub(super) async fn follow(state: AppState, mut noticed: mpsc::Receiver<()>) {
    let versions = match state.store.versions() {
        Ok(versions) => versions,
        Err(error) => {
            tracing::warn!(%error, "cannot watch the database; other processes are seen by polling");
            return;
        }
    };
    let mut seen = Seen {
        versions,
        version: None,
        of_others: None,
        commits: 0,
    };
    // What was committed before this began may not have been told to a stream that was there before.
    seen.look(&state).await;
    while noticed.recv().await.is_some() {
        let mut step = 0;
        while let Some(pause) = PAUSES_MS.get(step) {
            // A further notice ends the pause and begins the questions anew: a long pause after one commit must
            // not keep the next one waiting.
            match tokio::time::timeout(Duration::from_millis(*pause), noticed.recv()).await {
                Ok(None) => return,
                Ok(Some(())) => step = 1,
                Err(_) => step += 1,
            }
            seen.look(&state).await;
        }
    }
}

/// How far the database has been looked at.
struct Seen {
    versions: Versions,
    /// The version that changes with every commit.
    version: Option<i64>,
    /// The version that changes with every commit of another process.
    of_others: Option<i64>,
    /// This server's own commits.
    commits: u64,
}

impl Seen {
    async fn look(&mut self, state: &AppState) {
        if let Err(error) = self.tell(state).await {
            tracing::warn!(%error, "could not look for changes by other processes");
        }
    }

    /// Tells the open streams where their users are, when another process has committed anything since the last look.
    async fn tell(&mut self, state: &AppState) -> Result<(), StoreError> {
        let (commits, version) = (state.hub.commits(), Some(self.versions.current()?));
        if self.version == version {
            return Ok(());
        }
        // A server with much to do commits all the time, and tells of it: that is no reason to ask for everybody.
        if self.commits != commits {
            let of_others = state.store.write(data_version).await?;
            let own = self.of_others.replace(of_others) == Some(of_others);
            self.commits = commits;
            if own {
                self.version = version;
                return Ok(());
            }
        }
        let listening = state.hub.listening();
        let revisions = state.store.read(|tx| accounts::revisions(tx, &listening))?;
        state.hub.publish(&revisions);
        self.version = version;
        Ok(())
    }
}

/// On the connection that writes, this changes only when others commit.
fn data_version(tx: &mut dyn Tx) -> Result<i64, StoreError> {
    let row = tx.query_opt("PRAGMA data_version", &[])?;
    row.map_or(Ok(0), |row| row.int(0))
}
