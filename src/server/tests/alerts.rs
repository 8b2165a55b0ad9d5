//! Alerts: raised by their cause, resolved without it, one for each category, month and level.

use serde_json::{Value, json};

use super::App;
use crate::domain::{Currency, Money};

/// A day of November with some of it to come.
const NOW: &str = "2026-11-22T12:00:00Z";

/// The user ada at this time, whose category Dining has this limit for November, minor units.
async fn limited(time: &str, minor: i64) -> (App, String, String) {
    let app = App::new();
    app.set_time(time);
    let token = app.user("ada").await;
    let dining = app.category(&token, "Dining").await;
    app.limit(&token, "2026-11", &dining, minor).await;
    (app, token, dining)
}

async fn alerts(app: &App, token: &str) -> Vec<Value> {
    app.get("/v1/alerts", token).await.body.as_array().unwrap().clone()
}

/// Level, read and resolved of each alert, sorted by level.
async fn states(app: &App, token: &str) -> Vec<(String, bool, bool)> {
    let mut states: Vec<_> = alerts(app, token)
        .await
        .iter()
        .map(|a| {
            let level = a["level"].as_str().unwrap().to_owned();
            (level, a["read"].as_bool().unwrap(), !a["resolved_at"].is_null())
        })
        .collect();
    states.sort();
    states
}

fn state(level: &str, read: bool, resolved: bool) -> (String, bool, bool) {
    (level.to_owned(), read, resolved)
}

#[tokio::test]
async fn going_over_a_limit_raises_one_alert_with_its_cause() {
    let (app, token, dining) = limited(NOW, 5000).await;
    app.spend(&token, &dining, 6000, "2026-11-20").await;
    app.spend(&token, &dining, 100, "2026-11-21").await;
    let list = alerts(&app, &token).await;
    assert_eq!(list.len(), 1);
    let over = &list[0];
    assert_eq!(over["level"], "over");
    assert_eq!(over["category"], "Dining");
    assert_eq!(over["month"], "2026-11");
    assert_eq!(over["cause"], "Nakamura ramen");
    assert_eq!(
        (&over["spent_minor"], &over["limit_minor"]),
        (&json!(6100), &json!(5000))
    );
    assert_eq!(
        over["message"],
        "Dining is over its $50 limit for November 2026 by $11."
    );
    assert_eq!((&over["read"], &over["resolved_at"]), (&json!(false), &Value::Null));
}

#[tokio::test]
async fn near_comes_before_over_and_both_resolve_with_their_cause() {
    let (app, token, dining) = limited("2026-11-30T12:00:00Z", 5000).await;
    app.spend(&token, &dining, 4000, "2026-11-20").await;
    assert_eq!(states(&app, &token).await, [state("near", false, false)]);
    let last = app.spend(&token, &dining, 1500, "2026-11-21").await;
    assert_eq!(
        states(&app, &token).await,
        [state("near", true, false), state("over", false, false)]
    );
    let near = alerts(&app, &token).await.into_iter().find(|a| a["level"] == "near");
    assert_eq!(
        near.unwrap()["message"],
        "Dining has reached 80% of its $50 limit for November 2026."
    );
    assert_eq!(app.call("POST", "/v1/alerts/read", &token, None).await.status, 204);
    let path = format!("/v1/expenses/{}", last["id"].as_str().unwrap());
    app.call("DELETE", &path, &token, None).await;
    assert_eq!(
        states(&app, &token).await,
        [state("near", true, false), state("over", true, true)]
    );
    app.call("POST", &format!("{path}/restore"), &token, None).await;
    assert_eq!(
        states(&app, &token).await,
        [state("near", true, false), state("over", false, false)]
    );
    app.limit(&token, "2026-11", &dining, 50_000).await;
    assert_eq!(
        states(&app, &token).await,
        [state("near", true, true), state("over", false, true)]
    );
    app.limit(&token, "2026-11", &dining, 6_000).await;
    assert_eq!(
        states(&app, &token).await,
        [state("near", true, false), state("over", false, true)]
    );
    app.call("DELETE", &format!("/v1/budgets/2026-11/{dining}"), &token, None)
        .await;
    assert_eq!(
        states(&app, &token).await,
        [state("near", true, true), state("over", false, true)]
    );
}

#[tokio::test]
async fn a_change_of_category_moves_the_alert() {
    let app = App::new();
    let token = app.user("ada").await;
    let (dining, pets) = (app.category(&token, "Dining").await, app.category(&token, "Pets").await);
    app.limit(&token, "2026-11", &dining, 100).await;
    app.limit(&token, "2026-11", &pets, 100).await;
    let made = app.spend(&token, &dining, 500, "2026-11-20").await;
    let path = format!("/v1/expenses/{}", made["id"].as_str().unwrap());
    app.call("PATCH", &path, &token, Some(json!({"category_id": pets})))
        .await;
    let open: Vec<_> = alerts(&app, &token)
        .await
        .into_iter()
        .filter(|a| a["resolved_at"].is_null())
        .collect();
    assert_eq!((open.len(), &open[0]["category"]), (1, &json!("Pets")));
}

