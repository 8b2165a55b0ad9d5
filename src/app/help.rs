//! The help, made from the keymap: the keys of what lies under it first. Typing finds a row.

use tui_input::Input;

use super::effect::Effect;
use super::keymap::Action;
use super::model::Model;

mod rows;
mod view;
pub(super) use view::view;

#[derive(Clone, Debug, Default)]
pub(super) struct Help {
    /// What is looked for.
    input: Input,
    /// Whether the keys of all screens are shown.
    all: bool,
    /// Rows scrolled past.
    offset: usize,
}

/// Opens it at its beginning.
pub(super) fn open(model: &mut Model) {
    model.help = Some(Help::default());
}

/// Lets `edit` change what is looked for.
pub(super) fn on_typed(model: &mut Model, edit: impl FnOnce(&mut Input) -> bool) -> Vec<Effect> {
    if let Some(help) = &mut model.help
        && edit(&mut help.input)
    {
        help.offset = 0;
        // Elsewhere a slash begins to look for something: whoever types it here means nothing else.
        if help.input.value() == "/" {
            help.input.reset();
        }
    }
    Vec::new()
}

pub(super) fn on_action(model: &mut Model, action: Action) {
    let (last, page) = view::scrolling(model);
    let Some(help) = &mut model.help else { return };
    let at = help.offset.min(last);
    match action {
        Action::Down => help.offset = (at + 1).min(last),
        Action::Up => help.offset = at.saturating_sub(1),
        Action::PageDown => help.offset = (at + page).min(last),
        Action::PageUp => help.offset = at.saturating_sub(page),
        Action::AllKeys => {
            help.all = !help.all;
            help.offset = 0;
        }
        Action::Cancel if !help.input.value().is_empty() => {
            help.input.reset();
            help.offset = 0;
        }
        Action::Cancel => model.help = None,
        _ => {}
    }
}
