//! Rules: what the user says once and for all.

use serde_json::{Value, json};
use uuid::Uuid;

use super::App;

async fn add(app: &App, token: &str, pattern: &str, category: &str) -> super::Answer {
    let body = json!({"id": Uuid::now_v7(), "pattern": pattern, "category_id": category});
    app.post("/v1/rules", token, body).await
}

async fn spend(app: &App, token: &str, description: &str, minor: i64) -> Value {
    let body = json!({"id": Uuid::now_v7(), "description": description, "amount_minor": minor});
    let answer = app.post("/v1/expenses", token, body).await;
    assert_eq!(answer.status, 201, "{answer:?}");
    answer.body
}

#[tokio::test]
async fn a_rule_is_made_once_listed_changed_and_removed() {
    let app = App::new();
    let token = app.user("ada").await;
    let (fun, pets) = (
        app.category(&token, "Entertainment").await,
        app.category(&token, "Pets").await,
    );
    let body = json!({"id": Uuid::now_v7(), "pattern": " XKCD  Störe ", "category_id": fun});
    let made = app.post("/v1/rules", &token, body.clone()).await;
    let wanted =
        json!({"id": body["id"], "pattern": "xkcd store", "category_id": fun, "category": "Entertainment", "hits": 0});
    assert_eq!((made.status, &made.body), (201, &wanted));
    let again = app.post("/v1/rules", &token, body.clone()).await;
    assert_eq!(
        (again.status, &again.body, app.revision(&token).await),
        (200, &wanted, 1)
    );
    let other = json!({"id": Uuid::now_v7(), "pattern": "xkcd store", "category_id": pets});
    let other_one = app.post("/v1/rules", &token, other.clone()).await;
    assert_eq!(
        (other_one.status, &other_one.body["id"], &other_one.body["category"]),
        (200, &other["id"], &json!("Pets"))
    );
    let back = app.post("/v1/rules", &token, body.clone()).await;
    let mut taken_over = wanted.clone();
    taken_over["replaced"] = json!(pets);
    assert_eq!((back.status, &back.body), (200, &taken_over));
    let reused = json!({"id": body["id"], "pattern": "else", "category_id": fun});
    let reused = app.post("/v1/rules", &token, reused).await;
    assert_eq!((reused.status, reused.field()), (409, "id"));
    let path = format!("/v1/rules/{}", body["id"].as_str().unwrap());
    let change = json!({"pattern": "xkcd*", "category_id": fun});
    let changed = app.call("PATCH", &path, &token, Some(change.clone())).await;
    assert_eq!(
        (changed.status, &changed.body["pattern"], &changed.body["category"]),
        (200, &json!("xkcd*"), &json!("Entertainment"))
    );
    let before = app.revision(&token).await;
    app.call("PATCH", &path, &token, Some(change)).await;
    assert_eq!(app.revision(&token).await, before);
    add(&app, &token, "amazon", &pets).await;
    let clash = app
        .call("PATCH", &path, &token, Some(json!({"pattern": "Amazon"})))
        .await;
    assert_eq!((clash.status, clash.field()), (409, "pattern"));
    let list = app.get("/v1/rules", &token).await.body;
    let patterns: Vec<_> = list
        .as_array()
        .unwrap()
        .iter()
        .map(|rule| rule["pattern"].clone())
        .collect();
    assert_eq!(patterns, ["amazon", "xkcd*"]);
    assert_eq!(app.call("DELETE", &path, &token, None).await.status, 204);
    assert_eq!(app.call("DELETE", &path, &token, None).await.status, 404);
    assert_eq!(app.get("/v1/rules", &token).await.body.as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn wrong_rules_are_refused_with_their_field() {
    let app = App::new();
    let token = app.user("ada").await;
    let pets = app.category(&token, "Pets").await;
    for pattern in ["", "  ", "*", "a*b", "!!", "a\u{202e}b", &"x".repeat(81)] {
        let answer = add(&app, &token, pattern, &pets).await;
        assert_eq!((answer.status, answer.field()), (400, "pattern"), "{pattern}");
    }
    let unknown = add(&app, &token, "amazon", &Uuid::now_v7().to_string()).await;
    assert_eq!((unknown.status, unknown.field()), (400, "category_id"));
    let nil = json!({"id": Uuid::nil(), "pattern": "amazon", "category_id": pets});
    assert_eq!(app.post("/v1/rules", &token, nil).await.field(), "id");
    assert_eq!(app.revision(&token).await, 0);
}

#[tokio::test]
async fn a_rule_decides_on_the_next_call_and_counts_what_it_places() {
    let app = App::new();
    let token = app.user("ada").await;
    let (fun, pets) = (
        app.category(&token, "Entertainment").await,
        app.category(&token, "Pets").await,
    );
    for _ in 0..3 {
        let body = json!({"id": Uuid::now_v7(), "description": "PP*4421 XKCD STORE", "amount_minor": 3100, "category_id": pets});
        app.post("/v1/expenses", &token, body).await;
    }
    let predict = async || {
        app.post(
            "/v1/predict",
            &token,
            json!({"description": "PP*4421 XKCD STORE", "amount_minor": 3100}),
        )
        .await
        .body
    };
    let learned = predict().await;
    assert_eq!(
        (&learned["source"], &learned["merchant"]),
        (&json!("learned"), &json!("xkcd store"))
    );
    let rule = add(&app, &token, "xkcd store", &fun).await.body;
    let by_rule = predict().await;
    assert_eq!(by_rule["source"], "rule");
    assert_eq!(by_rule["because"], "your rule says xkcd store is Entertainment");
    assert_eq!(
        by_rule["choices"],
        json!([{"category_id": fun, "category": "Entertainment", "confidence": 100}])
    );
    let added = spend(&app, &token, "xkcd store", 900).await;
    assert_eq!(
        (&added["category_id"], &added["category_source"]),
        (&json!(fun), &json!("rule"))
    );
    let classic = app
        .call(
            "POST",
            &format!("/new-expense?token={token}&description=xkcd%20store&amount=3.00"),
            "",
            None,
        )
        .await;
    assert_eq!(classic.body["category"], "Entertainment", "{classic:?}");
    let hits = async || app.get("/v1/rules", &token).await.body[0]["hits"].clone();
    assert_eq!(hits().await, 2);
    app.call(
        "DELETE",
        &format!("/v1/rules/{}", rule["id"].as_str().unwrap()),
        &token,
        None,
    )
    .await;
    assert_eq!(predict().await["source"], "learned");
    assert_eq!(app.get("/v1/summary", &token).await.body["to_review"], 0);
}

#[tokio::test]
async fn nobody_sees_or_changes_anothers_rules() {
    let app = App::new();
    let (ada, bob) = (app.user("ada").await, app.user("bob").await);
    let fun = app.category(&ada, "Entertainment").await;
    let rule = add(&app, &ada, "zorblax", &fun).await.body;
    assert_eq!(app.get("/v1/rules", &bob).await.body, json!([]));
    assert_eq!(add(&app, &bob, "zorblax", &fun).await.status, 400);
    let path = format!("/v1/rules/{}", rule["id"].as_str().unwrap());
    assert_eq!(
        app.call("PATCH", &path, &bob, Some(json!({"pattern": "x"})))
            .await
            .status,
        404
    );
    assert_eq!(app.call("DELETE", &path, &bob, None).await.status, 404);
    let own = app.category(&bob, "Pets").await;
    let same_id = json!({"id": rule["id"], "pattern": "zorblax", "category_id": own});
    assert_eq!(app.post("/v1/rules", &bob, same_id).await.status, 201);
    let predicted = async |token: &str| {
        let answer = app.post("/v1/predict", token, json!({"description": "zorblax"})).await;
        answer.body["choices"][0]["category"].clone()
    };
    assert_eq!(
        (predicted(&ada).await, predicted(&bob).await),
        (json!("Entertainment"), json!("Pets"))
    );
}

#[tokio::test]
async fn a_rule_of_a_hidden_category_waits() {
    let app = App::new();
    let token = app.user("ada").await;
    let fun = app.category(&token, "Entertainment").await;
    add(&app, &token, "aldi", &fun).await;
    let path = format!("/v1/categories/{fun}");
    app.call("PATCH", &path, &token, Some(json!({"hidden": true, "name": "Fun"})))
        .await;
    let predicted = async || {
        app.post("/v1/predict", &token, json!({"description": "aldi"}))
            .await
            .body
    };
    assert_eq!(predicted().await["choices"][0]["category"], "Groceries");
    assert_eq!(spend(&app, &token, "aldi", 900).await["category_source"], "model");
    app.call("PATCH", &path, &token, Some(json!({"hidden": false}))).await;
    assert_eq!(predicted().await["because"], "your rule says aldi is Fun");
}

#[tokio::test]
async fn a_rule_tells_whose_place_it_took_and_gives_it_back() {
    let app = App::new();
    let token = app.user("ada").await;
    let (fun, pets) = (
        app.category(&token, "Entertainment").await,
        app.category(&token, "Pets").await,
    );
    let first = add(&app, &token, "xkcd store", &fun).await.body;
    assert!(first.get("replaced").is_none());
    let mut body = json!({"id": Uuid::now_v7(), "pattern": "xkcd store", "category_id": pets});
    let second = app.post("/v1/rules", &token, body.clone()).await.body;
    assert_eq!(second["replaced"], json!(fun));
    body["category_id"] = json!(fun);
    app.post("/v1/rules", &token, body).await;
    let rules = app.get("/v1/rules", &token).await.body;
    assert_eq!(
        (rules.as_array().unwrap().len(), &rules[0]["category"]),
        (1, &json!("Entertainment"))
    );
    assert!(rules[0].get("replaced").is_none(), "only the answer tells it");
}

#[tokio::test]
async fn no_rule_is_made_for_a_hidden_category() {
    let app = App::new();
    let token = app.user("ada").await;
    let (fun, pets) = (
        app.category(&token, "Entertainment").await,
        app.category(&token, "Pets").await,
    );
    let kept = add(&app, &token, "zorblax", &pets).await.body;
    let body = json!({"id": Uuid::now_v7(), "pattern": "aldi", "category_id": fun});
    app.post("/v1/rules", &token, body.clone()).await;
    let hide = Some(json!({"hidden": true}));
    app.call("PATCH", &format!("/v1/categories/{fun}"), &token, hide).await;
    let says = "Entertainment is hidden, so nothing is put there by a rule. Show Entertainment again first, or choose \
                another category.";
    let path = |rule: &Value| format!("/v1/rules/{}", rule["id"].as_str().unwrap());
    for answer in [
        add(&app, &token, "lidl", &fun).await,
        add(&app, &token, "zorblax", &fun).await,
        app.call("PATCH", &path(&kept), &token, Some(json!({"category_id": fun})))
            .await,
    ] {
        assert_eq!((answer.status, answer.field()), (400, "category_id"), "{answer:?}");
        assert_eq!(answer.body["error"]["message"], says);
    }
    // What is there already stays, can be sent again, and its words can be changed.
    assert_eq!(app.post("/v1/rules", &token, body.clone()).await.status, 200);
    let words = Some(json!({"pattern": "aldi sued", "category_id": fun}));
    assert_eq!(app.call("PATCH", &path(&body), &token, words).await.status, 200);
}
