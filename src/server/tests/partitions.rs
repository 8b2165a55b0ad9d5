//! Devices that change the same expense and the same limit while they are apart: in the end all of them have the same,
//! and nothing that one of them has stored is lost unseen.

use std::collections::HashMap;

use jiff::Timestamp;
use proptest::prelude::*;
use serde_json::{Value, json};
use uuid::Uuid;

use super::batch::{Device, told};
use super::changes::follower::{Follower, check};
use super::database::TestDatabase;
use super::{App, PASSWORD};
use crate::server::store::accounts::{self, NewUser};
use crate::server::store::sessions::{self, Origin};
use crate::server::store::verify;
use crate::server::token::Token;

/// How many times fewer histories are tried where every statement is a journey.
const FAR_AWAY: u32 = 10;
/// Every so many of them are compared with what each other route tells, too, which takes longer.
const LOOKED_AT_CLOSELY: u32 = 12;
const FIELDS: [&str; 4] = ["day", "description", "amount_minor", "category_id"];

/// One thing that a device does; it is heard of when the device sends it.
#[derive(Debug, Clone)]
enum Step {
    /// Changes the fields with these bits to new values.
    Edit(usize, u8),
    Delete(usize),
    Restore(usize),
    /// Sets the limit, or clears it.
    Limit(usize, bool),
    /// Sends what was done; the answer is heard.
    Send(usize),
    /// Reads so many rows of the feed, or all.
    Read(usize, Option<usize>),
}

fn step() -> impl Strategy<Value = Step> {
    let device = 0..3_usize;
    prop_oneof![
        6 => (device.clone(), 1..16_u8).prop_map(|(d, fields)| Step::Edit(d, fields)),
        2 => device.clone().prop_map(Step::Delete),
        1 => device.clone().prop_map(Step::Restore),
        3 => (device.clone(), prop::bool::weighted(0.8)).prop_map(|(d, set)| Step::Limit(d, set)),
        4 => device.clone().prop_map(Step::Send),
        4 => (device, prop::option::of(1..3_usize)).prop_map(|(d, rows)| Step::Read(d, rows)),
    ]
}

/// A value, the device that wrote it, and the revision up to which one has to have read to have seen it.
#[derive(Debug, Clone)]
struct Written {
    value: Value,
    by: usize,
    at: i64,
}

/// A deed that is not sent yet.
struct Planned {
    deed: Value,
    /// The fields that it writes, or the limit.
    wishes: Vec<(&'static str, Value)>,
    base: i64,
}

/// A device with its copy.
struct Apart {
    device: Device,
    planned: Vec<Planned>,
    copy: Follower,
    /// What the copy is complete up to.
    complete: i64,
}

/// What the server should hold.
struct World<'a> {
    app: &'a App,
    token: String,
    id: Uuid,
    category: String,
    categories: Vec<Value>,
    devices: Vec<Apart>,
    /// By field.
    now: HashMap<&'static str, Written>,
    deleted: bool,
    made: i64,
    /// What has to stand in the history: field, what gave way, to what.
    owed: Vec<(&'static str, Value, Value)>,
}

/// A user of the service without a password, whose session is made by hand: hashing would take most of the time.
async fn user(app: &App) -> String {
    let id = Uuid::new_v4();
    let new = NewUser {
        id,
        name: id.to_string(),
        email: "a@b.c".to_owned(),
        password: PASSWORD.to_owned(),
        currency: crate::domain::Currency::USD,
        time_zone: "UTC".to_owned(),
        calendar: crate::domain::Calendar::default(),
        demo: false,
    };
    let (text, token) = Token::issue(id);
    let now: Timestamp = *app.now.lock().unwrap();
    app.state
        .store
        .write(move |tx| {
            accounts::create(tx, &new, jiff::civil::date(2026, 11, 22), now.as_millisecond())?;
            sessions::begin(tx, id, &token.hash, &Origin::default(), now.as_millisecond())
        })
        .await
        .unwrap();
    text
}

impl<'a> World<'a> {
    async fn new(app: &'a App) -> Self {
        let token = user(app).await;
        let list = app.get("/v1/categories", &token).await.body;
        let ids: Vec<Value> = list.as_array().unwrap().iter().map(|row| row["id"].clone()).collect();
        let category = ids[0].as_str().unwrap().to_owned();
        let made = app.spend(&token, &category, 500, "2026-11-01").await;
        let mut devices = Vec::new();
        for _ in 0..3 {
            let mut copy = Follower::new();
            copy.catch_up(app, &token, 1000).await;
            devices.push(Apart {
                device: Device::new(),
                planned: Vec::new(),
                complete: copy.since.parse().unwrap(),
                copy,
            });
        }
        let at = made["revision"].as_i64().unwrap();
        let first = |value: Value| Written {
            value,
            by: usize::MAX,
            at,
        };
        let mut now: HashMap<_, _> = FIELDS.map(|field| (field, first(made[field].clone()))).into();
        now.insert("limit_minor", first(Value::Null));
        Self {
            id: serde_json::from_value(made["id"].clone()).unwrap(),
            categories: vec![ids[0].clone(), ids[1].clone(), Value::Null],
            deleted: false,
            made: 0,
            owed: Vec::new(),
            app,
            token,
            category,
            devices,
            now,
        }
    }

