//! The frame round every screen: header, event line, footer; and what lies over it.

use jiff::SignedDuration;
use jiff::civil::DateTime;
use std::time::Duration;

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::footer;
use super::keymap::{Action, Focus};
use super::model::{Link, Model, SCREENS, Screen};
use super::toast::{Offer, Toast, Tone};
use super::{
    add_expense, alerts, budgets, chooser, expenses, help, login, move_money, overview, palette, question, review,
    sessions, sync,
};
use crate::api::Failure;
use crate::ui::header::{self, Header, Tab};
use crate::ui::panel::Panel;
use crate::ui::toast::{self, ToastKind};
use crate::ui::{self, Hint, Role, Skin};

/// Below this size the whole program is one line.
const SMALLEST: (u16, u16) = (30, 6);

/// Whether the window shows one line only, so that a change could not be seen.
pub(super) fn is_one_line(size: (u16, u16)) -> bool {
    size.0 < SMALLEST.0 || size.1 < SMALLEST.1
}
/// Numbers older than this are called old, however slowly the server is polled.
const STALE: SignedDuration = SignedDuration::from_mins(10);

/// Draws the whole screen; never changes the model.
pub fn view(model: &Model, frame: &mut Frame) {
    let area = frame.area();
    let cursor = draw(model, frame.buffer_mut(), area);
    ui::part_clusters(frame.buffer_mut());
    if let Some(at) = cursor {
        frame.set_cursor_position(at);
    }
}

/// Draws everything but the cursor, and tells where that is.
fn draw(model: &Model, buf: &mut Buffer, area: Rect) -> Option<Position> {
    if is_one_line((area.width, area.height)) {
        overview::view_line(model, buf, area);
        return None;
    }
    draw_header(model, buf, ui::row(area, 0));
    let body = body(area);
    let mut cursor = match model.screen {
        Screen::LogIn => login::view(model, buf, body),
        Screen::Overview => overview::view(model, buf, body),
        Screen::Expenses => expenses::view(model, buf, body),
        Screen::Budgets => budgets::view(model, buf, body),
        Screen::Alerts => alerts::view(model, buf, body),
    };
    let backdrop = Rect {
        height: area.height - 2,
        ..area
    };
    if let Some(review) = &model.review {
        ui::theme::dim_area(buf, backdrop, &model.skin().theme);
        review::view(model, review, buf, body);
        cursor = None;
    }
    if let Some(dialog) = &model.sessions.dialog {
        ui::theme::dim_area(buf, backdrop, &model.skin().theme);
        sessions::view(model, dialog, buf, body);
        cursor = None;
    }
    if let Some(form) = model.form.as_ref().filter(|_| !expenses::holds_form(model)) {
        ui::theme::dim_area(buf, backdrop, &model.skin().theme);
        cursor = add_expense::view(model, form, buf, body);
    }
    if let Some(dialog) = &model.moving {
        ui::theme::dim_area(buf, backdrop, &model.skin().theme);
        cursor = move_money::view(model, dialog, buf, body);
    }
    if let Some(chooser) = &model.chooser {
        ui::theme::dim_area(buf, backdrop, &model.skin().theme);
        cursor = chooser::view(model, chooser, buf, body);
    }
    if let Some(question) = question::in_front(model) {
        ui::theme::dim_area(buf, backdrop, &model.skin().theme);
        question::view(model, question, buf, body);
        cursor = None;
    }
    if let Some(help) = &model.help {
        ui::theme::dim_area(buf, backdrop, &model.skin().theme);
        cursor = help::view(model, help, buf, body);
    }
    if let Some(palette) = &model.palette {
        ui::theme::dim_area(buf, backdrop, &model.skin().theme);
        cursor = palette::view(model, palette, buf, body);
    }
    draw_event(model, buf, ui::row(area, area.height - 2));
    draw_footer(model, buf, ui::row(area, area.height - 1));
    cursor
}

/// What an empty screen says before the first answer.
pub(super) const WAITING: &str = "Waiting for the first numbers.";

/// What header, event line and footer leave.
pub(super) fn body(area: Rect) -> Rect {
    Rect {
        y: area.y + 1,
        height: area.height.saturating_sub(3),
        ..area
    }
}

/// The body of a screen of the model's size.
pub(super) fn body_of(model: &Model) -> Rect {
    body(Rect::new(0, 0, model.size.0, model.size.1))
}

fn draw_header(model: &Model, buf: &mut Buffer, area: Rect) {
    let skin = model.skin();
    buf.set_style(area, skin.theme.style(Role::Field));
    if model.screen == Screen::LogIn {
        let version = Span::styled(concat!(" ", env!("CARGO_PKG_VERSION")), skin.theme.style(Role::Muted));
        let mut left = header::brand("budget", skin);
        left.push(version);
        let place = skin.fit(&model.settings.place, 40);
        let right = vec![
            Span::styled("server ", skin.theme.style(Role::Muted)),
            Span::styled(place, skin.theme.style(Role::Text)),
        ];
        return ui::put(buf, area, &header::spread(left, right, area.width, skin));
    }
    with_header(model, |header| ui::put(buf, area, &header.line(area.width, skin)));
}

