//! The change feed: whoever follows it has, after any history, what everybody else has.

pub mod follower;
mod world;

use proptest::prelude::*;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{App, PASSWORD};
use follower::{Follower, check};
use world::{Step, World, step};

const MONTHS: [&str; 4] = ["2026-09", "2026-10", "2026-11", "2026-12"];
async fn live(steps: Vec<Step>) {
    let mut world = World::new().await;
    let mut clients = vec![Follower::new()];
    for step in steps {
        match step {
            Step::Begin => clients.push(Follower::new()),
            Step::Pull(which, limit) => {
                let which = which % clients.len();
                clients[which].pull(&world.app, &world.token, limit).await;
            }
            step => world.perform(step).await,
        }
    }
    let mut fresh = Follower::new();
    fresh.catch_up(&world.app, &world.token, 1000).await;
    check(&world.app, &world.token, &fresh).await;
    for (number, mut client) in clients.into_iter().enumerate() {
        client.catch_up(&world.app, &world.token, 1 + number * 3).await;
        assert_eq!(client.rows, fresh.rows);
        assert_eq!(client.since, fresh.since);
        let told = client.told.len();
        client.catch_up(&world.app, &world.token, 5).await;
        assert!(client.since == "0" || client.told.len() == told, "nothing new is told");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, max_shrink_iters: 200, ..ProptestConfig::default() })]

    #[test]
    fn whoever_follows_has_what_is_there(steps in prop::collection::vec(step(), 10..60)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(live(steps));
    }
}

/// What one row tells of another: the follower has it after each single step.
#[tokio::test]
async fn a_row_is_told_again_when_what_it_tells_of_another_changes() {
    let mut world = World::new().await;
    let (dining, fun) = (
        world.app.category(&world.token, "Dining").await,
        world.app.category(&world.token, "Entertainment").await,
    );
    let mut client = Follower::new();
    let rule = Uuid::now_v7();
    let words = |pattern: &str| json!({"id": Uuid::now_v7(), "pattern": pattern, "category_id": dining});
    let budget = format!("/v1/budgets/2026-11/{dining}");
    let steps = [
        ("PUT", budget.clone(), json!({"limit_minor": 1000})),
        (
            "POST",
            "/v1/rules".to_owned(),
            json!({"id": rule, "pattern": "tea", "category_id": dining}),
        ),
        (
            "POST",
            "/v1/expenses".to_owned(),
            json!({"id": Uuid::now_v7(), "description": "tea", "amount_minor": 1500}),
        ),
        ("PATCH", format!("/v1/categories/{dining}"), json!({"name": "Eating"})),
        ("PATCH", format!("/v1/categories/{dining}"), json!({"carry_over": true})),
        ("POST", "/v1/alerts/read".to_owned(), json!({})),
        (
            "POST",
            "/v1/expenses".to_owned(),
            json!({"id": Uuid::now_v7(), "description": "tea", "amount_minor": 100}),
        ),
        ("POST", "/v1/rules".to_owned(), words("tea")),
        ("PUT", budget, json!({"limit_minor": 90_000})),
        ("PATCH", "/v1/account".to_owned(), json!({"month_start": 15})),
        ("PATCH", "/v1/account".to_owned(), json!({"month_start": 1})),
        ("PUT", format!("/v1/budgets/2026-11/{fun}"), json!({"limit_minor": 900})),
        (
            "POST",
            "/v1/budgets/2026-11/move".to_owned(),
            json!({"from": dining, "to": fun, "amount_minor": 400}),
        ),
        ("POST", format!("/v1/categories/{dining}/merge"), json!({"into": fun})),
    ];
    for (method, path, body) in steps {
        let answer = world.app.call(method, &path, &world.token, Some(body)).await;
        assert!(answer.status < 300, "{method} {path}: {answer:?}");
        client.catch_up(&world.app, &world.token, 3).await;
        check(&world.app, &world.token, &client).await;
    }
    world.app.limit(&world.token, "2026-11", &fun, 100).await;
    let alert = world.one("/v1/alerts", 0).await;
    let snooze = format!("/v1/alerts/{alert}/snooze");
    world.send("PUT", &snooze, Some(json!({"until": "2026-11-24"}))).await;
    // The quiet ends with the day, by itself.
    for step in [Step::Read(0), Step::Sleep, Step::Sleep, Step::Sleep] {
        world.perform(step).await;
        client.catch_up(&world.app, &world.token, 3).await;
        check(&world.app, &world.token, &client).await;
    }
    assert!(!client.of("alert").is_empty());
}

async fn expenses(app: &App, token: &str, count: usize) -> Vec<String> {
    let dining = app.category(token, "Dining").await;
    let mut ids = Vec::new();
    for _ in 0..count {
        let expense = app.spend(token, &dining, 500, "2026-11-20").await;
        ids.push(expense["id"].as_str().unwrap().to_owned());
    }
    ids
}

