//! Expenses: list, add, change, delete, restore.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::Failures;
use crate::api::{Expense, ExpensePage, ExpensePatch, ExpenseQuery, MAX_PAGE, NewExpense};
use crate::domain::expense::CategorySource;
use crate::server::entry;
use crate::server::error::ServerError;
use crate::server::extract::{Json as Body, Path, Query, Session};
use crate::server::state::AppState;
use crate::server::store::expenses::{self, PageQuery};

/// Rows in a page when the request does not say.
const USUAL_PAGE: u32 = 100;
/// Pages with more rows than this are read on the blocking pool.
const LONG_PAGE: u32 = 200;

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list, add))
        .routes(routes!(change, delete))
        .routes(routes!(restore))
}

/// Expenses, newest day first.
#[utoipa::path(get, path = "/v1/expenses", tag = "expenses", params(ExpenseQuery), security(("bearer" = [])),
    responses((status = 200, body = ExpensePage), Failures))]
async fn list(
    State(state): State<AppState>,
    session: Session,
    Query(query): Query<ExpenseQuery>,
) -> Result<Json<ExpensePage>, ServerError> {
    let scope = session.scope;
    let limit = query.limit.unwrap_or(USUAL_PAGE);
    if !(1..=MAX_PAGE).contains(&limit) {
        return Err(ServerError::field("limit", format!("Ask for 1 to {MAX_PAGE} rows.")));
    }
    let after = query.cursor.as_deref().map(str::parse).transpose();
    let query = PageQuery {
        month: query.month,
        category: query.category_id,
        limit,
        after: after.map_err(|()| ServerError::field("cursor", "Send the page's \"next\" as it came."))?,
    };
    let page = if limit > LONG_PAGE {
        state
            .store
            .read_long(move |tx| expenses::page(tx, &scope, query))
            .await?
    } else {
        state.store.read(|tx| expenses::page(tx, &scope, query))?
    };
    Ok(Json(page))
}

/// Stores an expense. Sent again with the same id and body, it is the one that is stored already.
#[utoipa::path(post, path = "/v1/expenses", tag = "expenses", request_body = NewExpense, security(("bearer" = [])),
    responses((status = 201, body = Expense, description = "Stored."),
              (status = 200, body = Expense, description = "Was stored already."), Failures))]
async fn add(
    State(state): State<AppState>,
    session: Session,
    Body(request): Body<NewExpense>,
) -> Result<(StatusCode, Json<Expense>), ServerError> {
    let scope = session.scope;
    let draft = entry::draft(&state, &scope, &request)?;
    let (expense, new) = state.store.write(move |tx| expenses::add(tx, &scope, &draft)).await?;
    let status = if new { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, Json(expense)))
}

/// Changes the fields that are sent.
#[utoipa::path(patch, path = "/v1/expenses/{id}", tag = "expenses", params(("id" = Uuid, Path)),
    request_body = ExpensePatch, security(("bearer" = [])),
    responses((status = 200, body = Expense), Failures))]
async fn change(
    State(state): State<AppState>,
    session: Session,
    Path(id): Path<Uuid>,
    Body(patch): Body<ExpensePatch>,
) -> Result<Json<Expense>, ServerError> {
    let scope = session.scope;
    let current = state.store.read(|tx| expenses::get(tx, &scope, id))?;
    let chosen = current.category_source == CategorySource::You;
    let change = entry::change(&state, &scope, chosen, &patch)?;
    let expense = state
        .store
        .write(move |tx| expenses::change(tx, &scope, id, &change))
        .await?;
    Ok(Json(expense))
}

/// Takes an expense away; it can be restored. Deleting it again is no error.
#[utoipa::path(delete, path = "/v1/expenses/{id}", tag = "expenses", params(("id" = Uuid, Path)),
    security(("bearer" = [])), responses((status = 204), Failures))]
async fn delete(
    State(state): State<AppState>,
    session: Session,
    Path(id): Path<Uuid>,
) -> Result<StatusCode, ServerError> {
    let scope = session.scope;
    state.store.write(move |tx| expenses::delete(tx, &scope, id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Brings a deleted expense back.
#[utoipa::path(post, path = "/v1/expenses/{id}/restore", tag = "expenses", params(("id" = Uuid, Path)),
    security(("bearer" = [])), responses((status = 200, body = Expense), Failures))]
async fn restore(
    State(state): State<AppState>,
    session: Session,
    Path(id): Path<Uuid>,
) -> Result<Json<Expense>, ServerError> {
    let scope = session.scope;
    let expense = state.store.write(move |tx| expenses::restore(tx, &scope, id)).await?;
    Ok(Json(expense))
}
