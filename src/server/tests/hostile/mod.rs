//! Requests that nobody in good faith sends: none of them is answered 5xx, and each answer is one that the description
//! knows.

mod requests;
mod text;

use proptest::strategy::Strategy;
use proptest::test_runner::{Config, TestError, TestRunner};
use serde_json::{Value, json};
use uuid::Uuid;

use super::contract::{Operation, contract};
use super::database::TestDatabase;
use super::{App, PASSWORD};
use requests::{Draft, draft};

/// How many requests are made up; more of them by night.
const VARIABLE: &str = "BUDGET_TRACKER_TEST_REQUESTS";

/// The calls that hash a password, which costs much more than all others.
const HASHING: [&str; 6] = [
    "signUp",
    "logIn",
    "changePassword",
    "prepareSecondFactor",
    "endSecondFactor",
    "confirmSecondFactor",
];
/// What would end the session that all the other requests need.
const ENDING: &str = "logOut";

fn wanted() -> u32 {
    let said = std::env::var(VARIABLE).ok().and_then(|number| number.parse().ok());
    let wanted = said.unwrap_or(5_000);
    // What differs between the stores is what they are asked, and little of this comes that far.
    if TestDatabase::is_postgres() {
        wanted / 10
    } else {
        wanted
    }
}

/// A service with two users, and what the made-up requests may name.
struct Target {
    app: App,
    token: String,
    spare: String,
    ids: Vec<String>,
}

impl Target {
    async fn new() -> Self {
        let app = App::new();
        let (token, other) = (app.user("ada").await, app.user("bob").await);
        let spare = app.log_in("ada", PASSWORD).await;
        let mut ids = Vec::new();
        for token in [&token, &other] {
            let category = app.category(token, "Dining").await;
            app.limit(token, "2026-11", &category, 1000).await;
            for _ in 0..3 {
                let expense = app.spend(token, &category, 5000, "2026-11-20").await;
                ids.push(expense["id"].as_str().unwrap().to_owned());
            }
            let alerts = app.get("/v1/alerts", token).await.body;
            ids.push(alerts[0]["id"].as_str().unwrap().to_owned());
            ids.push(category);
        }
        ids.push(Uuid::nil().to_string());
        Self { app, token, spare, ids }
    }

    /// Sends a request; what is wrong with its answer.
    async fn ask(&self, draft: &Draft) -> Result<(), String> {
        let calls = contract().operations().into_iter();
        let (hashing, others): (Vec<Operation>, Vec<Operation>) = calls.partition(|call| HASHING.contains(&call.id()));
        let call: &Operation = draft.call.get(if draft.costly { &hashing } else { &others });
        let token = if call.id() == ENDING { &self.spare } else { &self.token };
        let request = draft.request(call, token, &self.ids);
        if call.id() == "followChanges" {
            // It does not end.
            let status = self.app.send(request).await.status().as_u16();
            return (status < 500)
                .then_some(())
                .ok_or_else(|| format!("{} was answered {status}", call.id()));
        }
        let answer = self.app.answer(request).await;
        let fine = answer.status < 500;
        fine.then_some(())
            .ok_or_else(|| format!("{} was answered {answer:?}", call.id()))
    }
}

#[test]
fn no_request_makes_the_server_fail() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let target = runtime.block_on(Target::new());
    let config = Config {
        cases: wanted(),
        max_shrink_iters: 500,
        failure_persistence: None,
        ..Config::default()
    };
    let run = TestRunner::new(config).run(&draft().no_shrink(), |draft| {
        let asked = runtime.block_on(target.ask(&draft));
        asked.map_err(proptest::test_runner::TestCaseError::fail)
    });
    if let Err(TestError::Fail(why, draft)) = run {
        panic!("{why}\n{draft:?}");
    }
    run.unwrap();
    // It goes on as if nothing had been.
    let alive = runtime.block_on(target.app.get("/v1/account", &target.token));
    assert_eq!(alive.status, 200, "{alive:?}");
}

#[tokio::test]
async fn what_is_too_deep_too_long_or_no_number_is_refused() {
    let app = App::new();
    let token = app.user("ada").await;
    let id = Uuid::now_v7();
    let amount = |number: &str| format!(r#"{{"id": "{id}", "description": "tea", "amount_minor": {number}}}"#);
    let deep = |open: &str, close: &str| amount(&format!("{}{}", open.repeat(10_000), close.repeat(10_000)));
    let mut bodies = vec![
        (deep("[", "]"), 400),
        (deep("{\"a\":", "}"), 400),
        (" ".repeat(10 * 1024 * 1024), 413),
        (amount(&"9".repeat(60_000)), 400),
        (
            format!(r#"{{"id": "{id}", "id": "{id}", "description": "tea", "amount_minor": 1}}"#),
            400,
        ),
        (
            format!(r#"{{"id": "{id}", "description": "tea", "amount_minor": 1, "is_admin": true}}"#),
            400,
        ),
        (
            format!(r#"{{"id": "{id}", "description": "\ud800", "amount_minor": 1}}"#),
            400,
        ),
        (
            format!(r#"{{"id": "{id}", "description": "a\u0000b", "amount_minor": 1}}"#),
            400,
        ),
    ];
    for number in [
        "1e400",
        "-1e400",
        "NaN",
        "Infinity",
        "-0",
        "0",
        "-1",
        "1.5",
        "1e2",
        "0x10",
        "01",
        "+1",
        "9223372036854775807",
        "9223372036854775808",
        "-9223372036854775808",
        "-9223372036854775809",
        "\"1\"",
        "null",
        "true",
        "[1]",
    ] {
        bodies.push((amount(number), 400));
    }
    for (body, status) in bodies {
        let begin: String = body.chars().take(90).collect();
        let mut request = super::request("POST", "/v1/expenses", &token, Some(Value::Null));
        *request.body_mut() = body.into();
        let answer = app.answer(request).await;
        assert_eq!(answer.status, status, "{begin}: {answer:?}");
    }
    let mut broken = super::request("POST", "/v1/expenses", &token, Some(json!({})));
    *broken.body_mut() = b"{\"description\": \"\xff\xfe\"}".to_vec().into();
    assert_eq!(app.answer(broken).await.status, 400, "bad UTF-8");
    assert_eq!(
        app.get("/v1/expenses", &token).await.body["expenses"],
        json!([]),
        "nothing of it is stored"
    );
}
