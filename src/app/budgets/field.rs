//! The text field that is open in the list: a limit, a name, or what is worth an alert.

use tui_input::Input;
use uuid::Uuid;

use super::{categories, drafts, find, rows};
use crate::app::effect::Effect;
use crate::app::footer::key_of;
use crate::app::keymap::{Action, Focus, Scope};
use crate::app::model::Model;
use crate::app::toast::Offer;
use crate::app::update::refuse;
use crate::domain::Kind;

/// The open field. The text of a limit is in its draft, so that it stays when the field closes.
#[derive(Clone, Debug)]
pub(in crate::app) enum Field {
    Limit {
        category_id: Uuid,
        /// The text is a proposal: what is typed takes its place.
        proposed: bool,
        error: Option<String>,
    },
    Text {
        what: What,
        input: Input,
        /// The text that the field began with.
        began: String,
        error: Option<String>,
    },
}

/// What a text is about.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::app) enum What {
    /// A new name for this category.
    Name(Uuid),
    /// What the user is told about this category.
    Rules(Uuid),
    /// The name of a new category, which gets this id and kind.
    New(Uuid, Kind),
}

impl Field {
    pub(super) fn focus(&self) -> Focus {
        match self {
            Self::Limit { .. } => Focus::LimitField,
            Self::Text { what, .. } => match what {
                What::Name(_) => Focus::NameField,
                What::New(..) => Focus::CategoryField,
                What::Rules(_) => Focus::RulesField,
            },
        }
    }

    /// The row it stands in, if it has one.
    pub(super) fn category(&self) -> Option<Uuid> {
        match self {
            Self::Limit { category_id, .. } => Some(*category_id),
            Self::Text { what, .. } => match what {
                What::Name(id) | What::Rules(id) => Some(*id),
                What::New(..) => None,
            },
        }
    }

    /// Whether it holds a text that would be lost; that of a limit is in its draft.
    pub(super) fn has_text(&self) -> bool {
        matches!(self, Self::Text { input, began, .. } if input.value() != began)
    }

    pub(super) fn error(&self) -> Option<&str> {
        let (Self::Limit { error, .. } | Self::Text { error, .. }) = self;
        error.as_deref()
    }
}

/// Opens the field of a limit, with a proposal or with what was typed before.
pub(super) fn open_limit(model: &mut Model, category_id: Uuid, proposal: Option<String>) -> Vec<Effect> {
    if find(model, category_id).is_some_and(|row| !row.category.kind.is_spending()) {
        return refuse(model, "This category takes no limit: its money is not spent.");
    }
    match find(model, category_id) {
        None => return refuse(model, "There is no such category any more."),
        Some(row) if row.category.hidden => {
            let key = key_of(model, Scope::Budgets, Action::HideCategory);
            let words = format!(
                "{} is hidden: {key} shows it again, then it takes a limit.",
                row.category.name
            );
            return refuse(model, words);
        }
        Some(_) => {}
    }
    let typed_before = drafts::of(model, category_id).is_some_and(|draft| !draft.is_empty());
    let proposal = proposal.filter(|_| !typed_before);
    if !typed_before {
        drafts::write(model, category_id, proposal.as_deref().unwrap_or_default());
    }
    make_way(model);
    model.budgets.field = Some(Field::Limit {
        category_id,
        proposed: proposal.is_some(),
        error: None,
    });
    Vec::new()
}

/// Opens the field of a limit that cannot be read, with the reason.
pub(super) fn complain(model: &mut Model, category_id: Uuid, why: String) {
    model.budgets.field = Some(Field::Limit {
        category_id,
        proposed: false,
        error: Some(why),
    });
}

/// The event line is for what is typed now: a remark about an earlier key goes.
fn make_way(model: &mut Model) {
    model.toast.take_if(|toast| toast.offer == Offer::Nothing);
}

fn open_text(model: &mut Model, what: What, text: String) -> Vec<Effect> {
    make_way(model);
    model.budgets.field = Some(Field::Text {
        what,
        input: Input::new(text.clone()),
        began: text,
        error: None,
    });
    Vec::new()
}

pub(super) fn open_rules(model: &mut Model, category_id: Uuid) -> Vec<Effect> {
    match find(model, category_id).map(|row| (row.category.kind, row.category.alert_at)) {
        Some((kind, rules)) if kind.is_spending() => open_text(model, What::Rules(category_id), rules.to_string()),
        Some(_) => refuse(model, "This category takes no limit, so there is nothing to alert of."),
        None => refuse(model, "There is no such category any more."),
    }
}

pub(super) fn open_name(model: &mut Model, category_id: Uuid) -> Vec<Effect> {
    match find(model, category_id).map(|row| row.category.name.clone()) {
        Some(name) => open_text(model, What::Name(category_id), name),
        None => Vec::new(),
    }
}

