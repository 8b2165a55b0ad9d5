//! Ten colour roles and the styles they become in each kind of terminal.
//!
//! No page background is painted; only the selected row, fields and the track of a bar have one. Without
//! colours the same states are told by bold, dim, underline and reverse.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier, Style};

use super::text;

pub use super::glyphs::Glyphs;

/// What a piece of the screen means.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
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

/// What is known of the terminal's background and colours.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Look {
    /// Dark text on a light background.
    pub light: bool,
    /// How many colours there are.
    pub depth: Depth,
}

/// A style for each [`Role`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Theme {
    styles: [Style; 10],
    depth: Depth,
}

/// The colours of a theme in the order of [`Role`]: seven foregrounds, then three backgrounds.
type Palette = [Color; 10];

const DARK: Palette = [
    Color::Rgb(0xdc, 0xe3, 0xea),
    Color::Rgb(0x93, 0xa1, 0xb0),
    Color::Rgb(0x4b, 0x58, 0x66),
    Color::Rgb(0x9d, 0xb8, 0xff),
    Color::Rgb(0x58, 0xc9, 0xbd),
    Color::Rgb(0xf4, 0xcf, 0x58),
    Color::Rgb(0xff, 0x6b, 0x88),
    Color::Rgb(0x25, 0x33, 0x49),
    Color::Rgb(0x1c, 0x25, 0x30),
    Color::Rgb(0x26, 0x30, 0x3b),
];

const LIGHT: Palette = [
    Color::Rgb(0x1d, 0x27, 0x33),
    Color::Rgb(0x56, 0x64, 0x72),
    Color::Rgb(0xaa, 0xb5, 0xc0),
    Color::Rgb(0x31, 0x48, 0xc8),
    Color::Rgb(0x0b, 0x6f, 0x78),
    Color::Rgb(0x7d, 0x5f, 0x00),
    Color::Rgb(0xa8, 0x12, 0x4e),
    Color::Rgb(0xdc, 0xe6, 0xf7),
    Color::Rgb(0xee, 0xf2, 0xf6),
    Color::Rgb(0xe3, 0xe8, 0xee),
];

const DARK_256: Palette = indexed([254, 247, 240, 111, 80, 221, 204, 237, 235, 237]);
const LIGHT_256: Palette = indexed([235, 241, 249, 26, 23, 94, 125, 189, 255, 254]);

impl Theme {
    /// 24-bit colours on a dark background.
    #[must_use]
    pub const fn dark() -> Self {
        Self::coloured(&DARK, Depth::True)
    }

    /// 24-bit colours on a light background.
    #[must_use]
    pub const fn light() -> Self {
        Self::coloured(&LIGHT, Depth::True)
    }

    /// 256 colours on a dark background.
    #[must_use]
    pub const fn dark256() -> Self {
        Self::coloured(&DARK_256, Depth::Ansi256)
    }

    /// 256 colours on a light background.
    #[must_use]
    pub const fn light256() -> Self {
        Self::coloured(&LIGHT_256, Depth::Ansi256)
    }

    /// The terminal's own 16 colours. Never blue or bright black: one is unreadable on black, the other is the
    /// background of a common palette.
    #[must_use]
    pub const fn ansi16() -> Self {
        let mut theme = Self::mono();
        theme.styles[Role::Ok as usize] = Style::new().fg(Color::Cyan);
        theme.styles[Role::Warn as usize] = Style::new().fg(Color::Yellow).add_modifier(Modifier::BOLD);
        theme.styles[Role::Over as usize] = Style::new().fg(Color::Red).add_modifier(Modifier::BOLD);
        theme.depth = Depth::Ansi16;
        theme
    }

    /// No colours at all.
    #[must_use]
    pub const fn mono() -> Self {
        let mut styles = [Style::new(); 10];
        styles[Role::Faint as usize] = Style::new().add_modifier(Modifier::DIM);
        styles[Role::Accent as usize] = Style::new().add_modifier(Modifier::BOLD);
        styles[Role::Warn as usize] = Style::new().add_modifier(Modifier::BOLD);
        styles[Role::Over as usize] = Style::new().add_modifier(Modifier::BOLD);
        styles[Role::Field as usize] = Style::new().add_modifier(Modifier::UNDERLINED);
        Self {
            styles,
            depth: Depth::None,
        }
    }

    /// The theme for a terminal.
    #[must_use]
    pub const fn pick(look: Look) -> Self {
        match (look.depth, look.light) {
            (Depth::True, false) => Self::dark(),
            (Depth::True, true) => Self::light(),
            (Depth::Ansi256, false) => Self::dark256(),
            (Depth::Ansi256, true) => Self::light256(),
            (Depth::Ansi16, _) => Self::ansi16(),
            (Depth::None, _) => Self::mono(),
        }
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
        matches!(self.depth, Depth::True | Depth::Ansi256)
    }