/// The place of the screen whose name stands in this column of the header.
pub(super) fn tab_at(model: &Model, column: u16) -> Option<usize> {
    with_header(model, |header| header.tab_at(column, model.size.0, model.skin()))
}

fn with_header<T>(model: &Model, then: impl FnOnce(&Header<'_>) -> T) -> T {
    let tabs = [
        tab("Overview", 0),
        tab("Expenses", 0),
        tab("Budgets", 0),
        tab("Alerts", model.unread()),
    ];
    let link = link_words(model);
    let short = short_month(model);
    then(&Header {
        tabs: &tabs,
        active: SCREENS.iter().position(|s| *s == model.screen).unwrap_or(0),
        link: link.state,
        status: &link.words,
        clock: &link.clock,
        user: model.user.as_ref().map_or("", |user| user.name.as_str()),
        short: &short,
    })
}

fn tab(name: &str, badge: usize) -> Tab<'_> {
    Tab { name, badge }
}

/// The connection as the header tells it.
struct LinkWords {
    state: header::Link,
    words: String,
    clock: String,
}

fn link_words(model: &Model) -> LinkWords {
    let time = |at: DateTime| at.strftime("%H:%M").to_string();
    let (state, words, clock) = match &model.link {
        Link::Connecting => (header::Link::Connecting, "connecting".to_owned(), String::new()),
        Link::Live(at) if is_stale(model, *at) => {
            (header::Link::Offline, format!("last news {}", time(*at)), String::new())
        }
        Link::Live(_) if model.pending.by_hand || model.awaited_month().is_some() => {
            (header::Link::Connecting, "loading".to_owned(), String::new())
        }
        Link::Live(at) => (header::Link::Live, news_words(model), time(*at)),
        Link::Down { since, failure, .. } => {
            let (state, word) = match failure {
                Failure::Offline { .. } => (header::Link::Offline, "offline".to_owned()),
                Failure::Busy { status, .. } => (header::Link::Failing, format!("error {status}")),
                _ => (header::Link::Failing, "failing".to_owned()),
            };
            (
                state,
                down_words(model, &word, *since),
                format!("{} now", footer::key_name(model, Action::Retry)),
            )
        }
    };
    LinkWords { state, words, clock }
}

/// How news come: `live`, or `polling every 15 s` where there is no event stream.
fn news_words(model: &Model) -> String {
    if model.stream.open_since.is_some() {
        return "live".to_owned();
    }
    let seconds = sync::poll_interval(model).as_secs();
    if seconds >= 60 && seconds.is_multiple_of(60) {
        format!("polling every {} min", seconds / 60)
    } else {
        format!("polling every {seconds} s")
    }
}

/// `offline 12 min, 3 pending`, `error 503, retry in 8 s`.
fn down_words(model: &Model, word: &str, since: DateTime) -> String {
    let minutes = model.now.duration_since(since).as_secs() / 60;
    let long = match minutes {
        ..1 => String::new(),
        1..120 => format!(" {minutes} min"),
        _ => format!(" {} h", minutes / 60),
    };
    let more = match (model.changes.len(), sync::seconds_left(model)) {
        (0, None) => String::new(),
        (0, Some(seconds)) => format!(", retry in {seconds} s"),
        (pending, _) => format!(", {pending} pending"),
    };
    format!("{word}{long}{more}")
}

/// Whether the numbers are older than they should be, for example after the machine slept.
fn is_stale(model: &Model, at: DateTime) -> bool {
    let expected = SignedDuration::try_from(model.settings.poll * 8).unwrap_or(SignedDuration::MAX);
    model.now.duration_since(at) > expected.max(STALE)
}

/// `Nov 22/30 80%`.
pub(super) fn short_month(model: &Model) -> String {
    let month = model.shown_month();
    let progress = model.progress(month);
    let used = model
        .totals()
        .and_then(|t| t.used())
        .map_or(String::new(), |percent| format!(" {percent}%"));
    format!("{} {}/{}{used}", month.short_name(), progress.day, progress.length)
}

