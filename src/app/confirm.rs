//! Asking before much is changed at once: more than one row, or something that is not undone with one key.

use super::changes::{self, Change};
use super::effect::{Call, Effect};
use super::model::Model;
use super::question::Question;

/// A change that waits for a yes.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Confirm {
    /// The question, with the count: `Delete 3 expenses, $63.00 in all?`
    pub question: String,
    /// What happens on a no: `Keep`.
    pub keep: &'static str,
    /// What happens on a yes, by its name: `Delete 3`.
    pub act: String,
    /// What is done on a yes.
    pub change: Change,
    /// And sent.
    pub call: Call,
}

/// Asks; nothing happens before the answer.
pub(super) fn ask(model: &mut Model, confirm: Confirm) -> Vec<Effect> {
    model.questions.push_front(Question::confirm(confirm));
    Vec::new()
}

/// It was a yes.
pub(super) fn agreed(model: &mut Model, confirm: Confirm) -> Vec<Effect> {
    changes::send(model, confirm.change, confirm.call)
}
