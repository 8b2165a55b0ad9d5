//! The change feed: whoever follows it has, after any history, what everybody else has.

use std::collections::{BTreeMap, HashSet};

use proptest::prelude::*;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{App, PASSWORD};

const MONTHS: [&str; 4] = ["2026-09", "2026-10", "2026-11", "2026-12"];
const WORDS: [&str; 4] = ["ramen bar", "city tram", "corner shop", "coffee"];

/// A client that keeps a copy by what the feed tells.
#[derive(Default)]
struct Follower {
    since: String,
    /// By kind and key.
    rows: BTreeMap<(String, String), Value>,
    told: HashSet<(String, String, i64)>,
    last: i64,
}

impl Follower {
    fn new() -> Self {
        Self {
            since: "0".to_owned(),
            last: -1,
            ..Self::default()
        }
    }

    /// Asks once; whether there is more.
    async fn pull(&mut self, app: &App, token: &str, limit: usize) -> bool {
        let path = format!("/v1/changes?since={}&limit={limit}", self.since);
        let answer = app.get(&path, token).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        let changes = answer.body["changes"].as_array().unwrap();
        let more = answer.body["more"].as_bool().unwrap();
        assert!(changes.len() <= limit && (!more || changes.len() == limit));
        for change in changes {
            self.apply(change);
        }
        answer.body["next"].as_str().unwrap().clone_into(&mut self.since);
        if !more {
            let reached: i64 = self.since.parse().expect("a copy that is whole is at a revision");
            assert!(reached >= self.last);
        }
        more
    }

    async fn catch_up(&mut self, app: &App, token: &str, limit: usize) {
        while self.pull(app, token, limit).await {}
    }

    fn apply(&mut self, change: &Value) {
        let revision = change["revision"].as_i64().unwrap();
        assert!(revision >= self.last, "revisions go back");
        self.last = revision;
        let (kind, row) = change["row"].as_object().unwrap().iter().next().unwrap();
        let key = key(kind, row);
        assert!(
            self.told.insert((kind.clone(), key.clone(), revision)),
            "told twice: {change}"
        );
        if kind == "gone" {
            let id = row["id"].as_str().unwrap();
            let thing = row["thing"].as_str().unwrap();
            self.rows.remove(&(thing.to_owned(), id.to_owned()));
            if thing == "category" {
                let of = |kind: &str| ["limit", "moved", "alert"].contains(&kind);
                self.rows
                    .retain(|(kind, _), row| !(of(kind) && row["category_id"] == id));
            }
        } else {
            self.rows.insert((kind.clone(), key), row.clone());
        }
    }

    fn of(&self, kind: &str) -> Vec<&Value> {
        let rows = self.rows.iter().filter(|((of, _), _)| of == kind);
        rows.map(|(_, row)| row).collect()
    }
}

fn key(kind: &str, row: &Value) -> String {
    match kind {
        "account" => String::new(),
        "limit" | "moved" => format!("{} {}", row["category_id"], row["month"]),
        "gone" => format!("{} {}", row["thing"], row["id"]),
        _ => row["id"].as_str().unwrap().to_owned(),
    }
}

/// The same rows, whatever their order.
fn sorted(rows: &[Value]) -> Vec<Value> {
    let mut rows = rows.to_vec();
    rows.sort_by_key(ToString::to_string);
    rows
}

fn owned(rows: Vec<&Value>) -> Vec<Value> {
    sorted(&rows.into_iter().cloned().collect::<Vec<_>>())
}

