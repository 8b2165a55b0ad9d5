//! Expenses: stored once, listed in pages, changed, deleted, restored.

use serde_json::{Value, json};
use uuid::Uuid;

use super::App;

const DAY: &str = "2026-11-20";

#[tokio::test]
async fn an_expense_that_is_sent_twice_is_stored_once() {
    let app = App::new();
    let token = app.user("ada").await;
    let body = json!({"id": Uuid::now_v7(), "description": " lunch at chipotle ", "amount_minor": 6000});
    let first = app.post("/v1/expenses", &token, body.clone()).await;
    assert_eq!(first.status, 201);
    assert_eq!(first.body["description"], "lunch at chipotle");
    assert_eq!(first.body["day"], "2026-11-22");
    assert_eq!(first.body["category_source"], "model");
    assert!(first.body["confidence"].as_u64().unwrap() >= 40);
    app.set_time("2026-11-23T12:00:00Z");
    let again = app.post("/v1/expenses", &token, body.clone()).await;
    assert_eq!((again.status, &again.body), (200, &first.body));
    let mut other = body.clone();
    other["amount_minor"] = json!(6001);
    let refused = app.post("/v1/expenses", &token, other).await;
    assert_eq!(
        (refused.status, refused.code(), refused.field()),
        (409, "conflict", "id")
    );
    assert_eq!(app.revision(&token).await, 1);
    // Still the same request after an edit and a deletion.
    let path = format!("/v1/expenses/{}", body["id"].as_str().unwrap());
    app.call("PATCH", &path, &token, Some(json!({"amount_minor": 7000})))
        .await;
    app.call("DELETE", &path, &token, None).await;
    let late = app.post("/v1/expenses", &token, body).await;
    assert_eq!((late.status, &late.body["amount_minor"]), (200, &json!(7000)));
    assert!(
        app.get("/v1/expenses", &token).await.body["expenses"]
            .as_array()
            .unwrap()
            .is_empty()
    );
}

#[tokio::test]
async fn each_wrong_field_of_an_expense_is_named() {
    let app = App::new();
    let token = app.user("ada").await;
    let good = json!({"id": Uuid::now_v7(), "description": "tea", "amount_minor": 300});
    for (field, value) in [
        ("id", json!(Uuid::nil())),
        ("day", json!("1969-12-31")),
        ("day", json!("2036-12-01")),
        ("description", json!("  ")),
        ("description", json!("x".repeat(257))),
        ("description", json!("tea\u{202e}")),
        ("amount_minor", json!(0)),
        ("amount_minor", json!(-5)),
        ("amount_minor", json!(100_000_000_000_001_i64)),
        ("category_id", json!(Uuid::now_v7())),
    ] {
        let mut body = good.clone();
        body[field] = value.clone();
        let answer = app.post("/v1/expenses", &token, body).await;
        assert_eq!((answer.status, answer.field()), (400, field), "{value}: {answer:?}");
    }
    for (field, value) in [
        ("amount_minor", json!(1.5)),
        ("amount_minor", json!("3")),
        ("day", json!("yesterday")),
    ] {
        let mut body = good.clone();
        body[field] = value;
        assert_eq!(app.post("/v1/expenses", &token, body).await.status, 400);
    }
    assert_eq!(app.revision(&token).await, 0);
    for day in ["1970-01-01", "2036-11-30"] {
        let mut body = good.clone();
        (body["day"], body["id"]) = (json!(day), json!(Uuid::now_v7()));
        assert_eq!(app.post("/v1/expenses", &token, body).await.status, 201, "{day}");
    }
}

