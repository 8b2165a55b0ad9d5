//! The month's limits: compare, type, save; and the categories they belong to.
//!
//! What is typed is a draft, kept by month and category until it is saved or dropped: nothing is sent before Enter.

use tui_input::Input;
use uuid::Uuid;

use super::effect::Effect;
use super::keymap::{Action, Focus};
use super::list::List;
use super::model::Model;
use super::update::{refuse, unsupported};
use super::{chooser, move_money};
use crate::api::{CategorySummary, Dialect};
use crate::domain::limit;

mod categories;
mod category_change;
mod drafts;
mod field;
mod view;

pub(super) use categories::{ask_merge, found_namesake, name_taken, open_new};
pub use category_change::CategoryChange;
pub(super) use drafts::{copied, drop_draft, settled, unsaved_words};
pub(super) use view::{at, view};

#[derive(Clone, Debug, Default)]
pub(super) struct Budgets {
    list: List,
    /// Limits that were typed and not saved, in the order of typing.
    drafts: Vec<drafts::Draft>,
    /// The text field that is open.
    field: Option<field::Field>,
    /// The request for the month whose limits are to be copied.
    copying: Option<drafts::Copying>,
    /// The request for the category that has the name of a new one.
    naming: Option<categories::Naming>,
}

impl Budgets {
    /// Whether a text is being typed.
    pub(super) fn editing(&self) -> bool {
        self.field.is_some()
    }
}

/// What has the keyboard on this screen.
pub(super) fn focus(model: &Model) -> Focus {
    match &model.budgets.field {
        Some(field) => field.focus(),
        None if has_draft(model) => Focus::LimitDraft,
        None => Focus::Budgets,
    }
}

/// What was typed and would be lost by leaving, and how to keep it.
pub(super) fn unsaved(model: &Model) -> Option<&'static str> {
    let typed = drafts::unsent(model).count();
    if model.budgets.field.as_ref().is_some_and(field::Field::has_text) {
        Some("What you typed under 3 Budgets is not saved: Enter saves it.")
    } else {
        match typed {
            0 => None,
            1 => Some("This limit is not saved: Enter under 3 Budgets saves it."),
            _ => Some("Limits are not saved: S under 3 Budgets saves them."),
        }
    }
}

/// Every category in use, in the account's order; one that was taken out of use as long as the month has money in it.
fn rows(model: &Model) -> impl Iterator<Item = &CategorySummary> {
    let in_use = |c: &&CategorySummary| !c.category.hidden || c.spent_minor != 0;
    model.categories().iter().filter(in_use)
}

fn ids(model: &Model) -> Vec<Uuid> {
    rows(model).map(|c| c.category.id).collect()
}

fn selected(model: &Model) -> Option<&CategorySummary> {
    rows(model).nth(model.budgets.list.selected)
}

fn find(model: &Model, id: Uuid) -> Option<&CategorySummary> {
    model.categories().iter().find(|c| c.category.id == id)
}

/// Keeps the cursor on its row, and in sight; and what drafts refer to as new as the numbers are.
pub(super) fn settle(model: &mut Model) {
    drafts::follow(model);
    let (ids, height) = (ids(model), view::list_height(model));
    if let Some(open) = model.budgets.field.as_ref().and_then(field::Field::category) {
        model.budgets.list.id = Some(open);
        if !ids.is_empty() && !ids.contains(&open) {
            // Its category was hidden elsewhere: nobody types where nothing is to be seen.
            model.budgets.field = None;
        }
    }
    model.budgets.list.settle(&ids, height);
}

/// Whether the row under the cursor has an unsaved limit.
pub(super) fn has_draft(model: &Model) -> bool {
    let unsent = |draft: &drafts::Draft| !drafts::is_on_its_way(model, draft);
    selected(model).is_some_and(|row| drafts::of(model, row.category.id).is_some_and(unsent))
}

/// Whether some row has one.
pub(super) fn has_drafts(model: &Model) -> bool {
    drafts::unsent(model).next().is_some()
}

/// Whether the row under the cursor has a limit that would fit better.
pub(super) fn has_suggestion(model: &Model) -> bool {
    selected(model).is_some_and(|row| suggestion(model, row).is_some())
}

/// The limit that a category's months call for.
fn suggestion(model: &Model, row: &CategorySummary) -> Option<limit::Suggestion> {
    let kind = row.category.kind;
    limit::suggest(kind, row.own_limit_minor(), &row.past_minor, model.currency())
}

/// Begins to change the limit of one category, in the month that was asked for last.
pub(super) fn edit(model: &mut Model, category_id: Uuid) -> Vec<Effect> {
    if model.dialect == Dialect::Classic {
        return unsupported(model, "setting a limit");
    }
    field::open_limit(model, category_id, None)
}

/// [`edit`], with a limit written in that would hold what the category comes to.
pub(super) fn raise(model: &mut Model, category_id: Uuid) -> Vec<Effect> {
    if model.dialect == Dialect::Classic {
        return unsupported(model, "setting a limit");
    }
    let enough = drafts::enough(model, category_id);
    field::open_limit(model, category_id, enough)
}

/// Begins to change what the user is told about one category.
pub(super) fn edit_rules(model: &mut Model, category_id: Uuid) -> Vec<Effect> {
    if model.dialect == Dialect::Classic {
        return unsupported(model, "setting alerts");
    }
    field::open_rules(model, category_id)
}

pub(super) fn on_typed(model: &mut Model, change: impl FnOnce(&mut Input) -> bool) -> Vec<Effect> {
    field::on_typed(model, change);
    Vec::new()
}

pub(super) fn on_action(model: &mut Model, action: Action) -> Vec<Effect> {
    if model.budgets.field.is_some() {
        return field::on_action(model, action);
    }
    let changes = matches!(
        action,
        Action::EditLimit
            | Action::ClearLimit
            | Action::TakeSuggestion
            | Action::CopyLimits
            | Action::EditRules
            | Action::Rename
            | Action::HideCategory
            | Action::MergeCategory
            | Action::SwitchKind
            | Action::CarryOver
            | Action::MoveMoney
    );
    if changes && model.dialect == Dialect::Classic {
        return unsupported(model, "changing budgets");
    }
    if !changes {
        return on_other(model, action);
    }
    if action == Action::CopyLimits {
        return drafts::copy(model);
    }
    let Some(id) = selected(model).map(|row| row.category.id) else {
        return refuse(model, "There is no category here yet.");
    };
    match action {
        Action::EditLimit => field::open_limit(model, id, None),
        Action::ClearLimit => drafts::clear(model, id),
        Action::TakeSuggestion => drafts::take(model, id),
        Action::EditRules => field::open_rules(model, id),
        Action::MoveMoney => move_money::open(model, id, model.wanted_month()),
        Action::Rename => field::open_name(model, id),
        Action::HideCategory => categories::hide(model, id),
        Action::MergeCategory => {
            chooser::open_merge(model, id);
            Vec::new()
        }
        Action::SwitchKind => categories::switch_kind(model, id),
        _ => categories::carry_over(model, id),
    }
}

/// What changes nothing, and what is about drafts.
fn on_other(model: &mut Model, action: Action) -> Vec<Effect> {
    match (action, selected(model).map(|row| row.category.id)) {
        (Action::SaveAll, _) => drafts::save_all(model),
        (Action::Submit, Some(id)) => drafts::save(model, id),
        (Action::Cancel, Some(id)) => {
            drafts::forget(model, id);
            Vec::new()
        }
        _ => {
            let (ids, height) = (ids(model), view::list_height(model));
            model.budgets.list.go(action, &ids, height);
            Vec::new()
        }
    }
}
