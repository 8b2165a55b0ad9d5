//! The help, made from the key table: the keys of what lies under it first.

use super::keymap::Action;
use super::model::Model;

mod view;
pub(super) use view::view;

#[derive(Clone, Debug, Default)]
pub(super) struct Help {
    offset: usize,
}

pub(super) fn on_action(model: &mut Model, action: Action) {
    let last = view::last_offset(model);
    let Some(help) = &mut model.help else { return };
    match action {
        Action::Down => help.offset = (help.offset + 1).min(last),
        Action::Up => help.offset = help.offset.min(last).saturating_sub(1),
        Action::Cancel => model.help = None,
        _ => {}
    }
}
