//! Operations of devices: each is done exactly once, whatever happens to the batches on their way.

use proptest::prelude::*;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Answer, App};

/// A device that counts its operations.
pub struct Device {
    id: Uuid,
    pub ops: Vec<Value>,
}

impl Device {
    pub fn new() -> Self {
        Self {
            id: Uuid::new_v4(),
            ops: Vec::new(),
        }
    }

    /// One more thing to do; returns its number.
    pub fn plan(&mut self, deed: &Value) -> usize {
        self.ops.push(json!({"seq": self.ops.len() + 1, "do": deed}));
        self.ops.len()
    }

    /// Sends the operations with these numbers, in this order.
    pub(super) async fn send(&self, app: &App, token: &str, numbers: impl IntoIterator<Item = usize>) -> Answer {
        let ops: Vec<&Value> = numbers.into_iter().map(|number| &self.ops[number - 1]).collect();
        let answer = app
            .post("/v1/ops", token, json!({"device_id": self.id, "ops": ops}))
            .await;
        assert_eq!(answer.status, 200, "{answer:?}");
        answer
    }

    pub(super) async fn send_all(&self, app: &App, token: &str) -> Answer {
        self.send(app, token, 1..=self.ops.len()).await
    }
}

fn add(minor: i64) -> (String, Value) {
    let id = Uuid::now_v7().to_string();
    let deed = json!({"add_expense": {"id": id, "day": "2026-11-20", "description": "tea", "amount_minor": minor}});
    (id, deed)
}

/// What came of each operation: `done`, `refused not_found`.
pub(super) fn told(answer: &Answer) -> Vec<String> {
    let results = answer.body["results"].as_array().unwrap();
    let word = |result: &Value| {
        let code = result["error"]["code"].as_str().unwrap_or_default();
        format!("{} {code}", result["status"].as_str().unwrap())
            .trim_end()
            .to_owned()
    };
    results.iter().map(word).collect()
}

async fn count(app: &App, token: &str) -> usize {
    let page = app.get("/v1/expenses?limit=1000", token).await.body;
    page["expenses"].as_array().unwrap().len()
}

#[tokio::test]
async fn a_batch_is_done_once_and_told_again() {
    let app = App::new();
    let token = app.user("ada").await;
    let mut phone = Device::new();
    let (id, deed) = add(500);
    phone.plan(&deed);
    phone.plan(&json!({"change_expense": {"id": id, "change": {"amount_minor": 700}}}));
    phone.plan(&json!({"delete_expense": {"id": Uuid::now_v7()}}));
    phone.plan(&json!({"add_expence": {}}));
    phone.plan(&json!({"add_expense": {"id": Uuid::now_v7(), "description": "tea", "amount_minor": 1, "tip": 2}}));
    phone.plan(&json!({"add_expense": {"id": Uuid::now_v7(), "description": "tea", "amount_minor": -1}}));
    phone.plan(&add(900).1);
    let first = phone.send_all(&app, &token).await;
    let wanted = [
        "done",
        "done",
        "refused not_found",
        "refused invalid",
        "refused invalid",
        "refused invalid",
        "done",
    ];
    assert_eq!(told(&first), wanted);
    assert_eq!(first.body["last_seq"], 7);
    assert_eq!(first.body["results"][1]["expense"]["amount_minor"], 700);
    assert_eq!(first.body["results"][5]["error"]["field"], "amount_minor");
    let message = first.body["results"][3]["error"]["message"].as_str().unwrap();
    assert!(message.contains("add_expence"), "{message}");
    let revision = app.revision(&token).await;
    // The answer was lost: the same batch tells the same, and does nothing.
    let again = phone.send_all(&app, &token).await;
    let wanted = wanted.map(|word| if word == "done" { "done_before" } else { word });
    assert_eq!(told(&again), wanted);
    assert_eq!(again.body["results"][0]["expense"]["amount_minor"], 700, "as it is now");
    assert_eq!(again.body["results"][5]["error"], first.body["results"][5]["error"]);
    assert_eq!((count(&app, &token).await, app.revision(&token).await), (2, revision));
}

#[tokio::test]
async fn what_was_refused_is_told_until_the_device_goes_on() {
    let app = App::new();
    let token = app.user("ada").await;
    let mut phone = Device::new();
    phone.plan(&json!({"read_alert": {"id": Uuid::now_v7()}}));
    phone.plan(&add(500).1);
    for _ in 0..2 {
        assert_eq!(told(&phone.send(&app, &token, [1]).await), ["refused not_found"]);
    }
    assert_eq!(told(&phone.send(&app, &token, [2]).await), ["done"]);
    assert_eq!(told(&phone.send(&app, &token, [1]).await), ["done_before"]);
}

