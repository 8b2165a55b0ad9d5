//! What the budget will look like when the expense is saved.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::Shown;
use crate::api::{CategorySummary, Summary};
use crate::app::view::cell;
use crate::domain::{Kind, Money, Standing};
use crate::ui::bar::BudgetBar;
use crate::ui::{self, Role};

/// Below this many columns there is no room for the bar.
const WITH_BAR: u16 = 60;

pub(super) fn draw(shown: Shown<'_>, buf: &mut Buffer, area: Rect) {
    let (model, skin) = (shown.model, shown.skin());
    let (Ok(amount), Ok(day), Some(id)) = (&shown.reading.amount, &shown.reading.day, shown.reading.category()) else {
        return;
    };
    let Some(summary) = &model.data.summary else { return };
    let Some(row) = summary.categories.iter().find(|c| c.category.id == id) else {
        return;
    };
    let mut spans = vec![Span::styled("After this  ", skin.theme.bold(Role::Text))];
    if area.width >= WITH_BAR {
        spans.push(cell(skin, &row.category.name, 16, skin.theme.style(Role::Muted)));
        spans.push(Span::raw(" "));
    }
    let remark = if !row.category.kind.is_spending() {
        Some("is in no total of spending".to_owned())
    } else if !summary.calendar.contains(summary.month, *day) {
        Some(format!("counts in {}", summary.calendar.month_of(*day).long_name()))
    } else {
        None
    };
    match remark {
        Some(words) => spans.push(Span::styled(words, skin.theme.style(Role::Muted))),
        None => spans.extend(consequence(shown, summary, row, amount.minor, area.width)),
    }
    ui::put(buf, area, &Line::from(ui::clip(spans, area.width, skin)));
}

/// The category's bar with `amount` minor units more in it, and what that comes to.
fn consequence(
    shown: Shown<'_>,
    summary: &Summary,
    row: &CategorySummary,
    amount: i64,
    width: u16,
) -> Vec<Span<'static>> {
    let (model, skin) = (shown.model, shown.skin());
    let theme = &skin.theme;
    let money = |minor: i64| Money::new(minor, model.currency()).short_symbol();
    let before = shown.form.before.as_ref();
    let before = before
        .filter(|e| e.category_id == Some(row.category.id) && summary.calendar.contains(summary.month, e.day))
        .map_or(0, |e| e.amount_minor);
    let spent = row.spent_minor.saturating_sub(before).saturating_add(amount);
    let Some(limit) = row.limit_minor else {
        return vec![Span::styled(
            format!("{} spent, no limit", money(spent)),
            theme.style(Role::Muted),
        )];
    };
    let standing = Standing {
        spent,
        forecast: None,
        ..model.standing(row)
    };
    let risk = standing.outlook();
    let bar = BudgetBar {
        spent,
        limit: Some(limit),
        forecast: None,
        progress: standing.progress,
        fixed: row.category.kind == Kind::Fixed,
        risk,
    };
    let (glyph, role) = skin.glyphs.outlook(&risk);
    let words = if spent > limit {
        format!("{glyph} {} over", money(spent.saturating_sub(limit)))
    } else {
        format!("{glyph} {} left", money(limit.saturating_sub(spent)))
    };
    let mut spans = Vec::new();
    if width >= WITH_BAR {
        spans = ui::bar::line(&bar, (width - 12 - 17 - 18).min(30), skin).spans;
        spans.push(Span::raw("  "));
    }
    spans.push(Span::styled(words, theme.bold(role)));
    spans
}