    /// A value that nobody has written before, but for days and categories, of which there are few.
    fn value(&mut self, field: &str) -> Value {
        self.made += 1;
        let few = usize::try_from(self.made).unwrap();
        match field {
            "day" => json!(format!("2026-11-{:02}", few % 5 + 2)),
            "description" => json!(format!("tea {}", self.made)),
            "category_id" => self.categories[few % 3].clone(),
            _ => json!(1000 + self.made),
        }
    }

    fn plan(&mut self, which: usize, deed: Value, wishes: Vec<(&'static str, Value)>) {
        let device = &mut self.devices[which];
        let base = device.complete;
        device.planned.push(Planned { deed, wishes, base });
    }

    async fn perform(&mut self, step: Step) {
        match step {
            Step::Edit(which, bits) => {
                let fields = (0..4).filter(|bit| bits & (1 << bit) != 0).map(|bit| FIELDS[bit]);
                let wishes: Vec<_> = fields.map(|field| (field, self.value(field))).collect();
                let mut change = json!({"base_revision": self.devices[which].complete});
                for (field, value) in &wishes {
                    change[*field] = value.clone();
                }
                let deed = json!({"change_expense": {"id": self.id, "change": change}});
                self.plan(which, deed, wishes);
            }
            Step::Delete(which) => self.plan(which, json!({"delete_expense": {"id": self.id}}), Vec::new()),
            Step::Restore(which) => self.plan(which, json!({"restore_expense": {"id": self.id}}), Vec::new()),
            Step::Limit(which, set) => {
                let (category, base) = (&self.category, self.devices[which].complete);
                let month = "2026-11";
                let (deed, value) = if set {
                    let value = json!(1000 + self.made + 1);
                    let limit = json!({"limit_minor": value, "base_revision": base});
                    (
                        json!({"set_limit": {"month": month, "category_id": category, "limit": limit}}),
                        value,
                    )
                } else {
                    let clear = json!({"month": month, "category_id": category, "base_revision": base});
                    (json!({"clear_limit": clear}), Value::Null)
                };
                self.made += 1;
                self.plan(which, deed, vec![("limit_minor", value)]);
            }
            Step::Send(which) => self.send(which).await,
            Step::Read(which, rows) => {
                let device = &mut self.devices[which];
                let more = if let Some(rows) = rows {
                    device.copy.pull(self.app, &self.token, rows).await
                } else {
                    device.copy.catch_up(self.app, &self.token, 1000).await;
                    false
                };
                if !more {
                    device.complete = device.copy.since.parse().unwrap();
                }
            }
        }
    }

    async fn send(&mut self, which: usize) {
        let planned = std::mem::take(&mut self.devices[which].planned);
        if planned.is_empty() {
            return;
        }
        let device = &mut self.devices[which].device;
        let first = device.ops.len() + 1;
        for one in &planned {
            device.plan(&one.deed);
        }
        let answer = device.send(self.app, &self.token, first..=device.ops.len()).await;
        let at = self.app.revision(&self.token).await;
        let results = answer.body["results"].as_array().unwrap();
        for ((one, word), result) in planned.into_iter().zip(told(&answer)).zip(results) {
            self.came_of(which, &one, &word, at);
            let writes = |field: &str| one.wishes.iter().any(|(of, _)| *of == field);
            if word == "done" && writes("description") && !writes("category_id") {
                self.found_category(which, one.base, at, result["expense"]["category_id"].clone());
            }
        }
    }

    /// A new description may have found another category, but none in the place of one that the device had not seen.
    fn found_category(&mut self, which: usize, base: i64, at: i64, value: Value) {
        let now = self.now.get_mut("category_id").unwrap();
        if now.value != value {
            assert!(
                now.by == which || now.at <= base,
                "{} gave way to {value} unseen",
                now.value
            );
            let by = which;
            *now = Written { value, by, at };
        }
    }

    /// What the server should hold after a deed, and what it owes to those who had not been asked.
    fn came_of(&mut self, which: usize, one: &Planned, word: &str, at: i64) {
        if one.deed.get("delete_expense").is_some() || one.deed.get("restore_expense").is_some() {
            assert_eq!(word, "done");
            self.deleted = one.deed.get("delete_expense").is_some();
            return;
        }
        let is_late = self.deleted && one.deed.get("change_expense").is_some();
        assert_eq!(word, if is_late { "deleted deleted" } else { "done" });
        for (field, value) in &one.wishes {
            let now = self.now.get_mut(field).unwrap();
            if now.value == *value {
                continue;
            }
            if is_late {
                self.owed.push((*field, value.clone(), now.value.clone()));
                continue;
            }
            let was_any = now.value != Value::Null || *field != "limit_minor" || now.by != usize::MAX;
            if now.by != which && now.at > one.base && was_any {
                self.owed.push((*field, now.value.clone(), value.clone()));
            }
            *now = Written {
                value: value.clone(),
                by: which,
                at,
            };
        }
    }

    /// Everything is sent and read: all have the same, and what is owed is there.
    async fn check(&mut self, closely: bool) {
        for which in 0..self.devices.len() {
            self.perform(Step::Send(which)).await;
        }
        let mut fresh = Follower::new();
        fresh.catch_up(self.app, &self.token, 1000).await;
        for device in &mut self.devices {
            device.copy.catch_up(self.app, &self.token, 4).await;
            assert_eq!(device.copy.rows, fresh.rows);
        }
        if closely {
            check(self.app, &self.token, &fresh).await;
        }
        let mut kept: Vec<(String, Value, Value)> = Vec::new();
        for row in fresh.of("history") {
            let change = &row["change"];
            kept.push((
                change["field"].as_str().unwrap().to_owned(),
                change["was"].clone(),
                change["now"].clone(),
            ));
        }
        for (field, was, now) in &self.owed {
            let place = kept
                .iter()
                .position(|row| row.0 == *field && row.1 == *was && row.2 == *now);
            let place = place.unwrap_or_else(|| panic!("{field} {was} gave way to {now} unseen: {kept:?}"));
            kept.swap_remove(place);
        }
        self.check_rows(&fresh);
        self.check_sum(&fresh).await;
        if self.deleted {
            // Nothing of it is lost: it comes back as it was changed last.
            let restore = format!("/v1/expenses/{}/restore", self.id);
            assert_eq!(self.app.post(&restore, &self.token, json!({})).await.status, 200);
            self.deleted = false;
            fresh.catch_up(self.app, &self.token, 1000).await;
            self.check_rows(&fresh);
        }
    }

    fn check_rows(&self, copy: &Follower) {
        let expenses = copy.of("expense");
        assert_eq!(expenses.is_empty(), self.deleted);
        for (field, written) in &self.now {
            let found = match *field {
                "limit_minor" => copy.of("limit").first().map_or(Value::Null, |row| row[*field].clone()),
                field if !self.deleted => expenses[0][field].clone(),
                _ => continue,
            };
            assert_eq!(found, written.value, "{field}");
        }
    }

    /// What the month's numbers say is the sum of the rows.
    async fn check_sum(&self, copy: &Follower) {
        let summary = self.app.get("/v1/summary?month=2026-11", &self.token).await.body;
        let categories = summary["categories"].as_array().unwrap().iter();
        let spent: i64 = categories
            .chain([&summary["uncategorised"]])
            .map(|row| row["spent_minor"].as_i64().unwrap())
            .sum();
        let rows = copy.of("expense").into_iter();
        let sum: i64 = rows.map(|row| row["amount_minor"].as_i64().unwrap()).sum();
        assert_eq!(spent, sum);
    }
}

#[test]
fn devices_that_were_apart_end_alike_and_nothing_is_lost_unseen() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let app = App::new();
    // As many as PROPTEST_CASES says.
    let usual = ProptestConfig::default().cases;
    let cases = if TestDatabase::is_postgres() {
        usual / FAR_AWAY
    } else {
        usual
    };
    let config = ProptestConfig {
        cases,
        max_shrink_iters: 400,
        ..ProptestConfig::with_source_file(file!())
    };
    let mut runner = proptest::test_runner::TestRunner::new(config);
    let count = std::cell::Cell::new(0);
    let history = prop::collection::vec(step(), 2..14);
    let outcome = runner.run(&history, |steps| {
        count.set(count.get() + 1);
        let closely = count.get() % LOOKED_AT_CLOSELY == 1;
        runtime.block_on(async {
            let mut world = World::new(&app).await;
            for step in steps {
                world.perform(step).await;
            }
            world.check(closely).await;
        });
        Ok(())
    });
    outcome.unwrap_or_else(|failure| panic!("{failure}"));
    assert_eq!(verify::verify(&app.place.database()).unwrap().findings, []);
}
