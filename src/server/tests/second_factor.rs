//! Codes besides the password.

use std::time::Duration;

use serde_json::{Value, json};
use totp_rs::{Builder, Secret};

use super::{Answer, App, PASSWORD};

/// The code that an app with this secret shows at the service's time.
fn shown(app: &App, secret: &str) -> String {
    let totp = Builder::new()
        .with_secret(Secret::try_from_base32(secret).unwrap())
        .build()
        .unwrap();
    totp.generate(app.state.now().as_second().try_into().unwrap())
        .to_string()
}

/// A user with a second factor: the token, the secret, the recovery codes.
async fn user(app: &App) -> (String, String, Vec<String>) {
    let token = app.user("ada").await;
    let begun = app
        .post("/v1/second-factor", &token, json!({"password": PASSWORD}))
        .await;
    assert_eq!(begun.status, 201, "{begun:?}");
    let secret = begun.body["secret"].as_str().unwrap().to_owned();
    let uri = begun.body["uri"].as_str().unwrap();
    assert!(
        uri.starts_with("otpauth://totp/Budget%20Tracker:ada?") && uri.contains(&secret),
        "{uri}"
    );
    let proof = json!({"code": shown(app, &secret)});
    let on = app.post("/v1/second-factor/confirm", &token, proof).await;
    assert_eq!(on.status, 200, "{on:?}");
    let codes = on.body["recovery_codes"].as_array().unwrap();
    let codes = codes.iter().map(|code| code.as_str().unwrap().to_owned()).collect();
    app.wait(Duration::from_secs(30));
    (token, secret, codes)
}

async fn enter(app: &App, password: &str, code: Option<&str>) -> Answer {
    let visit: Value = json!({"name": "ada", "password": password, "code": code});
    app.post("/v1/login", "", visit).await
}

#[tokio::test]
async fn a_log_in_asks_for_a_code_and_takes_each_once() {
    let app = App::new();
    let (token, secret, _) = user(&app).await;
    let state = app.get("/v1/second-factor", &token).await.body;
    assert_eq!(state, json!({"on": true, "recovery_codes_left": 10}));
    for code in [None, Some("")] {
        let asked = enter(&app, PASSWORD, code).await;
        assert_eq!(
            (asked.status, asked.code(), asked.field()),
            (401, "second_factor_needed", "code")
        );
    }
    let code = shown(&app, &secret);
    // A wrong password tells nothing about the code.
    let wrong = enter(&app, "wrong password", Some(&code)).await;
    assert_eq!((wrong.status, wrong.code()), (401, "bad_credentials"));
    let spaced = format!("{} {}", &code[..3], &code[3..]);
    assert_eq!(enter(&app, PASSWORD, Some(&spaced)).await.status, 200);
    let again = enter(&app, PASSWORD, Some(&code)).await;
    assert_eq!((again.status, again.code()), (401, "second_factor_needed"));
    app.wait(Duration::from_secs(30));
    assert_eq!(
        enter(&app, PASSWORD, Some(&code)).await.status,
        401,
        "the last one is used up"
    );
    assert_eq!(enter(&app, PASSWORD, Some(&shown(&app, &secret))).await.status, 200);
}

#[tokio::test]
async fn two_log_ins_with_one_code_at_once_are_one_session() {
    let app = App::new();
    let (_, secret, _) = user(&app).await;
    let code = shown(&app, &secret);
    let (one, two) = tokio::join!(enter(&app, PASSWORD, Some(&code)), enter(&app, PASSWORD, Some(&code)));
    let mut statuses = [one.status, two.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 401]);
}

#[tokio::test]
async fn a_recovery_code_lets_in_once() {
    let app = App::new();
    let (token, _, codes) = user(&app).await;
    assert_eq!(codes.len(), 10);
    assert_eq!(enter(&app, PASSWORD, Some(&codes[3].to_lowercase())).await.status, 200);
    assert_eq!(enter(&app, PASSWORD, Some(&codes[3])).await.status, 401);
    let state = app.get("/v1/second-factor", &token).await.body;
    assert_eq!(state["recovery_codes_left"], 9);
}

#[tokio::test]
async fn guessing_codes_makes_the_account_wait_like_guessing_passwords() {
    let app = App::new();
    let (_, secret, _) = user(&app).await;
    for _ in 0..3 {
        assert_eq!(enter(&app, PASSWORD, None).await.status, 401, "asking costs nothing");
    }
    let wrong = if shown(&app, &secret) == "000000" {
        "000001"
    } else {
        "000000"
    };
    for _ in 0..5 {
        assert_eq!(enter(&app, PASSWORD, Some(wrong)).await.status, 401);
    }
    let refused = enter(&app, PASSWORD, Some(&shown(&app, &secret))).await;
    assert_eq!(refused.status, 429);
    app.wait(Duration::from_mins(1));
    assert_eq!(enter(&app, PASSWORD, Some(&shown(&app, &secret))).await.status, 200);
}

#[tokio::test]
async fn it_is_on_only_once_a_code_has_confirmed_it() {
    let app = App::new();
    let token = app.user("ada").await;
    let early = app
        .post("/v1/second-factor/confirm", &token, json!({"code": "123456"}))
        .await;
    assert_eq!((early.status, early.code()), (409, "conflict"));
    let wrong = app
        .post("/v1/second-factor", &token, json!({"password": "wrong password"}))
        .await;
    assert_eq!((wrong.status, wrong.field()), (400, "password"));
    let first = app
        .post("/v1/second-factor", &token, json!({"password": PASSWORD}))
        .await;
    let second = app
        .post("/v1/second-factor", &token, json!({"password": PASSWORD}))
        .await;
    app.log_in("ada", PASSWORD).await;
    let outdated = json!({"code": shown(&app, first.body["secret"].as_str().unwrap())});
    let refused = app.post("/v1/second-factor/confirm", &token, outdated).await;
    assert_eq!((refused.status, refused.field()), (400, "code"));
    let proof = json!({"code": shown(&app, second.body["secret"].as_str().unwrap())});
    assert_eq!(app.post("/v1/second-factor/confirm", &token, proof).await.status, 200);
    let again = app
        .post("/v1/second-factor", &token, json!({"password": PASSWORD}))
        .await;
    assert_eq!(
        (again.status, again.code()),
        (409, "conflict"),
        "one that is on is not replaced"
    );
}

#[tokio::test]
async fn turning_it_off_asks_for_password_and_code() {
    let app = App::new();
    let (token, secret, codes) = user(&app).await;
    let off = |password: &str, code: &str| json!({"password": password, "code": code});
    for (body, field) in [
        (off("wrong password", &codes[0]), "password"),
        (off(PASSWORD, "ABCD"), "code"),
        (off(PASSWORD, ""), "code"),
    ] {
        let refused = app.post("/v1/second-factor/off", &token, body).await;
        assert_eq!((refused.status, refused.field()), (400, field));
    }
    let code = shown(&app, &secret);
    assert_eq!(
        app.post("/v1/second-factor/off", &token, off(PASSWORD, &code))
            .await
            .status,
        204
    );
    let state = app.get("/v1/second-factor", &token).await.body;
    assert_eq!(state, json!({"on": false, "recovery_codes_left": 0}));
    assert_eq!(enter(&app, PASSWORD, None).await.status, 200);
}

#[tokio::test]
async fn the_classic_log_in_cannot_go_round_it() {
    let app = App::new();
    user(&app).await;
    let answer = app
        .post("/login", "", json!({"username": "ada", "password": PASSWORD}))
        .await;
    assert_eq!(answer.status, 401);
    assert!(answer.body.get("token").is_none());
}
