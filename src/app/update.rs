//! Where each message goes.

use crossterm::event::{Event, KeyEvent, KeyEventKind};
use tui_input::backend::crossterm::EventHandler;

use super::add_expense::Form;
use super::effect::{Effect, Slot};
use super::history::{self, Way};
use super::keymap::{Action, Focus};
use super::model::{Model, SCREENS, Screen};
use super::msg::{Msg, Reply, Stamp, Timer};
use super::toast::Tone;
use super::view::is_one_line;
use super::{
    add_expense, alerts, budgets, changes, chooser, expenses, fields, help, leave, leaving, likely, login, mouse,
    move_money, overview, palette, question, review, session, sessions, stream, sync, toast, was,
};
use crate::ui::Depth;

pub(super) use super::toast::{offer, refuse, say, unsupported};

/// Most keys that are kept while a form is on its way.
const MAX_AHEAD: usize = 256;

/// Takes one message in; what must be done outside comes back.
pub fn update(model: &mut Model, msg: Msg, stamp: Stamp) -> Vec<Effect> {
    let before = model.today();
    model.now = stamp.local;
    model.unix_ms = stamp.unix_ms;
    let mut effects = match msg {
        Msg::Start => start(model),
        Msg::Key(key) if key.kind == KeyEventKind::Release => Vec::new(),
        Msg::Key(key) => on_key(model, key, stamp),
        Msg::Paste(text) => fields::paste(model, &text, stamp),
        Msg::Mouse(mouse) => mouse::on_mouse(model, mouse, stamp),
        Msg::Look(look) => {
            model.settings.dress(look);
            Vec::new()
        }
        Msg::Resize(columns, rows) => {
            model.size = (columns, rows);
            Vec::new()
        }
        Msg::Focus(focused) => sync::focus(model, focused),
        Msg::Timer(timer) => on_timer(model, timer),
        Msg::Reply(id, reply) => on_reply(model, id, reply, stamp),
        Msg::Revision(revision) => stream::on_revision(model, revision),
        Msg::StreamOpen => stream::opened(model),
        Msg::StreamLost(failure) => stream::lost(model, failure.as_ref()),
        Msg::Resumed => sync::refresh(model),
        Msg::Minute => Vec::new(),
    };
    if model.today() != before {
        effects.extend(sync::refresh(model));
    }
    effects.extend(expenses::keep_up(model));
    effects.extend(review::keep_up(model));
    effects.extend(likely::keep_up(model));
    overview::settle(model);
    expenses::settle(model);
    budgets::settle(model);
    alerts::settle(model);
    sessions::settle(model);
    palette::settle(model);
    effects
}

fn start(model: &mut Model) -> Vec<Effect> {
    let mut effects = mouse::start(model);
    effects.extend(sync::start(model));
    effects
}

/// What has the keyboard.
pub(super) fn focus(model: &Model) -> Focus {
    if model.palette.is_some() {
        Focus::Palette
    } else if model.help.is_some() {
        Focus::Help
    } else {
        focus_under_overlays(model)
    }
}

/// What would have the keyboard without help and palette.
pub(super) fn focus_under_overlays(model: &Model) -> Focus {
    match model.screen {
        _ if question::in_front(model).is_some() => Focus::Question,
        _ if model.chooser.is_some() => Focus::Chooser,
        _ if model.form.as_deref().is_some_and(Form::can_complete) => Focus::Completion,
        _ if model.form.as_deref().is_some_and(|form| form.is_on_box(model)) => Focus::AlwaysBox,
        _ if model.form.is_some() => Focus::ExpenseForm,
        _ if model.review.is_some() => Focus::Review,
        Screen::LogIn => Focus::LogIn,
        _ if model.moving.is_some() => Focus::MoveForm,
        _ if model.sessions.dialog.is_some() => Focus::Sessions,
        Screen::Budgets => budgets::focus(model),
        Screen::Expenses if model.expenses.typing => Focus::FilterField,
        Screen::Overview => Focus::Overview,
        Screen::Expenses => Focus::Expenses,
        Screen::Alerts => Focus::Alerts,
    }
}

