//! Who may sign up.

use serde_json::{Value, json};

use super::{App, PASSWORD};
use crate::api::SignUpMode;
use crate::server::store::invites;
use crate::server::{codes, router};

fn app(mode: SignUpMode) -> App {
    let mut app = App::new();
    app.state = app.state.clone().admitting(mode);
    app.router = router(app.state.clone());
    app
}

fn wish(name: &str, invite: Option<&str>) -> Value {
    json!({"name": name, "email": "a@example.org", "password": PASSWORD, "invite": invite})
}

async fn invited(app: &App, days: i64) -> String {
    let code = codes::fresh(5);
    let (hash, now) = (codes::hash(&code), app.state.now().as_millisecond());
    let until = now + days * 86_400_000;
    app.state
        .store
        .write(move |tx| invites::create(tx, &hash, "", now, until))
        .await
        .unwrap();
    code
}

#[tokio::test]
async fn a_server_says_who_may_sign_up() {
    for (mode, told) in [
        (SignUpMode::Closed, "closed"),
        (SignUpMode::Invite, "invite"),
        (SignUpMode::Open, "open"),
    ] {
        assert_eq!(app(mode).get("/v1", "").await.body["sign_up"], told);
    }
}

#[tokio::test]
async fn a_closed_server_takes_nobody_and_says_so() {
    let app = app(SignUpMode::Closed);
    let code = invited(&app, 7).await;
    for invite in [None, Some(code.as_str())] {
        let refused = app.post("/v1/signup", "", wish("ada", invite)).await;
        assert_eq!((refused.status, refused.code()), (403, "forbidden"));
    }
    assert_eq!(app.state.hasher.runs(), 0);
}

#[tokio::test]
async fn an_invitation_lets_one_person_in_before_it_expires() {
    let app = app(SignUpMode::Invite);
    let code = invited(&app, 7).await;
    for bad in [None, Some(""), Some("0000-0000"), Some(&code[1..])] {
        let refused = app.post("/v1/signup", "", wish("ada", bad)).await;
        assert_eq!((refused.status, refused.field()), (400, "invite"), "{bad:?}");
    }
    let sloppy = code.to_lowercase().replace('-', " ");
    assert_eq!(app.post("/v1/signup", "", wish("ada", Some(&sloppy))).await.status, 201);
    let again = app.post("/v1/signup", "", wish("bob", Some(&code))).await;
    assert_eq!((again.status, again.field()), (400, "invite"));

    let late = invited(&app, 7).await;
    app.set_time("2026-11-29T12:00:00Z");
    let refused = app.post("/v1/signup", "", wish("bob", Some(&late))).await;
    assert_eq!((refused.status, refused.field()), (400, "invite"));
}

#[tokio::test]
async fn without_an_invitation_nobody_learns_which_names_are_taken() {
    let app = app(SignUpMode::Invite);
    let code = invited(&app, 7).await;
    assert_eq!(app.post("/v1/signup", "", wish("ada", Some(&code))).await.status, 201);
    let taken = app.post("/v1/signup", "", wish("ada", None)).await;
    let free = app.post("/v1/signup", "", wish("bob", None)).await;
    assert_eq!((taken.status, &taken.body), (free.status, &free.body));
    // Whoever is invited is told, and keeps the invitation.
    let second = invited(&app, 7).await;
    let refused = app.post("/v1/signup", "", wish("Ada", Some(&second))).await;
    assert_eq!((refused.status, refused.field()), (409, "name"));
    assert_eq!(app.post("/v1/signup", "", wish("bob", Some(&second))).await.status, 201);
}

#[tokio::test]
async fn two_who_use_one_invitation_at_once_are_one_account() {
    let app = app(SignUpMode::Invite);
    let code = invited(&app, 7).await;
    let (one, two) = tokio::join!(
        app.post("/v1/signup", "", wish("ada", Some(&code))),
        app.post("/v1/signup", "", wish("bob", Some(&code)))
    );
    let mut statuses = [one.status, two.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 400]);
}
