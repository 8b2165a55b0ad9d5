//! Undo and redo: what was done can be taken back, and what was taken back done again.

use uuid::Uuid;

use super::always::RuleChange;
use super::changes::{self, Change};
use super::effect::{Call, Effect, LimitChange, Undo};
use super::model::Model;
use super::reversible::Reversible;
use super::toast::{Offer, Tone};
use super::update::{offer, refuse, say, unsupported};
use super::{conflict, expenses, leaving, review};
use crate::api::{Bulk, Dialect, Expense, ExpensePatch, Place};
use crate::domain::{Money, Month};

/// How many changes can be taken back.
const DEPTH: usize = 50;

/// In which direction history goes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Way {
    /// Takes a change back.
    Back,
    /// Does it again.
    Again,
}

/// What can be taken back and what can be done again, the next one last.
#[derive(Clone, Debug, Default)]
pub(super) struct History {
    done: Vec<Step>,
    undone: Vec<Step>,
}

/// One step.
#[derive(Clone, Debug)]
struct Step {
    undo: Undo,
    /// The request that made it, unless it was taken back since.
    request: Option<u64>,
}

impl Step {
    /// Whether `self` is the choice that `rule`, which is a step too, was made along with.
    fn is_choice_of(&self, rule: &Self) -> bool {
        let Undo::Reversible(Reversible::Rule(change)) = &rule.undo else {
            return false;
        };
        self.request.is_some() && change.along == self.request
    }

    /// The choice and the rule that was made along with it as one step, whichever of the two is `self`.
    fn with(self, other: Self) -> Self {
        let (rule, choice) = if self.is_choice_of(&other) {
            (other, self)
        } else {
            (self, other)
        };
        match rule.undo {
            Undo::Reversible(Reversible::Rule(rule)) => Self {
                undo: Undo::Ruled {
                    rule,
                    choice: Box::new(choice.undo),
                },
                request: None,
            },
            _ => choice,
        }
    }
}

impl History {
    /// A new change was made by a request: what was taken back before it cannot be done again. A rule and the choice
    /// that it was made along with are one step: the second of them to arrive returns the rule.
    pub(super) fn did(&mut self, request: u64, undo: Undo) -> Option<RuleChange> {
        self.undone.clear();
        let mut step = Step {
            undo,
            request: Some(request),
        };
        let belongs = |other: &Step| other.is_choice_of(&step) || step.is_choice_of(other);
        if let Some(at) = self.done.iter().position(belongs) {
            step = self.done.remove(at).with(step);
        }
        let rule = match &step.undo {
            Undo::Ruled { rule, .. } => Some(rule.clone()),
            _ => None,
        };
        self.push(Way::Back, step);
        rule
    }

    /// Puts a change where going `way` finds it next.
    pub(super) fn put(&mut self, way: Way, undo: Undo) {
        self.push(way, Step { undo, request: None });
    }

    /// The choice of a step that met another change; the rule that was made along with it stays a step of its own.
    pub(super) fn part(&mut self, way: Way, undo: Undo) -> Undo {
        match undo {
            Undo::Ruled { rule, choice } => {
                self.put(way, Undo::Reversible(Reversible::Rule(rule)));
                *choice
            }
            other => other,
        }
    }

    fn push(&mut self, way: Way, step: Step) {
        let pile = self.pile(way);
        if pile.len() == DEPTH {
            pile.remove(0);
        }
        pile.push(step);
    }

    /// What going back would take back.
    pub(super) fn last(&self) -> Option<&Undo> {
        self.done.last().map(|step| &step.undo)
    }

    /// Whether a limit was set to this here, or taken back to it.
    pub(super) fn has_set(&self, month: Month, category: Uuid, limit: Option<i64>) -> bool {
        let is_it =
            |change: &LimitChange, to: Option<i64>| (change.month, change.category_id, to) == (month, category, limit);
        let set = |step: &Step| matches!(&step.undo, Undo::Limit(change) if is_it(change, change.after));
        let unset = |step: &Step| matches!(&step.undo, Undo::Limit(change) if is_it(change, change.before));
        self.done.iter().any(set) || self.undone.iter().any(unset)
    }

    /// Whether there is something to go to.
    pub(super) fn has(&self, way: Way) -> bool {
        match way {
            Way::Back => !self.done.is_empty(),
            Way::Again => !self.undone.is_empty(),
        }
    }

    /// An expense was stored by this user: from now on every step of it rests on this revision.
    pub(super) fn stored(&mut self, stored: &Expense) {
        for step in self.done.iter_mut().chain(&mut self.undone) {
            if let Undo::Edited { before, after } = step.undo.choice_mut()
                && before.id == stored.id
            {
                (before.revision, after.revision) = (stored.revision, stored.revision);
            }
        }
    }

