//! The month's limits: see, set, clear.

use tui_input::Input;
use uuid::Uuid;

use super::changes;
use super::effect::Effect;
use super::keymap::Action;
use super::list::List;
use super::model::Model;
use super::update::{refuse, unsupported};
use crate::api::{CategorySummary, Dialect};
use crate::domain::{Currency, Money};

mod view;
pub(super) use view::view;

#[derive(Clone, Debug, Default)]
pub(super) struct Budgets {
    list: List,
    edit: Option<Edit>,
}

#[derive(Clone, Debug)]
struct Edit {
    category_id: Uuid,
    input: Input,
    /// The revision of the numbers that were on the screen when the typing began.
    seen: Option<i64>,
    error: Option<String>,
}

impl Budgets {
    pub(super) fn editing(&self) -> bool {
        self.edit.is_some()
    }

    /// Whether a limit was typed that would be lost.
    pub(super) fn has_text(&self) -> bool {
        self.edit.as_ref().is_some_and(|edit| !edit.input.value().is_empty())
    }
}

/// Every category that is spending, in display order.
fn rows(model: &Model) -> impl Iterator<Item = &CategorySummary> {
    model.categories().iter().filter(|c| c.category.kind.is_spending())
}

fn ids(model: &Model) -> Vec<Uuid> {
    rows(model).map(|c| c.category.id).collect()
}

/// Keeps the cursor on its row, and in sight.
pub(super) fn settle(model: &mut Model) {
    let (ids, height) = (ids(model), view::list_height(model));
    let list = &mut model.budgets.list;
    if let Some(edit) = &model.budgets.edit {
        list.id = Some(edit.category_id);
    }
    list.settle(&ids, height);
}

/// Begins to change the limit of one category.
pub(super) fn edit(model: &mut Model, category_id: Uuid) -> Vec<Effect> {
    if model.dialect == Dialect::Classic {
        return unsupported(model, "setting a limit");
    }
    if !ids(model).contains(&category_id) {
        return refuse(model, "This category takes no limit: its money is not spent.");
    }
    model.budgets.edit = Some(Edit {
        category_id,
        input: Input::default(),
        seen: model.data.summary.as_ref().map(|summary| summary.revision),
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
    match action {
        Action::EditLimit => match model.budgets.list.id {
            Some(id) => return edit(model, id),
            None => return refuse(model, "There is no category here yet."),
        },
        Action::ClearLimit => return clear(model),
        Action::Cancel => model.budgets.edit = None,
        Action::Submit => return submit(model),
        _ => {
            let (ids, height) = (ids(model), view::list_height(model));
            model.budgets.list.go(action, &ids, height);
        }
    }
    Vec::new()
}

fn clear(model: &mut Model) -> Vec<Effect> {
    if model.dialect == Dialect::Classic {
        return unsupported(model, "clearing a limit");
    }
    let selected = rows(model).nth(model.budgets.list.selected);
    match selected.map(|c| (c.category.id, c.limit_minor)) {
        Some((id, Some(_))) => changes::set_limit(model, id, None, None),
        _ => refuse(model, "There is no limit to clear here."),
    }
}

fn submit(model: &mut Model) -> Vec<Effect> {
    let (currency, awaited) = (model.currency(), model.awaited_month());
    let Some(edit) = &mut model.budgets.edit else {
        return Vec::new();
    };
    if edit.input.value().trim().is_empty() {
        model.budgets.edit = None;
        return Vec::new();
    }
    let id = edit.category_id;
    let categories = model.data.summary.iter().flat_map(|s| &s.categories);
    let old = categories.filter(|c| c.category.id == id).find_map(|c| c.limit_minor);
    match new_limit(edit.input.value(), old, currency) {
        Ok(_) if awaited.is_some() => {
            edit.error = awaited.map(|month| format!("{} is still loading.", month.long_name()));
            Vec::new()
        }
        Ok(limit) => {
            let seen = edit.seen;
            model.budgets.edit = None;
            if old == Some(limit) {
                return refuse(model, "The limit is this already.");
            }
            changes::set_limit(model, id, Some(limit), seen)
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
        Some(_) if relative && old.is_none() => {
            return Err("There is no limit to change yet. Type an amount.".to_owned());
        }
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
        assert!(read("-10%", None).is_err());
        assert_eq!(read("0", None), Ok(0));
        assert!(read("-200", Some(12_000)).is_err());
        assert!(read("lots", None).is_err());
        assert!(read("+x%", Some(1)).is_err());
    }
}
