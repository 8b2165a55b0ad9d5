//! Changes that know their own reverse: of categories, of money between limits, of quiet about alerts, of rules.

use super::alerts::Quiet;
use super::always::RuleChange;
use super::budgets::CategoryChange;
use super::effect::Call;
use super::model::Model;
use super::move_money::Transfer;
use crate::domain::{Currency, Locale};

/// A change that another one of its sort takes back.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Reversible {
    /// A category was made or changed.
    Category(CategoryChange),
    /// Money went from one limit to another.
    Move(Transfer),
    /// Alerts of a category were silenced, or not any more.
    Quiet(Quiet),
    /// A rule was made, or taken away.
    Rule(RuleChange),
}

impl Reversible {
    /// The call that makes the change.
    pub(super) fn call(&self) -> Call {
        match self {
            Self::Category(change) => change.call(),
            Self::Move(transfer) => transfer.call(),
            Self::Quiet(quiet) => quiet.call(),
            Self::Rule(change) => change.call(),
        }
    }

    /// The change that takes this one back.
    pub(super) fn reversed(&self) -> Self {
        match self {
            Self::Category(change) => Self::Category(change.reversed()),
            Self::Move(transfer) => Self::Move(transfer.reversed()),
            Self::Quiet(quiet) => Self::Quiet(quiet.reversed()),
            Self::Rule(change) => Self::Rule(change.reversed()),
        }
    }

    /// The change that does this one again after it was taken back.
    pub(super) fn redone(&self) -> Self {
        match self {
            Self::Category(change) => Self::Category(change.reversed().reversed()),
            other => other.clone(),
        }
    }

    /// Shows it, once the server has it; newer numbers follow.
    pub(super) fn apply(&self, model: &mut Model) {
        match self {
            Self::Category(change) => change.apply(model),
            Self::Move(transfer) => transfer.apply(model),
            Self::Quiet(quiet) => quiet.apply(model),
            Self::Rule(_) => RuleChange::apply(model),
        }
    }

    /// What it did, without a capital letter and a full stop.
    pub(super) fn words(&self, currency: Currency, locale: &Locale) -> String {
        match self {
            Self::Category(change) => change.words(),
            Self::Move(transfer) => transfer.words(currency),
            Self::Quiet(quiet) => quiet.words(locale),
            Self::Rule(change) => change.words(),
        }
    }

    /// It was refused: what was typed comes back with the reason, where there is a place for it.
    pub(super) fn give_back(&self, model: &mut Model, why: &str) {
        match self {
            Self::Category(change) => change.give_back(model, why),
            Self::Move(transfer) => transfer.give_back(model, why),
            Self::Quiet(_) | Self::Rule(_) => {}
        }
    }
}
