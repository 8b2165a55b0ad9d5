//! Clicks and the wheel. Whoever draws says where things are; nothing is remembered from drawing.

use crossterm::event::KeyCode;

use super::effect::Effect;
use super::keymap::{Action, Focus};
use super::list::Spot;
use super::model::{Model, SCREENS, Screen};
use super::msg::Stamp;
use super::toast::Tone;
use super::update::{focus, on_key, perform, say, show};
use super::view::is_one_line;
use super::{alerts, budgets, expenses, overview, view};

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
    if !model.mouse.on || is_one_line(model.size) {
        return Vec::new();
    }
    match (mouse.kind, focus(model)) {
        // What is being filled in keeps its fields.
        (_, Focus::LogIn | Focus::ExpenseForm | Focus::AlwaysBox) => Vec::new(),
        (MouseKind::WheelUp, _) => turn(model, mouse, Action::Up, stamp),
        (MouseKind::WheelDown, _) => turn(model, mouse, Action::Down, stamp),
        (MouseKind::Click, Focus::Overview | Focus::Expenses | Focus::Budgets | Focus::Alerts) => {
            click(model, mouse, stamp)
        }
        // A dialog is answered with keys: nothing is done by a stray click.
        (MouseKind::Click, _) => Vec::new(),
    }
}

/// Moves the cursor of the list under the mouse.
fn turn(model: &mut Model, mouse: Mouse, action: Action, stamp: Stamp) -> Vec<Effect> {
    if focus(model) == Focus::Overview
        && let Some((pane, _)) = overview::at(model, mouse.column, mouse.row)
    {
        overview::focus_pane(model, pane);
    }
    move_by(model, action, NOTCH, stamp)
}

fn move_by(model: &mut Model, action: Action, steps: usize, stamp: Stamp) -> Vec<Effect> {
    (0..steps).flat_map(|_| perform(model, action, stamp)).collect()
}

fn click(model: &mut Model, mouse: Mouse, stamp: Stamp) -> Vec<Effect> {
    let before = model.mouse.last.take();
    let at = (mouse.column, mouse.row);
    let twice = before.is_some_and(|(column, row, when)| (column, row) == at && stamp.unix_ms - when <= DOUBLE_CLICK);
    if let Some(screen) = tab_at(model, mouse) {
        return show(model, screen);
    }
    let Some(spot) = spot(model, mouse) else {
        return Vec::new();
    };
    let (action, steps) = if spot.row < spot.selected {
        (Action::Up, spot.selected - spot.row)
    } else {
        (Action::Down, spot.row - spot.selected)
    };
    let mut effects = move_by(model, action, steps, stamp);
    if twice {
        effects.extend(on_key(model, KeyCode::Enter.into(), stamp));
    } else {
        model.mouse.last = Some((mouse.column, mouse.row, stamp.unix_ms));
    }
    effects
}

/// The row of a list under the mouse; on the overview its pane gets the keyboard.
fn spot(model: &mut Model, mouse: Mouse) -> Option<Spot> {
    let (column, row) = (mouse.column, mouse.row);
    match model.screen {
        Screen::LogIn => None,
        Screen::Overview => {
            let (pane, spot) = overview::at(model, column, row)?;
            overview::focus_pane(model, pane);
            spot
        }
        Screen::Expenses => expenses::at(model, column, row),
        Screen::Budgets => budgets::at(model, column, row),
        Screen::Alerts => alerts::at(model, column, row),
    }
}

/// The screen whose name in the header lies there.
fn tab_at(model: &Model, mouse: Mouse) -> Option<Screen> {
    if mouse.row > 0 {
        return None;
    }
    SCREENS.get(view::tab_at(model, mouse.column)?).copied()
}