/// What the other routes tell is what the copy holds.
async fn check(app: &App, token: &str, copy: &Follower) {
    let list = |answer: Value| sorted(answer.as_array().unwrap());
    let expenses = app.get("/v1/expenses?limit=1000", token).await.body;
    assert_eq!(owned(copy.of("expense")), list(expenses["expenses"].clone()));
    assert_eq!(owned(copy.of("rule")), list(app.get("/v1/rules", token).await.body));
    assert_eq!(owned(copy.of("alert")), list(app.get("/v1/alerts", token).await.body));
    let mut account = app.get("/v1/account", token).await.body;
    let kept = copy.of("account")[0];
    account["revision"] = kept["revision"].clone();
    assert_eq!(*kept, account);
    let mut categories = copy.of("category");
    categories.sort_by_key(|row| (row["place"].as_i64(), row["name"].to_string()));
    let plain = |row: &&Value| {
        let mut row = (*row).clone();
        for only_here in ["place", "carry_since", "hidden_since"] {
            row.as_object_mut().unwrap().remove(only_here).unwrap();
        }
        row
    };
    let plain: Vec<Value> = categories.iter().map(plain).collect();
    assert_eq!(Value::from(plain), app.get("/v1/categories", token).await.body);
    for month in MONTHS {
        let told = app.get(&format!("/v1/budgets?month={month}"), token).await.body;
        let told: Vec<Value> = told.as_array().unwrap().clone();
        let kept: Vec<Value> = categories.iter().filter_map(|row| limit(copy, row, month)).collect();
        assert_eq!(kept, told, "{month}");
    }
}

/// The limit in force, from the rows.
fn limit(copy: &Follower, category: &Value, month: &str) -> Option<Value> {
    let id = &category["id"];
    let spending = ["flexible", "fixed"].contains(&category["kind"].as_str().unwrap());
    let hidden = category["hidden_since"].as_str().is_some_and(|since| since <= month);
    if !spending || hidden {
        return None;
    }
    let set = copy
        .of("limit")
        .into_iter()
        .filter(|row| row["category_id"] == *id && row["month"].as_str().unwrap() <= month)
        .max_by_key(|row| row["month"].as_str().unwrap())
        .filter(|row| !row["limit_minor"].is_null());
    let moved = copy
        .of("moved")
        .into_iter()
        .find(|row| row["category_id"] == *id && row["month"] == month)
        .map_or(0, |row| row["moved_minor"].as_i64().unwrap());
    let base = set.map(|row| row["limit_minor"].as_i64().unwrap());
    let (minor, since) = match (base, moved) {
        (None, ..=0) => return None,
        (None, moved) => (moved, month),
        (Some(base), 0) => (base, set.unwrap()["month"].as_str().unwrap()),
        (Some(base), moved) => ((base + moved).max(0), month),
    };
    Some(json!({"category_id": id, "limit_minor": minor, "since": since}))
}

/// One thing that somebody does; numbers choose among what there is.
#[derive(Debug, Clone)]
enum Step {
    Add(usize, usize, i64),
    AddUnsorted(usize),
    Edit(usize, i64),
    Delete(usize),
    Restore(usize),
    Place(Vec<usize>, usize),
    DeleteMany(Vec<usize>),
    Limit(usize, usize, i64),
    Clear(usize, usize),
    Move(usize, usize, i64),
    AddCategory(u32),
    Rename(usize, u32),
    Hide(usize, bool),
    Carry(usize),
    Merge(usize, usize),
    Rule(usize, usize),
    MoveRule(usize, usize),
    Unrule(usize),
    Read(usize),
    ReadAll,
    Snooze(usize),
    Months(u8),
    Sleep,
    Recategorize,
    /// A client pulls one page.
    Pull(usize, usize),
    /// A new client begins.
    Begin,
}

