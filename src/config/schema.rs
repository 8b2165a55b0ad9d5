//! The keys of `config.toml`, each once: what it may be, what it is when left out, what it does. Reading,
//! `config`, the commented file and the JSON schema are all made from this.

use std::ops::RangeInclusive;
use std::str::FromStr;

use serde_json::json;
use strum::{IntoEnumIterator, VariantNames};
use toml::Value;

use crate::app::keymap::{Action, Scope};
use crate::document::{cannot_be, did_you_mean};
use crate::domain::{Calendar, Currency, Level, Locale};
use crate::ui::{BarStyle, GlyphSet, Graph};

use super::{Config, Notify, Target};

mod categorize;

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

static SERVER: [Key; 4] = [
    Key {
        name: "server",
        kind: Kind::Text(
            "an address with http:// or https://, or \"embedded\" for the server inside this program",
            "https://budget.example.org",
        ),
        about: "The server to use; \"embedded\" keeps everything in a file on this computer.",
        take: |config, value| match Target::parse(text(value)) {
            Ok(target) => {
                config.server = target;
                true
            }
            Err(_) => false,
        },
        show: |config| config.server.key().into(),
    },
    Key {
        name: "server_fingerprint",
        kind: Kind::Text(
            "the fingerprint that the server printed, or nothing",
            "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        ),
        about: "The fingerprint of the server's certificate, for a server that signs its own: then only this \
                certificate is accepted. Left out, it must be one that this computer believes.",
        take: |config, value| match text(value).trim() {
            "" => put(Some(None), &mut config.fingerprint),
            fingerprint => put(fingerprint.parse().ok().map(Some), &mut config.fingerprint),
        },
        show: |config| {
            config
                .fingerprint
                .map_or(String::new(), |print| print.to_string())
                .into()
        },
    },
    Key {
        name: "poll_seconds",
        kind: Kind::Number(POLL_SECONDS),
        about: "Seconds between two questions for news, where the server does not send them by itself.",
        take: |config, value| put(number(value), &mut config.poll_seconds),
        show: |config| i64::from(config.poll_seconds).into(),
    },
    Key {
        name: "insecure_http",
        kind: Kind::Switch,
        about: "Whether http:// without encryption is allowed beyond this computer.",
        take: |config, value| put(switch(value), &mut config.insecure_http),
        show: |config| config.insecure_http.into(),
    },
];

static LOOK: [Key; 7] = [
    Key {
        name: "theme",
        kind: Kind::Text(
            "auto, dark, light, high-contrast, mono, terminal, or the name or path of a theme file",
            "dark",
        ),
        about: "The colours. \"auto\" is dark or light as the terminal is. A theme of your own is a file in the \
                folder themes beside this one, \"mine\" for themes/mine.toml; budget-tracker config --theme-file prints \
                one to begin with.",
        take: |config, value| {
            let name = text(value).trim();
            name.clone_into(&mut config.appearance.theme);
            !name.is_empty()
        },
        show: |config| config.appearance.theme.as_str().into(),
    },
    Key {
        name: "glyphs",
        kind: Kind::Choice(GlyphSet::VARIANTS),
        about: "The characters that bars and marks are made of. \"auto\" asks the terminal and its locale.",
        take: |config, value| parse(value, &mut config.appearance.glyphs),
        show: |config| config.appearance.glyphs.to_string().into(),
    },
    Key {
        name: "graph",
        kind: Kind::Choice(Graph::VARIANTS),
        about: "How lines in charts are drawn. \"auto\" is braille, or ascii with ASCII glyphs.",
        take: |config, value| parse(value, &mut config.appearance.graph),
        show: |config| config.appearance.graph.to_string().into(),
    },
    Key {
        name: "bars",
        kind: Kind::Choice(BarStyle::VARIANTS),
        about: "How a budget is drawn: in one row, in two rows with the day under the bar, or with a small bar for \
                each day beside it.",
        take: |config, value| parse(value, &mut config.appearance.bars),
        show: |config| config.appearance.bars.to_string().into(),
    },
    Key {
        name: "motion",
        kind: Kind::Switch,
        about: "Whether seconds are counted on the screen (to the next try, until a deleted row leaves); false keeps the \
                words still.",
        take: |config, value| put(switch(value), &mut config.appearance.motion),
        show: |config| config.appearance.motion.into(),
    },
    Key {
        name: "mouse",
        kind: Kind::Switch,
        about: "Whether the dashboard takes the mouse; selecting text then needs Shift.",
        take: |config, value| put(switch(value), &mut config.appearance.mouse),
        show: |config| config.appearance.mouse.into(),
    },
    Key {
        name: "plain",
        kind: Kind::Switch,
        about: "For screen readers: words instead of bars and boxes, nothing redrawn by itself.",
        take: |config, value| put(switch(value), &mut config.appearance.plain),
        show: |config| config.appearance.plain.into(),
    },
];

static NOTICES: [Key; 4] = [
    Key {
        name: "notify",
        kind: Kind::Choice(Notify::VARIANTS),
        about: "How the desktop is told of a new alert while the window is not in front. \"auto\" uses what the \
                terminal is known to understand.",
        take: |config, value| parse(value, &mut config.notices.method),
        show: |config| config.notices.method.to_string().into(),
    },
    Key {
        name: "bell",
        kind: Kind::Switch,
        about: "Whether the terminal's bell rings with it.",
        take: |config, value| put(switch(value), &mut config.notices.bell),
        show: |config| config.notices.bell.into(),
    },
    Key {
        name: "quiet_hours",
        kind: Kind::Text("two times of the day, or nothing", "22:00-07:00"),
        about: "When no notice is sent and no bell rings, in local time; it may go past midnight.",
        take: |config, value| match text(value).trim() {
            "" => put(Some(None), &mut config.notices.quiet),
            hours => put(hours.parse().ok().map(Some), &mut config.notices.quiet),
        },
        show: |config| {
            config
                .notices
                .quiet
                .map_or(String::new(), |quiet| quiet.to_string())
                .into()
        },
    },
    Key {
        name: "alert_levels",
        kind: Kind::Choices(Level::VARIANTS),
        about: "Which alerts send a notice: close to a limit, a forecast that passes it, over it. All of them are \
                listed in the dashboard.",
        take: |config, value| {
            let levels = words(value).map(|word| word.trim().parse().ok()).collect();
            put(levels, &mut config.notices.levels)
        },
        show: |config| {
            Value::Array(
                config
                    .notices
                    .levels
                    .iter()
                    .map(|level| level.to_string().into())
                    .collect(),
            )
        },
    },
];

static MONEY: [Key; 3] = [
    Key {
        name: "currency",
        kind: Kind::Text("a code of ISO 4217", "EUR"),
        about: "The currency of a new account, and of a server that names none.",
        take: |config, value| put(Currency::from_code(text(value)).ok(), &mut config.currency),
        show: |config| config.currency.code().into(),
    },
    Key {
        name: "month_start",
        kind: Kind::NumberOrAuto(MONTH_START),
        about: "The day a budget month begins with, for example 25 when that is pay day: your account is changed to it \
                when you log in. \"auto\" leaves it as it is there.",
        take: |config, value| {
            let day = number(value).and_then(|day| u8::try_from(day).ok());
            config.calendar = day.and_then(|day| Calendar::new(day).ok());
            config.calendar.is_some() || is_auto(value)
        },
        show: |config| match config.calendar {
            Some(calendar) => i64::from(calendar.month_start()).into(),
            None => super::AUTO.into(),
        },
    },
    Key {
        name: "locale",
        kind: Kind::Text("auto, or language and region", "de-DE"),
        about: "How amounts and days are written, and how an amount such as 1.234 is read. \"auto\" asks LC_ALL, \
                LC_NUMERIC and LANG.",
        take: |config, value| {
            let tag = text(value).trim();
            tag.clone_into(&mut config.locale);
            tag == super::AUTO || Locale::from_tag(tag).is_some()
        },
        show: |config| config.locale.as_str().into(),
    },
];

static KEYS: [Key; 1] = [Key {
    name: BINDINGS,
    kind: Kind::Bindings,
    about: "Keys of your own: for each action a key, or a list of keys, in place of the usual ones.",
    take: |config, value| {
        let own = |(action, keys): (String, &Value)| (action, words(keys).map(str::to_owned).collect());
        config.keys = bindings(value).into_iter().map(own).collect();
        true
    },
    show: |config| {
        let entry = |(action, keys): (&String, &Vec<String>)| (action.clone(), Value::from(keys.clone()));
        Value::Table(config.keys.iter().map(entry).collect())
    },
}];

/// The actions of a table of keys. Those of one scope, `[keys.expenses]`, are called `expenses.delete`.
pub(super) fn bindings(value: &Value) -> Vec<(String, &Value)> {
    let entries = value.as_table().into_iter().flatten();
    entries
        .flat_map(|(name, value)| match value {
            Value::Table(scope) => scope
                .iter()
                .map(|(action, keys)| (format!("{name}.{action}"), keys))
                .collect(),
            keys => vec![(name.clone(), keys)],
        })
        .collect()
}

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

    /// What the JSON schema says of it.
    fn schema(&self) -> serde_json::Value {
        let mut schema = match &self.kind {
            Kind::Text(_, example) => json!({"type": "string", "examples": [example]}),
            Kind::Choice(known) => json!({"enum": known}),
            Kind::Choices(known) => json!({"type": "array", "items": {"enum": known}}),
            Kind::Number(range) => json!({"type": "integer", "minimum": range.start(), "maximum": range.end()}),
            Kind::NumberOrAuto(range) => json!({"anyOf": [
                {"enum": [super::AUTO]},
                {"type": "integer", "minimum": range.start(), "maximum": range.end()},
            ]}),
            Kind::Switch => json!({"enum": [true, false, "on", "off"]}),
            Kind::Bindings => bindings_schema(),
        };
        schema["description"] = self.about.into();
        schema["default"] = json!(self.value(&Config::default()));
        schema
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

/// The JSON schema of the file, for editors that check and complete it.
#[must_use]
pub fn json_schema() -> serde_json::Value {
    let of = |section: &Section| {
        section
            .keys
            .iter()
            .map(|key| (key.leaf().to_owned(), key.schema()))
            .collect()
    };
    let mut properties = serde_json::Map::new();
    for section in &SECTIONS {
        let keys: serde_json::Map<_, _> = of(section);
        match section.table {
            None => properties.extend(keys),
            Some(table) => {
                let table_of = json!({"type": "object", "additionalProperties": false, "properties": keys});
                properties.insert(table.to_owned(), table_of);
            }
        }
    }
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Configuration of Budget Tracker",
        "type": "object",
        "additionalProperties": false,
        "properties": properties,
    })
}

