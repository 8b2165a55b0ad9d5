//! Configuration, sessions and folders.
//!
//! Flags are stronger than the environment, which is stronger than `config.toml`. A file with a mistake is
//! refused with its path, the key and what to write instead; it is never overwritten.

mod error;
mod file;
mod folders;
mod import;
mod private;
mod session;

use std::time::Duration;

use url::Url;

use crate::domain::Currency;

pub use error::ConfigError;
pub use file::{Config, POLL_SECONDS};
pub use folders::Folders;
pub use import::{Imported, import_ini};
pub use session::{SavedSession, Sessions};

/// The word that stands for the server inside this program.
const EMBEDDED: &str = "embedded";

/// Which server is meant.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Target {
    /// The one inside this program, over a file in the user's data folder.
    Embedded,
    /// One at an address, which may carry a path prefix.
    Remote(Url),
}

impl Target {
    /// Reads an address, or the word `embedded`.
    ///
    /// # Errors
    /// A sentence that says what to write instead.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        if text.eq_ignore_ascii_case(EMBEDDED) {
            return Ok(Self::Embedded);
        }
        Url::parse(text)
            .ok()
            .filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
            .map(Self::Remote)
            .ok_or_else(|| {
                "Write an address with http:// or https://, for example https://budget.example.org, or \"embedded\"."
                    .to_owned()
            })
    }

    /// Under which name its session is kept: the address without a slash at its end.
    #[must_use]
    pub fn key(&self) -> &str {
        match self {
            Self::Embedded => EMBEDDED,
            Self::Remote(url) => url.as_str().trim_end_matches('/'),
        }
    }
}

/// What the command line asks for, if it does.
#[derive(Clone, Debug, Default)]
pub struct Overrides {
    /// `--server` or its environment variable.
    pub server: Option<Target>,
    /// `--insecure-http`.
    pub insecure_http: bool,
}

/// What holds for this run.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where files are.
    pub folders: Folders,
    /// Which server.
    pub target: Target,
    /// How often to ask for news where no event stream brings them.
    pub poll: Duration,
    /// Whether plain `http://` beyond this machine is allowed.
    pub insecure_http: bool,
    /// The currency of a server that names none.
    pub currency: Currency,
}

impl Settings {
    /// Puts flags and environment over the configuration file.
    ///
    /// # Errors
    /// [`ConfigError`] for a file that cannot be read or has a mistake, and without a home folder.
    pub fn load(overrides: &Overrides) -> Result<Self, ConfigError> {
        let folders = Folders::find()?;
        let config = Config::load(&folders.config_file())?;
        Ok(Self {
            target: overrides.server.clone().or(config.server).unwrap_or(Target::Embedded),
            poll: Duration::from_secs(config.poll_seconds.into()),
            insecure_http: overrides.insecure_http || config.insecure_http,
            currency: config.currency,
            folders,
        })
    }

    /// The saved sessions.
    #[must_use]
    pub fn sessions(&self) -> Sessions {
        Sessions::new(self.folders.config.join("session.toml"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("https://host/prod/", "https://host/prod")]
    #[case("https://HOST", "https://host")]
    #[case("http://127.0.0.1:80", "http://127.0.0.1")]
    #[case("Embedded", "embedded")]
    fn a_server_has_one_name(#[case] text: &str, #[case] key: &str) {
        assert_eq!(Target::parse(text).unwrap().key(), key);
    }

    #[rstest]
    #[case("localhost:8080")]
    #[case("budget.example.org")]
    #[case("ftp://host")]
    #[case("")]
    fn half_an_address_is_refused(#[case] text: &str) {
        assert!(Target::parse(text).unwrap_err().contains("https://"));
    }
}
