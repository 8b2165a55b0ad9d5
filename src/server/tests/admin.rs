//! What the administrator does beside a running server.

use std::time::Duration;

use secrecy::ExposeSecret;
use serde_json::json;

use super::{App, PASSWORD, request};
use crate::server::admin::{Admin, AdminError};
use crate::server::store::Database;

fn admin(app: &App) -> Admin {
    Admin::open(&app.place.database()).unwrap()
}

#[tokio::test]
async fn users_are_listed_with_their_sessions() {
    let app = App::new();
    assert!(admin(&app).users().await.unwrap().is_empty());
    // The administrator's clock is the machine's.
    app.set_time(&jiff::Timestamp::now().to_string());
    app.user("bob").await;
    app.user("Ada").await;
    app.log_in("ada", PASSWORD).await;
    let users = admin(&app).users().await.unwrap();
    let told: Vec<_> = users
        .iter()
        .map(|user| (user.name.as_str(), user.sessions, user.disabled))
        .collect();
    assert_eq!(told, [("Ada", 2, false), ("bob", 1, false)]);
    assert_eq!(users[0].last_seen, Some(app.state.now().as_millisecond()));
    assert_eq!(
        (users[0].email.as_str(), users[0].second_factor),
        ("Ada@example.org", false)
    );
}

#[tokio::test]
async fn a_disabled_user_is_out_at_once_and_told_after_the_right_password() {
    use http_body_util::BodyExt;
    let app = App::new();
    let token = app.user("Ada").await;
    let mut stream = app.send(request("GET", "/v1/events", &token, None)).await.into_body();
    stream.frame().await.unwrap().unwrap();
    let admin = admin(&app);
    assert_eq!(admin.set_disabled("ADA", true).await.unwrap(), "Ada");
    assert_eq!(app.get("/v1/account", &token).await.status, 401);
    assert!(stream.frame().await.is_none(), "the other process is noticed");
    let wrong = app
        .post("/v1/login", "", json!({"name": "ada", "password": "wrong password"}))
        .await;
    assert_eq!((wrong.status, wrong.code()), (401, "bad_credentials"));
    let right = app
        .post("/v1/login", "", json!({"name": "ada", "password": PASSWORD}))
        .await;
    assert_eq!((right.status, right.code()), (403, "forbidden"));
    admin.set_disabled("ada", false).await.unwrap();
    assert_eq!(
        app.get("/v1/account", &token).await.status,
        401,
        "ended sessions stay ended"
    );
    app.log_in("ada", PASSWORD).await;
    assert!(matches!(admin.set_disabled("eve", true).await, Err(AdminError::NoUser(name)) if name == "eve"));
}

#[tokio::test]
async fn a_reset_password_replaces_the_old_one_and_ends_all_sessions() {
    let app = App::new();
    // The administrator's clock is the machine's.
    app.set_time(&jiff::Timestamp::now().to_string());
    let token = app.user("ada").await;
    let admin = admin(&app);
    let reset = admin.reset_password("ada", None, false).await.unwrap();
    let made = reset.made.unwrap();
    assert_eq!(reset.name, "ada");
    assert_eq!(app.get("/v1/account", &token).await.status, 401);
    let old = app
        .post("/v1/login", "", json!({"name": "ada", "password": PASSWORD}))
        .await;
    assert_eq!(old.status, 401);
    app.log_in("ada", made.expose_secret()).await;
    let reset = admin
        .reset_password("ada", Some("kitchen lamp ten".into()), true)
        .await
        .unwrap();
    assert!(reset.made.is_none());
    app.log_in("ada", "kitchen lamp ten").await;
    let weak = admin.reset_password("ada", Some("password123".into()), false).await;
    assert!(matches!(weak, Err(AdminError::Password(_))));
}

