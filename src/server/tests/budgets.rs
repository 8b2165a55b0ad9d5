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
