//! The service: REST API, classic API, store.
//!
//! | file | what it does |
//! | --- | --- |
//! | `serve`, `embedded` | listen, keep limits, stop in order |
//! | `routes/` | `/v1`, one file for each area |
//! | `classic` | the five calls of the original server |
//! | `auth`, `token`, `password`, `throttle` | who may do what, and how often |
//! | `entry` | checks an expense and finds its category |
//! | `backends/` | asks a service outside where the local prediction is not enough |
//! | `hub`, `watch` | tell event streams what has changed, here or in another process |
//! | `store/` | the data |

mod auth;
pub mod backends;
mod classic;
pub mod demo;
pub mod embedded;
mod entry;
mod error;
mod extract;
mod files;
mod guard;
mod hub;
mod password;
mod routes;
mod seed;
mod serve;
mod state;
pub mod store;
#[cfg(test)]
mod tests;
mod throttle;
mod token;
mod watch;

use axum::Router;
use axum::middleware::from_fn;

pub use error::ServerError;
pub use routes::openapi::document as openapi;
pub use serve::{ServeError, ServeOptions, serve};
pub use state::{AppState, Clock, Demo, system_clock};
pub use store::{Database, UnknownDatabase};

/// The whole service over `state`; the classic calls are in it when the state says so.
pub fn router(state: AppState) -> Router {
    let mut routes = routes::router();
    if state.classic_api {
        routes = routes.merge(classic::router());
    }
    routes.layer(from_fn(guard::outermost)).with_state(state)
}
