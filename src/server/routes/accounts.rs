//! Which service this is, sign-up, log-in, log-out, the account.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{Conflict, Failures, Full, TooMany, Unauthorized};
use crate::api::{self, Account, AccountPatch, ChangePassword, Hello, LogIn, SignUp};
use crate::server::auth::{self, Application, Visit};
use crate::server::error::ServerError;
use crate::server::extract::{Json as Body, Peer, Session};
use crate::server::state::AppState;
use crate::server::store::calendar;

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(hello))
        .routes(routes!(sign_up))
        .routes(routes!(log_in))
        .routes(routes!(log_out))
        .routes(routes!(account, edit_account))
        .routes(routes!(change_password))
}

/// Which service this is.
#[utoipa::path(get, path = "/v1", operation_id = "hello", tag = "account",
    responses((status = 200, body = Hello, description = "This is a budget server."),
              Failures))]
async fn hello(State(state): State<AppState>) -> Json<Hello> {
    Json(Hello {
        service: api::SERVICE.to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        sign_up: state.sign_up(),
    })
}

/// Makes an account and begins its first session.
#[utoipa::path(post, path = "/v1/signup", operation_id = "signUp", tag = "account",
    request_body = SignUp,
    responses((status = 201, body = api::Session, description = "The account is made; its first session."),
              Failures, Conflict, TooMany, Full))]
async fn sign_up(
    State(state): State<AppState>,
    Peer(peer): Peer,
    Body(wish): Body<SignUp>,
) -> Result<(StatusCode, Json<api::Session>), ServerError> {
    let wish = Application {
        name: wish.name,
        email: wish.email,
        password: wish.password.into(),
        currency: wish.currency,
        time_zone: wish.time_zone,
        month_start: wish.month_start,
        invite: wish.invite.map(Into::into),
        label: wish.label,
    };
    let session = auth::sign_up(&state, peer, wish).await?;
    Ok((StatusCode::CREATED, Json(session)))
}

/// Begins a session.
///
/// Who does not exist, and who has another password, get the same answer.
#[utoipa::path(post, path = "/v1/login", operation_id = "logIn", tag = "account",
    request_body = LogIn,
    responses((status = 200, body = api::Session, description = "A new session."),
              Failures, Unauthorized, TooMany, Full))]
async fn log_in(
    State(state): State<AppState>,
    Peer(peer): Peer,
    Body(who): Body<LogIn>,
) -> Result<Json<api::Session>, ServerError> {
    let visit = Visit {
        name: who.name,
        password: who.password.into(),
        code: who.code.map(Into::into),
        label: who.label,
    };
    let session = auth::log_in(&state, peer, visit).await?;
    Ok(Json(session))
}

/// Ends this session.
#[utoipa::path(post, path = "/v1/logout", operation_id = "logOut", tag = "account",
    security(("bearer" = [])),
    responses((status = 204, description = "The session has ended."),
              Failures, Full))]
async fn log_out(State(state): State<AppState>, Peer(peer): Peer, session: Session) -> Result<StatusCode, ServerError> {
    auth::log_out(&state, peer, &session).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Whose session this is.
#[utoipa::path(get, path = "/v1/account", operation_id = "readAccount", tag = "account",
    security(("bearer" = [])),
    responses((status = 200, body = Account, description = "The account."),
              Failures))]
async fn account(session: Session) -> Json<Account> {
    Json(session.user.account)
}

/// Changes when months begin.
///
/// Every month is summed up and judged anew.
#[utoipa::path(patch, path = "/v1/account", operation_id = "changeAccount", tag = "account",
    request_body = AccountPatch, security(("bearer" = [])),
    responses((status = 200, body = Account, description = "The account as it is now."),
              Failures, Full))]
async fn edit_account(
    State(state): State<AppState>,
    session: Session,
    Body(patch): Body<AccountPatch>,
) -> Result<Json<Account>, ServerError> {
    let scope = session.scope;
    let wish = patch.month_start.map_or(Ok(scope.calendar), auth::calendar)?;
    let account = state
        .store
        .write_for(scope, move |tx, scope| calendar::change(tx, scope, wish))
        .await?;
    Ok(Json(account))
}

/// Changes the password. This session stays; all others end.
#[utoipa::path(post, path = "/v1/password", operation_id = "changePassword", tag = "account",
    request_body = ChangePassword, security(("bearer" = [])),
    responses((status = 204, description = "It is changed."),
              Failures, TooMany, Full))]
async fn change_password(
    State(state): State<AppState>,
    Peer(peer): Peer,
    session: Session,
    Body(change): Body<ChangePassword>,
) -> Result<StatusCode, ServerError> {
    let (old, new) = (change.old_password.into(), change.new_password.into());
    auth::change_password(&state, peer, &session, old, new).await?;
    Ok(StatusCode::NO_CONTENT)
}
