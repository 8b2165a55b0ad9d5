//! Changes of the categories themselves: name, kind, what is worth an alert, whether the rest of a limit stays.

use uuid::Uuid;

use super::category_change::{CategoryChange, as_is, hidden};
use super::field::{self, What};
use super::find;
use crate::api::{Category, CategoryPatch, Dialect, Failure, NewCategory};
use crate::app::changes::{self, Change};
use crate::app::confirm::{self, Confirm};
use crate::app::effect::{Call, Effect, Slot};
use crate::app::model::Model;
use crate::app::reversible::Reversible;
use crate::app::session;
use crate::app::toast::Tone;
use crate::app::update::{call, refuse, say, unsupported};
use crate::domain::category::MAX_CATEGORY_NAME;
use crate::domain::text::clean;
use crate::domain::{AlertRules, Kind, Money};

/// The kinds that a new category can have, in turn.
pub(super) fn next_kind(kind: Kind, forward: bool) -> Kind {
    const KINDS: [Kind; 4] = [Kind::Flexible, Kind::Fixed, Kind::Income, Kind::NotSpending];
    let at = KINDS.iter().position(|other| *other == kind).unwrap_or(0);
    let step = if forward { 1 } else { KINDS.len() - 1 };
    KINDS[(at + step) % KINDS.len()]
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
    let hidden_one = |other: &&Category| other.hidden && is_same(&other.name, &new.name);
    let Some(namesake) = all.iter().find(hidden_one) else {
        let said = say(model, Tone::Bad, why.clone());
        CategoryChange::New(new).give_back(model, &why);
        return vec![said];
    };
    let change = CategoryChange::Edit {
        id: namesake.id,
        name: namesake.name.clone(),
        before: hidden(true),
        after: hidden(false),
    };
    send(model, change)
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

/// Asks before everything of `from` goes into `into`.
pub(in crate::app) fn ask_merge(model: &mut Model, from: Uuid, into: Uuid) -> Vec<Effect> {
    let name = |id| model.category_name(Some(id)).unwrap_or_default().to_owned();
    let (source, target) = (name(from), name(into));
    let confirm = Confirm {
        question: format!(
            "Merge {source} into {target}? All its expenses, limits and rules go there, limits add up, and {source} is \
             gone. This cannot be undone."
        ),
        keep: "Keep both",
        act: "Merge".to_owned(),
        change: Change::Merge { source, target },
        call: Call::MergeCategory(from, into),
    };
    confirm::ask(model, confirm)
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
            let name = clean(text, MAX_CATEGORY_NAME).map_err(|why| why.to_string())?;
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
            let name = clean(text, MAX_CATEGORY_NAME).map_err(|why| why.to_string())?;
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
