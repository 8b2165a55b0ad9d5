//! The last months side by side, as columns.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::Span;

use crate::api::MonthTotal;
use crate::domain::Currency;

use super::theme::{Role, Skin};
use super::trend::compact;
use super::{put, row, text};

/// Columns for the name of a month and the gap after it.
const SLOT: u16 = 4;

/// Totals of some months, the present one last.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Months<'a> {
    /// Oldest first.
    pub months: &'a [MonthTotal],
    /// Whose minor units these are.
    pub currency: Currency,
}

impl Months<'_> {
    /// Draws the columns, as many of the latest months as fit, with their amounts above them where those fit. A
    /// month over its limits is marked above its column, or beside its name where there is no row to spare.
    pub fn render(&self, area: Rect, buf: &mut Buffer, skin: &Skin) {
        let area = area.intersection(buf.area);
        let fitting = usize::from(area.width / SLOT).min(self.months.len());
        let shown = &self.months[self.months.len() - fitting..];
        let Some(most) = shown.iter().map(|total| total.spent_minor.max(0)).max() else {
            return;
        };
        if area.height == 0 {
            return;
        }
        let slot = u16::try_from(fitting).map_or(SLOT, |count| (area.width / count).min(12));
        let amounts = self.amounts(shown, slot, skin).filter(|_| area.height > 5);
        let marks = u16::from(amounts.is_some() || area.height > 3 && shown.iter().any(is_over));
        let rows = area.height - 1;
        for line in 0..rows {
            let level = rows - 1 - line;
            let spans = shown.iter().enumerate().flat_map(|(index, total)| {
                let eighths = eighths(total.spent_minor, most, rows - marks);
                let style = style_of(index + 1 == fitting, total, skin);
                if level == eighths.div_ceil(8)
                    && let Some(amount) = amounts.as_ref().and_then(|amounts| amounts.get(index))
                {
                    return [Span::styled(text::pad(amount, slot), style), Span::raw("")];
                }
                column(total, eighths, level, slot, style, skin)
            });
            put(buf, row(area, line), &spans.collect());
        }
        let names = shown.iter().enumerate().flat_map(|(index, total)| {
            let style = style_of(index + 1 == fitting, total, skin);
            let mark = if is_over(total) && marks == 0 {
                skin.glyphs.over
            } else {
                ""
            };
            let name = format!("{mark}{}", total.month.short_name());
            let name = text::fit_with(&name, slot - 1, "");
            [
                Span::styled(name.clone(), style),
                Span::raw(" ".repeat(usize::from(slot - text::width(&name)))),
            ]
        });
        put(buf, row(area, rows), &names.collect());
    }
}

impl Months<'_> {
    /// What stands above each column, if all of it fits.
    fn amounts(&self, shown: &[MonthTotal], slot: u16, skin: &Skin) -> Option<Vec<String>> {
        let amount = |total: &MonthTotal| {
            let mark = if is_over(total) { skin.glyphs.over } else { "" };
            format!("{mark}{}", compact(total.spent_minor, self.currency))
        };
        let amounts: Vec<String> = shown.iter().map(amount).collect();
        amounts
            .iter()
            .all(|amount| text::width(amount) < slot)
            .then_some(amounts)
    }
}

fn style_of(current: bool, total: &MonthTotal, skin: &Skin) -> Style {
    match (is_over(total), current) {
        (true, _) => skin.theme.style(Role::Over),
        (false, true) => skin.theme.style(Role::Accent),
        (false, false) => skin.theme.style(Role::Muted),
    }
}

/// One line of one month's column, and the gap after it.
fn column(total: &MonthTotal, eighths: u16, level: u16, slot: u16, style: Style, skin: &Skin) -> [Span<'static>; 2] {
    let width = slot.min(8) / 2;
    let here = eighths.saturating_sub(level.saturating_mul(8)).min(8);
    let above = eighths.div_ceil(8);
    let filled = if here == 0 && is_over(total) && level == above {
        text::pad(
            &format!(
                "{}{}",
                " ".repeat(usize::from(width.saturating_sub(1) / 2)),
                skin.glyphs.over
            ),
            width,
        )
    } else {
        skin.glyphs.steps[usize::from(here)].repeat(usize::from(width))
    };
    [
        Span::styled(filled, style),
        Span::raw(" ".repeat(usize::from(slot - width))),
    ]
}

fn is_over(total: &MonthTotal) -> bool {
    total.limit_minor > 0 && total.spent_minor > total.limit_minor
}

/// The height of a column in eighths of a row; anything spent is at least one.
fn eighths(spent: i64, most: i64, rows: u16) -> u16 {
    if spent <= 0 || most <= 0 {
        return 0;
    }
    let full = i128::from(rows) * 8;
    let height = (i128::from(spent) * full + i128::from(most) / 2) / i128::from(most);
    u16::try_from(height.max(1)).unwrap_or(u16::MAX)
}