#[tokio::test]
async fn a_step_that_changes_much_in_one_revision_is_told_in_pages() {
    let app = App::new();
    let token = app.user("ada").await;
    let ids = expenses(&app, &token, 40).await;
    let mut client = Follower::new();
    client.catch_up(&app, &token, 7).await;
    let fun = app.category(&token, "Entertainment").await;
    let places: Vec<Value> = ids.iter().map(|id| json!({"id": id, "category_id": fun})).collect();
    app.post(
        "/v1/expenses/bulk",
        &token,
        json!({"action": "place", "places": places}),
    )
    .await;
    assert!(client.pull(&app, &token, 7).await);
    assert!(
        client.since.contains('.'),
        "a place inside a revision: {}",
        client.since
    );
    // What changes while somebody pages comes later.
    app.call("DELETE", &format!("/v1/expenses/{}", ids[3]), &token, None)
        .await;
    client.catch_up(&app, &token, 7).await;
    check(&app, &token, &client).await;
    assert_eq!(client.of("expense").len(), 39);
}

#[tokio::test]
async fn a_merged_category_takes_its_limits_and_alerts_with_it() {
    let app = App::new();
    let token = app.user("ada").await;
    let (dining, fun) = (
        app.category(&token, "Dining").await,
        app.category(&token, "Entertainment").await,
    );
    app.limit(&token, "2026-11", &dining, 100).await;
    app.spend(&token, &dining, 500, "2026-11-20").await;
    let mut client = Follower::new();
    client.catch_up(&app, &token, 100).await;
    assert!(!client.of("alert").is_empty());
    let merge = format!("/v1/categories/{dining}/merge");
    app.post(&merge, &token, json!({"into": fun})).await;
    client.catch_up(&app, &token, 100).await;
    check(&app, &token, &client).await;
    // Its id is not used again: a copy would keep what belonged to the first.
    let again = json!({"id": dining, "name": "Dining", "kind": "flexible"});
    let answer = app.post("/v1/categories", &token, again).await;
    assert_eq!((answer.status, answer.code(), answer.field()), (409, "conflict", "id"));
}

#[tokio::test]
async fn what_was_deleted_is_known_for_180_days() {
    let app = App::new();
    let mut token = app.user("ada").await;
    let ids = expenses(&app, &token, 3).await;
    let mut copies: Vec<Follower> = Vec::new();
    for _ in 0..2 {
        let mut copy = Follower::new();
        copy.catch_up(&app, &token, 100).await;
        copies.push(copy);
    }
    app.call("DELETE", &format!("/v1/expenses/{}", ids[0]), &token, None)
        .await;
    copies[0].catch_up(&app, &token, 100).await;
    for (now, status) in [("2027-05-20T12:00:00Z", 200), ("2027-05-23T12:00:00Z", 410)] {
        app.set_time(now);
        let login = json!({"name": "ada", "password": PASSWORD});
        token = app.post("/v1/login", "", login).await.body["token"]
            .as_str()
            .unwrap()
            .to_owned();
        app.get("/v1/summary", &token).await;
        let answer = app.get(&format!("/v1/changes?since={}", copies[1].since), &token).await;
        assert_eq!(answer.status, status, "{answer:?}");
        if status == 410 {
            assert_eq!(answer.code(), "resync");
        }
    }
    // Whoever knew of it goes on; whoever begins now does so in pages too.
    copies[0].catch_up(&app, &token, 2).await;
    check(&app, &token, &copies[0]).await;
    let mut fresh = Follower::new();
    fresh.catch_up(&app, &token, 2).await;
    assert_eq!(fresh.rows, copies[0].rows);
    let restore = format!("/v1/expenses/{}/restore", ids[0]);
    assert_eq!(app.post(&restore, &token, json!({})).await.status, 404);
}

#[tokio::test]
async fn a_copy_from_a_future_that_was_lost_begins_anew() {
    let app = App::new();
    let token = app.user("ada").await;
    let answer = app.get("/v1/changes?since=7", &token).await;
    assert_eq!((answer.status, answer.code()), (410, "resync"));
}

#[tokio::test]
async fn a_feed_is_asked_for_in_its_own_words() {
    let app = App::new();
    let token = app.user("ada").await;
    for (query, field) in [
        ("since=x", "since"),
        ("since=-1", "since"),
        ("since=1.2.3", "since"),
        ("limit=0", "limit"),
        ("limit=1001", "limit"),
    ] {
        let answer = app.get(&format!("/v1/changes?{query}"), &token).await;
        assert_eq!((answer.status, answer.field()), (400, field), "{query}");
    }
    assert_eq!(app.get("/v1/changes?cursor=1", &token).await.status, 400);
    let other = app.user("bob").await;
    expenses(&app, &token, 2).await;
    let mut bob = Follower::new();
    bob.catch_up(&app, &other, 100).await;
    assert!(bob.of("expense").is_empty(), "everybody follows his own data");
}
