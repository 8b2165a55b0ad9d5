//! The frame round every screen: header, event line, footer; and what lies over it.

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::keymap::{self, Action, Scope};
use super::model::{Dialog, Link, Model, SCREENS, Screen, Tone};
use super::update::scopes;
use super::{add_expense, alerts, budgets, expenses, help, login, overview};
use crate::api::Failure;
use crate::ui::header::{self, Header, Tab};
use crate::ui::toast::{Toast, ToastKind};
use crate::ui::{self, Hint, Role, Skin, text};

/// Below this size the whole program is one line.
const SMALLEST: (u16, u16) = (30, 6);

/// Draws the whole screen; never changes the model.
pub fn view(model: &Model, frame: &mut Frame) {
    let area = frame.area();
    if area.width < SMALLEST.0 || area.height < SMALLEST.1 {
        return overview::view_line(model, frame.buffer_mut(), area);
    }
    draw_header(model, frame.buffer_mut(), ui::row(area, 0));
    let body = body(area);
    let mut cursor = match model.screen {
        Screen::LogIn => login::view(model, frame, body),
        Screen::Overview => {
            overview::view(model, frame.buffer_mut(), body);
            None
        }
        Screen::Expenses => expenses::view(model, frame.buffer_mut(), body),
        Screen::Budgets => budgets::view(model, frame.buffer_mut(), body),
        Screen::Alerts => {
            alerts::view(model, frame.buffer_mut(), body);
            None
        }
    };
    if let Some(dialog) = &model.dialog {
        ui::theme::dim_area(
            frame.buffer_mut(),
            Rect {
                height: area.height - 2,
                ..area
            },
            &model.skin().theme,
        );
        cursor = match dialog {
            Dialog::Expense(form) => add_expense::view(model, form, frame.buffer_mut(), body),
            Dialog::Help(help) => {
                help::view(model, help, frame.buffer_mut(), body);
                None
            }
        };
    }
    draw_event(model, frame.buffer_mut(), ui::row(area, area.height - 2));
    draw_footer(model, frame.buffer_mut(), ui::row(area, area.height - 1));
    if let Some(at) = cursor {
        frame.set_cursor_position(at);
    }
}

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
        let place = text::fit(&model.settings.place, 40);
        let right = vec![
            Span::styled("server ", skin.theme.style(Role::Muted)),
            Span::styled(place, skin.theme.style(Role::Text)),
        ];
        return ui::put(buf, area, &header::spread(left, right, area.width, skin));
    }
    let tabs = [
        tab("Overview", 0),
        tab("Expenses", 0),
        tab("Budgets", 0),
        tab("Alerts", model.unread()),
    ];
    let (link, status, clock) = link_words(model);
    let short = short_month(model);
    let line = Header {
        tabs: &tabs,
        active: SCREENS.iter().position(|s| *s == model.screen).unwrap_or(0),
        link,
        status: &status,
        clock: &clock,
        user: model.user.as_ref().map_or("", |user| user.name.as_str()),
        short: &short,
    }
    .line(area.width, skin);
    ui::put(buf, area, &line);
}

fn tab(name: &str, badge: usize) -> Tab<'_> {
    Tab { name, badge }
}

fn link_words(model: &Model) -> (header::Link, String, String) {
    let time = |at: jiff::civil::DateTime| at.strftime("%H:%M").to_string();
    match &model.link {
        Link::Connecting => (header::Link::Connecting, "connecting".to_owned(), String::new()),
        Link::Live(at) => (header::Link::Live, "live".to_owned(), time(*at)),
        Link::Down { since, failure, .. } => {
            let (mark, word) = match failure {
                Failure::Offline { .. } => (header::Link::Offline, "offline"),
                _ => (header::Link::Failing, "server trouble"),
            };
            (mark, format!("{word} since {}", time(*since)), "R now".to_owned())
        }
    }
}

/// `Nov 22/30 80%`.
pub(super) fn short_month(model: &Model) -> String {
    let month = model.shown_month();
    let progress = month.progress(model.today());
    let used = model
        .totals()
        .and_then(|t| t.used())
        .map_or(String::new(), |percent| format!(" {percent}%"));
    format!("{} {}/{}{used}", month.short_name(), progress.day, progress.length)
}

fn draw_event(model: &Model, buf: &mut Buffer, area: Rect) {
    let skin = model.skin();
    if let Some(toast) = &model.toast {
        let kind = match toast.tone {
            Tone::Good => ToastKind::Ok,
            Tone::Warn => ToastKind::Warn,
            Tone::Bad => ToastKind::Error,
        };
        let label = toast.seconds.map_or("undo".to_owned(), |left| format!("undo {left}s"));
        let action = toast.undo.then(|| Hint::new("u", &label));
        return ui::put(
            buf,
            area,
            &Toast {
                kind,
                text: &toast.text,
                action,
            }
            .line(area.width, skin),
        );
    }
    if let (Link::Down { failure, .. }, true) = (&model.link, model.screen != Screen::LogIn) {
        let message = failure.to_string();
        ui::put(
            buf,
            area,
            &Toast {
                kind: ToastKind::Warn,
                text: &message,
                action: None,
            }
            .line(area.width, skin),
        );
    }
}

fn draw_footer(model: &Model, buf: &mut Buffer, area: Rect) {
    let skin = model.skin();
    buf.set_style(area, skin.theme.style(Role::Field));
    let (scopes, _) = scopes(model);
    let bindings: Vec<(String, &str)> = scopes
        .iter()
        .flat_map(|scope| keymap::of_scope(*scope))
        .filter(|b| works_here(model, b.scope, b.action))
        .filter_map(|b| Some((b.keys.first()?.label(), b.hint?)))
        .collect();
    let hints: Vec<Hint<'_>> = bindings.iter().map(|(key, words)| Hint::new(key, words)).collect();
    let right = match model.changes.len() {
        0 => String::new(),
        n => format!("{n} pending"),
    };
    ui::put(buf, area, &header::footer(&hints, &right, area.width, skin));
}

/// Keys that do nothing right now are not promised.
fn works_here(model: &Model, scope: Scope, action: Action) -> bool {
    let classic = model.dialect == crate::api::Dialect::Classic;
    match action {
        Action::Demo => model.settings.demo,
        Action::PreviousMonth => !classic && scope == Scope::Everywhere,
        Action::EditLimit
        | Action::ClearLimit
        | Action::EditExpense
        | Action::DeleteExpense
        | Action::MarkRead
        | Action::MarkAllRead => !classic,
        Action::Open => !classic,
        _ => true,
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
pub(super) fn cell(content: &str, width: u16, style: Style) -> Span<'static> {
    Span::styled(text::pad(content, width), style)
}

/// A cell of a list with its text on the right.
pub(super) fn number(content: &str, width: u16, style: Style) -> Span<'static> {
    Span::styled(text::pad_left(content, width), style)
}

/// A few muted lines in the middle of an empty list.
pub(super) fn empty(buf: &mut Buffer, area: Rect, lines: &[&str], skin: &Skin) {
    let top = area.y + area.height.saturating_sub(u16::try_from(lines.len()).unwrap_or(1)) / 3;
    for (row, words) in (0_u16..).zip(lines) {
        let line = Line::styled(text::fit(words, area.width), skin.theme.style(Role::Muted)).centered();
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
