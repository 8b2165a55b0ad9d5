//! The overview's numbers.

use serde_json::{Value, json};
use uuid::Uuid;

use super::App;

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
