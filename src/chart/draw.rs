//! Lays the chart out and draws it: one row a category, spending above its budget.

use plotters::style::RGBColor;
use plotters::style::text_anchor::HPos;

use super::canvas::{Area, Canvas, Style};
use super::scale::{MOST_STEPS, Scale};
use super::{Chart, ChartBar, ChartError, SIZE};
use crate::domain::Money;

/// Most categories that can be read in one picture.
pub(super) const MOST_ROWS: usize = 30;

/// The light theme's roles.
const TEXT: RGBColor = RGBColor(0x1d, 0x27, 0x33);
const MUTED: RGBColor = RGBColor(0x56, 0x64, 0x72);
const FAINT: RGBColor = RGBColor(0xaa, 0xb5, 0xc0);
const TRACK: RGBColor = RGBColor(0xe3, 0xe8, 0xee);
const OK: RGBColor = RGBColor(0x0b, 0x6f, 0x78);
const OVER: RGBColor = RGBColor(0xa8, 0x12, 0x4e);

/// Edges of the picture, pixels.
const WIDTH: i32 = 1600;
const MARGIN: i32 = 56;
/// Where the rows begin and end.
const TOP: i32 = 136;
const BOTTOM: i32 = 832;
/// Room that names may take.
const NAMES: i32 = 320;
/// From a bar to its value.
const GAP: i32 = 10;
/// Bars thinner than this have no line of text each.
const THIN: i32 = 14;
/// Room that bars keep, however long the values are.
const LEAST_BARS: i32 = 400;

/// The numbers under the axis.
const MARK: Style = Style {
    size: 18,
    bold: false,
    colour: MUTED,
};

/// Draws the chart into RGB pixels, row by row.
pub(super) fn render(chart: &Chart) -> Result<Vec<u8>, ChartError> {
    let mut pixels = vec![0; SIZE.0 as usize * SIZE.1 as usize * 3];
    let canvas = Canvas::new(&mut pixels, SIZE)?;
    let title = Style {
        size: 36,
        bold: true,
        colour: TEXT,
    };
    let fitted = canvas.cut(&chart.title, title, WIDTH - 2 * MARGIN)?;
    canvas.text(&fitted, title, (MARGIN, 50), HPos::Left)?;
    if chart.bars.is_empty() {
        nothing(&canvas)?;
    } else {
        let rows = &chart.bars[..chart.bars.len().min(MOST_ROWS)];
        legend(&canvas)?;
        let layout = Layout::new(&canvas, chart, rows)?;
        layout.axis(&canvas)?;
        for (place, bar) in (0..).zip(rows) {
            layout.row(&canvas, place, bar)?;
        }
        hidden_rows(&canvas, chart.bars.len() - rows.len())?;
    }
    canvas.finish()?;
    Ok(pixels)
}

fn nothing(canvas: &Canvas<'_>) -> Result<(), ChartError> {
    let large = Style {
        size: 28,
        bold: false,
        colour: TEXT,
    };
    let small = Style {
        size: 22,
        bold: false,
        colour: MUTED,
    };
    let centre = WIDTH / 2;
    canvas.text("Nothing to draw yet.", large, (centre, 430), HPos::Center)?;
    canvas.text(
        "Add an expense or set a budget, then make the chart again.",
        small,
        (centre, 476),
        HPos::Center,
    )
}

fn hidden_rows(canvas: &Canvas<'_>, hidden: usize) -> Result<(), ChartError> {
    if hidden == 0 {
        return Ok(());
    }
    let style = Style {
        size: 17,
        bold: false,
        colour: MUTED,
    };
    let words = if hidden == 1 { "category is" } else { "categories are" };
    canvas.text(
        &format!("{hidden} more {words} not drawn."),
        style,
        (MARGIN, 880),
        HPos::Left,
    )
}

fn legend(canvas: &Canvas<'_>) -> Result<(), ChartError> {
    let style = Style {
        size: 20,
        bold: false,
        colour: TEXT,
    };
    let (mut x, y) = (MARGIN, 98);
    for (name, colour) in [("Spent", OK), ("Spent, over the budget", OVER), ("Budget", TRACK)] {
        let swatch = Area(x, y - 9, x + 30, y + 9);
        match colour {
            OVER => canvas.striped(swatch, colour)?,
            TRACK => budget_bar(canvas, swatch)?,
            _ => canvas.fill(swatch, colour)?,
        }
        canvas.text(name, style, (x + 40, y), HPos::Left)?;
        x += 40 + canvas.width(name, style)? + 44;
    }
    Ok(())
}

fn budget_bar(canvas: &Canvas<'_>, area: Area) -> Result<(), ChartError> {
    canvas.fill(area, TRACK)?;
    canvas.frame(area, FAINT)
}

/// The largest amount to draw, minor units.
fn largest(rows: &[ChartBar]) -> i64 {
    rows.iter()
        .map(|bar| bar.spent_minor.max(bar.limit_minor.unwrap_or(0)))
        .max()
        .unwrap_or(0)
}

/// Where everything stands.
struct Layout<'a> {
    chart: &'a Chart,
    scale: Scale,
    /// Left end of the bars.
    left: i32,
    /// Hundredths of a pixel from one row to the next, so that thirty rows fill the page.
    row: i32,
    /// Height of a bar.
    thick: i32,
    name: Style,
    value: Style,
}

