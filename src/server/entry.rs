//! Checks what people enter as an expense and finds its category, the same for both APIs.

use std::time::Duration;

use jiff::civil::Date;
use uuid::Uuid;

use super::backends;
use super::error::ServerError;
use super::state::AppState;
use super::store::categories;
use super::store::expenses::{Change, Draft, Placing, fingerprint};
use super::store::learned::Known;
use super::store::{Scope, bulk, rules};
use crate::api::{
    Bulk, CategoryPatch, Choice, Expense, ExpensePatch, NewCategory, NewExpense, NewRule, Note, PlacedBy, Prediction,
    RulePatch,
};
use crate::categorize::{Pattern, merchant_key};
use crate::domain::category::MAX_CATEGORY_NAME;
use crate::domain::day as days;
use crate::domain::expense::CategorySource;
use crate::domain::text::{MAX_DESCRIPTION, clean};
use crate::domain::{AlertRules, Money, Month};

/// A prediction below this confidence leaves an expense uncategorised, percent.
pub const LEAST_CONFIDENCE: u8 = 40;
/// Years ahead of today that an expense may be dated.
const YEARS_AHEAD: i64 = 10;

/// Checks a new expense and, when its category was left out, predicts one; the note says why a service that was
/// asked did not decide.
pub async fn draft(
    state: &AppState,
    scope: &Scope,
    request: &NewExpense,
) -> Result<(Draft, Option<Note>), ServerError> {
    if request.id.is_nil() {
        return Err(ServerError::field("id", "Make a UUIDv7 for each new expense."));
    }
    let request = NewExpense {
        description: description(&request.description)?,
        ..request.clone()
    };
    // Checked before anybody outside is asked.
    let (day, amount_minor) = (
        day(scope, request.day.unwrap_or(scope.today))?,
        amount(scope, request.amount_minor)?,
    );
    let (placing, note) = match request.category_id {
        Some(category) => (Placing::by_user(category), None),
        None => place(state, scope, &request.description, Some(request.amount_minor)).await?,
    };
    let draft = Draft {
        id: request.id,
        day,
        amount_minor,
        placing,
        fingerprint: fingerprint(&request),
        description: request.description,
    };
    Ok((draft, note))
}

/// Checks a change of `current`. A new description finds a new category, unless the user chose the current one; the
/// note says why a service that was asked did not decide.
pub async fn change(
    state: &AppState,
    scope: &Scope,
    current: &Expense,
    patch: &ExpensePatch,
) -> Result<(Change, Option<Note>), ServerError> {
    let chosen_by_user = current.category_source == CategorySource::You;
    let mut change = Change {
        day: patch.day.map(|date| day(scope, date)).transpose()?,
        amount_minor: patch.amount_minor.map(|minor| amount(scope, minor)).transpose()?,
        description: patch.description.as_deref().map(description).transpose()?,
        placing: None,
        predicted: false,
        puts_back: patch.placed_by.is_some(),
        base_revision: base(patch.base_revision)?,
    };
    placed_by(patch.category_id.flatten(), patch.placed_by)?;
    let mut note = None;
    match (patch.category_id, &change.description) {
        (Some(category), _) => change.placing = Some(Placing::told(category, patch.placed_by)),
        (None, Some(description)) if !chosen_by_user => {
            let amount = patch.amount_minor.unwrap_or(current.amount_minor);
            let (placing, told) = place(state, scope, description, Some(amount)).await?;
            (change.placing, change.predicted, note) = (Some(placing), true, told);
        }
        _ => {}
    }
    Ok((change, note))
}

/// [`predict`], and where that is not enough, what the service says that the server asks; not before `pause` is over.
pub async fn advised(
    state: &AppState,
    scope: &Scope,
    text: &str,
    amount: Option<i64>,
    pause: Duration,
) -> Result<Prediction, ServerError> {
    let local = predict(state, scope, text, amount)?;
    Ok(backends::second_opinion(state, scope, text, local, pause).await?)
}

/// The categories that fit a description, best first, as this server alone knows it; its amount, in minor units, tells
/// habits apart.
pub fn predict(state: &AppState, scope: &Scope, text: &str, amount: Option<i64>) -> Result<Prediction, ServerError> {
    let text = description(text)?;
    let model = state.categorizer();
    let mut prediction = Prediction {
        merchant: Pattern::parse(&merchant_key(&text)).map_or_else(|_| String::new(), |pattern| pattern.to_string()),
        ..Prediction::default()
    };
    state.store.read(|tx| {
        let known = Known::read(tx, scope)?;
        for (kept, guess) in known.predict(tx, scope, model, &text, amount)? {
            if prediction.choices.is_empty() {
                prediction.source = Some(guess.source);
                prediction.because = guess.because;
            }
            prediction.choices.push(Choice {
                category_id: kept.category.id,
                category: kept.category.name.clone(),
                confidence: guess.confidence.min(100),
            });
        }
        Ok(())
    })?;
    Ok(prediction)
}

async fn place(
    state: &AppState,
    scope: &Scope,
    description: &str,
    amount: Option<i64>,
) -> Result<(Placing, Option<Note>), ServerError> {
    let prediction = advised(state, scope, description, amount, Duration::ZERO).await?;
    let placing = match (prediction.choices.first(), prediction.source) {
        (Some(best), Some(source)) if best.confidence >= LEAST_CONFIDENCE => Placing {
            category: Some(best.category_id),
            source,
            confidence: best.confidence,
        },
        _ => Placing::NONE,
    };
    Ok((placing, prediction.note))
}

