//! A user to whom all kinds of things happen.

use proptest::prelude::*;
use serde_json::{Value, json};
use uuid::Uuid;

use super::super::App;
use super::MONTHS;

const WORDS: [&str; 4] = ["ramen bar", "city tram", "corner shop", "coffee"];

/// One thing that somebody does; numbers choose among what there is.
#[derive(Debug, Clone)]
pub enum Step {
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

pub fn step() -> impl Strategy<Value = Step> {
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
pub struct World {
    pub app: App,
    pub token: String,
    /// Every expense that was ever there.
    expenses: Vec<String>,
    day: i8,
}

impl World {
    pub async fn new() -> Self {
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

    pub async fn one(&self, path: &str, which: usize) -> String {
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

    pub async fn send(&self, method: &str, path: &str, body: Option<Value>) {
        let answer = self.app.call(method, path, &self.token, body).await;
        assert!(answer.status < 500, "{method} {path}: {answer:?}");
    }

    async fn add(&mut self, mut body: Value) {
        let id = Uuid::now_v7().to_string();
        body["id"] = id.as_str().into();
        self.expenses.push(id);
        self.send("POST", "/v1/expenses", Some(body)).await;
    }

    pub async fn perform(&mut self, step: Step) {
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
