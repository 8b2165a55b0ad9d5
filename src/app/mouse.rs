//! Clicks and the wheel. Whoever draws says where things are; nothing is remembered from drawing.

use crossterm::event::KeyCode;

use super::effect::Effect;
use super::keymap::Action;
use super::model::{Model, Screen, Tone};
use super::msg::Stamp;
use super::update::{focus, on_action, on_key, say, show};
use super::view::is_one_line;
use super::{model::SCREENS, view};

/// Two clicks at one place within this time, in ms, are a double click.
const DOUBLE_CLICK: i64 = 400;
/// Rows that one notch of the wheel goes.
const NOTCH: usize = 3;

/// What the mouse did.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Mouse {
    /// Column on the screen, the first is 0.
    pub column: u16,
    /// Row on the screen, the first is 0.
    pub row: u16,
    /// What happened there.
    pub kind: MouseKind,
}

/// Kinds of [`Mouse`] events.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum MouseKind {
    /// The left button was pressed.
    Click,
    /// The wheel was turned away from the user.
    WheelUp,
    /// The wheel was turned towards the user.
    WheelDown,
}

#[derive(Clone, Copy, Debug, Default)]
pub(super) struct State {
    /// Whether the terminal reports it, and the user cannot select text without Shift.
    on: bool,
    /// The place and time (UTC ms) of the last click, if it was no double click.
    last: Option<(u16, u16, i64)>,
}

/// Turns it on at the start, when the user has configured that.
pub(super) fn start(model: &mut Model) -> Vec<Effect> {
    model.mouse.on = model.settings.mouse;
    if model.mouse.on {
        vec![Effect::Mouse(true)]
    } else {
        Vec::new()
    }
}

/// `M`.
pub(super) fn toggle(model: &mut Model) -> Vec<Effect> {
    model.mouse.on = !model.mouse.on;
    let words = if model.mouse.on {
        "Mouse on: click, double click, wheel. Shift-drag selects text."
    } else {
        "Mouse off: drag selects text."
    };
    let said = say(model, Tone::Good, words);
    vec![Effect::Mouse(model.mouse.on), said]
}

pub(super) fn on_mouse(model: &mut Model, mouse: Mouse, stamp: Stamp) -> Vec<Effect> {
    // A dialog and a text field keep what they have: nothing is changed by a stray click.
    if !model.mouse.on || is_one_line(model.size) || model.form.is_some() || focus(model).takes_text() {
        return Vec::new();
    }
    match mouse.kind {
        MouseKind::WheelUp => turn(model, Action::Up, stamp),
        MouseKind::WheelDown => turn(model, Action::Down, stamp),
        MouseKind::Click if model.help.is_some() => Vec::new(),
        MouseKind::Click => click(model, mouse, stamp),
    }
}

fn turn(model: &mut Model, action: Action, stamp: Stamp) -> Vec<Effect> {
    (0..NOTCH).flat_map(|_| on_action(model, action, stamp)).collect()
}

fn click(model: &mut Model, mouse: Mouse, stamp: Stamp) -> Vec<Effect> {
    let before = model.mouse.last.take();
    let at = (mouse.column, mouse.row);
    if before.is_some_and(|(column, row, when)| (column, row) == at && stamp.unix_ms - when <= DOUBLE_CLICK) {
        return on_key(model, KeyCode::Enter.into(), stamp);
    }
    model.mouse.last = Some((mouse.column, mouse.row, stamp.unix_ms));
    if let Some(screen) = tab_at(model, mouse) {
        return show(model, screen);
    }
    Vec::new()
}

/// The screen whose name in the header lies there.
fn tab_at(model: &Model, mouse: Mouse) -> Option<Screen> {
    if mouse.row > 0 {
        return None;
    }
    SCREENS.get(view::tab_at(model, mouse.column)?).copied()
}
