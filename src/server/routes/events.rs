//! `GET /v1/events`: one number each time the user's data has changed.
//!
//! An open stream is one small task that sleeps. What it has to tell is one number, so a reader that is slow, or does
//! not read at all, holds nobody up and keeps nothing: it finds the latest number when it comes back.

use std::convert::Infallible;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use futures::stream::unfold;
use tokio::sync::watch;
use tokio::time::{Instant, sleep};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::{Failures, TooMany};
use crate::server::error::ServerError;
use crate::server::extract::Session;
use crate::server::state::AppState;
use crate::server::store::{accounts, sessions};

/// How often a silent stream shows that it lives.
const KEEP_ALIVE: Duration = Duration::from_secs(15);
/// What a user with too many streams is told to wait.
const FULL_PAUSE: Duration = Duration::from_secs(15);
/// The least time between two events of a stream: ten in a second.
const LEAST_PAUSE: Duration = Duration::from_millis(100);

/// Has proxies pass each event on at once.
const UNBUFFERED: (HeaderName, HeaderValue) = (
    HeaderName::from_static("x-accel-buffering"),
    HeaderValue::from_static("no"),
);

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(events))
}

/// The user's revision, as server-sent events: at once, then after every change.
///
/// A slow reader only gets the latest. `id` and `data` are the revision: the `since` of `GET /v1/changes` tells what has
/// changed. With `Last-Event-ID`, a client that has this revision already is told only what comes after it. A comment
/// every 15 s shows that the stream lives. `event: bye` says that the server stops; the stream also ends with its
/// session. 8 streams for each user.
#[utoipa::path(get, path = "/v1/events", operation_id = "followChanges", tag = "sync",
    params(("Last-Event-ID" = Option<String>, Header, description = "The last revision that the client was told.",
           example = "1184")), security(("bearer" = [])),
    responses((status = 200, content_type = "text/event-stream", body = String, description = "The stream.",
               example = "event: revision\nid: 1185\ndata: 1185\n\n"),
              Failures, TooMany))]
async fn events(State(state): State<AppState>, session: Session, headers: HeaderMap) -> Result<Response, ServerError> {
    let user = session.user.id;
    // Listening begins before the first revision is read, so that no change falls between the two.
    let news = state.hub.subscribe(user).ok_or(ServerError::TooMany(FULL_PAUSE))?;
    state.watch.start(&state);
    let first = state.store.read(|tx| accounts::revision(tx, user))?;
    state.hub.publish(&[(user, first)]);
    let last = headers.get("last-event-id").and_then(|id| id.to_str().ok());
    let follower = Follower {
        state,
        user,
        token: session.token.hash,
        news,
        // What is no number is no revision of ours.
        last: last.and_then(|id| id.trim().parse().ok()),
        told: None,
        ended: false,
    };
    let body = Body::from_stream(unfold(follower, Follower::next));
    let kind = (header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    Ok(([kind, UNBUFFERED], body).into_response())
}

/// What a stream keeps while it waits: there may be many.
struct Follower {
    state: AppState,
    user: Uuid,
    /// The hash of the session's token.
    token: [u8; 32],
    news: watch::Receiver<i64>,
    /// The revision that the reader has.
    last: Option<i64>,
    /// When it was told.
    told: Option<Instant>,
    ended: bool,
}

/// What ends a stream's sleep.
enum Woken {
    Stopping,
    News,
    Gone,
    Silence,
    Rested,
}

impl Follower {
    async fn next(mut self) -> Option<(Result<Bytes, Infallible>, Self)> {
        if self.ended {
            return None;
        }
        loop {
            let revision = *self.news.borrow_and_update();
            let is_news = self.last != Some(revision);
            let rest = self.told.map(|told| LEAST_PAUSE.saturating_sub(told.elapsed()));
            let rest = rest.filter(|rest| is_news && !rest.is_zero());
            if is_news && rest.is_none() {
                if !self.session_holds() {
                    return None;
                }
                self.last = Some(revision);
                self.told = Some(Instant::now());
                let event = format!("event: revision\nid: {revision}\ndata: {revision}\n\n");
                return Some((Ok(event.into()), self));
            }
            match self.sleep(rest).await {
                Woken::Stopping => {
                    self.ended = true;
                    return Some((Ok(Bytes::from_static(b"event: bye\ndata: stopping\n\n")), self));
                }
                Woken::Gone => return None,
                Woken::Silence => return Some((Ok(Bytes::from_static(b":\n\n")), self)),
                Woken::News | Woken::Rested => {}
            }
        }
    }

    /// Sleeps until there is something to do; through news while it rests.
    async fn sleep(&mut self, rest: Option<Duration>) -> Woken {
        let Self { state, news, .. } = self;
        let stopping = state.stopping.cancelled();
        tokio::select! {
            () = stopping => Woken::Stopping,
            changed = news.changed(), if rest.is_none() => if changed.is_ok() { Woken::News } else { Woken::Gone },
            () = sleep(rest.unwrap_or(KEEP_ALIVE)) => if rest.is_some() { Woken::Rested } else { Woken::Silence },
        }
    }

    /// A session that has ended in the meantime learns nothing more. Whoever ends one moves the revision on, here or on
    /// another server, so that its streams are told to look.
    fn session_holds(&self) -> bool {
        let now = self.state.now().as_millisecond();
        let found = self
            .state
            .store
            .read(|tx| sessions::find(tx, self.user, &self.token, now));
        !matches!(found, Ok(None))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The size of what a function makes.
    fn size<A, R>(_: impl Fn(A) -> R) -> usize {
        size_of::<R>()
    }

    #[test]
    fn an_open_stream_is_small() {
        let waiting = |follower: Follower| unfold(follower, Follower::next);
        assert!(size_of::<Follower>() <= 128, "{}", size_of::<Follower>());
        assert!(size(waiting) <= 1024, "{}", size(waiting));
    }
}
