//! The five calls of the original server, for clients that know nothing else.
//!
//! A POST is answered with 200, 400, 401 or 500 and nothing else, because the original client takes any
//! other status for "no server". Every failure is `{"error": "what was wrong"}`.

mod described;

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{DefaultBodyLimit, RawQuery, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::{Json, Router};
use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use serde_json::{Value, json};
use utoipa::{OpenApi, ToSchema};
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouter};
use utoipa_axum::routes;
use uuid::Uuid;

use super::auth::{self, Application, Visit};
use super::error::ServerError;
use super::extract::{Peer, Session, body_refused};
use super::routes::MAX_BODY;
use super::state::AppState;
use super::store::{StoreError, alerts, expenses, summary};
use super::{entry, guard};
use crate::api::{ErrorCode, NewExpense, Summary};
use crate::domain::{Currency, Money};
use described::{Described, LogIn, Message, Notifications, Placed, Refusals, SignUp, Token};

/// What stands for an expense that waits in no category.
const UNCATEGORISED: &str = "Uncategorised";
/// Longest `Idempotency-Key`, bytes.
const MAX_KEY: usize = 255;

/// The five routes.
pub fn router() -> Router<AppState> {
    let (routes, _) = documented().split_for_parts();
    routes.layer(from_fn(surround)).layer(DefaultBodyLimit::max(MAX_BODY))
}

/// The five routes with what they say of themselves. A wrong method on one of them is a wrong request, not 405.
pub(super) fn documented() -> OpenApiRouter<AppState> {
    let any_method = |(schemas, paths, methods): UtoipaMethodRouter<AppState>| {
        OpenApiRouter::new().routes((schemas, paths, methods.fallback(wrong_method)))
    };
    OpenApiRouter::with_openapi(Described::openapi())
        .merge(any_method(routes!(sign_up)))
        .merge(any_method(routes!(log_in)))
        .merge(any_method(routes!(spending)))
        .merge(any_method(routes!(notifications)))
        .merge(any_method(routes!(new_expense)))
}

/// The time limit, the guard against panics, and the notice that these calls are the old ones.
async fn surround(request: Request, next: Next) -> Response {
    let mut response = match guard::guarded(request, next).await {
        Ok(response) => response,
        Err(error) => Refusal(error).into_response(),
    };
    let name = HeaderName::from_static("deprecation");
    response.headers_mut().insert(name, HeaderValue::from_static("true"));
    response
}

/// A failure as the original client reads it.
struct Refusal(ServerError);

impl<E: Into<ServerError>> From<E> for Refusal {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        self.0.log();
        let error = self.0.to_api();
        let status = match error.code.status() {
            401 => StatusCode::UNAUTHORIZED,
            500.. => StatusCode::INTERNAL_SERVER_ERROR,
            _ => StatusCode::BAD_REQUEST,
        };
        let message = match (&error.field, error.code) {
            (Some(field), ErrorCode::Invalid) => format!("{}: {}", classic_name(field), error.message),
            _ => error.message,
        };
        (status, Json(json!({ "error": message }))).into_response()
    }
}

/// What these calls name a field.
fn classic_name(field: &str) -> &str {
    match field {
        "name" => "username",
        "amount_minor" => "amount",
        other => other,
    }
}

async fn wrong_method() -> Refusal {
    invalid("This call uses another method: POST for signup, login and new-expense, GET for the others.")
}

fn invalid(message: impl Into<String>) -> Refusal {
    Refusal(ServerError::Invalid {
        field: None,
        message: message.into(),
    })
}

/// Makes an account.
#[utoipa::path(post, path = "/signup", operation_id = "classicSignUp", tag = "classic", request_body = SignUp,
    responses((status = 200, body = Message, description = "The account is made."), Refusals))]
async fn sign_up(
    State(state): State<AppState>,
    Peer(peer): Peer,
    body: Result<Bytes, BytesRejection>,
) -> Result<Json<Value>, Refusal> {
    let [name, email, password] = texts(body, ["username", "email", "password"])?;
    let wish = Application {
        name,
        email,
        password: password.into(),
        currency: None,
        time_zone: None,
        month_start: None,
        invite: None,
        label: None,
    };
    auth::sign_up(&state, peer, wish).await?;
    Ok(Json(json!({ "message": "The account is ready. Log in to use it." })))
}

