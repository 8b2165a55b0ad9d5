//! The overview's numbers.

use axum::Json;
use axum::extract::State;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{Failures, Full, MonthQuery};
use crate::api::Summary;
use crate::server::error::ServerError;
use crate::server::extract::{Query, Session};
use crate::server::state::AppState;
use crate::server::store::summary;

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(read))
}

/// Everything the overview draws for a month; the user's current month when left out.
#[utoipa::path(get, path = "/v1/summary", operation_id = "readSummary", tag = "budget",
    params(MonthQuery), security(("bearer" = [])),
    responses((status = 200, body = Summary, description = "The month."),
              Failures, Full))]
async fn read(
    State(state): State<AppState>,
    session: Session,
    Query(query): Query<MonthQuery>,
) -> Result<Json<Summary>, ServerError> {
    session.judge_day(&state).await?;
    let scope = session.scope;
    let month = query.month.unwrap_or_else(|| scope.month());
    Ok(Json(state.store.read(|tx| summary::of_month(tx, &scope, month))?))
}
