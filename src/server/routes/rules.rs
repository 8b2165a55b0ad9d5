//! The user's rules: list, make, change, remove.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::{Conflict, Failures, Full, NotFound};
use crate::api::{NewRule, Rule, RulePatch};
use crate::server::entry;
use crate::server::error::ServerError;
use crate::server::extract::{Json as Body, Path, Session};
use crate::server::state::AppState;
use crate::server::store::rules;

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list, add))
        .routes(routes!(change, remove))
}

/// The user's rules.
///
/// Of several that match a description, the most exact one decides.
#[utoipa::path(get, path = "/v1/rules", operation_id = "listRules", tag = "rules",
    security(("bearer" = [])),
    responses((status = 200, body = Vec<Rule>, description = "By their words."),
              Failures))]
async fn list(State(state): State<AppState>, session: Session) -> Result<Json<Vec<Rule>>, ServerError> {
    Ok(Json(state.store.read(|tx| rules::list(tx, &session.scope))?))
}

/// Makes a rule, which holds for what is added from now on.
///
/// It takes the place of a rule of the same words.
#[utoipa::path(post, path = "/v1/rules", operation_id = "addRule", tag = "rules",
    request_body = NewRule, security(("bearer" = [])),
    responses((status = 201, body = Rule, description = "Made."),
              (status = 200, body = Rule, description = "Took the place of one of the same words."),
              Failures, Conflict, Full))]
async fn add(
    State(state): State<AppState>,
    session: Session,
    Body(request): Body<NewRule>,
) -> Result<(StatusCode, Json<Rule>), ServerError> {
    let scope = session.scope;
    let pattern = entry::rule(&request)?;
    let (rule, new) = state
        .store
        .write(move |tx| rules::add(tx, &scope, &request, &pattern))
        .await?;
    let status = if new { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, Json(rule)))
}

/// Changes the fields of a rule that are sent: the words, the category.
#[utoipa::path(patch, path = "/v1/rules/{id}", operation_id = "changeRule", tag = "rules",
    params(("id" = Uuid, Path, description = "Which rule.")), request_body = RulePatch, security(("bearer" = [])),
    responses((status = 200, body = Rule, description = "The rule as it is now."),
              Failures, NotFound, Conflict, Full))]
async fn change(
    State(state): State<AppState>,
    session: Session,
    Path(id): Path<Uuid>,
    Body(patch): Body<RulePatch>,
) -> Result<Json<Rule>, ServerError> {
    let scope = session.scope;
    let change = entry::rule_change(&patch)?;
    let rule = state
        .store
        .write(move |tx| rules::change(tx, &scope, id, &change))
        .await?;
    Ok(Json(rule))
}

/// Takes a rule away.
///
/// The expenses that it has put into its category stay there.
#[utoipa::path(delete, path = "/v1/rules/{id}", operation_id = "removeRule", tag = "rules",
    params(("id" = Uuid, Path, description = "Which rule.")), security(("bearer" = [])),
    responses((status = 204, description = "It is gone."),
              Failures, NotFound, Full))]
async fn remove(
    State(state): State<AppState>,
    session: Session,
    Path(id): Path<Uuid>,
) -> Result<StatusCode, ServerError> {
    let scope = session.scope;
    state.store.write(move |tx| rules::remove(tx, &scope, id)).await?;
    Ok(StatusCode::NO_CONTENT)
}
