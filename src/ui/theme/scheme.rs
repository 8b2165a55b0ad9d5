//! Theme files: ten roles for dark backgrounds, for light ones, or for both.

use ratatui::style::{Color, Modifier, Style};
use strum::{IntoEnumIterator, VariantNames};
use toml::{Table, Value};

use super::colour::{NAMES, Rgb};
use super::{BUILT_IN, Depth, Role, Theme, themes};
use crate::document::{Document, Mistake, cannot_be, did_you_mean};

/// The least contrast of words that a theme may have. (Our own have more.)
const LEAST_CONTRAST: f64 = 3.0;

/// The tables of a file.
const TABLES: [&str; 3] = ["dark", "light", "any"];
/// The key of a table that is no role.
const BACKGROUND: &str = "background";
const PARTS: [&str; 4] = ["rgb", "ansi256", "ansi16", "modifiers"];
const MODIFIERS: [(&str, Modifier); 6] = [
    ("bold", Modifier::BOLD),
    ("dim", Modifier::DIM),
    ("italic", Modifier::ITALIC),
    ("underlined", Modifier::UNDERLINED),
    ("reversed", Modifier::REVERSED),
    ("crossed-out", Modifier::CROSSED_OUT),
];

/// How one role is painted.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Paint {
    rgb: Option<Rgb>,
    ansi256: Option<u8>,
    ansi16: Option<Color>,
    modifiers: Modifier,
}

/// A paint for each [`Role`].
pub(super) type Palette = [Paint; 10];

/// A theme by name: a palette for dark terminals and one for light ones.
#[derive(Clone, PartialEq, Debug)]
pub struct Scheme {
    pub(super) name: String,
    pub(super) dark: Option<Palette>,
    pub(super) light: Option<Palette>,
}

impl Scheme {
    /// Reads a theme file. Roles that it leaves out are those of `dark`, `light` or `terminal`.
    ///
    /// # Errors
    /// Every mistake, in the order of their lines: keys and values that are not known, and words that cannot be
    /// told from what is behind them.
    pub fn read(name: &str, document: &Document) -> Result<Self, Vec<Mistake>> {
        let usual = |name| themes::find(&BUILT_IN, name);
        Self::read_over(name, document, |table| match table {
            "dark" => usual("dark").and_then(|scheme| scheme.dark),
            "light" => usual("light").and_then(|scheme| scheme.light),
            _ => usual("terminal").and_then(|scheme| scheme.dark),
        })
    }

    /// Reads a theme file; roles that it leaves out are those of the palette that `usual` gives for its table.
    pub(super) fn read_over(
        name: &str,
        document: &Document,
        usual: impl Fn(&str) -> Option<Palette>,
    ) -> Result<Self, Vec<Mistake>> {
        let mut mistakes = Vec::new();
        let mut palettes = [None; TABLES.len()];
        for (table, value) in document.entries() {
            let Some(at) = TABLES.iter().position(|known| *known == table) else {
                mistakes.push(document.mistake(table, "is not a table of a theme", did_you_mean(table, TABLES)));
                continue;
            };
            let Some(entries) = value.as_table() else {
                let advice = format!("Write a line [{table}], and the roles under it.");
                mistakes.push(document.mistake(table, cannot_be(value), advice));
                continue;
            };
            let mut reading = Reading {
                document,
                table,
                mistakes: &mut mistakes,
            };
            palettes[at] = Some(reading.palette(entries, usual(table).unwrap_or_default()));
        }
        let [dark, light, any] = palettes;
        if mistakes.is_empty() && palettes.iter().all(Option::is_none) {
            mistakes.push(document.mistake(
                TABLES[0],
                "is missing",
                "Write a line [dark], [light] or [any], and the roles under it.",
            ));
        }
        mistakes.sort_by_key(|mistake| mistake.line);
        if mistakes.is_empty() {
            Ok(Self {
                name: name.to_owned(),
                dark: dark.or(any),
                light: light.or(any),
            })
        } else {
            Err(mistakes)
        }
    }