/// Begins a session.
#[utoipa::path(post, path = "/login", operation_id = "classicLogIn", tag = "classic", request_body = LogIn,
    responses((status = 200, body = Token, description = "A new session."), Refusals))]
async fn log_in(
    State(state): State<AppState>,
    Peer(peer): Peer,
    body: Result<Bytes, BytesRejection>,
) -> Result<Json<Value>, Refusal> {
    let [name, password] = texts(body, ["username", "password"])?;
    let visit = Visit {
        name,
        password: password.into(),
        code: None,
        label: None,
    };
    let session = auth::log_in(&state, peer, visit).await?;
    Ok(Json(json!({ "token": session.token })))
}

/// One category of the answer to `fetch-user-data`; amounts in major units, exact.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
#[schema(as = ClassicSpending)]
struct Spending {
    /// Its name.
    category_name: String,
    /// Spent this month.
    #[schema(value_type = f64)]
    total_amount: Box<RawValue>,
    /// The limit, if there is one.
    #[schema(value_type = Option<f64>)]
    budget_amount: Option<Box<RawValue>>,
}

/// What was spent in each category this month, or a message when there is nothing yet.
#[utoipa::path(get, path = "/fetch-user-data", operation_id = "classicSpending", tag = "classic",
    params(("token" = String, Query, description = "The token of `/login`.")),
    responses((status = 200, body = inline(described::SpendingOrMessage), description = "The categories."), Refusals))]
async fn spending(State(state): State<AppState>, RawQuery(query): RawQuery) -> Result<Response, Refusal> {
    let [token] = parameters(query.as_deref(), ["token"])?;
    let session = auth::authenticate(&state, &token)?;
    session.judge_day(&state).await.map_err(Refusal)?;
    let scope = session.scope;
    let summary = state.store.read(|tx| summary::of_month(tx, &scope, scope.month()))?;
    let rows = rows(&summary, scope.currency)?;
    if rows.is_empty() {
        return Ok(Json(json!({ "message": "No data available for this user." })).into_response());
    }
    Ok(Json(rows).into_response())
}

fn rows(summary: &Summary, currency: Currency) -> Result<Vec<Spending>, Refusal> {
    let row = |name: &str, spent, limit: Option<i64>| {
        Ok(Spending {
            category_name: name.to_owned(),
            total_amount: number(spent, currency)?,
            budget_amount: limit.map(|limit| number(limit, currency)).transpose()?,
        })
    };
    let mut rows = summary
        .categories
        .iter()
        .filter(|c| c.category.kind.is_spending() && (c.count > 0 || c.limit_minor.is_some()))
        .map(|c| row(&c.category.name, c.spent_minor, c.limit_minor))
        .collect::<Result<Vec<_>, Refusal>>()?;
    if summary.uncategorised.count > 0 {
        rows.push(row(UNCATEGORISED, summary.uncategorised.spent_minor, None)?);
    }
    Ok(rows)
}

/// A JSON number in major units, made from the decimal text so that it never passes through a float.
fn number(minor: i64, currency: Currency) -> Result<Box<RawValue>, Refusal> {
    RawValue::from_string(Money::new(minor, currency).decimal()).map_err(|_| Refusal(ServerError::Internal))
}

/// The alerts of this month.
#[utoipa::path(get, path = "/notifications", operation_id = "classicNotifications", tag = "classic",
    params(("token" = String, Query, description = "The token of `/login`.")),
    responses((status = 200, body = Notifications, description = "The alerts."), Refusals))]
async fn notifications(State(state): State<AppState>, RawQuery(query): RawQuery) -> Result<Json<Value>, Refusal> {
    let [token] = parameters(query.as_deref(), ["token"])?;
    let session = auth::authenticate(&state, &token)?;
    session.judge_day(&state).await.map_err(Refusal)?;
    let scope = session.scope;
    let alerts = state.store.read(|tx| alerts::list(tx, &scope, Some(scope.month())))?;
    let body: Vec<Value> = alerts
        .iter()
        .filter(|alert| alert.resolved_at.is_none())
        .map(|alert| json!({ "Message": alert.message, "CreatedAt": written(alert.created_at) }))
        .collect();
    Ok(Json(json!({ "body": body })))
}

/// A time as text, to the second, UTC.
fn written(ms: i64) -> String {
    Timestamp::from_millisecond(ms).map_or_else(|_| String::new(), |t| t.strftime("%Y-%m-%dT%H:%M:%SZ").to_string())
}

