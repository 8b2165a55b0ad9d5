//! Changes that meet: fields that do not overlap are both kept, and what gives way unseen is in the history.

use serde_json::{Value, json};
use uuid::Uuid;

use super::App;
use super::batch::{Device, told};
use super::changes::follower::{Follower, check};

const DAY: &str = "2026-11-20";

/// A user with an expense of 5.00 for Nakamura ramen in Dining.
struct Scene {
    app: App,
    token: String,
    id: String,
    base: i64,
}

impl Scene {
    async fn new() -> Self {
        let app = App::new();
        let token = app.user("ada").await;
        let dining = app.category(&token, "Dining").await;
        let made = app.spend(&token, &dining, 500, DAY).await;
        Self {
            id: made["id"].as_str().unwrap().to_owned(),
            base: made["revision"].as_i64().unwrap(),
            app,
            token,
        }
    }

    async fn category(&self, name: &str) -> String {
        self.app.category(&self.token, name).await
    }

    async fn patch(&self, body: Value) -> super::Answer {
        let path = format!("/v1/expenses/{}", self.id);
        self.app.call("PATCH", &path, &self.token, Some(body)).await
    }

    /// A change of the expense for a device that has seen it as it was made.
    fn change(&self, mut fields: Value) -> Value {
        fields["base_revision"] = self.base.into();
        json!({"change_expense": {"id": self.id, "change": fields}})
    }

    async fn expense(&self) -> Value {
        self.app.get("/v1/expenses", &self.token).await.body["expenses"][0].clone()
    }

    /// What gave way in the expense, newest first: field, what it was, what it became.
    async fn history(&self) -> Vec<Value> {
        let path = format!("/v1/expenses/{}/history", self.id);
        let answer = self.app.get(&path, &self.token).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        let rows = answer.body.as_array().unwrap().iter();
        rows.map(|row| {
            assert_eq!(row["expense_id"], self.id);
            json!([row["change"]["field"], row["change"]["was"], row["change"]["now"]])
        })
        .collect()
    }

    /// Another device, which has done this.
    async fn other(&self, deed: Value) -> String {
        let mut device = Device::new();
        device.plan(&deed);
        told(&device.send_all(&self.app, &self.token).await).remove(0)
    }
}

#[tokio::test]
async fn changes_of_different_fields_are_both_kept() {
    let scene = Scene::new().await;
    let fun = scene.category("Entertainment").await;
    let base = scene.base;
    let first = scene.patch(json!({"amount_minor": 700, "base_revision": base})).await;
    assert_eq!(first.status, 200);
    let second = scene.patch(json!({"day": "2026-11-19", "base_revision": base})).await;
    assert_eq!((second.status, &second.body["amount_minor"]), (200, &json!(700)));
    let third = scene.patch(json!({"category_id": fun, "base_revision": base})).await;
    assert_eq!((third.status, &third.body["day"]), (200, &json!("2026-11-19")));
    let fourth = json!({"description": "Ramen", "base_revision": base});
    let fourth = scene.patch(fourth).await.body;
    assert_eq!(
        [
            &fourth["description"],
            &fourth["amount_minor"],
            &fourth["day"],
            &fourth["category_id"]
        ],
        [&json!("Ramen"), &json!(700), &json!("2026-11-19"), &json!(fun)]
    );
    assert_eq!(scene.history().await, [] as [Value; 0]);
}

#[tokio::test]
async fn a_device_wins_its_field_and_what_it_had_not_seen_is_kept() {
    let scene = Scene::new().await;
    scene
        .patch(json!({"amount_minor": 700, "base_revision": scene.base}))
        .await;
    let word = scene
        .other(scene.change(json!({"amount_minor": 900, "description": "Ramen"})))
        .await;
    assert_eq!(word, "done");
    let now = scene.expense().await;
    assert_eq!(
        (&now["amount_minor"], &now["description"]),
        (&json!(900), &json!("Ramen"))
    );
    assert_eq!(scene.history().await, [json!(["amount_minor", 700, 900])]);
    // Whoever has seen what it replaces leaves nothing behind.
    let seen = json!({"amount_minor": 1000, "base_revision": now["revision"]});
    assert_eq!(scene.patch(seen).await.status, 200);
    assert_eq!(scene.history().await.len(), 1);
    // Keeping one's own over what stands there is a change that names no revision.
    assert_eq!(scene.patch(json!({"amount_minor": 1100})).await.status, 200);
    assert_eq!(scene.history().await[0], json!(["amount_minor", 1000, 1100]));
}

