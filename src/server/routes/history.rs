//! What gave way to changes that had not seen it.

use axum::Json;
use axum::extract::State;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::{Failures, NotFound};
use crate::api::{ExpenseHistoryQuery, HistoryQuery, HistoryRow, MAX_PAGE};
use crate::server::error::ServerError;
use crate::server::extract::{Path, Query, Session};
use crate::server::state::AppState;
use crate::server::store::history;

/// Rows in an answer when the request does not say.
const USUAL_ROWS: u32 = 100;

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(of_expense)).routes(routes!(list))
}

/// What gave way in an expense, newest first.
///
/// Each value of a field that was replaced by a change that had not seen it, for 180 days: by one that a device made on
/// its own, or by one without `base_revision`. Also of a deleted expense, with what came too late to change it.
#[utoipa::path(get, path = "/v1/expenses/{id}/history", operation_id = "listExpenseHistory", tag = "expenses",
    params(("id" = Uuid, Path, description = "Which expense."), ExpenseHistoryQuery), security(("bearer" = [])),
    responses((status = 200, body = Vec<HistoryRow>, description = "Newest first."),
              Failures, NotFound))]
async fn of_expense(
    State(state): State<AppState>,
    session: Session,
    Path(id): Path<Uuid>,
    Query(query): Query<ExpenseHistoryQuery>,
) -> Result<Json<Vec<HistoryRow>>, ServerError> {
    let (scope, limit) = (session.scope, rows(query.limit)?);
    let found = move |tx: &mut dyn crate::server::store::Tx| history::of_expense(tx, &scope, id, limit);
    Ok(Json(state.store.read_long(found).await?))
}

/// What gave way in expenses and limits, newest first.
///
/// The change feed tells the same rows, for a client that keeps a copy.
#[utoipa::path(get, path = "/v1/history", operation_id = "listHistory", tag = "sync",
    params(HistoryQuery), security(("bearer" = [])),
    responses((status = 200, body = Vec<HistoryRow>, description = "Newest first."),
              Failures))]
async fn list(
    State(state): State<AppState>,
    session: Session,
    Query(query): Query<HistoryQuery>,
) -> Result<Json<Vec<HistoryRow>>, ServerError> {
    let (scope, limit) = (session.scope, rows(query.limit)?);
    let since = query.since.unwrap_or(0);
    if since < 0 {
        return Err(ServerError::field("since", "Send a revision: 0 or more."));
    }
    let found = move |tx: &mut dyn crate::server::store::Tx| history::since(tx, &scope, since, limit);
    Ok(Json(state.store.read_long(found).await?))
}

fn rows(limit: Option<u32>) -> Result<i64, ServerError> {
    let limit = limit.unwrap_or(USUAL_ROWS);
    if (1..=MAX_PAGE).contains(&limit) {
        Ok(i64::from(limit))
    } else {
        Err(ServerError::field("limit", format!("Ask for 1 to {MAX_PAGE} rows.")))
    }
}