#[tokio::test]
async fn a_limit_set_below_what_is_spent_is_news() {
    let app = App::new();
    let token = app.user("ada").await;
    let dining = app.category(&token, "Dining").await;
    app.spend(&token, &dining, 500, "2026-11-20").await;
    app.spend(&token, &dining, 500, "2026-09-20").await;
    app.limit(&token, "2026-08", &dining, 400).await;
    let months: Vec<_> = alerts(&app, &token)
        .await
        .iter()
        .map(|a| (a["month"].clone(), a["cause"].clone()))
        .collect();
    assert_eq!(months.len(), 2);
    assert!(months.iter().all(|(_, cause)| cause.is_null()));
    let september = app.get("/v1/alerts?month=2026-09", &token).await.body;
    assert_eq!(september.as_array().unwrap().len(), 1);
}

/// Five a day on the first ten days of November.
async fn spend_daily(app: &App, token: &str, category: &str) {
    for day in 1..=10 {
        app.spend(token, category, 500, &format!("2026-11-{day:02}")).await;
    }
}

#[tokio::test]
async fn the_forecast_is_news_and_the_calendar_takes_it_back() {
    let (app, token, dining) = limited("2026-11-10T12:00:00Z", 10_000).await;
    spend_daily(&app, &token, &dining).await;
    assert_eq!(states(&app, &token).await, [state("forecast", false, false)]);
    let message = alerts(&app, &token).await[0]["message"].clone();
    let message = message.as_str().unwrap();
    assert!(
        message.starts_with("Dining will pass its $100 limit for November 2026: $1"),
        "{message}"
    );
    let before = app.revision(&token).await;
    app.set_time("2026-11-28T12:00:00Z");
    assert_eq!(states(&app, &token).await, [state("forecast", false, true)]);
    assert_eq!(app.revision(&token).await, before + 1);
    assert_eq!(states(&app, &token).await, [state("forecast", false, true)]);
    assert_eq!(app.revision(&token).await, before + 1);
}

#[tokio::test]
async fn a_limit_raised_above_the_forecast_settles_it_with_the_new_limit() {
    let (app, token, dining) = limited("2026-11-10T12:00:00Z", 10_000).await;
    spend_daily(&app, &token, &dining).await;
    let summary = app.get("/v1/summary", &token).await.body;
    let row = summary["categories"]
        .as_array()
        .unwrap()
        .iter()
        .find(|c| c["name"] == "Dining");
    let expected = row.unwrap()["forecast"]["mid_minor"].as_i64().unwrap();
    // One cent is enough when the user chose the limit; expenses have to go clearly below it.
    app.limit(&token, "2026-11", &dining, expected).await;
    let alert = &alerts(&app, &token).await[0];
    assert!(!alert["resolved_at"].is_null(), "{alert}");
    assert_eq!(alert["limit_minor"], expected);
}

#[tokio::test]
async fn a_month_that_ends_takes_its_forecast_along() {
    let (app, token, dining) = limited("2026-11-10T12:00:00Z", 10_000).await;
    spend_daily(&app, &token, &dining).await;
    app.set_time("2026-12-02T12:00:00Z");
    app.get("/v1/summary", &token).await;
    assert_eq!(states(&app, &token).await, [state("forecast", false, true)]);
}

#[tokio::test]
async fn marking_as_read_is_repeatable_and_known_by_revision() {
    let (app, token, dining) = limited(NOW, 100).await;
    app.spend(&token, &dining, 500, "2026-11-20").await;
    let id = alerts(&app, &token).await[0]["id"].as_str().unwrap().to_owned();
    let before = app.revision(&token).await;
    for _ in 0..2 {
        let read = app.call("POST", &format!("/v1/alerts/{id}/read"), &token, None).await;
        assert_eq!(read.status, 204);
        assert_eq!(app.revision(&token).await, before + 1);
    }
    assert_eq!(app.call("POST", "/v1/alerts/read", &token, None).await.status, 204);
    assert_eq!(app.revision(&token).await, before + 1);
    assert_eq!(states(&app, &token).await, [state("over", true, false)]);
}

