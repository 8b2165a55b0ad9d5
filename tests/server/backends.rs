//! A service that is asked for categories: well, slow, wrong and dead. Whatever it does, an expense is stored once,
//! with the local category where the service has none, and the answer says what happened.

use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, header};
use budget_tracker::categorize::service::{Ask, Plan, Service};
use budget_tracker::server::{AppState, Demo, router, system_clock};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tempfile::TempDir;
use tower::ServiceExt;
use uuid::Uuid;

use super::{PASSWORD, Server, http, sign_up};
use crate::support::hostile::Hostile;
use crate::support::service::{KEY, Mood, Tongue, base, service};

mod asked;
mod trouble;

/// Never reached unless a test fails.
const LONG: Duration = Duration::from_secs(20);
/// For services that do not answer.
const SHORT: Duration = Duration::from_millis(150);
/// Nobody has heard of it.
const UNHEARD_OF: &str = "PP*4471 zorbleqwx";

/// A service over a database of its own, and one user.
struct App {
    router: Router,
    token: String,
    _folder: TempDir,
}

impl App {
    async fn new(plan: Option<Plan>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("budget.db");
        let state = AppState::open(&file, system_clock(), false, Demo::Absent).unwrap();
        let mut app = Self {
            router: router(state.asking(plan)),
            token: String::new(),
            _folder: folder,
        };
        let wish = json!({"name": "ada", "email": "ada@example.org", "password": PASSWORD});
        let (status, session) = app.call("POST", "/v1/signup", Some(wish)).await;
        assert_eq!(status, 201);
        session["token"].as_str().unwrap().clone_into(&mut app.token);
        app
    }

    async fn call(&self, method: &str, path: &str, body: Option<Value>) -> (u16, Value) {
        let mut request = Request::builder().method(method).uri(path);
        if !self.token.is_empty() {
            request = request.header(header::AUTHORIZATION, format!("Bearer {}", self.token));
        }
        let body = body.map_or_else(Body::empty, |body| Body::from(body.to_string()));
        let request = request
            .header(header::CONTENT_TYPE, "application/json")
            .body(body)
            .unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        let status = response.status().as_u16();
        let bytes = response.into_body().collect().await.unwrap().to_bytes();
        (status, serde_json::from_slice(&bytes).unwrap_or_default())
    }

    async fn predict(&self, description: &str) -> Value {
        let (status, prediction) = self
            .call("POST", "/v1/predict", Some(json!({"description": description})))
            .await;
        assert_eq!(status, 200, "{prediction}");
        prediction
    }

    /// Adds an expense; the answer.
    async fn add(&self, description: &str) -> Value {
        let body = json!({"id": Uuid::now_v7(), "description": description, "amount_minor": 1250});
        self.call("POST", "/v1/expenses", Some(body)).await.1
    }

    /// Adds an expense twice, as a client does that missed the answer; the first answer.
    async fn add_twice(&self, description: &str) -> Value {
        let body = json!({"id": Uuid::now_v7(), "description": description, "amount_minor": 1250});
        let (status, first) = self.call("POST", "/v1/expenses", Some(body.clone())).await;
        assert_eq!(status, 201, "{first}");
        let (status, again) = self.call("POST", "/v1/expenses", Some(body)).await;
        assert_eq!(
            (status, &again["id"], &again["note"]),
            (200, &first["id"], &Value::Null)
        );
        let (_, page) = self.call("GET", "/v1/expenses", None).await;
        assert_eq!(page["expenses"].as_array().unwrap().len(), 1);
        assert_eq!(page["expenses"][0]["category_id"], first["category_id"]);
        first
    }

    async fn categories(&self) -> Vec<(String, String)> {
        let (_, list) = self.call("GET", "/v1/categories", None).await;
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        list.as_array()
            .unwrap()
            .iter()
            .map(|c| (text(&c["id"]), text(&c["name"])))
            .collect()
    }

    async fn name_of(&self, id: &Value) -> String {
        let known = self.categories().await;
        let found = known
            .into_iter()
            .find(|(known, _)| *known == id.as_str().unwrap_or_default());
        found.map(|(_, name)| name).unwrap_or_default()
    }
}

fn plan(service: &Hostile, ask: Ask, wait: Duration) -> Plan {
    let service = Service::Openai {
        base: base(service),
        model: "small".to_owned(),
        key: Some(KEY.into()),
    };
    Plan {
        service,
        ask,
        threshold: Plan::THRESHOLD,
        wait,
    }
}

async fn asking(service: &Hostile, ask: Ask, wait: Duration) -> App {
    App::new(Some(plan(service, ask, wait))).await
}

#[tokio::test]
async fn neither_key_nor_description_is_in_the_log() {
    let service = service(Tongue::Chat, |number| match number {
        0 => Mood::Well("Pets"),
        _ => Mood::Status("401 Unauthorized", ""),
    });
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("log");
    let mut command = Server::command("127.0.0.1:0", folder.path());
    command
        .args(["--log-format", "json"])
        .env("BUDGET_TRACKER_LOG", "trace")
        .env("BUDGET_TRACKER_CATEGORIZE_BACKEND", "openai")
        .env("BUDGET_TRACKER_CATEGORIZE_BASE_URL", base(&service).as_str())
        .env("BUDGET_TRACKER_CATEGORIZE_MODEL", "small")
        .env("BUDGET_TRACKER_CATEGORIZE_WAIT_MS", "10000")
        .env("BUDGET_TRACKER_OPENAI_KEY", KEY)
        .stderr(std::fs::File::create(&log).unwrap());
    let server = Server::listening(&mut command);
    let client = http();
    let token = sign_up(&client, &server, "ada").await;
    for description in [UNHEARD_OF, "qwertleplox"] {
        let body = json!({"id": Uuid::now_v7(), "description": description, "amount_minor": 1250});
        let answer = client
            .post(format!("{}/v1/expenses", server.url))
            .bearer_auth(&token)
            .json(&body);
        assert_eq!(answer.send().await.unwrap().status(), 201);
    }
    assert!(server.terminate());
    let text = std::fs::read_to_string(&log).unwrap();
    assert!(
        text.contains("a service answered") && text.contains("a service did not answer"),
        "{text}"
    );
    for secret in [KEY, "zorbleqwx", "qwertleplox"] {
        assert!(!text.contains(secret), "{secret} is in the log:\n{text}");
    }
}
