//! How the alerts look.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};

use super::words::{age, what};
use super::{Filter, State, selected, shown, state};
use crate::api::Alert;
use crate::app::footer::key_of;
use crate::app::keymap::{Action, Scope};
use crate::app::list::Spot;
use crate::app::model::Model;
use crate::app::overview::alert_mark;
use crate::app::view::{BOXED, WAITING, body_of, cell, empty, list_panel, list_rows, number, put_row};
use crate::domain::{Level, Money, Outlook};
use crate::ui::bar::BudgetBar;
use crate::ui::panel::Panel;
use crate::ui::{self, Role, Skin};

mod detail;

/// Below this width the title tells less.
const NARROW: u16 = 60;

/// Rows of the list on the present screen.
pub(super) fn list_height(model: &Model) -> usize {
    let body = body_of(model);
    usize::from(if body.height >= BOXED {
        body.height.saturating_sub(3 + detail::height(body.width))
    } else {
        body.height.saturating_sub(1)
    })
}

/// The alert at a place of the screen.
pub(in crate::app) fn at(model: &Model, column: u16, row: u16) -> Option<Spot> {
    let places = list_rows(body_of(model), list_height(model));
    model.alerts.list.at(column, row, places, 1, shown(model).len())
}

pub(in crate::app) fn view(model: &Model, buf: &mut Buffer, area: Rect) -> Option<Position> {
    let skin = model.skin();
    let boxed = area.height >= BOXED;
    let panel = Panel::new("Alerts").focused(true).right(counts(model, area.width));
    let inner = list_panel(&panel, area, buf, skin);
    let alerts = shown(model);
    if alerts.is_empty() {
        empty(buf, inner, &nothing(model), skin);
        return None;
    }
    let columns = Columns::fit(inner.width);
    let first = u16::from(boxed);
    if boxed {
        ui::put(buf, ui::row(inner, 0), &titles(columns, skin));
    }
    let height = u16::try_from(list_height(model)).unwrap_or(u16::MAX);
    for (y, (at, alert)) in (first..first + height).zip(alerts.iter().enumerate().skip(model.alerts.list.offset)) {
        let chosen = at == model.alerts.list.selected;
        let line = line(model, alert, columns, chosen);
        put_row(buf, ui::row(inner, y), &line, chosen, skin);
    }
    if boxed && let Some(alert) = selected(model) {
        let height = detail::height(area.width);
        let used = u16::try_from(alerts.len())
            .unwrap_or(u16::MAX)
            .saturating_add(first + 1);
        let foot = Rect {
            // Right under a short list, at the bottom under a long one.
            y: inner.bottom().saturating_sub(height).min(inner.y.saturating_add(used)),
            height: height.min(inner.height),
            ..inner
        };
        detail::draw(model, alert, buf, foot);
    }
    None
}

/// `2 new, 5 this month   f all`.
fn counts(model: &Model, width: u16) -> Line<'static> {
    let skin = model.skin();
    let month = model.current_month();
    let of_month = model.data.alerts.iter().filter(|alert| alert.month == month).count();
    let key = key_of(model, Scope::Alerts, Action::FilterAlerts);
    let of_month = if width >= NARROW {
        format!(", {of_month} this month")
    } else {
        String::new()
    };
    Line::from(vec![
        Span::raw(format!("{} new{of_month}   ", model.unread())),
        Span::styled(key, skin.theme.bold(Role::Accent)),
        Span::raw(format!(" {} {}", model.alerts.filter.word(), skin.glyphs.down)),
    ])
}

fn nothing(model: &Model) -> Vec<String> {
    let key = key_of(model, Scope::Alerts, Action::FilterAlerts);
    match (&model.data.summary, model.alerts.filter) {
        (None, _) => vec![WAITING.to_owned()],
        (Some(_), Filter::All) => vec![
            "No alerts.".to_owned(),
            "One comes at 80% of a limit, when the forecast passes it, and when it is passed.".to_owned(),
        ],
        (Some(_), Filter::New) => vec!["Nothing new.".to_owned(), format!("{key} shows the others.")],
        (Some(_), Filter::ThisMonth) => vec!["No alerts this month.".to_owned(), format!("{key} shows the others.")],
    }
}

/// The widths of the columns; 0 leaves one out.
#[derive(Clone, Copy)]
struct Columns {
    category: u16,
    what: u16,
    amounts: u16,
    bar: u16,
    age: u16,
    state: u16,
}

