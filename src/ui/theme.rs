//! Ten colour roles and the styles they become in each kind of terminal.
//!
//! No page background is painted; only the selected row, fields and the track of a bar have one. Without
//! colours the same states are told by bold, dim, underline and reverse. The colours themselves are in
//! `assets/themes`, and in files of the user's own, which are read by the same [`Scheme`].

mod colour;
mod scheme;
mod themes;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};

use strum::{EnumIter, IntoEnumIterator, VariantNames};

use super::choice::{BarStyle, Graph};
use super::text;
use crate::domain::Locale;

pub use super::glyphs::Glyphs;
pub use scheme::Scheme;
pub use themes::{AUTO, EXAMPLE, Themes};

use scheme::Palette;
use themes::BUILT_IN;

/// What a piece of the screen means.
#[derive(Clone, Copy, PartialEq, Eq, Debug, EnumIter, VariantNames)]
#[strum(serialize_all = "lowercase")]
pub enum Role {
    /// Numbers and names.
    Text,
    /// Labels, dates, forecasts.
    Muted,
    /// Borders, rules, what lies behind a dialog: decoration only.
    Faint,
    /// Focus, keys, the current month.
    Accent,
    /// On pace, live, saved.
    Ok,
    /// Will pass its limit, unsure, stale.
    Warn,
    /// Over its limit, an error, a deletion.
    Over,
    /// The background of the selected row; without colours nothing, see [`Theme::selected`].
    Sel,
    /// The background of inputs, header and footer.
    Field,
    /// The empty part of a bar.
    Track,
}

impl Role {
    /// How it is called in a theme file.
    #[must_use]
    pub const fn name(self) -> &'static str {
        Self::VARIANTS[self as usize]
    }

    /// Whether words are written in it.
    const fn is_word(self) -> bool {
        !self.is_background() && !matches!(self, Self::Faint)
    }

    /// Whether it is what other roles are written on.
    const fn is_background(self) -> bool {
        matches!(self, Self::Sel | Self::Field | Self::Track)
    }
}

/// How many colours the terminal shows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Depth {
    /// 24 bits.
    True,
    /// The 256 colours of xterm.
    Ansi256,
    /// The user's own 16.
    Ansi16,
    /// None: `NO_COLOR`, or a terminal without.
    None,
}

/// What is known of the terminal: its background, colours and characters.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Look {
    /// Dark text on a light background.
    pub light: bool,
    /// How many colours there are.
    pub depth: Depth,
    /// Whether nothing but ASCII can be drawn.
    pub ascii: bool,
}

/// A style for each [`Role`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Theme {
    styles: [Style; 10],
}

impl Theme {
    /// 24-bit colours on a dark background.
    #[must_use]
    pub fn dark() -> Self {
        Self::built_in("dark", Depth::True)
    }

    /// 24-bit colours on a light background.
    #[must_use]
    pub fn light() -> Self {
        Self::built_in("light", Depth::True)
    }

    /// The terminal's own 16 colours.
    #[must_use]
    pub fn ansi16() -> Self {
        Self::built_in("terminal", Depth::Ansi16)
    }

    /// No colours at all.
    #[must_use]
    pub fn mono() -> Self {
        Self::built_in("mono", Depth::None)
    }

    /// The theme `auto` in a terminal.
    #[must_use]
    pub fn pick(look: Look) -> Self {
        Themes::default().theme(look)
    }

    fn built_in(name: &str, depth: Depth) -> Self {
        let scheme = themes::find(&BUILT_IN, name);
        scheme.map_or_else(
            || Self::painted(&Palette::default(), depth),
            |scheme| scheme.theme(false, depth),
        )
    }

    /// `palette` in a terminal of so many colours: where they do not go far enough, a role looks as in the
    /// themes `terminal` and `mono`.
    fn painted(palette: &Palette, depth: Depth) -> Self {
        let spare = |name| {
            themes::find(&BUILT_IN, name)
                .and_then(|scheme| scheme.dark)
                .unwrap_or_default()
        };
        let (terminal, mono) = (spare("terminal"), spare("mono"));
        let style = |role: Role| {
            let own = palette[role as usize];
            let paint = match depth {
                Depth::Ansi16 if own.needs_more() => terminal[role as usize],
                Depth::True | Depth::Ansi256 | Depth::Ansi16 => own,
                Depth::None => mono[role as usize],
            };
            paint.style(role, depth)
        };
        let mut styles = [Style::new(); 10];
        for role in Role::iter() {
            styles[role as usize] = style(role);
        }
        Self { styles }
    }