#[tokio::test]
async fn a_device_knows_what_it_wrote_itself() {
    let scene = Scene::new().await;
    let mut phone = Device::new();
    let id = Uuid::now_v7();
    let change = |fields: Value| json!({"change_expense": {"id": id, "change": fields}});
    phone.plan(&json!({"add_expense": {"id": id, "day": DAY, "description": "tea", "amount_minor": 100}}));
    phone.plan(&change(json!({"amount_minor": 200})));
    phone.plan(&change(json!({"amount_minor": 300})));
    phone.plan(&scene.change(json!({"amount_minor": 600})));
    phone.plan(&scene.change(json!({"amount_minor": 700, "description": "Ramen"})));
    assert_eq!(told(&phone.send_all(&scene.app, &scene.token).await), ["done"; 5]);
    let all = scene.app.get("/v1/history", &scene.token).await.body;
    assert_eq!(all, json!([]));
    // What another device has written in between is not its own, though it wants the same.
    scene.other(scene.change(json!({"description": "Noodles"}))).await;
    phone.plan(&scene.change(json!({"amount_minor": 700, "day": DAY})));
    phone.plan(&scene.change(json!({"description": "Soup"})));
    phone.send(&scene.app, &scene.token, [6, 7]).await;
    assert_eq!(
        scene.history().await,
        [
            json!(["description", "Noodles", "Soup"]),
            json!(["description", "Ramen", "Noodles"])
        ]
    );
}

#[tokio::test]
async fn a_deleted_expense_stays_so_and_keeps_what_came_too_late() {
    let scene = Scene::new().await;
    let path = format!("/v1/expenses/{}", scene.id);
    scene.app.call("DELETE", &path, &scene.token, None).await;
    let mut phone = Device::new();
    phone.plan(&scene.change(json!({"amount_minor": 900, "day": DAY})));
    phone.plan(&scene.change(json!({"description": "Ramen"})));
    phone.plan(&json!({"change_expense": {"id": Uuid::now_v7(), "change": {"amount_minor": 1}}}));
    phone.plan(&json!({"read_alerts": {}}));
    let wanted = ["deleted deleted", "deleted deleted", "refused not_found", "done"];
    for _ in 0..2 {
        let answer = phone.send_all(&scene.app, &scene.token).await;
        assert_eq!(told(&answer)[..3], wanted[..3]);
        assert_eq!(answer.body["last_seq"], 4);
    }
    assert_eq!(
        scene.history().await,
        [
            json!(["description", "Ramen", "Nakamura ramen"]),
            json!(["amount_minor", 900, 500])
        ]
    );
    assert_eq!(
        scene.app.get("/v1/expenses", &scene.token).await.body["expenses"],
        json!([])
    );
    assert_eq!(scene.patch(json!({"amount_minor": 1})).await.status, 404);
    let back = scene
        .app
        .post(&format!("{path}/restore"), &scene.token, json!({}))
        .await;
    assert_eq!(back.body["amount_minor"], 500);
    // Taken away by a device that had not seen the last change: it is all there when it comes back.
    scene.patch(json!({"amount_minor": 800})).await;
    assert_eq!(scene.other(json!({"delete_expense": {"id": scene.id}})).await, "done");
    let back = scene
        .app
        .post(&format!("{path}/restore"), &scene.token, json!({}))
        .await;
    assert_eq!(back.body["amount_minor"], 800);
}

