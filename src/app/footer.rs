//! Which keys the footer promises: those that do something here, the most needed ones in any width.

use crossterm::event::KeyCode;

use super::add_expense::Form;
use super::history::Way;
use super::keymap::{Action, Binding, Chord, Scope};
use super::model::{Model, Screen};
use super::update::{focus, focus_under_overlays};
use super::{alerts, budgets, expenses, overview, question, review, sessions};
use crate::api::Dialect;
use crate::ui::{Skin, text};

/// The bindings with a hint that work right now, in the order of the footer.
fn bindings(model: &Model) -> Vec<Binding> {
    let mut found: Vec<Binding> = Vec::new();
    for binding in model.settings.keys.reached(focus(model).scopes()) {
        let twice = found.iter().any(|b| b.action == binding.action);
        if binding.hint.is_some() && !twice && works(model, binding.action) && is_worth_a_hint(model, binding.action) {
            found.push(binding);
        }
    }
    found.sort_by_key(|binding| place(binding.action));
    found
}

/// Keys and their words, as many as fit into `width`: first the most needed ones, then the others in order.
pub(super) fn hints(model: &Model, width: u16) -> Vec<(String, &'static str)> {
    let skin = model.skin();
    let mut room = width;
    let mut kept = Vec::new();
    let bindings = bindings(model);
    for needed in [true, false] {
        for (at, binding) in bindings.iter().enumerate() {
            let (Some(key), Some(words)) = (binding.keys.first(), binding.hint) else {
                continue;
            };
            let label = key_label(*key, skin);
            let columns = text::width(&label) + text::width(words) + 3;
            if is_needed(binding.action) == needed && columns <= room {
                room -= columns;
                kept.push((at, (label, words)));
            }
        }
    }
    kept.sort_by_key(|(at, _)| *at);
    kept.into_iter().map(|(_, hint)| hint).collect()
}

/// The key of an action in one scope as it is written on this terminal; empty when the user took it away.
pub(super) fn key_of(model: &Model, scope: Scope, action: Action) -> String {
    let chord = model.settings.keys.key(&[scope], action);
    chord.map_or(String::new(), |chord| key_label(chord, model.skin()))
}

/// The key that does something, as a sentence names it: on the present screen, or wherever there is one.
pub(super) fn key_name(model: &Model, action: Action) -> String {
    let keys = &model.settings.keys;
    let here = focus_under_overlays(model).scopes();
    let anywhere = || {
        keys.bindings()
            .iter()
            .filter(|b| b.action == action)
            .find_map(|b| b.keys.first())
    };
    match keys.key(here, action).or_else(|| anywhere().copied()) {
        Some(key) => key_label(key, model.skin()),
        // The palette has it all the same.
        None => "the palette".to_owned(),
    }
}

/// A key as it is written on this terminal.
pub(super) fn key_label(chord: Chord, skin: &Skin) -> String {
    let arrow = match chord.code {
        KeyCode::Up => "Up",
        KeyCode::Down => "Down",
        KeyCode::Left => "Left",
        KeyCode::Right => "Right",
        _ => return chord.label(),
    };
    if skin.glyphs.arrow.is_ascii() {
        arrow.to_owned()
    } else {
        chord.label()
    }
}

fn place(action: Action) -> u8 {
    match action {
        Action::Add | Action::Submit | Action::KeepFilter => 0,
        // Hinted at only where they lead back to the present.
        Action::ThisMonth | Action::NextMonth => 1,
        Action::Help | Action::Quit => 3,
        _ => 2,
    }
}

/// What works but seldom leads anywhere is left to the help.
fn is_worth_a_hint(model: &Model, action: Action) -> bool {
    match action {
        Action::NextMonth => model.wanted_month() < model.current_month(),
        _ => true,
    }
}

/// Without these nobody finds the way on or out.
fn is_needed(action: Action) -> bool {
    matches!(
        action,
        Action::Add
            | Action::Submit
            | Action::Cancel
            | Action::KeepFilter
            | Action::ClearFilter
            | Action::Help
            | Action::Quit
    )
}

/// Keys that do nothing right now are not promised.
pub(super) fn works(model: &Model, action: Action) -> bool {
    let classic = model.dialect == Dialect::Classic;
    let busy = model.pending.session.is_some() || model.form.as_deref().is_some_and(Form::is_sending);
    match action {
        Action::Cancel | Action::Help | Action::Quit => true,
        _ if let Some(question) = question::in_front(model) => question::knows(question, action),
        _ if busy && (model.form.is_some() || model.screen == Screen::LogIn) => false,
        Action::Discard => model.form.as_deref().is_some_and(Form::is_draft),
        Action::SubmitAndNew => model.form.as_deref().is_some_and(|form| form.edited().is_none()),
        Action::Demo => model.settings.demo,
        Action::PreviousMonth | Action::NextMonth | Action::Filter | Action::NextChoice => !classic,
        Action::TakeFirst => review::offers(model) > 0,
        Action::TakeSecond => review::offers(model) > 1,
        Action::TakeThird => review::offers(model) > 2,
        Action::Skip => review::current(model).is_some(),
        Action::Always if model.review.is_some() => review::offers_rule(model),
        Action::Categorise if model.review.is_some() => review::current(model).is_some(),
        Action::Undo if model.review.is_some() => model.history.has(Way::Back),
        Action::EditExpense
        | Action::DeleteExpense
        | Action::Categorise
        | Action::Copy
        | Action::WhatItWas
        | Action::Mark => !classic && expenses::has_selection(model),
        Action::NextMatch | Action::PreviousMatch => expenses::has_matches(model),
        Action::TakeHint => expenses::suggestion(model).is_some(),
        Action::Review => review::is_worth_it(model),
        Action::MarkRead => !classic && alerts::selection_is_new(model),
        Action::Snooze | Action::FilterAlerts => !classic && !model.data.alerts.is_empty(),
        Action::MoveMoney if model.screen == Screen::Alerts => !classic && alerts::has_selection(model),
        Action::TakeSuggestion => !classic && budgets::has_suggestion(model),
        Action::SaveAll => budgets::has_drafts(model),
        Action::MoveMoney | Action::NewCategory | Action::Rename | Action::EditRules => {
            !classic && model.data.summary.is_some()
        }
        Action::EndSession | Action::EndOthers => sessions::can_end(model, action),
        Action::MarkAllRead => !classic && model.data.alerts.iter().any(|alert| !alert.read),
        Action::EditLimit if model.screen == Screen::Overview => !classic && overview::has_category(model),
        Action::EditLimit | Action::ClearLimit => !classic && model.data.summary.is_some(),
        Action::Open => match model.screen {
            Screen::Overview => overview::can_open(model),
            _ => !classic && !model.data.alerts.is_empty(),
        },
        Action::Undo => !classic && model.history.has(Way::Back),
        Action::Redo => !classic && model.history.has(Way::Again),
        Action::ThisMonth => model.month.is_some(),
        Action::ClearFilter => !model.expenses.filter.value().is_empty(),
        Action::SaveChart => model.data.summary.is_some(),
        Action::NextPane => overview::has_panes(model),
        _ => true,
    }
}
