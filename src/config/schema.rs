//! The keys of `config.toml`, each once: what it may be, what it is when left out, what it does. Reading,
//! `config`, the commented file and the JSON schema are all made from this.

use std::ops::RangeInclusive;

use toml::Value;

use crate::document::{cannot_be, did_you_mean};

use super::Config;

mod bindings;
mod categorize;
mod json;
mod look;
mod money;
mod notices;
mod server;
mod value;

use bindings::KEYS;
use look::LOOK;
use money::MONEY;
use notices::NOTICES;
use server::SERVER;
use value::{is_auto, number, switch, text, words};

pub(super) use bindings::bindings;
pub use json::json_schema;

/// How often the server may be asked for news, in seconds.
pub const POLL_SECONDS: RangeInclusive<u16> = 2..=3600;
/// The days that a month may begin with: the ones that every month has.
pub const MONTH_START: RangeInclusive<u16> = 1..=28;

/// The table with the keys of the dashboard.
pub(super) const BINDINGS: &str = "keys";

/// What a key may be.
#[derive(Debug)]
pub enum Kind {
    /// A text: what it must be, and an example.
    Text(&'static str, &'static str),
    /// One of these words.
    Choice(&'static [&'static str]),
    /// A list of some of these words.
    Choices(&'static [&'static str]),
    /// A whole number.
    Number(RangeInclusive<u16>),
    /// A whole number, or `"auto"`.
    NumberOrAuto(RangeInclusive<u16>),
    /// `true` or `false`; `"on"` and `"off"` are understood.
    Switch,
    /// A table: for each action a key or a list of keys.
    Bindings,
}

/// One key of the file.
#[derive(Debug)]
pub struct Key {
    /// How it is written, behind its table and a point if it stands in one; in the environment `BUDGET_TRACKER_` and
    /// the name in capitals.
    pub name: &'static str,
    /// What it may be.
    pub kind: Kind,
    /// What it does, in a sentence or two.
    pub about: &'static str,
    /// Puts a value of the right kind into the configuration; false when it cannot be.
    take: fn(&mut Config, &Value) -> bool,
    /// The value that a configuration has.
    show: fn(&Config) -> Value,
}

/// Keys that belong together.
#[derive(Debug)]
pub struct Section {
    /// What they are about.
    pub title: &'static str,
    /// The table of the file that they stand in, if they stand in one; their names begin with it.
    pub table: Option<&'static str>,
    /// The keys.
    pub keys: &'static [Key],
}

/// All there is, in the order of the commented file.
pub static SECTIONS: [Section; 6] = [
    Section {
        title: "Server",
        table: None,
        keys: &SERVER,
    },
    Section {
        title: "Look",
        table: None,
        keys: &LOOK,
    },
    Section {
        title: "Notices",
        table: None,
        keys: &NOTICES,
    },
    Section {
        title: "Money and days",
        table: None,
        keys: &MONEY,
    },
    Section {
        title: "Categories",
        table: Some("categorize"),
        keys: &categorize::CATEGORIZE,
    },
    Section {
        title: "Keys",
        table: None,
        keys: &KEYS,
    },
];

/// Whether keys stand in a table of this name.
pub(super) fn is_table(name: &str) -> bool {
    SECTIONS.iter().any(|section| section.table == Some(name))
}

/// The table in which a key of this name stands, if it stands in one.
pub(super) fn table_of(leaf: &str) -> Option<&'static str> {
    let has = |section: &&Section| section.table.is_some() && section.keys.iter().any(|key| key.leaf() == leaf);
    SECTIONS.iter().find(has)?.table
}

/// The names that may stand in `table`, or in none.
pub(super) fn names_in(table: Option<&str>) -> Vec<&'static str> {
    let inside = SECTIONS.iter().filter(|section| section.table == table);
    let mut names: Vec<&str> = inside.flat_map(|section| section.keys).map(Key::leaf).collect();
    if table.is_none() {
        names.extend(SECTIONS.iter().filter_map(|section| section.table));
    }
    names
}

/// Every key, in the order of [`SECTIONS`].
pub fn keys() -> impl Iterator<Item = &'static Key> {
    SECTIONS.iter().flat_map(|section| section.keys)
}

/// The key of this name.
#[must_use]
pub fn key(name: &str) -> Option<&'static Key> {
    keys().find(|key| key.name == name)
}

impl Key {
    /// The environment variable that sets it; a table has none.
    #[must_use]
    pub fn variable(&self) -> Option<String> {
        let named = !matches!(self.kind, Kind::Bindings);
        named.then(|| format!("BUDGET_TRACKER_{}", self.name.to_ascii_uppercase().replace('.', "_")))
    }

