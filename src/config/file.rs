//! `config.toml`.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::path::Path;

use serde::Serialize;
use serde_json::Value;

use crate::domain::Currency;
use crate::domain::nearest::nearest;

use super::{ConfigError, Target, private};

/// How often the server may be asked for news, in seconds.
pub const POLL_SECONDS: RangeInclusive<u16> = 2..=3600;

const KEYS: [&str; 4] = ["server", "poll_seconds", "insecure_http", "currency"];

/// What the file can say; every key may be left out.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Config {
    /// The server to use instead of the embedded one.
    pub server: Option<Target>,
    /// Seconds between two questions for news: [`POLL_SECONDS`].
    pub poll_seconds: u16,
    /// Whether plain `http://` beyond this machine is allowed.
    pub insecure_http: bool,
    /// The currency of a server that names none.
    pub currency: Currency,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            server: None,
            poll_seconds: 15,
            insecure_http: false,
            currency: Currency::USD,
        }
    }
}

impl Config {
    /// Reads the file; without one, the defaults hold.
    ///
    /// # Errors
    /// [`ConfigError`] with the file, the key and what to write instead.
    pub fn load(path: &Path) -> Result<Self, ConfigError> {
        // Confy would write the defaults into a missing file; a user who wrote none needs none.
        if !path.try_exists().map_err(|source| ConfigError::read(path, source))? {
            return Ok(Self::default());
        }
        let table: BTreeMap<String, Value> = confy::load_path(path).map_err(|error| ConfigError::confy(path, error))?;
        let mut config = Self::default();
        for (key, value) in &table {
            config.set(path, key, value)?;
        }
        Ok(config)
    }

    /// Writes the file anew.
    ///
    /// # Errors
    /// [`ConfigError::Io`].
    pub fn save(&self, path: &Path) -> Result<(), ConfigError> {
        #[derive(Serialize)]
        struct Stored<'a> {
            #[serde(skip_serializing_if = "Option::is_none")]
            server: Option<&'a str>,
            poll_seconds: u16,
            insecure_http: bool,
            currency: Currency,
        }
        private::write(
            path,
            &Stored {
                server: self.server.as_ref().map(Target::key),
                poll_seconds: self.poll_seconds,
                insecure_http: self.insecure_http,
                currency: self.currency,
            },
        )
    }

    fn set(&mut self, path: &Path, key: &str, value: &Value) -> Result<(), ConfigError> {
        let wrong = |advice: String| {
            let problem = if value.is_object() || value.is_array() {
                "cannot be a table or list".to_owned()
            } else {
                format!("cannot be {value}")
            };
            ConfigError::key(path, key, problem, advice)
        };
        match key {
            "server" => {
                let address = value.as_str().unwrap_or_default();
                self.server = Some(Target::parse(address).map_err(wrong)?);
            }
            "poll_seconds" => {
                let seconds = value.as_u64().and_then(|seconds| u16::try_from(seconds).ok());
                self.poll_seconds = seconds
                    .filter(|seconds| POLL_SECONDS.contains(seconds))
                    .ok_or_else(|| {
                        wrong("Write a number of seconds from 2 to 3600, for example poll_seconds = 15.".to_owned())
                    })?;
            }
            "insecure_http" => {
                self.insecure_http = value
                    .as_bool()
                    .ok_or_else(|| wrong("Write insecure_http = true or insecure_http = false.".to_owned()))?;
            }
            "currency" => {
                self.currency = Currency::from_code(value.as_str().unwrap_or_default())
                    .map_err(|_| wrong("Write a code of ISO 4217, for example currency = \"EUR\".".to_owned()))?;
            }
            _ => return Err(unknown(path, key)),
        }
        Ok(())
    }
}

