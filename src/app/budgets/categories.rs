//! Changes of the categories themselves: name, kind, what is worth an alert, whether the rest of a limit stays.

use uuid::Uuid;

use super::field::{self, What};
use super::find;
use crate::api::{Category, CategoryPatch, CategorySummary, Dialect, Failure, NewCategory};
use crate::app::changes::{self, Change};
use crate::app::confirm::{self, Confirm};
use crate::app::effect::{Call, Effect, Slot};
use crate::app::model::{Model, Tone};
use crate::app::reversible::Reversible;
use crate::app::session;
use crate::app::update::{call, refuse, say, unsupported};
use crate::domain::text::clean;
use crate::domain::{AlertRules, Kind, Money};

/// Longest name of a category, in characters.
const LONGEST_NAME: usize = 40;

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

    fn id(&self) -> Uuid {
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

/// The kinds that a new category can have, in turn.
pub(super) fn next_kind(kind: Kind, forward: bool) -> Kind {
    const KINDS: [Kind; 4] = [Kind::Flexible, Kind::Fixed, Kind::Income, Kind::NotSpending];
    let at = KINDS.iter().position(|other| *other == kind).unwrap_or(0);
    let step = if forward { 1 } else { KINDS.len() - 1 };
    KINDS[(at + step) % KINDS.len()]
}

fn kind_words(kind: Kind) -> &'static str {
    match kind {
        Kind::Flexible => "flexible: it has a pace",
        Kind::Fixed => "fixed: a bill, without a pace",
        Kind::Income => "income",
        Kind::NotSpending => "no spending",
    }
}

fn hidden(hidden: bool) -> CategoryPatch {
    CategoryPatch {
        hidden: Some(hidden),
        ..CategoryPatch::default()
    }
}

