//! The event stream: the first revision at once, then each change, then goodbye.

use std::time::Duration;

use axum::body::BodyDataStream;
use futures::StreamExt;
use serde_json::json;
use uuid::Uuid;

use super::{App, request};
use crate::server::hub::MAX_STREAMS;
use crate::server::store::{AtClose, Store, accounts};

/// Long enough for a slow machine; only reached when the test fails.
const PATIENCE: Duration = Duration::from_secs(20);

struct Events(BodyDataStream);

impl Events {
    async fn open(app: &App, token: &str) -> Self {
        let response = app.send(request("GET", "/v1/events", token, None)).await;
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Self(response.into_body().into_data_stream())
    }

    async fn next(&mut self) -> Option<String> {
        let chunk = tokio::time::timeout(PATIENCE, self.0.next())
            .await
            .expect("no event came");
        chunk.map(|bytes| String::from_utf8(bytes.unwrap().to_vec()).unwrap())
    }
}

fn revision(number: i64) -> String {
    format!("event: revision\nid: {number}\ndata: {number}\n\n")
}

fn expense() -> serde_json::Value {
    json!({"id": Uuid::now_v7(), "description": "tea", "amount_minor": 300})
}

#[tokio::test]
async fn a_stream_tells_the_revision_and_then_the_latest_only() {
    let app = App::new();
    let token = app.user("ada").await;
    let mut events = Events::open(&app, &token).await;
    assert_eq!(events.next().await, Some(revision(0)));
    app.post("/v1/expenses", &token, expense()).await;
    assert_eq!(events.next().await, Some(revision(1)));
    for _ in 0..5 {
        app.post("/v1/expenses", &token, expense()).await;
    }
    assert_eq!(events.next().await, Some(revision(6)));
    app.state.stopping.cancel();
    assert_eq!(events.next().await.unwrap(), "event: bye\ndata: stopping\n\n");
    assert_eq!(events.next().await, None);
}

#[tokio::test]
async fn what_another_process_writes_is_told_without_a_poll() {
    let app = App::new();
    let (token, other) = (app.user("ada").await, app.user("bob").await);
    let mut events = Events::open(&app, &token).await;
    assert_eq!(events.next().await, Some(revision(0)));
    // A second store on the database is to the first what another process is.
    let second = Store::open(app.place.database(), 0, Box::new(|_| {})).unwrap();
    let ids: Vec<Uuid> = [&other, &token]
        .iter()
        .map(|token| Uuid::try_parse(token.split('_').nth(1).unwrap()).unwrap())
        .collect();
    for id in ids {
        second.write(move |tx| accounts::bump(tx, id)).await.unwrap();
    }
    assert_eq!(events.next().await, Some(revision(1)));
    second.close(AtClose::EmptyLog).await;
}

#[tokio::test]
async fn a_user_has_a_limited_number_of_streams() {
    let app = App::new();
    let token = app.user("ada").await;
    let mut open = Vec::new();
    for _ in 0..MAX_STREAMS {
        open.push(Events::open(&app, &token).await);
    }
    let refused = app.get("/v1/events", &token).await;
    assert_eq!((refused.status, refused.code()), (429, "too_many_requests"));
    open.pop();
    Events::open(&app, &token).await;
}

#[tokio::test]
async fn a_session_that_ended_learns_nothing_more() {
    let app = App::new();
    let token = app.user("ada").await;
    let login = json!({"name": "ada", "password": super::PASSWORD});
    let other = app.post("/v1/login", "", login).await.body["token"]
        .as_str()
        .unwrap()
        .to_owned();
    let mut events = Events::open(&app, &token).await;
    assert_eq!(events.next().await, Some(revision(0)));
    app.call("POST", "/v1/logout", &token, None).await;
    app.post("/v1/expenses", &other, expense()).await;
    assert_eq!(events.next().await, None);
}