fn unknown(path: &Path, key: &str) -> ConfigError {
    let advice = match nearest(key, KEYS) {
        Some(known) => format!("Did you mean \"{known}\"?"),
        None => format!("The keys are {}.", KEYS.join(", ")),
    };
    ConfigError::key(path, key, "is not a key of this file", advice)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    fn read(text: &str) -> (Result<Config, ConfigError>, String) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("config.toml");
        std::fs::write(&path, text).unwrap();
        let config = Config::load(&path);
        (config, std::fs::read_to_string(&path).unwrap())
    }

    #[test]
    fn a_missing_file_means_defaults_and_stays_missing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("config.toml");
        assert_eq!(Config::load(&path).unwrap(), Config::default());
        assert!(!path.exists());
    }

    #[test]
    fn every_key_is_read() {
        let text = "server = \"https://host/prod\"\npoll_seconds = 30\ninsecure_http = true\ncurrency = \"eur\"\n";
        let config = read(text).0.unwrap();
        assert_eq!(config.server.unwrap().key(), "https://host/prod");
        assert_eq!(
            (config.poll_seconds, config.insecure_http, config.currency.code()),
            (30, true, "EUR")
        );
    }

    #[rstest]
    #[case("pol_seconds = 5", "pol_seconds", "\"poll_seconds\"")]
    #[case("colour = 1", "colour", "The keys are")]
    #[case("poll_seconds = 1", "poll_seconds", "2 to 3600")]
    #[case("poll_seconds = \"15\"", "poll_seconds", "2 to 3600")]
    #[case("poll_seconds = -5", "poll_seconds", "2 to 3600")]
    #[case("insecure_http = 1", "insecure_http", "true or")]
    #[case("currency = \"XYZ\"", "currency", "ISO 4217")]
    #[case("server = \"host:80\"", "server", "https://")]
    #[case("server = 5", "server", "https://")]
    #[case("[server]\nx = 1", "server", "https://")]
    fn mistakes_are_named_and_the_file_is_kept(#[case] text: &str, #[case] key: &str, #[case] advice: &str) {
        let (config, kept) = read(text);
        let error = config.unwrap_err();
        assert!(
            error.to_string().contains("config.toml") && error.to_string().contains(key),
            "{error}"
        );
        assert!(error.advice().contains(advice), "{}", error.advice());
        assert_eq!(kept, text);
    }

    #[test]
    fn broken_toml_is_refused_and_kept() {
        let (config, kept) = read("poll_seconds = 20\nserver = \n= 5");
        let error = config.unwrap_err();
        assert!(matches!(error, ConfigError::Syntax { .. }));
        assert!(error.to_string().contains("line 2: "), "{error}");
        assert_eq!(kept, "poll_seconds = 20\nserver = \n= 5");
    }

    #[test]
    fn a_file_that_is_no_text_is_told_and_kept() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("config.toml");
        std::fs::write(&path, b"server = \"\xff\"").unwrap();
        let error = Config::load(&path).unwrap_err();
        assert!(
            error.to_string().contains("config.toml is not text in UTF-8"),
            "{error}"
        );
        assert!(error.advice().contains("Save "), "{}", error.advice());
        assert_eq!(std::fs::read(&path).unwrap(), b"server = \"\xff\"");
    }

    #[test]
    fn a_folder_in_its_place_has_nothing_to_do_with_room() {
        let folder = tempfile::tempdir().unwrap();
        let error = Config::load(folder.path()).unwrap_err();
        assert!(
            error.advice().contains("is a file that you may read"),
            "{}",
            error.advice()
        );
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]
        #[test]
        fn what_is_saved_is_read_back(
            server in prop::option::of("https?://[a-z]{1,10}(:[1-9][0-9]{0,3})?(/[a-z0-9]{1,8}){0,3}"),
            poll_seconds in POLL_SECONDS,
            insecure_http: bool,
            code in prop::sample::select(vec!["USD", "JPY", "KWD", "EUR"]),
        ) {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("a/b/config.toml");
            let server = server.map(|text| Target::parse(&text).unwrap());
            let config = Config { server, poll_seconds, insecure_http, currency: Currency::from_code(code).unwrap() };
            config.save(&path).unwrap();
            let back = Config::load(&path).unwrap();
            prop_assert_eq!(back.server.as_ref().map(Target::key), config.server.as_ref().map(Target::key));
            prop_assert_eq!(Config { server: None, ..back }, Config { server: None, ..config });
        }

        #[test]
        fn any_file_is_safe(text in "\\PC{0,80}") {
            let (_, kept) = read(&text);
            prop_assert_eq!(kept, text);
        }
    }
}
