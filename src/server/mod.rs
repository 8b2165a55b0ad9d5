//! The service: REST API, classic API, store.
//!
//! | file | what it does |
//! | --- | --- |
//! | `serve`, `embedded` | listen, keep limits, stop in order |
//! | `patience` | leaves connections whose other end does not read |
//! | `routes/` | `/v1`, one file for each area |
//! | `classic` | the five calls of the original server |
//! | `auth`, `second_factor`, `token`, `password`, `codes`, `throttle` | who may do what, and how often |
//! | `admin` | what the administrator does on the database itself |
//! | `entry` | checks an expense and finds its category |
//! | `deed` | what a device did on its own, checked and ready to be stored |
//! | `backends/` | asks a service outside where the local prediction is not enough |
//! | `hub`, `watch` | tell event streams what has changed, here or in another process |
//! | `store/` | the data |

pub mod admin;
mod auth;
pub mod backends;
mod classic;
mod codes;
mod deed;
pub mod demo;
pub mod embedded;
mod entry;
mod error;
mod extract;
mod files;
mod guard;
mod hub;
mod password;
mod patience;
mod routes;
mod second_factor;
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
