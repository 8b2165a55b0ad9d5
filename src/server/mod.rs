//! The service: REST API, classic API, store.
//!
//! | file | what it does |
//! | --- | --- |
//! | `serve/`, `embedded` | listen, speak TLS, keep limits, stop in order |
//! | `guard`, `load`, `meters` | what surrounds every request: limits, log, counters |
//! | `proxies` | who asks, when a proxy stands between |
//! | `certificate` | a certificate that the server signs for itself |
//! | `routes/` | `/v1`, one file for each area |
//! | `classic` | the five calls of the original server |
//! | `auth`, `second_factor`, `token`, `password`, `codes`, `throttle` | who may do what, and how often |
//! | `event` | what happens to accounts, as lines of the log |
//! | `admin` | what the administrator does on the database itself |
//! | `entry` | checks an expense and finds its category |
//! | `deed` | what a device did on its own, checked and ready to be stored |
//! | `backends/` | asks a service outside where the local prediction is not enough |
//! | `care` | what an administrator does: back up, restore, verify, repair |
//! | `hub`, `watch` | tell event streams what has changed, here or in another process |
//! | `summaries` | keeps the last summaries that were sent |
//! | `store/` | the data |

pub mod admin;
mod auth;
pub mod backends;
pub mod care;
pub mod certificate;
mod classic;
mod codes;
mod deed;
pub mod demo;
pub mod embedded;
mod entry;
mod error;
mod event;
mod extract;
mod files;
mod guard;
mod hub;
mod load;
mod meters;
mod password;
mod proxies;
mod routes;
mod second_factor;
mod seed;
mod serve;
mod state;
pub mod store;
mod summaries;
#[cfg(test)]
mod tests;
mod throttle;
mod token;
mod watch;

use axum::Router;
use axum::middleware::from_fn_with_state;

pub use error::ServerError;
pub use proxies::{ForwardedHeader, Proxies};
pub use routes::openapi::document as openapi;
pub use serve::{Limits, Listening, ServeError, ServeOptions, TlsError, TlsFiles, serve};
pub use state::{AppState, Clock, Demo, system_clock};
pub use store::{Database, UnknownDatabase};

/// The whole service over `state`; the classic calls are in it when the state says so.
pub fn router(state: AppState) -> Router {
    let mut routes = routes::router();
    if state.classic_api {
        routes = routes.merge(classic::router());
    }
    let outermost = from_fn_with_state(state.clone(), guard::outermost);
    routes.layer(outermost).with_state(state)
}
