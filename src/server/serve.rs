//! Listening: the accept loop, the limits on connections, and stopping in order.

use std::collections::HashMap;
use std::future::Future;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use thiserror::Error;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::ServiceExt;

use super::extract::Peer;
use super::patience::Patient;
use super::state::{AppState, Demo, system_clock};
use super::store::{AtClose, Database, StoreError};
use super::throttle::subscriber;
use super::{files, router, seed};
use crate::api::SignUpMode;
use crate::categorize::service::Plan;

/// A header must be complete in this time, and an idle connection is closed after it.
const HEADER_TIME: Duration = Duration::from_secs(10);
/// Largest header, bytes, and most fields in it.
const HEADER_BYTES: usize = 16 * 1024;
const HEADER_FIELDS: usize = 64;
/// Most connections at once, in all and from one address beyond loopback.
const MAX_CONNECTIONS: usize = 12_000;
const MAX_PER_PEER: usize = 256;
/// Requests that run when the server stops have this long to end.
const DRAIN_TIME: Duration = Duration::from_secs(10);
/// The pause after a failed `accept`, for example when no file descriptor is left.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// What `serve` is asked to do.
#[derive(Debug, Clone)]
pub struct ServeOptions {
    /// The address to listen on; port 0 picks a free one.
    pub listen: SocketAddr,
    /// The data; a file and its folder are made where they are missing.
    pub database: Database,
    /// Whether the sample user exists; loopback only.
    pub demo: bool,
    /// Whether the five classic calls are answered.
    pub classic_api: bool,
    /// Whether plain HTTP beyond loopback is wanted all the same.
    pub insecure_http: bool,
    /// Who may make an account; without it, everybody on loopback and nobody beyond.
    pub sign_up: Option<SignUpMode>,
    /// Whom to ask for a category where the local prediction is not enough.
    pub outside: Option<Plan>,
}

/// Why the server does not run.
#[derive(Debug, Error)]
pub enum ServeError {
    /// The address cannot be listened on.
    #[error("Cannot listen on {address}: {reason}. Stop what listens there, or choose another port with --listen.")]
    Listen {
        /// The address asked for.
        address: SocketAddr,
        /// What the system said.
        reason: String,
    },
    /// Plain HTTP beyond this machine.
    #[error(
        "{0} can be reached from other machines, and HTTP shows passwords to everybody on the way. Listen on \
         127.0.0.1 behind a proxy that adds TLS, or accept the risk with --insecure-http."
    )]
    Plaintext(SocketAddr),
    /// The sample user beyond this machine.
    #[error("The sample user has a well-known password, so --demo only works on loopback, not on {0}.")]
    PublicDemo(SocketAddr),
    /// The file is no database of ours any more.
    #[error(
        "The database {} is damaged: {reason}. Stop every budget-tracker, then put a backup in its place (without the \
         -wal and -shm files beside it), or move all three away to begin anew.", file.display()
    )]
    Damaged {
        /// The database.
        file: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The shared database does not answer, or not as it should.
    #[error("The database {database} cannot be used: {reason}. Check that it runs and that this user may use it.")]
    Database {
        /// Which one; never with its password.
        database: Database,
        /// What was said.
        reason: StoreError,
    },
    /// The data cannot be opened.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl ServeError {
    /// From what the store says of a database while it opens it.
    pub(super) fn opening(database: &Database, error: StoreError) -> Self {
        let Some(file) = database.file() else {
            return match error {
                StoreError::NewerSchema { .. } | StoreError::File(_) => Self::Store(error),
                reason => Self::Database {
                    database: database.clone(),
                    reason,
                },
            };
        };
        let reason = match error {
            StoreError::Corrupt(reason) => reason,
            StoreError::ForeignSchema(step) => {
                format!("its schema step {step} is not the one that budget-tracker made")
            }
            other => return Self::Store(other),
        };
        Self::Damaged {
            file: file.to_owned(),
            reason,
        }
    }
}

/// Serves until `shutdown` resolves, then stops in order; `on_ready` is told the address.
///
/// # Errors
/// [`ServeError`] when it cannot begin.
pub async fn serve(
    options: ServeOptions,
    shutdown: impl Future<Output = ()>,
    on_ready: impl FnOnce(SocketAddr),
) -> Result<(), ServeError> {
    refuse_unsafe(&options)?;
    let database = options.database.clone();
    if let Some(file) = database.file() {
        files::prepare_file(file)?;
    }
    let listener = bind(options.listen).await?;
    let address = listener.local_addr().unwrap_or(options.listen);
    let (seeded, ready) = watch::channel(false);
    let demo = if options.demo {
        Demo::Allowed(ready)
    } else {
        Demo::Absent
    };
    let state = AppState::open(database.clone(), system_clock(), options.classic_api, demo)
        .map_err(|error| ServeError::opening(&database, error))?
        .asking(options.outside)
        .admitting(options.sign_up.unwrap_or_else(|| usual_sign_up(options.listen)));
    if options.demo {
        seed::in_background(&state, seeded);
    }
    check_in_background(&state);
    let running = Running::start(listener, state);
    tracing::info!("listening on http://{address}");
    on_ready(address);
    shutdown.await;
    tracing::info!("stopping");
    running.stop(AtClose::EmptyLog).await;
    Ok(())
}