pub(super) fn on_key(model: &mut Model, key: KeyEvent, stamp: Stamp) -> Vec<Effect> {
    let focus = focus(model);
    let action = model.settings.keys.action(focus.scopes(), key);
    if is_one_line(model.size) && !matches!(action, Some(Action::Quit | Action::Suspend | Action::Redraw)) {
        // What nobody can see, nobody can mean.
        return Vec::new();
    }
    if action != Some(Action::Quit) {
        leave::stay(model);
    }
    if is_ahead(model, action) {
        // Enter pressed twice means what Enter pressed once means.
        let twice = model.ahead.is_empty() && action == Some(Action::Submit);
        if model.ahead.len() < MAX_AHEAD && !twice {
            model.ahead.push(key);
        }
        return Vec::new();
    }
    match action {
        Some(action) => perform(model, action, stamp),
        None if focus.takes_text() => fields::with(model, |field| {
            let before = field.value().to_owned();
            field.handle_event(&Event::Key(key));
            field.value() != before
        }),
        None => Vec::new(),
    }
}

/// `T`: the next theme, until the program ends.
fn next_theme(model: &mut Model) -> Vec<Effect> {
    model.settings.themes.choose_next();
    put_on_theme(model)
}

/// Draws with the chosen theme, and says how to keep it.
pub(super) fn put_on_theme(model: &mut Model) -> Vec<Effect> {
    model.settings.dress(model.settings.look);
    let name = model.settings.themes.name();
    let words = if model.settings.look.depth == Depth::None {
        format!("Theme {name}, without colours here. To keep it: theme = \"{name}\" in config.toml.")
    } else {
        format!("Theme {name}. To keep it: theme = \"{name}\" in config.toml.")
    };
    let follows = model.settings.themes.follows_background(model.settings.look);
    let asked = follows.then_some(Effect::FollowBackground);
    let said = say(model, Tone::Good, words);
    asked.into_iter().chain([said]).collect()
}

/// Does what an action says.
pub(super) fn perform(model: &mut Model, action: Action, stamp: Stamp) -> Vec<Effect> {
    match action {
        Action::Quit => leave::quit(model),
        Action::Suspend => vec![Effect::Suspend],
        Action::Redraw => vec![Effect::Redraw],
        Action::Help => {
            help::open(model);
            Vec::new()
        }
        Action::Palette => {
            palette::open(model);
            Vec::new()
        }
        _ => on_action(model, action, stamp),
    }
}

/// Whether a key waits until the form that is on its way has been answered.
fn is_ahead(model: &Model, action: Option<Action>) -> bool {
    let at_once = [
        Action::Cancel,
        Action::Quit,
        Action::Suspend,
        Action::Redraw,
        Action::Help,
        Action::Palette,
    ];
    let sending = model.form.as_deref().is_some_and(Form::is_sending);
    let over = model.help.is_some() || model.palette.is_some();
    sending && !over && !action.is_some_and(|action| at_once.contains(&action))
}

/// The form was answered: the keys that waited are typed now, or forgotten when it was not stored.
fn type_ahead(model: &mut Model, stamp: Stamp) -> Vec<Effect> {
    if model.form.as_deref().is_some_and(Form::is_sending) {
        return Vec::new();
    }
    let keys = std::mem::take(&mut model.ahead);
    let failed = model.form.as_deref().is_some_and(Form::has_failed);
    if failed || !model.questions.is_empty() || model.screen == Screen::LogIn {
        return Vec::new();
    }
    keys.into_iter().flat_map(|key| on_key(model, key, stamp)).collect()
}

