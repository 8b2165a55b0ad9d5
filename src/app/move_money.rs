//! Moving money from one limit to another: who gives, and how much.

use tui_input::Input;
use uuid::Uuid;

use super::changes::{self, Change};
use super::effect::{Call, Effect};
use super::keymap::Action;
use super::model::Model;
use super::reversible::Reversible;
use super::sync;
use super::update::{refuse, unsupported};
use crate::api::{CategorySummary, Dialect, MoveBudget};
use crate::domain::{Currency, Money, Month, spare};

mod view;
pub(super) use view::view;

/// The dialog that asks who gives, and how much.
#[derive(Clone, Debug)]
pub(super) struct MoveMoney {
    month: Month,
    /// The category that takes.
    to: Uuid,
    /// The category that gives, once another than the proposed one was chosen.
    chosen: Option<Uuid>,
    /// The amount as it is typed; empty is the proposed one.
    amount: Input,
    error: Option<String>,
}

impl MoveMoney {
    /// Whether an amount was typed that would be lost.
    pub(super) fn has_text(&self) -> bool {
        !self.amount.value().trim().is_empty()
    }
}

/// Money that goes from one limit to another.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Transfer {
    /// In this month only.
    pub month: Month,
    /// Who gives, who takes, and how much.
    pub body: MoveBudget,
    /// The name of the category that gives.
    pub from: String,
    /// The name of the category that takes.
    pub to: String,
}

impl Transfer {
    pub(super) fn call(&self) -> Call {
        Call::MoveBudget(self.month, self.body)
    }

    pub(super) fn reversed(&self) -> Self {
        Self {
            month: self.month,
            body: MoveBudget {
                from: self.body.to,
                to: self.body.from,
                ..self.body
            },
            from: self.to.clone(),
            to: self.from.clone(),
        }
    }

    pub(super) fn words(&self, currency: Currency) -> String {
        let amount = Money::new(self.body.amount_minor, currency).short_symbol();
        let month = self.month.long_name();
        format!("moved {amount} from {} to {} in {month}", self.from, self.to)
    }

    pub(super) fn apply(&self, model: &mut Model) {
        let Some(summary) = model.data.summary.as_mut().filter(|s| s.month == self.month) else {
            return;
        };
        for row in &mut summary.categories {
            let by = match row.category.id {
                id if id == self.body.from => -self.body.amount_minor,
                id if id == self.body.to => self.body.amount_minor,
                _ => continue,
            };
            row.limit_minor = row.limit_minor.map(|limit| limit.saturating_add(by));
        }
    }

    pub(super) fn give_back(&self, model: &mut Model, why: &str) {
        if model.moving.is_some() || model.form.is_some() || model.shown_month() != self.month {
            return;
        }
        let amount = Money::new(self.body.amount_minor, model.currency()).typed();
        model.moving = Some(Box::new(MoveMoney {
            month: self.month,
            to: self.body.to,
            chosen: Some(self.body.from),
            amount: Input::new(amount),
            error: Some(why.to_owned()),
        }));
    }
}

/// A category that can give, as the dialog lists it.
struct Giver<'a> {
    row: &'a CategorySummary,
    /// What it will have left when the month ends, minor units.
    spare: i64,
}

/// Opens the dialog for a category that needs money in `month`.
pub(super) fn open(model: &mut Model, to: Uuid, month: Month) -> Vec<Effect> {
    if model.dialect == Dialect::Classic {
        return unsupported(model, "moving money between limits");
    }
    let takes = model.categories().iter().find(|c| c.category.id == to);
    if takes.is_some_and(|row| !row.category.kind.is_spending()) {
        return refuse(model, "This category takes no limit: its money is not spent.");
    }
    if month == model.shown_month() && takes.is_some_and(|row| row.limit_minor.is_none()) {
        return refuse(
            model,
            "There is no limit here that money could be added to. e sets one.",
        );
    }
    let effects = sync::go_to_month(model, Some(month));
    model.moving = Some(Box::new(MoveMoney {
        month,
        to,
        chosen: None,
        amount: Input::default(),
        error: None,
    }));
    effects
}

/// What would help a category of the month shown: who gives first, what that one has to spare, and how much is missing.
pub(super) fn proposal(model: &Model, to: Uuid) -> Option<(&str, i64, i64)> {
    let takes = model.categories().iter().find(|c| c.category.id == to)?;
    let missing = model.standing(takes).missing();
    let first = givers(model, to).into_iter().next().filter(|giver| giver.spare > 0)?;
    (missing > 0).then(|| (first.row.category.name.as_str(), first.spare, missing.min(first.spare)))
}

