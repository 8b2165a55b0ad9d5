//! Limits by month and category.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::{Failures, MonthQuery};
use crate::api::{Budget, MoveBudget, SetBudget};
use crate::domain::Month;
use crate::server::entry;
use crate::server::error::ServerError;
use crate::server::extract::{Json as Body, Path, Query, Session};
use crate::server::state::AppState;
use crate::server::store::budgets;

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(set, clear))
        .routes(routes!(shift))
}

/// The limits in force in a month, as they were set; the user's current month when left out.
#[utoipa::path(get, path = "/v1/budgets", tag = "budget", params(MonthQuery), security(("bearer" = [])),
    responses((status = 200, body = Vec<Budget>), Failures))]
async fn list(
    State(state): State<AppState>,
    session: Session,
    Query(query): Query<MonthQuery>,
) -> Result<Json<Vec<Budget>>, ServerError> {
    let scope = session.scope;
    let month = query.month.unwrap_or_else(|| scope.month());
    Ok(Json(state.store.read(|tx| budgets::list(tx, &scope, month))?))
}

/// Sets a category's limit from a month on, until the next change; what was moved to or from it in that month no
/// longer counts.
#[utoipa::path(put, path = "/v1/budgets/{month}/{category_id}", tag = "budget",
    params(("month" = String, Path, example = "2026-11"), ("category_id" = Uuid, Path)),
    request_body = SetBudget, security(("bearer" = [])),
    responses((status = 200, body = Budget), Failures))]
async fn set(
    State(state): State<AppState>,
    session: Session,
    Path((month, category)): Path<(Month, Uuid)>,
    Body(wish): Body<SetBudget>,
) -> Result<Json<Budget>, ServerError> {
    let scope = session.scope;
    let limit_minor = entry::limit(&scope, wish.limit_minor)?;
    state
        .store
        .write_for(scope, move |tx, scope| {
            budgets::set(tx, scope, category, month, Some(limit_minor), wish.base_revision)
        })
        .await?;
    Ok(Json(Budget {
        category_id: category,
        limit_minor,
        since: month,
    }))
}

/// Clears a category's limit from a month on, until the next change.
#[utoipa::path(delete, path = "/v1/budgets/{month}/{category_id}", tag = "budget",
    params(("month" = String, Path, example = "2026-11"), ("category_id" = Uuid, Path)),
    security(("bearer" = [])), responses((status = 204), Failures))]
async fn clear(
    State(state): State<AppState>,
    session: Session,
    Path((month, category)): Path<(Month, Uuid)>,
) -> Result<StatusCode, ServerError> {
    let scope = session.scope;
    state
        .store
        .write_for(scope, move |tx, scope| {
            budgets::set(tx, scope, category, month, None, None)
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes from one limit what it gives to another, in this month only. No more can be given than was set.
#[utoipa::path(post, path = "/v1/budgets/{month}/move", tag = "budget",
    params(("month" = String, Path, example = "2026-11")), request_body = MoveBudget,
    security(("bearer" = [])), responses((status = 204), Failures))]
async fn shift(
    State(state): State<AppState>,
    session: Session,
    Path(month): Path<Month>,
    Body(wish): Body<MoveBudget>,
) -> Result<StatusCode, ServerError> {
    let scope = session.scope;
    entry::amount(&scope, wish.amount_minor)?;
    state
        .store
        .write_for(scope, move |tx, scope| budgets::shift(tx, scope, month, &wish))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
