//! Months that begin on another day than the first.

use serde_json::{Value, json};
use uuid::Uuid;

use super::App;

async fn begin_on(app: &App, token: &str, day: u8) -> Value {
    let answer = app
        .call("PATCH", "/v1/account", token, Some(json!({"month_start": day})))
        .await;
    assert_eq!(answer.status, 200);
    answer.body
}

/// A category of the summary.
fn row(summary: &Value, name: &str) -> Value {
    let rows = summary["categories"].as_array().unwrap();
    rows.iter().find(|row| row["name"] == name).unwrap().clone()
}

#[tokio::test]
async fn months_are_summed_up_anew_when_they_begin_on_another_day() {
    let app = App::new();
    let token = app.user("ada").await;
    let dining = app.category(&token, "Dining").await;
    for (minor, day) in [
        (100, "2026-10-24"),
        (200, "2026-10-25"),
        (400, "2026-11-24"),
        (800, "2026-11-25"),
    ] {
        app.spend(&token, &dining, minor, day).await;
    }
    let before = app.revision(&token).await;
    let account = begin_on(&app, &token, 25).await;
    assert_eq!((&account["month_start"], &account["name"]), (&json!(25), &json!("ada")));
    assert_eq!(app.revision(&token).await, before + 1);
    // Today is 22 November: the month that began on 25 October.
    let summary = app.get("/v1/summary", &token).await.body;
    assert_eq!(
        (&summary["month"], &summary["month_start"]),
        (&json!("2026-10"), &json!(25))
    );
    assert_eq!(
        (
            &row(&summary, "Dining")["spent_minor"],
            &row(&summary, "Dining")["count"]
        ),
        (&json!(600), &json!(2))
    );
    let daily: Vec<i64> = serde_json::from_value(summary["daily_minor"].clone()).unwrap();
    assert_eq!((daily.len(), daily[0], daily[30]), (31, 200, 400));
    let totals: Vec<i64> = summary["months"]
        .as_array()
        .unwrap()
        .iter()
        .map(|m| m["spent_minor"].as_i64().unwrap())
        .collect();
    assert_eq!(totals[4..], [100, 600]);
    let of_month = async |month: &str| {
        let page = app.get(&format!("/v1/expenses?month={month}"), &token).await.body;
        page["expenses"]
            .as_array()
            .unwrap()
            .iter()
            .map(|e| e["amount_minor"].as_i64().unwrap())
            .collect::<Vec<_>>()
    };
    assert_eq!(of_month("2026-10").await, [400, 200]);
    assert_eq!(of_month("2026-11").await, [800]);
    let found = app.get("/v1/expenses?filter=month:2026-09", &token).await.body;
    assert_eq!(found["found"]["count"], 1);
    // What is added later counts in the same months.
    app.spend(&token, &dining, 1000, "2026-11-01").await;
    let summary = app.get("/v1/summary?month=2026-10", &token).await.body;
    assert_eq!(row(&summary, "Dining")["spent_minor"], 1600);
    begin_on(&app, &token, 1).await;
    let summary = app.get("/v1/summary?month=2026-11", &token).await.body;
    assert_eq!(row(&summary, "Dining")["spent_minor"], 2200);
}

#[tokio::test]
async fn the_same_day_again_changes_nothing_and_only_days_of_every_month_are_taken() {
    let app = App::new();
    let token = app.user("ada").await;
    begin_on(&app, &token, 28).await;
    let before = app.revision(&token).await;
    begin_on(&app, &token, 28).await;
    assert_eq!(
        app.call("PATCH", "/v1/account", &token, Some(json!({}))).await.body["month_start"],
        28
    );
    for wrong in [json!(0), json!(29)] {
        let answer = app
            .call("PATCH", "/v1/account", &token, Some(json!({"month_start": wrong})))
            .await;
        assert_eq!((answer.status, answer.field()), (400, "month_start"));
        assert!(
            answer.body["error"]["message"].as_str().unwrap().contains("1 to 28"),
            "{:?}",
            answer.body
        );
    }
    for wrong in [
        json!({"month_start": 300}),
        json!({"month_start": "25"}),
        json!({"name": "eve"}),
    ] {
        assert_eq!(app.call("PATCH", "/v1/account", &token, Some(wrong)).await.status, 400);
    }
    assert_eq!(app.call("PATCH", "/v1/account", "", Some(json!({}))).await.status, 401);
    assert_eq!(app.revision(&token).await, before);
}