#[tokio::test]
async fn a_sum_too_large_to_keep_is_refused() {
    let app = App::new();
    // A currency with four decimals, whose sums are the largest.
    let wish = json!({"name": "ada", "email": "a@b.c", "password": super::PASSWORD, "currency": "CLF"});
    let token = app.post("/v1/signup", "", wish).await.body["token"]
        .as_str()
        .unwrap()
        .to_owned();
    let dining = app.category(&token, "Dining").await;
    let largest = 10_000_000_000_000_000_i64;
    let mut refused = None;
    for _ in 0..20 {
        let body = json!({"id": Uuid::now_v7(), "description": "tea", "amount_minor": largest, "category_id": dining});
        let answer = app.post("/v1/expenses", &token, body).await;
        if answer.status != 201 {
            refused = Some(answer);
            break;
        }
    }
    let refused = refused.expect("twenty of the largest amounts cannot be kept");
    assert_eq!((refused.status, refused.field()), (400, "amount_minor"));
    let listed = app.get("/v1/expenses?limit=1000", &token).await;
    assert_eq!(listed.status, 200);
    assert_eq!(app.get("/v1/summary", &token).await.status, 200);
}

#[tokio::test]
async fn pages_hold_every_expense_once_in_order() {
    let app = App::new();
    let token = app.user("ada").await;
    let (dining, pets) = (app.category(&token, "Dining").await, app.category(&token, "Pets").await);
    let mut expected = Vec::new();
    for i in 0..25 {
        let day = format!("2026-{:02}-{:02}", 10 + i % 2, 1 + i % 4);
        let category = if i % 5 == 0 { &pets } else { &dining };
        let made = app.spend(&token, category, 100 + i, &day).await;
        expected.push((day, i, category.clone(), made["id"].clone()));
    }
    expected.sort_by(|a, b| (&b.0, b.1).cmp(&(&a.0, a.1)));
    for (filter, keep) in [
        (
            String::new(),
            Box::new(|_: &str, _: &str| true) as Box<dyn Fn(&str, &str) -> bool>,
        ),
        (
            "&month=2026-10".to_owned(),
            Box::new(|day, _| day.starts_with("2026-10")),
        ),
        (format!("&category_id={pets}"), Box::new(|_, category| category == pets)),
        (
            format!("&category_id={pets}&month=2026-11"),
            Box::new(|day, category| category == pets && day.starts_with("2026-11")),
        ),
    ] {
        let (mut found, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = app
                .get(&format!("/v1/expenses?limit=4{filter}{cursor}"), &token)
                .await
                .body;
            let rows = page["expenses"].as_array().unwrap();
            assert!(rows.len() <= 4);
            found.extend(rows.iter().map(|row| row["id"].clone()));
            let Some(next) = page["next"].as_str() else { break };
            assert_eq!(rows.len(), 4);
            cursor = format!("&cursor={next}");
        }
        let wanted: Vec<Value> = expected
            .iter()
            .filter(|e| keep(&e.0, &e.2))
            .map(|e| e.3.clone())
            .collect();
        assert_eq!(found, wanted, "{filter}");
    }
    let hostile = app.get("/v1/expenses?cursor=9223372036854775807.-1", &token).await;
    assert_eq!(hostile.status, 200);
}

#[tokio::test]
async fn a_change_moves_money_between_days_and_categories() {
    let app = App::new();
    let token = app.user("ada").await;
    let (dining, pets) = (app.category(&token, "Dining").await, app.category(&token, "Pets").await);
    let made = app.spend(&token, &dining, 500, DAY).await;
    let path = format!("/v1/expenses/{}", made["id"].as_str().unwrap());
    let edit = json!({"day": "2026-10-05", "description": "dog food", "amount_minor": 700, "category_id": pets});
    let changed = app.call("PATCH", &path, &token, Some(edit.clone())).await;
    assert_eq!(changed.status, 200);
    for (key, value) in edit.as_object().unwrap() {
        assert_eq!(&changed.body[key], value);
    }
    assert_eq!(changed.body["category_source"], "you");
    let repeated = app.call("PATCH", &path, &token, Some(edit)).await;
    assert_eq!(repeated.body["revision"], changed.body["revision"]);
    let november = app.get("/v1/summary?month=2026-11", &token).await.body;
    let october = app.get("/v1/summary?month=2026-10", &token).await.body;
    assert_eq!(november["months"][5]["spent_minor"], 0);
    assert_eq!(october["months"][5]["spent_minor"], 700);
    assert_eq!(october["daily_minor"][4], 700);
    for (bad, field) in [
        (json!({"amount_minor": 0}), "amount_minor"),
        (json!({"day": "1900-01-01"}), "day"),
        (json!({"description": ""}), "description"),
        (json!({"category_id": Uuid::now_v7()}), "category_id"),
    ] {
        let answer = app.call("PATCH", &path, &token, Some(bad)).await;
        assert_eq!((answer.status, answer.field()), (400, field));
    }
}

