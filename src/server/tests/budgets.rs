//! Limits that hold until the next change.

use serde_json::json;
use uuid::Uuid;

use super::App;

#[tokio::test]
async fn a_limit_holds_until_the_next_change() {
    let app = App::new();
    let token = app.user("ada").await;
    let dining = app.category(&token, "Dining").await;
    app.limit(&token, "2026-03", &dining, 10_000).await;
    app.limit(&token, "2026-06", &dining, 12_000).await;
    let cleared = app
        .call("DELETE", &format!("/v1/budgets/2026-09/{dining}"), &token, None)
        .await;
    assert_eq!(cleared.status, 204);
    for (month, limit, since) in [
        ("2026-02", None, ""),
        ("2026-03", Some(10_000), "2026-03"),
        ("2026-05", Some(10_000), "2026-03"),
        ("2026-08", Some(12_000), "2026-06"),
        ("2026-09", None, ""),
        ("2027-01", None, ""),
    ] {
        let list = app.get(&format!("/v1/budgets?month={month}"), &token).await.body;
        let expected = limit.map(|limit| json!({"category_id": dining, "limit_minor": limit, "since": since}));
        assert_eq!(list, json!(expected.into_iter().collect::<Vec<_>>()), "{month}");
        let summary = app.get(&format!("/v1/summary?month={month}"), &token).await.body;
        assert_eq!(summary["categories"][1]["limit_minor"], json!(limit), "{month}");
        assert_eq!(
            summary["months"][5]["limit_minor"],
            json!(limit.unwrap_or(0)),
            "{month}"
        );
    }
    let autumn = app.get("/v1/summary?month=2026-10", &token).await.body;
    let limits: Vec<_> = autumn["months"]
        .as_array()
        .unwrap()
        .iter()
        .map(|m| m["limit_minor"].clone())
        .collect();
    assert_eq!(limits, [10_000, 12_000, 12_000, 12_000, 0, 0]);
}

#[tokio::test]
async fn setting_what_is_set_changes_nothing() {
    let app = App::new();
    let token = app.user("ada").await;
    let dining = app.category(&token, "Dining").await;
    let path = format!("/v1/budgets/2026-11/{dining}");
    assert_eq!(app.call("DELETE", &path, &token, None).await.status, 204);
    assert_eq!(app.revision(&token).await, 0);
    for _ in 0..2 {
        app.limit(&token, "2026-11", &dining, 0).await;
        assert_eq!(app.revision(&token).await, 1);
    }
}

#[tokio::test]
async fn a_limit_that_cannot_be_is_refused() {
    let app = App::new();
    let token = app.user("ada").await;
    let (dining, income) = (
        app.category(&token, "Dining").await,
        app.category(&token, "Income").await,
    );
    let put = async |category: &str, limit: i64| {
        let path = format!("/v1/budgets/2026-11/{category}");
        app.call("PUT", &path, &token, Some(json!({"limit_minor": limit})))
            .await
    };
    for (category, limit, status, field) in [
        (&dining, -1, 400, "limit_minor"),
        (&dining, i64::MIN, 400, "limit_minor"),
        (&dining, i64::MAX, 400, "limit_minor"),
        (&income, 100, 400, "category_id"),
        (&Uuid::now_v7().to_string(), 100, 404, ""),
    ] {
        let answer = put(category, limit).await;
        assert_eq!((answer.status, answer.field()), (status, field), "{limit}");
    }
    assert_eq!(app.revision(&token).await, 0);
}

#[tokio::test]
async fn a_limit_that_was_changed_meanwhile_is_not_overwritten() {
    let app = App::new();
    let token = app.user("ada").await;
    let dining = app.category(&token, "Dining").await;
    let path = format!("/v1/budgets/2026-11/{dining}");
    let put = async |minor: i64, base: i64| {
        let body = json!({"limit_minor": minor, "base_revision": base});
        app.call("PUT", &path, &token, Some(body)).await
    };
    assert_eq!(put(12_000, 0).await.status, 200);
    assert_eq!(put(13_000, 1).await.status, 200);
    // Sent again because its answer was lost.
    assert_eq!(put(13_000, 1).await.status, 200);
    let refused = put(15_000, 1).await;
    assert_eq!((refused.status, refused.field()), (409, "base_revision"));
    assert_eq!(
        refused.body["error"]["message"],
        "The limit of Dining was changed meanwhile: it is $130 now. Look at it again."
    );
    app.call("DELETE", &path, &token, None).await;
    let refused = put(15_000, 2).await;
    assert_eq!(
        refused.body["error"]["message"],
        "The limit of Dining was taken away meanwhile. Look at it again."
    );
    assert_eq!(put(15_000, 3).await.status, 200);
    app.limit(&token, "2026-11", &dining, 16_000).await;
    let pets = app.category(&token, "Pets").await;
    app.limit(&token, "2026-11", &pets, 1).await;
    // Another category's change is no conflict.
    assert_eq!(put(17_000, 5).await.status, 200);
}

