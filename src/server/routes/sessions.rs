//! The user's sessions: list them, end them.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::{Failures, Full, NotFound};
use crate::api::SessionEntry;
use crate::server::error::ServerError;
use crate::server::event::{Event, note};
use crate::server::extract::{Path, Peer, Session};
use crate::server::state::AppState;
use crate::server::store::sessions;

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list, end_others))
        .routes(routes!(end))
}

/// The user's sessions.
#[utoipa::path(get, path = "/v1/sessions", operation_id = "listSessions", tag = "account",
    security(("bearer" = [])),
    responses((status = 200, body = Vec<SessionEntry>, description = "The last used first."),
              Failures))]
async fn list(State(state): State<AppState>, session: Session) -> Result<Json<Vec<SessionEntry>>, ServerError> {
    let (user, now) = (session.user.id, state.now().as_millisecond());
    let listed = state.store.read(|tx| sessions::list(tx, user, now))?;
    let entry = |listed: sessions::Listed| SessionEntry {
        id: listed.id(user),
        current: session.token.matches(&listed.hash),
        label: listed.label,
        created_at: listed.created_at,
        last_seen: listed.last_seen,
        address: listed.address,
    };
    Ok(Json(listed.into_iter().map(entry).collect()))
}

/// Ends one session: at once here, within five seconds on other servers over the same database.
#[utoipa::path(delete, path = "/v1/sessions/{id}", operation_id = "endSession", tag = "account",
    params(("id" = Uuid, Path, description = "Of GET /v1/sessions.")), security(("bearer" = [])),
    responses((status = 204, description = "It has ended."),
              Failures, NotFound, Full))]
async fn end(
    State(state): State<AppState>,
    Peer(peer): Peer,
    session: Session,
    Path(id): Path<Uuid>,
) -> Result<StatusCode, ServerError> {
    let (user, now) = (session.user.id, state.now().as_millisecond());
    state
        .store
        .write(move |tx| sessions::end_one(tx, user, id, now))
        .await?;
    note(Event::SessionEnded, Some(user), peer);
    Ok(StatusCode::NO_CONTENT)
}

/// Ends all sessions but this one.
#[utoipa::path(delete, path = "/v1/sessions", operation_id = "endOtherSessions", tag = "account",
    security(("bearer" = [])),
    responses((status = 204, description = "They have ended."),
              Failures, Full))]
async fn end_others(
    State(state): State<AppState>,
    Peer(peer): Peer,
    session: Session,
) -> Result<StatusCode, ServerError> {
    let token = session.token;
    state
        .store
        .write(move |tx| sessions::end_others(tx, token.user, &token.hash))
        .await?;
    note(Event::OtherSessionsEnded, Some(session.user.id), peer);
    Ok(StatusCode::NO_CONTENT)
}
