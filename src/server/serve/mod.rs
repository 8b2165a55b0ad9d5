//! Listening: what is refused, what surrounds the accept loop, and stopping in order.
//!
//! | file | what it does |
//! | --- | --- |
//! | `accept` | lets connections in, speaks TLS, converses |
//! | `limits` | how much a connection may ask for, how many there may be |
//! | `patient` | gives up on who does not take what is written |
//! | `handover` | answers that take their connection over |
//! | `stream` | one of them: events as they come |
//! | `tls` | certificate and key, read anew on SIGHUP |
//! | `error` | why the server does not run |

mod accept;
mod error;
mod handover;
mod limits;
mod patient;
mod stream;
mod tls;

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use tokio::net::{TcpListener, TcpSocket};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::proxies::Proxies;
use super::routes::metrics;
use super::state::{AppState, Demo, system_clock};
use super::store::{AtClose, Database};
use super::{files, router, seed};
use crate::api::SignUpMode;
use crate::categorize::service::Plan;
use crate::domain::Fingerprint;
use accept::Accept;
use tls::Tls;

pub use error::ServeError;
pub use limits::Limits;
pub use tls::{TlsError, TlsFiles};

/// Connections that may wait to be let in, if the system allows so many. Where there are few, whoever comes with a crowd
/// finds no place and only tries again a second later.
const WAITING: u32 = 4096;

/// Connections of the operator's monitoring beyond those that anybody may have.
const FOR_MONITORING: usize = 16;

/// What `serve` is asked to do.
#[derive(Debug, Clone)]
pub struct ServeOptions {
    /// The address to listen on; port 0 picks a free one.
    pub listen: SocketAddr,
    /// The data; a file and its folder are made where they are missing.
    pub database: Database,
    /// Certificate and key; plain HTTP without them.
    pub tls: Option<TlsFiles>,
    /// Where the operator's monitoring asks; nowhere without it.
    pub metrics: Option<SocketAddr>,
    /// Proxies whose word counts when they say who asks.
    pub proxies: Proxies,
    /// How much is served at once, and how long it may take.
    pub limits: Limits,
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

impl ServeOptions {
    /// Plain HTTP at `listen` over `database`, with the usual limits and nothing else.
    #[must_use]
    pub fn new(listen: SocketAddr, database: Database) -> Self {
        Self {
            listen,
            database,
            tls: None,
            metrics: None,
            proxies: Proxies::default(),
            limits: Limits::default(),
            demo: false,
            classic_api: false,
            insecure_http: false,
            sign_up: None,
            outside: None,
        }
    }
}

/// Where a server listens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Listening {
    /// The address.
    pub address: SocketAddr,
    /// By what clients may know its certificate; plain HTTP without one.
    pub fingerprint: Option<Fingerprint>,
    /// Where the operator's monitoring asks.
    pub metrics: Option<SocketAddr>,
}

impl Listening {
    /// `https://127.0.0.1:8443`
    #[must_use]
    pub fn url(&self) -> String {
        let scheme = if self.fingerprint.is_some() { "https" } else { "http" };
        format!("{scheme}://{}", self.address)
    }
}

/// Serves until `shutdown` resolves, then stops in order; `on_ready` is told where it listens.
///
/// # Errors
/// [`ServeError`] when it cannot begin.
pub async fn serve(
    options: ServeOptions,
    shutdown: impl Future<Output = ()>,
    on_ready: impl FnOnce(Listening),
) -> Result<(), ServeError> {
    refuse_unsafe(&options)?;
    let tls = options.tls.map(Tls::load).transpose()?.map(Arc::new);
    let database = options.database.clone();
    if let Some(file) = database.file() {
        files::prepare_file(file)?;
    }
    let listener = bind(options.listen, "--listen")?;
    let metrics = match options.metrics {
        Some(address) => Some(bind(address, "--metrics")?),
        None => None,
    };
    let listening = Listening {
        address: listener.local_addr().unwrap_or(options.listen),
        fingerprint: tls.as_ref().map(|tls| tls.fingerprint()),
        metrics: metrics.as_ref().and_then(|listener| listener.local_addr().ok()),
    };
    let (seeded, ready) = watch::channel(false);
    let demo = if options.demo {
        Demo::Allowed(ready)
    } else {
        Demo::Absent
    };
    let state = AppState::open(database.clone(), system_clock(), options.classic_api, demo)
        .map_err(|error| ServeError::opening(&database, error))?
        .asking(options.outside)
        .admitting(
            options
                .sign_up
                .unwrap_or_else(|| usual_sign_up(options.listen, &options.proxies)),
        );
    state.load.allow(options.limits.requests);
    if options.demo {
        seed::in_background(&state, seeded);
    }
    check_in_background(&state);
    if let Some(tls) = &tls {
        reload_on_hangup(Arc::clone(tls), state.stopping.clone());
    }
    let front = Front {
        tls,
        proxies: options.proxies,
        limits: options.limits,
    };
    let running = Running::start(listener, state, front);
    if let Some(listener) = metrics {
        running.listen_for_monitoring(listener);
    }
    tracing::info!("listening on {}", listening.url());
    on_ready(listening);
    shutdown.await;
    tracing::info!("stopping");
    running.stop(AtClose::EmptyLog).await;
    Ok(())
}