/// The effective limit, what of it was carried over, and the limit as it was set.
async fn limit(app: &App, token: &str, month: &str, category: &str) -> (Option<i64>, i64, Option<i64>) {
    let summary = app.get(&format!("/v1/summary?month={month}"), token).await.body;
    let row = summary["categories"]
        .as_array()
        .unwrap()
        .iter()
        .find(|c| c["id"] == category)
        .unwrap()
        .clone();
    let list = app.get(&format!("/v1/budgets?month={month}"), token).await.body;
    let set = list
        .as_array()
        .unwrap()
        .iter()
        .find(|b| b["category_id"] == category)
        .cloned();
    let set = set.and_then(|budget| budget["limit_minor"].as_i64());
    (row["limit_minor"].as_i64(), row["carried_minor"].as_i64().unwrap(), set)
}

#[tokio::test]
async fn moved_money_counts_in_its_month_only() {
    let app = App::new();
    let token = app.user("ada").await;
    let [dining, groceries, pets, income] = ["Dining", "Groceries", "Pets", "Income"];
    let (dining, groceries) = (
        app.category(&token, dining).await,
        app.category(&token, groceries).await,
    );
    let (pets, income) = (app.category(&token, pets).await, app.category(&token, income).await);
    app.limit(&token, "2026-10", &dining, 12_000).await;
    app.limit(&token, "2026-10", &groceries, 45_000).await;
    app.spend(&token, &dining, 12_580, "2026-11-20").await;
    let shift = async |from: &str, to: &str, minor: i64| {
        let body = json!({"from": from, "to": to, "amount_minor": minor});
        app.post("/v1/budgets/2026-11/move", &token, body).await
    };
    let open = async || {
        let list = app.get("/v1/alerts", &token).await.body;
        let over = |a: &&serde_json::Value| a["level"] == "over" && a["resolved_at"].is_null();
        list.as_array().unwrap().iter().filter(over).count()
    };
    assert_eq!(open().await, 1);
    assert_eq!(shift(&groceries, &dining, 580).await.status, 204);
    assert_eq!(open().await, 0);
    for (month, given, taken) in [
        ("2026-10", 12_000, 45_000),
        ("2026-11", 12_580, 44_420),
        ("2026-12", 12_000, 45_000),
    ] {
        assert_eq!(
            limit(&app, &token, month, &dining).await,
            (Some(given), 0, Some(given)),
            "{month}"
        );
        assert_eq!(
            limit(&app, &token, month, &groceries).await,
            (Some(taken), 0, Some(taken)),
            "{month}"
        );
    }
    assert_eq!(shift(&groceries, &pets, 420).await.status, 204);
    assert_eq!(limit(&app, &token, "2026-11", &pets).await, (Some(420), 0, Some(420)));
    assert_eq!(limit(&app, &token, "2026-12", &pets).await, (None, 0, None));
    assert_eq!(shift(&pets, &groceries, 420).await.status, 204);
    assert_eq!(limit(&app, &token, "2026-11", &pets).await, (None, 0, None));
    // A limit that is set anew is what was asked for, this month too.
    app.limit(&token, "2026-11", &dining, 15_000).await;
    assert_eq!(limit(&app, &token, "2026-11", &dining).await.0, Some(15_000));
    let before = app.revision(&token).await;
    let stranger = Uuid::now_v7().to_string();
    for (from, to, minor, status, field) in [
        (&groceries, &dining, 44_421, 400, "amount_minor"),
        (&pets, &dining, 1, 400, "amount_minor"),
        (&groceries, &dining, 0, 400, "amount_minor"),
        (&groceries, &dining, -5, 400, "amount_minor"),
        (&groceries, &groceries, 5, 400, "to"),
        (&income, &dining, 5, 400, "from"),
        (&groceries, &income, 5, 400, "to"),
        (&stranger, &dining, 5, 404, ""),
    ] {
        let answer = shift(from, to, minor).await;
        assert_eq!((answer.status, answer.field()), (status, field), "{answer:?}");
    }
    assert_eq!(app.revision(&token).await, before);
    let message = shift(&groceries, &dining, 100_000).await.body["error"]["message"].clone();
    assert_eq!(
        message,
        "Groceries has only $444.20 to give in November 2026. Move that much or less."
    );
}