#[tokio::test]
async fn a_new_description_finds_a_new_category_unless_the_user_chose() {
    let app = App::new();
    let token = app.user("ada").await;
    let dining = app.category(&token, "Dining").await;
    let body = json!({"id": Uuid::now_v7(), "description": "zzqx", "amount_minor": 300});
    let made = app.post("/v1/expenses", &token, body).await.body;
    assert_eq!(
        (&made["category_id"], &made["category_source"]),
        (&Value::Null, &json!("none"))
    );
    let path = format!("/v1/expenses/{}", made["id"].as_str().unwrap());
    let found = app
        .call(
            "PATCH",
            &path,
            &token,
            Some(json!({"description": "lunch at chipotle"})),
        )
        .await;
    assert_eq!(found.body["category_id"], json!(dining));
    let pets = app.category(&token, "Pets").await;
    app.call("PATCH", &path, &token, Some(json!({"category_id": pets})))
        .await;
    let kept = app
        .call("PATCH", &path, &token, Some(json!({"description": "uber to airport"})))
        .await;
    assert_eq!(kept.body["category_id"], json!(pets));
}

#[tokio::test]
async fn what_the_user_chose_is_predicted_next_time() {
    let app = App::new();
    let token = app.user("ada").await;
    let pets = app.category(&token, "Pets").await;
    let choose = |description: &str| json!({"id": Uuid::now_v7(), "description": description, "amount_minor": 300, "category_id": pets});
    for _ in 0..3 {
        app.post("/v1/expenses", &token, choose("Zorblax Emporium")).await;
    }
    let predicted = app
        .post("/v1/predict", &token, json!({"description": "zorblax emporium"}))
        .await
        .body;
    assert_eq!(predicted["source"], "learned");
    assert_eq!(predicted["choices"][0]["category"], "Pets");
    assert!(!predicted["because"].as_str().unwrap().is_empty());
    let body = json!({"id": Uuid::now_v7(), "description": "Zorblax Emporium", "amount_minor": 100});
    let added = app.post("/v1/expenses", &token, body).await.body;
    assert_eq!(
        (&added["category_id"], &added["category_source"]),
        (&json!(pets), &json!("learned"))
    );
    let stranger = app.user("bob").await;
    let other = app
        .post("/v1/predict", &stranger, json!({"description": "zorblax emporium"}))
        .await
        .body;
    assert_ne!(other["source"], "learned");
    let empty = app.post("/v1/predict", &token, json!({"description": " "})).await;
    assert_eq!((empty.status, empty.field()), (400, "description"));
}

#[tokio::test]
async fn deleting_and_restoring_are_repeatable() {
    let app = App::new();
    let token = app.user("ada").await;
    let dining = app.category(&token, "Dining").await;
    let made = app.spend(&token, &dining, 500, DAY).await;
    let path = format!("/v1/expenses/{}", made["id"].as_str().unwrap());
    for _ in 0..2 {
        assert_eq!(app.call("DELETE", &path, &token, None).await.status, 204);
        assert_eq!(app.revision(&token).await, 2);
    }
    assert_eq!(
        app.call("PATCH", &path, &token, Some(json!({"amount_minor": 1})))
            .await
            .status,
        404
    );
    assert_eq!(app.get("/v1/summary", &token).await.body["months"][5]["spent_minor"], 0);
    for _ in 0..2 {
        let back = app.call("POST", &format!("{path}/restore"), &token, None).await;
        assert_eq!((back.status, &back.body["revision"]), (200, &json!(3)));
    }
    assert_eq!(
        app.get("/v1/summary", &token).await.body["months"][5]["spent_minor"],
        500
    );
}

