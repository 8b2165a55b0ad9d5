//! The focused field: pastes and letters go there.

use tui_input::Input;

use super::effect::Effect;
use super::keymap::Focus;
use super::model::{Model, Screen};
use super::msg::Stamp;
use super::update::focus;
use super::view::is_one_line;
use super::{add_expense, budgets, chooser, expenses, help, leave, login, move_money, palette};

/// The longest text of a field, in characters; more is not typed by anybody.
const MAX_FIELD: usize = 1024;

/// Takes a paste into the focused field; outside of fields it may be an expense.
pub(super) fn paste(model: &mut Model, text: &str, stamp: Stamp) -> Vec<Effect> {
    leave::stay(model);
    let text: String = text.chars().take(4 * MAX_FIELD).collect();
    if text.trim().is_empty() || focus(model) == Focus::Question || is_one_line(model.size) {
        return Vec::new();
    }
    if !focus(model).takes_text() {
        let mut lines = text.lines().map(one_line).filter(|line| !line.trim().is_empty());
        let first = lines.next().map(|line| line.trim().chars().take(MAX_FIELD).collect());
        let more = lines.next().is_some();
        return first.map_or_else(Vec::new, |line| add_expense::open_pasted(model, line, more, stamp));
    }
    let line = one_line(&text);
    with(model, |field| {
        let before = field.value();
        let room = MAX_FIELD.saturating_sub(before.chars().count());
        let head: String = before.chars().take(field.cursor()).collect();
        let pasted: String = line.chars().take(room).collect();
        let cursor = field.cursor() + pasted.chars().count();
        *field = Input::new(format!("{head}{pasted}{}", &before[head.len()..])).with_cursor(cursor);
        true
    })
}

/// A field is one line: line breaks and tabs of a pasted text become spaces, other controls go.
fn one_line(text: &str) -> String {
    text.chars()
        .map(|c| if matches!(c, '\n' | '\r' | '\t') { ' ' } else { c })
        .filter(|c| !c.is_control())
        .collect()
}

/// Lets `edit` change the focused field and tells the screen when its text changed.
pub(super) fn with(model: &mut Model, edit: impl FnOnce(&mut Input) -> bool) -> Vec<Effect> {
    if model.palette.is_some() {
        return palette::on_typed(model, edit);
    }
    if model.help.is_some() {
        return help::on_typed(model, edit);
    }
    if model.chooser.is_some() {
        return chooser::on_typed(model, edit);
    }
    if let Some(form) = &mut model.form {
        let changed = form.focused_input().is_some_and(edit);
        return if changed {
            add_expense::on_typed(model)
        } else {
            Vec::new()
        };
    }
    if model.moving.is_some() {
        return move_money::on_typed(model, edit);
    }
    match model.screen {
        Screen::LogIn => login::on_typed(model, edit),
        Screen::Budgets => budgets::on_typed(model, edit),
        Screen::Expenses => expenses::on_typed(model, edit),
        Screen::Overview | Screen::Alerts => Vec::new(),
    }
}