/// What the event line says: the last event, else what is wrong or awaited.
fn draw_event(model: &Model, buf: &mut Buffer, area: Rect) {
    let skin = model.skin();
    let (kind, text, action) = if let Some(toast) = &model.toast {
        let kind = match toast.tone {
            Tone::Good => ToastKind::Ok,
            Tone::Warn => ToastKind::Warn,
            Tone::Bad => ToastKind::Error,
        };
        (kind, toast.text.clone(), offered(model, toast))
    } else if model.screen == Screen::LogIn {
        return;
    } else if let Link::Down { failure, pause, .. } = &model.link {
        // What to do stands first: a narrow line cuts the reason, not the way out.
        (
            ToastKind::Warn,
            format!(
                "{}, {} now. {failure}",
                next_try(model, *pause),
                footer::key_name(model, Action::Retry)
            ),
            None,
        )
    } else if let Some(month) = model.awaited_month() {
        (ToastKind::Plain, format!("Loading {}.", month.long_name()), None)
    } else if let Some(words) = budgets::unsaved_words(model).filter(|_| model.screen == Screen::Budgets) {
        (ToastKind::Plain, words, None)
    } else {
        return;
    };
    let action = action.as_ref().map(|(key, words)| Hint::new(key, words));
    let toast = toast::Toast {
        kind,
        text: &text,
        action,
    };
    ui::put(buf, area, &toast.line(area.width, skin));
}

/// The key that does something about a toast, and what it does.
fn offered(model: &Model, toast: &Toast) -> Option<(String, String)> {
    let (action, word) = match toast.offer {
        Offer::Undo => (Action::Undo, "undo"),
        Offer::Redo => (Action::Redo, "redo"),
        Offer::Nothing | Offer::Leave => return None,
    };
    let key = model.settings.keys.key(Focus::Overview.scopes(), action)?;
    Some((
        footer::key_label(key, model.skin()),
        if model.settings.motion {
            format!("{word} {}s", toast.seconds)
        } else {
            word.to_owned()
        },
    ))
}

fn draw_footer(model: &Model, buf: &mut Buffer, area: Rect) {
    let skin = model.skin();
    buf.set_style(area, skin.theme.style(Role::Field));
    let kept = footer::hints(model, area.width);
    let hints: Vec<Hint<'_>> = kept.iter().map(|(key, words)| Hint::new(key, words)).collect();
    let right = match model.changes.len() {
        0 => String::new(),
        n => format!("{n} pending"),
    };
    ui::put(buf, area, &header::footer(&hints, &right, area.width, skin));
}

/// `Next try in 8 s`; what is not counted down is not told to the second.
fn next_try(model: &Model, pause: Duration) -> String {
    match (sync::seconds_left(model), pause.as_secs()) {
        (Some(seconds), _) => format!("Next try in {seconds} s"),
        (None, 0..=16) => "Trying again".to_owned(),
        (None, seconds) => format!("Next try in about {} min", seconds.div_ceil(60)),
    }
}

/// One row of a list: cut to its area, on the selection's background when it is selected.
pub(super) fn put_row(buf: &mut Buffer, area: Rect, line: &Line<'_>, selected: bool, skin: &Skin) {
    if selected {
        buf.set_style(area.intersection(buf.area), skin.theme.style(Role::Sel));
    }
    ui::put(buf, area, line);
}

/// A cell of a list, `width` columns wide.
pub(super) fn cell(skin: &Skin, content: &str, width: u16, style: Style) -> Span<'static> {
    Span::styled(skin.pad(content, width), style)
}

/// A cell of a list with its text on the right.
pub(super) fn number(skin: &Skin, content: &str, width: u16, style: Style) -> Span<'static> {
    Span::styled(skin.pad_left(content, width), style)
}

/// From this height on a list has a box and column titles.
pub(super) const BOXED: u16 = 14;

/// Draws the frame of a list, a box where there is room for one, and returns what is inside.
pub(super) fn list_panel(panel: &Panel<'_>, area: Rect, buf: &mut Buffer, skin: &Skin) -> Rect {
    if area.height >= BOXED {
        return panel.render(area, buf, skin);
    }
    let inner = panel.render_rule(area, buf, skin);
    Rect {
        x: inner.x + 1,
        width: inner.width.saturating_sub(2),
        ..inner
    }
}

/// Where the rows of a list lie whose frame [`list_panel`] draws in `area`, `height` of them.
pub(super) fn list_rows(area: Rect, height: usize) -> Rect {
    // A box and the titles, or a rule.
    let top = if area.height >= BOXED { 2 } else { 1 };
    Rect {
        y: area.y.saturating_add(top),
        height: u16::try_from(height).unwrap_or(u16::MAX),
        ..area
    }
}

/// A few muted lines in the middle of an empty list.
pub(super) fn empty(buf: &mut Buffer, area: Rect, lines: &[impl AsRef<str>], skin: &Skin) {
    let top = area.y + area.height.saturating_sub(u16::try_from(lines.len()).unwrap_or(1)) / 3;
    for (row, words) in (0_u16..).zip(lines) {
        let line = Line::styled(skin.fit(words.as_ref(), area.width), skin.theme.style(Role::Muted)).centered();
        let at = Rect {
            y: top.saturating_add(row),
            height: 1,
            ..area
        };
        if at.y < area.bottom() {
            ratatui::widgets::Widget::render(line, at.intersection(buf.area), buf);
        }
    }
}

/// Where a dialog's cursor stands, if it lies inside the frame.
pub(super) fn inside(at: Option<Position>, area: Rect) -> Option<Position> {
    at.filter(|at| area.contains(*at))
}