pub(super) fn on_action(model: &mut Model, action: Action, stamp: Stamp) -> Vec<Effect> {
    if model.palette.is_some() {
        palette::on_action(model, action, stamp)
    } else if model.help.is_some() {
        help::on_action(model, action);
        Vec::new()
    } else if question::in_front(model).is_some() {
        question::on_action(model, action)
    } else if model.chooser.is_some() {
        chooser::on_action(model, action)
    } else if model.form.is_some() {
        add_expense::on_action(model, action)
    } else if model.moving.is_some() {
        move_money::on_action(model, action)
    } else if model.review.is_some() {
        review::on_action(model, action)
    } else if model.sessions.dialog.is_some() {
        sessions::on_action(model, action)
    } else {
        match model.screen {
            Screen::LogIn => login::on_action(model, action),
            screen => on_screen(model, screen, action, stamp),
        }
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
        Action::Add => add_expense::open_new(model, stamp),
        Action::NewCategory => budgets::open_new(model, stamp.id),
        Action::Undo => history::go(model, Way::Back),
        Action::Redo => history::go(model, Way::Again),
        Action::Review => review::open(model),
        Action::Retry => sync::retry_now(model),
        Action::PreviousMonth => sync::go_to_month(model, Some(model.wanted_month().plus(-1))),
        Action::NextMonth => sync::go_to_month(model, Some(model.wanted_month().plus(1))),
        Action::ThisMonth => sync::go_to_month(model, None),
        Action::SaveChart => overview::save_chart(model),
        Action::Mouse => mouse::toggle(model),
        Action::Theme => next_theme(model),
        Action::Sessions => sessions::open(model),
        Action::LogOut => session::ask_to_log_out(model),
        Action::Back | Action::ClearFilter if model.pending.by_hand => sync::stop_asking(model),
        Action::Back => {
            model.toast = None;
            show(model, Screen::Overview)
        }
        _ => match screen {
            Screen::Overview => overview::on_action(model, action),
            Screen::Expenses => expenses::on_action(model, action),
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

fn on_timer(model: &mut Model, timer: Timer) -> Vec<Effect> {
    match timer {
        Timer::Poll => sync::refresh(model),
        Timer::Predict => add_expense::predict(model),
        Timer::Stream => stream::open(model),
        Timer::Countdown => sync::count_down(model),
        Timer::Toast => toast::tick(model),
        Timer::Waiting => session::waited(model),
        Timer::Rest => {
            expenses::paused(model);
            likely::paused(model);
            Vec::new()
        }
        Timer::Leaving => leaving::tick(model),
    }
}

fn on_reply(model: &mut Model, id: u64, reply: Reply, stamp: Stamp) -> Vec<Effect> {
    let wanted = |slot: &mut Option<u64>| slot.take_if(|pending| *pending == id).is_some();
    match reply {
        Reply::LoggedIn(result) if wanted(&mut model.pending.session) => session::logged_in(model, result),
        Reply::SignUpMode(Ok(mode)) => {
            model.login.admits(mode);
            Vec::new()
        }
        Reply::Refreshed(result) if wanted(&mut model.pending.refresh) => sync::refreshed(model, *result),
        Reply::Refreshed(result) => budgets::copied(model, id, *result),
        Reply::Found(result) if expenses::is_mine(model, id) => expenses::found(model, id, result),
        Reply::Found(result) if review::is_mine(model, id) => review::found(model, result),
        Reply::Predicted(result) if likely::is_mine(model, id) => likely::predicted(model, result),
        Reply::History(result) => was::arrived(model, id, result),
        Reply::Categories(result) => budgets::found_namesake(model, id, result),
        Reply::Predicted(result) => add_expense::predicted(model, id, result),
        Reply::ChartSaved(result) if wanted(&mut model.pending.chart) => vec![match result {
            Ok(path) => say(model, Tone::Good, format!("Saved {path}")),
            Err(why) => say(model, Tone::Bad, why),
        }],
        Reply::Stored(result) => {
            let mut effects = changes::finished(model, id, result.map(Some), stamp);
            effects.extend(type_ahead(model, stamp));
            effects
        }
        Reply::Sessions(result) => sessions::found(model, id, result),
        Reply::Done(result) if sessions::is_mine(model, id) => sessions::ended(model, id, result),
        Reply::RuleMade(result) => changes::rule_made(model, id, result, stamp),
        Reply::Done(result) => changes::finished(model, id, result.map(|()| None), stamp),
        _ => Vec::new(),
    }
}

/// Starts a call in a slot and remembers nothing but its number.
pub(super) fn call(model: &mut Model, slot: Slot, call: super::effect::Call) -> (u64, Effect) {
    let id = model.next_request();
    (id, Effect::Call { id, slot, call })
}
