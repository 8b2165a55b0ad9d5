//! Expenses: list, add, change, delete, restore, one by one or many at once.

use axum::Json;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::StatusCode;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::{Conflict, Failures, Full, MAX_BULK_BODY, NotFound, done};
use crate::api::{
    Bulk, Expense, ExpensePage, ExpensePatch, ExpenseQuery, MAX_PAGE, NewExpense, Recategorize, Recategorized,
};
use crate::domain::Filter;
use crate::domain::filter::MAX_FILTER;
use crate::server::entry::{self, LEAST_CONFIDENCE};
use crate::server::error::ServerError;
use crate::server::extract::{Json as Body, Path, Query, Session};
use crate::server::state::AppState;
use crate::server::store::adds::Add;
use crate::server::store::pages::{PageQuery, Place, page};
use crate::server::store::{Scope, Tx, bulk, expenses, recategorize};

/// Rows in a page when the request does not say.
const USUAL_PAGE: u32 = 100;
/// Pages with more rows than this are read on the blocking pool.
const LONG_PAGE: u32 = 200;
/// Expenses that one step of a recategorization looks at.
const STEP: u32 = 500;

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list, add))
        .routes(routes!(change, delete))
        .routes(routes!(restore))
        .routes(routes!(predict_anew))
        .merge(
            OpenApiRouter::new()
                .routes(routes!(change_many))
                .layer(DefaultBodyLimit::max(MAX_BULK_BODY)),
        )
}

/// Expenses: of one month or of all, newest day first unless another order is asked for.
///
/// The first page of a query with `filter` or `review` tells how many were found in all, and their sum.
#[utoipa::path(get, path = "/v1/expenses", operation_id = "listExpenses", tag = "expenses",
    params(ExpenseQuery), security(("bearer" = [])),
    responses((status = 200, body = ExpensePage, description = "A page."),
              Failures))]
async fn list(
    State(state): State<AppState>,
    session: Session,
    Query(query): Query<ExpenseQuery>,
) -> Result<Json<ExpensePage>, ServerError> {
    let scope = session.scope;
    let query = page_query(&scope, &query)?;
    let found = if query.is_short() && query.limit <= LONG_PAGE {
        state.store.read(|tx| page(tx, &scope, &query))?
    } else {
        state.store.read_long(move |tx| page(tx, &scope, &query)).await?
    };
    Ok(Json(found))
}

fn page_query(scope: &Scope, query: &ExpenseQuery) -> Result<PageQuery, ServerError> {
    let limit = query.limit.unwrap_or(USUAL_PAGE);
    if !(1..=MAX_PAGE).contains(&limit) {
        return Err(ServerError::field("limit", format!("Ask for 1 to {MAX_PAGE} rows.")));
    }
    let text = query.filter.as_deref().map(str::trim).filter(|text| !text.is_empty());
    if text.is_some_and(|text| text.chars().count() > MAX_FILTER) {
        return Err(ServerError::field(
            "filter",
            format!("Use at most {MAX_FILTER} characters."),
        ));
    }
    let order = query.order.unwrap_or_default();
    let after = query.cursor.as_deref().map(|cursor| {
        let wrong = || ServerError::field("cursor", "Send the page's \"next\" as it came, with the same order.");
        Place::parse(order, cursor).ok_or_else(wrong)
    });
    Ok(PageQuery {
        month: query.month,
        category: query.category_id,
        filter: text.map(|text| Filter::parse(text, scope.today, scope.calendar, scope.currency)),
        review: query.review.unwrap_or_default(),
        order,
        limit,
        after: after.transpose()?,
    })
}

/// Stores an expense.
///
/// Sent again with the same id and body, it is the one that is stored already.
#[utoipa::path(post, path = "/v1/expenses", operation_id = "addExpense", tag = "expenses",
    request_body = NewExpense, security(("bearer" = [])),
    responses((status = 201, body = Expense, description = "Stored."),
              (status = 200, body = Expense, description = "Was stored already."),
              Failures, Conflict, Full))]
async fn add(
    State(state): State<AppState>,
    session: Session,
    Body(request): Body<NewExpense>,
) -> Result<(StatusCode, Json<Expense>), ServerError> {
    let scope = session.scope;
    // Hundreds of adds may wait for the disk at once: none of them needs more than its scope.
    drop(session);
    let (draft, note) = entry::draft(&state, &scope, &request).await?;
    let (mut expense, new) = state.store.add(Add { scope, draft }).await?;
    let status = if new { StatusCode::CREATED } else { StatusCode::OK };
    expense.note = note.filter(|_| new);
    Ok((status, Json(expense)))
}

