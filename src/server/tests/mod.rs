//! The service through its router: every route and its failures.

mod accounts;
mod admin;
mod alerts;
mod batch;
mod budgets;
mod bulk;
mod calendar;
mod categories;
mod changes;
mod classic;
#[expect(dead_code, reason = "the tests of the whole program use more of it")]
#[path = "../../../tests/support/cluster.rs"]
mod cluster;
mod contract;
pub(in crate::server) mod database;
mod events;
mod expenses;
mod find;
mod hostile;
mod http;
mod learning;
mod limits;
mod meetings;
mod merge;
mod partitions;
mod rules;
mod second_factor;
mod sessions;
mod sign_up;
mod strangers;
mod summary;

use std::net::{IpAddr, Ipv4Addr};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use axum::response::Response;
use http_body_util::BodyExt;
use jiff::Timestamp;
use serde_json::{Value, json};
use tower::ServiceExt;
use uuid::Uuid;

use super::extract::Peer;
use super::router;
use super::state::{AppState, Clock, Demo};
use database::TestDatabase;

const PASSWORD: &str = "kitchen lamp nine";

/// A service over a database of its own, with a clock that the test sets.
struct App {
    state: AppState,
    router: Router,
    now: Arc<Mutex<Timestamp>>,
    place: TestDatabase,
}

/// An answer, read to its end.
#[derive(Debug)]
struct Answer {
    status: u16,
    headers: HeaderMap,
    body: Value,
}

impl Answer {
    fn code(&self) -> &str {
        self.body["error"]["code"].as_str().unwrap_or_default()
    }

    fn field(&self) -> &str {
        self.body["error"]["field"].as_str().unwrap_or_default()
    }
}

impl App {
    fn new() -> Self {
        Self::with(Demo::Absent)
    }

    fn with(demo: Demo) -> Self {
        let place = TestDatabase::new();
        let now = Arc::new(Mutex::new("2026-11-22T12:00:00Z".parse().unwrap()));
        let state = AppState::open(place.database(), clock(&now), true, demo).unwrap();
        Self {
            router: router(state.clone()),
            state,
            now,
            place,
        }
    }

    /// Its clock, for another service beside it.
    fn clock(&self) -> Clock {
        clock(&self.now)
    }

    fn set_time(&self, time: &str) {
        *self.now.lock().unwrap() = time.parse().unwrap();
    }

    /// Lets the clock of the service go on.
    fn wait(&self, time: std::time::Duration) {
        *self.now.lock().unwrap() += time;
    }

    /// Logs in and returns the token.
    async fn log_in(&self, name: &str, password: &str) -> String {
        let answer = self
            .post("/v1/login", "", json!({"name": name, "password": password}))
            .await;
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.body["token"].as_str().unwrap().to_owned()
    }

    async fn send(&self, request: Request<Body>) -> Response {
        let mut request = request;
        if request.extensions().get::<Peer>().is_none() {
            request.extensions_mut().insert(Peer(IpAddr::V4(Ipv4Addr::LOCALHOST)));
        }
        let asked = (request.method().clone(), request.uri().path().to_owned());
        let response = self.router.clone().oneshot(request).await.unwrap();
        contract::check_head(&asked, &response);
        response
    }

    async fn answer(&self, request: Request<Body>) -> Answer {
        let asked = (request.method().clone(), request.uri().path().to_owned());
        let response = self.send(request).await;
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        contract::check_body(&asked, &parts, &bytes);
        let body = serde_json::from_slice(&bytes)
            .unwrap_or_else(|_| Value::String(String::from_utf8_lossy(&bytes).into_owned()));
        Answer {
            status: parts.status.as_u16(),
            headers: parts.headers,
            body,
        }
    }

    async fn call(&self, method: &str, path: &str, token: &str, body: Option<Value>) -> Answer {
        self.answer(request(method, path, token, body)).await
    }

    async fn get(&self, path: &str, token: &str) -> Answer {
        self.call("GET", path, token, None).await
    }

    async fn post(&self, path: &str, token: &str, body: Value) -> Answer {
        self.call("POST", path, token, Some(body)).await
    }

    /// Signs a user up and returns the token.
    async fn user(&self, name: &str) -> String {
        let answer = self
            .post(
                "/v1/signup",
                "",
                json!({"name": name, "email": format!("{name}@example.org"), "password": PASSWORD}),
            )
            .await;
        assert_eq!(answer.status, 201, "{answer:?}");
        answer.body["token"].as_str().unwrap().to_owned()
    }

    /// The id of one of the user's categories.
    async fn category(&self, token: &str, name: &str) -> String {
        let list = self.get("/v1/categories", token).await.body;
        let found = list.as_array().unwrap().iter().find(|c| c["name"] == name).unwrap();
        found["id"].as_str().unwrap().to_owned()
    }

    /// Adds an expense and returns it.
    async fn spend(&self, token: &str, category: &str, minor: i64, day: &str) -> Value {
        let body = json!({"id": Uuid::now_v7(), "day": day, "description": "Nakamura ramen",
            "amount_minor": minor, "category_id": category});
        let answer = self.post("/v1/expenses", token, body).await;
        assert_eq!(answer.status, 201, "{answer:?}");
        answer.body
    }

    async fn limit(&self, token: &str, month: &str, category: &str, minor: i64) {
        let path = format!("/v1/budgets/{month}/{category}");
        let answer = self
            .call("PUT", &path, token, Some(json!({"limit_minor": minor})))
            .await;
        assert_eq!(answer.status, 200, "{answer:?}");
    }

    async fn revision(&self, token: &str) -> i64 {
        self.get("/v1/account", token).await.body["revision"].as_i64().unwrap()
    }
}

fn clock(now: &Arc<Mutex<Timestamp>>) -> Clock {
    let told = Arc::clone(now);
    Arc::new(move || *told.lock().unwrap())
}

fn request(method: &str, path: &str, token: &str, body: Option<Value>) -> Request<Body> {
    let mut request = Request::builder()
        .method(Method::from_bytes(method.as_bytes()).unwrap())
        .uri(path);
    if !token.is_empty() {
        request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
    }
    match body {
        Some(body) => request
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(body.to_string())),
        None => request.body(Body::empty()),
    }
    .unwrap()
}

#[test]
fn the_statuses_of_the_contract_are_statuses() {
    use strum::IntoEnumIterator;
    for code in crate::api::ErrorCode::iter() {
        assert!(StatusCode::from_u16(code.status()).unwrap().as_u16() >= 400);
    }
}
