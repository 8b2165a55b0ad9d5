//! Many expenses changed in one step: all of them, or none.

use serde_json::{Value, json};
use uuid::Uuid;

use super::App;

async fn bulk(app: &App, token: &str, body: Value) -> u16 {
    app.post("/v1/expenses/bulk", token, body).await.status
}

async fn spent(app: &App, token: &str) -> (i64, i64) {
    let summary = app.get("/v1/summary", token).await.body;
    let spent = summary["months"][5]["spent_minor"].as_i64().unwrap();
    let days = summary["daily_minor"].as_array().unwrap().iter();
    (spent, days.map(|day| day.as_i64().unwrap()).sum())
}

#[tokio::test]
async fn expenses_go_and_come_back_in_one_step() {
    let app = App::new();
    let token = app.user("ada").await;
    let dining = app.category(&token, "Dining").await;
    app.limit(&token, "2026-11", &dining, 1000).await;
    let mut ids = Vec::new();
    for minor in [500, 300, 400] {
        ids.push(app.spend(&token, &dining, minor, "2026-11-20").await["id"].clone());
    }
    let before = app.revision(&token).await;
    for _ in 0..2 {
        let gone = json!({"action": "delete", "ids": [ids[0], ids[2], ids[0]]});
        assert_eq!(bulk(&app, &token, gone).await, 204);
        assert_eq!(
            (app.revision(&token).await, spent(&app, &token).await),
            (before + 1, (300, 300))
        );
    }
    let open = async || {
        let list = app.get("/v1/alerts", &token).await.body;
        let over = |a: &&Value| a["level"] == "over" && a["resolved_at"].is_null();
        list.as_array().unwrap().iter().filter(over).count()
    };
    assert_eq!(open().await, 0);
    let back = json!({"action": "restore", "ids": ids});
    assert_eq!(bulk(&app, &token, back.clone()).await, 204);
    assert_eq!((spent(&app, &token).await, open().await), ((1200, 1200), 1));
    assert_eq!(bulk(&app, &token, back).await, 204);
    assert_eq!(app.revision(&token).await, before + 2);
}

#[tokio::test]
async fn placing_many_moves_their_money_and_is_learned() {
    let app = App::new();
    let token = app.user("ada").await;
    let pets = app.category(&token, "Pets").await;
    let mut ids = Vec::new();
    for _ in 0..3 {
        let body = json!({"id": Uuid::now_v7(), "description": "Zorblax Quivver", "amount_minor": 100});
        ids.push(app.post("/v1/expenses", &token, body).await.body["id"].clone());
    }
    assert_eq!(app.get("/v1/summary", &token).await.body["to_review"], 3);
    let place = |category: Value| {
        let places: Vec<_> = ids
            .iter()
            .map(|id| json!({"id": id, "category_id": category}))
            .collect();
        json!({"action": "place", "places": places})
    };
    assert_eq!(bulk(&app, &token, place(json!(pets))).await, 204);
    let summary = app.get("/v1/summary", &token).await.body;
    assert_eq!(
        (&summary["to_review"], &summary["uncategorised"]["count"]),
        (&json!(0), &json!(0))
    );
    let predict = json!({"description": "zorblax quivver"});
    let learned = app.post("/v1/predict", &token, predict.clone()).await.body;
    assert_eq!(
        (&learned["source"], &learned["choices"][0]["category"]),
        (&json!("learned"), &json!("Pets"))
    );
    assert_eq!(learned["because"], "\"zorblax quivver\" was 3 times Pets");
    assert_eq!(bulk(&app, &token, place(Value::Null)).await, 204);
    assert_eq!(app.get("/v1/summary", &token).await.body["to_review"], 3);
    assert_ne!(app.post("/v1/predict", &token, predict).await.body["source"], "learned");
}

#[tokio::test]
async fn one_that_is_unknown_stops_all_of_them() {
    let app = App::new();
    let token = app.user("ada").await;
    let dining = app.category(&token, "Dining").await;
    let known = app.spend(&token, &dining, 500, "2026-11-20").await["id"].clone();
    let gone = app.spend(&token, &dining, 500, "2026-11-20").await["id"].clone();
    assert_eq!(
        bulk(&app, &token, json!({"action": "delete", "ids": [gone]})).await,
        204
    );
    let before = app.revision(&token).await;
    let stranger = Uuid::now_v7();
    for body in [
        json!({"action": "delete", "ids": [known, stranger]}),
        json!({"action": "restore", "ids": [gone, stranger]}),
        json!({"action": "place", "places": [{"id": known, "category_id": null}, {"id": stranger, "category_id": null}]}),
    ] {
        let answer = app.post("/v1/expenses/bulk", &token, body).await;
        let message = answer.body["error"]["message"].as_str().unwrap();
        assert_eq!((answer.status, answer.code()), (404, "not_found"));
        assert!(message.contains(&stranger.to_string()), "{message}");
    }
    let deleted = json!({"action": "place", "places": [{"id": gone, "category_id": dining}]});
    assert_eq!(bulk(&app, &token, deleted).await, 404);
    let places = json!([{"id": known, "category_id": Uuid::now_v7()}]);
    let answer = app
        .post(
            "/v1/expenses/bulk",
            &token,
            json!({"action": "place", "places": places}),
        )
        .await;
    assert_eq!((answer.status, answer.field()), (400, "category_id"));
    assert_eq!(
        (app.revision(&token).await, spent(&app, &token).await),
        (before, (500, 500))
    );
}