fn step() -> impl Strategy<Value = Step> {
    use Step::*;
    let which = 0..1000_usize;
    let some = prop::collection::vec(0..1000_usize, 1..6);
    let money = 1..90_000_i64;
    prop_oneof![
        6 => (which.clone(), which.clone(), money.clone()).prop_map(|(a, b, c)| Add(a, b, c)),
        3 => which.clone().prop_map(AddUnsorted),
        3 => (which.clone(), money.clone()).prop_map(|(a, b)| Edit(a, b)),
        3 => which.clone().prop_map(Delete),
        2 => which.clone().prop_map(Restore),
        2 => (some.clone(), which.clone()).prop_map(|(a, b)| Place(a, b)),
        1 => some.prop_map(DeleteMany),
        3 => (which.clone(), which.clone(), money.clone()).prop_map(|(a, b, c)| Limit(a, b, c)),
        1 => (which.clone(), which.clone()).prop_map(|(a, b)| Clear(a, b)),
        2 => (which.clone(), which.clone(), 1..100_i64).prop_map(|(a, b, c)| Move(a, b, c)),
        1 => any::<u32>().prop_map(AddCategory),
        2 => (which.clone(), any::<u32>()).prop_map(|(a, b)| Rename(a, b)),
        1 => (which.clone(), any::<bool>()).prop_map(|(a, b)| Hide(a, b)),
        1 => which.clone().prop_map(Carry),
        2 => (which.clone(), which.clone()).prop_map(|(a, b)| Merge(a, b)),
        2 => (which.clone(), which.clone()).prop_map(|(a, b)| Rule(a, b)),
        1 => (which.clone(), which.clone()).prop_map(|(a, b)| MoveRule(a, b)),
        1 => which.clone().prop_map(Unrule),
        1 => which.clone().prop_map(Read),
        1 => Just(ReadAll),
        1 => which.clone().prop_map(Snooze),
        1 => (1..29_u8).prop_map(Months),
        1 => Just(Sleep),
        1 => Just(Recategorize),
        6 => (which, 1..12_usize).prop_map(|(a, b)| Pull(a, b)),
        1 => Just(Begin),
    ]
}

/// A user to whom steps happen.
struct World {
    app: App,
    token: String,
    /// Every expense that was ever there.
    expenses: Vec<String>,
    day: i8,
}

impl World {
    async fn new() -> Self {
        let app = App::new();
        let token = app.user("ada").await;
        Self {
            app,
            token,
            expenses: Vec::new(),
            day: 22,
        }
    }

    async fn ids(&self, path: &str) -> Vec<String> {
        let list = self.app.get(path, &self.token).await.body;
        let rows = list.as_array().unwrap().iter();
        rows.map(|row| row["id"].as_str().unwrap().to_owned()).collect()
    }

    async fn one(&self, path: &str, which: usize) -> String {
        let ids = self.ids(path).await;
        // Few categories, so that they meet.
        let few = if path == "/v1/categories" {
            ids.len().min(4)
        } else {
            ids.len()
        };
        ids.get(which % few.max(1))
            .cloned()
            .unwrap_or_else(|| Uuid::now_v7().to_string())
    }

    async fn category(&self, which: usize) -> String {
        self.one("/v1/categories", which).await
    }

    fn expense(&self, which: usize) -> String {
        let of = self.expenses.len().max(1);
        self.expenses
            .get(which % of)
            .cloned()
            .unwrap_or_else(|| Uuid::now_v7().to_string())
    }

    async fn send(&self, method: &str, path: &str, body: Option<Value>) {
        let answer = self.app.call(method, path, &self.token, body).await;
        assert!(answer.status < 500, "{method} {path}: {answer:?}");
    }

    async fn add(&mut self, mut body: Value) {
        let id = Uuid::now_v7().to_string();
        body["id"] = id.as_str().into();
        self.expenses.push(id);
        self.send("POST", "/v1/expenses", Some(body)).await;
    }

