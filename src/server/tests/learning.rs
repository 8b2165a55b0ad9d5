//! What is learned from choices, through the routes: counted with the change, taken back with it.

use serde_json::{Value, json};
use uuid::Uuid;

use super::App;
use crate::domain::category::DEFAULTS;

async fn add(app: &App, token: &str, description: &str, minor: i64, category: Option<&str>) -> Value {
    let mut body = json!({"id": Uuid::now_v7(), "description": description, "amount_minor": minor});
    if let Some(category) = category {
        body["category_id"] = json!(category);
    }
    let answer = app.post("/v1/expenses", token, body).await;
    assert_eq!(answer.status, 201, "{answer:?}");
    answer.body
}

async fn predict(app: &App, token: &str, description: &str, minor: i64) -> Value {
    let body = json!({"description": description, "amount_minor": minor});
    let answer = app.post("/v1/predict", token, body).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.body
}

async fn best(app: &App, token: &str, description: &str, minor: i64) -> String {
    let prediction = predict(app, token, description, minor).await;
    prediction["choices"][0]["category"].as_str().unwrap_or("").to_owned()
}

fn path(expense: &Value) -> String {
    format!("/v1/expenses/{}", expense["id"].as_str().unwrap())
}

/// What is learned of words, as rows of the store.
fn words(app: &App) -> Vec<(String, i64)> {
    let rows = app.state.store.read(|tx| {
        tx.query_all(
            "SELECT word, CAST(SUM(weight) AS BIGINT) FROM learned GROUP BY word ORDER BY word",
            &[],
        )
    });
    let rows = rows.unwrap();
    rows.iter()
        .map(|row| (row.text(0).unwrap().to_owned(), row.int(1).unwrap()))
        .collect()
}

#[tokio::test]
async fn one_correction_is_enough_and_its_undo_takes_it_back() {
    let app = App::new();
    let token = app.user("ada").await;
    let pets = app.category(&token, "Pets").await;
    let shop = add(&app, &token, "aldi", 900, None).await;
    assert_eq!(best(&app, &token, "ALDI 0421", 900).await, "Groceries");
    let patch = async |body: Value| app.call("PATCH", &path(&shop), &token, Some(body)).await.status;
    assert_eq!(patch(json!({"category_id": pets})).await, 200);
    assert_eq!(best(&app, &token, "ALDI 0421", 900).await, "Pets");
    assert_eq!(patch(json!({"category_id": null})).await, 200);
    assert_eq!(best(&app, &token, "ALDI 0421", 900).await, "Groceries");
    assert_eq!(words(&app), []);
}

#[tokio::test]
async fn what_is_deleted_is_forgotten_and_what_is_restored_remembered() {
    let app = App::new();
    let token = app.user("ada").await;
    let pets = app.category(&token, "Pets").await;
    let unknown = best(&app, &token, "zorblax quivver", 900).await;
    assert_ne!(unknown, "Pets");
    let one = add(&app, &token, "Zorblax quivver", 900, Some(&pets)).await;
    let learned = words(&app);
    assert_eq!(
        learned.iter().map(|(word, _)| word.as_str()).collect::<Vec<_>>(),
        ["", "quivver", "zorblax"]
    );
    assert_eq!(best(&app, &token, "zorblax quivver", 900).await, "Pets");
    let bulk = async |action: &str| {
        let body = json!({"action": action, "ids": [one["id"]]});
        assert_eq!(app.post("/v1/expenses/bulk", &token, body).await.status, 204);
    };
    for _ in 0..2 {
        bulk("delete").await;
        assert_eq!(
            (best(&app, &token, "zorblax quivver", 900).await, words(&app)),
            (unknown.clone(), vec![])
        );
    }
    for _ in 0..2 {
        bulk("restore").await;
        assert_eq!(
            (best(&app, &token, "zorblax quivver", 900).await, words(&app)),
            ("Pets".to_owned(), learned.clone())
        );
    }
    // Another amount teaches nothing new; another name teaches another merchant.
    let patch = json!({"amount_minor": 1000});
    app.call("PATCH", &path(&one), &token, Some(patch)).await;
    assert_eq!(words(&app), learned);
    app.call("PATCH", &path(&one), &token, Some(json!({"description": "Quux"})))
        .await;
    assert_eq!(
        words(&app).iter().map(|(word, _)| word.as_str()).collect::<Vec<_>>(),
        ["", "quux"]
    );
    assert_eq!(best(&app, &token, "quux", 900).await, "Pets");
}