impl<'a> Layout<'a> {
    fn new(canvas: &Canvas<'_>, chart: &'a Chart, rows: &[ChartBar]) -> Result<Self, ChartError> {
        let count = i32::try_from(rows.len()).unwrap_or(1).max(1);
        let height = (BOTTOM - TOP) / count;
        let thick = (height * 37 / 100).clamp(7, 48);
        let name = Style {
            size: (height / 2).clamp(15, 24),
            bold: false,
            colour: TEXT,
        };
        let value = Style {
            size: (thick + 3).clamp(15, 21),
            bold: false,
            colour: TEXT,
        };
        let mut names = 0;
        for bar in rows {
            names = names.max(canvas.width(&bar.category, name)?.min(NAMES));
        }
        let left = MARGIN + names + 16;
        let mut layout = Self {
            chart,
            scale: Scale::new(largest(rows), chart.currency.scale(), MOST_STEPS, WIDTH - MARGIN - left),
            left,
            row: (BOTTOM - TOP) * 100 / count,
            thick,
            name,
            value,
        };
        layout.make_room_for_values(canvas, rows)?;
        layout.keep_marks_apart(canvas, rows)?;
        Ok(layout)
    }

    /// Shortens the axis until the value beside each bar fits on the page.
    fn make_room_for_values(&mut self, canvas: &Canvas<'_>, rows: &[ChartBar]) -> Result<(), ChartError> {
        let full = self.scale.length;
        let values: Vec<Value> = rows.iter().flat_map(|bar| self.values(bar)).collect();
        for value in values {
            let width = canvas.width(
                &value.text,
                Style {
                    bold: true,
                    ..self.value
                },
            )?;
            self.scale.shorten(value.beside, full - GAP - width);
        }
        self.scale.length = self.scale.length.max(LEAST_BARS);
        Ok(())
    }

    /// Gives long numbers fewer marks.
    fn keep_marks_apart(&mut self, canvas: &Canvas<'_>, rows: &[ChartBar]) -> Result<(), ChartError> {
        for steps in (1..MOST_STEPS).rev() {
            let widest = canvas.width(&Money::new(self.scale.top, self.chart.currency).whole(), MARK)?;
            if self.scale.pixels(self.scale.step) > widest + 24 {
                break;
            }
            self.scale = Scale::new(largest(rows), self.chart.currency.scale(), steps, self.scale.length);
        }
        Ok(())
    }

    fn axis(&self, canvas: &Canvas<'_>) -> Result<(), ChartError> {
        for mark in self.scale.marks() {
            let x = self.left + self.scale.pixels(mark);
            let colour = if mark == 0 { MUTED } else { TRACK };
            canvas.line((x, TOP), (x, BOTTOM), colour)?;
            canvas.text(
                &Money::new(mark, self.chart.currency).whole(),
                MARK,
                (x, BOTTOM + 20),
                HPos::Center,
            )?;
        }
        Ok(())
    }

    fn row(&self, canvas: &Canvas<'_>, place: i32, bar: &ChartBar) -> Result<(), ChartError> {
        let middle = TOP + (self.row * place + self.row / 2) / 100;
        let name = canvas.cut(&bar.category, self.name, NAMES)?;
        canvas.text(&name, self.name, (self.left - 14, middle), HPos::Right)?;

        let spent = self.left + self.scale.pixels(bar.spent_minor);
        let area = Area(self.left, middle - self.thick, spent, middle);
        if bar.over().is_some() {
            canvas.striped(area, OVER)?;
        } else {
            canvas.fill(area, OK)?;
        }
        let limit = self.left + self.scale.pixels(bar.limit_minor.unwrap_or(0));
        budget_bar(canvas, Area(self.left, middle + 1, limit, middle + 1 + self.thick))?;
        for value in self.values(bar) {
            let x = self.left + self.scale.pixels(value.beside) + GAP;
            let style = Style {
                bold: value.colour == OVER,
                colour: value.colour,
                ..self.value
            };
            canvas.text(&value.text, style, (x, middle + value.below), HPos::Left)?;
        }
        Ok(())
    }

    /// What stands beside the bars of a category: a text for each, or one for both where they are thin.
    fn values(&self, bar: &ChartBar) -> Vec<Value> {
        let money = |minor| Money::new(minor, self.chart.currency);
        let (limit, limit_minor) = match bar.limit_minor {
            Some(limit) => (money(limit).to_string(), limit),
            None => ("no budget".to_owned(), 0),
        };
        let spent = money(bar.spent_minor).to_string();
        let over = bar
            .over()
            .map_or_else(String::new, |by| format!("  ▲ over {}", money(by).short_symbol()));
        let colour = if over.is_empty() { TEXT } else { OVER };
        if self.thick < THIN {
            let joint = if bar.limit_minor.is_some() { " of " } else { ", " };
            let text = format!("{spent}{joint}{limit}{over}");
            return vec![Value {
                text,
                colour,
                beside: bar.spent_minor.max(limit_minor),
                below: 0,
            }];
        }
        let half = self.thick / 2;
        let spent = Value {
            text: format!("{spent}{over}"),
            colour,
            beside: bar.spent_minor,
            below: -half,
        };
        vec![
            spent,
            Value {
                text: limit,
                colour: MUTED,
                beside: limit_minor,
                below: 1 + half,
            },
        ]
    }
}

/// A text beside a bar.
struct Value {
    text: String,
    colour: RGBColor,
    /// The amount, in minor units, whose bar it stands beside.
    beside: i64,
    /// Pixels below the middle of the row.
    below: i32,
}
