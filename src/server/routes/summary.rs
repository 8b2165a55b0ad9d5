//! The overview's numbers.

use axum::extract::State;
use axum::http::{HeaderName, header};
use bytes::Bytes;
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

type Answer = ([(HeaderName, &'static str); 1], Bytes);

/// Everything the overview draws for a month; the user's current month when left out.
#[utoipa::path(get, path = "/v1/summary", operation_id = "readSummary", tag = "budget",
    params(MonthQuery), security(("bearer" = [])),
    responses((status = 200, body = Summary, description = "The month."),
              Failures, Full))]
async fn read(
    State(state): State<AppState>,
    session: Session,
    Query(query): Query<MonthQuery>,
) -> Result<Answer, ServerError> {
    session.judge_day(&state).await?;
    let scope = session.scope;
    let month = query.month.unwrap_or_else(|| scope.month());
    let json = |body| ([(header::CONTENT_TYPE, "application/json")], body);
    if let Some(body) = state.summaries.get(&scope, month, session.user.account.revision) {
        return Ok(json(body));
    }
    let summary = state.store.read(|tx| summary::of_month(tx, &scope, month))?;
    let body = Bytes::from(serde_json::to_vec(&summary).map_err(|_| ServerError::Internal)?);
    // Somebody may have changed something since the session was read: the summary says what it is a summary of.
    state.summaries.put(&scope, month, summary.revision, body.clone());
    Ok(json(body))
}