    fn pile(&mut self, way: Way) -> &mut Vec<Step> {
        match way {
            Way::Back => &mut self.done,
            Way::Again => &mut self.undone,
        }
    }
}

impl Undo {
    /// The change itself, without the rule that was made along with it.
    fn choice_mut(&mut self) -> &mut Self {
        match self {
            Self::Ruled { choice, .. } => choice.choice_mut(),
            other => other,
        }
    }
}

impl Way {
    pub(super) fn opposite(self) -> Self {
        match self {
            Self::Back => Self::Again,
            Self::Again => Self::Back,
        }
    }

    /// The change that goes this way.
    fn change(self, undo: Undo) -> Change {
        match self {
            Self::Back => Change::Back(undo),
            Self::Again => Change::Again(undo),
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Back => "Took back",
            Self::Again => "Did again",
        }
    }

    fn offer(self) -> Offer {
        match self {
            Self::Back => Offer::Undo,
            Self::Again => Offer::Redo,
        }
    }

    fn nothing(self) -> &'static str {
        match self {
            Self::Back => "Nothing to undo.",
            Self::Again => "Nothing to do again.",
        }
    }
}

/// `u` and `^r`.
pub(super) fn go(model: &mut Model, way: Way) -> Vec<Effect> {
    if model.dialect == Dialect::Classic {
        return unsupported(model, "taking a change back");
    }
    // Until it is answered, the last change cannot be taken back, and nobody means the one before it.
    let same_way = |change: &Change| match way {
        Way::Back => matches!(change, Change::Back(_)),
        Way::Again => matches!(change, Change::Again(_)),
    };
    let in_the_way = |change: &Change| !matches!(change, Change::Read(_) | Change::Calendar(_)) && !same_way(change);
    if model.changes.iter().any(|(_, change)| in_the_way(change)) {
        return refuse(model, "The last change is still on its way. Try again in a moment.");
    }
    let Some(Step { undo, .. }) = model.history.pile(way).pop() else {
        return refuse(model, way.nothing());
    };
    let call = call(model, &undo, way);
    let change = way.change(undo);
    if is_overtaken(model, &change) {
        return conflict::ask(model, change);
    }
    changes::send(model, change, call)
}

/// The call that takes a step back, or does it again.
pub(super) fn call(model: &Model, undo: &Undo, way: Way) -> Call {
    match (undo, way) {
        (Undo::Added(expense), Way::Back) | (Undo::Deleted(expense), Way::Again) => Call::Delete(expense.id),
        (Undo::Added(expense), Way::Again) | (Undo::Deleted(expense), Way::Back) => Call::Restore(expense.id),
        (Undo::DeletedMany(rows), Way::Back) => Call::Bulk(Bulk::Restore {
            ids: changes::ids(rows),
        }),
        (Undo::DeletedMany(rows), Way::Again) => Call::Bulk(Bulk::Delete {
            ids: changes::ids(rows),
        }),
        (Undo::Placed { before, to }, way) => {
            let place = |row: &Expense| Place {
                id: row.id,
                category_id: if way == Way::Back { row.category_id } else { *to },
                placed_by: row.placed_by().filter(|_| way == Way::Back),
                base_revision: Some(last_seen(model, row)),
            };
            Call::Bulk(Bulk::Place {
                places: before.iter().map(place).collect(),
            })
        }
        (Undo::Edited { before, after }, Way::Back) => Call::Edit(before.id, difference(model, after, before)),
        (Undo::Edited { before, after }, Way::Again) => Call::Edit(before.id, difference(model, before, after)),
        (Undo::Ruled { rule, choice }, way) => rule.after(call(model, choice, way), way),
        (Undo::Limit(change), _) => {
            let limit = if way == Way::Back { change.before } else { change.after };
            changes::limit_call(change.month, change.category_id, limit, seen(model, change.month))
        }
        (Undo::Reversible(change), Way::Back) => change.reversed().call(),
        (Undo::Reversible(change), Way::Again) => change.redone().call(),
    }
}

/// The revision at which this user saw an expense last.
fn last_seen(model: &Model, expense: &Expense) -> i64 {
    let shown = expenses::at_hand(model).find(|row| row.id == expense.id);
    shown.map_or(expense.revision, |row| row.revision.max(expense.revision))
}

/// The revision of the numbers on the screen, if they are of this month and no newer ones are on their way.
fn seen(model: &Model, month: Month) -> Option<i64> {
    let summary = model.data.summary.as_ref()?;
    (summary.month == month && model.pending.refresh.is_none()).then_some(summary.revision)
}