/// For every action a key or a list of keys; the same in a table of one scope, or with the scope before a point.
fn bindings_schema() -> serde_json::Value {
    let keys = json!({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]});
    let actions: serde_json::Map<_, _> = Action::iter()
        .map(|action| (action.name().to_owned(), keys.clone()))
        .collect();
    let scope = json!({"type": "object", "additionalProperties": keys});
    let mut all: serde_json::Map<_, _> = Scope::iter().map(|of| (of.name().to_owned(), scope.clone())).collect();
    all.extend(actions);
    json!({
        "type": "object",
        "properties": all,
        "patternProperties": {"^[a-z-]+\\.[a-z-]+$": keys},
        "additionalProperties": false,
    })
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn number(value: &Value) -> Option<u16> {
    u16::try_from(value.as_integer()?).ok()
}

fn is_auto(value: &Value) -> bool {
    text(value).trim().eq_ignore_ascii_case(super::AUTO)
}

fn switch(value: &Value) -> Option<bool> {
    match value.as_str() {
        Some(word) if word.eq_ignore_ascii_case("on") => Some(true),
        Some(word) if word.eq_ignore_ascii_case("off") => Some(false),
        _ => value.as_bool(),
    }
}

/// The words of a list; a single one is a list too.
fn words(value: &Value) -> impl Iterator<Item = &str> {
    let list = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
    list.iter().filter_map(Value::as_str)
}

fn list(words: &[&str]) -> String {
    Value::from(words.to_vec()).to_string()
}

fn parse<T: FromStr>(value: &Value, slot: &mut T) -> bool {
    put(text(value).trim().parse().ok(), slot)
}

fn put<T>(value: Option<T>, slot: &mut T) -> bool {
    value.map(|value| *slot = value).is_some()
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