#[tokio::test]
async fn a_category_that_was_only_predicted_yields_to_one_that_was_chosen() {
    let scene = Scene::new().await;
    let fun = scene.category("Entertainment").await;
    let tea = json!({"id": Uuid::now_v7(), "day": DAY, "description": "city tram ticket", "amount_minor": 300});
    let made = scene.app.post("/v1/expenses", &scene.token, tea).await.body;
    let path = format!("/v1/expenses/{}", made["id"].as_str().unwrap());
    let base = &made["revision"];
    let place = json!({"action": "place", "places": [{"id": made["id"], "category_id": null, "base_revision": base}]});
    scene.app.post("/v1/expenses/bulk", &scene.token, place).await;
    let words = json!({"description": "cinema popcorn", "base_revision": base});
    let now = scene.app.call("PATCH", &path, &scene.token, Some(words)).await;
    assert_eq!((now.status, &now.body["category_id"]), (200, &Value::Null));
    let place = json!({"action": "place", "places": [{"id": made["id"], "category_id": fun, "base_revision": base}]});
    scene.app.post("/v1/expenses/bulk", &scene.token, place).await;
    let history = scene.app.get(&format!("{path}/history"), &scene.token).await.body;
    assert_eq!(
        history[0]["change"],
        json!({"field": "category_id", "was": null, "now": fun})
    );
    assert_eq!(history.as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_limit_that_a_device_had_not_seen_is_kept() {
    let scene = Scene::new().await;
    let (app, token) = (&scene.app, &scene.token);
    let dining = scene.category("Dining").await;
    let path = format!("/v1/budgets/2026-11/{dining}");
    app.limit(token, "2026-11", &dining, 10_000).await;
    let base = app.revision(token).await;
    let body = json!({"limit_minor": 12_000, "base_revision": base});
    assert_eq!(app.call("PUT", &path, token, Some(body)).await.status, 200);
    let set = |minor: i64| {
        let limit = json!({"limit_minor": minor, "base_revision": base});
        json!({"set_limit": {"month": "2026-11", "category_id": dining, "limit": limit}})
    };
    let mut phone = Device::new();
    phone.plan(&set(13_000));
    phone.plan(&set(14_000));
    assert_eq!(told(&phone.send_all(app, token).await), ["done", "done"]);
    let clear = json!({"clear_limit": {"month": "2026-11", "category_id": dining, "base_revision": base}});
    assert_eq!(scene.other(clear).await, "done");
    let rows = app.get("/v1/history", token).await.body;
    let told: Vec<Value> = rows
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["change"].clone())
        .collect();
    let gave = |was: i64, now: Option<i64>| json!({"field": "limit_minor", "category_id": dining, "month": "2026-11", "was": was, "now": now});
    assert_eq!(told, [gave(14_000, None), gave(12_000, Some(13_000))]);
    let clear = app
        .call("DELETE", &format!("{path}?base_revision={base}"), token, None)
        .await;
    assert_eq!(clear.status, 204, "it is so already");
    app.limit(token, "2026-11", &dining, 9_000).await;
    let clear = app
        .call("DELETE", &format!("{path}?base_revision={base}"), token, None)
        .await;
    assert_eq!((clear.status, clear.field()), (409, "base_revision"));
}

/// Two devices make a category of the same name; the one that comes second has this id.
async fn twins(id: Uuid, name: &str) -> (Scene, Uuid, String) {
    let scene = Scene::new().await;
    let first = Uuid::from_u128(1 << 100);
    let add = |id: Uuid, name: &str| json!({"add_category": {"id": id, "name": name, "kind": "flexible"}});
    assert_eq!(scene.other(add(first, "Tea")).await, "done");
    let spent = scene.app.spend(&scene.token, &first.to_string(), 100, DAY).await;
    scene.app.limit(&scene.token, "2026-11", &first.to_string(), 4000).await;
    let mut copy = Follower::new();
    copy.catch_up(&scene.app, &scene.token, 100).await;
    let mut phone = Device::new();
    let tea = Uuid::now_v7();
    phone.plan(&add(id, name));
    phone.plan(
        &json!({"add_expense": {"id": tea, "day": DAY, "description": "oolong", "amount_minor": 200,
        "category_id": id}}),
    );
    phone.plan(&json!({"add_rule": {"id": Uuid::now_v7(), "pattern": "oolong", "category_id": id}}));
    phone.plan(&json!({"set_limit": {"month": "2026-12", "category_id": id, "limit": {"limit_minor": 500}}}));
    phone.plan(&json!({"change_expense": {"id": tea, "change": {"amount_minor": 250, "category_id": id}}}));
    phone.plan(&json!({"change_expenses": {"action": "place", "places": [{"id": tea, "category_id": first}]}}));
    phone.plan(&json!({"change_category": {"id": id, "change": {"carry_over": true}}}));
    assert_eq!(told(&phone.send_all(&scene.app, &scene.token).await), ["done"; 7]);
    copy.catch_up(&scene.app, &scene.token, 2).await;
    check(&scene.app, &scene.token, &copy).await;
    let stayed = scene.category("Tea").await;
    let page = format!("/v1/expenses?category_id={stayed}");
    let rows = scene.app.get(&page, &scene.token).await.body;
    assert_eq!(rows["expenses"].as_array().unwrap().len(), 2, "{rows}");
    let limits = scene.app.get("/v1/budgets?month=2026-11", &scene.token).await.body;
    assert!(limits.to_string().contains("4000"), "{limits}");
    assert_eq!(
        scene.app.get("/v1/rules", &scene.token).await.body[0]["category_id"],
        stayed
    );
    assert_eq!(spent["category_id"], first.to_string());
    let gone = app_gone(&scene).await;
    (scene, Uuid::parse_str(&stayed).unwrap(), gone)
}

/// The category that the feed tells to be gone, and the one that took it in.
async fn app_gone(scene: &Scene) -> String {
    let feed = scene.app.get("/v1/changes?limit=1000", &scene.token).await.body;
    let rows = feed["changes"].as_array().unwrap().iter();
    let gone = rows
        .map(|change| &change["row"]["gone"])
        .find(|gone| gone.is_object())
        .unwrap();
    format!("{} {}", gone["id"].as_str().unwrap(), gone["into"].as_str().unwrap())
}

#[tokio::test]
async fn two_categories_of_one_name_become_the_one_with_the_lower_id() {
    let first = Uuid::from_u128(1 << 100);
    for other in [Uuid::from_u128(1 << 99), Uuid::from_u128(1 << 101)] {
        let (_, stayed, gone) = twins(other, "TEA").await;
        assert_eq!(stayed, first.min(other));
        assert_eq!(gone, format!("{} {}", first.max(other), first.min(other)));
    }
}

#[tokio::test]
async fn a_hidden_category_that_a_device_makes_anew_is_in_use_again() {
    let scene = Scene::new().await;
    let pets = scene.category("Pets").await;
    let hide = json!({"hidden": true});
    let path = format!("/v1/categories/{pets}");
    scene.app.call("PATCH", &path, &scene.token, Some(hide)).await;
    let id = Uuid::now_v7();
    let add = json!({"add_category": {"id": id, "name": "pets", "kind": "fixed"}});
    assert_eq!(scene.other(add.clone()).await, "done");
    assert_eq!(scene.other(add).await, "done");
    let all = scene.app.get("/v1/categories", &scene.token).await.body;
    let row = all.as_array().unwrap().iter().find(|row| row["id"] == pets).unwrap();
    assert_eq!(
        (&row["name"], &row["kind"], &row["hidden"]),
        (&json!("Pets"), &json!("flexible"), &json!(false))
    );
    // A person is asked for another name instead.
    let body = json!({"id": Uuid::now_v7(), "name": "pets", "kind": "fixed"});
    assert_eq!(scene.app.post("/v1/categories", &scene.token, body).await.status, 409);
}

#[tokio::test]
async fn what_gave_way_follows_a_category_that_is_merged() {
    let scene = Scene::new().await;
    let (dining, fun) = (scene.category("Dining").await, scene.category("Entertainment").await);
    scene.patch(json!({"category_id": null})).await;
    let mut copy = Follower::new();
    copy.catch_up(&scene.app, &scene.token, 100).await;
    assert_eq!(copy.of("history").len(), 1);
    let merge = format!("/v1/categories/{dining}/merge");
    scene.app.post(&merge, &scene.token, json!({"into": fun})).await;
    assert_eq!(scene.history().await, [json!(["category_id", fun, null])]);
    copy.catch_up(&scene.app, &scene.token, 100).await;
    check(&scene.app, &scene.token, &copy).await;
}

#[tokio::test]
async fn the_history_is_known_for_180_days_and_asked_for_in_its_own_words() {
    let scene = Scene::new().await;
    for minor in [600, 700, 800] {
        scene.patch(json!({"amount_minor": minor})).await;
    }
    let (app, token) = (&scene.app, &scene.token);
    let path = format!("/v1/expenses/{}/history", scene.id);
    let rows = app.get("/v1/history", token).await.body;
    assert_eq!(rows.as_array().unwrap().len(), 3);
    assert_eq!(rows[0]["at"], 1_795_348_800_000_i64);
    let since = rows[1]["revision"].as_i64().unwrap();
    let later = app.get(&format!("/v1/history?since={since}"), token).await.body;
    assert_eq!(later, json!([rows[0]]));
    assert_eq!(app.get(&format!("{path}?limit=1"), token).await.body, json!([rows[0]]));
    for (path, field) in [
        (format!("{path}?limit=0"), "limit"),
        (format!("{path}?limit=1001"), "limit"),
        ("/v1/history?since=-1".to_owned(), "since"),
    ] {
        let answer = app.get(&path, token).await;
        assert_eq!((answer.status, answer.field()), (400, field), "{path}");
    }
    assert_eq!(app.get("/v1/history?cursor=1", token).await.status, 400);
    assert_eq!(app.get(&format!("{path}?since=1"), token).await.status, 400);
    for (time, count) in [("2027-05-20T12:00:00Z", 3), ("2027-05-23T12:00:00Z", 0)] {
        app.set_time(time);
        let token = app.log_in("ada", super::PASSWORD).await;
        app.get("/v1/summary", &token).await;
        let rows = app.get("/v1/history", &token).await.body;
        assert_eq!(rows.as_array().unwrap().len(), count, "{time}");
    }
}
