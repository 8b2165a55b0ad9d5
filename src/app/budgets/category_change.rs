//! Changes of a category: how each is sent, shown, told and taken back.

use uuid::Uuid;

use super::field::{self, What};
use crate::api::{Category, CategoryPatch, CategorySummary, NewCategory};
use crate::app::effect::Call;
use crate::app::model::Model;
use crate::domain::{AlertRules, Kind};

/// A change of a category that is under way, or was made.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum CategoryChange {
    /// It was made; taking that back takes it out of use.
    New(NewCategory),
    /// Some of its fields changed.
    Edit {
        /// Which category.
        id: Uuid,
        /// What it was called before.
        name: String,
        /// The same fields as they were.
        before: CategoryPatch,
        /// The fields that change.
        after: CategoryPatch,
    },
}

impl CategoryChange {
    /// The call that makes the change.
    pub(in crate::app) fn call(&self) -> Call {
        match self {
            Self::New(new) => Call::AddCategory(new.clone()),
            Self::Edit { id, after, .. } => Call::EditCategory(*id, after.clone()),
        }
    }

    /// The change that takes this one back.
    pub(in crate::app) fn reversed(&self) -> Self {
        match self {
            Self::New(new) => Self::Edit {
                id: new.id,
                name: new.name.clone(),
                before: hidden(false),
                after: hidden(true),
            },
            Self::Edit {
                id,
                name,
                before,
                after,
            } => Self::Edit {
                id: *id,
                name: after.name.clone().unwrap_or_else(|| name.clone()),
                before: after.clone(),
                after: before.clone(),
            },
        }
    }

    /// What it did, without a full stop: `renamed Dining to Eating out`.
    pub(in crate::app) fn words(&self) -> String {
        let (name, after) = match self {
            Self::New(new) => return format!("added the category {}", new.name),
            Self::Edit { name, after, .. } => (name, after),
        };
        match after {
            CategoryPatch { name: Some(new), .. } => format!("renamed {name} to {new}"),
            CategoryPatch { hidden: Some(true), .. } => {
                format!("hid {name}")
            }
            CategoryPatch {
                hidden: Some(false), ..
            } => format!("showed {name} again"),
            CategoryPatch { kind: Some(kind), .. } => format!("made {name} {}", kind_words(*kind)),
            CategoryPatch {
                alert_at: Some(rules), ..
            } if *rules == AlertRules::NONE => {
                format!("turned the alerts of {name} off")
            }
            CategoryPatch {
                alert_at: Some(rules), ..
            } => format!("set the alerts of {name} to {}", rules.words()),
            CategoryPatch {
                carry_over: Some(true), ..
            } => format!("let {name} carry over what is left of a month"),
            CategoryPatch {
                carry_over: Some(false),
                ..
            } => format!("let {name} start each month afresh"),
            _ => format!("changed {name}"),
        }
    }

    pub(super) fn id(&self) -> Uuid {
        match self {
            Self::New(new) => new.id,
            Self::Edit { id, .. } => *id,
        }
    }

    /// Shows the change at once: the numbers on their way say the same.
    pub(in crate::app) fn apply(&self, model: &mut Model) {
        let Some(summary) = &mut model.data.summary else { return };
        match self {
            Self::New(new) => {
                if !summary.categories.iter().any(|c| c.category.id == new.id) {
                    summary.categories.push(empty(new));
                }
                model.budgets.list.id = Some(new.id);
            }
            Self::Edit { id, after, .. } => {
                for row in summary.categories.iter_mut().filter(|c| c.category.id == *id) {
                    write(&mut row.category, after);
                }
            }
        }
    }

    /// What was typed comes back with the reason.
    pub(in crate::app) fn give_back(&self, model: &mut Model, why: &str) {
        let began = |text: &Option<String>| text.clone().unwrap_or_default();
        match self {
            Self::New(new) => {
                let what = What::New(new.id, new.kind);
                field::reopen(model, what, new.name.clone(), String::new(), why.to_owned());
            }
            Self::Edit { id, before, after, .. } => {
                if let Some(name) = &after.name {
                    field::reopen(
                        model,
                        What::Name(*id),
                        name.clone(),
                        began(&before.name),
                        why.to_owned(),
                    );
                }
            }
        }
    }
}

fn kind_words(kind: Kind) -> &'static str {
    match kind {
        Kind::Flexible => "flexible: it has a pace",
        Kind::Fixed => "fixed: a bill, without a pace",
        Kind::Income => "income",
        Kind::NotSpending => "no spending",
    }
}

/// A change that takes a category out of use, or back into it.
pub(super) fn hidden(hidden: bool) -> CategoryPatch {
    CategoryPatch {
        hidden: Some(hidden),
        ..CategoryPatch::default()
    }
}

fn empty(new: &NewCategory) -> CategorySummary {
    CategorySummary {
        category: Category::new(new.id, new.name.clone(), new.kind),
        spent_minor: 0,
        count: 0,
        limit_minor: None,
        carried_minor: 0,
        past_minor: Vec::new(),
        past_limits_minor: Vec::new(),
        daily_minor: Vec::new(),
        forecast: None,
    }
}

fn write(category: &mut Category, patch: &CategoryPatch) {
    if let Some(name) = &patch.name {
        category.name.clone_from(name);
    }
    category.kind = patch.kind.unwrap_or(category.kind);
    category.alert_at = patch.alert_at.unwrap_or(category.alert_at);
    category.carry_over = patch.carry_over.unwrap_or(category.carry_over);
    category.hidden = patch.hidden.unwrap_or(category.hidden);
}

/// The fields of `category` that `patch` changes, as they are.
pub(super) fn as_is(category: &Category, patch: &CategoryPatch) -> CategoryPatch {
    CategoryPatch {
        name: patch.name.as_ref().map(|_| category.name.clone()),
        kind: patch.kind.map(|_| category.kind),
        alert_at: patch.alert_at.map(|_| category.alert_at),
        carry_over: patch.carry_over.map(|_| category.carry_over),
        hidden: patch.hidden.map(|_| category.hidden),
    }
}