#[tokio::test]
async fn words_lose_weight_with_time_and_are_taken_back_as_they_were_counted() {
    let app = App::new();
    let token = app.user("ada").await;
    let pets = app.category(&token, "Pets").await;
    let old = add(&app, &token, "zorblax", 900, Some(&pets)).await;
    let before = words(&app);
    app.set_time("2026-12-20T12:00:00Z");
    let new = add(&app, &token, "zorblax", 900, Some(&pets)).await;
    let both = words(&app);
    assert!(both[0].1 > 2 * before[0].1, "{both:?}");
    for expense in [new, old] {
        app.call("DELETE", &path(&expense), &token, None).await;
    }
    assert_eq!(words(&app), []);
}

#[tokio::test]
async fn agreeing_counts_less_than_choosing() {
    let app = App::new();
    let (ada, bob) = (app.user("ada").await, app.user("bob").await);
    let confidence = async |token: &str| {
        predict(&app, token, "aldi", 900).await["choices"][0]["confidence"]
            .as_i64()
            .unwrap()
    };
    let agreed = add(&app, &ada, "aldi", 900, None).await;
    let body = json!({"category_id": agreed["category_id"]});
    let done = app.call("PATCH", &path(&agreed), &ada, Some(body)).await;
    assert_eq!(done.body["category_source"], "you");
    let groceries = app.category(&bob, "Groceries").await;
    add(&app, &bob, "aldi", 900, Some(&groceries)).await;
    assert!(confidence(&ada).await < confidence(&bob).await);
}

#[tokio::test]
async fn a_merchant_of_two_categories_is_told_apart_by_the_amount_everywhere() {
    let app = App::new();
    let token = app.user("ada").await;
    let (pets, kids) = (app.category(&token, "Pets").await, app.category(&token, "Kids").await);
    for (minor, category) in [(900, &pets), (9000, &kids), (1100, &pets), (8000, &kids)] {
        add(&app, &token, "Zorblax", minor, Some(category)).await;
    }
    assert_eq!(best(&app, &token, "zorblax", 1000).await, "Pets");
    assert_eq!(best(&app, &token, "zorblax", 8500).await, "Kids");
    assert_eq!(add(&app, &token, "ZORBLAX", 950, None).await["category_id"], pets);
    let url = |amount| format!("/new-expense?token={token}&description=zorblax&amount={amount}");
    let classic = app.call("POST", &url("85.00"), "", None).await;
    assert_eq!(classic.body["category"], "Kids");
    let wrong = app
        .post(
            "/v1/predict",
            &token,
            json!({"description": "zorblax", "amount_minor": 0}),
        )
        .await;
    assert_eq!((wrong.status, wrong.field()), (400, "amount_minor"));
}

#[tokio::test]
async fn a_category_of_ones_own_is_learned_by_its_words() {
    let app = App::new();
    let (token, stranger) = (app.user("ada").await, app.user("bob").await);
    let own = json!({"id": Uuid::now_v7(), "name": "Board games", "kind": "flexible"});
    app.post("/v1/categories", &token, own.clone()).await;
    for name in ["zorblax north", "zorblax south"] {
        add(&app, &token, name, 3000, own["id"].as_str()).await;
    }
    let prediction = predict(&app, &token, "zorblax quivver", 3000).await;
    assert_eq!(prediction["choices"][0]["category"], "Board games");
    assert_eq!(prediction["because"], "you put \"zorblax\" into Board games before");
    assert_eq!(
        predict(&app, &stranger, "zorblax quivver", 3000).await["source"],
        "model"
    );
}

/// The twenty in German, in the order of the defaults, each with a description that it must get.
const GERMAN: [(&str, &str); 20] = [
    ("Lebensmittel", "weekly shop at aldi"),
    ("Essen gehen", "lunch at chipotle"),
    ("Verkehr", "uber to airport"),
    ("Wohnen", "rent"),
    ("Nebenkosten", "electricity bill"),
    ("Gesundheit", "pharmacy"),
    ("Freizeit", "cinema tickets"),
    ("Einkaufen", "TARGET 00012345 AUSTIN TX"),
    ("Reisen", "hotel booking"),
    ("Abos", "Netflix.com"),
    ("Bildung", "tuition"),
    ("Versicherungen", "car insurance"),
    ("Gebühren & Steuern", "atm fee"),
    ("Geschenke & Spenden", "birthday present for mum"),
    ("Körperpflege", "haircut"),
    ("Haustiere", "dog food"),
    ("Kinder", "daycare"),
    ("Einkommen", "salary"),
    ("Umbuchungen", "transfer to savings"),
    ("Sonstiges", "zorblax"),
];

