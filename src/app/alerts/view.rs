//! How the alerts look.

use jiff::SignedDuration;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};

use super::selected;
use crate::api::Alert;
use crate::app::model::Model;
use crate::app::overview::{alert_mark, alert_words};
use crate::app::view::{BOXED, WAITING, body_of, cell, empty, list_panel, number, put_row};
use crate::domain::{Money, Month};
use crate::ui::panel::Panel;
use crate::ui::{self, Role, Skin};

/// Lines under the list: the selected alert in full.
const DETAIL: u16 = 5;

/// Rows of the list on the present screen.
pub(super) fn list_height(model: &Model) -> usize {
    let height = body_of(model).height;
    usize::from(if height >= BOXED {
        height.saturating_sub(3 + DETAIL)
    } else {
        height.saturating_sub(1)
    })
}

/// When an alert was raised: `08:02` today, `yesterday`, `12 Nov`. Never a count that ticks: a screen that
/// nothing happens on stays as it is.
pub(in crate::app) fn when(model: &Model, created_at: i64) -> String {
    let ago = SignedDuration::from_millis(model.unix_ms.saturating_sub(created_at).max(0));
    let at = model.now.checked_sub(ago).unwrap_or(model.now);
    let today = model.now.date();
    if at.date() == today {
        at.strftime("%H:%M").to_string()
    } else if today.yesterday().is_ok_and(|day| day == at.date()) {
        "yesterday".to_owned()
    } else if at.year() == today.year() {
        at.strftime("%-d %b").to_string()
    } else {
        at.strftime("%b %Y").to_string()
    }
}

pub(in crate::app) fn view(model: &Model, buf: &mut Buffer, area: Rect) -> Option<Position> {
    let skin = model.skin();
    let alerts = &model.data.alerts;
    let boxed = area.height >= BOXED;
    let right = format!("{} new, {} in all", model.unread(), alerts.len());
    let panel = Panel::new("Alerts").focused(true).right(right);
    let inner = list_panel(&panel, area, buf, skin);
    if alerts.is_empty() {
        let lines: &[&str] = match model.data.summary {
            None => &[WAITING],
            Some(_) => &[
                "No alerts.",
                "One comes at 80% of a limit, when the forecast passes it, and when it is passed.",
            ],
        };
        empty(buf, inner, lines, skin);
        return None;
    }
    let first = u16::from(boxed);
    if boxed {
        ui::put(buf, ui::row(inner, 0), &titles(inner.width, skin));
    }
    let height = u16::try_from(list_height(model)).unwrap_or(u16::MAX);
    for (y, (at, alert)) in (first..first + height).zip(alerts.iter().enumerate().skip(model.alerts.list.offset)) {
        let chosen = at == model.alerts.list.selected;
        put_row(
            buf,
            ui::row(inner, y),
            &line(model, alert, inner.width, chosen),
            chosen,
            skin,
        );
    }
    if boxed && let Some(alert) = selected(model) {
        let foot = Rect {
            y: inner.bottom().saturating_sub(DETAIL),
            height: DETAIL.min(inner.height),
            ..inner
        };
        draw_detail(model, alert, buf, foot);
    }
    None
}

/// Columns: category, what happened, spent / limit, since when, state; 0 leaves one out.
fn columns(width: u16) -> [u16; 5] {
    match width {
        90.. => [20, width - 2 - 20 - 26 - 14 - 10, 26, 14, 10],
        60.. => [16, width - 2 - 16 - 12 - 8, 0, 12, 8],
        _ => [12, width.saturating_sub(2 + 12 + 7), 0, 0, 7],
    }
}

fn titles(width: u16, skin: &Skin) -> Line<'static> {
    let muted = skin.theme.style(Role::Muted);
    let [category, what, amounts, since, state] = columns(width);
    Line::from(vec![
        cell(skin, "  category", category + 2, muted),
        cell(skin, "what happened", what, muted),
        number(skin, if amounts > 0 { "spent / limit" } else { "" }, amounts, muted),
        number(skin, if since > 0 { "since" } else { "" }, since, muted),
        number(skin, "state", state, muted),
    ])
}

fn line(model: &Model, alert: &Alert, width: u16, selected: bool) -> Line<'static> {
    let skin = model.skin();
    let theme = &skin.theme;
    let [category, what, amounts, since_width, state] = columns(width);
    let (glyph, role) = alert_mark(alert, skin);
    let words = if alert.month == Month::of(model.today()) {
        alert_words(alert, model.currency())
    } else {
        format!(
            "{}: {}",
            alert.month.first_day().strftime("%B"),
            alert_words(alert, model.currency())
        )
    };
    let muted = theme.style(Role::Muted);
    let fresh = !alert.read && alert.resolved_at.is_none();
    let name = match (selected, fresh) {
        (true, _) => theme.selected(),
        (false, true) => theme.bold(Role::Text),
        (false, false) => muted,
    };
    let mut spans = vec![
        Span::styled(format!("{glyph} "), theme.style(role)),
        cell(skin, &alert.category, category.saturating_sub(1), name),
        Span::raw(" "),
        cell(skin, &words, what, if fresh { theme.style(Role::Text) } else { muted }),
    ];
    if amounts > 0 {
        let money = |minor| Money::new(minor, model.currency());
        let amount = if alert.limit_minor > 0 {
            let (spent, limit) = (money(alert.spent_minor), money(alert.limit_minor));
            format!("{} / {}", spent.amount(), limit.short())
        } else {
            String::new()
        };
        spans.push(number(skin, &amount, amounts, muted));
    }
    if since_width > 0 {
        spans.push(number(skin, &when(model, alert.created_at), since_width, muted));
    }
    let (word, role) = match (alert.resolved_at.is_some(), alert.read) {
        (true, _) => ("solved", Role::Ok),
        (false, false) => ("new", Role::Warn),
        (false, true) => ("read", Role::Muted),
    };
    spans.push(number(skin, word, state, theme.style(role)));
    Line::from(spans)
}

fn draw_detail(model: &Model, alert: &Alert, buf: &mut Buffer, area: Rect) {
    let skin = model.skin();
    let theme = &skin.theme;
    ui::put(
        buf,
        ui::row(area, 0),
        &Line::styled(skin.glyphs.rule.repeat(area.width.into()), theme.style(Role::Faint)),
    );
    let (glyph, role) = alert_mark(alert, skin);
    let sentence = Line::from(vec![
        Span::styled(format!("{glyph} "), theme.style(role)),
        Span::styled(
            skin.fit(&alert.message, area.width.saturating_sub(2)),
            theme.bold(Role::Text),
        ),
    ]);
    ui::put(buf, ui::row(area, 1), &sentence);
    let told = when(model, alert.created_at);
    let cause = match &alert.cause {
        Some(cause) => format!("  raised {told} by {cause}"),
        None => format!("  raised {told}"),
    };
    ui::put(
        buf,
        ui::row(area, 2),
        &Line::styled(skin.fit(&cause, area.width), theme.style(Role::Muted)),
    );
    let help = Line::from(vec![
        Span::styled("  What helps: ", theme.style(Role::Muted)),
        Span::styled("Enter", theme.bold(Role::Accent)),
        Span::styled(" see its expenses  ", theme.style(Role::Muted)),
        Span::styled("e", theme.bold(Role::Accent)),
        Span::styled(" change the limit  ", theme.style(Role::Muted)),
        Span::styled("x", theme.bold(Role::Accent)),
        Span::styled(" mark as read", theme.style(Role::Muted)),
    ]);
    if model.dialect == crate::api::Dialect::V1 {
        ui::put(buf, ui::row(area, 4), &help);
    }
}