#[tokio::test]
async fn only_what_the_user_wants_is_told_and_a_change_of_mind_counts_at_once() {
    let (app, token, dining) = limited("2026-11-30T12:00:00Z", 10_000).await;
    app.spend(&token, &dining, 6_000, "2026-11-20").await;
    app.spend(&token, &dining, 11_000, "2026-10-20").await;
    let rules = async |near: Value, over: bool| {
        let body = json!({"alert_at": {"near_percent": near, "forecast": false, "over": over}});
        let path = format!("/v1/categories/{dining}");
        assert_eq!(app.call("PATCH", &path, &token, Some(body)).await.status, 200);
        states(&app, &token).await
    };
    assert_eq!(states(&app, &token).await, []);
    assert_eq!(rules(json!(60), true).await, [state("near", false, false)]);
    let message = alerts(&app, &token).await[0]["message"].clone();
    assert_eq!(message, "Dining has reached 60% of its $100 limit for November 2026.");
    assert_eq!(rules(json!(61), true).await, [state("near", false, true)]);
    app.spend(&token, &dining, 5_000, "2026-11-21").await;
    let both = [state("near", true, true), state("over", false, false)];
    assert_eq!(states(&app, &token).await, both);
    assert_eq!(
        rules(Value::Null, false).await,
        [state("near", true, true), state("over", false, true)]
    );
    assert_eq!(
        rules(json!(99), false).await,
        [state("near", true, false), state("over", false, true)]
    );
    let before = app.revision(&token).await;
    rules(json!(99), false).await;
    assert_eq!(app.revision(&token).await, before);
}

#[tokio::test]
async fn a_snooze_covers_the_category_until_its_day() {
    let app = App::new();
    let token = app.user("ada").await;
    let (dining, pets) = (app.category(&token, "Dining").await, app.category(&token, "Pets").await);
    for category in [&dining, &pets] {
        app.limit(&token, "2026-11", category, 10_000).await;
        app.spend(&token, category, 9_000, "2026-11-20").await;
    }
    let snoozed = async || {
        let mut list: Vec<_> = alerts(&app, &token)
            .await
            .iter()
            .map(|a| {
                (
                    a["category"].to_string(),
                    a["level"].to_string(),
                    a["snoozed_until"].to_string(),
                )
            })
            .filter(|(_, _, until)| until != "null")
            .collect();
        list.sort();
        list
    };
    let id = |list: &[Value], category: &str| {
        let alert = list.iter().find(|a| a["category_id"] == *category).unwrap();
        alert["id"].as_str().unwrap().to_owned()
    };
    let id = id(&alerts(&app, &token).await, &dining);
    let snooze = async |id: &str, until: Value| {
        let path = format!("/v1/alerts/{id}/snooze");
        app.call("PUT", &path, &token, Some(json!({"until": until}))).await
    };
    let before = app.revision(&token).await;
    for _ in 0..2 {
        assert_eq!(snooze(&id, json!("2026-12-01")).await.status, 204);
        assert_eq!(app.revision(&token).await, before + 1);
    }
    let quiet = snoozed().await;
    assert!(
        !quiet.is_empty() && quiet.iter().all(|(category, _, _)| category == "\"Dining\""),
        "{quiet:?}"
    );
    // What is raised meanwhile is as quiet.
    app.spend(&token, &dining, 9_000, "2026-11-21").await;
    assert!(snoozed().await.iter().any(|(_, level, _)| level == "\"over\""));
    for (until, field) in [
        ("2026-11-22", "until"),
        ("2020-01-01", "until"),
        ("2037-01-01", "until"),
    ] {
        let answer = snooze(&id, json!(until)).await;
        assert_eq!((answer.status, answer.field()), (400, field), "{until}");
    }
    assert_eq!(
        snooze(&uuid::Uuid::now_v7().to_string(), json!("2026-12-01"))
            .await
            .status,
        404
    );
    assert_eq!(snooze(&id, Value::Null).await.status, 204);
    assert_eq!(snoozed().await, []);
    snooze(&id, json!("2026-12-01")).await;
    app.set_time("2026-11-30T23:00:00Z");
    assert!(!snoozed().await.is_empty());
    let before = app.revision(&token).await;
    app.set_time("2026-12-01T01:00:00Z");
    assert_eq!(snoozed().await, []);
    assert_eq!(app.revision(&token).await, before + 1);
}

#[tokio::test]
async fn a_forecast_told_by_an_alert_is_the_one_of_the_summary() {
    let app = App::new();
    app.set_time("2026-11-10T12:00:00Z");
    let token = app.user("ada").await;
    let (dining, pets) = (app.category(&token, "Dining").await, app.category(&token, "Pets").await);
    app.limit(&token, "2026-11", &dining, 7000).await;
    spend_daily(&app, &token, &dining).await;
    // Another category's expense is the first one now: the days before the first of November were not used.
    app.spend(&token, &pets, 100, "2026-10-01").await;
    let summary = app.get("/v1/summary", &token).await.body;
    let row = summary["categories"]
        .as_array()
        .unwrap()
        .iter()
        .find(|c| c["name"] == "Dining")
        .unwrap()
        .clone();
    let expected = row["forecast"]["mid_minor"].as_i64().unwrap();
    assert!(expected > 7000, "{row}");
    let days: Vec<i64> = serde_json::from_value(row["forecast"]["days_minor"].clone()).unwrap();
    assert_eq!((days.len(), 5000 + days.iter().sum::<i64>()), (21, expected));
    let told = alerts(&app, &token).await[0]["message"].clone();
    let money = Money::new(expected, Currency::USD).short_symbol();
    assert_eq!(
        told,
        format!("Dining will pass its $70 limit for November 2026: {money} expected.")
    );
}