    /// The style of a role. [`Role::Sel`], [`Role::Field`] and [`Role::Track`] leave the foreground alone, so
    /// they can be patched over or under any other.
    #[must_use]
    pub const fn style(&self, role: Role) -> Style {
        self.styles[role as usize]
    }

    /// The style of a role, bold.
    #[must_use]
    pub const fn bold(&self, role: Role) -> Style {
        self.style(role).add_modifier(Modifier::BOLD)
    }

    /// The name cell of the selected row. Without background colours it is reversed, and only it: reversing the
    /// whole row would turn the bar inside out.
    #[must_use]
    pub fn selected(&self) -> Style {
        if self.has_backgrounds() {
            self.bold(Role::Text).patch(self.style(Role::Sel))
        } else {
            self.bold(Role::Text).add_modifier(Modifier::REVERSED)
        }
    }

    /// The words `over $5.80`: as loud as it gets.
    #[must_use]
    pub const fn over_word(&self) -> Style {
        self.bold(Role::Over).add_modifier(Modifier::REVERSED)
    }

    /// A button: a block in the accent colour.
    #[must_use]
    pub const fn button(&self) -> Style {
        self.bold(Role::Accent).add_modifier(Modifier::REVERSED)
    }

    /// The empty part of a bar drawn as a character: the track's colour, or a faint one for thin characters.
    #[must_use]
    pub const fn groove(&self, thin: bool) -> Style {
        match self.style(Role::Track).bg {
            Some(colour) if !thin => Style::new().fg(colour),
            Some(_) => self.style(Role::Faint),
            None => Style::new(),
        }
    }

    /// Whether the selected row, fields and tracks have a colour of their own.
    #[must_use]
    pub const fn has_backgrounds(&self) -> bool {
        self.style(Role::Sel).bg.is_some()
    }
}

/// Everything that decides how a widget looks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Skin {
    /// The colours.
    pub theme: Theme,
    /// The characters.
    pub glyphs: Glyphs,
    /// How lines in charts are drawn.
    pub graph: Graph,
    /// How budgets are drawn.
    pub bars: BarStyle,
    /// How amounts and days are written.
    pub locale: Locale,
}

impl Skin {
    /// These colours and characters, and for everything else the usual.
    #[must_use]
    pub fn new(theme: Theme, glyphs: Glyphs) -> Self {
        Self {
            theme,
            glyphs,
            graph: Graph::default(),
            bars: BarStyle::default(),
            locale: Locale::default(),
        }
    }

    /// Takes the chosen one of `themes`, and the characters, as `look` can show them.
    pub fn put_on(&mut self, themes: &Themes, look: Look) {
        self.theme = themes.theme(look);
        self.glyphs = if look.ascii { Glyphs::ascii() } else { Glyphs::unicode() };
    }

    /// `text` cut to `width` columns with this skin's ellipsis.
    #[must_use]
    pub fn fit(&self, text: &str, width: u16) -> String {
        text::fit_with(text, width, self.glyphs.ellipsis)
    }

    /// [`text::pad`] with this skin's ellipsis.
    #[must_use]
    pub fn pad(&self, text: &str, width: u16) -> String {
        text::pad(&self.fit(text, width), width)
    }

    /// [`text::pad_left`] with this skin's ellipsis.
    #[must_use]
    pub fn pad_left(&self, text: &str, width: u16) -> String {
        text::pad_left(&self.fit(text, width), width)
    }

    /// One mask for each character of a secret; a character's cursor column is then its index.
    #[must_use]
    pub fn mask(&self, secret: &str) -> String {
        self.glyphs.mask.repeat(secret.chars().count())
    }
}

/// Fades everything in `area` to make it the backdrop of a dialog: the text stays, colours and backgrounds go.
pub fn dim_area(buf: &mut Buffer, area: Rect, theme: &Theme) {
    let faint = Style::reset().patch(theme.style(Role::Faint));
    buf.set_style(area, faint);
}

#[cfg(test)]
mod tests;
