//! The overview with boxes side by side, from 110 x 29.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::Pane;
use super::row::{self, Columns};
use super::rows;
use super::view::{
    alert_day, alert_detail, alert_mark, alert_words, draw_expenses, no_alerts, no_budgets, no_expenses, open_alerts,
    sort_note, uncategorised_line, unread_note, visible,
};
use crate::api::Totals;
use crate::app::model::Model;
use crate::app::view::{empty, put_row};
use crate::domain::Money;
use crate::ui::panel::Panel;
use crate::ui::{self, Role, text};

mod areas;

use areas::Areas;
pub(super) use areas::{ALERT_ROWS, areas};

pub(super) fn draw(model: &Model, buf: &mut Buffer, area: Rect) {
    let areas = areas(model, area);
    draw_totals(model, buf, areas.totals);
    draw_budgets(model, buf, &areas);
    draw_trend(model, buf, areas.trend);
    draw_recent(model, buf, areas.recent);
    draw_alerts(model, buf, areas.alerts);
    draw_months(model, buf, areas.months);
}

/// Columns of the words beside the bar of the whole month.
const LEFT: u16 = 34;

fn draw_totals(model: &Model, buf: &mut Buffer, area: Rect) {
    let skin = model.skin();
    let progress = model.progress(model.shown_month());
    let area = Rect {
        x: area.x + 2,
        width: area.width.saturating_sub(4),
        ..area
    };
    let left = Rect { width: LEFT, ..area };
    let right = Rect {
        x: area.right() - 32,
        width: 32,
        ..area
    };
    let bar = Rect {
        x: left.right(),
        width: area.width.saturating_sub(left.width + right.width + 3),
        ..area
    };
    let totals = model.totals();
    let (first, second) = spent_lines(model, totals.as_ref());
    ui::put(buf, ui::row(left, 1), &first);
    ui::put(buf, ui::row(left, 2), &second);
    let Some(totals) = totals else { return };
    ui::put(buf, ui::row(area, 3), &without_limit(model));
    let today = format!("today {}%", progress.percent());
    let scale = ui::bar::scale_line(bar.width, progress, &today, "100%", skin);
    let line = ui::bar::total_line(totals.spent, totals.limit, totals.forecast, progress, bar.width, skin);
    ui::put(buf, ui::row(bar, 1), &scale);
    ui::put(buf, ui::row(bar, 2), &line);
    let (first, second) = outlook_lines(model, &totals);
    let text = skin.theme.style(Role::Text);
    ui::put(buf, ui::row(right, 1), &first.style(text));
    ui::put(buf, ui::row(right, 2), &second.style(text));
}

/// `November 2026  day 22 of 30` and `$1,848.67 of $2,305.00 in limits`.
fn spent_lines(model: &Model, totals: Option<&Totals>) -> (Line<'static>, Line<'static>) {
    let theme = &model.skin().theme;
    let (muted, bold) = (theme.style(Role::Muted), theme.bold(Role::Text));
    let month = model.shown_month();
    let progress = model.progress(month);
    let calendar = model.calendar();
    let last = model.locale().day(calendar.last_day(month), "%-d %b");
    let when = match (progress.closed, calendar.is_usual()) {
        (true, true) => "closed".to_owned(),
        (true, false) => format!("closed {last}"),
        (false, true) => format!("day {} of {}", progress.day, progress.length),
        (false, false) => format!("{}/{} to {last}", progress.day, progress.length),
    };
    let first = Line::from(vec![
        Span::styled(month.long_name(), bold),
        Span::styled(format!("  {when}"), muted),
    ]);
    let money = |minor| Money::new(minor, model.currency());
    let mut second = Line::default();
    if let Some(totals) = totals {
        second.push_span(Span::styled(money(totals.spent).to_string(), bold));
        if let Some(limit) = totals.limit {
            let mut words = format!(" of {} in limits", money(limit));
            if ui::text::width(&words) + ui::span_width(&second.spans) >= LEFT {
                words.truncate(words.len() - " in limits".len());
            }
            second.push_span(Span::styled(words, muted));
        }
    }
    (first, second)
}

/// `◇ forecast $2,069   $236 under` and `80% used, left $456, $57/day`.
fn outlook_lines(model: &Model, totals: &Totals) -> (Line<'static>, Line<'static>) {
    let theme = &model.skin().theme;
    let (muted, bold) = (theme.style(Role::Muted), theme.bold(Role::Text));
    let whole = |minor| Money::new(minor, model.currency()).whole();
    let mut first = Vec::new();
    if let Some(forecast) = totals.forecast {
        first.push(Span::styled(
            format!("{} forecast ", model.skin().glyphs.diamond),
            muted,
        ));
        first.push(Span::styled(whole(forecast), bold));
        if let Some(limit) = totals.limit {
            let gap = limit.saturating_sub(forecast);
            let style = if gap < 0 { theme.bold(Role::Warn) } else { muted };
            first.push(Span::styled(
                format!(
                    "  {} {}",
                    whole(gap.saturating_abs()),
                    if gap < 0 { "over" } else { "under" }
                ),
                style,
            ));
        }
    }
    let mut second = Vec::new();
    if let (Some(limit), Some(used)) = (totals.limit, totals.used()) {
        let left = limit.saturating_sub(totals.spent);
        let style = if left < 0 { theme.bold(Role::Over) } else { bold };
        second.push(Span::styled(format!("{used}%"), bold));
        second.push(Span::styled(
            if left < 0 { " used, over " } else { " used, left " },
            muted,
        ));
        second.push(Span::styled(whole(left.saturating_abs()), style));
        let days = i64::from(model.progress(model.shown_month()).left());
        if left > 0 && days > 0 {
            second.push(Span::styled(format!(", {}/day", whole(left / days)), muted));
        }
    }
    (Line::from(first), Line::from(second))
}