#[tokio::test]
async fn a_missing_operation_is_named() {
    let app = App::new();
    let token = app.user("ada").await;
    let mut phone = Device::new();
    for _ in 0..4 {
        phone.plan(&add(500).1);
    }
    let answer = phone.send(&app, &token, [2, 1, 4, 2]).await;
    let wanted = ["not_yet out_of_order", "done", "not_yet out_of_order", "done"];
    assert_eq!(told(&answer), wanted);
    let message = &answer.body["results"][2]["error"]["message"];
    assert!(
        message
            .as_str()
            .unwrap()
            .contains("Operation 2 of this device is missing"),
        "{message}"
    );
    assert_eq!(answer.body["last_seq"], 2);
    assert_eq!(count(&app, &token).await, 2);
    // Another device, and another user with the same device, count for themselves.
    let other = app.user("bob").await;
    assert_eq!(told(&phone.send(&app, &other, [1]).await), ["done"]);
    let (_, deed) = add(100);
    let mut laptop = Device::new();
    laptop.plan(&deed);
    assert_eq!(told(&laptop.send_all(&app, &token).await), ["done"]);
}

#[tokio::test]
async fn a_batch_that_cannot_be_told_apart_is_refused_as_a_whole() {
    let app = App::new();
    let token = app.user("ada").await;
    let device = Uuid::new_v4();
    let op = |seq: i64| json!({"seq": seq, "do": {"read_alerts": {}}});
    let many: Vec<Value> = (1..=501).map(op).collect();
    for (body, field) in [
        (json!({"device_id": device, "ops": []}), "ops"),
        (json!({"device_id": device, "ops": many}), "ops"),
        (json!({"device_id": Uuid::nil(), "ops": [op(1)]}), "device_id"),
        (json!({"device_id": device, "ops": [op(0)]}), "seq"),
        (json!({"device_id": device, "ops": [op(1)], "force": true}), ""),
        (json!({"device_id": device, "ops": [{"do": {"read_alerts": {}}}]}), ""),
    ] {
        let answer = app.post("/v1/ops", &token, body).await;
        assert_eq!((answer.status, answer.code(), answer.field()), (400, "invalid", field));
    }
    let full: Vec<Value> = (1..=500).map(op).collect();
    let answer = app
        .post("/v1/ops", &token, json!({"device_id": device, "ops": full}))
        .await;
    assert_eq!((answer.status, &answer.body["last_seq"]), (200, &json!(500)));
    let huge = json!({"device_id": device, "ops": [op(501)], "x": "y".repeat(1024 * 1024)});
    let answer = app.post("/v1/ops", &token, huge).await;
    assert_eq!((answer.status, answer.code()), (413, "too_large"));
}

/// Every kind of operation does what its own route does.
#[tokio::test]
async fn a_device_can_do_all_that_the_routes_do() {
    let app = App::new();
    let token = app.user("ada").await;
    let (dining, fun) = (
        app.category(&token, "Dining").await,
        app.category(&token, "Entertainment").await,
    );
    let mut phone = Device::new();
    let ((tea, first), (cake, second)) = (add(900), add(400));
    let (own, rule) = (Uuid::now_v7(), Uuid::now_v7());
    for deed in [
        first,
        second,
        json!({"add_rule": {"id": rule, "pattern": "tea", "category_id": fun}}),
        json!({"change_rule": {"id": rule, "change": {"category_id": dining}}}),
        json!({"set_limit": {"month": "2026-11", "category_id": dining, "limit": {"limit_minor": 1000}}}),
        json!({"set_limit": {"month": "2026-11", "category_id": fun, "limit": {"limit_minor": 500}}}),
        json!({"move_limit": {"month": "2026-11", "wish": {"from": fun, "to": dining, "amount_minor": 100}}}),
        json!({"change_expenses": {"action": "place", "places": [{"id": tea, "category_id": dining}]}}),
        json!({"delete_expense": {"id": cake}}),
        json!({"add_category": {"id": own, "name": "Tea", "kind": "flexible"}}),
        json!({"change_category": {"id": own, "change": {"hidden": true}}}),
        json!({"read_alerts": {}}),
    ] {
        phone.plan(&deed);
    }
    let answer = phone.send_all(&app, &token).await;
    assert!(told(&answer).iter().all(|word| word == "done"), "{answer:?}");
    let budgets = app.get("/v1/budgets?month=2026-11", &token).await.body;
    assert_eq!(budgets[0]["limit_minor"], 1100, "{budgets}");
    let alerts = app.get("/v1/alerts", &token).await.body;
    assert_eq!(
        (&alerts[0]["category_id"], &alerts[0]["read"]),
        (&json!(dining), &json!(true))
    );
    let next = [
        json!({"read_alert": {"id": alerts[0]["id"]}}),
        json!({"snooze_alert": {"id": alerts[0]["id"], "until": "2026-11-30"}}),
        json!({"restore_expense": {"id": cake}}),
        json!({"clear_limit": {"month": "2026-11", "category_id": fun}}),
        json!({"remove_rule": {"id": rule}}),
        json!({"merge_category": {"id": dining, "into": fun}}),
    ];
    let from = phone.ops.len() + 1;
    for deed in next {
        phone.plan(&deed);
    }
    let answer = phone.send(&app, &token, from..=phone.ops.len()).await;
    assert!(told(&answer).iter().all(|word| word == "done"), "{answer:?}");
    assert_eq!(count(&app, &token).await, 2);
    assert_eq!(app.get("/v1/rules", &token).await.body, json!([]));
}

