//! What the operator's monitoring reads: counts and times, never whose.

use std::sync::Arc;
use std::time::Duration;

use axum::http::{Method, StatusCode};
use prometheus_client::encoding::text::encode;
use prometheus_client::encoding::{EncodeLabelSet, EncodeLabelValue};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

use super::load::Load;
use super::state::AppState;
use super::store::Store;

/// What the text is called in `Content-Type`.
pub const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Upper bounds of the times that are counted apart, s.
const SECONDS: [f64; 14] = [
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0,
];

/// The methods that routes know; others share one name, because anybody can make them up.
const METHODS: [&str; 6] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];

/// The routes that check a password.
const LOG_INS: [&str; 2] = ["/v1/login", "/login"];

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Answered {
    method: &'static str,
    route: String,
    status: u16,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Route {
    method: &'static str,
    route: String,
}

/// Why a connection was not let in.
#[derive(Clone, Copy, Debug, Hash, PartialEq, Eq, EncodeLabelValue)]
pub enum TurnedAway {
    /// There are too many in all.
    All,
    /// There are too many from its address.
    Address,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Reason {
    reason: TurnedAway,
}

/// All counters of a server.
pub struct Meters {
    registry: Registry,
    requests: Family<Answered, Counter>,
    seconds: Family<Route, Histogram>,
    failed_log_ins: Counter,
    connections: Gauge,
    turned_away: Family<Reason, Counter>,
    failed_handshakes: Counter,
    running: Gauge,
    streams: Gauge,
    hashes_waiting: Gauge,
    hashes_running: Gauge,
    bytes: Gauge,
    damaged: Gauge,
}

impl Default for Meters {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("budget_tracker");
        let new = Self {
            seconds: Family::new_with_constructor(|| Histogram::new(SECONDS)),
            requests: Family::default(),
            failed_log_ins: Counter::default(),
            connections: Gauge::default(),
            turned_away: Family::default(),
            failed_handshakes: Counter::default(),
            running: Gauge::default(),
            streams: Gauge::default(),
            hashes_waiting: Gauge::default(),
            hashes_running: Gauge::default(),
            bytes: Gauge::default(),
            damaged: Gauge::default(),
            registry: Registry::default(),
        };
        registry.register("requests", "Answered requests", new.requests.clone());
        registry.register(
            "request_seconds",
            "Time from the end of a request's header to the beginning of its answer",
            new.seconds.clone(),
        );
        registry.register(
            "failed_log_ins",
            "Log-ins with a wrong name or password, or too many of them",
            new.failed_log_ins.clone(),
        );
        registry.register("running_requests", "Requests that are worked on", new.running.clone());
        registry.register("connections", "Open connections", new.connections.clone());
        registry.register(
            "turned_away_connections",
            "Connections that found no place, by the limit that was reached",
            new.turned_away.clone(),
        );
        registry.register(
            "failed_handshakes",
            "TLS handshakes that failed or took too long",
            new.failed_handshakes.clone(),
        );
        registry.register("event_streams", "Open event streams", new.streams.clone());
        registry.register(
            "passwords_waiting",
            "Passwords that wait to be checked",
            new.hashes_waiting.clone(),
        );
        registry.register(
            "passwords_running",
            "Passwords that are checked",
            new.hashes_running.clone(),
        );
        registry.register("database_bytes", "Size of the database with its log", new.bytes.clone());
        registry.register(
            "database_damaged",
            "1 when the database is damaged and takes no more changes",
            new.damaged.clone(),
        );
        Self { registry, ..new }
    }
}

/// A connection that is counted until this is dropped.
pub struct Connection(Gauge);

impl Drop for Connection {
    fn drop(&mut self) {
        self.0.dec();
    }
}

impl Meters {
    /// Counts an open connection.
    #[must_use]
    pub fn connection(&self) -> Connection {
        self.connections.inc();
        Connection(self.connections.clone())
    }

    /// Counts a connection that was not let in.
    pub fn turned_away(&self, reason: TurnedAway) {
        self.turned_away.get_or_create(&Reason { reason }).inc();
    }

    /// Counts a handshake that came to nothing.
    pub fn handshake_failed(&self) {
        self.failed_handshakes.inc();
    }

    /// Counts an answer; `route` is the pattern of the path, never the path itself.
    pub fn answered(&self, method: &Method, route: &str, status: StatusCode, time: Duration) {
        let method = METHODS
            .into_iter()
            .find(|known| *known == method.as_str())
            .unwrap_or("other");
        let labels = Answered {
            method,
            route: route.to_owned(),
            status: status.as_u16(),
        };
        self.requests.get_or_create(&labels).inc();
        let Answered { method, route, .. } = labels;
        if LOG_INS.contains(&route.as_str()) && status.is_client_error() {
            self.failed_log_ins.inc();
        }
        self.seconds
            .get_or_create(&Route { method, route })
            .observe(time.as_secs_f64());
    }

    /// Everything that is counted, as Prometheus reads it.
    pub async fn text(&self, state: &AppState) -> String {
        self.running.set(count(state.load.running()));
        self.streams.set(count(state.hub.streams()));
        let (waiting, running) = state.hasher.queue();
        self.hashes_waiting.set(count(waiting));
        self.hashes_running.set(count(running));
        self.damaged.set(state.store.damage().is_some().into());
        // A database that does not tell keeps the last size.
        if let Ok(bytes) = state.store.size().await {
            self.bytes.set(i64::try_from(bytes).unwrap_or(i64::MAX));
        }
        let mut text = String::new();
        // Writing to a string cannot fail.
        let _ = encode(&mut text, &self.registry);
        text
    }
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// The counters of a new server, with those that others keep.
pub(super) fn of(store: &Store, load: &Load) -> Arc<Meters> {
    let mut meters = Meters::default();
    let (registry, writes) = (&mut meters.registry, store.writes());
    registry.register(
        "refused_requests",
        "Requests that were refused because too many ran",
        load.refused.clone(),
    );
    registry.register(
        "waiting_writes",
        "Changes that wait to be on the disk",
        writes.waiting.clone(),
    );
    registry.register(
        "write_seconds",
        "Time from the wish to change something until it is on the disk",
        writes.seconds.clone(),
    );
    Arc::new(meters)
}

/// Times that are counted apart, for others that count times.
pub(super) fn seconds() -> Histogram {
    Histogram::new(SECONDS)
}