fn usual_sign_up(listen: SocketAddr, proxies: &Proxies) -> SignUpMode {
    // Behind a proxy, others can come here.
    if proxies.networks.is_empty() && listen.ip().to_canonical().is_loopback() {
        SignUpMode::Open
    } else {
        SignUpMode::Closed
    }
}

fn refuse_unsafe(options: &ServeOptions) -> Result<(), ServeError> {
    let public = |address: SocketAddr| !address.ip().to_canonical().is_loopback();
    if let Some(address) = options.metrics
        && public(address)
        && !options.insecure_http
    {
        return Err(ServeError::PublicMetrics(address));
    }
    if !public(options.listen) {
        return Ok(());
    }
    if options.demo {
        return Err(ServeError::PublicDemo(options.listen));
    }
    if options.tls.is_some() {
        return Ok(());
    }
    if options.insecure_http {
        tracing::warn!(address = %options.listen, "plain HTTP beyond loopback: passwords travel unencrypted");
        return Ok(());
    }
    Err(ServeError::Plaintext(options.listen))
}

/// Listens on `address`, which was chosen with `flag`. Within a runtime only.
fn bind(address: SocketAddr, flag: &'static str) -> Result<TcpListener, ServeError> {
    listen(address).map_err(|error| ServeError::Listen {
        address,
        reason: error.to_string(),
        flag,
    })
}

fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() {
        TcpSocket::new_v4()?
    } else {
        TcpSocket::new_v6()?
    };
    // The port of a server that has just ended is free; elsewhere the word means that it may be taken from others.
    #[cfg(unix)]
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(WAITING)
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

/// Reads certificate and key anew at each SIGHUP.
fn reload_on_hangup(tls: Arc<Tls>, stopping: CancellationToken) {
    let mut hangup = match signal(SignalKind::hangup()) {
        Ok(hangup) => hangup,
        Err(error) => {
            tracing::warn!(%error, "SIGHUP cannot be received; a new certificate needs a new start");
            return;
        }
    };
    tokio::spawn(stopping.run_until_cancelled_owned(async move {
        while hangup.recv().await.is_some() {
            match tls.reload() {
                Ok(()) => tracing::info!(fingerprint = %tls.fingerprint(), "the certificate was read anew"),
                Err(error) => tracing::error!(%error, "the certificate stays as it was"),
            }
        }
    }));
}

/// What stands between the network and the service.
#[derive(Default)]
pub(super) struct Front {
    tls: Option<Arc<Tls>>,
    proxies: Proxies,
    limits: Limits,
}

/// A server that listens.
pub(super) struct Running {
    state: AppState,
    accept: Arc<Accept>,
}

impl Running {
    /// Answers on `listener` from now on.
    pub(super) fn start(listener: TcpListener, state: AppState, front: Front) -> Self {
        let accept = Arc::new(Accept {
            router: router(state.clone()),
            limits: Arc::new(front.limits),
            tls: front.tls,
            proxies: Arc::new(front.proxies),
            meters: Arc::clone(&state.meters),
            connections: TaskTracker::new(),
            stopping: state.stopping.clone(),
            cut_off: CancellationToken::new(),
            addresses: limits::Addresses::default(),
            farewells: Accept::farewells(),
            held_back: Accept::held_back(),
        });
        accept.connections.spawn(Arc::clone(&accept).run(listener));
        Self { state, accept }
    }

    /// Tells what is counted to whoever asks on `listener`.
    fn listen_for_monitoring(&self, listener: TcpListener) {
        let router: Router = metrics::router(self.state.clone());
        // However many others there are, the operator finds a place.
        let mut limits = Limits::clone(&self.accept.limits);
        limits.connections += FOR_MONITORING;
        let accept = Arc::new(Accept {
            router,
            limits: Arc::new(limits),
            held_back: Accept::held_back(),
            tls: None,
            ..Accept::clone(&self.accept)
        });
        self.accept.connections.spawn(accept.run(listener));
    }

    /// Accepts nothing more, lets requests end, says goodbye to event streams, and closes the store.
    pub(super) async fn stop(self, log: AtClose) {
        let connections = &self.accept.connections;
        self.state.stopping.cancel();
        self.state.watch.stop().await;
        connections.close();
        let drain = self.accept.limits.drain_time;
        if tokio::time::timeout(drain, connections.wait()).await.is_err() {
            tracing::warn!(open = connections.len(), "cutting off what has not ended");
            self.accept.cut_off.cancel();
            connections.wait().await;
        }
        self.state.store.close(log).await;
    }
}