#[tokio::test]
async fn what_is_left_moves_on_from_the_month_in_which_it_was_wanted() {
    let app = App::new();
    app.set_time("2026-09-10T12:00:00Z");
    let token = app.user("ada").await;
    let dining = app.category(&token, "Dining").await;
    app.limit(&token, "2026-08", &dining, 10_000).await;
    app.spend(&token, &dining, 1_000, "2026-08-05").await;
    let path = format!("/v1/categories/{dining}");
    let carry = async |token: &str, on: bool| app.call("PATCH", &path, token, Some(json!({"carry_over": on}))).await;
    assert_eq!(carry(&token, true).await.body["carry_over"], true);
    // August was before: what it left is gone.
    assert_eq!(
        limit(&app, &token, "2026-09", &dining).await,
        (Some(10_000), 0, Some(10_000))
    );
    let first = app.spend(&token, &dining, 4_000, "2026-09-08").await;
    app.set_time("2026-11-22T12:00:00Z");
    let wish = json!({"name": "ada", "password": super::PASSWORD});
    let session = app.post("/v1/login", "", wish).await.body;
    let token = session["token"].as_str().unwrap().to_owned();
    app.spend(&token, &dining, 17_000, "2026-10-08").await;
    assert_eq!(
        limit(&app, &token, "2026-10", &dining).await,
        (Some(16_000), 6_000, Some(10_000))
    );
    assert_eq!(
        limit(&app, &token, "2026-11", &dining).await,
        (Some(9_000), -1_000, Some(10_000))
    );
    let total = app.get("/v1/summary?month=2026-11", &token).await.body["months"].clone();
    let limits: Vec<_> = total
        .as_array()
        .unwrap()
        .iter()
        .map(|m| m["limit_minor"].as_i64().unwrap())
        .collect();
    assert_eq!(limits, [0, 0, 10_000, 10_000, 16_000, 9_000]);
    // An edit of September moves October and November, and their alerts.
    let over = async || {
        let list = app.get("/v1/alerts", &token).await.body;
        let open = |a: &&serde_json::Value| a["level"] == "over" && a["resolved_at"].is_null();
        let mut months: Vec<_> = list
            .as_array()
            .unwrap()
            .iter()
            .filter(open)
            .map(|a| a["month"].clone())
            .collect();
        months.sort_by_key(ToString::to_string);
        months
    };
    assert_eq!(over().await, ["2026-10"]);
    app.spend(&token, &dining, 9_500, "2026-11-20").await;
    assert_eq!(over().await, ["2026-10", "2026-11"]);
    let path_of_first = format!("/v1/expenses/{}", first["id"].as_str().unwrap());
    app.call("DELETE", &path_of_first, &token, None).await;
    assert_eq!(over().await, [""; 0]);
    assert_eq!(
        limit(&app, &token, "2026-11", &dining).await,
        (Some(13_000), 3_000, Some(10_000))
    );
    // A debt larger than the limit leaves zero, and waits.
    app.spend(&token, &dining, 40_000, "2026-11-21").await;
    assert_eq!(
        limit(&app, &token, "2026-12", &dining).await,
        (Some(0), -10_000, Some(10_000))
    );
    assert_eq!(
        limit(&app, &token, "2027-03", &dining).await,
        (Some(3_500), -6_500, Some(10_000))
    );
    carry(&token, false).await;
    assert_eq!(
        limit(&app, &token, "2026-12", &dining).await,
        (Some(10_000), 0, Some(10_000))
    );
    assert_eq!(over().await, ["2026-10", "2026-11"]);
}

#[tokio::test]
async fn a_base_revision_below_zero_is_refused_everywhere() {
    let app = App::new();
    let token = app.user("ada").await;
    let dining = app.category(&token, "Dining").await;
    let made = app.spend(&token, &dining, 500, "2026-11-20").await;
    let expense = format!("/v1/expenses/{}", made["id"].as_str().unwrap());
    let limit = format!("/v1/budgets/2026-11/{dining}");
    let place = json!({"action": "place", "places": [{"id": made["id"], "category_id": null, "base_revision": -1}]});
    for (method, path, body) in [
        (
            "PATCH",
            expense,
            Some(json!({"amount_minor": 900, "base_revision": -1})),
        ),
        ("POST", "/v1/expenses/bulk".to_owned(), Some(place)),
        (
            "PUT",
            limit.clone(),
            Some(json!({"limit_minor": 900, "base_revision": -1})),
        ),
        ("DELETE", format!("{limit}?base_revision=-1"), None),
    ] {
        let answer = app.call(method, &path, &token, body).await;
        assert_eq!(
            (answer.status, answer.field()),
            (400, "base_revision"),
            "{method} {path}"
        );
    }
}
