//! Alerts: list, mark as seen, keep quiet.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::{Failures, Full, MonthQuery, NotFound, done};
use crate::api::{Alert, Snooze};
use crate::server::entry;
use crate::server::error::ServerError;
use crate::server::extract::{Json as Body, Path, Query, Session};
use crate::server::state::AppState;
use crate::server::store::alerts;

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(mark_read))
        .routes(routes!(mark_all_read))
        .routes(routes!(snooze))
}

/// Alerts of a month, or of all months when left out.
#[utoipa::path(get, path = "/v1/alerts", operation_id = "listAlerts", tag = "alerts",
    params(MonthQuery), security(("bearer" = [])),
    responses((status = 200, body = Vec<Alert>, description = "Newest first, 500 at most."),
              Failures, Full))]
async fn list(
    State(state): State<AppState>,
    session: Session,
    Query(query): Query<MonthQuery>,
) -> Result<Json<Vec<Alert>>, ServerError> {
    session.judge_day(&state).await?;
    let scope = session.scope;
    Ok(Json(state.store.read(|tx| alerts::list(tx, &scope, query.month))?))
}

/// Marks one alert as seen.
#[utoipa::path(post, path = "/v1/alerts/{id}/read", operation_id = "markAlertRead", tag = "alerts",
    params(("id" = Uuid, Path, description = "Which alert.")), security(("bearer" = [])),
    responses((status = 204, description = "It is marked as seen."),
              Failures, NotFound, Full))]
async fn mark_read(
    State(state): State<AppState>,
    session: Session,
    Path(id): Path<Uuid>,
) -> Result<StatusCode, ServerError> {
    done(&state, session.scope, move |tx, scope| alerts::mark_read(tx, scope, id)).await
}

/// Marks all alerts as seen.
#[utoipa::path(post, path = "/v1/alerts/read", operation_id = "markAllAlertsRead", tag = "alerts",
    security(("bearer" = [])),
    responses((status = 204, description = "All are marked as seen."),
              Failures, Full))]
async fn mark_all_read(State(state): State<AppState>, session: Session) -> Result<StatusCode, ServerError> {
    done(&state, session.scope, move |tx, scope| alerts::mark_all_read(tx, scope)).await
}

/// Keeps quiet about the category of an alert until a day that lies ahead.
///
/// Without a day the quiet ends.
#[utoipa::path(put, path = "/v1/alerts/{id}/snooze", operation_id = "snoozeAlert", tag = "alerts",
    params(("id" = Uuid, Path, description = "Which alert.")), request_body = Snooze, security(("bearer" = [])),
    responses((status = 204, description = "So it is."),
              Failures, NotFound, Full))]
async fn snooze(
    State(state): State<AppState>,
    session: Session,
    Path(id): Path<Uuid>,
    Body(wish): Body<Snooze>,
) -> Result<StatusCode, ServerError> {
    let scope = session.scope;
    let until = wish.until.map(|day| entry::snooze(&scope, day)).transpose()?;
    done(&state, scope, move |tx, scope| alerts::snooze(tx, scope, id, until)).await
}