#[tokio::test]
async fn a_new_account_may_say_when_its_months_begin() {
    let app = App::new();
    let wish =
        |name: &str, day: u8| json!({"name": name, "email": "e@v.a", "password": super::PASSWORD, "month_start": day});
    let made = app.post("/v1/signup", "", wish("eva", 25)).await;
    assert_eq!((made.status, &made.body["account"]["month_start"]), (201, &json!(25)));
    let token = made.body["token"].as_str().unwrap();
    assert_eq!(app.get("/v1/account", token).await.body["month_start"], 25);
    assert_eq!(app.get("/v1/summary", token).await.body["month"], "2026-10");
    let refused = app.post("/v1/signup", "", wish("max", 31)).await;
    assert_eq!((refused.status, refused.field()), (400, "month_start"));
}

#[tokio::test]
async fn alerts_follow_the_months() {
    let app = App::new();
    let token = app.user("ada").await;
    let dining = app.category(&token, "Dining").await;
    app.limit(&token, "2026-10", &dining, 5000).await;
    app.spend(&token, &dining, 3000, "2026-10-28").await;
    app.spend(&token, &dining, 2500, "2026-11-20").await;
    let open = async || {
        let alerts = app.get("/v1/alerts", &token).await.body;
        let open = alerts
            .as_array()
            .unwrap()
            .iter()
            .filter(|a| a["resolved_at"].is_null())
            .cloned();
        open.map(|a| (a["month"].clone(), a["level"].clone()))
            .collect::<Vec<_>>()
    };
    assert_eq!(open().await, []);
    begin_on(&app, &token, 25).await;
    assert_eq!(open().await, [(json!("2026-10"), json!("over"))]);
    begin_on(&app, &token, 1).await;
    assert_eq!(open().await, []);
}

#[tokio::test]
async fn a_forecast_looks_at_the_days_of_its_month() {
    let app = App::new();
    let token = app.user("ada").await;
    begin_on(&app, &token, 15).await;
    let housing = app.category(&token, "Housing").await;
    // Rent on the first, the seventeenth or eighteenth day of these months.
    for month in ["2026-07", "2026-08", "2026-09", "2026-10", "2026-11"] {
        app.spend(&token, &housing, 90_000, &format!("{month}-01")).await;
    }
    app.limit(&token, "2026-11", &housing, 80_000).await;
    let summary = app.get("/v1/summary", &token).await.body;
    assert_eq!(summary["month"], "2026-11");
    let forecast = row(&summary, "Housing")["forecast"].clone();
    assert_eq!(forecast["mid_minor"], 90_000, "{forecast}");
    let days: Vec<i64> = serde_json::from_value(forecast["days_minor"].clone()).unwrap();
    // From 22 November on: 1 December is nine days later.
    assert_eq!(
        (days.len(), days.iter().position(|day| *day > 0)),
        (23, Some(9)),
        "{days:?}"
    );
}

#[tokio::test]
async fn a_write_that_came_before_the_change_and_runs_after_it_finds_its_month() {
    use crate::server::store::expenses::{Draft, Placing};
    use crate::server::store::{accounts, calendar, expenses};

    let app = App::new();
    let token = app.user("ada").await;
    let store = &app.state.store;
    let user = store
        .read(|tx| {
            let ada = accounts::credentials(tx, "ada")?.unwrap();
            accounts::load(tx, ada.user)
        })
        .unwrap();
    let scope = app.state.scope(&user);
    let wish = crate::domain::Calendar::new(25).unwrap();
    store
        .write_for(scope, move |tx, scope| calendar::change(tx, scope, wish))
        .await
        .unwrap();
    let draft = Draft {
        id: Uuid::now_v7(),
        day: scope.today,
        description: "ramen".to_owned(),
        amount_minor: 500,
        placing: Placing::NONE,
        fingerprint: Vec::new(),
    };
    // The scope is the one from before.
    store
        .write_for(scope, move |tx, scope| expenses::add(tx, scope, &draft))
        .await
        .unwrap();
    let summary = app.get("/v1/summary?month=2026-10", &token).await.body;
    assert_eq!(summary["uncategorised"]["spent_minor"], 500);
}
