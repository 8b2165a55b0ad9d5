//! What it was: values of expenses and limits that gave way to changes that had not seen them. Told once when they
//! arrive, and listed for the expense under the cursor.

use uuid::Uuid;

use super::effect::{Call, Effect, Slot};
use super::expenses;
use super::keymap::Action;
use super::model::Model;
use super::question::Question;
use super::{footer, toast, update};
use crate::api::{Dialect, Expense, Failure, HistoryRow, Replaced};
use crate::domain::Money;

/// Rows of the list; older ones are counted.
pub(super) const MOST: usize = 8;

/// The list over the screen.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Was {
    pub expense: Expense,
    request: u64,
    /// What gave way, newest first; none while it is asked for.
    pub rows: Option<Result<Vec<HistoryRow>, String>>,
}

/// `w`: asks what gave way in the expense under the cursor.
pub(super) fn open(model: &mut Model) -> Vec<Effect> {
    if model.dialect == Dialect::Classic {
        return toast::unsupported(model, "showing what an expense was");
    }
    let Some(expense) = expenses::selected(model).cloned() else {
        return toast::refuse(model, "There is no expense here.");
    };
    let (request, effect) = update::call(model, Slot::History, Call::History(expense.id));
    let rows = None;
    model.questions.push_back(Question::was(Was { expense, request, rows }));
    vec![effect]
}

/// The answer is here; nobody may wait for it any more.
pub(super) fn arrived(model: &mut Model, request: u64, result: Result<Vec<HistoryRow>, Failure>) -> Vec<Effect> {
    let mut lists = model.questions.iter_mut().filter_map(Question::as_was);
    if let Some(was) = lists.find(|was| was.request == request) {
        was.rows = Some(result.map_err(|failure| failure.to_string()));
    }
    Vec::new()
}

/// One value in words: `Amount`, `$14.00`, `$12.00`.
#[derive(PartialEq, Eq, Debug)]
pub(super) struct Words {
    pub name: &'static str,
    pub now: String,
    pub was: String,
}

pub(super) fn words(model: &Model, change: &Replaced) -> Words {
    let money = |minor: i64| Money::new(minor, model.currency()).to_string();
    let limit = |minor: Option<i64>| {
        let words = |minor| Money::new(minor, model.currency()).short_symbol();
        minor.map_or("none".to_owned(), words)
    };
    let day = |day| model.locale().day(day, "%-d %b %Y");
    let category = |id: Option<Uuid>| match (id, model.category_name(id)) {
        (_, Some(name)) => name.to_owned(),
        (None, None) => "none".to_owned(),
        (Some(_), None) => "another".to_owned(),
    };
    let (name, now, was) = match change {
        Replaced::Day { was, now } => ("Date", day(*now), day(*was)),
        Replaced::Description { was, now } => ("Description", now.clone(), was.clone()),
        Replaced::AmountMinor { was, now } => ("Amount", money(*now), money(*was)),
        Replaced::CategoryId { was, now } => ("Category", category(*now), category(*was)),
        Replaced::LimitMinor { was, now, .. } => ("Limit", limit(*now), limit(*was)),
    };
    Words { name, now, was }
}

/// What to say of values that gave way elsewhere; what came of this user's own changes is known.
pub(super) fn news(model: &Model, rows: &[HistoryRow]) -> Option<String> {
    let elsewhere: Vec<&HistoryRow> = rows.iter().filter(|row| !is_own(model, row)).collect();
    let (first, rest) = elsewhere.split_first()?;
    let Words { name, now, was } = words(model, &first.change);
    let name = name.to_lowercase();
    let subject = match (&first.change, first.expense_id) {
        (Replaced::LimitMinor { category_id, .. }, _) => model.category_name(Some(*category_id)),
        (_, Some(id)) => expenses::at_hand(model)
            .find(|row| row.id == id)
            .map(|row| row.description.as_str()),
        _ => None,
    };
    let subject = subject.unwrap_or("An expense");
    let more = match rest.len() {
        0 => String::new(),
        more => format!(" And {more} more."),
    };
    let is_listed = expenses::at_hand(model).any(|row| Some(row.id) == first.expense_id);
    let key = if is_listed {
        let (list, key) = (
            footer::key_name(model, Action::ShowExpenses),
            footer::key_name(model, Action::WhatItWas),
        );
        format!(" {key} on it in {list} Expenses tells more.")
    } else {
        String::new()
    };
    Some(format!("{subject}: {name} is {now} now, not {was}.{more}{key}"))
}

fn is_own(model: &Model, row: &HistoryRow) -> bool {
    match &row.change {
        Replaced::LimitMinor {
            category_id,
            month,
            now,
            ..
        } => model.history.has_set(*month, *category_id, *now),
        _ => model.data.own.contains(&row.revision),
    }
}
