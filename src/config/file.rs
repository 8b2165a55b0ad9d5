//! `config.toml`: read, put under the environment and the command line, and begun for the user.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;
use std::{fs, io};

use toml::{Table, Value};

use crate::app::keymap::Keymap;
use crate::document::{Document, Mistake, cannot_be, did_you_mean};
use crate::domain::{Calendar, Currency, Fingerprint};

use super::schema::{self, Key, SECTIONS};
use super::{AUTO, Appearance, Categorize, ConfigError, Notices, Overrides, Target, private};

/// Everything that can be configured; every key of the file may be left out.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Config {
    /// The server.
    pub server: Target,
    /// Seconds between two questions for news: [`schema::POLL_SECONDS`].
    pub poll_seconds: u16,
    /// The only certificate that the server may show; one that this machine believes when `None`.
    pub fingerprint: Option<Fingerprint>,
    /// Whether plain `http://` beyond this machine is allowed.
    pub insecure_http: bool,
    /// The look of the dashboard.
    pub appearance: Appearance,
    /// What the desktop is told.
    pub notices: Notices,
    /// The currency of a new account, and of a server that names none.
    pub currency: Currency,
    /// When budget months begin; as the account has it when `None`.
    pub calendar: Option<Calendar>,
    /// `auto`, or language and region.
    pub locale: String,
    /// Who decides on a category where the local prediction is not enough.
    pub categorize: Categorize,
    /// Keys of the user's own: for each action what is pressed.
    pub keys: BTreeMap<String, Vec<String>>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            server: Target::Embedded,
            poll_seconds: 15,
            fingerprint: None,
            insecure_http: false,
            appearance: Appearance::default(),
            notices: Notices::default(),
            currency: Currency::USD,
            calendar: None,
            locale: AUTO.to_owned(),
            categorize: Categorize::default(),
            keys: BTreeMap::new(),
        }
    }
}

/// Where the value of a key comes from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Origin {
    /// Nobody set it.
    Default,
    /// The file, in this line counted from 1.
    File(Option<u32>),
    /// An environment variable.
    Environment(String),
    /// A flag of the command line.
    Flag(String),
}

/// For each key that somebody set, who did; `keys.quit` is the key of an action.
pub type Origins = BTreeMap<String, Origin>;

/// One key as it holds.
#[derive(Clone, PartialEq, Debug)]
pub struct Setting {
    /// Which one; `keys.quit` is the key of an action.
    pub key: String,
    /// Its value, as it is written in the file.
    pub value: Value,
    /// Who set it.
    pub origin: Origin,
}

/// Every key with its value, in the order of the commented file; of the keys of actions, those that are set.
pub(super) fn explain(config: &Config, origins: &Origins) -> Vec<Setting> {
    let setting = |key: String, value: Value| Setting {
        origin: origins.get(&key).cloned().unwrap_or(Origin::Default),
        key,
        value,
    };
    let settings = |key: &Key| match key.value(config) {
        Value::Table(entries) => entries
            .into_iter()
            .map(|(name, value)| setting(format!("{}.{name}", key.name), value))
            .collect(),
        value => vec![setting(key.name.to_owned(), value)],
    };
    schema::keys().flat_map(settings).collect()
}

/// What the file, the environment and the command line say together.
#[derive(Debug, Default)]
pub(super) struct Loaded {
    pub config: Config,
    pub origins: Origins,
    /// What is wrong with the keys of the dashboard, which nothing else needs.
    pub wrong_keys: Vec<Mistake>,
}

/// Puts the command line over the environment over the file at `path` over the defaults.
///
/// # Errors
/// [`ConfigError`] with all mistakes of the file, or the first of the environment or command line. Mistakes in the keys
/// of the dashboard alone are no error.
pub(super) fn load(
    path: &Path,
    variable: impl Fn(&str) -> Option<String>,
    flags: &Overrides,
) -> Result<Loaded, ConfigError> {
    let Loaded {
        mut config,
        mut origins,
        wrong_keys,
    } = read(path)?;
    let pinned = config.server.clone();
    for key in schema::keys() {
        let Some(name) = key.variable() else { continue };
        if let Some(text) = variable(&name).filter(|text| !text.trim().is_empty()) {
            given(key, &name, &text, &mut config)?;
            origins.insert(key.name.to_owned(), Origin::Environment(name));
        }
    }
    for (name, text) in flags.0.iter().filter(|(_, text)| !text.trim().is_empty()) {
        let flag = format!("--{}", name.replace('_', "-"));
        if let Some(key) = schema::key(name) {
            given(key, &flag, text, &mut config)?;
            origins.insert(key.name.to_owned(), Origin::Flag(flag));
        }
    }
    // A fingerprint belongs to the server beside which it was written.
    let of_the_file = matches!(origins.get("server_fingerprint"), Some(Origin::File(_)));
    if of_the_file && config.server.key() != pinned.key() {
        config.fingerprint = None;
        origins.remove("server_fingerprint");
    }
    Ok(Loaded {
        config,
        origins,
        wrong_keys,
    })
}