pub(super) fn open_new(model: &mut Model, id: Uuid) -> Vec<Effect> {
    open_text(model, What::New(id, Kind::Flexible), String::new())
}

/// A text that was refused comes back, unless something else is being typed.
pub(super) fn reopen(model: &mut Model, what: What, text: String, began: String, why: String) {
    if model.budgets.field.is_none() {
        model.budgets.field = Some(Field::Text {
            what,
            input: Input::new(text),
            began,
            error: Some(why),
        });
    }
}

pub(super) fn on_typed(model: &mut Model, change: impl FnOnce(&mut Input) -> bool) {
    match &mut model.budgets.field {
        None => {}
        Some(Field::Text { input, error, .. }) => {
            let changed = change(input);
            error.take_if(|_| changed);
        }
        Some(Field::Limit { category_id, .. }) => {
            let id = *category_id;
            let Some(draft) = drafts::of_mut(model, id) else { return };
            let before = draft.input.clone();
            let changed = change(&mut draft.input);
            let moved = draft.input.cursor() != before.cursor();
            if let Some(Field::Limit { proposed, error, .. }) = &mut model.budgets.field {
                error.take_if(|_| changed);
                if (changed || moved) && std::mem::take(proposed) {
                    type_over(model, id, before.value());
                }
            }
        }
    }
}

/// Leaves of a text what was typed behind a proposal.
fn type_over(model: &mut Model, category_id: Uuid, proposal: &str) {
    let Some(draft) = drafts::of_mut(model, category_id) else {
        return;
    };
    let typed = draft
        .input
        .value()
        .strip_prefix(proposal)
        .filter(|typed| !typed.is_empty());
    if let Some(typed) = typed.map(str::to_owned) {
        draft.input = Input::new(typed);
    }
}

pub(super) fn on_action(model: &mut Model, action: Action) -> Vec<Effect> {
    match &model.budgets.field {
        Some(Field::Limit { category_id, .. }) => {
            let id = *category_id;
            on_limit(model, action, id)
        }
        Some(Field::Text { .. }) => on_text(model, action),
        None => Vec::new(),
    }
}

fn on_limit(model: &mut Model, action: Action, id: Uuid) -> Vec<Effect> {
    match action {
        Action::Submit if drafts::of(model, id).is_none_or(drafts::Draft::is_empty) => close_limit(model, id),
        Action::Submit => {
            if let Some(month) = model.awaited_month() {
                complain(model, id, format!("{} is still loading.", month.long_name()));
                return Vec::new();
            }
            drafts::save(model, id)
        }
        Action::Cancel => {
            drafts::forget(model, id);
            close_limit(model, id)
        }
        Action::SaveAll => {
            close_limit(model, id);
            drafts::save_all(model)
        }
        Action::Down | Action::Up => {
            close_limit(model, id);
            match neighbour(model, id, action) {
                Some(next) => open_limit(model, next, None),
                None => open_limit(model, id, None),
            }
        }
        _ => Vec::new(),
    }
}

/// Closes the field; a draft without text goes.
fn close_limit(model: &mut Model, id: Uuid) -> Vec<Effect> {
    model.budgets.field = None;
    if drafts::of(model, id).is_some_and(drafts::Draft::is_empty) {
        drafts::forget(model, id);
    }
    Vec::new()
}

/// The next row that takes a limit.
fn neighbour(model: &Model, id: Uuid, action: Action) -> Option<Uuid> {
    let spending = rows(model).filter(|row| row.category.kind.is_spending() && !row.category.hidden);
    let ids: Vec<Uuid> = spending.map(|row| row.category.id).collect();
    let at = ids.iter().position(|other| *other == id)?;
    let next = if action == Action::Down {
        at + 1
    } else {
        at.checked_sub(1)?
    };
    ids.get(next).copied()
}

fn on_text(model: &mut Model, action: Action) -> Vec<Effect> {
    match action {
        Action::Cancel => model.budgets.field = None,
        Action::NextChoice | Action::PreviousChoice => {
            if let Some(Field::Text {
                what: What::New(_, kind),
                ..
            }) = &mut model.budgets.field
            {
                *kind = categories::next_kind(*kind, action == Action::NextChoice);
            }
        }
        Action::Submit => return submit(model),
        _ => {}
    }
    Vec::new()
}

fn submit(model: &mut Model) -> Vec<Effect> {
    let Some(Field::Text { what, input, began, .. }) = model.budgets.field.take() else {
        return Vec::new();
    };
    let text = input.value().to_owned();
    if text == began || text.trim().is_empty() {
        return Vec::new();
    }
    match categories::submit(model, what, &text, &began) {
        Ok(effects) => effects,
        Err(why) => {
            model.budgets.field = Some(Field::Text {
                what,
                input,
                began,
                error: Some(why),
            });
            Vec::new()
        }
    }
}
