//! A white page to draw on: rectangles, stripes and text in the bundled font.

use std::sync::OnceLock;

use ab_glyph::{Font, FontRef};
use plotters::prelude::*;
use plotters::style::register_font;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use unicode_normalization::UnicodeNormalization;

use super::ChartError;
use crate::domain::text::printable;

const FAMILY: &str = "DejaVu Sans";
const REGULAR: &[u8] = include_bytes!("../../assets/fonts/DejaVuSans.ttf");
const BOLD: &[u8] = include_bytes!("../../assets/fonts/DejaVuSans-Bold.ttf");

/// Shown for a letter that the font does not have.
const MISSING: char = '□';

/// How a text looks.
#[derive(Clone, Copy)]
pub(super) struct Style {
    /// Height of a line, pixels.
    pub size: i32,
    pub bold: bool,
    pub colour: RGBColor,
}

/// Corners of a rectangle in pixels: left, top, right, bottom; the last two belong to it no more.
#[derive(Clone, Copy)]
pub(super) struct Area(pub i32, pub i32, pub i32, pub i32);

/// The page.
pub(super) struct Canvas<'a> {
    area: DrawingArea<BitMapBackend<'a>, plotters::coord::Shift>,
}

impl<'a> Canvas<'a> {
    /// A white page over RGB `pixels`.
    pub fn new(pixels: &'a mut [u8], size: (u32, u32)) -> Result<Self, ChartError> {
        register_fonts()?;
        let area = BitMapBackend::with_buffer(pixels, size).into_drawing_area();
        area.fill(&WHITE).map_err(failed)?;
        Ok(Self { area })
    }

    /// Ends the drawing; the pixels are complete.
    pub fn finish(self) -> Result<(), ChartError> {
        self.area.present().map_err(failed)
    }

    /// A filled rectangle; nothing when it has no width or height.
    pub fn fill(&self, Area(left, top, right, bottom): Area, colour: RGBColor) -> Result<(), ChartError> {
        if left >= right || top >= bottom {
            return Ok(());
        }
        // The library leaves the lower right edge out of a filled rectangle, and has it in a frame.
        let corners = [(left, top), (right, bottom)];
        self.area
            .draw(&Rectangle::new(corners, colour.filled()))
            .map_err(failed)
    }

    /// A line, one pixel wide.
    pub fn line(&self, from: (i32, i32), to: (i32, i32), colour: RGBColor) -> Result<(), ChartError> {
        self.area.draw(&PathElement::new([from, to], colour)).map_err(failed)
    }

    /// The frame of a rectangle, one pixel wide, inside it.
    pub fn frame(&self, Area(left, top, right, bottom): Area, colour: RGBColor) -> Result<(), ChartError> {
        if left >= right || top >= bottom {
            return Ok(());
        }
        let corners = [(left, top), (right - 1, bottom - 1)];
        self.area.draw(&Rectangle::new(corners, colour)).map_err(failed)
    }

    /// A rectangle with diagonal stripes, so that it is told from a plain one without colour.
    pub fn striped(&self, area: Area, colour: RGBColor) -> Result<(), ChartError> {
        const PERIOD: i32 = 11;
        const STRIPE: i32 = 3;
        self.fill(area, colour)?;
        let Area(left, top, right, bottom) = area;
        for y in top..bottom {
            for x in (left..right).filter(|x| (x + y).rem_euclid(PERIOD) < STRIPE) {
                self.area.draw_pixel((x, y), &WHITE.mix(0.6)).map_err(failed)?;
            }
        }
        Ok(())
    }

    /// Text from, round or up to `x`, its capitals centred on `y`.
    pub fn text(&self, text: &str, style: Style, (x, y): (i32, i32), side: HPos) -> Result<(), ChartError> {
        // The library centres the whole line; capitals stand a sixth of it higher.
        let y = y + style.size / 6;
        let text = shown(text);
        let drawn = self.styled(style).pos(Pos::new(side, VPos::Center));
        self.area.draw_text(&text, &drawn, (x, y)).map_err(failed)
    }

    /// Width of a text, pixels.
    pub fn width(&self, text: &str, style: Style) -> Result<i32, ChartError> {
        let (width, _) = self
            .area
            .estimate_text_size(&shown(text), &self.styled(style))
            .map_err(failed)?;
        Ok(i32::try_from(width).unwrap_or(i32::MAX))
    }

    /// The text, or as much of it as `width` pixels hold, with `…`.
    pub fn cut(&self, text: &str, style: Style, width: i32) -> Result<String, ChartError> {
        let text = shown(text);
        if self.width(&text, style)? <= width {
            return Ok(text);
        }
        let mut letters: Vec<char> = text.chars().collect();
        while letters.pop().is_some() {
            let kept: String = letters.iter().collect();
            let short = format!("{}…", kept.trim_end());
            if self.width(&short, style)? <= width {
                return Ok(short);
            }
        }
        Ok("…".to_owned())
    }

    fn styled(&self, style: Style) -> TextStyle<'static> {
        let weight = if style.bold { FontStyle::Bold } else { FontStyle::Normal };
        let font: FontDesc<'static> = (FAMILY, style.size, weight).into();
        font.color(&style.colour).into_text_style(&self.area)
    }
}

/// Makes the bundled fonts known to the drawing library, once.
fn register_fonts() -> Result<(), ChartError> {
    static DONE: OnceLock<bool> = OnceLock::new();
    let done = *DONE.get_or_init(|| {
        [(FontStyle::Normal, REGULAR), (FontStyle::Bold, BOLD)]
            .into_iter()
            .all(|(weight, bytes)| register_font(FAMILY, weight, bytes).is_ok())
    });
    if done {
        Ok(())
    } else {
        Err(ChartError::Draw("the bundled font is damaged".to_owned()))
    }
}

/// The text with letters that the font lacks replaced.
fn shown(text: &str) -> String {
    static FONT: OnceLock<Option<FontRef<'static>>> = OnceLock::new();
    let font = FONT.get_or_init(|| FontRef::try_from_slice(REGULAR).ok());
    let known = |c: char| font.as_ref().is_some_and(|font| font.glyph_id(c).0 != 0);
    let replaced = |c: char| if known(c) { c } else { MISSING };
    printable(text).nfc().map(replaced).collect()
}

fn failed(error: impl std::fmt::Display) -> ChartError {
    ChartError::Draw(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_without_a_glyph_are_shown_as_boxes() {
        assert_eq!(shown("Café Größe Ελλάδα Кофе €…▲"), "Café Größe Ελλάδα Кофе €…▲");
        assert_eq!(shown("東京 1"), "□□ 1");
        assert!(!shown("a\u{1b}[31mb\u{202e}").contains(['\u{1b}', '\u{202e}']));
    }

    #[test]
    fn long_texts_are_cut_to_their_width() {
        let mut pixels = vec![0; 100 * 40 * 3];
        let canvas = Canvas::new(&mut pixels, (100, 40)).unwrap();
        let style = Style {
            size: 16,
            bold: false,
            colour: BLACK,
        };
        let long = canvas.cut(&"Wiring and plumbing ".repeat(20), style, 80).unwrap();
        assert!(long.ends_with('…') && long.starts_with("Wir"), "{long}");
        assert!(canvas.width(&long, style).unwrap() <= 80);
        assert_eq!(canvas.cut("Pets", style, 80).unwrap(), "Pets");
        assert_eq!(canvas.cut("Pets", style, 1).unwrap(), "…");
    }
}
