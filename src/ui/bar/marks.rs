//! The marks under a bar that has none in it.

use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::{BudgetBar, Cell, Scale, draw, today_column};
use crate::ui::text;
use crate::ui::theme::{Role, Skin};

/// The row under a bar of `width` columns, at most `room` columns wide: `▴ today`, and the estimate with its words.
///
/// Both marks stand in their columns; words stand beside them where there is room.
#[must_use]
pub fn marker_line(bar: &BudgetBar, width: u16, room: u16, forecast: &str, skin: &Skin) -> Line<'static> {
    let (glyphs, theme) = (&skin.glyphs, &skin.theme);
    let mut marks: Vec<Mark<'_>> = Vec::new();
    if let Some(column) = today_column(width, bar.progress).filter(|_| !bar.fixed && bar.limit.is_some()) {
        marks.push(Mark {
            column,
            glyph: glyphs.pin,
            style: theme.style(Role::Text),
            words: "today",
        });
    }
    if let (Some(limit), Some(estimate)) = (bar.limit, bar.forecast.filter(|&estimate| estimate > bar.spent)) {
        let column = Scale::new(width, limit).column(estimate);
        let leaves = column >= width;
        let column = column.min(width.saturating_sub(1));
        let taken = marks.iter().any(|mark| mark.column == column);
        marks.push(Mark {
            column: column + u16::from(taken),
            glyph: if leaves { glyphs.beyond } else { glyphs.diamond },
            style: draw(Cell::Estimate, bar, skin).1,
            words: forecast,
        });
    }
    marks.sort_by_key(|mark| mark.column);
    let mut spans: Vec<Span<'static>> = Vec::new();
    let mut end = 0;
    for (at, mark) in marks.iter().enumerate() {
        let right = marks.get(at + 1).map_or(room, |next| next.column.saturating_sub(1));
        let words = text::width(mark.words);
        let behind = mark.column + 2 + words <= right;
        let before = !behind && end + words + 2 <= mark.column;
        if mark.column >= room {
            break;
        }
        let start = mark.column - if before { words + 1 } else { 0 };
        spans.push(Span::raw(" ".repeat(usize::from(start - end))));
        let glyph = Span::styled(mark.glyph, mark.style);
        let label = |text: String| Span::styled(text, theme.style(Role::Muted));
        match (before, behind) {
            (true, _) => spans.extend([label(format!("{} ", mark.words)), glyph]),
            (_, true) => spans.extend([glyph, label(format!(" {}", mark.words))]),
            _ => spans.push(glyph),
        }
        end = mark.column + 1 + if behind { words + 1 } else { 0 };
    }
    Line::from(spans)
}

/// One mark under a bar.
struct Mark<'a> {
    column: u16,
    glyph: &'static str,
    style: Style,
    words: &'a str,
}
