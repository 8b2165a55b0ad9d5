//! Categories of one's own: made, renamed, of another kind, hidden.

use serde_json::{Value, json};
use uuid::Uuid;

use super::App;

async fn patch(app: &App, token: &str, id: &str, body: Value) -> super::Answer {
    app.call("PATCH", &format!("/v1/categories/{id}"), token, Some(body))
        .await
}

/// The category's row of a month's summary, if it is there.
async fn row(app: &App, token: &str, month: &str, id: &str) -> Option<Value> {
    let summary = app.get(&format!("/v1/summary?month={month}"), token).await.body;
    let rows = summary["categories"].as_array().unwrap();
    rows.iter().find(|row| row["id"] == id).cloned()
}

#[tokio::test]
async fn a_category_that_is_sent_twice_is_made_once() {
    let app = App::new();
    let token = app.user("ada").await;
    let body = json!({"id": Uuid::now_v7(), "name": " Hobbies ", "kind": "flexible"});
    let made = app.post("/v1/categories", &token, body.clone()).await;
    assert_eq!(made.status, 201, "{made:?}");
    assert_eq!(
        made.body,
        json!({"id": body["id"], "name": "Hobbies", "kind": "flexible", "carry_over": false, "hidden": false,
            "alert_at": {"near_percent": 80, "forecast": true, "over": true}})
    );
    let id = body["id"].as_str().unwrap();
    patch(&app, &token, id, json!({"name": "Games"})).await;
    let again = app.post("/v1/categories", &token, body.clone()).await;
    assert_eq!((again.status, &again.body["name"]), (200, &json!("Games")));
    let other = app
        .post(
            "/v1/categories",
            &token,
            json!({"id": id, "name": "Else", "kind": "fixed"}),
        )
        .await;
    assert_eq!((other.status, other.field()), (409, "id"));
    let list = app.get("/v1/categories", &token).await.body;
    assert_eq!(list.as_array().unwrap().len(), 21);
    assert_eq!(list[20]["name"], "Games");
    app.spend(&token, id, 500, "2026-11-20").await;
    assert_eq!(row(&app, &token, "2026-11", id).await.unwrap()["spent_minor"], 500);
}

#[tokio::test]
async fn names_are_checked_and_used_once() {
    let app = App::new();
    let token = app.user("ada").await;
    let dining = app.category(&token, "Dining").await;
    let pets = app.category(&token, "Pets").await;
    for (name, status) in [
        ("DINING", 409),
        (" dining ", 409),
        ("None", 409),
        ("Uncategorised", 409),
        ("", 400),
        ("a\u{202e}b", 400),
        (&"x".repeat(41), 400),
    ] {
        let made = app
            .post(
                "/v1/categories",
                &token,
                json!({"id": Uuid::now_v7(), "name": name, "kind": "flexible"}),
            )
            .await;
        assert_eq!((made.status, made.field()), (status, "name"), "{name}");
        let renamed = patch(&app, &token, &pets, json!({"name": name})).await;
        assert_eq!((renamed.status, renamed.field()), (status, "name"), "{name}");
    }
    let nil = json!({"id": Uuid::nil(), "name": "Nothing", "kind": "flexible"});
    assert_eq!(app.post("/v1/categories", &token, nil).await.field(), "id");
    assert_eq!(app.revision(&token).await, 0);
    assert_eq!(
        patch(&app, &token, &dining, json!({"name": "dining"})).await.body["name"],
        "dining"
    );
    let rules = json!({"near_percent": 100, "forecast": true, "over": true});
    assert_eq!(
        patch(&app, &token, &dining, json!({"alert_at": rules})).await.field(),
        "alert_at"
    );
    assert_eq!(
        patch(&app, &token, &Uuid::now_v7().to_string(), json!({"hidden": true}))
            .await
            .status,
        404
    );
    let bob = app.user("bob").await;
    assert_eq!(patch(&app, &bob, &dining, json!({"hidden": true})).await.status, 404);
}

#[tokio::test]
async fn a_renamed_category_is_still_predicted_and_a_hidden_one_is_not() {
    let app = App::new();
    let token = app.user("ada").await;
    let dining = app.category(&token, "Dining").await;
    let predicted = async || {
        app.post("/v1/predict", &token, json!({"description": "lunch at chipotle"}))
            .await
            .body
    };
    patch(&app, &token, &dining, json!({"name": "Eating out"})).await;
    let renamed = predicted().await;
    assert_eq!(
        renamed["choices"][0],
        json!({"category_id": dining, "category": "Eating out",
        "confidence": renamed["choices"][0]["confidence"]})
    );
    assert_eq!(renamed["because"], "\"lunch\" and \"chipotle\" mean Eating out");
    // The name is free again, and the word list does not mean the new one.
    let made = json!({"id": Uuid::now_v7(), "name": "Dining", "kind": "flexible"});
    assert_eq!(app.post("/v1/categories", &token, made).await.status, 201);
    assert_eq!(predicted().await["choices"][0]["category"], "Eating out");
    let body =
        json!({"id": Uuid::now_v7(), "description": "lunch at chipotle", "amount_minor": 100, "category_id": dining});
    app.post("/v1/expenses", &token, body).await;
    assert_eq!(predicted().await["source"], "learned");
    patch(&app, &token, &dining, json!({"hidden": true})).await;
    let choices = predicted().await["choices"].clone();
    assert!(
        choices
            .as_array()
            .unwrap()
            .iter()
            .all(|choice| choice["category_id"] != dining),
        "{choices}"
    );
    patch(&app, &token, &dining, json!({"hidden": false})).await;
    assert_eq!(predicted().await["source"], "learned");
}