#[tokio::test]
async fn a_thousand_are_one_request_and_more_are_refused() {
    let app = App::new();
    let token = app.user("ada").await;
    let dining = app.category(&token, "Dining").await;
    let places = |count: usize| {
        let places: Vec<_> = (0..count)
            .map(|_| json!({"id": Uuid::now_v7(), "category_id": dining}))
            .collect();
        json!({"action": "place", "places": places})
    };
    // It was read, and the first of them does not exist.
    assert_eq!(bulk(&app, &token, places(1000)).await, 404);
    for (body, field) in [
        (places(1001), "places"),
        (json!({"action": "delete", "ids": []}), "ids"),
        (json!({"action": "sell", "ids": [Uuid::now_v7()]}), ""),
        (json!({"ids": [Uuid::now_v7()]}), ""),
    ] {
        let answer = app.post("/v1/expenses/bulk", &token, body).await;
        assert_eq!((answer.status, answer.field()), (400, field), "{answer:?}");
    }
    assert_eq!(bulk(&app, &token, places(4000)).await, 413);
}

#[tokio::test]
async fn nobody_changes_anothers_expenses() {
    let app = App::new();
    let (ada, bob) = (app.user("ada").await, app.user("bob").await);
    let dining = app.category(&ada, "Dining").await;
    let id = app.spend(&ada, &dining, 500, "2026-11-20").await["id"].clone();
    assert_eq!(bulk(&app, &bob, json!({"action": "delete", "ids": [id]})).await, 404);
    assert_eq!(spent(&app, &ada).await, (500, 500));
}

#[tokio::test]
async fn what_is_put_back_is_as_whoever_chose_it_left_it() {
    let app = App::new();
    let token = app.user("ada").await;
    let (pets, fun) = (
        app.category(&token, "Pets").await,
        app.category(&token, "Entertainment").await,
    );
    let rule = json!({"id": Uuid::now_v7(), "pattern": "zorblax", "category_id": fun});
    app.post("/v1/rules", &token, rule).await;
    for description in ["zorblax", "aldi"] {
        let new = json!({"id": Uuid::now_v7(), "description": description, "amount_minor": 900});
        let before = app.post("/v1/expenses", &token, new).await.body;
        assert_ne!(before["category_source"], "you");
        let id = before["id"].clone();
        let path = format!("/v1/expenses/{}", id.as_str().unwrap());
        let chosen = json!({"action": "place", "places": [{"id": id, "category_id": pets}]});
        let by = json!({"category_source": before["category_source"], "confidence": before["confidence"]});
        let one = json!({"category_id": before["category_id"], "placed_by": by});
        let mut many = one.clone();
        many["id"] = id.clone();
        for back in ["one", "many"] {
            assert_eq!(bulk(&app, &token, chosen.clone()).await, 204);
            let status = match back {
                "one" => app.call("PATCH", &path, &token, Some(one.clone())).await.status,
                _ => bulk(&app, &token, json!({"action": "place", "places": [many]})).await,
            };
            assert!(status < 300, "{back}: {status}");
            let rows = app.get("/v1/expenses", &token).await.body;
            let rows = rows["expenses"].as_array().unwrap();
            let now = rows.iter().find(|row| row["id"] == id).unwrap();
            for field in ["category_id", "category_source", "confidence"] {
                assert_eq!(now[field], before[field], "{description}, {back}: {field}");
            }
        }
        // What was chosen in between is forgotten.
        let predicted = app
            .post("/v1/predict", &token, json!({"description": description}))
            .await;
        assert_eq!(predicted.body["choices"][0]["category_id"], before["category_id"]);
    }
    let rules = app.get("/v1/rules", &token).await.body;
    assert_eq!(rules[0]["hits"], 1, "taken up again is not placed again");
}

#[tokio::test]
async fn nobody_is_said_to_have_chosen_nothing() {
    let app = App::new();
    let token = app.user("ada").await;
    let pets = app.category(&token, "Pets").await;
    let id = app.spend(&token, &pets, 500, "2026-11-20").await["id"].clone();
    let path = format!("/v1/expenses/{}", id.as_str().unwrap());
    for (category, source, confidence) in [
        (Value::Null, "model", 70),
        (json!(pets), "none", 70),
        (json!(pets), "model", 101),
    ] {
        let by = json!({"category_source": source, "confidence": confidence});
        let change = json!({"category_id": category, "placed_by": by});
        let answer = app.call("PATCH", &path, &token, Some(change)).await;
        assert_eq!((answer.status, answer.field()), (400, "placed_by"), "{by}");
        let place = json!({"id": id, "category_id": category, "placed_by": by});
        let step = json!({"action": "place", "places": [place]});
        assert_eq!(bulk(&app, &token, step).await, 400, "{by}");
    }
    let alone = json!({"placed_by": {"category_source": "model", "confidence": 70}});
    let answer = app.call("PATCH", &path, &token, Some(alone)).await;
    assert_eq!((answer.status, answer.field()), (400, "placed_by"));
}
