//! The themes there are, and the one that is chosen.

use std::sync::LazyLock;

use super::scheme::Scheme;
use super::{Look, Theme};
use crate::document::Document;

/// The theme that is dark or light as the terminal is.
pub const AUTO: &str = "auto";

/// The files that come with the program, by the name of their theme.
pub(super) const FILES: [(&str, &str); 5] = [
    ("dark", include_str!("../../../assets/themes/dark.toml")),
    ("light", include_str!("../../../assets/themes/light.toml")),
    (
        "high-contrast",
        include_str!("../../../assets/themes/high-contrast.toml"),
    ),
    ("mono", include_str!("../../../assets/themes/mono.toml")),
    ("terminal", include_str!("../../../assets/themes/terminal.toml")),
];

/// What comes with the program: `auto`, then one for each file.
pub(super) static BUILT_IN: LazyLock<Vec<Scheme>> = LazyLock::new(|| {
    let read = |(name, text): (&str, &str)| {
        let values = toml::from_str(text).unwrap_or_default();
        Scheme::read_over(name, &Document::new(values, text), |_| None).ok()
    };
    let mut schemes: Vec<Scheme> = FILES.into_iter().filter_map(read).collect();
    let auto = Scheme {
        name: AUTO.to_owned(),
        dark: find(&schemes, "dark").and_then(|scheme| scheme.dark),
        light: find(&schemes, "light").and_then(|scheme| scheme.light),
    };
    schemes.insert(0, auto);
    schemes
});

pub(super) fn find<'a>(schemes: &'a [Scheme], name: &str) -> Option<&'a Scheme> {
    schemes.iter().find(|scheme| scheme.name == name)
}

/// A theme file with every role in it, explained.
pub const EXAMPLE: &str = FILES[0].1;

/// A list of themes that is never empty; one of them is chosen.
#[derive(Clone, PartialEq, Debug)]
pub struct Themes {
    schemes: Vec<Scheme>,
    chosen: usize,
}

impl Default for Themes {
    /// What comes with the program, `auto` chosen.
    fn default() -> Self {
        Self {
            schemes: BUILT_IN.clone(),
            chosen: 0,
        }
    }
}

impl Themes {
    /// Adds a theme at the end of the list, or in the place of one of the same name.
    pub fn add(&mut self, scheme: Scheme) {
        match self.schemes.iter_mut().find(|known| known.name == scheme.name) {
            Some(known) => *known = scheme,
            None => self.schemes.push(scheme),
        }
    }

    /// Chooses by name; false when there is none of this name.
    pub fn choose(&mut self, name: &str) -> bool {
        let found = self.schemes.iter().position(|scheme| scheme.name == name);
        found.map(|at| self.chosen = at).is_some()
    }

    /// Chooses the next one; after the last comes the first.
    pub fn choose_next(&mut self) {
        self.chosen = (self.chosen + 1) % self.schemes.len().max(1);
    }

    /// What the chosen one is called.
    #[must_use]
    pub fn name(&self) -> &str {
        self.schemes.get(self.chosen).map_or(AUTO, Scheme::name)
    }

    /// All names, in their order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.schemes.iter().map(Scheme::name)
    }

    /// Whether the chosen one is another on a light background than on a dark one.
    #[must_use]
    pub fn follows_background(&self, look: Look) -> bool {
        let on = |light| self.theme(Look { light, ..look });
        on(true) != on(false)
    }

    /// The styles of the chosen one in a terminal.
    #[must_use]
    pub fn theme(&self, look: Look) -> Theme {
        let chosen = self.schemes.get(self.chosen);
        chosen.map_or_else(Theme::mono, |scheme| scheme.theme(look.light, look.depth))
    }
}
