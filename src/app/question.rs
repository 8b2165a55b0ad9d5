//! A question over the screen: nothing else happens before it is answered, and Esc is always the safe answer.

use super::confirm::{self, Confirm};
use super::conflict::{self, Conflict};
use super::effect::{Effect, Slot};
use super::keymap::Action;
use super::model::Model;
use super::session;
use super::sessions::{self, Ending};
use super::was::Was;

mod view;
pub(super) use view::view;

/// What is asked, and the answer that Enter would give.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Question {
    about: About,
    selected: usize,
}

#[derive(Clone, PartialEq, Debug)]
enum About {
    Confirm(Box<Confirm>),
    Conflict(Box<Conflict>),
    End(Ending),
    LogOut,
    Was(Box<Was>),
}

/// One answer on its button.
struct Answer {
    /// The key that gives it at once.
    action: Action,
    words: String,
}

impl Question {
    pub(super) fn confirm(confirm: Confirm) -> Self {
        Self {
            about: About::Confirm(Box::new(confirm)),
            selected: 0,
        }
    }

    pub(super) fn conflict(conflict: Conflict) -> Self {
        Self {
            about: About::Conflict(Box::new(conflict)),
            selected: 0,
        }
    }

    /// Whether to end sessions.
    pub(super) fn end(ending: Ending) -> Self {
        Self {
            about: About::End(ending),
            selected: 0,
        }
    }

    pub(super) fn log_out() -> Self {
        Self {
            about: About::LogOut,
            selected: 0,
        }
    }

    pub(super) fn was(was: Was) -> Self {
        Self {
            about: About::Was(Box::new(was)),
            selected: 0,
        }
    }

    /// The list of what an expense was, if it is this.
    pub(super) fn as_was(&mut self) -> Option<&mut Was> {
        match &mut self.about {
            About::Was(was) => Some(was),
            _ => None,
        }
    }

    /// The answers; the first one is safe.
    fn answers(&self) -> Vec<Answer> {
        let answer = |action, words: &str| Answer {
            action,
            words: words.to_owned(),
        };
        match &self.about {
            About::Confirm(confirm) => vec![answer(Action::No, confirm.keep), answer(Action::Yes, &confirm.act)],
            About::End(ending) => vec![answer(Action::No, "Keep"), answer(Action::Yes, &ending.act())],
            About::Was(_) => vec![answer(Action::Submit, "Close")],
            About::LogOut => vec![answer(Action::No, "Stay"), answer(Action::Yes, "Log out")],
            About::Conflict(conflict) => {
                let mut answers = vec![
                    answer(Action::FirstAnswer, "Keep theirs"),
                    answer(Action::SecondAnswer, "Keep mine"),
                ];
                if conflict.form().is_some() {
                    answers.push(answer(Action::ThirdAnswer, "Go on editing"));
                }
                answers
            }
        }
    }
}

/// The question, unless it has to wait: what is being typed elsewhere is not taken for an answer.
pub(super) fn in_front(model: &Model) -> Option<&Question> {
    let question = model.questions.front()?;
    let typing = model.form.is_some()
        || model.moving.is_some()
        || model.chooser.is_some()
        || model.budgets.editing()
        || model.expenses.typing;
    let of_form = matches!(&question.about, About::Conflict(conflict) if conflict.form().is_some());
    (!typing || of_form).then_some(question)
}

/// Whether `action` is one of the answers, or moves between them.
pub(super) fn knows(question: &Question, action: Action) -> bool {
    match action {
        // There is nothing to answer.
        _ if matches!(question.about, About::Was(_)) => false,
        Action::Yes | Action::No | Action::FirstAnswer | Action::SecondAnswer | Action::ThirdAnswer => {
            question.answers().iter().any(|answer| answer.action == action)
        }
        _ => true,
    }
}

pub(super) fn on_action(model: &mut Model, action: Action) -> Vec<Effect> {
    let Some(question) = model.questions.front_mut() else {
        return Vec::new();
    };
    let answers = question.answers();
    let chosen = match action {
        Action::NextChoice => {
            question.selected = (question.selected + 1) % answers.len();
            return Vec::new();
        }
        Action::PreviousChoice => {
            question.selected = (question.selected + answers.len() - 1) % answers.len();
            return Vec::new();
        }
        Action::Submit => question.selected,
        Action::Cancel => return cancel(model),
        _ => match answers.iter().position(|answer| answer.action == action) {
            Some(at) => at,
            None => return Vec::new(),
        },
    };
    match (model.questions.pop_front().map(|question| question.about), chosen) {
        (Some(About::Confirm(confirm)), 1) => confirm::agreed(model, *confirm),
        (Some(About::Conflict(conflict)), 0) => conflict::keep_theirs(model, &conflict),
        (Some(About::Conflict(conflict)), 1) => conflict::keep_mine(model, *conflict),
        (Some(About::Conflict(conflict)), _) => conflict::go_on(model, *conflict),
        (Some(About::End(ending)), 1) => sessions::agreed(model, ending),
        (Some(About::LogOut), 1) => session::log_out(model),
        (Some(About::Was(_)), _) => vec![Effect::Cancel(Slot::History)],
        (Some(About::Confirm(_) | About::End(_) | About::LogOut) | None, _) => Vec::new(),
    }
}

/// Esc: nothing is sent, and what was typed stays where it is.
fn cancel(model: &mut Model) -> Vec<Effect> {
    match model.questions.pop_front().map(|question| question.about) {
        Some(About::Conflict(conflict)) => conflict::go_on(model, *conflict),
        Some(About::Was(_)) => vec![Effect::Cancel(Slot::History)],
        Some(About::Confirm(_) | About::End(_) | About::LogOut) | None => Vec::new(),
    }
}
