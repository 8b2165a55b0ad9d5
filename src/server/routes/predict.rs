//! Which category fits a description.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::Failures;
use crate::api::{PredictRequest, Prediction};
use crate::server::entry;
use crate::server::error::ServerError;
use crate::server::extract::{Json as Body, Session};
use crate::server::state::AppState;

/// Who types on ends this call and makes another: a service is not asked about every letter.
const TYPING: Duration = Duration::from_millis(300);

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(predict))
}

/// The categories that fit a description; nothing is stored.
#[utoipa::path(post, path = "/v1/predict", operation_id = "predict", tag = "expenses",
    request_body = PredictRequest, security(("bearer" = [])),
    responses((status = 200, body = Prediction, description = "Best first; empty when none fits."),
              Failures))]
async fn predict(
    State(state): State<AppState>,
    session: Session,
    Body(request): Body<PredictRequest>,
) -> Result<Json<Prediction>, ServerError> {
    let scope = session.scope;
    let amount = request
        .amount_minor
        .map(|minor| entry::amount(&scope, minor))
        .transpose()?;
    Ok(Json(
        entry::advised(&state, &scope, &request.description, amount, TYPING).await?,
    ))
}