/// Checks a new rule and returns its words.
pub fn rule(request: &NewRule) -> Result<Pattern, ServerError> {
    if request.id.is_nil() {
        return Err(ServerError::field("id", "Make an id for each new rule."));
    }
    pattern(&request.pattern)
}

/// Checks the words of a rule.
fn pattern(text: &str) -> Result<Pattern, ServerError> {
    let text = clean(text, MAX_DESCRIPTION).map_err(|e| ServerError::field("pattern", e))?;
    Pattern::parse(&text).map_err(|e| ServerError::field("pattern", e))
}

/// Checks a change of a rule.
pub fn rule_change(patch: &RulePatch) -> Result<rules::Change, ServerError> {
    Ok(rules::Change {
        pattern: patch.pattern.as_deref().map(pattern).transpose()?,
        category: patch.category_id,
    })
}

/// Checks a description and returns it as it is stored.
pub fn description(text: &str) -> Result<String, ServerError> {
    clean(text, MAX_DESCRIPTION).map_err(|e| ServerError::field("description", e))
}

/// Checks a new category.
pub fn category(request: &NewCategory) -> Result<NewCategory, ServerError> {
    if request.id.is_nil() {
        return Err(ServerError::field("id", "Make a UUIDv7 for each new category."));
    }
    let name = category_name(&request.name)?;
    Ok(NewCategory {
        name,
        ..request.clone()
    })
}

/// Checks a change of a category.
pub fn category_change(patch: &CategoryPatch) -> Result<categories::Change, ServerError> {
    let in_range = |rules: AlertRules| rules.near_percent.is_none_or(|percent| (1..=99).contains(&percent));
    if patch.alert_at.is_some_and(|rules| !in_range(rules)) {
        return Err(ServerError::field(
            "alert_at",
            "near_percent is 1 to 99, or null for never.",
        ));
    }
    Ok(categories::Change {
        name: patch.name.as_deref().map(category_name).transpose()?,
        kind: patch.kind,
        alert_at: patch.alert_at,
        carry_over: patch.carry_over,
        hidden: patch.hidden,
    })
}

fn category_name(name: &str) -> Result<String, ServerError> {
    clean(name, MAX_CATEGORY_NAME).map_err(|e| ServerError::field("name", e))
}

/// Checks who is said to have chosen a category before.
fn placed_by(category: Option<Uuid>, by: Option<PlacedBy>) -> Result<(), ServerError> {
    let Some(by) = by else {
        return Ok(());
    };
    let wrong = if category.is_none() {
        "Send the category_id that it is about, or leave it out."
    } else if by.category_source == CategorySource::None {
        "Somebody chose the category: category_source cannot be none."
    } else if by.confidence > 100 {
        "The confidence is 0 to 100 percent."
    } else {
        return Ok(());
    };
    Err(ServerError::field("placed_by", wrong))
}

/// Checks how many expenses a step changes, and what it says of them.
pub fn bulk(step: Bulk) -> Result<Bulk, ServerError> {
    let (field, count) = match &step {
        Bulk::Delete { ids } | Bulk::Restore { ids } => ("ids", ids.len()),
        Bulk::Place { places } => ("places", places.len()),
    };
    if !(1..=bulk::MAX_BULK).contains(&count) {
        return Err(ServerError::field(
            field,
            format!("Send 1 to {} expenses at a time.", bulk::MAX_BULK),
        ));
    }
    if let Bulk::Place { places } = &step {
        for place in places {
            base(place.base_revision)?;
            placed_by(place.category_id, place.placed_by)?;
        }
    }
    Ok(step)
}

/// Checks the revision that a change is based on.
pub fn base(revision: Option<i64>) -> Result<Option<i64>, ServerError> {
    if revision.is_some_and(|revision| revision < 0) {
        return Err(ServerError::field(
            "base_revision",
            "A base_revision is zero or more: the revision that came with what is changed.",
        ));
    }
    Ok(revision)
}

/// Checks the day until which alerts are kept quiet.
pub fn snooze(scope: &Scope, until: Date) -> Result<Date, ServerError> {
    if until <= scope.today {
        return Err(ServerError::field("until", "Choose a day after today."));
    }
    days::check(until, scope.today).map_err(|e| ServerError::field("until", e))
}

/// Checks what is moved from one limit to another: more than zero.
pub fn amount(scope: &Scope, minor: i64) -> Result<i64, ServerError> {
    checked(scope, minor)
        .and_then(Money::positive)
        .map(|money| money.minor)
        .map_err(|e| ServerError::field("amount_minor", e))
}

/// Checks a limit: zero or more.
pub fn limit(scope: &Scope, minor: i64) -> Result<i64, ServerError> {
    if minor < 0 {
        return Err(ServerError::field("limit_minor", "A limit is zero or more."));
    }
    checked(scope, minor)
        .map(|money| money.minor)
        .map_err(|e| ServerError::field("limit_minor", e))
}

fn checked(scope: &Scope, minor: i64) -> Result<Money, crate::domain::money::MoneyError> {
    Money::new(minor, scope.currency).within_limits()
}

fn day(scope: &Scope, day: Date) -> Result<Date, ServerError> {
    let first = Month::from_index(0).first_day();
    let last = Month::of(scope.today).plus(YEARS_AHEAD * 12).last_day();
    if (first..=last).contains(&day) {
        Ok(day)
    } else {
        Err(ServerError::field(
            "day",
            format!("The day must lie between {first} and {last}."),
        ))
    }
}
