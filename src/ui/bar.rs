//! The budget bar: what is spent, where today and the limit stand, and where it will end.
//!
//! All bars of one width have their lines in the same columns, so that a list of them is read at one
//! glance: left of today is calm, right of the limit is over. The lane right of the limit shows by how much.

use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::domain::{Outlook, Progress};

use super::theme::{Role, Skin};

mod marks;

pub use marks::marker_line;

/// One budget; amounts in minor units.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct BudgetBar {
    /// Spent so far; less than nothing counts as nothing.
    pub spent: i64,
    /// The limit; without one there is nothing to draw.
    pub limit: Option<i64>,
    /// The month-end estimate.
    pub forecast: Option<i64>,
    /// How far the month has come.
    pub progress: Progress,
    /// A bill: no line for today, since rent paid on the first is no alarm.
    pub fixed: bool,
    /// What decides the colour.
    pub risk: Outlook,
}

impl BudgetBar {
    /// The bar alone: what would be drawn into it stands below, see [`marker_line`].
    #[must_use]
    pub fn bare(&self) -> Self {
        Self {
            fixed: true,
            forecast: None,
            ..*self
        }
    }
}

/// What one column of a bar shows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Cell {
    /// Spent, up to the limit.
    Spent,
    /// Spent, past the limit.
    Over,
    /// Not spent, up to the limit.
    Track,
    /// The line of today.
    Today,
    /// The line of the limit.
    Limit,
    /// On the way to the estimate.
    Forecast,
    /// The estimate.
    Estimate,
    /// Spent or expected to be spent outside the picture.
    Beyond,
    /// Past the limit, and nothing there.
    Blank,
}

/// The column of the limit's line in a bar of `width` columns: the same for every bar of that width.
#[must_use]
pub fn limit_column(width: u16) -> u16 {
    let lane = match width {
        0..3 => 0,
        _ => (width / 4).saturating_sub(2).max(1),
    };
    width.saturating_sub(lane + 1)
}

/// The column of today's line; `None` while the month has not begun, after it, and where there is no room.
#[must_use]
pub fn today_column(width: u16, progress: Progress) -> Option<u16> {
    let span = limit_column(width);
    // The first column belongs to what is spent and the limit's to the limit.
    if !progress.running() || progress.length == 0 || span < 2 {
        return None;
    }
    let (day, length) = (u32::from(progress.day), u32::from(progress.length));
    let column = (2 * u32::from(span) * day + length) / (2 * length);
    Some(u16::try_from(column).map_or(span - 1, |column| column.clamp(1, span - 1)))
}

/// The columns of a bar, `width` of them.
#[must_use]
pub fn cells(bar: &BudgetBar, width: u16) -> Vec<Cell> {
    let Some(limit) = bar.limit else {
        return vec![Cell::Blank; usize::from(width)];
    };
    let scale = Scale::new(width, limit);
    let today = if bar.fixed {
        None
    } else {
        today_column(width, bar.progress)
    };
    let filled = scale.filled(bar.spent);
    let mut cells: Vec<Cell> = (0..width)
        .map(|column| match column {
            _ if column == scale.line => Cell::Limit,
            _ if Some(column) == today => Cell::Today,
            _ if column < filled.min(scale.line) => Cell::Spent,
            _ if column < filled => Cell::Over,
            _ if column < scale.line => Cell::Track,
            _ => Cell::Blank,
        })
        .collect();
    if let Some(estimate) = bar.forecast.filter(|&estimate| estimate > bar.spent) {
        draw_tail(&mut cells, &scale, filled, estimate);
    }
    if scale.leaves(bar.spent) {
        set_beyond(&mut cells, &scale);
    }
    cells
}

/// The bar in the colours of its risk.
#[must_use]
pub fn line(bar: &BudgetBar, width: u16, skin: &Skin) -> Line<'static> {
    let mut spans: Vec<Span<'static>> = Vec::new();
    let cells = cells(bar, width);
    for run in cells.chunk_by(|a, b| a == b) {
        let (glyph, style) = draw(run[0], bar, skin);
        spans.push(Span::styled(glyph.repeat(run.len()), style));
    }
    Line::from(spans)
}

