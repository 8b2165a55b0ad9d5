//! A small grid of dots for line charts: in Braille, in half blocks or in ASCII.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::Graph;

/// The bits of a Braille cell: two columns, four rows, in the order of Unicode's block at `U+2800`.
const BITS: [[u8; 2]; 4] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]];

/// What a cell of half blocks shows for its dots, by the first bits of [`BITS`]: upper, lower, both.
const BLOCKS: [&str; 4] = [" ", "▀", "▄", "█"];

/// What a cell of ASCII shows for a line of each strength.
const ASCII: [&str; 3] = ["-", ".", "*"];

/// Which of two lines in one cell gives it its style; the later one does.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Strength {
    /// A line to compare with.
    Reference,
    /// A guess.
    Guess,
    /// What is known.
    Fact,
}

/// A grid of dots: 2 x 4 in a cell of Braille, 1 x 2 in a cell of half blocks, 1 x 1 in a cell of ASCII.
#[derive(Debug)]
pub struct Plot {
    columns: u16,
    rows: u16,
    graph: Graph,
    cells: Vec<Option<(u8, Strength)>>,
}

impl Plot {
    /// An empty grid of `columns` x `rows` cells.
    #[must_use]
    pub fn new(columns: u16, rows: u16, graph: Graph) -> Self {
        Self {
            columns,
            rows,
            graph,
            cells: vec![None; usize::from(columns) * usize::from(rows)],
        }
    }

    /// Dots from left to right.
    #[must_use]
    pub fn width(&self) -> i32 {
        i32::from(self.columns) * i32::from(self.cell().0)
    }

    /// Dots from bottom to top.
    #[must_use]
    pub fn height(&self) -> i32 {
        i32::from(self.rows) * i32::from(self.cell().1)
    }

    /// Sets the dot `x` from the left and `y` from the bottom; outside the grid nothing happens.
    pub fn dot(&mut self, x: i32, y: i32, strength: Strength) {
        let (wide, high) = self.cell();
        let down = self.height() - 1 - y;
        let (Ok(x), Ok(down)) = (u16::try_from(x), u16::try_from(down)) else {
            return;
        };
        let (column, line) = (x / wide, down / high);
        if column >= self.columns || line >= self.rows {
            return;
        }
        let bit = BITS[usize::from(down % high)][usize::from(x % wide)];
        let cell = &mut self.cells[usize::from(line) * usize::from(self.columns) + usize::from(column)];
        *cell = Some(cell.map_or((bit, strength), |(bits, old)| (bits | bit, old.max(strength))));
    }

    /// Draws a straight line between two dots, every `step`-th dot of it (1 draws all).
    pub fn line(&mut self, from: (i32, i32), to: (i32, i32), step: i32, strength: Strength) {
        let (dx, dy) = (to.0 - from.0, to.1 - from.1);
        let count = dx.abs().max(dy.abs()).max(1);
        for at in (0..=count).filter(|at| at % step.max(1) == 0) {
            let part = |delta: i32| (2 * delta * at + count * delta.signum()) / (2 * count);
            self.dot(from.0 + part(dx), from.1 + part(dy), strength);
        }
    }

    /// Draws the grid into `area` in the style of each cell's strongest line.
    pub fn render(&self, area: Rect, buf: &mut Buffer, style: impl Fn(Strength) -> Style) {
        for (row, cells) in (area.y..).zip(self.cells.chunks(usize::from(self.columns.max(1)))) {
            for (column, cell) in (area.x..).zip(cells) {
                let Some((bits, strength)) = *cell else { continue };
                let glyph = char::from_u32(0x2800 + u32::from(bits));
                let inside = area.contains((column, row).into());
                if let Some(place) = buf.cell_mut((column, row)).filter(|_| inside) {
                    match (self.graph, glyph) {
                        (Graph::Ascii, _) => place.set_symbol(ASCII[strength as usize]),
                        (Graph::Block, _) => place.set_symbol(BLOCKS[usize::from(bits & 3)]),
                        (Graph::Braille | Graph::Auto, glyph) => place.set_char(glyph.unwrap_or(' ')),
                    }
                    .set_style(style(strength));
                }
            }
        }
    }

    const fn cell(&self) -> (u16, u16) {
        match self.graph {
            Graph::Braille | Graph::Auto => (2, 4),
            Graph::Block => (1, 2),
            Graph::Ascii => (1, 1),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(graph: Graph) -> String {
        let mut plot = Plot::new(4, 2, graph);
        plot.line((0, 0), (plot.width() - 1, plot.height() - 1), 1, Strength::Fact);
        let area = Rect::new(0, 0, 4, 2);
        let mut buf = Buffer::empty(area);
        plot.render(area, &mut buf, |_| Style::new());
        buf.content().iter().map(ratatui::buffer::Cell::symbol).collect()
    }

    #[test]
    fn a_rising_line_runs_from_corner_to_corner() {
        assert_eq!(drawn(Graph::Braille), "  ⡠⠊⡠⠊  ");
        assert_eq!(drawn(Graph::Block), "  ▄▀▄▀  ");
        assert_eq!(drawn(Graph::Ascii), "  ****  ");
    }

    #[test]
    fn the_stronger_line_gives_the_style() {
        let mut plot = Plot::new(1, 1, Graph::Braille);
        plot.dot(0, 0, Strength::Fact);
        plot.dot(1, 0, Strength::Reference);
        plot.dot(-1, 9, Strength::Reference);
        let mut buf = Buffer::empty(Rect::new(0, 0, 1, 1));
        plot.render(buf.area, &mut buf, |strength| {
            assert_eq!(strength, Strength::Fact);
            Style::new()
        });
        assert_eq!(buf[(0, 0)].symbol(), "⣀");
    }
}
