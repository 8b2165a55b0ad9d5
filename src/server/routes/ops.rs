//! Whether the process lives, and whether it should be sent requests.

use std::time::Duration;

use axum::extract::State;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{Failures, Full};
use crate::server::error::ServerError;
use crate::server::state::AppState;

/// The writer answers within this time, or the server is not ready.
const WRITER_LIMIT: Duration = Duration::from_secs(1);

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(healthz)).routes(routes!(readyz))
}

/// The process lives.
#[utoipa::path(get, path = "/healthz", operation_id = "isAlive", tag = "operation",
    responses((status = 200, body = String, description = "`ok`."),
              Failures))]
async fn healthz() -> &'static str {
    "ok"
}

/// The server is ready: its writer answers, its file is sound, and it is not stopping.
#[utoipa::path(get, path = "/readyz", operation_id = "isReady", tag = "operation",
    responses((status = 200, body = String, description = "`ready`."),
              Failures, Full))]
async fn readyz(State(state): State<AppState>) -> Result<&'static str, ServerError> {
    if state.stopping.is_cancelled() {
        return Err(ServerError::Busy);
    }
    if let Some(damage) = state.store.damage() {
        return Err(damage.into());
    }
    match tokio::time::timeout(WRITER_LIMIT, state.store.write(|_| Ok(()))).await {
        Ok(answered) => answered?,
        Err(_) => return Err(ServerError::Busy),
    }
    Ok("ready")
}