#[tokio::test]
async fn a_hidden_category_is_shown_only_where_it_has_money() {
    let app = App::new();
    let token = app.user("ada").await;
    let (dining, pets) = (app.category(&token, "Dining").await, app.category(&token, "Pets").await);
    app.limit(&token, "2026-09", &dining, 5000).await;
    app.limit(&token, "2026-09", &pets, 300).await;
    app.spend(&token, &pets, 400, "2026-11-20").await;
    assert_eq!(
        patch(&app, &token, &pets, json!({"hidden": true})).await.body["hidden"],
        true
    );
    assert_eq!(patch(&app, &token, &dining, json!({"hidden": true})).await.status, 200);
    let limits = async |month: &str| {
        let list = app.get(&format!("/v1/budgets?month={month}"), &token).await.body;
        let total = app.get(&format!("/v1/summary?month={month}"), &token).await.body["months"][5].clone();
        (list.as_array().unwrap().len(), total["limit_minor"].as_i64().unwrap())
    };
    assert_eq!(limits("2026-10").await, (2, 5300));
    assert_eq!(limits("2026-11").await, (0, 0));
    assert_eq!(row(&app, &token, "2026-11", &dining).await, None);
    let shown = row(&app, &token, "2026-11", &pets).await.unwrap();
    assert_eq!((&shown["limit_minor"], &shown["hidden"]), (&Value::Null, &json!(true)));
    assert_eq!(
        row(&app, &token, "2026-10", &dining).await.unwrap()["limit_minor"],
        5000
    );
    let open = async || {
        let list = app.get("/v1/alerts", &token).await.body;
        list.as_array()
            .unwrap()
            .iter()
            .filter(|a| a["resolved_at"].is_null())
            .count()
    };
    assert_eq!(open().await, 0);
    let set = app
        .call(
            "PUT",
            &format!("/v1/budgets/2026-11/{pets}"),
            &token,
            Some(json!({"limit_minor": 1})),
        )
        .await;
    assert_eq!((set.status, set.field()), (400, "category_id"));
    let refused = app
        .post(
            "/v1/categories",
            &token,
            json!({"id": Uuid::now_v7(), "name": "pets", "kind": "flexible"}),
        )
        .await;
    assert!(
        refused.body["error"]["message"]
            .as_str()
            .unwrap()
            .contains("hidden category Pets")
    );
    let before = app.revision(&token).await;
    for _ in 0..2 {
        patch(&app, &token, &pets, json!({"hidden": false})).await;
        assert_eq!(app.revision(&token).await, before + 1);
    }
    assert_eq!((limits("2026-11").await, open().await), ((1, 300), 1));
}

#[tokio::test]
async fn another_kind_moves_money_into_the_totals_and_out_of_them() {
    let app = App::new();
    let token = app.user("ada").await;
    let dining = app.category(&token, "Dining").await;
    app.limit(&token, "2026-11", &dining, 100).await;
    app.spend(&token, &dining, 500, "2026-11-20").await;
    app.spend(&token, &dining, 70, "2026-10-20").await;
    let totals = async || {
        let summary = app.get("/v1/summary", &token).await.body;
        let number = |value: &Value| value.as_i64().unwrap();
        let (now, before) = (&summary["months"][5], &summary["months"][4]);
        [
            number(&now["spent_minor"]),
            number(&before["spent_minor"]),
            number(&summary["daily_minor"][19]),
            number(&summary["income_minor"]),
            number(&now["limit_minor"]),
        ]
    };
    let found = async || app.get("/v1/expenses?filter=ramen", &token).await.body["found"]["spent_minor"].clone();
    let spending = [500, 70, 500, 0, 100];
    assert_eq!((totals().await, found().await), (spending, json!(570)));
    patch(&app, &token, &dining, json!({"kind": "income"})).await;
    assert_eq!((totals().await, found().await), ([0, 0, 0, 500, 0], json!(0)));
    let list = app.get("/v1/alerts", &token).await.body;
    assert!(
        list.as_array().unwrap().iter().all(|a| !a["resolved_at"].is_null()),
        "{list}"
    );
    patch(&app, &token, &dining, json!({"kind": "not_spending"})).await;
    assert_eq!(totals().await, [0; 5]);
    patch(&app, &token, &dining, json!({"kind": "fixed"})).await;
    assert_eq!((totals().await, found().await), (spending, json!(570)));
}

#[tokio::test]
async fn the_last_six_months_are_told_oldest_first() {
    let app = App::new();
    let token = app.user("ada").await;
    let dining = app.category(&token, "Dining").await;
    for (minor, day) in [
        (1, "2026-04-30"),
        (2, "2026-05-01"),
        (30, "2026-10-31"),
        (400, "2026-11-01"),
    ] {
        app.spend(&token, &dining, minor, day).await;
    }
    assert_eq!(
        row(&app, &token, "2026-11", &dining).await.unwrap()["past_minor"],
        json!([2, 0, 0, 0, 0, 30])
    );
    assert_eq!(
        row(&app, &token, "1970-02", &dining).await.unwrap()["past_minor"],
        json!([0, 0, 0, 0, 0, 0])
    );
}

#[tokio::test]
async fn each_of_the_last_months_is_told_with_its_own_limit() {
    let app = App::new();
    let token = app.user("ada").await;
    let dining = app.category(&token, "Dining").await;
    app.limit(&token, "2026-08", &dining, 100).await;
    app.limit(&token, "2026-10", &dining, 300).await;
    app.limit(&token, "2026-11", &dining, 900).await;
    assert_eq!(
        row(&app, &token, "2026-11", &dining).await.unwrap()["past_limits_minor"],
        json!([null, null, null, 100, 100, 300])
    );
}