fn empty(new: &NewCategory) -> CategorySummary {
    CategorySummary {
        category: Category {
            id: new.id,
            name: new.name.clone(),
            kind: new.kind,
            alert_at: AlertRules::default(),
            carry_over: false,
            hidden: false,
        },
        spent_minor: 0,
        count: 0,
        limit_minor: None,
        carried_minor: 0,
        past_minor: Vec::new(),
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
fn as_is(category: &Category, patch: &CategoryPatch) -> CategoryPatch {
    CategoryPatch {
        name: patch.name.as_ref().map(|_| category.name.clone()),
        kind: patch.kind.map(|_| category.kind),
        alert_at: patch.alert_at.map(|_| category.alert_at),
        carry_over: patch.carry_over.map(|_| category.carry_over),
        hidden: patch.hidden.map(|_| category.hidden),
    }
}

/// A new category whose name is taken, until it is known by which one.
#[derive(Clone, Debug)]
pub(in crate::app) struct Naming {
    request: u64,
    new: NewCategory,
    why: String,
}

/// The server has a category of this name: a hidden one is perhaps the one that is meant.
pub(in crate::app) fn name_taken(model: &mut Model, new: NewCategory, why: String) -> Vec<Effect> {
    let (request, effect) = call(model, Slot::Categories, Call::Categories);
    model.budgets.naming = Some(Naming { request, new, why });
    vec![effect]
}

/// All categories are here: a hidden one of the name is shown again, else the name comes back with the reason.
pub(in crate::app) fn found_namesake(
    model: &mut Model,
    request: u64,
    result: Result<Vec<Category>, Failure>,
) -> Vec<Effect> {
    let Some(Naming { new, why, .. }) = model.budgets.naming.take_if(|naming| naming.request == request) else {
        return Vec::new();
    };
    let all = match result {
        Err(Failure::SignedOut) => return session::expired(model),
        result => result.unwrap_or_default(),
    };
    match all.iter().find(|other| other.hidden && is_same(&other.name, &new.name)) {
        Some(namesake) => {
            let change = CategoryChange::Edit {
                id: namesake.id,
                name: namesake.name.clone(),
                before: hidden(true),
                after: hidden(false),
            };
            send(model, change)
        }
        None => {
            let said = say(model, Tone::Bad, why.clone());
            CategoryChange::New(new).give_back(model, &why);
            vec![said]
        }
    }
}

/// Whether two names differ in case only.
fn is_same(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}

/// A change of one category. Two at once could arrive in either order, so the second has to wait.
fn change_of(model: &Model, id: Uuid, after: CategoryPatch) -> Result<CategoryChange, String> {
    let under_way =
        |change: &Change| matches!(change, Change::Reversible(Reversible::Category(other)) if other.id() == id);
    let category = find(model, id).map(|row| &row.category);
    let category = category.ok_or("There is no such category any more.")?;
    if model.changes.iter().any(|(_, change)| under_way(change)) {
        return Err(format!("{} is being changed. Press again in a moment.", category.name));
    }
    Ok(CategoryChange::Edit {
        id,
        before: as_is(category, &after),
        name: category.name.clone(),
        after,
    })
}

fn edit(model: &mut Model, id: Uuid, after: CategoryPatch) -> Vec<Effect> {
    match change_of(model, id, after) {
        Ok(change) => send(model, change),
        Err(why) => refuse(model, why),
    }
}

fn send(model: &mut Model, change: CategoryChange) -> Vec<Effect> {
    let request = change.call();
    changes::send(model, Change::Reversible(Reversible::Category(change)), request)
}

/// `n`: begins a new category.
pub(in crate::app) fn open_new(model: &mut Model, id: Uuid) -> Vec<Effect> {
    if model.dialect == Dialect::Classic {
        return unsupported(model, "making a category");
    }
    if model.data.summary.is_none() {
        return refuse(model, "The categories are not here yet.");
    }
    field::open_new(model, id)
}

/// Takes a category out of use, after a question, or back into it.
pub(super) fn hide(model: &mut Model, id: Uuid) -> Vec<Effect> {
    let Some(row) = find(model, id).cloned() else {
        return Vec::new();
    };
    if row.category.hidden {
        return edit(model, id, hidden(false));
    }
    let spent = Money::new(row.spent_minor, model.currency());
    let stay = match row.count {
        0 => "It has no expenses this month".to_owned(),
        1 => format!("Its expense of {spent} this month stays"),
        count => format!("Its {count} expenses of {spent} this month stay"),
    };
    match change_of(model, id, hidden(true)) {
        Ok(change) => {
            let confirm = Confirm {
                question: format!(
                    "Hide {}? {stay}. A new category of its name brings it back.",
                    row.category.name
                ),
                keep: "Keep it",
                act: "Hide it".to_owned(),
                call: change.call(),
                change: Change::Reversible(Reversible::Category(change)),
            };
            confirm::ask(model, confirm)
        }
        Err(why) => refuse(model, why),
    }
}

/// Flexible to fixed and back; income to no spending and back.
pub(super) fn switch_kind(model: &mut Model, id: Uuid) -> Vec<Effect> {
    let Some(kind) = find(model, id).map(|row| row.category.kind) else {
        return Vec::new();
    };
    let kind = match kind {
        Kind::Flexible => Kind::Fixed,
        Kind::Fixed => Kind::Flexible,
        Kind::Income => Kind::NotSpending,
        Kind::NotSpending => Kind::Income,
    };
    let patch = CategoryPatch {
        kind: Some(kind),
        ..CategoryPatch::default()
    };
    edit(model, id, patch)
}

pub(super) fn carry_over(model: &mut Model, id: Uuid) -> Vec<Effect> {
    match find(model, id).map(|row| &row.category) {
        Some(category) if category.kind.is_spending() => {
            let patch = CategoryPatch {
                carry_over: Some(!category.carry_over),
                ..CategoryPatch::default()
            };
            edit(model, id, patch)
        }
        _ => refuse(model, "This category takes no limit, so nothing is left over."),
    }
}

/// What was typed about a category is sent, or the reason why not comes back.
pub(super) fn submit(model: &mut Model, what: What, text: &str, began: &str) -> Result<Vec<Effect>, String> {
    match what {
        What::Rules(id) => {
            let rules: AlertRules = text
                .parse()
                .map_err(|why: crate::domain::rules::RulesError| why.to_string())?;
            if rules.to_string() == began {
                return Ok(Vec::new());
            }
            let patch = CategoryPatch {
                alert_at: Some(rules),
                ..CategoryPatch::default()
            };
            Ok(edit(model, id, patch))
        }
        What::Name(id) => {
            let name = clean(text, LONGEST_NAME).map_err(|why| why.to_string())?;
            if namesake(model, &name).is_some_and(|other| other.id != id) {
                return Err(format!("There is a category {name} already."));
            }
            let patch = CategoryPatch {
                name: Some(name),
                ..CategoryPatch::default()
            };
            Ok(edit(model, id, patch))
        }
        What::New(id, kind) => {
            let name = clean(text, LONGEST_NAME).map_err(|why| why.to_string())?;
            match namesake(model, &name).map(|other| (other.id, other.hidden)) {
                // Somebody who wants it again means the one with the history.
                Some((other, true)) => Ok(edit(model, other, hidden(false))),
                Some(_) => Err(format!("There is a category {name} already.")),
                None => Ok(send(model, CategoryChange::New(NewCategory { id, name, kind }))),
            }
        }
    }
}

/// The category of this name, in whichever case.
fn namesake<'a>(model: &'a Model, name: &str) -> Option<&'a Category> {
    let mut categories = model.categories().iter().map(|row| &row.category);
    categories.find(|category| is_same(&category.name, name))
}
