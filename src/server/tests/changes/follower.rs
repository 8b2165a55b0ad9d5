//! A client that keeps a copy by what the feed tells, and what it is compared with.

use std::collections::{BTreeMap, HashSet};

use serde_json::{Value, json};

use super::super::App;
use super::MONTHS;

/// A client that keeps a copy by what the feed tells.
#[derive(Default)]
pub struct Follower {
    pub since: String,
    /// By kind and key.
    pub rows: BTreeMap<(String, String), Value>,
    pub told: HashSet<(String, String, i64)>,
    last: i64,
}

impl Follower {
    pub fn new() -> Self {
        Self {
            since: "0".to_owned(),
            last: -1,
            ..Self::default()
        }
    }

    /// Asks once; whether there is more.
    pub async fn pull(&mut self, app: &App, token: &str, limit: usize) -> bool {
        if self.since == "0" {
            // Whoever is at the very beginning is told everything, once more if nothing has happened since.
            *self = Self::new();
        }
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

    pub async fn catch_up(&mut self, app: &App, token: &str, limit: usize) {
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

    pub fn of(&self, kind: &str) -> Vec<&Value> {
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
pub async fn check(app: &App, token: &str, copy: &Follower) {
    let list = |answer: Value| sorted(answer.as_array().unwrap());
    let expenses = app.get("/v1/expenses?limit=1000", token).await.body;
    assert_eq!(owned(copy.of("expense")), list(expenses["expenses"].clone()));
    let history = app.get("/v1/history?limit=1000", token).await.body;
    assert_eq!(owned(copy.of("history")), list(history));
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
