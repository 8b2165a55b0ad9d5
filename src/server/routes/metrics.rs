//! `GET /metrics` on the operator's own listener.

use axum::Router;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::get;

use crate::server::error::ServerError;
use crate::server::meters;
use crate::server::state::AppState;

/// What is counted, and nothing else.
pub fn router(state: AppState) -> Router {
    Router::new()
        .route("/metrics", get(metrics))
        .fallback(|| async { ServerError::NoSuchPath })
        .with_state(state)
}

async fn metrics(State(state): State<AppState>) -> impl IntoResponse {
    let text = state.meters.text(&state).await;
    ([(header::CONTENT_TYPE, meters::CONTENT_TYPE)], text)
}
