//! `GET /v1/changes`: what a client that keeps a copy of the data has to know.

use axum::Json;
use axum::extract::State;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{Failures, Full, Resync};
use crate::api::{Changes, ChangesQuery, MAX_PAGE};
use crate::server::error::ServerError;
use crate::server::extract::{Query, Session};
use crate::server::state::AppState;
use crate::server::store::changes::{self, Since};

/// Rows in an answer when the request does not say.
const USUAL_PAGE: u32 = 500;
/// Answers of more rows than this are read on the blocking pool.
const LONG_PAGE: u32 = 100;

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list))
}

/// Everything that changed since a revision, each row once and as it is now.
///
/// The account, categories, limits, expenses, rules, alerts, what gave way (`history`), and what was taken away. Begin with `since=0`, keep each row
/// by its id, take out what is `gone`, and go on with `since` = `next`: at once while there is `more`, later when
/// `GET /v1/events` tells of a revision beyond it. A limit and what was moved have a category and a month instead of an
/// id. 410 (`resync`): begin anew with `since=0` and drop what does not come again; that happens to a client that was away
/// for 180 days, or when the server's data was restored from a backup.
#[utoipa::path(get, path = "/v1/changes", operation_id = "listChanges", tag = "sync",
    params(ChangesQuery), security(("bearer" = [])),
    responses((status = 200, body = Changes, description = "In the order of the revisions."),
              Failures, Resync, Full))]
async fn list(
    State(state): State<AppState>,
    session: Session,
    Query(query): Query<ChangesQuery>,
) -> Result<Json<Changes>, ServerError> {
    let wrong = || ServerError::field("since", "Send \"next\" of the answer before, or 0 to begin.");
    let since: Since = match query.since.as_deref() {
        None => Since::NOTHING,
        Some(since) => since.parse().map_err(|()| wrong())?,
    };
    let limit = query.limit.unwrap_or(USUAL_PAGE);
    if !(1..=MAX_PAGE).contains(&limit) {
        return Err(ServerError::field("limit", format!("Ask for 1 to {MAX_PAGE} rows.")));
    }
    session.judge_day(&state).await?;
    let scope = session.scope;
    let rows = usize::try_from(limit).unwrap_or(usize::MAX);
    let found = if limit <= LONG_PAGE {
        state.store.read(|tx| changes::page(tx, &scope, since, rows))?
    } else {
        let work = move |tx: &mut dyn crate::server::store::Tx| changes::page(tx, &scope, since, rows);
        state.store.read_long(work).await?
    };
    Ok(Json(found))
}