/// Takes a text from the environment or the command line, where it is called `name`.
pub(super) fn given(key: &Key, name: &str, text: &str, config: &mut Config) -> Result<(), ConfigError> {
    key.set(config, &key.read_text(text))
        .map_err(|(problem, advice)| ConfigError::Given {
            name: name.to_owned(),
            problem,
            advice,
        })
}

/// Reads the file; without one, the defaults hold.
fn read(path: &Path) -> Result<Loaded, ConfigError> {
    let document = document(path)?;
    let (mut config, mut origins) = (Config::default(), Origins::new());
    let (mut mistakes, mut wrong_keys) = (Vec::new(), Vec::new());
    for (name, value) in document.entries() {
        if schema::is_table(name) {
            mistakes.extend(read_table(&document, name, value, &mut config, &mut origins));
            continue;
        }
        let Some(key) = schema::key(name).filter(|key| key.leaf() == name) else {
            let advice = match schema::table_of(name) {
                Some(table) => format!("Put it under a line [{table}]."),
                None => did_you_mean(name, schema::names_in(None)),
            };
            mistakes.push(document.mistake(name, "is not a key of this file", advice));
            continue;
        };
        let wrong = if name == schema::BINDINGS {
            &mut wrong_keys
        } else {
            &mut mistakes
        };
        wrong.extend(taken(&document, key, value, &mut config));
        origins.insert(name.to_owned(), Origin::File(document.line(name)));
        for (action, keys) in schema::bindings(value) {
            let name = format!("{name}.{action}");
            wrong_keys.extend(bad_binding(&document, &name, keys));
            origins.insert(name.clone(), Origin::File(document.line(&name)));
        }
    }
    // What cannot be read would only be told twice.
    if wrong_keys.is_empty()
        && let Err(error) = Keymap::with(&config.keys)
    {
        let name = format!("{}.{}", schema::BINDINGS, error.name);
        wrong_keys.push(document.mistake(&name, "cannot be taken", error.problem.to_string()));
    }
    wrong_keys.sort_by_key(|mistake| mistake.line);
    if mistakes.is_empty() {
        return Ok(Loaded {
            config,
            origins,
            wrong_keys,
        });
    }
    mistakes.extend(wrong_keys);
    mistakes.sort_by_key(|mistake| mistake.line);
    Err(ConfigError::Mistakes {
        path: path.to_owned(),
        mistakes,
    })
}

/// Reads the keys of one table; the mistakes in it.
pub(super) fn read_table(
    document: &Document,
    table: &str,
    value: &Value,
    config: &mut Config,
    origins: &mut Origins,
) -> Vec<Mistake> {
    let Value::Table(inner) = value else {
        let advice = format!("Write a line [{table}], and its keys under it.");
        return vec![document.mistake(table, cannot_be(value), advice)];
    };
    let mut mistakes = Vec::new();
    for (leaf, value) in inner {
        let path = format!("{table}.{leaf}");
        let Some(key) = schema::key(&path).filter(|key| key.leaf() == leaf) else {
            let advice = did_you_mean(leaf, schema::names_in(Some(table)));
            mistakes.push(document.mistake(&path, "is not a key of this file", advice));
            continue;
        };
        mistakes.extend(taken(document, key, value, config));
        origins.insert(path.clone(), Origin::File(document.line(&path)));
    }
    mistakes
}

/// Takes a value of the file; the mistake if it cannot be.
fn taken(document: &Document, key: &Key, value: &Value, config: &mut Config) -> Option<Mistake> {
    let (problem, advice) = key.set(config, value).err()?;
    Some(document.mistake(key.name, problem, advice))
}

