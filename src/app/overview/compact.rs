//! The overview in one column: 80 x 24 with everything but the trend, and smaller with bars only.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::row::{self, Columns};
use super::view::{
    alert_day, alert_mark, alert_words, bar, draw_expenses, no_alerts, no_budgets, no_expenses, open_alerts, sort_note,
    uncategorised_line, unread_note, visible,
};
use super::{Pane, rows, without_limit};
use crate::api::CategorySummary;
use crate::app::alerts::when;
use crate::app::model::Model;
use crate::app::view::{cell, empty, number, put_row};
use crate::domain::Money;
use crate::ui::panel::Panel;
use crate::ui::{self, Role, text};

pub(super) struct Areas {
    totals: Rect,
    budgets: Rect,
    alerts: Rect,
    recent: Rect,
}

impl Areas {
    pub(super) fn list_rows(&self, pane: Pane) -> u16 {
        // Each has a title; the budgets have a line for what is in no category.
        match pane {
            Pane::Budgets => self.budgets.height.saturating_sub(2),
            Pane::Recent => self.recent.height.saturating_sub(1),
            Pane::Alerts => self.alerts.height.saturating_sub(1),
        }
    }

    /// The place of a pane, and the rows above its list.
    pub(super) fn pane(&self, pane: Pane) -> (Rect, u16) {
        let area = match pane {
            Pane::Budgets => self.budgets,
            Pane::Recent => self.recent,
            Pane::Alerts => self.alerts,
        };
        (area, 1)
    }
}

pub(super) fn narrow_areas(model: &Model, area: Rect) -> Areas {
    let open = u16::try_from(open_alerts(model).len()).unwrap_or(u16::MAX);
    let rows = u16::try_from(rows(model).len()).unwrap_or(u16::MAX);
    let wanted = rows.saturating_mul(row::height(model)).saturating_add(2);
    let alerts = 1 + open.clamp(1, 2);
    let left = area.height - 1 - alerts;
    let budgets = wanted.max(4).min(left.saturating_sub(4));
    let at = |y: u16, height: u16| Rect {
        y: area.y + y,
        height,
        ..area
    };
    Areas {
        totals: at(0, 1),
        budgets: at(1, budgets),
        alerts: at(1 + budgets, alerts),
        recent: at(1 + budgets + alerts, left - budgets),
    }
}

pub(super) fn draw_narrow(model: &Model, buf: &mut Buffer, area: Rect) {
    let areas = narrow_areas(model, area);
    draw_totals(model, buf, areas.totals);
    draw_budgets(model, buf, areas.budgets);
    draw_alerts(model, buf, areas.alerts);
    draw_recent(model, buf, areas.recent);
}

fn inset(area: Rect) -> Rect {
    Rect {
        x: area.x + 1,
        width: area.width.saturating_sub(2),
        ..area
    }
}

fn draw_totals(model: &Model, buf: &mut Buffer, area: Rect) {
    let skin = model.skin();
    let theme = &skin.theme;
    let (muted, bold) = (theme.style(Role::Muted), theme.bold(Role::Text));
    let month = model.shown_month();
    let progress = model.progress(month);
    let area = inset(area);
    let when = if progress.closed {
        " closed  ".to_owned()
    } else {
        format!(" d{}/{}  ", progress.day, progress.length)
    };
    let mut spans = vec![
        Span::styled(month.first_day().strftime("%b %Y").to_string(), bold),
        Span::styled(when, muted),
    ];
    let Some(totals) = model.totals() else {
        return ui::put(buf, area, &Line::from(spans));
    };
    let money = |minor| Money::new(minor, model.currency());
    spans.push(Span::styled(money(totals.spent).to_string(), bold));
    let mut right = Vec::new();
    if let (Some(limit), Some(used)) = (totals.limit, totals.used()) {
        spans.push(Span::styled(format!("/{}", money(limit).short()), muted));
        let left = limit.saturating_sub(totals.spent);
        right.push(Span::styled(format!("{used}%"), bold));
        right.push(Span::styled(
            if left < 0 {
                " of limits, over "
            } else {
                " of limits, left "
            },
            muted,
        ));
        right.push(Span::styled(
            money(left.saturating_abs()).to_string(),
            if left < 0 { theme.bold(Role::Over) } else { bold },
        ));
    }
    spans.push(Span::raw(" "));
    let room = area
        .width
        .saturating_sub(ui::span_width(&spans) + ui::span_width(&right) + 1);
    spans.extend(ui::bar::total_line(totals.spent, totals.limit, totals.forecast, progress, room, skin).spans);
    ui::put(buf, area, &Line::from(spans));
    ui::put(
        buf,
        Rect {
            x: area.right() - ui::span_width(&right).min(area.width),
            ..area
        }
        .intersection(area),
        &Line::from(right),
    );
}