    async fn perform(&mut self, step: Step) {
        let month = |which: usize| MONTHS[which % MONTHS.len()];
        match step {
            Step::Add(category, word, minor) => {
                let category = self.category(category).await;
                let (word, month) = (WORDS[word % WORDS.len()], month(word));
                let day = format!("{month}-{:02}", 1 + word.len());
                self.add(json!({"description": word, "amount_minor": minor, "category_id": category, "day": day}))
                    .await;
            }
            Step::AddUnsorted(word) => {
                self.add(json!({"description": WORDS[word % WORDS.len()], "amount_minor": 990}))
                    .await;
            }
            Step::Edit(which, minor) => {
                let path = format!("/v1/expenses/{}", self.expense(which));
                self.send("PATCH", &path, Some(json!({"amount_minor": minor}))).await;
            }
            Step::Delete(which) => {
                self.send("DELETE", &format!("/v1/expenses/{}", self.expense(which)), None)
                    .await;
            }
            Step::Restore(which) => {
                let path = format!("/v1/expenses/{}/restore", self.expense(which));
                self.send("POST", &path, Some(json!({}))).await;
            }
            Step::Place(which, category) => {
                let category = self.category(category).await;
                let place = |which: &usize| json!({"id": self.expense(*which), "category_id": category});
                let places: Vec<Value> = which.iter().map(place).collect();
                self.send(
                    "POST",
                    "/v1/expenses/bulk",
                    Some(json!({"action": "place", "places": places})),
                )
                .await;
            }
            Step::DeleteMany(which) => {
                let ids: Vec<String> = which.iter().map(|which| self.expense(*which)).collect();
                self.send(
                    "POST",
                    "/v1/expenses/bulk",
                    Some(json!({"action": "delete", "ids": ids})),
                )
                .await;
            }
            Step::Limit(category, when, minor) => {
                let path = format!("/v1/budgets/{}/{}", month(when), self.category(category).await);
                self.send("PUT", &path, Some(json!({"limit_minor": minor}))).await;
            }
            Step::Clear(category, when) => {
                let path = format!("/v1/budgets/{}/{}", month(when), self.category(category).await);
                self.send("DELETE", &path, None).await;
            }
            Step::Move(from, to, minor) => {
                let wish = json!({"from": self.category(from).await, "to": self.category(to).await,
                    "amount_minor": minor});
                self.send("POST", &format!("/v1/budgets/{}/move", month(from)), Some(wish))
                    .await;
            }
            Step::Months(day) => {
                self.send("PATCH", "/v1/account", Some(json!({"month_start": day})))
                    .await;
            }
            Step::Sleep => {
                self.day = (self.day + 1).min(29);
                self.app.set_time(&format!("2026-11-{}T12:00:00Z", self.day));
            }
            Step::Recategorize => {
                self.send("POST", "/v1/expenses/recategorize", Some(json!({}))).await;
            }
            other => self.arrange(other).await,
        }
    }

    /// Steps about categories, rules and alerts.
    async fn arrange(&mut self, step: Step) {
        match step {
            Step::AddCategory(name) => {
                let body = json!({"id": Uuid::now_v7(), "name": format!("Own {name}"), "kind": "flexible"});
                self.send("POST", "/v1/categories", Some(body)).await;
            }
            Step::Rename(which, name) => {
                let path = format!("/v1/categories/{}", self.category(which).await);
                self.send("PATCH", &path, Some(json!({"name": format!("Other {name}")})))
                    .await;
            }
            Step::Hide(which, hidden) => {
                let path = format!("/v1/categories/{}", self.category(which).await);
                self.send("PATCH", &path, Some(json!({"hidden": hidden}))).await;
            }
            Step::Carry(which) => {
                let path = format!("/v1/categories/{}", self.category(which).await);
                self.send("PATCH", &path, Some(json!({"carry_over": true}))).await;
            }
            Step::Merge(from, into) => {
                let path = format!("/v1/categories/{}/merge", self.category(from).await);
                let into = self.category(into).await;
                self.send("POST", &path, Some(json!({"into": into}))).await;
            }
            Step::Rule(word, category) => {
                let category = self.category(category).await;
                let body = json!({"id": Uuid::now_v7(), "pattern": WORDS[word % WORDS.len()],
                    "category_id": category});
                self.send("POST", "/v1/rules", Some(body)).await;
            }
            Step::MoveRule(rule, category) => {
                let path = format!("/v1/rules/{}", self.one("/v1/rules", rule).await);
                let category = self.category(category).await;
                self.send("PATCH", &path, Some(json!({"category_id": category}))).await;
            }
            Step::Unrule(rule) => {
                let path = format!("/v1/rules/{}", self.one("/v1/rules", rule).await);
                self.send("DELETE", &path, None).await;
            }
            Step::Read(alert) => {
                let path = format!("/v1/alerts/{}/read", self.one("/v1/alerts", alert).await);
                self.send("POST", &path, Some(json!({}))).await;
            }
            Step::ReadAll => self.send("POST", "/v1/alerts/read", Some(json!({}))).await,
            Step::Snooze(alert) => {
                let path = format!("/v1/alerts/{}/snooze", self.one("/v1/alerts", alert).await);
                self.send(
                    "PUT",
                    &path,
                    Some(json!({"until": format!("2026-11-{}", (self.day + 1).min(30))})),
                )
                .await;
            }
            _ => unreachable!("performed before"),
        }
    }
}

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
