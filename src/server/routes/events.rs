//! `GET /v1/events`: one number each time the user's data has changed.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures::Stream;
use futures::stream::unfold;
use tokio::sync::watch;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{Failures, TooMany};
use crate::server::error::ServerError;
use crate::server::extract::Session;
use crate::server::state::AppState;
use crate::server::store::{accounts, sessions};

/// How often a silent stream shows that it lives.
const KEEP_ALIVE: Duration = Duration::from_secs(15);
/// What a user with too many streams is told to wait.
const FULL_PAUSE: Duration = Duration::from_secs(15);

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(events))
}

/// The user's revision: at once, then after every change.
///
/// A slow reader only gets the latest. `event: bye` says that the server stops.
#[utoipa::path(get, path = "/v1/events", operation_id = "followChanges", tag = "account",
    security(("bearer" = [])),
    responses((status = 200, content_type = "text/event-stream", body = String, description = "The stream."),
              Failures, TooMany))]
async fn events(
    State(state): State<AppState>,
    session: Session,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, ServerError> {
    // Listening begins before the first revision is read, so that no change falls between the two.
    let news = state
        .hub
        .subscribe(session.user.id)
        .ok_or(ServerError::TooMany(FULL_PAUSE))?;
    state.watch.start(&state);
    let first = state.store.read(|tx| accounts::revision(tx, session.user.id))?;
    state.hub.publish(&[(session.user.id, first)]);
    let follower = Follower {
        state,
        session,
        news,
        last: None,
        ended: false,
    };
    let stream = unfold(follower, Follower::next);
    Ok(Sse::new(stream).keep_alive(KeepAlive::new().interval(KEEP_ALIVE)))
}

struct Follower {
    state: AppState,
    session: Session,
    news: watch::Receiver<i64>,
    last: Option<i64>,
    ended: bool,
}

impl Follower {
    async fn next(mut self) -> Option<(Result<Event, Infallible>, Self)> {
        if self.ended {
            return None;
        }
        loop {
            let revision = *self.news.borrow_and_update();
            if self.last.is_none_or(|last| revision > last) {
                if !self.session_holds() {
                    return None;
                }
                self.last = Some(revision);
                let number = revision.to_string();
                let event = Event::default().event("revision").id(&number).data(number);
                return Some((Ok(event), self));
            }
            let stopping = self.state.stopping.clone();
            tokio::select! {
                () = stopping.cancelled() => {
                    self.ended = true;
                    return Some((Ok(Event::default().event("bye").data("stopping")), self));
                }
                changed = self.news.changed() => changed.ok()?,
            }
        }
    }

    /// A session that has ended in the meantime learns nothing more.
    fn session_holds(&self) -> bool {
        let (token, now) = (&self.session.token, self.state.now().as_millisecond());
        let found = self
            .state
            .store
            .read(|tx| sessions::find(tx, token.user, &token.hash, now));
        !matches!(found, Ok(None))
    }
}
