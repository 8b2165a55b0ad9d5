//! "Always for this merchant": a rule that is made along with the choice of a category.

use uuid::Uuid;

use super::changes::{self, Change};
use super::effect::{Call, Effect};
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
}

impl RuleChange {
    /// The call that makes the change.
    pub(super) fn call(&self) -> Call {
        if self.made {
            Call::AddRule(self.rule.clone())
        } else {
            Call::RemoveRule(self.rule.id)
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

    /// What it did: `made a rule: xkcd store is always Entertainment`.
    pub(super) fn words(&self) -> String {
        let (pattern, category) = (&self.rule.pattern, &self.category);
        if self.made {
            format!("made a rule: {pattern} is always {category}")
        } else {
            format!("took the rule away that {pattern} is always {category}")
        }
    }
}

/// The merchant of a stored expense as a rule names it, once the server has told it.
pub(super) fn merchant<'a>(model: &'a Model, expense: &Expense) -> Option<&'a str> {
    let prediction = likely::prediction(model, expense)?;
    Some(prediction.merchant.as_str()).filter(|merchant| !merchant.is_empty())
}

/// Makes the rule that `merchant` always belongs to a category; `expense` is the one that gave rise to it.
pub(super) fn make(model: &mut Model, expense: Uuid, merchant: String, category_id: Uuid) -> Vec<Effect> {
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
    };
    let request = change.call();
    changes::send(model, Change::Reversible(Reversible::Rule(change)), request)
}

/// `[x] Always for "xkcd store"`.
pub(super) fn label(ticked: bool, merchant: &str) -> String {
    let mark = if ticked { "x" } else { " " };
    format!("[{mark}] Always for \"{}\"", printable(merchant))
}
