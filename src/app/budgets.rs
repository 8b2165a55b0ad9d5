//! The month's limits: see, set, clear.

use tui_input::Input;
use uuid::Uuid;

use super::changes;
use super::effect::Effect;
use super::keymap::Action;
use super::model::{Model, Tone};
use super::update::say;
use crate::api::{CategorySummary, Dialect, Failure};
use crate::domain::{Currency, Money};
use crate::ui::scroll;

mod view;
pub(super) use view::view;

#[derive(Clone, Debug, Default)]
pub(super) struct Budgets {
    selected: usize,
    offset: usize,
    edit: Option<Edit>,
}

#[derive(Clone, Debug)]
struct Edit {
    category_id: Uuid,
    input: Input,
    error: Option<String>,
}

impl Budgets {
    pub(super) fn editing(&self) -> bool {
        self.edit.is_some()
    }
}

/// Every category that is spending, in display order.
fn rows(model: &Model) -> impl Iterator<Item = &CategorySummary> {
    model.categories().iter().filter(|c| c.category.kind.is_spending())
}

fn selected(model: &Model) -> Option<&CategorySummary> {
    rows(model).nth(model.budgets.selected)
}

fn select(model: &mut Model, at: usize) {
    let (len, height) = (rows(model).count(), view::list_height(model));
    let list = &mut model.budgets;
    list.selected = at.min(len.saturating_sub(1));
    list.offset = scroll::window(list.selected, list.offset, len, height);
}

/// Begins to change the limit of one category.
pub(super) fn edit(model: &mut Model, category_id: Uuid) -> Vec<Effect> {
    if model.dialect == Dialect::Classic {
        return vec![say(
            model,
            Tone::Warn,
            Failure::Unsupported("setting a limit").to_string(),
            false,
        )];
    }
    let Some(at) = rows(model).position(|c| c.category.id == category_id) else {
        return Vec::new();
    };
    select(model, at);
    model.budgets.edit = Some(Edit {
        category_id,
        input: Input::default(),
        error: None,
    });
    Vec::new()
}

pub(super) fn on_typed(model: &mut Model, change: impl FnOnce(&mut Input) -> bool) -> Vec<Effect> {
    if let Some(edit) = &mut model.budgets.edit
        && change(&mut edit.input)
    {
        edit.error = None;
    }
    Vec::new()
}

pub(super) fn on_action(model: &mut Model, action: Action) -> Vec<Effect> {
    let (at, page) = (model.budgets.selected, view::list_height(model).max(2) / 2);
    match action {
        Action::Down => select(model, at + 1),
        Action::Up => select(model, at.saturating_sub(1)),
        Action::PageDown => select(model, at + page),
        Action::PageUp => select(model, at.saturating_sub(page)),
        Action::First => select(model, 0),
        Action::Last => select(model, usize::MAX),
        Action::EditLimit => {
            if let Some(id) = selected(model).map(|c| c.category.id) {
                return edit(model, id);
            }
        }
        Action::ClearLimit => return clear(model),
        Action::Cancel => model.budgets.edit = None,
        Action::Submit => return submit(model),
        _ => {}
    }
    Vec::new()
}

fn clear(model: &mut Model) -> Vec<Effect> {
    if model.dialect == Dialect::Classic {
        return vec![say(
            model,
            Tone::Warn,
            Failure::Unsupported("clearing a limit").to_string(),
            false,
        )];
    }
    match selected(model).map(|c| (c.category.id, c.limit_minor.is_some())) {
        Some((id, true)) => changes::set_limit(model, id, None),
        Some((_, false)) => vec![say(model, Tone::Warn, "There is no limit to clear here.", false)],
        None => Vec::new(),
    }
}

fn submit(model: &mut Model) -> Vec<Effect> {
    let currency = model.currency();
    let Some(edit) = &mut model.budgets.edit else {
        return Vec::new();
    };
    if edit.input.value().trim().is_empty() {
        model.budgets.edit = None;
        return Vec::new();
    }
    let id = edit.category_id;
    let old = model
        .data
        .summary
        .iter()
        .flat_map(|s| &s.categories)
        .find(|c| c.category.id == id)
        .and_then(|c| c.limit_minor);
    match new_limit(edit.input.value(), old, currency) {
        Ok(limit) => {
            model.budgets.edit = None;
            changes::set_limit(model, id, Some(limit))
        }
        Err(why) => {
            edit.error = Some(why);
            Vec::new()
        }
    }
}

/// Reads `150`, or a change of the old limit: `+30`, `-30`, `+10%`, `-10%`.
fn new_limit(text: &str, old: Option<i64>, currency: Currency) -> Result<i64, String> {
    let text = text.trim();
    let relative = text.starts_with(['+', '-']);
    let amount = match text.strip_suffix('%') {
        Some(percent) if relative => {
            let percent: i64 = percent
                .trim()
                .parse()
                .map_err(|_| format!("\"{text}\" is not a percentage. Write +10% or -10%."))?;
            i64::try_from(i128::from(old.unwrap_or(0)) * i128::from(percent) / 100)
                .map_err(|_| "This is too large.".to_owned())?
        }
        _ => Money::parse(text, currency).map_err(|e| e.to_string())?.minor,
    };
    let limit = if relative {
        old.unwrap_or(0).checked_add(amount)
    } else {
        Some(amount)
    };
    match limit {
        Some(limit) if limit >= 0 => Ok(limit),
        Some(_) => Err("A limit cannot fall below zero.".to_owned()),
        None => Err("This is too large.".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_is_an_amount_or_a_change() {
        let read = |text, old| new_limit(text, old, Currency::USD);
        assert_eq!(read("150", Some(12_000)), Ok(15_000));
        assert_eq!(read("+30", Some(12_000)), Ok(15_000));
        assert_eq!(read("-10%", Some(12_000)), Ok(10_800));
        assert_eq!(read("+30", None), Ok(3000));
        assert_eq!(read("0", None), Ok(0));
        assert!(read("-200", Some(12_000)).is_err());
        assert!(read("lots", None).is_err());
        assert!(read("+x%", Some(1)).is_err());
    }
}