#[tokio::test]
async fn a_reset_password_holds_for_a_week_unless_its_user_chooses_another() {
    let app = App::new();
    app.set_time(&jiff::Timestamp::now().to_string());
    app.user("ada").await;
    for chosen in [None, Some("kitchen lamp ten".into())] {
        let admin = admin(&app);
        let reset = admin.reset_password("ada", chosen, false).await.unwrap();
        let made = reset
            .made
            .map_or_else(|| "kitchen lamp ten".to_owned(), |made| made.expose_secret().to_owned());
        let visit = json!({"name": "ada", "password": made});
        let entered = app.post("/v1/login", "", visit.clone()).await;
        assert_eq!(entered.body["password_until"], reset.until);
        let days = (reset.until - app.state.now().as_millisecond()).div_euclid(86_400_000);
        assert!((6..=7).contains(&days), "{days}");
        app.wait(Duration::from_hours(7 * 24 + 1));
        let late = app.post("/v1/login", "", visit).await;
        assert_eq!((late.status, late.code()), (403, "forbidden"), "{late:?}");
        // Who came in with it in time is in, and may still choose another.
        let token = entered.body["token"].as_str().unwrap();
        let change = json!({"old_password": made, "new_password": PASSWORD});
        assert_eq!(app.post("/v1/password", token, change).await.status, 204);
        let entered = app
            .post("/v1/login", "", json!({"name": "ada", "password": PASSWORD}))
            .await;
        assert_eq!(entered.status, 200);
        assert!(entered.body.get("password_until").is_none());
        app.set_time(&jiff::Timestamp::now().to_string());
    }
}

#[tokio::test]
async fn a_password_whose_time_is_over_is_told_to_nobody_but_who_knows_it() {
    let app = App::new();
    app.set_time(&jiff::Timestamp::now().to_string());
    app.user("ada").await;
    admin(&app).reset_password("ada", None, false).await.unwrap();
    app.wait(Duration::from_hours(7 * 24 + 1));
    let wrong = json!({"name": "ada", "password": "wrong password"});
    let wrong = app.post("/v1/login", "", wrong).await;
    assert_eq!((wrong.status, wrong.code()), (401, "bad_credentials"));
}

#[tokio::test]
async fn invitations_are_made_listed_and_taken_back() {
    let app = App::new();
    let admin = admin(&app);
    let (code, made) = admin.invite(" Ada ", 7).await.unwrap();
    assert_eq!(
        (made.label.as_str(), made.expires_at - made.created_at),
        ("Ada", 7 * 86_400_000)
    );
    let listed = admin.invites().await.unwrap();
    assert_eq!(listed, std::slice::from_ref(&made));
    assert!(!code.expose_secret().to_lowercase().replace('-', "").contains(&made.id));
    admin.revoke(&made.id.to_uppercase()).await.unwrap();
    assert!(admin.invites().await.unwrap().is_empty());
    assert!(matches!(admin.revoke(&made.id).await, Err(AdminError::NoInvite(_))));
    assert!(matches!(admin.invite("a\u{1b}", 7).await, Err(AdminError::Label(_))));
}

#[tokio::test]
async fn nothing_is_left_of_a_deleted_user() {
    let app = App::new();
    let token = app.user("ada").await;
    let dining = app.category(&token, "Dining").await;
    app.spend(&token, &dining, 900, "2026-11-20").await;
    app.limit(&token, "2026-11", &dining, 1000).await;
    let rule = json!({"id": uuid::Uuid::now_v7(), "pattern": "ramen", "category_id": dining});
    assert_eq!(app.post("/v1/rules", &token, rule).await.status, 201);
    app.post("/v1/second-factor", &token, json!({"password": PASSWORD}))
        .await;
    let bob = app.user("bob").await;
    let user = crate::server::token::Token::parse(&token).unwrap().user;
    assert_eq!(admin(&app).delete("ada").await.unwrap(), "ada");
    assert_eq!(app.get("/v1/account", &token).await.status, 401);
    assert_eq!(app.get("/v1/account", &bob).await.status, 200);
    if let Database::Sqlite(file) = app.place.database() {
        let conn = rusqlite::Connection::open(file).unwrap();
        let mut tables = conn
            .prepare(
                "SELECT m.name FROM sqlite_master m JOIN pragma_table_info(m.name) c ON c.name = 'user_id'
                 WHERE m.type = 'table'",
            )
            .unwrap();
        let tables: Vec<String> = tables
            .query_map([], |row| row.get(0))
            .unwrap()
            .map(Result::unwrap)
            .collect();
        assert!(tables.len() > 10, "{tables:?}");
        for table in tables {
            let count = format!("SELECT COUNT(*) FROM {table} WHERE user_id = ?1");
            let left: i64 = conn.query_row(&count, [user.as_bytes()], |row| row.get(0)).unwrap();
            assert_eq!(left, 0, "{table}");
        }
    }
    app.user("ada").await;
}

#[test]
fn a_database_that_is_not_there_is_not_made() {
    let folder = tempfile::tempdir().unwrap();
    let database = Database::in_folder(folder.path());
    let Err(error) = Admin::open(&database) else { panic!() };
    assert!(error.to_string().contains("--data-dir"), "{error}");
    assert!(!database.file().unwrap().exists());
}