#[tokio::test]
async fn the_same_batch_twice_at_the_same_time_is_done_once() {
    let app = App::new();
    let token = app.user("ada").await;
    let mut phone = Device::new();
    let (from, to) = (
        app.category(&token, "Dining").await,
        app.category(&token, "Entertainment").await,
    );
    app.limit(&token, "2026-11", &from, 1000).await;
    for _ in 0..20 {
        phone.plan(&json!({"move_limit": {"month": "2026-11", "wish": {"from": from, "to": to, "amount_minor": 1}}}));
    }
    let send = || phone.send_all(&app, &token);
    tokio::join!(send(), send(), send(), send());
    let answer = send().await;
    assert!(told(&answer).iter().all(|word| word == "done_before"), "{answer:?}");
    assert_eq!(limit(&app, &token, &from).await, 980);
    assert_eq!(limit(&app, &token, &to).await, 20);
}

/// The limit of a category in November, minor units; zero when it has none.
async fn limit(app: &App, token: &str, category: &str) -> i64 {
    let budgets = app.get("/v1/budgets?month=2026-11", token).await.body;
    let mut budgets = budgets.as_array().unwrap().iter();
    let budget = budgets.find(|budget| budget["category_id"] == category);
    budget.map_or(0, |budget| budget["limit_minor"].as_i64().unwrap())
}

/// What the network makes of a device's batch: it comes from an operation on, with so many, turned round or not, so
/// often.
type Passage = (usize, usize, usize, bool, usize);

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, max_shrink_iters: 100, ..ProptestConfig::default() })]

    #[test]
    fn every_operation_is_done_exactly_once(
        lengths in (1..12_usize, 1..12_usize),
        poison in prop::collection::hash_set(0..24_usize, 0..4),
        network in prop::collection::vec((0..2_usize, 0..12_usize, 1..6_usize, any::<bool>(), 1..4_usize), 0..25),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(pass(&[lengths.0, lengths.1], &poison, &network));
    }
}

/// Moving money is done twice when it is sent twice: so it shows how often each operation was done.
async fn pass(lengths: &[usize; 2], poison: &std::collections::HashSet<usize>, network: &[Passage]) {
    let app = App::new();
    let token = app.user("ada").await;
    let (from, to) = (
        app.category(&token, "Dining").await,
        app.category(&token, "Entertainment").await,
    );
    app.limit(&token, "2026-11", &from, 1_000_000).await;
    let mut devices = [Device::new(), Device::new()];
    let (mut moved, mut added) = (0, 0);
    for (which, length) in lengths.iter().enumerate() {
        for at in 0..*length {
            let amount = if poison.contains(&(which * 12 + at)) {
                -1
            } else {
                1 << at
            };
            if at % 3 == 2 {
                devices[which].plan(&add(amount).1);
                added += usize::from(amount > 0);
            } else {
                let wish = json!({"from": from, "to": to, "amount_minor": amount});
                devices[which].plan(&json!({"move_limit": {"month": "2026-11", "wish": wish}}));
                moved += amount.max(0);
            }
        }
    }
    for (which, start, length, turned, times) in network {
        let device = &devices[*which];
        let end = (start + length).min(device.ops.len());
        let mut numbers: Vec<usize> = (*start.min(&end) + 1..=end).collect();
        if numbers.is_empty() {
            continue;
        }
        if *turned {
            numbers.reverse();
        }
        for _ in 0..*times {
            device.send(&app, &token, numbers.clone()).await;
        }
    }
    // At last the network lets everything through, in order.
    for (which, device) in devices.iter().enumerate() {
        let answer = device.send_all(&app, &token).await;
        assert_eq!(answer.body["last_seq"], device.ops.len());
        for (at, word) in told(&answer).iter().enumerate() {
            let poisoned = poison.contains(&(which * 12 + at));
            assert_ne!(*word, "not_yet out_of_order");
            assert!(!poisoned || word != "done", "{word}");
        }
    }
    let got = limit(&app, &token, &to).await;
    assert_eq!((got, count(&app, &token).await), (moved, added));
}