#[tokio::test]
async fn another_users_things_do_not_exist() {
    let app = App::new();
    let (ada, bob) = (app.user("ada").await, app.user("bob").await);
    let dining = app.category(&ada, "Dining").await;
    let made = app.spend(&ada, &dining, 500, DAY).await;
    app.limit(&ada, "2026-11", &dining, 100).await;
    app.spend(&ada, &dining, 1, DAY).await;
    let alert = app.get("/v1/alerts", &ada).await.body[0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let expense = format!("/v1/expenses/{}", made["id"].as_str().unwrap());
    for (method, path, body) in [
        ("PATCH", expense.clone(), Some(json!({"amount_minor": 1}))),
        ("DELETE", expense.clone(), None),
        ("POST", format!("{expense}/restore"), None),
        (
            "PUT",
            format!("/v1/budgets/2026-11/{dining}"),
            Some(json!({"limit_minor": 1})),
        ),
        ("DELETE", format!("/v1/budgets/2026-11/{dining}"), None),
        ("POST", format!("/v1/alerts/{alert}/read"), None),
    ] {
        let answer = app.call(method, &path, &bob, body).await;
        assert_eq!((answer.status, answer.code()), (404, "not_found"), "{method} {path}");
    }
    let foreign = json!({"id": Uuid::now_v7(), "description": "tea", "amount_minor": 1, "category_id": dining});
    assert_eq!(app.post("/v1/expenses", &bob, foreign).await.status, 400);
    let same_id = json!({"id": made["id"], "description": "tea", "amount_minor": 1});
    assert_eq!(app.post("/v1/expenses", &bob, same_id).await.status, 201);
    assert!(app.get("/v1/alerts", &bob).await.body.as_array().unwrap().is_empty());
    assert_eq!(
        app.get("/v1/expenses", &bob).await.body["expenses"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
}

#[tokio::test]
async fn an_expense_that_was_changed_meanwhile_is_not_overwritten() {
    let app = App::new();
    let token = app.user("ada").await;
    let dining = app.category(&token, "Dining").await;
    let made = app.spend(&token, &dining, 500, DAY).await;
    let path = format!("/v1/expenses/{}", made["id"].as_str().unwrap());
    let change = async |body: Value| app.call("PATCH", &path, &token, Some(body)).await;
    let base = made["revision"].clone();
    let here = json!({"amount_minor": 700, "base_revision": base});
    assert_eq!(change(here.clone()).await.status, 200);
    // Sent again because its answer was lost.
    assert_eq!(change(here).await.body["amount_minor"], 700);
    let there = json!({"amount_minor": 900, "day": "2026-11-19", "base_revision": base});
    let refused = change(there).await;
    assert_eq!(
        (refused.status, refused.code(), refused.field()),
        (409, "conflict", "base_revision")
    );
    assert_eq!(
        refused.body["error"]["message"],
        "This expense was changed meanwhile: its amount is $7.00 now. Look at it again."
    );
    assert_eq!(app.get("/v1/expenses", &token).await.body["expenses"][0]["day"], DAY);
    let now = app.get("/v1/account", &token).await.body["revision"].clone();
    let cleared = change(json!({"category_id": null, "base_revision": now})).await;
    assert_eq!(
        (cleared.status, &cleared.body["category_source"]),
        (200, &json!("none"))
    );
    assert_eq!(cleared.body["category_id"], Value::Null);
    let both = json!({"amount_minor": 900, "category_id": dining, "day": "2026-11-19", "base_revision": base});
    assert_eq!(
        change(both).await.body["error"]["message"],
        "This expense was changed meanwhile: its amount is $7.00 and it is in no category now. Look at it again."
    );
}