/// Only what turns `from` into `to`, based on what this user saw last.
fn difference(model: &Model, from: &Expense, to: &Expense) -> ExpensePatch {
    let same = |e: &&Expense| {
        let fields = |e: &Expense| (e.id, e.day, e.description.clone(), e.amount_minor, e.category_id);
        fields(e) == fields(from)
    };
    let seen = expenses::at_hand(model)
        .find(same)
        .map_or(from.revision, |e| e.revision);
    let place = |e: &Expense| (e.category_id, e.category_source, e.confidence);
    // With a new description the server would look for a category anew.
    let moved = place(from) != place(to) || (from.description != to.description && to.placed_by().is_some());
    ExpensePatch {
        day: Some(to.day).filter(|day| *day != from.day),
        description: Some(to.description.clone()).filter(|text| *text != from.description),
        amount_minor: Some(to.amount_minor).filter(|minor| *minor != from.amount_minor),
        category_id: moved.then_some(to.category_id),
        placed_by: to.placed_by().filter(|_| moved),
        base_revision: Some(seen.max(from.revision)),
    }
}

/// Whether the numbers on the screen already show that somebody else changed the same limit.
fn is_overtaken(model: &Model, change: &Change) -> bool {
    let (Change::Back(undo) | Change::Again(undo)) = change else {
        return false;
    };
    let Undo::Limit(limit) = undo else {
        return false;
    };
    let expected = if matches!(change, Change::Back(_)) {
        limit.after
    } else {
        limit.before
    };
    let fresh = model.pending.refresh.is_none() && model.shown_month() == limit.month;
    fresh && changes::limit_of(model, limit.category_id) != expected
}

/// A step was taken back, or done again.
pub(super) fn went(model: &mut Model, mut undo: Undo, way: Way, stored: Option<Expense>) -> Vec<Effect> {
    let mut effects = show(model, &mut undo, way, stored);
    let text = format!("{}: {}", way.word(), words(&undo, model));
    model.history.put(way.opposite(), undo);
    let said = say(model, Tone::Good, text);
    effects.push(offer(model, way.opposite().offer(), said));
    effects
}

/// Shows what a step that went `way` left behind.
fn show(model: &mut Model, undo: &mut Undo, way: Way, stored: Option<Expense>) -> Vec<Effect> {
    let mut effects = Vec::new();
    match (undo, way) {
        (Undo::Added(expense), Way::Back) => expenses::remove(model, &[expense.id]),
        (Undo::DeletedMany(rows), Way::Again) => expenses::remove(model, &changes::ids(rows)),
        (Undo::Placed { before, .. }, Way::Back) => {
            expenses::put_back(model, before);
            review::undecided(model, before);
        }
        (Undo::Placed { before, to }, Way::Again) => {
            changes::place(model, before, *to);
            review::decided(model, &changes::ids(before));
        }
        (Undo::Deleted(expense), Way::Back) => {
            leaving::stays(model, expense.id);
            // Whoever takes a delete back means this row, not the one that the cursor went on to.
            model.expenses.list.id = Some(expense.id);
        }
        (Undo::Deleted(expense), Way::Again) => effects.extend(leaving::begin(model, expense.clone())),
        (Undo::Edited { before: now, .. }, Way::Back) | (Undo::Edited { after: now, .. }, Way::Again) => {
            if let Some(stored) = stored {
                *now = stored;
            }
        }
        (Undo::Ruled { choice, .. }, way) => {
            RuleChange::apply(model);
            effects.extend(show(model, choice, way, stored));
        }
        (Undo::Reversible(change), Way::Back) => change.reversed().apply(model),
        (Undo::Reversible(change), Way::Again) => change.redone().apply(model),
        (Undo::Added(_), Way::Again) | (Undo::DeletedMany(_), Way::Back) | (Undo::Limit(_), _) => {}
    }
    effects
}

/// What a step did, as the user did it.
fn words(undo: &Undo, model: &Model) -> String {
    let money = |minor| Money::new(minor, model.currency());
    match undo {
        Undo::Added(expense) => format!("added {} {}", expense.description, money(expense.amount_minor)),
        Undo::Deleted(expense) => format!("deleted {} {}", expense.description, money(expense.amount_minor)),
        Undo::DeletedMany(rows) => format!("deleted {} expenses", rows.len()),
        Undo::Placed { before, .. } => match before.as_slice() {
            [one] => format!("put {} into another category", one.description),
            many => format!("put {} expenses into another category", many.len()),
        },
        Undo::Edited { before, .. } => format!("changed {}", before.description),
        Undo::Ruled { rule, .. } => rule.says(),
        Undo::Limit(change) => {
            let limit = |minor: Option<i64>| minor.map_or("none".to_owned(), |minor| money(minor).short_symbol());
            let (before, after) = (limit(change.before), limit(change.after));
            format!("{} limit from {before} to {after}", change.category)
        }
        Undo::Reversible(change) => change.words(model.currency(), model.locale()),
    }
}