    /// What it is called.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its styles in a terminal of so many colours.
    pub(super) fn theme(&self, light: bool, depth: Depth) -> Theme {
        let palette = if light {
            self.light.or(self.dark)
        } else {
            self.dark.or(self.light)
        };
        Theme::painted(&palette.unwrap_or_default(), depth)
    }
}

impl Paint {
    /// The richest colour that the terminal can show.
    pub(super) fn colour(&self, depth: Depth) -> Option<Color> {
        let indexed = || self.ansi256.or_else(|| self.rgb.map(Rgb::ansi256)).map(Color::Indexed);
        match depth {
            Depth::True => self.rgb.map(Rgb::colour).or_else(indexed).or(self.ansi16),
            Depth::Ansi256 => indexed().or(self.ansi16),
            Depth::Ansi16 => self.ansi16,
            Depth::None => None,
        }
    }

    /// Whether it says nothing that 16 colours can show, and wants a colour.
    pub(super) const fn needs_more(&self) -> bool {
        self.ansi16.is_none() && (self.rgb.is_some() || self.ansi256.is_some())
    }

    pub(super) fn style(&self, role: Role, depth: Depth) -> Style {
        let style = Style::new().add_modifier(self.modifiers);
        match self.colour(depth) {
            Some(colour) if role.is_background() => style.bg(colour),
            Some(colour) => style.fg(colour),
            None => style,
        }
    }

    /// The colours it may be shown in that are known: the terminal's own are not.
    fn known(&self) -> impl Iterator<Item = Rgb> {
        self.rgb.into_iter().chain(self.ansi256.map(Rgb::from_ansi256))
    }
}

/// One table of a file being read.
struct Reading<'a> {
    document: &'a Document,
    table: &'a str,
    mistakes: &'a mut Vec<Mistake>,
}

