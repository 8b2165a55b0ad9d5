//! Guessing: how much of it reaches the password hash, and what the answers tell.

use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

use axum::http::HeaderMap;
use serde_json::json;

use super::{Answer, App, PASSWORD, request};
use crate::server::extract::Peer;
use crate::server::store::accounts;

fn address(number: u32) -> IpAddr {
    Ipv4Addr::from_bits(0xC633_6400 + number).into()
}

async fn enter(app: &App, name: &str, password: &str, from: IpAddr) -> Answer {
    let visit = json!({"name": name, "password": password});
    let mut visit = request("POST", "/v1/login", "", Some(visit));
    visit.extensions_mut().insert(Peer(from));
    app.answer(visit).await
}

/// Two thousand guesses in a minute of the service's time; how many were hashed.
async fn guesses(app: &App, of: impl Fn(u32) -> (String, IpAddr)) -> u64 {
    let before = app.state.hasher.runs();
    for number in 0..2000 {
        app.wait(Duration::from_millis(30));
        let (name, from) = of(number);
        let refused = enter(app, &name, "guessed wrongly", from).await;
        assert!([401, 429].contains(&refused.status), "{refused:?}");
    }
    app.state.hasher.runs() - before
}

/// A hash that costs nothing, so that a crowd is quick to test; it is replaced at the next log-in.
async fn with_a_cheap_hash(app: &App, name: &'static str) {
    use argon2::password_hash::PasswordHasher;
    use argon2::{Algorithm, Argon2, Params, Version};
    let cheap = Params::new(8, 1, 1, None).unwrap();
    let phc = Argon2::new(Algorithm::Argon2id, Version::V0x13, cheap)
        .hash_password(PASSWORD.as_bytes())
        .unwrap()
        .to_string();
    let write = app.state.store.write(move |tx| {
        let user = accounts::credentials(tx, name)?.unwrap().user;
        accounts::rehash_password(tx, user, &phc)
    });
    write.await.unwrap();
}

#[tokio::test]
async fn two_hundred_addresses_guess_one_account_two_hundred_times_and_its_owner_comes_in() {
    let app = App::new();
    app.user("ada").await;
    with_a_cheap_hash(&app, "ada").await;
    let home = address(999);
    assert_eq!(enter(&app, "ada", PASSWORD, home).await.status, 200);
    with_a_cheap_hash(&app, "ada").await;
    let hashed = guesses(&app, |number| ("ada".to_owned(), address(number % 200))).await;
    assert!((200..=212).contains(&hashed), "{hashed} of 2,000 guesses were hashed");
    // At once from where the owner has been before, and from anywhere new.
    assert_eq!(enter(&app, "ada", PASSWORD, home).await.status, 200);
    assert_eq!(enter(&app, "ada", PASSWORD, address(998)).await.status, 200);
    // Even through an address of the crowd, within a minute.
    app.wait(Duration::from_mins(1));
    assert_eq!(enter(&app, "ada", PASSWORD, address(7)).await.status, 200);
}

#[tokio::test]
async fn one_address_guesses_two_hundred_accounts_twenty_times() {
    let app = App::new();
    let hashed = guesses(&app, |number| (format!("user{}", number % 200), address(1))).await;
    assert!((10..=21).contains(&hashed), "{hashed} of 2,000 guesses were hashed");
}

/// What an answer tells besides its number and its date.
fn told(answer: &Answer) -> (u16, serde_json::Value, HeaderMap) {
    let mut headers = answer.headers.clone();
    headers.remove("x-request-id").unwrap();
    headers.remove("date");
    (answer.status, answer.body.clone(), headers)
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_user_are_one_answer_for_one_work() {
    let app = App::new();
    app.user("ada").await;
    let mut answers = Vec::new();
    for name in ["ada", "nobody"] {
        let before = app.state.hasher.runs();
        answers.push(told(&enter(&app, name, "guessed wrongly", address(1)).await));
        assert_eq!(app.state.hasher.runs() - before, 1, "{name} costs one hash");
    }
    assert_eq!(answers[0], answers[1]);
    // Waiting is told of both as well.
    let mut waits = Vec::new();
    for name in ["ada", "nobody"] {
        for _ in 0..4 {
            enter(&app, name, "guessed wrongly", IpAddr::V4(Ipv4Addr::LOCALHOST)).await;
        }
        waits.push(told(
            &enter(&app, name, "guessed wrongly", IpAddr::V4(Ipv4Addr::LOCALHOST)).await,
        ));
    }
    assert_eq!(waits[0].0, 429);
    assert_eq!(waits[0], waits[1]);
}

#[tokio::test]
async fn a_weak_hash_becomes_a_strong_one_at_the_next_log_in() {
    let app = App::new();
    app.user("ada").await;
    with_a_cheap_hash(&app, "ada").await;
    app.log_in("ada", PASSWORD).await;
    let kept = app
        .state
        .store
        .read(|tx| accounts::credentials(tx, "ada"))
        .unwrap()
        .unwrap();
    assert!(
        kept.password.starts_with("$argon2id$v=19$m=47104,t=1,p=1$"),
        "{}",
        kept.password
    );
    app.log_in("ada", PASSWORD).await;
}
