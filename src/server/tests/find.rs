//! Finding expenses: filters, reviews and orders over all months.

use serde_json::{Value, json};
use uuid::Uuid;

use super::App;

/// Adds an expense, its category predicted, and returns it.
async fn add(app: &App, token: &str, description: &str, minor: i64, day: &str) -> Value {
    let body = json!({"id": Uuid::now_v7(), "day": day, "description": description, "amount_minor": minor});
    let answer = app.post("/v1/expenses", token, body).await;
    assert_eq!(answer.status, 201, "{answer:?}");
    answer.body
}

/// A query string's page and the descriptions on it.
async fn find(app: &App, token: &str, query: &str) -> (Value, Vec<String>) {
    let answer = app.get(&format!("/v1/expenses?{query}"), token).await;
    assert_eq!(answer.status, 200, "{query}: {answer:?}");
    let rows = answer.body["expenses"].as_array().unwrap();
    let names = rows
        .iter()
        .map(|row| row["description"].as_str().unwrap().to_owned())
        .collect();
    (answer.body, names)
}

async fn household(app: &App) -> String {
    let token = app.user("ada").await;
    let income = app.category(&token, "Income").await;
    for (description, minor, day) in [
        ("Cinema Lumière", 3500, "2026-11-20"),
        ("zzqx", 1440, "2026-09-02"),
        ("Café Nero", 410, "2026-03-15"),
        ("lidl", 8210, "2025-11-14"),
        ("Board game café", 3200, "2026-10-11"),
    ] {
        add(app, &token, description, minor, day).await;
    }
    let salary = json!({"id": Uuid::now_v7(), "day": "2026-10-01", "description": "Salary café",
        "amount_minor": 250_000, "category_id": income});
    app.post("/v1/expenses", &token, salary).await;
    token
}

#[tokio::test]
async fn a_filter_looks_at_all_months_and_tells_what_it_found() {
    let app = App::new();
    let token = household(&app).await;
    let (page, names) = find(&app, &token, "filter=cafe").await;
    assert_eq!(names, ["Board game café", "Salary café", "Café Nero"]);
    assert_eq!(page["found"], json!({"count": 3, "spent_minor": 3610, "of": 6}));
    for (query, wanted) in [
        ("filter=amount%3E32+since:1sep", vec!["Cinema Lumière", "Salary café"]),
        ("filter=amount%3E32%20until%3A30sep", vec!["lidl"]),
        ("filter=month:mar", vec!["Café Nero"]),
        ("filter=cafe&month=2026-10", vec!["Board game café", "Salary café"]),
        ("filter=lumeire", vec!["Cinema Lumière"]),
        ("filter=cat:none", vec!["zzqx"]),
        ("filter=14.40", vec!["zzqx"]),
        ("filter=fnu", vec![]),
        ("filter=-cafe%20-lidl", vec!["Cinema Lumière", "zzqx"]),
    ] {
        assert_eq!(find(&app, &token, query).await.1, wanted, "{query}");
    }
    let (unfinished, names) = find(&app, &token, "filter=amount%3E").await;
    assert_eq!((names.len(), &unfinished["found"]["count"]), (6, &json!(6)));
    let (blank, names) = find(&app, &token, "filter=%20").await;
    assert_eq!((names.len(), &blank["found"]), (6, &Value::Null));
}

#[tokio::test]
async fn pages_follow_each_other_in_every_order() {
    let app = App::new();
    let token = household(&app).await;
    for (order, first) in [
        ("day", "Cinema Lumière"),
        ("amount", "Salary café"),
        ("description", "Board game café"),
    ] {
        let (mut names, mut cursor) = (Vec::new(), String::new());
        loop {
            let (page, more) = find(&app, &token, &format!("order={order}&limit=2{cursor}")).await;
            assert_eq!(page["found"], Value::Null);
            names.extend(more);
            let Some(next) = page["next"].as_str() else { break };
            cursor = format!("&cursor={next}");
        }
        assert_eq!((names.len(), names[0].as_str()), (6, first), "{order}: {names:?}");
        names.sort();
        names.dedup();
        assert_eq!(names.len(), 6, "{order}");
    }
}

#[tokio::test]
async fn what_nobody_is_sure_of_waits_for_a_review_until_it_is_placed() {
    let app = App::new();
    let token = app.user("ada").await;
    let pets = app.category(&token, "Pets").await;
    let made = add(&app, &token, "zzqx", 100, "2025-02-03").await;
    app.spend(&token, &pets, 500, "2026-11-20").await;
    let waiting = async || {
        let summary = app.get("/v1/summary", &token).await.body;
        let (page, names) = find(&app, &token, "review=true").await;
        assert_eq!(page["found"]["count"], summary["to_review"]);
        assert_eq!(page["found"]["count"], json!(names.len()));
        names
    };
    assert_eq!(waiting().await, ["zzqx"]);
    let path = format!("/v1/expenses/{}", made["id"].as_str().unwrap());
    app.call("DELETE", &path, &token, None).await;
    assert_eq!(waiting().await, [""; 0]);
    app.call("POST", &format!("{path}/restore"), &token, None).await;
    assert_eq!(waiting().await, ["zzqx"]);
    app.call("PATCH", &path, &token, Some(json!({"category_id": pets})))
        .await;
    assert_eq!(waiting().await, [""; 0]);
    app.call("PATCH", &path, &token, Some(json!({"category_id": null})))
        .await;
    assert_eq!(waiting().await, ["zzqx"]);
    assert_eq!(find(&app, &token, "review=true&filter=pets").await.1, [""; 0]);
    assert_eq!(find(&app, &token, "review=false").await.1.len(), 2);
}

#[tokio::test]
async fn a_query_that_cannot_be_is_refused() {
    let app = App::new();
    let token = app.user("ada").await;
    for (query, field) in [
        (format!("filter={}", "x".repeat(257)), "filter"),
        ("order=amount&cursor=20000.1".to_owned(), "cursor"),
        ("order=description&cursor=20000.1.%2B".to_owned(), "cursor"),
        ("cursor=20000.1.2".to_owned(), "cursor"),
        ("order=size".to_owned(), ""),
        ("review=perhaps".to_owned(), ""),
        ("limit=0&filter=a".to_owned(), "limit"),
    ] {
        let answer = app.get(&format!("/v1/expenses?{query}"), &token).await;
        assert_eq!((answer.status, answer.field()), (400, field), "{query}: {answer:?}");
    }
}