/// Stores an expense of today and finds its category.
#[utoipa::path(post, path = "/new-expense", operation_id = "classicAddExpense", tag = "classic",
    params(("token" = String, Query, description = "The token of `/login`."),
           ("description" = String, Query, description = "What it was for.", min_length = 1, max_length = 256),
           ("amount" = String, Query, description = "Major units.", pattern = "^[0-9]+([.][0-9]+)?$", example = "14.40"),
           ("Idempotency-Key" = Option<String>, Header, description = "The same key is the same expense.",
            min_length = 1, max_length = 255)),
    responses((status = 200, body = Placed, description = "The category."), Refusals))]
async fn new_expense(
    State(state): State<AppState>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Json<Value>, Refusal> {
    let [token, description, amount] = parameters(query.as_deref(), ["token", "description", "amount"])?;
    let session = auth::authenticate(&state, &token)?;
    let scope = session.scope;
    let amount = Money::from_decimal(&amount, scope.currency).and_then(Money::positive);
    let request = NewExpense {
        id: expense_id(&headers, &session)?,
        day: None,
        description,
        amount_minor: amount.map_err(|e| ServerError::field("amount", e))?.minor,
        category_id: None,
    };
    let (draft, _) = entry::draft(&state, &scope, &request).await.map_err(Refusal)?;
    let category = state
        .store
        .write_for(scope, move |tx, scope| {
            let (expense, _) = expenses::add(tx, scope, &draft)?;
            let name = expense
                .category_id
                .map(|id| super::store::categories::chosen(tx, scope, id));
            name.transpose()
        })
        .await
        .map_err(other_expense)?;
    let name = category.map_or_else(|| UNCATEGORISED.to_owned(), |kept| kept.category.name);
    Ok(Json(json!({ "category": name })))
}

/// The same key is the same expense; without a key each call is a new one.
fn expense_id(headers: &HeaderMap, session: &Session) -> Result<Uuid, Refusal> {
    match headers.get("idempotency-key") {
        None => Ok(Uuid::now_v7()),
        Some(key) if (1..=MAX_KEY).contains(&key.len()) => Ok(Uuid::new_v5(&session.user.id, key.as_bytes())),
        Some(_) => Err(invalid(format!("Idempotency-Key: use 1 to {MAX_KEY} characters."))),
    }
}

fn other_expense(error: StoreError) -> Refusal {
    match error {
        StoreError::Conflict { .. } => {
            invalid("Idempotency-Key: another expense was sent with this key. Use a new key for each expense.")
        }
        other => other.into(),
    }
}

/// The named texts of a JSON object; other fields are ignored.
fn texts<const N: usize>(body: Result<Bytes, BytesRejection>, names: [&str; N]) -> Result<[String; N], Refusal> {
    let body = body.map_err(|refused| body_refused(&refused))?;
    let object: serde_json::Map<String, Value> = parse(&body)?;
    let mut texts = [const { String::new() }; N];
    for (text, name) in texts.iter_mut().zip(names) {
        match object.get(name) {
            Some(Value::String(value)) => text.clone_from(value),
            None | Some(Value::Null) => return Err(invalid(format!("\"{name}\" is missing. Send it as text."))),
            Some(_) => return Err(invalid(format!("\"{name}\" must be text."))),
        }
    }
    Ok(texts)
}

fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, Refusal> {
    serde_json::from_slice(body).map_err(|_| invalid("The body must be a JSON object."))
}

/// The named parameters of the query, each exactly once; others are ignored.
fn parameters<const N: usize>(query: Option<&str>, names: [&str; N]) -> Result<[String; N], Refusal> {
    let mut found = [const { None }; N];
    for (name, value) in url::form_urlencoded::parse(query.unwrap_or_default().as_bytes()) {
        if let Some(place) = names.iter().position(|wanted| *wanted == name) {
            if found[place].is_some() {
                return Err(invalid(format!("\"{name}\" is there twice. Send it once.")));
            }
            found[place] = Some(value.into_owned());
        }
    }
    for (value, name) in found.iter().zip(names) {
        if value.is_none() {
            return Err(invalid(format!("The parameter \"{name}\" is missing.")));
        }
    }
    Ok(found.map(Option::unwrap_or_default))
}
