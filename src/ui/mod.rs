//! Widgets without state: everything the screens are drawn from.
//!
//! A widget is a plain struct of what to show. It draws itself into a [`Rect`] or returns a [`Line`], takes
//! its colours and characters from a [`Skin`], and fits any size, an empty one too, without leaving it.

pub mod bar;
pub mod choice;
pub mod days;
pub mod form;
pub mod glyphs;
pub mod header;
pub mod months;
pub mod panel;
pub mod plot;
pub mod scroll;
pub mod spark;
pub mod text;
pub mod theme;
pub mod toast;
pub mod trend;

pub use choice::{BarStyle, GlyphSet, Graph};
pub use glyphs::Glyphs;
pub use header::Hint;
pub use theme::{Depth, Look, Role, Scheme, Skin, Theme, Themes};

use ratatui::buffer::{Buffer, CellWidth};
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

/// Draws `line` in the first row of `area`; what does not fit is cut off, outside the buffer nothing happens.
pub fn put(buf: &mut Buffer, area: Rect, line: &Line<'_>) {
    let area = area.intersection(buf.area);
    if area.is_empty() {
        return;
    }
    let spans = line
        .iter()
        .map(|span| Span::styled(text::drawn(&span.content), span.style));
    let drawn: Line<'_> = spans.collect();
    buf.set_line(area.x, area.y, &drawn.style(line.style), area.width);
}

/// Gives each letter of a cluster a cell of its own where its letters stand beside each other, as in `กำ`.
///
/// Most terminals have no clusters: of one that is overwritten by something narrower, they would keep the rest.
pub fn part_clusters(buf: &mut Buffer) {
    for at in 0..buf.content.len() {
        let cell = &buf.content[at];
        if cell.symbol().len() < 4 {
            continue;
        }
        let parts = text::letters(cell.symbol());
        if parts.len() < 2 || usize::from(cell.symbol().cell_width()) != parts.len() {
            continue;
        }
        let style = cell.style();
        for (cell, part) in buf.content[at..].iter_mut().zip(&parts) {
            cell.set_symbol(part).set_style(style);
        }
    }
}

/// Row `index` of `area`, empty when the area has fewer rows.
#[must_use]
pub fn row(area: Rect, index: u16) -> Rect {
    let height = u16::from(index < area.height);
    Rect {
        y: area.y.saturating_add(index.min(area.height)),
        height,
        ..area
    }
}

/// `spans` cut to `width` columns, the last one with an ellipsis.
#[must_use]
pub fn clip(spans: Vec<Span<'_>>, width: u16, skin: &Skin) -> Vec<Span<'static>> {
    let mut left = width;
    let mut kept = Vec::new();
    for span in spans {
        let shown = skin.fit(&span.content, left);
        left -= text::width(&shown).min(left);
        if !shown.is_empty() {
            kept.push(Span::styled(shown, span.style));
        }
    }
    kept
}

/// The columns a run of spans takes up.
#[must_use]
pub fn span_width(spans: &[Span<'_>]) -> u16 {
    spans
        .iter()
        .fold(0, |sum, span| sum.saturating_add(text::width(&span.content)))
}

#[cfg(test)]
mod pictures;
#[cfg(test)]
mod tests;
