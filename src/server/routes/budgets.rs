//! Limits by month and category.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::{Conflict, Failures, Full, MonthQuery, NotFound, done};
use crate::api::{Budget, MoveBudget, SetBudget};
use crate::domain::Month;
use crate::server::entry;
use crate::server::error::ServerError;
use crate::server::extract::{Json as Body, Path, Query, Session};
use crate::server::state::AppState;
use crate::server::store::budgets;

/// What a change without a body is based on.
#[derive(Debug, Clone, Copy, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct BaseQuery {
    /// The revision that the change is based on.
    #[param(minimum = 0)]
    base_revision: Option<i64>,
}

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(set, clear))
        .routes(routes!(shift))
}

/// The limits in force in a month, as they were set; the user's current month when left out.
#[utoipa::path(get, path = "/v1/budgets", operation_id = "listBudgets", tag = "budget",
    params(MonthQuery), security(("bearer" = [])),
    responses((status = 200, body = Vec<Budget>, description = "In the display order of the categories."),
              Failures))]
async fn list(
    State(state): State<AppState>,
    session: Session,
    Query(query): Query<MonthQuery>,
) -> Result<Json<Vec<Budget>>, ServerError> {
    let scope = session.scope;
    let month = query.month.unwrap_or_else(|| scope.month());
    Ok(Json(state.store.read(|tx| budgets::list(tx, &scope, month))?))
}

/// Sets a category's limit from a month on, until the next change.
///
/// What was moved to or from it in that month no longer counts. With `base_revision`, a limit that was changed after it
/// stays as it is: 409. Without it, what stands there is replaced, and kept in the history.
#[utoipa::path(put, path = "/v1/budgets/{month}/{category_id}", operation_id = "setBudget", tag = "budget",
    params(("month" = String, Path, description = "The month from which it holds.", pattern = "^(19[7-9]|[2-9][0-9]{2})[0-9]-(0[1-9]|1[0-2])$", example = "2026-11"),
           ("category_id" = Uuid, Path, description = "Which category.")), request_body = SetBudget, security(("bearer" = [])),
    responses((status = 200, body = Budget, description = "The limit as it is now."),
              Failures, NotFound, Conflict, Full))]
async fn set(
    State(state): State<AppState>,
    session: Session,
    Path((month, category)): Path<(Month, Uuid)>,
    Body(wish): Body<SetBudget>,
) -> Result<Json<Budget>, ServerError> {
    let scope = session.scope;
    let limit_minor = entry::limit(&scope, wish.limit_minor)?;
    let base = entry::base(wish.base_revision)?;
    state
        .store
        .write_for(scope, move |tx, scope| {
            budgets::set(tx, scope, category, month, Some(limit_minor), base)
        })
        .await?;
    Ok(Json(Budget {
        category_id: category,
        limit_minor,
        since: month,
    }))
}

/// Clears a category's limit from a month on, until the next change.
///
/// With `base_revision`, a limit that was changed after it stays as it is: 409. Without it, what stands there is kept in
/// the history.
#[utoipa::path(delete, path = "/v1/budgets/{month}/{category_id}", operation_id = "clearBudget", tag = "budget",
    params(BaseQuery, ("month" = String, Path, description = "The month from which it holds.", pattern = "^(19[7-9]|[2-9][0-9]{2})[0-9]-(0[1-9]|1[0-2])$", example = "2026-11"),
           ("category_id" = Uuid, Path, description = "Which category.")), security(("bearer" = [])),
    responses((status = 204, description = "There is no limit from that month on."),
              Failures, NotFound, Conflict, Full))]
async fn clear(
    State(state): State<AppState>,
    session: Session,
    Path((month, category)): Path<(Month, Uuid)>,
    Query(query): Query<BaseQuery>,
) -> Result<StatusCode, ServerError> {
    let base = entry::base(query.base_revision)?;
    done(&state, session.scope, move |tx, scope| {
        budgets::set(tx, scope, category, month, None, base)
    })
    .await
}

/// Takes from one limit what it gives to another, in this month only.
///
/// No more can be given than was set.
#[utoipa::path(post, path = "/v1/budgets/{month}/move", operation_id = "moveBudget", tag = "budget",
    params(("month" = String, Path, description = "The only month that changes.", pattern = "^(19[7-9]|[2-9][0-9]{2})[0-9]-(0[1-9]|1[0-2])$", example = "2026-11")), request_body = MoveBudget, security(("bearer" = [])),
    responses((status = 204, description = "It is moved."),
              Failures, NotFound, Full))]
async fn shift(
    State(state): State<AppState>,
    session: Session,
    Path(month): Path<Month>,
    Body(wish): Body<MoveBudget>,
) -> Result<StatusCode, ServerError> {
    let scope = session.scope;
    entry::amount(&scope, wish.amount_minor)?;
    done(&state, scope, move |tx, scope| budgets::shift(tx, scope, month, &wish)).await
}
