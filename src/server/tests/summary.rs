//! The overview's numbers.

use serde_json::{Value, json};
use uuid::Uuid;

use super::App;
use crate::server::store::accounts;
use crate::server::store::summary::of_month;

#[tokio::test]
async fn the_numbers_add_up_to_the_expenses() {
    let app = App::new();
    let token = app.user("ada").await;
    let (dining, income) = (
        app.category(&token, "Dining").await,
        app.category(&token, "Income").await,
    );
    app.spend(&token, &dining, 500, "2026-11-01").await;
    app.spend(&token, &dining, 250, "2026-11-22").await;
    app.spend(&token, &dining, 900, "2026-10-31").await;
    app.spend(&token, &income, 100_000, "2026-11-02").await;
    let body = json!({"id": Uuid::now_v7(), "day": "2026-11-22", "description": "zzqx", "amount_minor": 30});
    app.post("/v1/expenses", &token, body).await;
    let summary = app.get("/v1/summary", &token).await.body;
    assert_eq!(summary["month"], "2026-11");
    assert_eq!(summary["today"], "2026-11-22");
    assert_eq!(summary["currency"], "USD");
    assert_eq!(summary["revision"], 5);
    assert_eq!(summary["categories"].as_array().unwrap().len(), 20);
    let found = |name: &str| {
        let all = summary["categories"].as_array().unwrap();
        all.iter().find(|c| c["name"] == name).unwrap().clone()
    };
    assert_eq!(
        (&found("Dining")["spent_minor"], &found("Dining")["count"]),
        (&json!(750), &json!(2))
    );
    assert_eq!(found("Income")["spent_minor"], 100_000);
    assert_eq!(found("Income")["forecast"], Value::Null);
    assert!(found("Dining")["forecast"]["mid_minor"].as_i64().unwrap() >= 750);
    assert_eq!(summary["uncategorised"], json!({"spent_minor": 30, "count": 1}));
    let daily: Vec<i64> = serde_json::from_value(summary["daily_minor"].clone()).unwrap();
    assert_eq!((daily.len(), daily[0], daily[1], daily[21]), (30, 500, 0, 280));
    let months = summary["months"].as_array().unwrap();
    assert_eq!(months.len(), 6);
    assert_eq!(
        months[5],
        json!({"month": "2026-11", "spent_minor": 780, "limit_minor": 0})
    );
    assert_eq!(
        months[4],
        json!({"month": "2026-10", "spent_minor": 900, "limit_minor": 0})
    );
}

#[tokio::test]
async fn a_new_user_has_an_empty_month() {
    let app = App::new();
    let token = app.user("ada").await;
    for month in ["2026-11", "1970-01", "9998-12"] {
        let summary = app.get(&format!("/v1/summary?month={month}"), &token).await;
        assert_eq!(summary.status, 200, "{month}");
        let last = summary.body["months"].as_array().unwrap().last().unwrap().clone();
        assert_eq!(last, json!({"month": month, "spent_minor": 0, "limit_minor": 0}));
    }
}

#[tokio::test]
async fn the_users_zone_decides_which_month_it_is() {
    let app = App::new();
    app.set_time("2026-11-30T23:30:00Z");
    let wish = json!({"name": "eva", "email": "e@v.a", "password": super::PASSWORD, "time_zone": "Europe/Berlin"});
    let token = app.post("/v1/signup", "", wish).await.body["token"]
        .as_str()
        .unwrap()
        .to_owned();
    let summary = app.get("/v1/summary", &token).await.body;
    assert_eq!(
        (&summary["month"], &summary["today"]),
        (&json!("2026-12"), &json!("2026-12-01"))
    );
}

/// The summary as the server sends it, twice, and as it is made anew.
async fn checked(app: &App, token: &str) -> Value {
    let sent = app.get("/v1/summary", token).await;
    assert_eq!(sent.headers["content-type"], "application/json");
    let user = Uuid::parse_str(token.split('_').nth(1).unwrap()).unwrap();
    let user = app.state.store.read(|tx| accounts::load(tx, user)).unwrap();
    let scope = app.state.scope(&user);
    let anew = app.state.store.read(|tx| of_month(tx, &scope, scope.month())).unwrap();
    assert_eq!(sent.body, serde_json::to_value(anew).unwrap());
    assert_eq!(app.get("/v1/summary", token).await.body, sent.body);
    sent.body
}

#[tokio::test]
async fn no_change_of_any_kind_leaves_an_old_summary_behind() {
    let app = App::new();
    let token = app.user("ada").await;
    let (dining, pets, kids) = (
        app.category(&token, "Dining").await,
        app.category(&token, "Pets").await,
        app.category(&token, "Kids").await,
    );
    let coffee = app.spend(&token, &dining, 500, "2026-11-20").await;
    let coffee = coffee["id"].as_str().unwrap().to_owned();
    let unsure = json!({"id": Uuid::now_v7(), "description": "zzqx", "amount_minor": 30});
    let unsure = app.post("/v1/expenses", &token, unsure).await.body["id"].clone();
    let (one, limit) = (
        format!("/v1/expenses/{coffee}"),
        format!("/v1/budgets/2026-11/{dining}"),
    );
    let changes = [
        ("PATCH", one.clone(), json!({"amount_minor": 700})),
        ("PATCH", one.clone(), json!({"category_id": pets})),
        ("DELETE", one.clone(), Value::Null),
        ("POST", format!("{one}/restore"), json!({})),
        (
            "POST",
            "/v1/expenses/bulk".into(),
            json!({"action": "delete", "ids": [coffee]}),
        ),
        (
            "POST",
            "/v1/expenses/bulk".into(),
            json!({"action": "restore", "ids": [coffee]}),
        ),
        (
            "PATCH",
            format!("/v1/expenses/{}", unsure.as_str().unwrap()),
            json!({"category_id": kids}),
        ),
        ("PUT", limit.clone(), json!({"limit_minor": 1000})),
        (
            "PUT",
            format!("/v1/budgets/2026-11/{kids}"),
            json!({"limit_minor": 500}),
        ),
        (
            "POST",
            "/v1/budgets/2026-11/move".into(),
            json!({"from": dining, "to": kids, "amount_minor": 100}),
        ),
        ("DELETE", limit, Value::Null),
        (
            "POST",
            "/v1/categories".into(),
            json!({"id": Uuid::now_v7(), "name": "Boats", "kind": "flexible"}),
        ),
        ("PATCH", format!("/v1/categories/{kids}"), json!({"name": "Children"})),
        ("PATCH", format!("/v1/categories/{kids}"), json!({"carry_over": true})),
        ("PATCH", format!("/v1/categories/{dining}"), json!({"hidden": true})),
        ("POST", format!("/v1/categories/{pets}/merge"), json!({"into": kids})),
        ("PATCH", "/v1/account".into(), json!({"month_start": 25})),
    ];
    let mut last = checked(&app, &token).await;
    for (method, path, body) in changes {
        let body = (!body.is_null()).then_some(body);
        let answer = app.call(method, &path, &token, body).await;
        assert!((200..300).contains(&answer.status), "{method} {path}: {answer:?}");
        let now = checked(&app, &token).await;
        assert_ne!(now, last, "{method} {path}");
        last = now;
    }
    app.set_time("2026-11-23T12:00:00Z");
    assert_ne!(checked(&app, &token).await, last, "another day");
}
