//! The user's categories: list, make, change.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::{Conflict, Failures, Full, NotFound};
use crate::api::{Category, CategoryPatch, MergeCategory, NewCategory};
use crate::server::entry;
use crate::server::error::ServerError;
use crate::server::extract::{Json as Body, Path, Session};
use crate::server::state::AppState;
use crate::server::store::{categories, merge};

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list, add))
        .routes(routes!(change))
        .routes(routes!(merge_into))
}

/// The user's categories.
#[utoipa::path(get, path = "/v1/categories", operation_id = "listCategories", tag = "categories",
    security(("bearer" = [])),
    responses((status = 200, body = Vec<Category>, description = "In display order, hidden ones too."),
              Failures))]
async fn list(State(state): State<AppState>, session: Session) -> Result<Json<Vec<Category>>, ServerError> {
    Ok(Json(state.store.read(|tx| categories::list(tx, &session.scope))?))
}

/// Makes a category.
///
/// Sent again with the same id and body, it is the one that is there already.
#[utoipa::path(post, path = "/v1/categories", operation_id = "addCategory", tag = "categories",
    request_body = NewCategory, security(("bearer" = [])),
    responses((status = 201, body = Category, description = "Made."),
              (status = 200, body = Category, description = "Was there already."),
              Failures, Conflict, Full))]
async fn add(
    State(state): State<AppState>,
    session: Session,
    Body(request): Body<NewCategory>,
) -> Result<(StatusCode, Json<Category>), ServerError> {
    let scope = session.scope;
    let request = entry::category(&request)?;
    let (category, new) = state
        .store
        .write_for(scope, move |tx, scope| categories::add(tx, scope, &request))
        .await?;
    let status = if new { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, Json(category)))
}

/// Changes the fields of a category that are sent.
///
/// The name, how its money moves, what is told about it, whether rests of its limit move on, whether it is hidden.
#[utoipa::path(patch, path = "/v1/categories/{id}", operation_id = "changeCategory", tag = "categories",
    params(("id" = Uuid, Path, description = "Which category.")), request_body = CategoryPatch, security(("bearer" = [])),
    responses((status = 200, body = Category, description = "The category as it is now."),
              Failures, NotFound, Conflict, Full))]
async fn change(
    State(state): State<AppState>,
    session: Session,
    Path(id): Path<Uuid>,
    Body(patch): Body<CategoryPatch>,
) -> Result<Json<Category>, ServerError> {
    let scope = session.scope;
    let change = entry::category_change(&patch)?;
    let category = state
        .store
        .write_for(scope, move |tx, scope| categories::change(tx, scope, id, &change))
        .await?;
    Ok(Json(category))
}

/// Moves everything of a category into another one and takes it away.
///
/// Expenses, limits, which add up, rules and what was learned.
#[utoipa::path(post, path = "/v1/categories/{id}/merge", operation_id = "mergeCategory", tag = "categories",
    params(("id" = Uuid, Path, description = "The category that is taken away.")), request_body = MergeCategory, security(("bearer" = [])),
    responses((status = 200, body = Category, description = "The category that took it in."),
              Failures, NotFound, Full))]
async fn merge_into(
    State(state): State<AppState>,
    session: Session,
    Path(id): Path<Uuid>,
    Body(wish): Body<MergeCategory>,
) -> Result<Json<Category>, ServerError> {
    let scope = session.scope;
    let category = state
        .store
        .write(move |tx| merge::merge(tx, &scope, id, wish.into))
        .await?;
    Ok(Json(category))
}
