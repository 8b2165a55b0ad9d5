//! What surrounds every handler: a time limit, no panic that gets out, headers, one line in the log.

use std::panic::AssertUnwindSafe;
use std::time::{Duration, Instant};

use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures::FutureExt;

use super::error::ServerError;

/// The longest time from the end of the header to the beginning of the answer.
const TIME_LIMIT: Duration = Duration::from_secs(15);

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Limits the time and catches panics of a `/v1` handler.
pub async fn v1(request: Request, next: Next) -> Response {
    guarded(request, next).await.unwrap_or_else(IntoResponse::into_response)
}

/// Runs the handler; an error when it took too long or panicked.
pub async fn guarded(request: Request, next: Next) -> Result<Response, ServerError> {
    let answer = AssertUnwindSafe(next.run(request)).catch_unwind();
    match tokio::time::timeout(TIME_LIMIT, answer).await {
        Ok(Ok(response)) => Ok(response),
        Ok(Err(_)) => Err(ServerError::Internal),
        Err(_) => Err(ServerError::Timeout),
    }
}

/// Adds the headers of every answer and writes the log line. The address as it came is never logged: it may
/// hold a token.
pub async fn outermost(request: Request, next: Next) -> Response {
    let start = Instant::now();
    let id = uuid::Uuid::now_v7().simple().to_string();
    let method = request.method().clone();
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or_else(|| "-".to_owned(), |path| path.as_str().to_owned());
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if let Ok(id) = HeaderValue::from_str(&id) {
        headers.insert(REQUEST_ID, id);
    }
    let ms = u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX);
    tracing::info!(%method, route, status = response.status().as_u16(), ms, id, "request");
    response
}
