//! What surrounds every handler: limits of time and number, no panic that gets out, headers, one line in the log.
//!
//! Hundreds of requests may wait for the disk at once. What a function has borrowed it holds for as long as it waits,
//! so what looks into a request before the wait takes it and gives it back.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::{Body, Bytes};
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures::{FutureExt, StreamExt, stream};

use tracing::Instrument;

use super::error::ServerError;
use super::load::{Entered, Load};
use super::routes::MAX_BODY;
use super::state::AppState;

/// The longest time from the whole request to the beginning of the answer.
const TIME_LIMIT: Duration = Duration::from_secs(15);
/// A body, or the beginning of a large one, must be there in this time after the header.
const BODY_TIME: Duration = Duration::from_secs(10);

const NO_PAGE: &str = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// What a page in a browser is told.
const FROM_A_PAGE: &str =
    "Pages in a browser are not answered here (header Origin). Use a program, such as budget-tracker.";

/// The routes that say how the server is, however much it has to do.
const CHECKS: [&str; 2] = ["/healthz", "/readyz"];

/// Limits the time and catches panics of a `/v1` handler.
pub fn v1(request: Request, next: Next) -> impl Future<Output = Response> + Send {
    guarded(request, next).map(|answer| answer.unwrap_or_else(IntoResponse::into_response))
}

/// Runs the handler; an error when a page in a browser asks, when too many run, when it took too long, and when it
/// panicked.
///
/// A request takes its place among those that run once its body is there: nobody can fill the places by sending
/// slowly.
pub async fn guarded(request: Request, next: Next) -> Result<Response, ServerError> {
    refuse_pages(&request)?;
    // In a place of its own, which is free again once the body is there.
    let request = tokio::time::timeout(BODY_TIME, Box::pin(with_body(request)))
        .await
        .map_err(|_| ServerError::Timeout)?;
    let (request, place) = enter(request)?;
    let answer = AssertUnwindSafe(next.run(request)).catch_unwind();
    let answer = tokio::time::timeout(TIME_LIMIT, answer).await;
    drop(place);
    match answer {
        Ok(Ok(response)) => Ok(response),
        Ok(Err(_)) => Err(ServerError::Internal),
        Err(_) => Err(ServerError::Timeout),
    }
}

/// Refuses what a page in a browser sends. There is no page of ours, so none has any business here: not one of another
/// site that sends a form to a server on the reader's own machine, and not one whose name was made to lead here. A
/// browser says with every request of a page that may change something where the page is from; programs do not.
fn refuse_pages(request: &Request) -> Result<(), ServerError> {
    if request.headers().contains_key(header::ORIGIN) {
        return Err(ServerError::Forbidden(FROM_A_PAGE));
    }
    Ok(())
}

/// The request with its place among those that run; the operator's checks need none.
fn enter(request: Request) -> Result<(Request, Option<Entered>), ServerError> {
    let load = request
        .extensions()
        .get::<Arc<Load>>()
        .filter(|_| !CHECKS.contains(&route(&request)));
    let place = match load {
        Some(load) => Some(load.enter().ok_or(ServerError::Overloaded)?),
        None => None,
    };
    Ok((request, place))
}

/// The request with its body in memory, or with so much of it as most requests may have: of larger ones the handler
/// reads the rest.
async fn with_body(request: Request) -> Request {
    let (parts, body) = request.into_parts();
    let (mut begun, mut length) = (Vec::new(), 0);
    let mut rest = body.into_data_stream();
    while length <= MAX_BODY {
        match rest.next().await {
            Some(Ok(piece)) => {
                length += piece.len();
                begun.push(Ok::<Bytes, axum::Error>(piece));
            }
            Some(Err(error)) => {
                begun.push(Err(error));
                return Request::from_parts(parts, Body::from_stream(stream::iter(begun)));
            }
            None => {
                let whole: Vec<u8> = begun.into_iter().flatten().flatten().collect();
                return Request::from_parts(parts, Body::from(whole));
            }
        }
    }
    Request::from_parts(parts, Body::from_stream(stream::iter(begun).chain(rest)))
}

/// Adds the headers of every answer, counts it and writes the log line. The address as it came is never logged: it
/// may hold a token.
pub async fn outermost(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let (asked, request) = Asked::of(request, &state);
    let span = tracing::info_span!("answering", id = asked.id);
    let mut response = next.run(request).instrument(span).await;
    asked.finish(&state, &mut response);
    response
}

/// What is remembered of a request until it is answered.
struct Asked {
    start: Instant,
    id: String,
    method: Method,
    route: String,
    chunked: bool,
}

impl Asked {
    /// Remembers the request, and gives it back with what its handler will look for.
    fn of(mut request: Request, state: &AppState) -> (Self, Request) {
        request.extensions_mut().insert(Arc::clone(&state.load));
        let asked = Self {
            start: Instant::now(),
            id: uuid::Uuid::now_v7().simple().to_string(),
            method: request.method().clone(),
            route: route(&request).to_owned(),
            chunked: request.headers().contains_key(header::TRANSFER_ENCODING),
        };
        (asked, request)
    }

    /// Gives the answer its headers, and tells meters and log of it.
    fn finish(self, state: &AppState, response: &mut Response) {
        let Self { id, method, route, .. } = self;
        let headers = response.headers_mut();
        if self.chunked {
            // A proxy may see the end of such a request elsewhere (RFC 9112, 6.1): nothing follows on this connection.
            headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        // Should a browser show an answer as a page after all, it loads nothing, is framed by nothing and tells nothing.
        headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(NO_PAGE));
        headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
        if let Ok(id) = HeaderValue::from_str(&id) {
            headers.insert(REQUEST_ID, id);
        }
        let (status, time) = (response.status(), self.start.elapsed());
        state.meters.answered(&method, &route, status, time);
        let ms = u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        tracing::info!(%method, route, status = status.as_u16(), ms, id, "request");
    }
}

/// The pattern of the path that was asked for.
fn route(request: &Request) -> &str {
    request
        .extensions()
        .get::<MatchedPath>()
        .map_or("-", MatchedPath::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::routing::get;
    use axum::{Router, middleware};
    use http_body_util::BodyExt;
    use tower::ServiceExt;

    #[tokio::test]
    async fn a_handler_that_panics_is_answered_for_without_its_words() {
        let fault = || async {
            let said = "canary-7a1f".to_owned();
            assert!(said.is_empty(), "{said}");
        };
        let router = Router::new().route("/", get(fault)).layer(middleware::from_fn(v1));
        let answer = router.oneshot(Request::new(Body::empty())).await.unwrap();
        assert_eq!(answer.status(), 500);
        let body = answer.into_body().collect().await.unwrap().to_bytes();
        let body = String::from_utf8(body.to_vec()).unwrap();
        assert!(body.contains("\"internal\"") && !body.contains("7a1f"), "{body}");
    }
}
