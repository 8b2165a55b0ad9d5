//! "Always for this merchant": a rule that is made along with the choice of a category.

use uuid::Uuid;

use super::changes::{self, Change};
use super::effect::{Call, Effect};
use super::history::Way;
use super::likely;
use super::model::Model;
use super::reversible::Reversible;
use crate::api::{Expense, NewRule};
use crate::domain::text::printable;

/// A rule that was made, or taken away.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RuleChange {
    /// The rule.
    pub(super) rule: NewRule,
    /// The name of its category.
    pub(super) category: String,
    /// Whether it was made.
    pub(super) made: bool,
    /// The category of the rule of the same words whose place it took, and its name.
    pub(super) replaced: Option<(Uuid, String)>,
    /// The request that chose the category along with it.
    pub(super) along: Option<u64>,
}

impl RuleChange {
    /// The call that makes the change.
    pub(super) fn call(&self) -> Call {
        match &self.replaced {
            _ if self.made => Call::AddRule(self.rule.clone()),
            Some((category_id, _)) => Call::AddRule(NewRule {
                category_id: *category_id,
                ..self.rule.clone()
            }),
            None => Call::RemoveRule(self.rule.id),
        }
    }

    /// The change that takes this one back.
    pub(super) fn reversed(&self) -> Self {
        Self {
            made: !self.made,
            ..self.clone()
        }
    }

    /// What is likely is another thing now.
    pub(super) fn apply(model: &mut Model) {
        likely::forget(model);
    }

    /// The call that goes `way` in history, after the one for the choice that it was made along with.
    pub(super) fn after(&self, choice: Call, way: Way) -> Call {
        let rule = match way {
            Way::Back => self.reversed().call(),
            Way::Again => self.call(),
        };
        Call::Both(Box::new(choice), Box::new(rule))
    }

    /// What it says: `xkcd store is always Entertainment`.
    pub(super) fn says(&self) -> String {
        format!("{} is always {}", self.rule.pattern, self.category)
    }

    /// What it did: `made a rule: xkcd store is always Entertainment`.
    pub(super) fn words(&self) -> String {
        let says = self.says();
        match &self.replaced {
            Some((id, before)) if self.made && *id != self.rule.category_id => {
                format!("made a rule: {says}, no longer {before}")
            }
            _ if self.made => format!("made a rule: {says}"),
            _ => format!("took the rule away that {says}"),
        }
    }
}

/// The merchant of a stored expense as a rule names it, once the server has told it.
pub(super) fn merchant<'a>(model: &'a Model, expense: &Expense) -> Option<&'a str> {
    let prediction = likely::prediction(model, expense)?;
    Some(prediction.merchant.as_str()).filter(|merchant| !merchant.is_empty())
}

/// A rule that shall be made along with the choice of a category.
pub(super) struct Wish {
    /// The expense that gave rise to it.
    pub(super) expense: Uuid,
    /// Its merchant, as the server names it.
    pub(super) merchant: String,
    /// The category that was chosen.
    pub(super) category_id: Uuid,
}

/// Makes the rule that a merchant always belongs to a category; `along` is the request that chooses the category.
pub(super) fn make(model: &mut Model, wish: Wish, along: Option<u64>) -> Vec<Effect> {
    let Wish {
        expense,
        merchant,
        category_id,
    } = wish;
    let category = model.category_name(Some(category_id)).unwrap_or_default().to_owned();
    let change = RuleChange {
        rule: NewRule {
            // The same rule, however often it is asked for.
            id: Uuid::new_v5(&expense, merchant.as_bytes()),
            pattern: merchant,
            category_id,
        },
        category,
        made: true,
        replaced: None,
        along,
    };
    let request = change.call();
    changes::send(model, Change::Reversible(Reversible::Rule(change)), request)
}

/// `[x] Always for "xkcd store"`.
pub(super) fn label(ticked: bool, merchant: &str) -> String {
    let mark = if ticked { "x" } else { " " };
    format!("[{mark}] Always for \"{}\"", printable(merchant))
}