#[tokio::test]
async fn twenty_categories_in_german_are_predicted_as_well_as_in_english() {
    let app = App::new();
    let (ada, bob) = (app.user("ada").await, app.user("bob").await);
    for ((english, _), (german, _)) in DEFAULTS.iter().zip(GERMAN) {
        let path = format!("/v1/categories/{}", app.category(&ada, english).await);
        let renamed = app.call("PATCH", &path, &ada, Some(json!({"name": german}))).await;
        assert_eq!(renamed.status, 200, "{german}");
    }
    let other = app.category(&ada, "Sonstiges").await;
    add(&app, &ada, "zorblax", 900, Some(&other)).await;
    let other = app.category(&bob, "Other").await;
    add(&app, &bob, "zorblax", 900, Some(&other)).await;
    for ((english, _), (german, description)) in DEFAULTS.iter().zip(GERMAN) {
        assert_eq!(best(&app, &bob, description, 900).await, *english, "{description}");
        let prediction = predict(&app, &ada, description, 900).await;
        assert_eq!(prediction["choices"][0]["category"], german, "{description}");
        let because = prediction["because"].as_str().unwrap();
        assert!(because.ends_with(german) && !because.ends_with(english), "{because}");
    }
}

#[tokio::test]
async fn old_expenses_are_predicted_anew_and_own_choices_stay() {
    let app = App::new();
    let token = app.user("ada").await;
    let (pets, kids) = (app.category(&token, "Pets").await, app.category(&token, "Kids").await);
    app.limit(&token, "2026-11", &pets, 1000).await;
    let first = add(&app, &token, "Zorblax 1", 700, None).await;
    let second = add(&app, &token, "Zorblax 2", 600, None).await;
    let mine = add(&app, &token, "Zorblax 3", 500, Some(&kids)).await;
    add(&app, &token, "aldi", 500, None).await;
    let rule = json!({"id": Uuid::now_v7(), "pattern": "zorblax", "category_id": pets});
    app.post("/v1/rules", &token, rule).await;
    let before = app.revision(&token).await;
    let again = async |body: Value| app.post("/v1/expenses/recategorize", &token, body).await.body;
    let dry = again(json!({"dry_run": true})).await;
    assert_eq!(
        (&dry["looked_at"], dry["changes"].as_array().unwrap().len()),
        (&json!(3), 2)
    );
    assert_eq!((app.revision(&token).await, &dry["next"]), (before, &Value::Null));
    assert_eq!(again(json!({"month": "2026-10"})).await["looked_at"], 0);
    let done = again(json!({"month": "2026-11"})).await;
    assert_eq!(done["changes"], dry["changes"]);
    let change = &done["changes"][1];
    assert_eq!(
        (&change["expense"]["id"], &change["category_id"]),
        (&first["id"], &json!(pets))
    );
    assert_eq!(
        (&change["category_source"], &change["confidence"]),
        (&json!("rule"), &json!(100))
    );
    assert_eq!(app.revision(&token).await, before + 1);
    let list = app.get("/v1/expenses", &token).await.body["expenses"].clone();
    let category = |id: &Value| {
        let mut rows = list.as_array().unwrap().iter();
        rows.find(|row| row["id"] == *id).unwrap()["category_id"].clone()
    };
    assert_eq!(
        [&first["id"], &second["id"], &mine["id"]].map(category),
        [json!(pets), json!(pets), json!(kids)]
    );
    let alerts = app.get("/v1/alerts", &token).await.body;
    assert!(
        alerts
            .as_array()
            .unwrap()
            .iter()
            .any(|a| a["level"] == "over" && a["category"] == "Pets"),
        "{alerts}"
    );
    assert_eq!(again(json!({})).await["changes"], json!([]));
    assert_eq!(app.revision(&token).await, before + 1);
    assert_eq!(app.get("/v1/rules", &token).await.body[0]["hits"], 2);
}

#[tokio::test]
async fn a_long_list_is_predicted_anew_step_by_step() {
    let app = App::new();
    let token = app.user("ada").await;
    let pets = app.category(&token, "Pets").await;
    for number in 0..520 {
        add(&app, &token, &format!("Zorblax {number}"), 100, None).await;
    }
    let rule = json!({"id": Uuid::now_v7(), "pattern": "zorblax", "category_id": pets});
    app.post("/v1/rules", &token, rule).await;
    let before = app.revision(&token).await;
    let again = async |cursor: Value| {
        let answer = app
            .post("/v1/expenses/recategorize", &token, json!({"cursor": cursor}))
            .await;
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.body
    };
    let first = again(Value::Null).await;
    assert_eq!(
        (&first["looked_at"], app.revision(&token).await),
        (&json!(500), before + 1)
    );
    let second = again(first["next"].clone()).await;
    assert_eq!((&second["looked_at"], &second["next"]), (&json!(20), &Value::Null));
    assert_eq!(app.revision(&token).await, before + 2);
    let wrong = app
        .post("/v1/expenses/recategorize", &token, json!({"cursor": "x"}))
        .await;
    assert_eq!((wrong.status, wrong.field()), (400, "cursor"));
}