/// What is wrong with the value of an action, which must be a key or a list of keys.
fn bad_binding(document: &Document, name: &str, keys: &Value) -> Option<Mistake> {
    let is_key = |value: &Value| value.as_str().is_some_and(|text| !text.is_empty());
    let good = keys
        .as_array()
        .map_or_else(|| is_key(keys), |keys| keys.iter().all(is_key));
    let action = name.rsplit('.').next().unwrap_or(name);
    let advice = format!("Write a key or a list of keys, for example {action} = [\"Q\", \"F10\"].");
    (!good).then(|| document.mistake(name, cannot_be(keys), advice))
}

fn document(path: &Path) -> Result<Document, ConfigError> {
    // Confy would write the defaults into a missing file; a user who wrote none needs none.
    if !path.try_exists().map_err(|source| ConfigError::read(path, source))? {
        return Ok(Document::default());
    }
    read_document(path)
}

/// Reads a file that is there.
pub(super) fn read_document(path: &Path) -> Result<Document, ConfigError> {
    // Confy would make a file that is not there.
    fs::metadata(path).map_err(|source| ConfigError::read(path, source))?;
    let values: Table = confy::load_path(path).map_err(|error| ConfigError::confy(path, error))?;
    // Confy says what a key is, and not in which line it stands.
    let text = fs::read_to_string(path).map_err(|source| ConfigError::read(path, source))?;
    Ok(Document::new(values, &text))
}

/// The commented file: every key, each with what it does and what it is when left out.
#[must_use]
pub fn example() -> String {
    let mut text = String::from(
        "# Configuration of Budget Tracker. Every key may be left out; what stands behind a # is the usual value.\n\
         # Stronger than this file is the environment (BUDGET_TRACKER_THEME for theme, and so on), and stronger\n\
         # still a flag of the command line. To see what holds and where it comes from: budget-tracker config\n",
    );
    let usual = Config::default();
    for section in &SECTIONS {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "\n\n# {}", section.title);
        if let Some(table) = section.table {
            let _ = writeln!(text, "#[{table}]");
        }
        for key in section.keys {
            let _ = write!(text, "\n{}", key.commented(&usual));
        }
    }
    text
}

/// Writes [`example`] to `path`.
///
/// # Errors
/// [`ConfigError::Exists`] when a file is there already, and whatever else keeps it from being written.
pub fn init(path: &Path) -> Result<(), ConfigError> {
    match path.try_exists() {
        Ok(false) => private::write_text(path, &example()),
        Ok(true) => Err(ConfigError::Exists { path: path.to_owned() }),
        Err(source) => Err(ConfigError::read(path, source)),
    }
}

/// Makes `server` the usual one, unless the file names one already; whether it did. Nothing else of the file is
/// touched, comments neither.
///
/// # Errors
/// [`ConfigError`] when the file cannot be read or written.
pub fn remember_server(path: &Path, server: &Target) -> Result<bool, ConfigError> {
    if document(path)?.get("server").is_some() {
        return Ok(false);
    }
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        Err(source) => return Err(ConfigError::read(path, source)),
    };
    // Before everything else: behind a table it would belong to the table.
    let line = format!("server = {}\n", Value::from(server.key()));
    private::write_text(path, &(line + &text))?;
    Ok(true)
}

/// Has `server`, which the file names, show the certificate of this fingerprint and no other. A fingerprint that the
/// file has is replaced, and nothing else of it is touched; whether the file names that server.
///
/// # Errors
/// [`ConfigError`] when the file cannot be read or written.
pub(super) fn remember_fingerprint(
    path: &Path,
    server: &Target,
    fingerprint: Fingerprint,
) -> Result<bool, ConfigError> {
    let document = document(path)?;
    let named = document.get("server").and_then(Value::as_str).map(Target::parse);
    if !matches!(named, Some(Ok(named)) if named.key() == server.key()) {
        return Ok(false);
    }
    let text = fs::read_to_string(path).map_err(|source| ConfigError::read(path, source))?;
    let line = format!("server_fingerprint = \"{fingerprint}\"");
    let old = document
        .line("server_fingerprint")
        .and_then(|line| usize::try_from(line).ok());
    let mut lines: Vec<&str> = text.lines().collect();
    match old.filter(|old| (1..=lines.len()).contains(old)) {
        Some(old) => lines[old - 1] = &line,
        None => lines.insert(0, &line),
    }
    private::write_text(path, &(lines.join("\n") + "\n"))?;
    Ok(true)
}

#[cfg(test)]
mod tests;