impl Columns {
    /// What happened takes what the others leave.
    fn fit(width: u16) -> Self {
        let [category, amounts, bar, age, state] = match width {
            110.. => [15, 18, 18, 9, 11],
            90.. => [14, 18, 0, 9, 11],
            60.. => [14, 0, 0, 9, 10],
            _ => [11, 0, 0, 0, 10],
        };
        Self {
            category,
            what: width.saturating_sub(2 + category + amounts + bar + age + state),
            amounts,
            bar,
            age,
            state,
        }
    }
}

fn titles(columns: Columns, skin: &Skin) -> Line<'static> {
    let muted = skin.theme.style(Role::Muted);
    let title = |words, width| if width > 0 { words } else { "" };
    Line::from(vec![
        cell(skin, "  category", columns.category + 2, muted),
        cell(skin, "what happened", columns.what, muted),
        number(skin, title("spent / limit", columns.amounts), columns.amounts, muted),
        cell(skin, "", columns.bar, muted),
        number(skin, title("age", columns.age), columns.age, muted),
        cell(skin, "  state", columns.state, muted),
    ])
}

fn line(model: &Model, alert: &Alert, columns: Columns, selected: bool) -> Line<'static> {
    let skin = model.skin();
    let theme = &skin.theme;
    let (glyph, role) = alert_mark(alert, skin);
    let muted = theme.style(Role::Muted);
    let state = state(model, alert);
    let fresh = state == State::New;
    let name = match (selected, fresh) {
        (true, _) => theme.selected(),
        (false, true) => theme.bold(Role::Text),
        (false, false) => muted,
    };
    let body = if fresh { theme.style(Role::Text) } else { muted };
    let mut spans = vec![
        Span::styled(format!("{glyph} "), theme.style(role)),
        cell(skin, &alert.category, columns.category.saturating_sub(1), name),
        Span::raw(" "),
        cell(skin, &what(model, alert, columns.what), columns.what, body),
    ];
    if columns.amounts > 0 {
        spans.push(number(skin, &amounts(model, alert), columns.amounts, body));
    }
    if columns.bar > 0 {
        let bar = ui::bar::line(&bar(model, alert), columns.bar - 2, skin);
        spans.push(Span::raw("  "));
        spans.extend(bar.spans);
    }
    if columns.age > 0 {
        spans.push(number(skin, &age(model, alert.created_at), columns.age, muted));
    }
    spans.extend(state_spans(state, columns.state, skin));
    Line::from(spans)
}

/// `125.80 / 120`.
fn amounts(model: &Model, alert: &Alert) -> String {
    if alert.limit_minor <= 0 {
        return String::new();
    }
    let money = |minor| Money::new(minor, model.currency());
    format!(
        "{} / {}",
        money(alert.spent_minor).amount(),
        money(alert.limit_minor).short()
    )
}

/// The bar as the alert saw it: no line for today, which it is not about.
fn bar(model: &Model, alert: &Alert) -> BudgetBar {
    let over = alert.spent_minor.saturating_sub(alert.limit_minor);
    let risk = match alert.level {
        _ if alert.resolved_at.is_some() => Outlook::OnPace,
        Level::Over => Outlook::Over(over),
        Level::Near | Level::Forecast => Outlook::WillPass(None),
    };
    BudgetBar {
        spent: alert.spent_minor,
        limit: Some(alert.limit_minor).filter(|limit| *limit > 0),
        forecast: None,
        progress: model.progress(alert.month),
        fixed: true,
        risk,
    }
}

fn state_spans(state: State, width: u16, skin: &Skin) -> [Span<'static>; 2] {
    let (theme, glyphs) = (&skin.theme, &skin.glyphs);
    let (glyph, word, style) = match state {
        State::New => (glyphs.ok, "new", theme.bold(Role::Accent)),
        State::Read => (glyphs.none, "read", theme.style(Role::Muted)),
        State::Snoozed(_) => (glyphs.barred, "silent", theme.style(Role::Muted)),
        State::Resolved => (glyphs.tick, "solved", theme.style(Role::Ok)),
    };
    [
        Span::raw("  ".get(..usize::from(width.min(2))).unwrap_or_default()),
        cell(skin, &format!("{glyph} {word}"), width.saturating_sub(2), style),
    ]
}
