//! The help, made from the key table: this screen's keys first.

use super::keymap::{Action, Scope};
use super::model::{Dialog, Model};
use super::update::scopes;

mod view;
pub(super) use view::view;

#[derive(Clone, Debug)]
pub(super) struct Help {
    /// The scopes that were in force when it was opened.
    scopes: &'static [Scope],
    offset: usize,
    /// The form that lies under it.
    under: Option<Box<super::add_expense::Form>>,
}

pub(super) fn open(model: &mut Model) {
    let (scopes, _) = scopes(model);
    let under = match model.dialog.take() {
        Some(Dialog::Expense(form)) => Some(form),
        _ => None,
    };
    model.dialog = Some(Dialog::Help(Help {
        scopes,
        offset: 0,
        under,
    }));
}

pub(super) fn on_action(model: &mut Model, action: Action) {
    let last = view::last_offset(model);
    let Some(Dialog::Help(help)) = &mut model.dialog else {
        return;
    };
    match action {
        Action::Down => help.offset = (help.offset + 1).min(last),
        Action::Up => help.offset = help.offset.saturating_sub(1),
        Action::Cancel => model.dialog = help.under.take().map(Dialog::Expense),
        _ => {}
    }
}
