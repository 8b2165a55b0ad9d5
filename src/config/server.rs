//! The file of a server, for example `/etc/budget-tracker/server.toml`: every option of `serve`, and `[categorize]` as
//! in the user's own file.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use ipnet::IpNet;
use secrecy::SecretString;
use toml::Value;

use super::{Config, ConfigError, Origin, Origins, file, private, schema, variable};
use crate::categorize::service::Plan;
use crate::document::{Document, cannot_be, did_you_mean};

const CATEGORIZE: &str = "categorize";

/// The words for `forwarded_header`.
pub const FORWARDED_HEADERS: [&str; 2] = ["x-forwarded-for", "forwarded"];
/// The words for `log_format`.
pub const LOG_FORMATS: [&str; 2] = ["text", "json"];
/// The words for `signup`.
pub const SIGN_UPS: [&str; 3] = ["closed", "invite", "open"];

/// What the file says; what it does not say is `None`, or empty.
#[derive(Debug, Default)]
pub struct ServerFile {
    /// The address to listen on.
    pub listen: Option<SocketAddr>,
    /// The folder of the database.
    pub data_dir: Option<PathBuf>,
    /// The database, perhaps with a password.
    pub database: Option<SecretString>,
    /// The certificate, in PEM.
    pub tls_cert: Option<PathBuf>,
    /// Its key, in PEM.
    pub tls_key: Option<PathBuf>,
    /// Whether plain HTTP beyond loopback is wanted all the same.
    pub insecure_http: Option<bool>,
    /// Where the operator's monitoring asks.
    pub metrics: Option<SocketAddr>,
    /// Proxies whose word counts when they say who asks.
    pub trusted_proxies: Vec<IpNet>,
    /// In which header they say so: one of [`FORWARDED_HEADERS`].
    pub forwarded_header: Option<String>,
    /// How the log is written: one of [`LOG_FORMATS`].
    pub log_format: Option<String>,
    /// Who may make an account: one of [`SIGN_UPS`].
    pub signup: Option<String>,
    /// Whether the sample user exists.
    pub demo: Option<bool>,
    /// Whether the five classic calls are answered.
    pub classic_api: Option<bool>,
    /// Most connections at once.
    pub max_connections: Option<usize>,
    /// Most connections at once from one address.
    pub max_connections_per_address: Option<usize>,
    /// Most requests at once.
    pub max_requests: Option<usize>,
    /// Whom to ask for a category, when the file has a table `[categorize]`: nobody, or as the plan says; or why
    /// that does not work, which only a server minds.
    pub outside: Option<Result<Option<Plan>, ConfigError>>,
}

/// One key of the file.
struct Key {
    name: &'static str,
    /// What it may be, and an example as it is written.
    kind: (&'static str, &'static str),
    take: fn(&mut ServerFile, &Value, &Path) -> bool,
}

const ADDRESS: (&str, &str) = ("an address and a port", "\"127.0.0.1:8080\"");
const SWITCH: (&str, &str) = ("true or false", "true");
const NUMBER: (&str, &str) = ("a number from 1 to 1000000", "1000");

/// All there is but `[categorize]`.
static KEYS: [Key; 16] = [
    Key {
        name: "listen",
        kind: ADDRESS,
        take: |to, value, _| put(read(value), &mut to.listen),
    },
    Key {
        name: "data_dir",
        kind: ("the path of a folder", "\"/var/lib/budget-tracker\""),
        take: |to, value, folder| put(path(value, folder), &mut to.data_dir),
    },
    Key {
        name: "database",
        kind: (
            "sqlite:PATH or postgres://USER@HOST:5432/NAME",
            "\"postgres://budget@db.example.org/budget\"",
        ),
        take: |to, value, _| put(text(value).map(SecretString::from), &mut to.database),
    },
    Key {
        name: "tls_cert",
        kind: ("the path of a certificate in PEM", "\"/etc/budget-tracker/cert.pem\""),
        take: |to, value, folder| put(path(value, folder), &mut to.tls_cert),
    },
    Key {
        name: "tls_key",
        kind: ("the path of a private key in PEM", "\"/etc/budget-tracker/key.pem\""),
        take: |to, value, folder| put(path(value, folder), &mut to.tls_key),
    },
    Key {
        name: "insecure_http",
        kind: SWITCH,
        take: |to, value, _| put(value.as_bool(), &mut to.insecure_http),
    },
    Key {
        name: "metrics",
        kind: ("an address and a port", "\"127.0.0.1:9090\""),
        take: |to, value, _| put(read(value), &mut to.metrics),
    },
    Key {
        name: "trusted_proxies",
        kind: ("a list of addresses or networks", "[\"127.0.0.1\", \"10.0.0.0/8\"]"),
        take: |to, value, _| {
            let read = |value: &Value| network(text(value)?);
            let all = value.as_array().and_then(|list| list.iter().map(read).collect());
            all.map(|all| to.trusted_proxies = all).is_some()
        },
    },
    Key {
        name: "forwarded_header",
        kind: ("\"x-forwarded-for\" or \"forwarded\"", "\"x-forwarded-for\""),
        take: |to, value, _| put(word(value, &FORWARDED_HEADERS), &mut to.forwarded_header),
    },
    Key {
        name: "log_format",
        kind: ("\"text\" or \"json\"", "\"json\""),
        take: |to, value, _| put(word(value, &LOG_FORMATS), &mut to.log_format),
    },
    Key {
        name: "signup",
        kind: ("\"closed\", \"invite\" or \"open\"", "\"invite\""),
        take: |to, value, _| put(word(value, &SIGN_UPS), &mut to.signup),
    },
    Key {
        name: "demo",
        kind: SWITCH,
        take: |to, value, _| put(value.as_bool(), &mut to.demo),
    },
    Key {
        name: "classic_api",
        kind: SWITCH,
        take: |to, value, _| put(value.as_bool(), &mut to.classic_api),
    },
    Key {
        name: "max_connections",
        kind: NUMBER,
        take: |to, value, _| put(number(value), &mut to.max_connections),
    },
    Key {
        name: "max_connections_per_address",
        kind: NUMBER,
        take: |to, value, _| put(number(value), &mut to.max_connections_per_address),
    },
    Key {
        name: "max_requests",
        kind: NUMBER,
        take: |to, value, _| put(number(value), &mut to.max_requests),
    },
];

