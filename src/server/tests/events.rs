//! The event stream: the first revision at once, then each change, then goodbye.

use std::net::Ipv4Addr;
use std::time::Duration;

use axum::body::{Body, BodyDataStream};
use axum::http::Request;
use futures::StreamExt;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use serde_json::json;
use tokio::sync::mpsc;
use uuid::Uuid;

use super::database::TestDatabase;
use super::{App, request};
use crate::server::hub::MAX_STREAMS;
use crate::server::state::{AppState, Demo};
use crate::server::store::{AtClose, Store, accounts};
use crate::server::token::Token;
use crate::server::{auth, watch};

/// Long enough for a slow machine; only reached when the test fails.
const PATIENCE: Duration = Duration::from_secs(20);

struct Events(BodyDataStream);

impl Events {
    async fn open(app: &App, token: &str) -> Self {
        Self::read(app, request("GET", "/v1/events", token, None)).await
    }

    async fn resume(app: &App, token: &str, last: &str) -> Self {
        let mut request = request("GET", "/v1/events", token, None);
        if !last.is_empty() {
            request.headers_mut().insert("last-event-id", last.parse().unwrap());
        }
        Self::read(app, request).await
    }

    async fn read(app: &App, request: Request<Body>) -> Self {
        let response = app.send(request).await;
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

    async fn revision(&mut self) -> i64 {
        let event = self.next().await.unwrap();
        let (_, data) = event.split_once("data: ").unwrap();
        let number = data.trim().parse().unwrap();
        assert_eq!(event, revision(number));
        number
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
    let mut others = Events::open(&app, &other).await;
    assert_eq!(others.next().await, Some(revision(0)));
    app.call("POST", "/v1/logout", &token, None).await;
    assert_eq!(events.next().await, None, "its stream ends without any other news");
    assert_eq!(others.next().await, Some(revision(1)));
    app.post("/v1/expenses", &other, expense()).await;
    assert_eq!(others.next().await, Some(revision(2)));
}

#[tokio::test]
async fn a_session_that_another_server_ends_loses_its_stream() {
    let app = App::new();
    let token = app.user("ada").await;
    let mut events = Events::open(&app, &token).await;
    assert_eq!(events.next().await, Some(revision(0)));
    let second = AppState::open(app.place.database(), app.clock(), false, Demo::Absent).unwrap();
    let session = auth::authenticate(&second, &token).unwrap();
    auth::log_out(&second, Ipv4Addr::LOCALHOST.into(), &session)
        .await
        .unwrap();
    assert_eq!(events.next().await, None);
    second.store.close(AtClose::EmptyLog).await;
}

#[tokio::test]
async fn a_client_is_not_told_again_what_it_knows() {
    let app = App::new();
    let token = app.user("ada").await;
    for _ in 0..3 {
        app.post("/v1/expenses", &token, expense()).await;
    }
    for (last, wanted) in [
        ("2", Some(3)),
        ("3", None),
        ("9", Some(3)),
        ("", Some(3)),
        ("x", Some(3)),
    ] {
        let mut events = Events::resume(&app, &token, last).await;
        if let Some(wanted) = wanted {
            assert_eq!(events.next().await, Some(revision(wanted)), "{last}");
        }
        drop(events);
    }
    let mut events = Events::resume(&app, &token, "3").await;
    app.post("/v1/expenses", &token, expense()).await;
    assert_eq!(
        events.next().await,
        Some(revision(4)),
        "the first event is the first news"
    );
}

/// Cuts the stream 300 times while somebody else writes: every state in which the stream is left is told after it is
/// opened again, and none twice.
#[tokio::test]
async fn a_stream_that_is_cut_goes_on_where_it_was() {
    let app = App::new();
    let token = app.user("ada").await;
    let mut dice = StdRng::seed_from_u64(15);
    let (mut told, mut now) = (Vec::new(), 0);
    let mut add = async |times: u32| {
        for _ in 0..times {
            app.post("/v1/expenses", &token, expense()).await;
            now += 1;
        }
        now
    };
    for cut in 0..300 {
        let before = add(dice.random_range(0..3)).await;
        let last = told.last().map_or_else(String::new, |last: &i64| last.to_string());
        let mut events = Events::resume(&app, &token, &last).await;
        if told.last() != Some(&before) {
            told.push(events.revision().await);
            assert_eq!(told.last(), Some(&before), "missed at cut {cut}");
        }
        // Sometimes the cut comes between a change and its event.
        let after = add(dice.random_range(0..2)).await;
        if after != before && dice.random_bool(0.3) {
            told.push(events.revision().await);
            assert_eq!(told.last(), Some(&after), "missed at cut {cut}");
        }
    }
    assert!(told.len() > 150, "{}", told.len());
    assert!(told.is_sorted_by(|a, b| a < b), "repeated: {told:?}");
}

/// News come faster than a stream tells them: it skips, and ends with the latest.
#[tokio::test]
async fn many_changes_are_few_events() {
    let app = App::new();
    let token = app.user("ada").await;
    let mut events = Events::open(&app, &token).await;
    let begun = std::time::Instant::now();
    let writing = async {
        for _ in 0..60 {
            app.post("/v1/expenses", &token, expense()).await;
        }
    };
    let mut seen = 0;
    let reading = async {
        while events.revision().await < 60 {
            seen += 1;
        }
    };
    tokio::join!(writing, reading);
    let tenths = begun.elapsed().as_millis() / 100;
    assert!(seen <= tenths + 1, "{seen} events in {tenths} tenths of a second");
}

#[tokio::test]
async fn what_another_process_wrote_before_the_watch_began_is_told() {
    if TestDatabase::is_postgres() {
        return;
    }
    let app = App::new();
    let token = app.user("ada").await;
    let user = Token::parse(&token).unwrap().user;
    let mut stream = app.state.hub.subscribe(user).unwrap();
    let other = Store::open(app.place.database(), 0, Box::new(|_| ())).unwrap();
    other.write(move |tx| accounts::bump(tx, user)).await.unwrap();
    let (seen, noticed) = mpsc::channel(1);
    let following = tokio::spawn(watch::follow(app.state.clone(), noticed));
    stream.changed().await.unwrap();
    drop(seen);
    following.await.unwrap();
}

#[tokio::test]
async fn what_another_process_writes_between_commits_of_ones_own_is_told() {
    if TestDatabase::is_postgres() {
        return;
    }
    let app = App::new();
    let (ada, bob) = (app.user("ada").await, app.user("bob").await);
    let [ada, bob] = [ada, bob].map(|token| Token::parse(&token).unwrap().user);
    let mut stream = app.state.hub.subscribe(ada).unwrap();
    let other = Store::open(app.place.database(), 0, Box::new(|_| ())).unwrap();
    let (bell, noticed) = mpsc::channel(1);
    other.write(move |tx| accounts::bump(tx, ada)).await.unwrap();
    let following = tokio::spawn(watch::follow(app.state.clone(), noticed));
    let patience = Duration::from_secs(30);
    tokio::time::timeout(patience, stream.changed()).await.unwrap().unwrap();
    for round in 1..=20 {
        app.state.store.write(move |tx| accounts::bump(tx, bob)).await.unwrap();
        if round % 3 == 0 {
            bell.send(()).await.unwrap();
        }
        let revision = other.write(move |tx| accounts::bump(tx, ada)).await.unwrap();
        app.state.store.write(move |tx| accounts::bump(tx, bob)).await.unwrap();
        bell.send(()).await.unwrap();
        while *stream.borrow_and_update() < revision {
            tokio::time::timeout(patience, stream.changed())
                .await
                .expect("the other process is not heard")
                .unwrap();
        }
    }
    drop(bell);
    following.await.unwrap();
}
