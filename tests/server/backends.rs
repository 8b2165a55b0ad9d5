//! A service that is asked for categories: well, slow, wrong and dead. Whatever it does, an expense is stored once,
//! with the local category where the service has none, and the answer says what happened.

use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, header};
use budget_tracker::categorize::service::{Ask, Plan, Service};
use budget_tracker::server::backends::{Asker, Trouble};
use budget_tracker::server::{AppState, Demo, router, system_clock};
use futures::FutureExt;
use http_body_util::BodyExt;
use rstest::rstest;
use serde_json::{Value, json};
use tempfile::TempDir;
use tower::ServiceExt;
use uuid::Uuid;

use super::{PASSWORD, Server, http, sign_up};
use crate::support::hostile::{Hostile, Step, whole};
use crate::support::service::{KEY, Mood, Tongue, answers, base, completion, is_strict, question, service};

/// Never reached unless a test fails.
const LONG: Duration = Duration::from_secs(20);
/// For services that do not answer.
const SHORT: Duration = Duration::from_millis(150);
/// Nobody has heard of it.
const UNHEARD_OF: &str = "PP*4471 zorbleqwx";

/// A service over a database of its own, and one user.
pub(super) struct App {
    router: Router,
    token: String,
    _folder: TempDir,
}

impl App {
    pub(super) async fn new(plan: Option<Plan>) -> Self {
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

    pub(super) async fn call(&self, method: &str, path: &str, body: Option<Value>) -> (u16, Value) {
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

    pub(super) async fn predict(&self, description: &str) -> Value {
        let (status, prediction) = self
            .call("POST", "/v1/predict", Some(json!({"description": description})))
            .await;
        assert_eq!(status, 200, "{prediction}");
        prediction
    }

    /// Adds an expense twice, as a client does that missed the answer; the first answer.
    pub(super) async fn add_twice(&self, description: &str) -> Value {
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

    pub(super) async fn categories(&self) -> Vec<(String, String)> {
        let (_, list) = self.call("GET", "/v1/categories", None).await;
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        list.as_array()
            .unwrap()
            .iter()
            .map(|c| (text(&c["id"]), text(&c["name"])))
            .collect()
    }

    pub(super) async fn name_of(&self, id: &Value) -> String {
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
async fn the_service_decides_where_the_local_prediction_is_unsure() {
    let service = service(Tongue::Chat, |_| Mood::Well("gifts & donations"));
    let app = asking(&service, Ask::Unsure, LONG).await;
    let stored = app.add_twice(UNHEARD_OF).await;
    assert_eq!(app.name_of(&stored["category_id"]).await, "Gifts & Donations");
    assert_eq!(
        (&stored["category_source"], &stored["note"]),
        (&json!("openai"), &Value::Null)
    );
    let prediction = app.predict("ZORBLEQWX").await;
    assert_eq!(prediction["choices"][0]["category"], "Gifts & Donations");
    assert_eq!(
        (&prediction["source"], &prediction["because"]),
        (&json!("openai"), &json!("small says Gifts & Donations"))
    );
    assert!(prediction["choices"][0]["confidence"].as_u64().unwrap() >= 50);
    // What is sure here already, nobody is asked about.
    assert_ne!(app.predict("ramen house").await["source"], "openai");

    let exchanges = service.exchanges();
    assert_eq!(exchanges.len(), 1, "one merchant is asked about once: {exchanges:?}");
    let (head, body) = &exchanges[0];
    let head = head.to_ascii_lowercase();
    assert!(head.starts_with("post /v1/chat/completions http/1.1\r\n"), "{head}");
    for line in [
        format!("authorization: bearer {KEY}"),
        "content-type: application/json".to_owned(),
    ] {
        assert!(head.contains(&format!("{line}\r\n")), "{head}");
    }
    assert!(!head.contains("cookie") && !head.contains("ada"), "{head}");
    let names: Vec<String> = app.categories().await.into_iter().map(|(_, name)| name).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let sent = json!({"categories": names, "expenses": [{"number": 1, "description": "PP*# zorbleqwx"}]});
    assert_eq!(question(Tongue::Chat, body), sent);
    is_strict(body, &names);
    assert!(!String::from_utf8_lossy(body).contains("4471"));
}

#[rstest]
#[case::hangs(Mood::Hangs, SHORT, "too_slow")]
#[case::hangs_halfway(Mood::HangsHalfway, SHORT, "too_slow")]
#[case::garbage(Mood::Garbage, LONG, "unreadable")]
#[case::elsewhere(Mood::Elsewhere, LONG, "unreadable")]
#[case::foreign(Mood::Well("Yachts"), LONG, "unknown_category")]
#[case::huge(Mood::Huge, LONG, "unreadable")]
#[case::drops(Mood::Drops, LONG, "unreachable")]
#[case::busy(Mood::Status("429 Too Many Requests", "Retry-After: 120\r\n"), LONG, "busy")]
#[case::fails(Mood::Status("500 Internal Server Error", ""), LONG, "failed")]
#[case::refuses(Mood::Status("401 Unauthorized", ""), LONG, "refused")]
#[case::no_manner(Mood::Status("400 Bad Request", ""), LONG, "refused")]
#[tokio::test]
async fn the_local_answer_stands_and_the_note_says_why(#[case] mood: Mood, #[case] wait: Duration, #[case] code: &str) {
    let service = service(Tongue::Chat, move |_| mood);
    let app = asking(&service, Ask::Always, wait).await;
    let stored = app.add_twice("ramen house").await;
    assert_eq!(app.name_of(&stored["category_id"]).await, "Dining");
    assert_ne!(stored["category_source"], "openai");
    assert_eq!(stored["note"]["code"], code, "{stored}");
    let message = stored["note"]["message"].as_str().unwrap();
    assert!(message.starts_with("OpenAI-compatible ") && message.ends_with(", so the local model decided."));
    assert!(!message.contains(KEY) && !message.contains("127.0.0.1"), "{message}");
    let known = app.predict("ramen house").await;
    assert_eq!(known["choices"][0]["category"], "Dining");
    assert!(known["note"]["code"].is_string(), "{known}");
}

#[tokio::test]
async fn nobody_is_asked_where_nobody_listens() {
    let gone = service(Tongue::Chat, |_| Mood::Drops);
    let plan = plan(&gone, Ask::Always, LONG);
    drop(gone);
    let app = App::new(Some(plan)).await;
    let stored = app.add_twice("ramen house").await;
    assert_eq!(stored["note"]["code"], "unreachable");
}

#[tokio::test]
async fn a_redirect_does_not_carry_the_key_away() {
    let elsewhere = service(Tongue::Chat, |_| Mood::Well("Pets"));
    let target = format!("Location: {}\r\n", base(&elsewhere));
    let answer = whole("307 Temporary Redirect", &target, b"");
    let redirecting = Hostile::start(move |_| vec![Step::Send(answer.clone())]);
    let app = asking(&redirecting, Ask::Always, LONG).await;
    assert_eq!(app.add_twice("ramen house").await["note"]["code"], "refused");
    assert_eq!(elsewhere.requests().len(), 0);
}

#[tokio::test]
async fn a_server_without_schemas_is_asked_for_plain_json_from_then_on() {
    let service = Hostile::reading(|_, body| {
        let body: Value = serde_json::from_slice(body).unwrap();
        let refusal = |why: &str| vec![Step::Send(whole("400 Bad Request", "", why.as_bytes()))];
        if body.get("temperature").is_some() {
            return refusal("{\"error\": \"temperature does not support 0\"}");
        }
        if body["response_format"]["type"] == "json_schema" {
            return refusal("{\"error\": \"unknown response_format\"}");
        }
        let answer = completion(&format!("Here it is:\n```json\n{}\n```", answers(1, "Pets"))).to_string();
        vec![Step::Send(whole("200 OK", "", answer.as_bytes()))]
    });
    let app = asking(&service, Ask::Unsure, LONG).await;
    assert_eq!(app.predict("zorble one").await["source"], "openai");
    assert_eq!(service.requests().len(), 3);
    assert_eq!(app.predict("qwertle two").await["source"], "openai");
    assert_eq!(service.requests().len(), 1);
}

#[tokio::test]
async fn a_connection_that_breaks_once_is_tried_again() {
    let service = service(
        Tongue::Chat,
        |number| if number == 0 { Mood::Drops } else { Mood::Well("Pets") },
    );
    let app = asking(&service, Ask::Unsure, LONG).await;
    let stored = app.add_twice(UNHEARD_OF).await;
    assert_eq!(
        (&stored["category_source"], &stored["note"]),
        (&json!("openai"), &Value::Null)
    );
    assert_eq!(service.requests().len(), 2);
}

#[tokio::test]
async fn a_service_in_trouble_is_left_alone() {
    let service = service(Tongue::Chat, |_| Mood::Status("500 Internal Server Error", ""));
    let app = asking(&service, Ask::Always, LONG).await;
    let mut codes = Vec::new();
    for description in ["ramen", "cinema", "bus ticket", "dentist"] {
        codes.push(
            app.predict(description).await["note"]["code"]
                .as_str()
                .unwrap()
                .to_owned(),
        );
    }
    assert_eq!(codes.last().unwrap(), "resting");
    let before = service.requests().len();
    let resting = app.add_twice("train ticket").await;
    assert_eq!(resting["note"]["code"], "resting");
    assert_eq!(service.requests().len(), 0, "after {before} requests");
}

#[tokio::test]
async fn a_pause_that_the_service_asks_for_is_kept() {
    let service = service(Tongue::Chat, |_| {
        Mood::Status("429 Too Many Requests", "Retry-After: 120\r\n")
    });
    let app = asking(&service, Ask::Always, LONG).await;
    assert_eq!(app.predict("ramen").await["note"]["code"], "busy");
    let note = app.predict("cinema").await["note"].clone();
    assert_eq!(note["code"], "resting");
    assert!(note["message"].as_str().unwrap().contains("asked again in 1"), "{note}");
    assert_eq!(service.requests().len(), 1);
}

/// Closed until it is opened.
#[derive(Clone, Default)]
struct Gate(Arc<(Mutex<bool>, Condvar)>);

impl Gate {
    fn open(&self) {
        *self.0.0.lock().unwrap() = true;
        self.0.1.notify_all();
    }

    fn pass(&self) {
        let open = self.0.0.lock().unwrap();
        drop(self.0.1.wait_while(open, |open| !*open).unwrap());
    }
}

#[tokio::test]
async fn a_late_answer_is_kept_for_the_next_time_and_moves_nothing_that_is_stored() {
    let gate = Gate::default();
    let inside = gate.clone();
    let service = service(Tongue::Chat, move |_| {
        inside.pass();
        Mood::Well("Pets")
    });
    let app = asking(&service, Ask::Unsure, SHORT).await;
    let stored = app.add_twice(UNHEARD_OF).await;
    assert_eq!(stored["note"]["code"], "too_slow");
    gate.open();
    let mut prediction = app.predict(UNHEARD_OF).await;
    while prediction["source"] != "openai" {
        prediction = app.predict(UNHEARD_OF).await;
    }
    assert_eq!(prediction["choices"][0]["category"], "Pets");
    assert_eq!(service.requests().len(), 1);
    let (_, page) = app.call("GET", "/v1/expenses", None).await;
    let now = &page["expenses"][0];
    assert_eq!(
        (&now["category_id"], &now["revision"]),
        (&stored["category_id"], &stored["revision"])
    );
}

#[tokio::test]
async fn nobody_is_asked_about_every_letter() {
    let service = service(Tongue::Chat, |_| Mood::Well("Pets"));
    let app = asking(&service, Ask::Unsure, LONG).await;
    for letters in 1..UNHEARD_OF.len() {
        // Who types on drops the call.
        assert!(app.predict(&UNHEARD_OF[..letters]).now_or_never().is_none());
    }
    assert_eq!(app.predict(UNHEARD_OF).await["source"], "openai");
    assert_eq!(service.requests().len(), 1);
}

#[tokio::test]
async fn what_the_user_chose_is_asked_about_no_more() {
    let service = service(Tongue::Chat, |_| Mood::Well("Pets"));
    let app = asking(&service, Ask::Always, LONG).await;
    let kids = app
        .categories()
        .await
        .into_iter()
        .find(|(_, name)| name == "Kids")
        .unwrap()
        .0;
    let body = json!({"id": Uuid::now_v7(), "description": UNHEARD_OF, "amount_minor": 1, "category_id": kids});
    let (_, stored) = app.call("POST", "/v1/expenses", Some(body)).await;
    assert_eq!(stored["category_source"], "you");
    assert_eq!(app.predict(UNHEARD_OF).await["choices"][0]["category"], "Kids");
    assert_eq!(service.requests().len(), 0);
    // Another description of an expense whose category nobody chose is asked about.
    let predicted = app.add_other("mystery thing").await;
    let path = format!("/v1/expenses/{}", predicted["id"].as_str().unwrap());
    let (_, changed) = app
        .call("PATCH", &path, Some(json!({"description": "another mystery"})))
        .await;
    assert_eq!(changed["category_source"], "openai", "{changed}");
    assert_eq!(service.requests().len(), 2);
}

impl App {
    async fn add_other(&self, description: &str) -> Value {
        let body = json!({"id": Uuid::now_v7(), "description": description, "amount_minor": 1250});
        self.call("POST", "/v1/expenses", Some(body)).await.1
    }
}

#[tokio::test]
async fn hidden_and_renamed_categories_are_sent_as_the_user_has_them() {
    let service = service(Tongue::Chat, |_| Mood::Well("Tiere"));
    let app = asking(&service, Ask::Unsure, LONG).await;
    for (id, name) in app.categories().await {
        let patch = match name.as_str() {
            "Pets" => json!({"name": "Tiere"}),
            "Kids" => json!({"hidden": true}),
            _ => continue,
        };
        let (status, _) = app.call("PATCH", &format!("/v1/categories/{id}"), Some(patch)).await;
        assert_eq!(status, 200);
    }
    assert_eq!(app.predict(UNHEARD_OF).await["choices"][0]["category"], "Tiere");
    let (_, body) = service.exchanges().remove(0);
    let categories = question(Tongue::Chat, &body)["categories"].clone();
    let has = |name: &str| categories.as_array().unwrap().iter().any(|category| category == name);
    assert!(has("Tiere") && !has("Pets") && !has("Kids"), "{categories}");
}

#[tokio::test]
async fn what_waits_together_goes_together_and_the_same_merchant_once() {
    let service = service(Tongue::Chat, |_| Mood::Well("Dining"));
    let asker = Asker::new(plan(&service, Ask::Always, LONG));
    let categories = ["Dining".to_owned(), "Pets".to_owned()];
    let (user, other) = (Uuid::now_v7(), Uuid::now_v7());
    let merchants: Vec<String> = ('a'..='z')
        .flat_map(|a| ["x", "y"].map(|b| format!("shop {a}{a}{b}{b}")))
        .collect();
    let mut descriptions: Vec<&str> = merchants.iter().map(String::as_str).collect();
    descriptions.push("SQ *SHOP AAXX 0421 OAKLAND CA");
    let (mine, others) = tokio::join!(
        asker.ask(user, &categories, &descriptions),
        asker.ask(other, &categories, &["cinema"])
    );
    assert_eq!(others, [Ok("Dining".to_owned())]);
    assert_eq!(mine.len(), 53);
    assert!(mine.iter().all(|answer| answer.as_deref() == Ok("Dining")), "{mine:?}");
    let sizes = |service: &Hostile| {
        let size = |body: &[u8]| question(Tongue::Chat, body)["expenses"].as_array().unwrap().len();
        let mut sizes: Vec<usize> = service.exchanges().iter().map(|(_, body)| size(body)).collect();
        sizes.sort_unstable();
        sizes
    };
    assert_eq!(sizes(&service), [1, 20, 32]);
    // What one user was told is nothing to another, nor to the same user with other categories.
    asker.ask(other, &categories, &["shop aaxx"]).await;
    asker.ask(user, &categories[..1], &["shop aaxx"]).await;
    asker.ask(user, &categories, &["shop aaxx"]).await;
    assert_eq!(sizes(&service), [1, 1]);
}

#[tokio::test]
async fn no_more_wait_than_a_server_keeps() {
    let service = service(Tongue::Chat, |_| Mood::Hangs);
    let asker = Asker::new(plan(&service, Ask::Always, SHORT));
    let many: Vec<String> = (0..1200_u32)
        .map(|number| format!("shop {}", char::from_u32(0x4e00 + number).unwrap()))
        .collect();
    let descriptions: Vec<&str> = many.iter().map(String::as_str).collect();
    let told = asker.ask(Uuid::now_v7(), &["Dining".to_owned()], &descriptions).await;
    let crowded = told.iter().filter(|answer| **answer == Err(Trouble::Crowded)).count();
    assert_eq!((told.len(), crowded), (1200, 200));
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