    /// Its name without the table.
    #[must_use]
    pub fn leaf(&self) -> &'static str {
        self.name.rsplit('.').next().unwrap_or(self.name)
    }

    /// The value in `config`, as it is written in the file.
    #[must_use]
    pub fn value(&self, config: &Config) -> Value {
        (self.show)(config)
    }

    /// Puts `value` into `config`; otherwise, what is wrong with it and what to write instead.
    pub(super) fn set(&self, config: &mut Config, value: &Value) -> Result<(), (String, String)> {
        if self.kind.accepts(value) && (self.take)(config, value) {
            Ok(())
        } else {
            Err((cannot_be(value), self.advice(value)))
        }
    }

    /// The value that a text of the command line or the environment stands for.
    pub(super) fn read_text(&self, text: &str) -> Value {
        let text = text.trim();
        let read = match self.kind {
            Kind::Number(_) | Kind::NumberOrAuto(_) => text.parse().ok().map(Value::Integer),
            Kind::Switch => match text {
                "1" => Some(Value::Boolean(true)),
                "0" => Some(Value::Boolean(false)),
                _ => text.parse().ok().map(Value::Boolean),
            },
            Kind::Choices(_) => {
                let words = text.split(',').map(str::trim).filter(|word| !word.is_empty());
                Some(words.map(Value::from).collect::<Vec<_>>().into())
            }
            _ => None,
        };
        read.unwrap_or_else(|| text.into())
    }

    /// Its lines in the commented file.
    pub(super) fn commented(&self, usual: &Config) -> String {
        let mut lines: Vec<String> = wrap(self.about).iter().map(|line| format!("# {line}")).collect();
        if let Kind::Choice(words) | Kind::Choices(words) = &self.kind {
            lines.push(format!("# One of: {}.", words.join(", ")));
        }
        lines.push(match self.kind {
            Kind::Bindings => "#[keys]\n#quit = \"Q\"".to_owned(),
            _ => format!("#{} = {}", self.leaf(), self.value(usual)),
        });
        lines.join("\n") + "\n"
    }

    fn advice(&self, value: &Value) -> String {
        let name = self.leaf();
        match &self.kind {
            Kind::Text(what, example) => format!("Write {what}, for example {name} = \"{example}\"."),
            Kind::Choice(known) => did_you_mean(text(value), known.iter().copied()),
            Kind::Choices(known) => {
                let wrong = words(value).find(|word| !known.contains(word));
                wrong.map_or_else(
                    || format!("Write a list of words, for example {name} = {}.", list(known)),
                    |word| did_you_mean(word, known.iter().copied()),
                )
            }
            Kind::Number(range) => format!(
                "Write a number from {} to {}, for example {name} = {}.",
                range.start(),
                range.end(),
                self.value(&Config::default())
            ),
            Kind::NumberOrAuto(range) => format!(
                "Write a number from {} to {}, for example {name} = {}, or {name} = \"auto\".",
                range.start(),
                range.end(),
                range.end()
            ),
            Kind::Switch => format!("Write {name} = true or {name} = false."),
            Kind::Bindings => "Write a line [keys], and under it lines such as quit = \"Q\".".to_owned(),
        }
    }
}

impl Kind {
    /// Whether a value has the right type and stands in the list or range.
    fn accepts(&self, value: &Value) -> bool {
        let known = |word: &str, known: &[&str]| known.iter().any(|one| one.eq_ignore_ascii_case(word.trim()));
        match self {
            Self::Text(..) => value.is_str(),
            Self::Choice(words) => value.as_str().is_some_and(|word| known(word, words)),
            Self::Choices(all) => {
                let word = |value: &Value| value.as_str().is_some_and(|word| known(word, all));
                value.as_array().is_some_and(|list| list.iter().all(word))
            }
            Self::Number(range) => number(value).is_some_and(|number| range.contains(&number)),
            Self::NumberOrAuto(range) => is_auto(value) || number(value).is_some_and(|number| range.contains(&number)),
            Self::Switch => switch(value).is_some(),
            Self::Bindings => value.is_table(),
        }
    }
}

fn list(words: &[&str]) -> String {
    Value::from(words.to_vec()).to_string()
}

/// Lines of at most 100 characters.
fn wrap(text: &str) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.is_empty() => line.push_str(word),
            Some(line) if line.len() + word.len() < 100 => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}