/// The bar of a whole month; amounts in minor units. Its colour follows from the amounts.
#[must_use]
pub fn total_line(
    spent: i64,
    limit: Option<i64>,
    forecast: Option<i64>,
    progress: Progress,
    width: u16,
    skin: &Skin,
) -> Line<'static> {
    let risk = match limit {
        None => Outlook::NoLimit,
        Some(limit) if spent > limit => Outlook::Over(spent.saturating_sub(limit)),
        Some(limit) if forecast.is_some_and(|estimate| estimate > limit) => Outlook::WillPass(None),
        Some(_) => Outlook::OnPace,
    };
    let bar = BudgetBar {
        spent,
        limit,
        forecast,
        progress,
        fixed: false,
        risk,
    };
    line(&bar, width, skin)
}

/// A plain bar for a share of 0 to 100 percent: how sure a prediction is, how strong a password.
#[must_use]
pub fn meter(percent: u8, width: u16, role: Role, skin: &Skin) -> Line<'static> {
    let exact = (u32::from(percent.min(100)) * u32::from(width) + 50) / 100;
    let least = u16::from(percent > 0);
    let filled = usize::from(u16::try_from(exact).unwrap_or(width).max(least).min(width));
    let (glyph, style) = track(skin);
    Line::from(vec![
        Span::styled(skin.glyphs.bar.repeat(filled), skin.theme.style(role)),
        Span::styled(glyph.repeat(usize::from(width) - filled), style),
    ])
}

/// The labels that stand over a column of bars: `0%`, then `today` and `limit` centred on their lines.
///
/// A label that has no room of its own is left out, the one for the limit last.
#[must_use]
pub fn scale_line(width: u16, progress: Progress, today: &str, limit: &str, skin: &Skin) -> Line<'static> {
    let centred = |text: &str, column: u16| {
        let columns = super::text::width(text);
        let start = column.saturating_sub(columns / 2).min(width.saturating_sub(columns));
        (start, start + columns)
    };
    let last = centred(limit, limit_column(width));
    let mut labels = vec![(last, limit, Role::Muted)];
    if let Some(column) = today_column(width, progress) {
        let (start, end) = centred(today, column);
        let shift = (end + 1).saturating_sub(last.0);
        // Moved aside it must still touch its line.
        if shift <= start && column < end - shift {
            labels.push(((start - shift, end - shift), today, Role::Text));
        }
    }
    let free = labels.last().map_or(width, |label| label.0.0);
    if free > 2 {
        labels.push(((0, 2), "0%", Role::Muted));
    }
    let mut spans = Vec::new();
    let mut column = 0;
    for ((start, end), text, role) in labels.into_iter().rev().filter(|label| label.0.1 <= width) {
        spans.push(Span::raw(" ".repeat(usize::from(start - column))));
        spans.push(Span::styled(text.to_owned(), skin.theme.style(role)));
        column = end;
    }
    Line::from(spans)
}

/// Where amounts stand in a bar.
struct Scale {
    width: u16,
    /// The column of the limit's line, which is also the number of columns that the limit takes up.
    line: u16,
    limit: i128,
}

impl Scale {
    fn new(width: u16, limit: i64) -> Self {
        Self {
            width,
            line: limit_column(width),
            limit: i128::from(limit.max(0)),
        }
    }

    /// The number of columns from the left up to the end of `spent`, the limit's line included once passed.
    fn filled(&self, spent: i64) -> u16 {
        let spent = i128::from(spent);
        if spent <= 0 {
            return 0;
        }
        if spent > self.limit {
            return self
                .past(spent, Rounding::Nearest)
                .max(self.line.saturating_add(2))
                .min(self.width);
        }
        let exact = scaled(spent, self.line, self.limit, Rounding::Nearest);
        // Only what has reached the limit may look full.
        let most = if spent < self.limit {
            self.line.saturating_sub(1)
        } else {
            self.line
        };
        narrow(exact).min(most).max(1).min(self.line)
    }

    /// The column of an estimate; one outside the picture gives the width or more.
    fn column(&self, estimate: i64) -> u16 {
        let estimate = i128::from(estimate);
        if estimate > self.limit {
            return self.past(estimate, Rounding::Down);
        }
        narrow(scaled(estimate.max(0), self.line, self.limit, Rounding::Down)).min(self.line.saturating_sub(1))
    }

