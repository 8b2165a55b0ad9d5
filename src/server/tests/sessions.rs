//! Sessions: listed, ended, and of no use afterwards.

use serde_json::{Value, json};

use super::{App, PASSWORD, request};
use crate::server::extract::Peer;

const OTHER: &str = "another lamp ten";

async fn works(app: &App, token: &str) -> bool {
    app.get("/v1/account", token).await.status == 200
}

fn change(old: &str, new: &str) -> Value {
    json!({"old_password": old, "new_password": new})
}

#[tokio::test]
async fn sessions_are_listed_without_what_opens_them() {
    let app = App::new();
    let first = app.user("ada").await;
    app.set_time("2026-11-22T13:00:00Z");
    let mut visit = request(
        "POST",
        "/v1/login",
        "",
        Some(json!({"name": "ada", "password": PASSWORD, "label": "  The laptop "})),
    );
    visit.extensions_mut().insert(Peer("192.0.2.7".parse().unwrap()));
    let second = app.answer(visit).await.body["token"].as_str().unwrap().to_owned();
    let stranger = app.user("bob").await;

    let listed = app.get("/v1/sessions", &second).await;
    assert_eq!(listed.status, 200);
    let sessions = listed.body.as_array().unwrap();
    assert_eq!(sessions.len(), 2);
    assert_eq!(sessions[0]["label"], "The laptop");
    assert_eq!(sessions[0]["address"], "192.0.2.7");
    assert_eq!(
        (&sessions[0]["current"], &sessions[1]["current"]),
        (&json!(true), &json!(false))
    );
    assert_eq!(sessions[1]["address"], "127.0.0.1");
    assert!(sessions[1].get("label").is_none());
    let began = "2026-11-22T13:00:00Z"
        .parse::<jiff::Timestamp>()
        .unwrap()
        .as_millisecond();
    assert_eq!(
        (&sessions[0]["created_at"], &sessions[0]["last_seen"]),
        (&json!(began), &json!(began))
    );
    let text = listed.body.to_string();
    for token in [&first, &second, &stranger] {
        let parsed = crate::server::token::Token::parse(token).unwrap();
        let hash = format!("{:032x}", u128::from_be_bytes(parsed.hash[..16].try_into().unwrap()));
        let secret = &token[token.len() - 20..];
        assert!(!text.contains(secret) && !text.contains(&hash[..12]), "{text}");
    }
}

#[tokio::test]
async fn one_session_ends_by_its_id_and_only_for_its_user() {
    let app = App::new();
    let first = app.user("ada").await;
    let second = app.log_in("ada", PASSWORD).await;
    let stranger = app.user("bob").await;
    let sessions = app.get("/v1/sessions", &second).await.body;
    let other = sessions
        .as_array()
        .unwrap()
        .iter()
        .find(|s| s["current"] == false)
        .unwrap();
    let path = format!("/v1/sessions/{}", other["id"].as_str().unwrap());
    assert_eq!(app.call("DELETE", &path, &stranger, None).await.status, 404);
    assert!(works(&app, &first).await);
    assert_eq!(app.call("DELETE", &path, &second, None).await.status, 204);
    assert!(!works(&app, &first).await && works(&app, &second).await);
    assert_eq!(app.call("DELETE", &path, &second, None).await.status, 404);
    let wrong = app.call("DELETE", "/v1/sessions/me", &second, None).await;
    assert_eq!((wrong.status, wrong.code()), (400, "invalid"));
}

