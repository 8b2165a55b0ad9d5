//! Where each message goes.

use crossterm::event::{Event, KeyEvent, KeyEventKind};
use tui_input::Input;
use tui_input::backend::crossterm::EventHandler;

use super::effect::{Effect, Slot};
use super::keymap::{self, Action, Scope};
use super::model::{Dialog, Model, SCREENS, Screen, Toast, Tone};
use super::msg::{Msg, Reply, Stamp, Timer};
use super::{add_expense, alerts, budgets, changes, expenses, help, login, overview, session, sync};

/// Takes one message in; what must be done outside comes back.
pub fn update(model: &mut Model, msg: Msg, stamp: Stamp) -> Vec<Effect> {
    let before = model.today();
    model.now = stamp.local;
    model.unix_ms = stamp.unix_ms;
    let mut effects = match msg {
        Msg::Start => sync::start(model),
        Msg::Key(key) if key.kind == KeyEventKind::Release => Vec::new(),
        Msg::Key(key) => on_key(model, key, stamp),
        Msg::Paste(text) => on_paste(model, &text, stamp),
        Msg::Resize(columns, rows) => {
            model.size = (columns, rows);
            Vec::new()
        }
        Msg::Focus(focused) => sync::focus(model, focused),
        Msg::Timer(timer) => on_timer(model, timer),
        Msg::Reply(id, reply) => on_reply(model, id, reply, stamp),
        Msg::Revision(revision) => sync::on_revision(model, revision),
        Msg::StreamLost => sync::stream_lost(model),
        Msg::Resumed => sync::refresh(model),
        Msg::Minute => Vec::new(),
    };
    if model.today() != before {
        effects.extend(sync::refresh(model));
    }
    effects
}

/// The scopes that see a key, the innermost first, and whether letters are text there.
pub(super) fn scopes(model: &Model) -> (&'static [Scope], bool) {
    match (&model.dialog, model.screen) {
        (Some(Dialog::Help(_)), _) => (&[Scope::Help], false),
        (Some(Dialog::Expense(_)), _) => (&[Scope::ExpenseForm], true),
        (None, Screen::LogIn) => (&[Scope::LogIn], true),
        (None, Screen::Budgets) if model.budgets.editing() => (&[Scope::LimitField], true),
        (None, Screen::Expenses) if model.expenses.typing => (&[Scope::FilterField], true),
        (None, Screen::Overview) => (&[Scope::Overview, Scope::Lists, Scope::Everywhere], false),
        (None, Screen::Expenses) => (&[Scope::Expenses, Scope::Lists, Scope::Everywhere], false),
        (None, Screen::Budgets) => (&[Scope::Budgets, Scope::Lists, Scope::Everywhere], false),
        (None, Screen::Alerts) => (&[Scope::Alerts, Scope::Lists, Scope::Everywhere], false),
    }
}

fn on_key(model: &mut Model, key: KeyEvent, stamp: Stamp) -> Vec<Effect> {
    let (scopes, text) = scopes(model);
    let action = keymap::action(scopes, key);
    if action != Some(Action::Quit) {
        model.leaving = false;
    }
    match action {
        Some(Action::Quit) => quit(model),
        Some(Action::Suspend) => vec![Effect::Suspend],
        Some(Action::Redraw) => vec![Effect::Redraw],
        Some(Action::Help) => {
            help::open(model);
            Vec::new()
        }
        Some(action) => on_action(model, action, stamp),
        None if text => with_field(model, stamp, |field| {
            let before = field.value().to_owned();
            field.handle_event(&Event::Key(key));
            field.value() != before
        }),
        None => Vec::new(),
    }
}

fn on_action(model: &mut Model, action: Action, stamp: Stamp) -> Vec<Effect> {
    match (&model.dialog, model.screen) {
        (Some(Dialog::Help(_)), _) => {
            help::on_action(model, action);
            Vec::new()
        }
        (Some(Dialog::Expense(_)), _) => add_expense::on_action(model, action, stamp),
        (None, Screen::LogIn) => login::on_action(model, action),
        (None, screen) => on_screen(model, screen, action, stamp),
    }
}

fn on_screen(model: &mut Model, screen: Screen, action: Action, stamp: Stamp) -> Vec<Effect> {
    match action {
        Action::ShowOverview => show(model, Screen::Overview),
        Action::ShowExpenses => show(model, Screen::Expenses),
        Action::ShowBudgets => show(model, Screen::Budgets),
        Action::ShowAlerts => show(model, Screen::Alerts),
        Action::NextScreen => neighbour(model, 1),
        Action::PreviousScreen => neighbour(model, SCREENS.len() - 1),
        Action::Add => {
            add_expense::open_new(model, stamp);
            Vec::new()
        }
        Action::Undo => changes::undo(model),
        Action::Retry => sync::retry_now(model),
        Action::PreviousMonth => sync::go_to_month(model, Some(model.shown_month().plus(-1))),
        Action::NextMonth => sync::go_to_month(model, Some(model.shown_month().plus(1))),
        Action::ThisMonth => sync::go_to_month(model, None),
        Action::SaveChart => overview::save_chart(model),
        Action::LogOut => session::log_out(model),
        Action::Back => {
            model.toast = None;
            if screen == Screen::Overview {
                Vec::new()
            } else {
                show(model, Screen::Overview)
            }
        }
        _ => match screen {
            Screen::Overview => overview::on_action(model, action),
            Screen::Expenses => expenses::on_action(model, action, stamp),
            Screen::Budgets => budgets::on_action(model, action),
            Screen::Alerts => alerts::on_action(model, action),
            Screen::LogIn => Vec::new(),
        },
    }
}

