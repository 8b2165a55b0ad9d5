//! One category merged into another.

use serde_json::{Value, json};
use uuid::Uuid;

use super::App;

async fn merge(app: &App, token: &str, from: &str, into: &str) -> super::Answer {
    let path = format!("/v1/categories/{from}/merge");
    app.post(&path, token, json!({"into": into})).await
}

async fn row(app: &App, token: &str, month: &str, id: &str) -> Option<Value> {
    let summary = app.get(&format!("/v1/summary?month={month}"), token).await.body;
    let rows = summary["categories"].as_array().unwrap();
    rows.iter().find(|row| row["id"] == id).cloned()
}

#[tokio::test]
async fn everything_moves_and_nothing_is_lost() {
    let app = App::new();
    let token = app.user("ada").await;
    let (pets, kids) = (app.category(&token, "Pets").await, app.category(&token, "Kids").await);
    app.limit(&token, "2026-09", &kids, 5000).await;
    app.limit(&token, "2026-10", &pets, 300).await;
    app.limit(&token, "2026-11", &kids, 6000).await;
    let moved = json!({"from": kids, "to": pets, "amount_minor": 100});
    assert_eq!(app.post("/v1/budgets/2026-11/move", &token, moved).await.status, 204);
    for (category, minor, day) in [
        (&pets, 400, "2026-11-20"),
        (&pets, 6000, "2026-11-20"),
        (&kids, 70, "2026-11-20"),
        (&pets, 5, "2026-10-02"),
    ] {
        app.spend(&token, category, minor, day).await;
    }
    let gone = app.spend(&token, &pets, 9, "2026-11-02").await;
    let gone = format!("/v1/expenses/{}", gone["id"].as_str().unwrap());
    app.call("DELETE", &gone, &token, None).await;
    let rule = json!({"id": Uuid::now_v7(), "pattern": "zorblax", "category_id": pets});
    app.post("/v1/rules", &token, rule).await;
    let totals = async || app.get("/v1/summary", &token).await.body["months"].clone();
    let (before, revision) = (totals().await, app.revision(&token).await);
    let merged = merge(&app, &token, &pets, &kids).await;
    assert_eq!((merged.status, &merged.body["name"]), (200, &json!("Kids")));
    assert_eq!((totals().await, app.revision(&token).await), (before, revision + 1));
    let now = row(&app, &token, "2026-11", &kids).await.unwrap();
    assert_eq!(
        (&now["spent_minor"], &now["count"], &now["limit_minor"]),
        (&json!(6470), &json!(3), &json!(6300))
    );
    let october = row(&app, &token, "2026-10", &kids).await.unwrap();
    assert_eq!(
        (&october["spent_minor"], &october["limit_minor"]),
        (&json!(5), &json!(5300))
    );
    assert_eq!(row(&app, &token, "2026-09", &kids).await.unwrap()["limit_minor"], 5000);
    assert_eq!(row(&app, &token, "2026-11", &pets).await, None);
    let list = app.get("/v1/categories", &token).await.body;
    assert_eq!(list.as_array().unwrap().len(), 19);
    assert_eq!(app.get("/v1/rules", &token).await.body[0]["category"], "Kids");
    let alerts = app.get("/v1/alerts", &token).await.body;
    let open: Vec<_> = alerts
        .as_array()
        .unwrap()
        .iter()
        .filter(|a| a["resolved_at"].is_null())
        .collect();
    assert!(
        open.iter().any(|a| a["level"] == "over") && open.iter().all(|a| a["category"] == "Kids"),
        "{alerts}"
    );
    // What was deleted before comes back where its category went.
    let back = app.call("POST", &format!("{gone}/restore"), &token, None).await;
    assert_eq!((back.status, &back.body["category_id"]), (200, &json!(kids)));
    assert_eq!(row(&app, &token, "2026-11", &kids).await.unwrap()["spent_minor"], 6479);
    let predicted = async |text: &str| {
        let answer = app.post("/v1/predict", &token, json!({"description": text})).await.body;
        (answer["choices"][0]["category"].clone(), answer["because"].clone())
    };
    assert_eq!(
        predicted("dog food").await,
        (json!("Kids"), json!("\"dog food\" means Kids"))
    );
    assert_eq!(
        predicted("nakamura ramen").await,
        (json!("Kids"), json!("\"nakamura ramen\" was 5 times Kids"))
    );
    assert_eq!(merge(&app, &token, &pets, &kids).await.status, 404);
}

#[tokio::test]
async fn what_is_no_spending_takes_no_limit_over_and_hidden_ones_give_none() {
    let app = App::new();
    let token = app.user("ada").await;
    let (pets, kids) = (app.category(&token, "Pets").await, app.category(&token, "Kids").await);
    let (income, dining) = (
        app.category(&token, "Income").await,
        app.category(&token, "Dining").await,
    );
    for category in [&pets, &kids, &dining] {
        app.limit(&token, "2026-09", category, 5000).await;
    }
    let hide = json!({"hidden": true});
    app.call("PATCH", &format!("/v1/categories/{pets}"), &token, Some(hide))
        .await;
    assert_eq!(merge(&app, &token, &pets, &kids).await.status, 200);
    let limit = async |month: &str| row(&app, &token, month, &kids).await.unwrap()["limit_minor"].clone();
    assert_eq!(
        (limit("2026-10").await, limit("2026-11").await),
        (json!(10_000), json!(5000))
    );
    assert_eq!(merge(&app, &token, &dining, &income).await.status, 200);
    assert_eq!(
        row(&app, &token, "2026-11", &income).await.unwrap()["limit_minor"],
        Value::Null
    );
    let summary = app.get("/v1/summary", &token).await.body;
    assert_eq!(summary["months"][5]["limit_minor"], 5000);
}

#[tokio::test]
async fn only_two_different_categories_of_ones_own_are_merged() {
    let app = App::new();
    let (ada, bob) = (app.user("ada").await, app.user("bob").await);
    let (pets, kids) = (app.category(&ada, "Pets").await, app.category(&ada, "Kids").await);
    let same = merge(&app, &ada, &pets, &pets).await;
    assert_eq!((same.status, same.field()), (400, "into"));
    let stranger = Uuid::now_v7().to_string();
    assert_eq!(merge(&app, &ada, &pets, &stranger).await.field(), "into");
    assert_eq!(merge(&app, &ada, &stranger, &pets).await.status, 404);
    assert_eq!(merge(&app, &bob, &pets, &kids).await.status, 404);
    let own = app.category(&bob, "Pets").await;
    assert_eq!(merge(&app, &bob, &own, &kids).await.field(), "into");
    assert_eq!((app.revision(&ada).await, app.revision(&bob).await), (0, 0));
}
