//! Sign-up, log-in, sessions.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::watch;

use super::{App, PASSWORD, request};
use crate::domain::account::{DEMO_NAME, DEMO_PASSWORD};
use crate::server::extract::Peer;
use crate::server::seed;
use crate::server::state::Demo;

fn log_in(name: &str, password: &str) -> Value {
    json!({"name": name, "password": password})
}

#[tokio::test]
async fn a_new_user_has_a_session_and_twenty_categories() {
    let app = App::new();
    let wish = json!({"name": " Ada ", "email": "ada@example.org", "password": PASSWORD,
        "currency": "eur", "time_zone": "Europe/Berlin"});
    let made = app.post("/v1/signup", "", wish).await;
    assert_eq!(made.status, 201);
    let account = json!({"name": "Ada", "email": "ada@example.org", "currency": "EUR",
        "time_zone": "Europe/Berlin", "month_start": 1, "revision": 0});
    assert_eq!(made.body["account"], account);
    let token = made.body["token"].as_str().unwrap();
    assert!(token.starts_with("bt1_"));
    assert_eq!(app.get("/v1/account", token).await.body, account);
    assert_eq!(
        app.get("/v1/categories", token).await.body.as_array().unwrap().len(),
        20
    );
}

#[tokio::test]
async fn each_wrong_field_of_a_sign_up_is_named() {
    let app = App::new();
    app.user("ada").await;
    let good = json!({"name": "bob", "email": "bob@example.org", "password": PASSWORD});
    for (field, value, status) in [
        ("name", "", 400),
        ("name", "bob b", 400),
        ("name", "b\u{1b}ob", 400),
        ("name", "ADA", 409),
        ("email", "nowhere", 400),
        ("password", "short", 400),
        ("password", DEMO_PASSWORD, 400),
        ("currency", "EURO", 400),
        ("time_zone", "Mars/Olympus", 400),
    ] {
        let mut wish = good.clone();
        wish[field] = json!(value);
        let answer = app.post("/v1/signup", "", wish).await;
        assert_eq!((answer.status, answer.field()), (status, field), "{value}: {answer:?}");
    }
    assert_eq!(app.post("/v1/signup", "", good).await.status, 201);
}

#[tokio::test]
async fn log_in_gives_a_session_and_log_out_ends_it() {
    let app = App::new();
    let first = app.user("Ada").await;
    let answer = app.post("/v1/login", "", log_in("ADA", PASSWORD)).await;
    assert_eq!((answer.status, &answer.body["account"]["name"]), (200, &json!("Ada")));
    let second = answer.body["token"].as_str().unwrap();
    assert_eq!(app.call("POST", "/v1/logout", second, None).await.status, 204);
    assert_eq!(app.get("/v1/account", second).await.status, 401);
    assert_eq!(app.get("/v1/account", &first).await.status, 200);
}

#[tokio::test]
async fn a_wrong_name_and_a_wrong_password_read_the_same() {
    let app = App::new();
    app.user("ada").await;
    let nobody = app.post("/v1/login", "", log_in("nobody", PASSWORD)).await;
    let wrong = app.post("/v1/login", "", log_in("ada", "kitchen lamp ten")).await;
    assert_eq!((wrong.status, wrong.code()), (401, "bad_credentials"));
    assert_eq!(nobody.body, wrong.body);
}

#[tokio::test]
async fn five_wrong_passwords_make_the_account_wait() {
    let app = App::new();
    app.user("ada").await;
    for _ in 0..5 {
        assert_eq!(
            app.post("/v1/login", "", log_in("ada", "wrong password")).await.status,
            401
        );
    }
    let refused = app.post("/v1/login", "", log_in("Ada", PASSWORD)).await;
    assert_eq!((refused.status, refused.code()), (429, "too_many_requests"));
    assert_eq!(refused.headers["retry-after"], "1");
    app.set_time("2026-11-22T12:00:01Z");
    assert_eq!(app.post("/v1/login", "", log_in("ada", PASSWORD)).await.status, 200);
}

#[tokio::test]
async fn strangers_have_a_number_of_tries_by_address() {
    let app = App::new();
    let from = |path: &str, body: Value| {
        let mut request = request("POST", path, "", Some(body));
        request.extensions_mut().insert(Peer("192.0.2.1".parse().unwrap()));
        request
    };
    for i in 0..10 {
        let body = log_in(&format!("user{i}"), PASSWORD);
        assert_eq!(app.answer(from("/v1/login", body)).await.status, 401);
    }
    assert_eq!(app.answer(from("/v1/login", log_in("ada", PASSWORD))).await.status, 429);
    for i in 0..6 {
        let body = json!({"name": format!("user{i}"), "email": "a@b.c", "password": PASSWORD});
        let status = app.answer(from("/v1/signup", body)).await.status;
        assert_eq!(status, if i < 5 { 201 } else { 429 });
    }
}

