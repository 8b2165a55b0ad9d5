//! What a user may choose about the look of the dashboard, apart from colours.

use strum::{Display, EnumString, VariantNames};

use super::Glyphs;

/// The characters that widgets are made of.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Display, EnumString, VariantNames)]
#[strum(serialize_all = "lowercase", ascii_case_insensitive)]
pub enum GlyphSet {
    /// Unicode where the terminal and its locale can draw it.
    #[default]
    Auto,
    /// [`super::Glyphs::unicode`].
    Unicode,
    /// [`super::Glyphs::ascii`].
    Ascii,
}

/// How lines in charts are drawn.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Display, EnumString, VariantNames)]
#[strum(serialize_all = "lowercase", ascii_case_insensitive)]
pub enum Graph {
    /// In Braille dots where the glyphs are Unicode.
    #[default]
    Auto,
    /// In Braille dots: eight to a cell.
    Braille,
    /// In half blocks: two to a cell.
    Block,
    /// In ASCII characters.
    Ascii,
}

/// How a budget is drawn.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Display, EnumString, VariantNames)]
#[strum(serialize_all = "lowercase", ascii_case_insensitive)]
pub enum BarStyle {
    /// One row, with the lines of today and the limit through the bar.
    Inline,
    /// Two rows: today and the forecast stand under the bar.
    Bullet,
    /// One row, with a small bar for each day beside it where there is room.
    #[default]
    Days,
}

impl Graph {
    /// What is drawn with these characters: never [`Graph::Auto`].
    #[must_use]
    pub const fn with(self, glyphs: &Glyphs) -> Self {
        match self {
            _ if !glyphs.braille => Self::Ascii,
            Self::Auto => Self::Braille,
            chosen => chosen,
        }
    }
}