    const fn coloured(palette: &Palette, depth: Depth) -> Self {
        let mut styles = [Style::new(); 10];
        let mut at = 0;
        while at < styles.len() {
            styles[at] = if at < Role::Sel as usize {
                Style::new().fg(palette[at])
            } else {
                Style::new().bg(palette[at])
            };
            at += 1;
        }
        Self { styles, depth }
    }
}

const fn indexed(numbers: [u8; 10]) -> Palette {
    let mut palette = [Color::Reset; 10];
    let mut at = 0;
    while at < palette.len() {
        palette[at] = Color::Indexed(numbers[at]);
        at += 1;
    }
    palette
}

/// Everything that decides how a widget looks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Skin {
    /// The colours.
    pub theme: Theme,
    /// The characters.
    pub glyphs: Glyphs,
}

impl Skin {
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
mod tests {
    use super::*;
    use rstest::rstest;

    const ROLES: [Role; 10] = [
        Role::Text,
        Role::Muted,
        Role::Faint,
        Role::Accent,
        Role::Ok,
        Role::Warn,
        Role::Over,
        Role::Sel,
        Role::Field,
        Role::Track,
    ];
    /// The roles that are read.
    const WORDS: [Role; 6] = [Role::Text, Role::Muted, Role::Accent, Role::Ok, Role::Warn, Role::Over];

    /// Relative luminance by WCAG 2.
    fn luminance(colour: Color) -> f64 {
        let Color::Rgb(r, g, b) = colour else {
            panic!("{colour} is not 24-bit")
        };
        let part = |value: u8| {
            let value = f64::from(value) / 255.0;
            if value <= 0.04045 {
                value / 12.92
            } else {
                ((value + 0.055) / 1.055).powf(2.4)
            }
        };
        0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b)
    }

    fn contrast(a: Color, b: Color) -> f64 {
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[rstest]
    #[case(Theme::dark(), &[0x00_0000, 0x1e_1e1e, 0x28_2828, 0x00_2b36])]
    #[case(Theme::light(), &[0xff_ffff, 0xfd_f6e3, 0xf0_f0f0])]
    fn words_can_be_read_on_every_usual_background(#[case] theme: Theme, #[case] pages: &[u32]) {
        let own = [Role::Sel, Role::Field].map(|role| theme.style(role).bg.unwrap());
        for page in pages.iter().copied().map(Color::from_u32).chain(own) {
            for role in WORDS {
                let ratio = contrast(theme.style(role).fg.unwrap(), page);
                assert!(ratio >= 4.5, "{role:?} on {page}: {ratio:.2}");
            }
        }
    }

    #[test]
    fn without_colours_nothing_is_coloured_and_no_word_is_dim() {
        let mono = Theme::mono();
        for role in ROLES {
            let style = mono.style(role);
            assert_eq!((style.fg, style.bg), (None, None), "{role:?}");
        }
        for theme in [mono, Theme::ansi16()] {
            assert!(WORDS.iter().all(|&role| !theme.style(role).has_modifier(Modifier::DIM)));
            assert!(theme.selected().has_modifier(Modifier::REVERSED));
        }
    }

    #[test]
    fn sixteen_colours_leave_out_the_unreadable_ones() {
        let used = ROLES.map(|role| Theme::ansi16().style(role).fg);
        assert!(!used.contains(&Some(Color::Blue)) && !used.contains(&Some(Color::DarkGray)));
    }

    #[rstest]
    #[case(Depth::True, false, Theme::dark())]
    #[case(Depth::True, true, Theme::light())]
    #[case(Depth::Ansi256, true, Theme::light256())]
    #[case(Depth::Ansi16, true, Theme::ansi16())]
    #[case(Depth::None, false, Theme::mono())]
    fn picks_what_the_terminal_can_show(#[case] depth: Depth, #[case] light: bool, #[case] theme: Theme) {
        assert_eq!(Theme::pick(Look { light, depth }), theme);
    }

    #[test]
    fn a_backdrop_keeps_its_text_and_loses_its_colours() {
        let theme = Theme::dark();
        let mut buf = Buffer::empty(Rect::new(0, 0, 6, 1));
        buf.set_string(0, 0, "Dining", theme.selected());
        dim_area(&mut buf, Rect::new(0, 0, 6, 1), &theme);
        let cell = &buf[(0, 0)];
        assert_eq!(
            (cell.symbol(), cell.bg, cell.modifier),
            ("D", Color::Reset, Modifier::empty())
        );
        assert_eq!(Some(cell.fg), theme.style(Role::Faint).fg);
    }
}