pub(super) fn show(model: &mut Model, screen: Screen) -> Vec<Effect> {
    model.screen = screen;
    Vec::new()
}

fn neighbour(model: &mut Model, step: usize) -> Vec<Effect> {
    let at = SCREENS.iter().position(|s| *s == model.screen).unwrap_or(0);
    show(model, SCREENS[(at + step) % SCREENS.len()])
}

fn quit(model: &mut Model) -> Vec<Effect> {
    let unsaved = matches!(&model.dialog, Some(Dialog::Expense(form)) if form.has_text());
    if unsaved && !model.leaving {
        model.leaving = true;
        model.toast = Some(Toast {
            tone: Tone::Warn,
            text: "This expense is not saved. Enter saves it; ^C again leaves without.".to_owned(),
            seconds: None,
            undo: false,
        });
        return Vec::new();
    }
    model.quit = true;
    vec![Effect::Quit]
}

fn on_paste(model: &mut Model, text: &str, stamp: Stamp) -> Vec<Effect> {
    // A field is one line: line breaks and tabs of a pasted text become spaces, other controls go.
    let line: String = text
        .chars()
        .take(4096)
        .map(|c| if matches!(c, '\n' | '\r' | '\t') { ' ' } else { c })
        .collect();
    let line: String = line.chars().filter(|c| !c.is_control()).collect();
    if line.trim().is_empty() {
        return Vec::new();
    }
    let (_, is_text) = scopes(model);
    if !is_text {
        if model.dialog.is_none() && model.screen != Screen::LogIn {
            model.toast = Some(Toast {
                tone: Tone::Warn,
                text: "Nothing here takes a paste. Press a to add an expense, then paste.".to_owned(),
                seconds: Some(8),
                undo: false,
            });
            return vec![Effect::Wait {
                timer: Timer::Toast,
                after: sync::SECOND,
                jitter: false,
            }];
        }
        return Vec::new();
    }
    with_field(model, stamp, |field| {
        for c in line.chars() {
            field.handle(tui_input::InputRequest::InsertChar(c));
        }
        true
    })
}

/// Lets `edit` change the focused field and tells the screen when its text changed.
fn with_field(model: &mut Model, stamp: Stamp, edit: impl FnOnce(&mut Input) -> bool) -> Vec<Effect> {
    if let Some(Dialog::Expense(form)) = &mut model.dialog {
        let changed = form.focused_input().is_some_and(edit);
        return if changed {
            add_expense::on_typed(model, stamp)
        } else {
            Vec::new()
        };
    }
    match model.screen {
        Screen::LogIn => login::on_typed(model, edit),
        Screen::Budgets => budgets::on_typed(model, edit),
        Screen::Expenses => expenses::on_typed(model, edit),
        Screen::Overview | Screen::Alerts => Vec::new(),
    }
}

fn on_timer(model: &mut Model, timer: Timer) -> Vec<Effect> {
    match timer {
        Timer::Poll => sync::refresh(model),
        Timer::Predict => add_expense::predict(model),
        Timer::Stream => sync::open_stream(model),
        Timer::Toast => tick_toast(model),
    }
}

fn tick_toast(model: &mut Model) -> Vec<Effect> {
    match model.toast.as_mut().and_then(|toast| toast.seconds.as_mut()) {
        Some(seconds) if *seconds > 1 => {
            *seconds -= 1;
            vec![Effect::Wait {
                timer: Timer::Toast,
                after: sync::SECOND,
                jitter: false,
            }]
        }
        Some(_) => {
            model.toast = None;
            Vec::new()
        }
        None => Vec::new(),
    }
}

/// Shows `text` for eight seconds.
pub(super) fn say(model: &mut Model, tone: Tone, text: impl Into<String>, undo: bool) -> Effect {
    model.toast = Some(Toast {
        tone,
        text: text.into(),
        seconds: Some(8),
        undo,
    });
    Effect::Wait {
        timer: Timer::Toast,
        after: sync::SECOND,
        jitter: false,
    }
}

fn on_reply(model: &mut Model, id: u64, reply: Reply, stamp: Stamp) -> Vec<Effect> {
    let wanted = |slot: &mut Option<u64>| slot.take_if(|pending| *pending == id).is_some();
    match reply {
        Reply::LoggedIn(result) if wanted(&mut model.pending.session) => session::logged_in(model, result),
        Reply::Refreshed(result) if wanted(&mut model.pending.refresh) => sync::refreshed(model, *result),
        Reply::More(result) if wanted(&mut model.pending.more) => sync::more_arrived(model, result),
        Reply::Predicted(result) if wanted(&mut model.pending.predict) => add_expense::predicted(model, result),
        Reply::ChartSaved(result) if wanted(&mut model.pending.chart) => vec![match result {
            Ok(path) => say(model, Tone::Good, format!("Saved {path}"), false),
            Err(why) => say(model, Tone::Bad, why, false),
        }],
        Reply::Stored(result) => changes::finished(model, id, result.map(Some), stamp),
        Reply::Done(result) => changes::finished(model, id, result.map(|()| None), stamp),
        _ => Vec::new(),
    }
}

/// Starts a call in a slot and remembers nothing but its number.
pub(super) fn call(model: &mut Model, slot: Slot, call: super::effect::Call) -> (u64, Effect) {
    let id = model.next_request();
    (id, Effect::Call { id, slot, call })
}
