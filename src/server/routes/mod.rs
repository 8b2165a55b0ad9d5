//! The routes of `/v1`, one file for each area, and of the operator's checks.

mod accounts;
mod alerts;
mod batch;
mod budgets;
mod categories;
mod changes;
mod events;
mod expenses;
mod history;
pub mod metrics;
pub(super) mod openapi;
mod ops;
mod predict;
mod rules;
mod second_factor;
mod sessions;
mod summary;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::middleware::from_fn;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;

use super::error::ServerError;
use super::guard;
use super::state::AppState;
use super::store::{Scope, StoreError, Tx};
use crate::domain::Month;
use openapi::failures::{Conflict, Failures, Full, NotFound, Resync, TooMany, Unauthorized};

/// Largest body of a request, bytes.
pub const MAX_BODY: usize = 64 * 1024;
/// Largest body of a request that changes many expenses, bytes: a thousand of them with their categories.
pub const MAX_BULK_BODY: usize = 256 * 1024;

/// Carries out a change of one user's data of which the answer says no more than that it is done.
async fn done<F>(state: &AppState, scope: Scope, change: F) -> Result<StatusCode, ServerError>
where
    F: Fn(&mut dyn Tx, &Scope) -> Result<(), StoreError> + Send + 'static,
{
    state.store.write_for(scope, change).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The router of `/v1`, `/healthz` and `/readyz`, and every refusal of an unknown address.
pub fn router() -> Router<AppState> {
    let (routes, _) = documented().split_for_parts();
    routes
        .fallback(|| async { ServerError::NoSuchPath })
        .method_not_allowed_fallback(|| async { ServerError::MethodNotAllowed })
        .layer(from_fn(guard::v1))
        .layer(DefaultBodyLimit::max(MAX_BODY))
}

/// The routes with what they say of themselves: a route stands in the description because it is here.
fn documented() -> OpenApiRouter<AppState> {
    openapi::described()
        .merge(accounts::router())
        .merge(sessions::router())
        .merge(second_factor::router())
        .merge(categories::router())
        .merge(summary::router())
        .merge(expenses::router())
        .merge(history::router())
        .merge(budgets::router())
        .merge(alerts::router())
        .merge(predict::router())
        .merge(rules::router())
        .merge(changes::router())
        .merge(batch::router())
        .merge(events::router())
        .merge(ops::router())
        .merge(openapi::router())
}

/// A choice of month.
#[derive(Debug, Clone, Copy, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct MonthQuery {
    /// Year and month.
    #[param(value_type = Option<String>, pattern = "^(19[7-9]|[2-9][0-9]{2})[0-9]-(0[1-9]|1[0-2])$", example = "2026-11")]
    month: Option<Month>,
}