/// The names of all keys, and of the table.
pub fn names() -> impl Iterator<Item = &'static str> {
    KEYS.iter().map(|key| key.name).chain([CATEGORIZE])
}

/// An address, or a network with the length of its prefix.
#[must_use]
pub fn network(text: &str) -> Option<IpNet> {
    let text = text.trim();
    text.parse()
        .ok()
        .or_else(|| Some(IpNet::from(text.parse::<std::net::IpAddr>().ok()?)))
}

/// Refuses a file that the group or others may read: it holds a password.
///
/// # Errors
/// [`ConfigError::Exposed`], or what keeps the file from being looked at.
pub fn check_private(path: &Path) -> Result<(), ConfigError> {
    private::check(path).map(|_| ())
}

impl ServerFile {
    /// Reads the file. Paths in it begin where it is; variables such as `BUDGET_TRACKER_CATEGORIZE_BACKEND` are
    /// stronger than its `[categorize]`.
    ///
    /// # Errors
    /// [`ConfigError`] when it cannot be read, and with all its mistakes.
    pub fn read(path: &Path) -> Result<Self, ConfigError> {
        Self::read_with(path, variable)
    }

    fn read_with(path: &Path, variable: impl Fn(&str) -> Option<String> + Copy) -> Result<Self, ConfigError> {
        let document = file::read_document(path)?;
        let folder = path.parent().unwrap_or(Path::new(""));
        let (mut read, mut mistakes) = (Self::default(), Vec::new());
        let (mut config, mut origins) = (Config::default(), Origins::new());
        for (name, value) in document.entries() {
            if name == CATEGORIZE {
                mistakes.extend(file::read_table(&document, name, value, &mut config, &mut origins));
                continue;
            }
            let Some(key) = KEYS.iter().find(|key| key.name == name) else {
                mistakes.push(document.mistake(name, "is not a key of this file", stranger(&document, name)));
                continue;
            };
            if !(key.take)(&mut read, value, folder) {
                let (what, example) = key.kind;
                let advice = format!("Write {what}, for example {name} = {example}.");
                mistakes.push(document.mistake(name, shown(name, value), advice));
            }
        }
        if !mistakes.is_empty() {
            mistakes.sort_by_key(|mistake| mistake.line);
            let path = path.to_owned();
            return Err(ConfigError::Mistakes { path, mistakes });
        }
        if document.get(CATEGORIZE).is_some() {
            over(&mut config, &mut origins, variable)?;
            read.outside = Some(config.categorize.plan(folder, variable, &origins));
        }
        Ok(read)
    }
}

/// Puts the environment over `[categorize]`.
fn over(
    config: &mut Config,
    origins: &mut Origins,
    variable: impl Fn(&str) -> Option<String>,
) -> Result<(), ConfigError> {
    for key in schema::keys().filter(|key| key.name.starts_with("categorize.")) {
        let Some(name) = key.variable() else { continue };
        if let Some(text) = variable(&name).filter(|text| !text.trim().is_empty()) {
            file::given(key, &name, &text, config)?;
            origins.insert(key.name.to_owned(), Origin::Environment(name));
        }
    }
    Ok(())
}

/// What to do about a key that is not known.
fn stranger(document: &Document, name: &str) -> String {
    if schema::key(name).is_some() && document.get(name).is_some() {
        return "It belongs into config.toml, the file of whoever uses the dashboard.".to_owned();
    }
    match schema::table_of(name) {
        Some(table) => format!("Put it under a line [{table}]."),
        None => did_you_mean(name, names()),
    }
}

/// What cannot be; never a database with its password.
fn shown(name: &str, value: &Value) -> String {
    match name {
        "database" => "cannot be what it is".to_owned(),
        _ => cannot_be(value),
    }
}

fn text(value: &Value) -> Option<&str> {
    value.as_str().map(str::trim).filter(|text| !text.is_empty())
}

fn read<T: FromStr>(value: &Value) -> Option<T> {
    text(value)?.parse().ok()
}

fn path(value: &Value, folder: &Path) -> Option<PathBuf> {
    text(value).map(|path| folder.join(path))
}

fn word(value: &Value, known: &[&str]) -> Option<String> {
    let word = text(value)?;
    known.contains(&word).then(|| word.to_owned())
}

fn number(value: &Value) -> Option<usize> {
    let number = value.as_integer().filter(|number| (1..=1_000_000).contains(number))?;
    usize::try_from(number).ok()
}

fn put<T>(value: Option<T>, slot: &mut Option<T>) -> bool {
    *slot = value;
    slot.is_some()
}

#[cfg(test)]
mod tests;
