//! The rows of the budgets list: a bar each, its numbers and its outlook.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::view::bar;
use super::{Pane, view};
use crate::api::CategorySummary;
use crate::app::model::Model;
use crate::app::view::{cell, number, put_row};
use crate::domain::{Money, Progress};
use crate::ui::bar::BudgetBar;
use crate::ui::{self, BarStyle, Role, days, text};

/// From this many columns of the window on the days of the month stand beside the bars.
const WITH_DAYS: u16 = 140;
/// A bar gives up no more columns than leave it this many.
const LEAST_BAR: u16 = 16;

/// Whether each budget is drawn with the days of its month.
pub(super) fn has_days(model: &Model) -> bool {
    model.skin().bars == BarStyle::Days
        && model.size.0 >= WITH_DAYS
        && model.categories().iter().any(|c| !c.daily_minor.is_empty())
}

/// Rows of the screen that a budget takes up.
pub(super) fn height(model: &Model) -> u16 {
    if model.skin().bars == BarStyle::Bullet { 2 } else { 1 }
}

/// The widths of a line of the budgets list; 0 leaves a column out.
#[derive(Clone, Copy)]
pub(super) struct Columns {
    name: u16,
    bar: u16,
    days: u16,
    spent: u16,
    limit: u16,
    outlook: u16,
}

impl Columns {
    /// Everything but the bar is fixed; the bar takes what is left of `width`.
    pub(super) fn fit(model: &Model, width: u16) -> Self {
        let days = if has_days(model) {
            u16::from(model.shown_month().length()) + 2
        } else {
            0
        };
        let (name, spent, limit, outlook) = if width >= 90 + 2 * days {
            (18, 12, 10, 20)
        } else {
            (15, 9, 7, 12)
        };
        let room = width.saturating_sub(2 + name + 1 + spent + limit + 1 + outlook);
        let days = if room >= days + LEAST_BAR { days } else { 0 };
        Self {
            name,
            bar: room - days,
            days,
            spent,
            limit,
            outlook,
        }
    }

    /// Where the bar begins.
    fn before_bar(self) -> u16 {
        2 + self.name + 1
    }
}

/// Draws the rows of the list that are on the screen into `area`.
pub(super) fn draw(model: &Model, buf: &mut Buffer, area: Rect, columns: Columns, rows: &[&CategorySummary]) {
    let skin = model.skin();
    let each = height(model);
    for (y, category, selected) in view::visible(model, Pane::Budgets, rows) {
        let first = ui::row(area, y * each);
        put_row(buf, first, &line(model, category, columns, selected), selected, skin);
        if each == 2 {
            let second = ui::row(area, y * each + 1);
            put_row(
                buf,
                second,
                &marks(model, category, columns, area.width),
                selected,
                skin,
            );
        }
    }
}

/// One line of the budgets list.
fn line(model: &Model, category: &CategorySummary, columns: Columns, selected: bool) -> Line<'static> {
    let skin = model.skin();
    let theme = &skin.theme;
    let bar = bar(model, category);
    let (glyph, role) = skin.glyphs.outlook(&bar.risk);
    let loud = bar.risk.risk() <= 1;
    let name_style = match (selected, loud) {
        (true, _) => theme.selected(),
        (false, true) => theme.bold(Role::Text),
        (false, false) => theme.style(Role::Text),
    };
    let money = |minor| Money::new(minor, model.currency());
    let words = skin.fit(&bar.risk.words(model.currency(), model.locale()), columns.outlook);
    let words_style = match bar.risk.risk() {
        0 => theme.over_word(),
        1 => theme.bold(Role::Warn),
        2 => theme.style(Role::Warn),
        _ => theme.style(Role::Muted),
    };
    let limit = category.limit_minor.map_or(String::new(), |minor| money(minor).short());
    let mut spans = vec![
        Span::styled(format!("{glyph} "), theme.style(role)),
        cell(skin, &category.category.name, columns.name, name_style),
        Span::raw(" "),
    ];
    spans.extend(ui::bar::line(&shown(model, &bar), columns.bar, skin).spans);
    if columns.days > 0 {
        let days = days::line(&category.daily_minor, bar.progress.day, skin);
        let used = ui::span_width(&days.spans);
        spans.push(Span::raw("  "));
        spans.extend(days.spans);
        spans.push(Span::raw(
            " ".repeat(usize::from((columns.days - 2).saturating_sub(used))),
        ));
    }
    spans.push(number(
        skin,
        &money(category.spent_minor).amount(),
        columns.spent,
        theme.bold(Role::Text),
    ));
    spans.push(number(skin, &limit, columns.limit, theme.style(Role::Muted)));
    spans.push(Span::raw(" "));
    spans.push(Span::styled(words, words_style));
    Line::from(spans)
}

/// The bar as this style draws it.
fn shown(model: &Model, bar: &BudgetBar) -> BudgetBar {
    if model.skin().bars == BarStyle::Bullet {
        bar.bare()
    } else {
        *bar
    }
}

/// The second row of a budget: today and the estimate under the bar.
fn marks(model: &Model, category: &CategorySummary, columns: Columns, width: u16) -> Line<'static> {
    let skin = model.skin();
    let bar = bar(model, category);
    let estimate = bar.forecast.map_or(String::new(), |minor| {
        format!("forecast {}", Money::new(minor, model.currency()).short_symbol())
    });
    let before = columns.before_bar();
    let room = width.saturating_sub(before);
    let mut spans = vec![Span::raw(" ".repeat(usize::from(before)))];
    spans.extend(ui::bar::marker_line(&bar, columns.bar, room, &estimate, skin).spans);
    Line::from(spans)
}

/// The titles over the list, with the labels of the bar's lines.
pub(super) fn titles(model: &Model, columns: Columns) -> Line<'static> {
    let skin = model.skin();
    let muted = skin.theme.style(Role::Muted);
    let progress = model.progress(model.shown_month());
    // Where today stands under the bar, it is not told above.
    let progress = Progress {
        closed: progress.closed || model.skin().bars == BarStyle::Bullet,
        ..progress
    };
    let mut spans = vec![cell(skin, "  category", columns.name + 3, muted)];
    let scale = ui::bar::scale_line(columns.bar, progress, "today", "limit", skin);
    let used = ui::span_width(&scale.spans);
    spans.extend(scale.spans);
    spans.push(Span::raw(" ".repeat(columns.bar.saturating_sub(used).into())));
    if columns.days > 0 {
        let (calendar, month) = (model.calendar(), model.shown_month());
        let first = format!("  {}", calendar.first_day(month).day());
        let last = calendar.last_day(month).day().to_string();
        let room = columns.days.saturating_sub(text::width(&first));
        spans.push(Span::styled(first, muted));
        spans.push(number(skin, &last, room, muted));
    }
    spans.push(number(skin, "spent", columns.spent, muted));
    spans.push(number(skin, "limit", columns.limit, muted));
    spans.push(Span::styled(" outlook", muted));
    Line::from(spans)
}