fn draw_budgets(model: &Model, buf: &mut Buffer, area: Rect) {
    let skin = model.skin();
    let rows = rows(model);
    let focused = model.overview.pane == Pane::Budgets;
    let height = area.height.saturating_sub(2);
    let hidden = rows.len().saturating_sub(usize::from(height / row::height(model)));
    let mut right = sort_note(model);
    if let Some(minor) = without_limit(model) {
        let amount = Money::new(minor, model.currency());
        right.spans.insert(0, Span::raw(format!("{amount} has no limit  ")));
    }
    if hidden > 0 {
        right.spans.insert(0, Span::raw(format!("{hidden} more, j k  ")));
    }
    let inner = Panel::new("Budgets")
        .focused(focused)
        .right(right)
        .render_rule(area, buf, skin);
    let inner = inset(inner);
    if rows.is_empty() {
        return empty(buf, inner, &no_budgets(model, inner.width), skin);
    }
    row::draw(model, buf, inner, Columns::fit(model, inner.width), &rows);
    if let Some(line) = uncategorised_line(model) {
        ui::put(buf, ui::row(inner, height), &line);
    }
}

fn draw_alerts(model: &Model, buf: &mut Buffer, area: Rect) {
    let skin = model.skin();
    let theme = &skin.theme;
    let focused = model.overview.pane == Pane::Alerts;
    let inner = inset(
        Panel::new("Alerts")
            .focused(focused)
            .right(unread_note(model))
            .render_rule(area, buf, skin),
    );
    let alerts = open_alerts(model);
    if alerts.is_empty() {
        ui::put(buf, inner, &Line::styled(no_alerts(model), theme.style(Role::Muted)));
    }
    for (y, alert, selected) in visible(model, Pane::Alerts, &alerts) {
        let (glyph, role) = alert_mark(alert, skin);
        let line = Line::from(vec![
            Span::styled(format!("{glyph} "), theme.style(role)),
            Span::styled(
                skin.fit(&alert.category, 20),
                if selected { theme.selected() } else { theme.bold(role) },
            ),
            Span::styled(
                skin.fit(
                    &format!(" {}{}", alert_words(alert, model.currency()), alert_day(model, alert)),
                    inner.width,
                ),
                theme.style(Role::Text),
            ),
            Span::styled(format!("  {}", when(model, alert.created_at)), theme.style(Role::Muted)),
        ]);
        put_row(buf, ui::row(inner, y), &line, selected, skin);
    }
}

fn draw_recent(model: &Model, buf: &mut Buffer, area: Rect) {
    let skin = model.skin();
    let focused = model.overview.pane == Pane::Recent;
    let inner = inset(Panel::new("Recent").focused(focused).render_rule(area, buf, skin));
    if model.data.expenses.is_empty() {
        ui::put(
            buf,
            inner,
            &Line::styled(no_expenses(model), skin.theme.style(Role::Muted)),
        );
    }
    draw_expenses(model, buf, inner);
}

/// Bars that fit; the last row tells how many more there are.
pub(super) fn tiny_rows(model: &Model, area: Rect) -> u16 {
    let more = rows(model).len() > usize::from(area.height);
    area.height.saturating_sub(u16::from(more))
}

pub(super) fn draw_tiny(model: &Model, buf: &mut Buffer, area: Rect) {
    let skin = model.skin();
    let rows = rows(model);
    let height = tiny_rows(model, area);
    let inner = inset(area);
    if rows.is_empty() {
        return empty(buf, inner, &no_budgets(model, inner.width), skin);
    }
    for (y, category, selected) in visible(model, Pane::Budgets, &rows) {
        put_row(
            buf,
            ui::row(inner, y),
            &tiny_line(model, category, inner.width, selected),
            selected,
            skin,
        );
    }
    let hidden = rows.len().saturating_sub(usize::from(height));
    if hidden > 0 {
        let words = format!("{hidden} more, j k scroll");
        ui::put(
            buf,
            ui::row(inner, height),
            &Line::styled(words, skin.theme.style(Role::Muted)),
        );
    }
}

fn tiny_line(model: &Model, category: &CategorySummary, width: u16, selected: bool) -> Line<'static> {
    let skin = model.skin();
    let theme = &skin.theme;
    let bar = bar(model, category);
    let (glyph, role) = skin.glyphs.outlook(&bar.risk);
    let scale = model.currency().scale();
    let whole = |minor: i64| (minor.saturating_add(scale / 2) / scale).to_string();
    let limit = category
        .limit_minor
        .map_or(String::new(), |limit| format!("/{}", whole(limit)));
    let spent = whole(category.spent_minor);
    let name = 10.min(width / 3);
    let room = width.saturating_sub(2 + name + 1 + 10);
    let before = 10_u16.saturating_sub(text::width(&limit));
    let mut spans = vec![
        Span::styled(format!("{glyph} "), theme.style(role)),
        cell(
            skin,
            &category.category.name,
            name,
            if selected {
                theme.selected()
            } else {
                theme.style(Role::Text)
            },
        ),
        Span::raw(" "),
    ];
    spans.extend(ui::bar::line(&bar, room, skin).spans);
    spans.push(number(skin, &spent, before, theme.bold(Role::Text)));
    spans.push(number(skin, &limit, 10 - before, theme.style(Role::Muted)));
    Line::from(spans)
}