#[tokio::test]
async fn all_others_end_together_and_their_event_streams_with_them() {
    use http_body_util::BodyExt;
    let app = App::new();
    let first = app.user("ada").await;
    let second = app.log_in("ada", PASSWORD).await;
    let mut stream = app.send(request("GET", "/v1/events", &first, None)).await.into_body();
    stream.frame().await.unwrap().unwrap();
    assert_eq!(app.call("DELETE", "/v1/sessions", &second, None).await.status, 204);
    assert!(stream.frame().await.is_none(), "a stream without a session ends");
    assert!(!works(&app, &first).await && works(&app, &second).await);
    assert_eq!(app.get("/v1/sessions", &second).await.body.as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_new_password_asks_the_old_one_and_ends_all_other_sessions() {
    let app = App::new();
    let first = app.user("ada").await;
    let second = app.log_in("ada", PASSWORD).await;
    for (body, field) in [
        (change("wrong password", OTHER), "old_password"),
        (change(PASSWORD, "short"), "new_password"),
        (change(PASSWORD, "password123"), "new_password"),
        (change(PASSWORD, &"x".repeat(129)), "new_password"),
    ] {
        let refused = app.post("/v1/password", &second, body).await;
        assert_eq!((refused.status, refused.field()), (400, field), "{refused:?}");
    }
    assert!(works(&app, &first).await);
    assert_eq!(
        app.post("/v1/password", &second, change(PASSWORD, OTHER)).await.status,
        204
    );
    assert!(!works(&app, &first).await && works(&app, &second).await);
    let old = app
        .post("/v1/login", "", json!({"name": "ada", "password": PASSWORD}))
        .await;
    assert_eq!((old.status, old.code()), (401, "bad_credentials"));
    app.log_in("ada", OTHER).await;
}

#[tokio::test]
async fn the_old_password_is_guessed_no_faster_than_at_the_log_in() {
    let app = App::new();
    let token = app.user("ada").await;
    for _ in 0..5 {
        let refused = app.post("/v1/password", &token, change("wrong password", OTHER)).await;
        assert_eq!(refused.status, 400);
    }
    let refused = app.post("/v1/password", &token, change(PASSWORD, OTHER)).await;
    assert_eq!((refused.status, refused.code()), (429, "too_many_requests"));
    app.wait(std::time::Duration::from_secs(1));
    assert_eq!(
        app.post("/v1/password", &token, change(PASSWORD, OTHER)).await.status,
        204
    );
}

#[tokio::test]
async fn long_passwords_count_to_their_last_character() {
    let app = App::new();
    let token = app.user("ada").await;
    let long = format!("{}x", "ä ".repeat(63));
    assert_eq!(
        app.post("/v1/password", &token, change(PASSWORD, &long)).await.status,
        204
    );
    let cut = &long[..long.len() - 1];
    let refused = app.post("/v1/login", "", json!({"name": "ada", "password": cut})).await;
    assert_eq!(refused.status, 401);
    app.log_in("ada", &long).await;
}

#[tokio::test]
async fn each_log_in_makes_a_token_of_its_own_and_none_is_taken_from_outside() {
    let app = App::new();
    let mut tokens = vec![app.user("ada").await];
    let chosen = tokens[0].clone();
    for _ in 0..3 {
        // A session that comes with the request is not the one that begins.
        let visit = json!({"name": "ada", "password": PASSWORD});
        let answer = app.call("POST", "/v1/login", &chosen, Some(visit)).await;
        tokens.push(answer.body["token"].as_str().unwrap().to_owned());
    }
    tokens.sort_unstable();
    tokens.dedup();
    assert_eq!(tokens.len(), 4);
    let fixed = json!({"name": "ada", "password": PASSWORD, "token": chosen});
    assert_eq!(app.post("/v1/login", "", fixed).await.status, 400);
}

#[tokio::test]
async fn no_bit_of_a_token_is_spare() {
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    let app = App::new();
    let token = app.user("ada").await;
    // The secret itself may hold the separator.
    let (user, secret) = token.strip_prefix("bt1_").unwrap().split_once('_').unwrap();
    let bytes = URL_SAFE_NO_PAD.decode(secret).unwrap();
    assert_eq!(bytes.len() * 8, 256);
    for bit in 0..256 {
        let mut flipped = bytes.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        let other = format!("bt1_{user}_{}", URL_SAFE_NO_PAD.encode(flipped));
        assert_eq!(app.get("/v1/account", &other).await.status, 401, "bit {bit}");
    }
    assert!(works(&app, &token).await);
}

#[tokio::test]
async fn a_label_that_steers_a_terminal_is_refused() {
    let app = App::new();
    app.user("ada").await;
    for label in ["\u{1b}[31m", "", &"x".repeat(65)] {
        let visit = json!({"name": "ada", "password": PASSWORD, "label": label});
        let refused = app.post("/v1/login", "", visit).await;
        assert_eq!((refused.status, refused.field()), (400, "label"), "{label:?}");
    }
}
