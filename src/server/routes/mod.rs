//! The routes of `/v1`, one file for each area, and of the operator's checks.

mod accounts;
mod alerts;
mod batch;
mod budgets;
mod categories;
mod changes;
mod events;
mod expenses;
pub mod metrics;
mod openapi;
mod ops;
mod predict;
mod rules;
mod second_factor;
mod sessions;
mod summary;

use std::collections::BTreeMap;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn;
use serde::Deserialize;
use utoipa::openapi::{ContentBuilder, Ref, RefOr, Response, ResponseBuilder};
use utoipa::{IntoParams, IntoResponses};
use utoipa_axum::router::OpenApiRouter;

use super::error::ServerError;
use super::guard;
use super::state::AppState;
use crate::domain::Month;

/// Largest body of a request, bytes.
pub const MAX_BODY: usize = 64 * 1024;
/// Largest body of a request that changes many expenses, bytes: a thousand of them with their categories.
pub const MAX_BULK_BODY: usize = 256 * 1024;

/// The router of `/v1`, `/healthz` and `/readyz`, and every refusal of an unknown address.
pub fn router() -> Router<AppState> {
    // The description is made anew when somebody asks for it: few do, and it is large.
    let (routes, _) = documented().split_for_parts();
    routes
        .merge(openapi::router())
        .fallback(|| async { ServerError::NoSuchPath })
        .method_not_allowed_fallback(|| async { ServerError::MethodNotAllowed })
        .layer(from_fn(guard::v1))
        .layer(DefaultBodyLimit::max(MAX_BODY))
}

fn documented() -> OpenApiRouter<AppState> {
    openapi::described()
        .merge(accounts::router())
        .merge(sessions::router())
        .merge(second_factor::router())
        .merge(categories::router())
        .merge(summary::router())
        .merge(expenses::router())
        .merge(budgets::router())
        .merge(alerts::router())
        .merge(predict::router())
        .merge(rules::router())
        .merge(changes::router())
        .merge(batch::router())
        .merge(events::router())
        .merge(ops::router())
}

/// A choice of month.
#[derive(Debug, Clone, Copy, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct MonthQuery {
    /// Year and month.
    #[param(value_type = Option<String>, example = "2026-11")]
    month: Option<Month>,
}

/// The answers that every call may give besides its own.
pub struct Failures;

impl IntoResponses for Failures {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        let failure = |description: &str| {
            let body = ContentBuilder::new()
                .schema(Some(Ref::from_schema_name("ErrorBody")))
                .build();
            let response = ResponseBuilder::new().description(description);
            RefOr::T(response.content("application/json", body).build())
        };
        BTreeMap::from([
            (
                "4XX".to_owned(),
                failure("The request is at fault; `error.code` says how and `error.message` what to do."),
            ),
            (
                "5XX".to_owned(),
                failure("The server is busy, failing or full; `Retry-After` may say when to come back."),
            ),
        ])
    }
}