    /// Whether an amount goes on beyond the right edge.
    fn leaves(&self, spent: i64) -> bool {
        let spent = i128::from(spent);
        spent > self.limit.max(0) && self.past(spent, Rounding::Nearest) > self.width
    }

    /// The end of an amount over the limit: the line itself stands for no money.
    fn past(&self, amount: i128, rounding: Rounding) -> u16 {
        let more = scaled(amount - self.limit, self.line, self.limit, rounding);
        narrow(more.saturating_add(i128::from(self.line) + 1))
    }
}

#[derive(Clone, Copy)]
enum Rounding {
    Down,
    Nearest,
}

/// `amount` in columns when `whole` takes up `span`; anything is infinitely much of nothing.
fn scaled(amount: i128, span: u16, whole: i128, rounding: Rounding) -> i128 {
    if whole == 0 {
        return i128::MAX;
    }
    let columns = amount * i128::from(span);
    match rounding {
        Rounding::Down => columns / whole,
        Rounding::Nearest => (2 * columns + whole) / (2 * whole),
    }
}

fn narrow(columns: i128) -> u16 {
    u16::try_from(columns.max(0)).unwrap_or(u16::MAX)
}

/// Draws the way from what is spent to the estimate over the free columns.
fn draw_tail(cells: &mut [Cell], scale: &Scale, filled: u16, estimate: i64) {
    let column = scale.column(estimate);
    if column >= scale.width {
        fill_tail(cells, filled, scale.width);
        set_beyond(cells, scale);
        return;
    }
    // A line stays where it is: the estimate moves to the next free column on its own side of the limit.
    let side = if column > scale.line { scale.width } else { scale.line };
    let free = (column.max(filled)..side).find(|&at| is_free(cells[usize::from(at)]));
    if let Some(at) = free {
        fill_tail(cells, filled, at);
        cells[usize::from(at)] = Cell::Estimate;
    }
}

fn fill_tail(cells: &mut [Cell], from: u16, to: u16) {
    for cell in cells.iter_mut().take(usize::from(to)).skip(usize::from(from)) {
        if is_free(*cell) {
            *cell = Cell::Forecast;
        }
    }
}

/// Marks the right edge, unless that is the only column that can show that the limit is passed.
fn set_beyond(cells: &mut [Cell], scale: &Scale) {
    let only_over = scale.width <= scale.line + 2;
    if let Some(last) = cells.last_mut()
        && *last != Cell::Limit
        && !(only_over && *last == Cell::Over)
    {
        *last = Cell::Beyond;
    }
}

const fn is_free(cell: Cell) -> bool {
    matches!(cell, Cell::Track | Cell::Blank)
}

fn draw(cell: Cell, bar: &BudgetBar, skin: &Skin) -> (&'static str, Style) {
    let (glyphs, theme) = (&skin.glyphs, &skin.theme);
    let (_, risk) = glyphs.outlook(&bar.risk);
    let passes = bar
        .forecast
        .zip(bar.limit)
        .is_some_and(|(estimate, limit)| estimate > limit);
    let ahead = if passes { risk } else { Role::Muted };
    match cell {
        Cell::Spent | Cell::Over => (glyphs.bar, theme.style(risk)),
        Cell::Track => track(skin),
        Cell::Today => (glyphs.line, theme.style(Role::Text)),
        Cell::Limit => (glyphs.line, theme.style(Role::Muted)),
        Cell::Forecast => (glyphs.forecast, theme.style(Role::Muted)),
        Cell::Estimate => (glyphs.diamond, theme.style(ahead)),
        Cell::Beyond => (glyphs.beyond, theme.style(risk)),
        Cell::Blank => (" ", Style::new()),
    }
}

fn track(skin: &Skin) -> (&'static str, Style) {
    if skin.theme.has_backgrounds() {
        (skin.glyphs.groove, skin.theme.groove(!skin.glyphs.braille))
    } else {
        (skin.glyphs.track, Style::new())
    }
}

#[cfg(test)]
mod tests;