#[tokio::test]
async fn no_other_text_is_a_token() {
    let app = App::new();
    let token = app.user("ada").await;
    let (head, secret) = token.rsplit_once('_').unwrap();
    let flipped: String = secret.chars().map(|c| if c == 'A' { 'B' } else { 'A' }).collect();
    let other = app.user("bob").await;
    let swapped = format!("{}_{secret}", other.rsplit_once('_').unwrap().0);
    for bad in [
        "",
        "x",
        head,
        &format!("{head}_{flipped}"),
        &swapped,
        &token.to_uppercase(),
    ] {
        assert_eq!(app.get("/v1/account", bad).await.status, 401, "{bad}");
    }
    let mut basic = request("GET", "/v1/account", "", None);
    basic
        .headers_mut()
        .insert("authorization", format!("Basic {token}").parse().unwrap());
    assert_eq!(app.answer(basic).await.status, 401);
}

#[tokio::test]
async fn a_session_lives_while_it_is_used_and_a_year_at_most() {
    let app = App::new();
    let used = app.user("ada").await;
    let begun = app.state.now();
    let after = |days: i64| (begun + jiff::SignedDuration::from_hours(24 * days)).to_string();
    for days in (25..365).step_by(25) {
        app.set_time(&after(days));
        assert_eq!(app.get("/v1/account", &used).await.status, 200, "day {days}");
        noted(&app, &after(days)).await;
    }
    app.set_time(&after(366));
    assert_eq!(app.get("/v1/account", &used).await.status, 401);
}

#[tokio::test]
async fn a_session_that_is_not_used_for_a_month_has_ended() {
    let app = App::new();
    let token = app.user("ada").await;
    app.set_time("2026-12-22T12:00:01Z");
    assert_eq!(app.get("/v1/account", &token).await.status, 401);
}

/// Waits until the use of a session at `time` is on the disk.
async fn noted(app: &App, time: &str) {
    let ms = time.parse::<jiff::Timestamp>().unwrap().as_millisecond();
    for _ in 0..10_000 {
        let seen = app
            .state
            .store
            .read(|tx| tx.query_opt("SELECT 1 FROM sessions WHERE last_seen = $1", &[ms.into()]));
        if seen.unwrap().is_some() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    panic!("the use of the session was not noted");
}

#[tokio::test(start_paused = true)]
async fn whoever_comes_long_before_the_sample_data_hears_so() {
    let (_still_storing, ready) = watch::channel(false);
    let app = App::with(Demo::Allowed(ready));
    let answer = app.post("/v1/login", "", log_in(DEMO_NAME, DEMO_PASSWORD)).await;
    assert_eq!(answer.status, 503, "{answer:?}");
    assert_eq!(
        answer.body["error"]["message"],
        "The server is not ready: the sample data is still being stored. Try again in a moment."
    );
}

#[tokio::test]
async fn the_sample_user_is_there_when_its_log_in_is_answered() {
    let (done, ready) = watch::channel(false);
    let app = App::with(Demo::Allowed(ready));
    seed::in_background(&app.state, done);
    let answer = app.post("/v1/login", "", log_in(DEMO_NAME, DEMO_PASSWORD)).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let token = answer.body["token"].as_str().unwrap();
    let summary = app.get("/v1/summary", token).await.body;
    let spent = summary["months"][5]["spent_minor"].as_i64().unwrap();
    let listed = app.get("/v1/expenses?month=2026-11&limit=1000", token).await.body;
    let kinds = summary["categories"].as_array().unwrap();
    let counted: i64 = listed["expenses"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|e| {
            !kinds
                .iter()
                .any(|c| c["id"] == e["category_id"] && (c["kind"] == "income" || c["kind"] == "not_spending"))
        })
        .map(|e| e["amount_minor"].as_i64().unwrap())
        .sum();
    assert_eq!(spent, counted);
    assert!(!app.get("/v1/alerts", token).await.body.as_array().unwrap().is_empty());
}

#[tokio::test]
async fn the_sample_user_cannot_log_in_elsewhere() {
    let app = App::new();
    seed::sample_user(&app.state).await.unwrap();
    seed::sample_user(&app.state).await.unwrap();
    let answer = app.post("/v1/login", "", log_in(DEMO_NAME, DEMO_PASSWORD)).await;
    assert_eq!((answer.status, answer.code()), (403, "forbidden"));
}
