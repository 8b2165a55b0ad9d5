//! Replays what generated users enter and correct, in order of its date, through the store that a server has.

mod habits;

use std::collections::HashMap;

use budget_tracker::api::{Category, NewCategory};
use budget_tracker::categorize::{Categorizer, merchant_key};
use budget_tracker::domain::expense::CategorySource;
use budget_tracker::domain::{Calendar, Kind};
use budget_tracker::server::store::accounts::{self, NewUser};
use budget_tracker::server::store::expenses::{self, Change, Draft, Placing};
use budget_tracker::server::store::learned::Known;
use budget_tracker::server::store::{Scope, Store, StoreError, Tx, categories};
use jiff::ToSpan;
use jiff::civil::{Date, date};
use uuid::Uuid;

use habits::Habits;

/// Expenses whose category each user states before anything is counted.
pub const CORRECTIONS: usize = 500;
/// Expenses after those.
pub const FOLLOWING: usize = 250;
/// The day on which all of them begin.
const FIRST: Date = date(2024, 1, 1);
/// Least confidence with which a prediction is taken, percent.
const LEAST: u8 = 40;

/// How often predictions were right.
#[derive(Clone, Copy, Default, Debug)]
pub struct Score {
    /// Expenses.
    pub rows: usize,
    /// In the right category at once.
    pub right: usize,
    /// In the right category at once, or it was the second of the list.
    pub right_of_two: usize,
    /// Right by the model alone.
    pub by_model: usize,
    /// Wrong although the user had said so before and never anything else for this merchant.
    pub wrong_again: usize,
}

impl Score {
    fn add(&mut self, other: Self) {
        self.rows += other.rows;
        self.right += other.right;
        self.right_of_two += other.right_of_two;
        self.by_model += other.by_model;
        self.wrong_again += other.wrong_again;
    }

    /// The part of the rows that `count` is, permille.
    pub fn permille(&self, count: usize) -> usize {
        count * 1000 / self.rows.max(1)
    }
}

/// What came out of a replay.
#[derive(Clone, Copy, Default, Debug)]
pub struct Findings {
    /// While the first [`CORRECTIONS`] were made, each predicted before the user said what it was.
    pub learning: Score,
    /// The [`FOLLOWING`] expenses.
    pub following: Score,
}

/// One expense and the category that the user wants.
struct Entry {
    description: String,
    amount_minor: i64,
    /// Place in the user's list.
    category: usize,
    day: Date,
}

/// Replays `users` generated users; others for another `seed`.
///
/// The category of each of the first [`CORRECTIONS`] is stated by the user: changed where it is wrong, and where it is
/// right agreed with. After that only what is wrong is changed, as people do it.
pub fn replay(model: &'static dyn Categorizer, store: &Store, seed: u64, users: u64) -> Result<Findings, StoreError> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .map_err(|error| StoreError::File(error.to_string()))?;
    let mut findings = Findings::default();
    for number in 0..users {
        let found = runtime.block_on(store.write(move |tx| {
            let habits = Habits::new(seed * 10_000 + number);
            one_user(tx, model, habits)
        }))?;
        findings.learning.add(found.learning);
        findings.following.add(found.following);
    }
    Ok(findings)
}

fn one_user(tx: &mut dyn Tx, model: &dyn Categorizer, mut habits: Habits) -> Result<Findings, StoreError> {
    let mut scope = Scope {
        user: Uuid::new_v4(),
        currency: budget_tracker::domain::Currency::USD,
        today: FIRST,
        calendar: Calendar::default(),
        now: 0,
    };
    accounts::create(tx, &user(scope.user), FIRST, 0)?;
    for name in habits::OWN_CATEGORIES {
        let new = NewCategory {
            id: Uuid::now_v7(),
            name: name.to_owned(),
            kind: Kind::Flexible,
        };
        categories::add(tx, &scope, &new)?;
    }
    let known = categories::list(tx, &scope)?;
    let mut said: HashMap<String, Vec<usize>> = HashMap::new();
    let mut findings = Findings::default();
    for number in 0..CORRECTIONS + FOLLOWING {
        let entry = habits.entry(number);
        scope.today = entry.day;
        let before = said.entry(merchant_key(&entry.description)).or_default();
        let (result, right) = enter(tx, &scope, model, &known, &entry, before, number < CORRECTIONS)?;
        if number < CORRECTIONS {
            findings.learning.add(result);
        } else {
            findings.following.add(result);
        }
        if number < CORRECTIONS || !right {
            before.push(entry.category);
        }
    }
    Ok(findings)
}

/// Predicts an expense, stores it, and corrects it; the flag says whether it was right.
fn enter(
    tx: &mut dyn Tx,
    scope: &Scope,
    model: &dyn Categorizer,
    known: &[Category],
    entry: &Entry,
    said: &[usize],
    agrees: bool,
) -> Result<(Score, bool), StoreError> {
    let wanted = known[entry.category].id;
    let read = Known::read(tx, scope)?;
    let guesses = read.predict(tx, scope, model, &entry.description, Some(entry.amount_minor))?;
    let is_wanted = |place: usize| guesses.get(place).is_some_and(|(kept, _)| kept.category.id == wanted);
    let taken = guesses.first().filter(|(_, guess)| guess.confidence >= LEAST);
    let placing = taken.map_or(Placing::NONE, |(kept, guess)| Placing {
        category: Some(kept.category.id),
        source: guess.source,
        confidence: guess.confidence,
    });
    let right = placing.category == Some(wanted);
    let of_model = model.guess(&entry.description);
    let by_model = of_model
        .first()
        .is_some_and(|guess| guess.category == known[entry.category].name);
    let consistent = !said.is_empty() && said.iter().all(|place| *place == entry.category);
    let result = Score {
        rows: 1,
        right: usize::from(right),
        right_of_two: usize::from(is_wanted(0) || is_wanted(1)),
        by_model: usize::from(by_model),
        wrong_again: usize::from(!right && consistent),
    };
    let draft = Draft {
        id: Uuid::now_v7(),
        day: entry.day,
        description: entry.description.clone(),
        amount_minor: entry.amount_minor,
        placing,
        fingerprint: Vec::new(),
    };
    expenses::add(tx, scope, &draft)?;
    if agrees || !right {
        let change = Change {
            placing: Some(Placing {
                category: Some(wanted),
                source: CategorySource::You,
                confidence: 100,
            }),
            ..Change::default()
        };
        expenses::change(tx, scope, draft.id, &change)?;
    }
    Ok((result, right))
}

fn user(id: Uuid) -> NewUser {
    NewUser {
        id,
        name: id.to_string(),
        email: "a@b.c".to_owned(),
        password: String::new(),
        currency: budget_tracker::domain::Currency::USD,
        time_zone: "UTC".to_owned(),
        calendar: Calendar::default(),
        demo: false,
    }
}

/// The day of the expense `number`: three in two days.
fn day_of(number: usize) -> Date {
    let days = i64::try_from(number * 2 / 3).unwrap_or(0);
    FIRST.saturating_add(days.days())
}
