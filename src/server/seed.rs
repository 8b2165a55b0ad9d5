//! The sample user and its data.

use std::collections::{BTreeSet, HashMap};

use jiff::civil::Date;
use jiff::tz::TimeZone;
use tokio::sync::watch;
use uuid::Uuid;

use super::demo::{self, DemoData, DemoExpense};
use super::error::ServerError;
use super::state::AppState;
use super::store::accounts::{self, NewUser};
use super::store::expenses::{self, Draft, Placing};
use super::store::{Scope, StoreError, Tx, alerts, budgets, categories, judge, local_day};
use crate::domain::account::{DEMO_NAME, DEMO_PASSWORD};
use crate::domain::{Calendar, Currency};
use crate::zone;

/// Stores the sample user beside whatever else runs; `ready` turns true when that is over.
pub fn in_background(state: &AppState, ready: watch::Sender<bool>) {
    let state = state.clone();
    tokio::spawn(async move {
        if let Err(error) = sample_user(&state).await {
            tracing::error!(%error, "the sample user could not be stored");
        }
        ready.send_replace(true);
    });
}

/// Stores the sample user with its data, in one transaction, unless its name is taken.
pub async fn sample_user(state: &AppState) -> Result<(), ServerError> {
    if state.store.read(|tx| accounts::credentials(tx, DEMO_NAME))?.is_some() {
        return Ok(());
    }
    let zone = zone::local_name().unwrap_or_else(|| "UTC".to_owned());
    let now = state.now();
    let today = local_day(&zone, now);
    let user = NewUser {
        id: Uuid::new_v4(),
        name: DEMO_NAME.to_owned(),
        email: "newuser@example.org".to_owned(),
        password: state.hasher.hash(DEMO_PASSWORD.into()).await?,
        currency: Currency::USD,
        time_zone: zone,
        calendar: Calendar::default(),
        demo: true,
    };
    let mut data = demo::generate(today);
    data.expenses.sort_by_key(|expense| expense.day);
    let stored = state
        .store
        .write(move |tx| store(tx, &user, &data, today, now.as_millisecond()))
        .await;
    match stored {
        // Another process was faster.
        Ok(()) | Err(StoreError::Conflict { .. }) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// Enters the data as if the user had done so day by day, so that sums and alerts are what they would be.
fn store(tx: &mut dyn Tx, user: &NewUser, data: &DemoData, today: Date, now: i64) -> Result<(), StoreError> {
    let first = data.budgets.iter().map(|budget| budget.month).min();
    let first = first.map_or(today, |month| user.calendar.first_day(month));
    accounts::create(tx, user, first, now)?;
    let on = |day: Date| Scope {
        user: user.id,
        currency: user.currency,
        calendar: user.calendar,
        today: day.min(today),
        now: noon(day).map_or(now, |noon| noon.min(now)),
    };
    let scope = on(first);
    let categories = by_name(tx, &scope, data)?;
    let named = |name: &str| categories.get(name).copied().ok_or(StoreError::NotFound("category"));
    for budget in &data.budgets {
        let category = named(budget.category)?;
        budgets::set(tx, &scope, category, budget.month, Some(budget.limit_minor), None)?;
    }
    let mut month = scope.month();
    for day in data.expenses.chunk_by(|one, next| one.day == next.day) {
        let scope = on(day[0].day);
        if scope.month() != month {
            month = scope.month();
            judge::judge_day(tx, &scope)?;
        }
        let drafts = day.iter().map(|expense| draft(expense, named));
        expenses::add_all(tx, &scope, &drafts.collect::<Result<Vec<_>, _>>()?)?;
    }
    let scope = Scope { now, ..on(today) };
    judge::judge_day(tx, &scope)?;
    alerts::mark_read_before(tx, &scope, scope.month())
}

/// The categories that the data names.
fn by_name(tx: &mut dyn Tx, scope: &Scope, data: &DemoData) -> Result<HashMap<&'static str, Uuid>, StoreError> {
    let budgets = data.budgets.iter().map(|budget| budget.category);
    let names: BTreeSet<&str> = budgets
        .chain(data.expenses.iter().filter_map(|expense| expense.category))
        .collect();
    let mut found = HashMap::with_capacity(names.len());
    for name in names {
        if let Some(kept) = categories::named(tx, scope, name)? {
            found.insert(name, kept.category.id);
        }
    }
    Ok(found)
}

fn draft(expense: &DemoExpense, named: impl Fn(&str) -> Result<Uuid, StoreError>) -> Result<Draft, StoreError> {
    Ok(Draft {
        id: Uuid::now_v7(),
        day: expense.day,
        description: expense.description.clone(),
        amount_minor: expense.amount_minor,
        placing: Placing {
            category: expense.category.map(named).transpose()?,
            source: expense.source,
            confidence: expense.confidence,
        },
        fingerprint: Vec::new(),
    })
}

fn noon(day: Date) -> Option<i64> {
    let noon = day.at(12, 0, 0, 0).to_zoned(TimeZone::UTC).ok()?;
    Some(noon.timestamp().as_millisecond())
}