/// Changes the fields of an expense that are sent.
///
/// Fields that others have changed meanwhile keep what they got, unless they are sent too. With `base_revision`, one that
/// is sent and was changed to something else after it leaves all as it is: 409, which names it. Without it, what stands
/// there is replaced, and kept in the history.
#[utoipa::path(patch, path = "/v1/expenses/{id}", operation_id = "changeExpense", tag = "expenses",
    params(("id" = Uuid, Path, description = "Which expense.")), request_body = ExpensePatch, security(("bearer" = [])),
    responses((status = 200, body = Expense, description = "The expense as it is now."),
              Failures, NotFound, Conflict, Full))]
async fn change(
    State(state): State<AppState>,
    session: Session,
    Path(id): Path<Uuid>,
    Body(patch): Body<ExpensePatch>,
) -> Result<Json<Expense>, ServerError> {
    let scope = session.scope;
    let current = state.store.read(|tx| expenses::get(tx, &scope, id))?;
    let (change, note) = entry::change(&state, &scope, &current, &patch).await?;
    let mut expense = state
        .store
        .write_for(scope, move |tx, scope| expenses::change(tx, scope, id, &change))
        .await?;
    expense.note = note;
    Ok(Json(expense))
}

/// Takes an expense away; it can be restored.
///
/// Deleting it again is no error.
#[utoipa::path(delete, path = "/v1/expenses/{id}", operation_id = "deleteExpense", tag = "expenses",
    params(("id" = Uuid, Path, description = "Which expense.")), security(("bearer" = [])),
    responses((status = 204, description = "It is taken away."),
              Failures, NotFound, Full))]
async fn delete(
    State(state): State<AppState>,
    session: Session,
    Path(id): Path<Uuid>,
) -> Result<StatusCode, ServerError> {
    done(&state, session.scope, move |tx, scope| expenses::delete(tx, scope, id)).await
}

/// Brings a deleted expense back.
///
/// One that is not deleted stays as it is.
#[utoipa::path(post, path = "/v1/expenses/{id}/restore", operation_id = "restoreExpense", tag = "expenses",
    params(("id" = Uuid, Path, description = "Which expense.")), security(("bearer" = [])),
    responses((status = 200, body = Expense, description = "The expense, which is back."),
              Failures, NotFound, Full))]
async fn restore(
    State(state): State<AppState>,
    session: Session,
    Path(id): Path<Uuid>,
) -> Result<Json<Expense>, ServerError> {
    let scope = session.scope;
    let expense = state
        .store
        .write_for(scope, move |tx, scope| expenses::restore(tx, scope, id))
        .await?;
    Ok(Json(expense))
}

/// Deletes, restores or places many expenses in one step: all of them, or none.
///
/// A category that was changed after `base_revision` is replaced, and kept in the history, as any is without it.
/// 404 names one that does not exist.
#[utoipa::path(post, path = "/v1/expenses/bulk", operation_id = "changeExpenses", tag = "expenses",
    request_body = Bulk, security(("bearer" = [])),
    responses((status = 204, description = "All of them are changed."),
              Failures, NotFound, Full))]
async fn change_many(
    State(state): State<AppState>,
    session: Session,
    Body(step): Body<Bulk>,
) -> Result<StatusCode, ServerError> {
    let step = entry::bulk(step)?;
    done(&state, session.scope, move |tx, scope| bulk::apply(tx, scope, &step)).await
}

/// Predicts anew the category of each expense whose category the user did not choose.
///
/// One step of 500 expenses, newest day first, all of its changes in one revision. A category is never taken away, only
/// replaced.
#[utoipa::path(post, path = "/v1/expenses/recategorize", operation_id = "recategorizeExpenses", tag = "expenses",
    request_body = Recategorize, security(("bearer" = [])),
    responses((status = 200, body = Recategorized, description = "What was changed, or would be."),
              Failures, Full))]
async fn predict_anew(
    State(state): State<AppState>,
    session: Session,
    Body(wish): Body<Recategorize>,
) -> Result<Json<Recategorized>, ServerError> {
    let scope = session.scope;
    let query = page_query(
        &scope,
        &ExpenseQuery {
            month: wish.month,
            limit: Some(STEP),
            cursor: wish.cursor,
            ..ExpenseQuery::default()
        },
    )?;
    let shared = state.clone();
    let look = move |tx: &mut dyn Tx| recategorize::look(tx, &scope, shared.categorizer(), &query, LEAST_CONFIDENCE);
    let mut found = state.store.read_long(look).await?;
    if !wish.dry_run && !found.changes.is_empty() {
        let changes = found.changes;
        found.changes = state
            .store
            .write(move |tx| recategorize::apply(tx, &scope, &changes))
            .await?;
    }
    Ok(Json(found))
}