fn usual_sign_up(listen: SocketAddr) -> SignUpMode {
    if listen.ip().to_canonical().is_loopback() {
        SignUpMode::Open
    } else {
        SignUpMode::Closed
    }
}

fn refuse_unsafe(options: &ServeOptions) -> Result<(), ServeError> {
    if options.listen.ip().to_canonical().is_loopback() {
        return Ok(());
    }
    if options.demo {
        return Err(ServeError::PublicDemo(options.listen));
    }
    if options.insecure_http {
        tracing::warn!(address = %options.listen, "plain HTTP beyond loopback: passwords travel unencrypted");
        return Ok(());
    }
    Err(ServeError::Plaintext(options.listen))
}

/// Listens on `address`.
pub(super) async fn bind(address: SocketAddr) -> Result<TcpListener, ServeError> {
    TcpListener::bind(address).await.map_err(|error| ServeError::Listen {
        address,
        reason: error.to_string(),
    })
}

/// A long-running server looks for damage once; until then it serves.
fn check_in_background(state: &AppState) {
    let state = state.clone();
    tokio::task::spawn_blocking(move || {
        if let Err(error) = state.store.check() {
            tracing::error!(%error, file = ?state.store.path(), "the database did not pass its check");
        }
    });
}

/// A server that listens.
pub(super) struct Running {
    state: AppState,
    connections: TaskTracker,
    /// Cancelled when the time to end is over.
    cut_off: CancellationToken,
}

impl Running {
    /// Answers on `listener` from now on.
    pub(super) fn start(listener: TcpListener, state: AppState) -> Self {
        let running = Self {
            connections: TaskTracker::new(),
            cut_off: CancellationToken::new(),
            state,
        };
        let accept = Accept {
            router: router(running.state.clone()),
            connections: running.connections.clone(),
            stopping: running.state.stopping.clone(),
            cut_off: running.cut_off.clone(),
            peers: Arc::default(),
        };
        running.connections.spawn(accept.run(listener));
        running
    }

    /// Accepts nothing more, lets requests end, says goodbye to event streams, and closes the store.
    pub(super) async fn stop(self, log: AtClose) {
        self.state.stopping.cancel();
        self.state.watch.stop().await;
        self.connections.close();
        if tokio::time::timeout(DRAIN_TIME, self.connections.wait()).await.is_err() {
            tracing::warn!(open = self.connections.len(), "cutting off what has not ended");
            self.cut_off.cancel();
            self.connections.wait().await;
        }
        self.state.store.close(log).await;
    }
}

struct Accept {
    router: Router,
    connections: TaskTracker,
    stopping: CancellationToken,
    cut_off: CancellationToken,
    peers: Arc<Mutex<HashMap<IpAddr, usize>>>,
}

impl Accept {
    async fn run(self, listener: TcpListener) {
        loop {
            let accepted = tokio::select! {
                () = self.stopping.cancelled() => return,
                accepted = listener.accept() => accepted,
            };
            match accepted {
                Ok((stream, peer)) => self.admit(stream, peer.ip()),
                Err(error) => {
                    tracing::warn!(%error, "a connection could not be accepted");
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                }
            }
        }
    }

    /// Serves the connection in a task of its own, unless there are too many.
    fn admit(&self, stream: TcpStream, peer: IpAddr) {
        if self.connections.len() >= MAX_CONNECTIONS {
            return;
        }
        let Some(place) = Place::take(&self.peers, subscriber(peer)) else {
            return;
        };
        // Answers are small and whole: waiting to fill a packet only delays them.
        let _ = stream.set_nodelay(true);
        let connection = converse(stream, peer, self.router.clone(), self.stopping.clone());
        let cut_off = self.cut_off.clone();
        self.connections.spawn(async move {
            cut_off.run_until_cancelled(connection).await;
            drop(place);
        });
    }
}

async fn converse(stream: TcpStream, peer: IpAddr, router: Router, stopping: CancellationToken) {
    let service = hyper::service::service_fn(move |mut request: hyper::Request<Incoming>| {
        request.extensions_mut().insert(Peer(peer));
        router.clone().oneshot(request.map(Body::new))
    });
    let mut builder = http1::Builder::new();
    builder
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_TIME)
        .max_buf_size(HEADER_BYTES)
        .max_headers(HEADER_FIELDS);
    let mut connection = std::pin::pin!(builder.serve_connection(TokioIo::new(Patient::new(stream)), service));
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = stopping.cancelled() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection broke off");
    }
}

/// One of the connections that a peer may have; given back when dropped.
struct Place {
    peers: Arc<Mutex<HashMap<IpAddr, usize>>>,
    peer: IpAddr,
}

impl Place {
    fn take(peers: &Arc<Mutex<HashMap<IpAddr, usize>>>, peer: IpAddr) -> Option<Self> {
        let mut open = peers.lock().unwrap_or_else(PoisonError::into_inner);
        let count = open.entry(peer).or_default();
        if *count >= MAX_PER_PEER && !peer.is_loopback() {
            return None;
        }
        *count += 1;
        Some(Self {
            peers: Arc::clone(peers),
            peer,
        })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut open = self.peers.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = open.get_mut(&self.peer) {
            *count -= 1;
            if *count == 0 {
                open.remove(&self.peer);
            }
        }
    }
}