/// Limits say nothing about what has none, so the total says how much of it that is.
fn without_limit(model: &Model) -> Line<'static> {
    let words = super::without_limit(model).map_or(String::new(), |minor| {
        let amount = Money::new(minor, model.currency());
        format!("{amount} of it has no limit, and counts all the same")
    });
    Line::styled(words, model.skin().theme.style(Role::Muted))
}

fn draw_budgets(model: &Model, buf: &mut Buffer, areas: &Areas) {
    let skin = model.skin();
    let rows = rows(model);
    let focused = model.overview.pane == Pane::Budgets;
    let note = if rows.is_empty() {
        String::new()
    } else {
        format!("{} of {}", model.overview.budgets.selected + 1, rows.len())
    };
    let inner = Panel::new("Budgets")
        .focused(focused)
        .right(sort_note(model))
        .note(note)
        .render(areas.budgets, buf, skin);
    if rows.is_empty() {
        empty(buf, inner, &no_budgets(model, inner.width), skin);
    } else {
        let columns = Columns::fit(model, inner.width);
        ui::put(buf, ui::row(inner, 0), &row::titles(model, columns));
        let below = Rect {
            y: inner.y + 1,
            height: inner.height.saturating_sub(1),
            ..inner
        };
        row::draw(model, buf, below.intersection(inner), columns, &rows);
    }
    if let Some(line) = uncategorised_line(model) {
        ui::put(buf, ui::row(inner, inner.height.saturating_sub(1)), &line);
    }
}

fn draw_trend(model: &Model, buf: &mut Buffer, area: Rect) {
    let skin = model.skin();
    let month = model.shown_month();
    let when = if model.calendar().contains(month, model.today()) {
        "this month".to_owned()
    } else {
        month.long_name()
    };
    let inner = Panel::new("Trend")
        .right(format!("spent, {when}"))
        .render(area, buf, skin);
    let (Some(summary), Some(totals)) = (&model.data.summary, model.totals()) else {
        return;
    };
    if summary.daily_minor.is_empty() {
        return empty(buf, inner, &["This server tells no single days."], skin);
    }
    ui::trend::Trend {
        daily: &summary.daily_minor,
        first: summary.calendar.first_day(summary.month),
        progress: model.progress(summary.month),
        limit: totals.limit,
        forecast: totals.forecast,
        currency: model.currency(),
        graph: model.skin().graph,
    }
    .render(inner, buf, skin);
}

fn draw_recent(model: &Model, buf: &mut Buffer, area: Rect) {
    let skin = model.skin();
    let focused = model.overview.pane == Pane::Recent;
    let (count, month) = (model.totals().map_or(0, |t| t.count), model.shown_month());
    let inner = Panel::new("Recent expenses")
        .focused(focused)
        .right(format!("{count} in {}", month.short_name()))
        .render(area, buf, skin);
    if model.data.expenses.is_empty() {
        return empty(buf, inner, &[&no_expenses(model)], skin);
    }
    draw_expenses(model, buf, inner);
}

fn draw_alerts(model: &Model, buf: &mut Buffer, area: Rect) {
    let skin = model.skin();
    let theme = &skin.theme;
    let focused = model.overview.pane == Pane::Alerts;
    let alerts = open_alerts(model);
    let note = if alerts.len() > usize::from(area.height.saturating_sub(2).div_ceil(3)) {
        format!("{} of {}, 4 all", model.overview.alerts.selected + 1, alerts.len())
    } else {
        String::new()
    };
    let inner = Panel::new("Alerts")
        .focused(focused)
        .right(unread_note(model))
        .note(note)
        .render(area, buf, skin);
    if alerts.is_empty() {
        return empty(buf, inner, &[no_alerts(model)], skin);
    }
    for (place, alert, selected) in visible(model, Pane::Alerts, &alerts) {
        let row = 3 * place;
        let (glyph, role) = alert_mark(alert, skin);
        let name = if selected { theme.selected() } else { theme.bold(role) };
        let room = inner.width.saturating_sub(3 + text::width(&alert.category));
        let words = alert_words(alert, model.currency());
        let dated = format!("{words}{}", alert_day(model, alert));
        // Half a day says less than none.
        let fits = text::width(&dated) <= room;
        let words = skin.fit(if fits { &dated } else { &words }, room);
        let line = Line::from(vec![
            Span::styled(format!("{glyph} "), theme.style(role)),
            Span::styled(skin.fit(&alert.category, inner.width / 2), name),
            Span::styled(format!(" {words}"), theme.style(Role::Text)),
        ]);
        put_row(buf, ui::row(inner, row), &line, selected, skin);
        let detail = format!("  {}", alert_detail(model, alert));
        ui::put(
            buf,
            ui::row(inner, row + 1),
            &Line::styled(skin.fit(&detail, inner.width), theme.style(Role::Muted)),
        );
    }
}

fn draw_months(model: &Model, buf: &mut Buffer, area: Rect) {
    if area.height < 4 {
        return;
    }
    let inner = Panel::new("Last 6 months").render(area, buf, model.skin());
    if let Some(summary) = &model.data.summary {
        if summary.months.is_empty() {
            return empty(buf, inner, &["This server tells no other months."], model.skin());
        }
        ui::months::Months {
            months: &summary.months,
            currency: model.currency(),
        }
        .render(inner, buf, model.skin());
    }
}
