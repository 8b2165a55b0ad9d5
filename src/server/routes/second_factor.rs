//! Codes that a log-in asks for besides the password: set them up, turn them off.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{Conflict, Failures, Full, TooMany};
use crate::api::{
    ConfirmSecondFactor, EndSecondFactor, NewSecondFactor, RecoveryCodes, SecondFactor, SecondFactorSecret,
};
use crate::server::error::ServerError;
use crate::server::extract::{Json as Body, Peer, Session};
use crate::server::second_factor;
use crate::server::state::AppState;

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(state, prepare))
        .routes(routes!(confirm))
        .routes(routes!(end))
}

/// Whether a log-in asks for a code.
#[utoipa::path(get, path = "/v1/second-factor", operation_id = "readSecondFactor", tag = "account",
    security(("bearer" = [])),
    responses((status = 200, body = SecondFactor, description = "How it stands."),
              Failures))]
async fn state(State(state): State<AppState>, session: Session) -> Result<Json<SecondFactor>, ServerError> {
    Ok(Json(second_factor::state(&state.store, &session)?))
}

/// Makes a secret for an authenticator app.
///
/// Log-ins ask for its codes once one of them was confirmed.
#[utoipa::path(post, path = "/v1/second-factor", operation_id = "prepareSecondFactor", tag = "account",
    request_body = NewSecondFactor, security(("bearer" = [])),
    responses((status = 201, body = SecondFactorSecret, description = "What the app has to know."),
              Failures, Conflict, TooMany, Full))]
async fn prepare(
    State(state): State<AppState>,
    Peer(peer): Peer,
    session: Session,
    Body(wish): Body<NewSecondFactor>,
) -> Result<(StatusCode, Json<SecondFactorSecret>), ServerError> {
    let secret = second_factor::prepare(&state, peer, &session, wish.password.into()).await?;
    Ok((StatusCode::CREATED, Json(secret)))
}

/// Turns the second factor on with a first code of the app.
#[utoipa::path(post, path = "/v1/second-factor/confirm", operation_id = "confirmSecondFactor", tag = "account",
    request_body = ConfirmSecondFactor, security(("bearer" = [])),
    responses((status = 200, body = RecoveryCodes, description = "The only time that recovery codes are told."),
              Failures, Conflict, TooMany, Full))]
async fn confirm(
    State(state): State<AppState>,
    Peer(peer): Peer,
    session: Session,
    Body(proof): Body<ConfirmSecondFactor>,
) -> Result<Json<RecoveryCodes>, ServerError> {
    Ok(Json(second_factor::confirm(&state, peer, &session, &proof.code).await?))
}

/// Turns the second factor off.
#[utoipa::path(post, path = "/v1/second-factor/off", operation_id = "endSecondFactor", tag = "account",
    request_body = EndSecondFactor, security(("bearer" = [])),
    responses((status = 204, description = "It is off."),
              Failures, TooMany, Full))]
async fn end(
    State(state): State<AppState>,
    Peer(peer): Peer,
    session: Session,
    Body(proof): Body<EndSecondFactor>,
) -> Result<StatusCode, ServerError> {
    second_factor::end(&state, peer, &session, proof.password.into(), &proof.code).await?;
    Ok(StatusCode::NO_CONTENT)
}
