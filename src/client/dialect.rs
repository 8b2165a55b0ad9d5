//! Which calls a server knows.

use reqwest::{Method, StatusCode};

use crate::api::{Dialect, Failure, Hello, SERVICE};

use super::answer;
use super::http::Http;

/// An answer to go on with now, but not to remember.
pub(super) struct Unsettled(pub Result<Dialect, Failure>);

/// Asks `GET /v1`. Only our server says hello; any other settled answer means the classic calls.
pub(super) async fn probe(http: &Http) -> Result<Dialect, Unsettled> {
    let answer = http
        .send(http.request(Method::GET, &["v1"]))
        .await
        .map_err(|failure| Unsettled(Err(failure)))?;
    if answer.status.is_success() {
        return match serde_json::from_slice::<Hello>(&answer.body) {
            Ok(hello) if hello.service == SERVICE => Ok(Dialect::V1),
            _ if serde_json::from_slice::<serde_json::Value>(&answer.body).is_ok() => Ok(Dialect::Classic),
            // A web page may come from the login page of a network: ask again next time.
            _ => Err(Unsettled(Ok(Dialect::Classic))),
        };
    }
    match answer.status {
        // Frameworks that fail on an unknown path; our own server's 500 has our error shape.
        StatusCode::INTERNAL_SERVER_ERROR if answer::v1_error(&answer.body).is_none() => Ok(Dialect::Classic),
        StatusCode::NOT_IMPLEMENTED => Ok(Dialect::Classic),
        // Ours, too: it says that it wants to be spoken to in another way.
        StatusCode::BAD_REQUEST if answer::v1_error(&answer.body).is_some() => {
            Err(Unsettled(Err(http.refused(&answer))))
        }
        StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_MANY_REQUESTS => Err(Unsettled(Err(http.refused(&answer)))),
        status if status.is_client_error() => Ok(Dialect::Classic),
        _ => Err(Unsettled(Err(http.refused(&answer)))),
    }
}