impl Reading<'_> {
    fn palette(&mut self, entries: &Table, usual: Palette) -> Palette {
        let mut palette = usual;
        let mut pages = match self.table {
            "dark" => vec![Rgb::BLACK],
            "light" => vec![Rgb::WHITE],
            _ => vec![Rgb::BLACK, Rgb::WHITE],
        };
        let before = self.mistakes.len();
        for (key, value) in entries {
            if key == BACKGROUND {
                if let Some(colour) = self.rgb(key, value) {
                    pages = vec![colour];
                }
            } else if let Some(role) = Role::iter().find(|role| role.name() == key) {
                palette[role as usize] = self.paint(key, role, value);
            } else {
                let known = Role::VARIANTS.iter().copied().chain([BACKGROUND]);
                self.wrong(key, "is not a role", did_you_mean(key, known));
            }
        }
        // What could not be read would only be told twice.
        if self.mistakes.len() == before {
            self.check_contrast(&palette, &pages);
            self.check_names(&palette);
        }
        palette
    }

    fn paint(&mut self, key: &str, role: Role, value: &Value) -> Paint {
        let mut paint = Paint::default();
        let Some(parts) = value.as_table() else {
            paint.rgb = self.rgb(key, value);
            return paint;
        };
        for (part, value) in parts {
            let path = format!("{key}.{part}");
            match part.as_str() {
                "rgb" => paint.rgb = self.rgb(&path, value),
                "ansi256" => paint.ansi256 = self.ansi256(&path, value),
                "ansi16" => paint.ansi16 = self.ansi16(&path, value),
                "modifiers" => paint.modifiers = self.modifiers(&path, role, value),
                _ => self.wrong(&path, "is not part of a role", did_you_mean(part, PARTS)),
            }
        }
        paint
    }

    fn rgb(&mut self, key: &str, value: &Value) -> Option<Rgb> {
        let colour = value.as_str().and_then(Rgb::from_hex);
        if colour.is_none() {
            self.wrong(
                key,
                cannot_be(value),
                "Write a colour as \"#rrggbb\", for example \"#dce3ea\".",
            );
        }
        colour
    }

    fn ansi256(&mut self, key: &str, value: &Value) -> Option<u8> {
        let number = value.as_integer().and_then(|number| u8::try_from(number).ok());
        let number = number.filter(|number| *number >= 16);
        if number.is_none() {
            self.wrong(
                key,
                cannot_be(value),
                "Write a number from 16 to 255; the terminal's own colours are names of ansi16.",
            );
        }
        number
    }

    fn ansi16(&mut self, key: &str, value: &Value) -> Option<Color> {
        let name = value.as_str().unwrap_or_default();
        let colour = NAMES
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, colour)| *colour);
        if colour.is_none() {
            self.wrong(key, cannot_be(value), did_you_mean(name, NAMES.map(|(name, _)| name)));
        }
        colour
    }

    fn modifiers(&mut self, key: &str, role: Role, value: &Value) -> Modifier {
        let mut modifiers = Modifier::empty();
        let Some(words) = value.as_array() else {
            self.wrong(key, cannot_be(value), "Write a list, for example [\"bold\"].");
            return modifiers;
        };
        for word in words {
            let name = word.as_str().unwrap_or_default();
            match MODIFIERS.iter().find(|(known, _)| *known == name) {
                Some((_, Modifier::DIM)) if role.is_word() => {
                    self.wrong(
                        key,
                        cannot_be(word),
                        "Dim words cannot be read in every terminal: choose a colour.",
                    );
                }
                Some((_, modifier)) => modifiers |= *modifier,
                None => self.wrong(
                    key,
                    cannot_be(word),
                    did_you_mean(name, MODIFIERS.map(|(name, _)| name)),
                ),
            }
        }
        modifiers
    }

    /// Every word must be legible on the page, on the selected row and in a field. Which of the two is to blame
    /// is the one that the file writes.
    fn check_contrast(&mut self, palette: &Palette, pages: &[Rgb]) {
        let own = [Role::Sel, Role::Field].map(|role| palette[role as usize].rgb.map(|colour| (role.name(), colour)));
        let pages = pages.iter().map(|page| (BACKGROUND, *page));
        let behind: Vec<_> = pages.chain(own.into_iter().flatten()).collect();
        let mut blamed = Vec::new();
        for role in Role::iter().filter(|role| role.is_word()) {
            let pairs = palette[role as usize].known().flat_map(|colour| {
                behind
                    .iter()
                    .map(move |(key, page)| (colour.contrast(*page), colour, *key, *page))
            });
            let Some((ratio, colour, key, page)) = pairs.min_by(|a, b| a.0.total_cmp(&b.0)) else {
                continue;
            };
            let to_blame = [role.name(), key].into_iter().find(|key| self.writes(key));
            if ratio < LEAST_CONTRAST
                && let Some(key) = to_blame.filter(|key| !blamed.contains(key))
            {
                blamed.push(key);
                // Cut off, not rounded up to what is asked for.
                let ratio = (ratio * 10.0).floor() / 10.0;
                let problem = format!(
                    "makes {} {} on {}: a contrast of {ratio:.1}:1",
                    role.name(),
                    colour.hex(),
                    page.hex()
                );
                self.wrong(
                    key,
                    problem,
                    "Words need 3:1 or more: choose colours that are further apart.",
                );
            }
        }
    }

    /// What a terminal's own colours look like is not known, but no word is written on its own colour.
    fn check_names(&mut self, palette: &Palette) {
        for behind in [Role::Sel, Role::Field] {
            let Some(name) = palette[behind as usize].ansi16.filter(|_| self.writes(behind.name())) else {
                continue;
            };
            let usual = themes::find(&BUILT_IN, "terminal")
                .and_then(|scheme| scheme.dark)
                .unwrap_or_default();
            let colour = |role: Role| {
                let own = palette[role as usize];
                if own.needs_more() {
                    usual[role as usize].ansi16
                } else {
                    own.ansi16
                }
            };
            if let Some(word) = Role::iter().find(|role| role.is_word() && colour(*role) == Some(name)) {
                let problem = format!("hides {}: in 16 colours both are the same", word.name());
                self.wrong(behind.name(), problem, "Choose another name, or leave ansi16 out.");
            }
        }
    }

    fn writes(&self, key: &str) -> bool {
        self.document.line(&format!("{}.{key}", self.table)).is_some()
    }

    fn wrong(&mut self, key: &str, problem: impl Into<String>, advice: impl Into<String>) {
        let path = format!("{}.{key}", self.table);
        self.mistakes.push(self.document.mistake(&path, problem, advice));
    }
}
