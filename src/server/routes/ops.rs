//! Whether the process lives, and whether it should be sent requests.

use std::path::Path;
use std::time::Duration;

use axum::extract::State;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{Failures, Full};
use crate::server::error::ServerError;
use crate::server::state::AppState;
use crate::server::store::StoreError;

/// The writer answers within this time, or the server is not ready.
const WRITER_LIMIT: Duration = Duration::from_secs(1);
/// Bytes that must be free beside the database: a log may grow to several MiB at once.
const MIN_FREE: u64 = 64 * 1024 * 1024;

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

/// The server is ready.
///
/// Its writer answers, its file is sound and has room, its schema is the one that this version knows, and it is not
/// stopping.
#[utoipa::path(get, path = "/readyz", operation_id = "isReady", tag = "operation",
    responses((status = 200, body = String, description = "`ready`."),
              Failures, Full))]
async fn readyz(State(state): State<AppState>) -> Result<&'static str, ServerError> {
    if state.stopping.is_cancelled() {
        return Err(ServerError::NotReady("it is stopping"));
    }
    if let Some(damage) = state.store.damage() {
        return Err(damage.into());
    }
    if state
        .store
        .path()
        .is_some_and(|file| free(file).is_some_and(|free| free < MIN_FREE))
    {
        return Err(ServerError::NotReady("its disk has less than 64 MiB of room"));
    }
    match state.store.schema_is_known() {
        Ok(true) => {}
        Ok(false) => return Err(ServerError::NotReady("another version has changed its database")),
        Err(damage @ StoreError::Corrupt(_)) => return Err(damage.into()),
        Err(_) => return Err(ServerError::NotReady("its database does not answer")),
    }
    match tokio::time::timeout(WRITER_LIMIT, state.store.write(|_| Ok(()))).await {
        Ok(Ok(())) => Ok("ready"),
        Ok(Err(StoreError::StorageFull)) => Err(ServerError::NotReady("its disk is full")),
        Ok(Err(damage @ StoreError::Corrupt(_))) => Err(damage.into()),
        Ok(Err(_)) => Err(ServerError::NotReady("its database takes no changes")),
        Err(_) => Err(ServerError::NotReady("a change took longer than a second")),
    }
}

/// Bytes that are free for this user where `file` is; a system that does not tell has enough.
fn free(file: &Path) -> Option<u64> {
    let disk = rustix::fs::statvfs(file).ok()?;
    Some(disk.f_bavail.saturating_mul(disk.f_frsize))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_room_on_a_disk_is_known() {
        let folder = tempfile::tempdir().unwrap();
        assert!(free(folder.path()).is_some());
        assert_eq!(free(&folder.path().join("nothing")), None);
    }
}