/// Who can give, the one with most to spare first.
fn givers(model: &Model, to: Uuid) -> Vec<Giver<'_>> {
    let budgets = model
        .categories()
        .iter()
        .map(|row| (row.category.id, model.standing(row)));
    let donors = spare::donors(budgets, &to);
    let giver = |(id, spare): (Uuid, i64)| {
        let row = model.categories().iter().find(|c| c.category.id == id)?;
        // What was carried over is no part of what can be given.
        let spare = spare.min(row.own_limit_minor().unwrap_or(0)).max(0);
        Some(Giver { row, spare })
    };
    donors.into_iter().filter_map(giver).collect()
}

/// Everything that the dialog shows, when the numbers of its month are here.
struct Plan<'a> {
    takes: &'a CategorySummary,
    givers: Vec<Giver<'a>>,
    /// Which of them gives.
    at: usize,
    /// What is missing, as far as the giver can spare it; 0 when nothing is.
    proposed: i64,
}

fn plan<'a>(model: &'a Model, dialog: &MoveMoney) -> Option<Plan<'a>> {
    if model.shown_month() != dialog.month {
        return None;
    }
    let takes = model.categories().iter().find(|c| c.category.id == dialog.to)?;
    let givers = givers(model, dialog.to);
    let chosen = dialog
        .chosen
        .and_then(|id| givers.iter().position(|g| g.row.category.id == id));
    let at = chosen.unwrap_or(0);
    let missing = model.standing(takes).missing();
    let spare = givers.get(at).map_or(0, |giver| giver.spare);
    Some(Plan {
        takes,
        at,
        proposed: if spare > 0 { missing.min(spare) } else { missing },
        givers,
    })
}

impl Plan<'_> {
    fn giver(&self) -> Option<&Giver<'_>> {
        self.givers.get(self.at)
    }

    /// The amount that is typed, or proposed; minor units, more than zero.
    fn amount(&self, dialog: &MoveMoney, currency: Currency) -> Result<i64, String> {
        if !dialog.has_text() && self.proposed > 0 {
            return Ok(self.proposed);
        }
        let read = Money::parse(dialog.amount.value(), currency).and_then(Money::positive);
        read.map(|money| money.minor).map_err(|why| why.to_string())
    }
}

pub(super) fn on_typed(model: &mut Model, change: impl FnOnce(&mut Input) -> bool) -> Vec<Effect> {
    if let Some(dialog) = &mut model.moving
        && change(&mut dialog.amount)
    {
        dialog.error = None;
    }
    Vec::new()
}

pub(super) fn on_action(model: &mut Model, action: Action) -> Vec<Effect> {
    match action {
        Action::Cancel => {
            model.moving = None;
            Vec::new()
        }
        Action::NextChoice => choose(model, true),
        Action::PreviousChoice => choose(model, false),
        Action::Submit => submit(model),
        _ => Vec::new(),
    }
}

/// The next or the previous giver, round.
fn choose(model: &mut Model, forward: bool) -> Vec<Effect> {
    let Some(dialog) = &model.moving else {
        return Vec::new();
    };
    let chosen = plan(model, dialog).and_then(|plan| {
        let count = plan.givers.len();
        let step = if forward { 1 } else { count.checked_sub(1)? };
        let next = plan.givers.get((plan.at + step) % count.max(1))?;
        Some(next.row.category.id)
    });
    if let Some(dialog) = &mut model.moving {
        dialog.chosen = chosen.or(dialog.chosen);
        dialog.error = None;
    }
    Vec::new()
}

fn submit(model: &mut Model) -> Vec<Effect> {
    let Some(dialog) = &model.moving else {
        return Vec::new();
    };
    match transfer(model, dialog) {
        Ok(transfer) => {
            model.moving = None;
            let call = transfer.call();
            changes::send(model, Change::Reversible(Reversible::Move(transfer)), call)
        }
        Err(why) => {
            if let Some(dialog) = &mut model.moving {
                dialog.error = Some(why);
            }
            Vec::new()
        }
    }
}

fn transfer(model: &Model, dialog: &MoveMoney) -> Result<Transfer, String> {
    let plan = plan(model, dialog).ok_or_else(|| format!("{} is still loading.", dialog.month.long_name()))?;
    let giver = plan.giver().ok_or("No other category has a limit to give from.")?;
    let amount_minor = plan.amount(dialog, model.currency())?;
    let (from, limit) = (&giver.row.category, giver.row.own_limit_minor().unwrap_or(0));
    if plan.takes.limit_minor.is_none() {
        return Err(format!(
            "{} has no limit that money could be added to.",
            plan.takes.category.name
        ));
    }
    if amount_minor > limit {
        let limit = Money::new(limit, model.currency()).short_symbol();
        return Err(format!("{} has a limit of {limit}: it cannot give more.", from.name));
    }
    Ok(Transfer {
        month: dialog.month,
        body: MoveBudget {
            from: from.id,
            to: dialog.to,
            amount_minor,
        },
        from: from.name.clone(),
        to: plan.takes.category.name.clone(),
    })
}
