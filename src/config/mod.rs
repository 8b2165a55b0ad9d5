//! Configuration, sessions and folders.
//!
//! Flags are stronger than the environment, which is stronger than `config.toml`. A file with a mistake is
//! refused with its path, the line, the key and what to write instead; it is never overwritten.

mod categorize;
mod error;
mod file;
mod folders;
mod import;
mod private;
pub mod schema;
pub mod server;
mod session;
mod themes;

use std::time::Duration;

use strum::{Display, EnumString, VariantNames};
use url::Url;

use crate::app::keymap::Keymap;
use crate::categorize::service::Plan;
use crate::document::Mistake;
use crate::domain::{Calendar, Currency, Fingerprint, Level, Locale, QuietHours};
use crate::ui::{BarStyle, GlyphSet, Graph};

pub use categorize::{Categorize, KEY_VARIABLE};
pub use error::ConfigError;
pub use file::{Config, Origin, Origins, Setting, example, init, remember_server};
pub use folders::Folders;
pub use import::{Imported, import_ini};
pub use session::{SavedSession, Sessions};

/// The word that stands for the server inside this program.
const EMBEDDED: &str = "embedded";
/// The word that leaves a choice to the environment.
const AUTO: &str = "auto";

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

/// The look of the dashboard.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Appearance {
    /// `auto`, or the name or path of a theme.
    pub theme: String,
    /// The characters.
    pub glyphs: GlyphSet,
    /// How lines in charts are drawn.
    pub graph: Graph,
    /// How budgets are drawn.
    pub bars: BarStyle,
    /// Whether anything moves.
    pub motion: bool,
    /// Whether the mouse is taken.
    pub mouse: bool,
    /// Words instead of pictures, for screen readers.
    pub plain: bool,
}

impl Default for Appearance {
    fn default() -> Self {
        Self {
            theme: AUTO.to_owned(),
            glyphs: GlyphSet::default(),
            graph: Graph::default(),
            bars: BarStyle::default(),
            motion: true,
            mouse: false,
            plain: false,
        }
    }
}

/// What the desktop is told while the dashboard is not in front.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Notices {
    /// How.
    pub method: Notify,
    /// Whether the bell rings.
    pub bell: bool,
    /// When nothing is told.
    pub quiet: Option<QuietHours>,
    /// Which alerts are told.
    pub levels: Vec<Level>,
}

impl Default for Notices {
    fn default() -> Self {
        Self {
            method: Notify::default(),
            bell: true,
            quiet: None,
            levels: vec![Level::Near, Level::Forecast, Level::Over],
        }
    }
}

/// How a terminal is asked to show a notice.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Display, EnumString, VariantNames)]
#[strum(serialize_all = "lowercase", ascii_case_insensitive)]
pub enum Notify {
    /// As the terminal is known to understand it.
    #[default]
    Auto,
    /// `OSC 9` (iTerm2 and others).
    Osc9,
    /// `OSC 777` (rxvt-unicode, foot and others).
    Osc777,
    /// `OSC 99` (kitty).
    Osc99,
    /// Not at all.
    Off,
}

/// What the command line asks for: names of keys of the file and what they should be.
#[derive(Clone, Debug, Default)]
pub struct Overrides(pub Vec<(&'static str, String)>);

/// Where a server's certificate is remembered.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kept {
    /// In `config.toml`, which names the server.
    BesideItsServer,
    /// Nowhere: `config.toml` names another server.
    OtherServer(Fingerprint),
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
    /// The only certificate that the server may show; one that this machine believes when `None`.
    pub fingerprint: Option<Fingerprint>,
    /// Whether plain `http://` beyond this machine is allowed.
    pub insecure_http: bool,
    /// The currency of a new account, and of a server that names none.
    pub currency: Currency,
    /// The look of the dashboard.
    pub appearance: Appearance,
    /// What the desktop is told.
    pub notices: Notices,
    /// When budget months begin; as the account has it when `None`.
    pub calendar: Option<Calendar>,
    /// How amounts and days are written.
    pub locale: Locale,
    /// The keys of the dashboard, the user's own among them.
    pub keys: Keymap,
    /// What is wrong with the keys of the dashboard in the file: then the usual ones hold.
    pub wrong_keys: Vec<Mistake>,
    /// Who set which key of the file.
    pub origins: Origins,
    /// Who decides on a category: [`Self::outside`] says whom to ask.
    pub categorize: Categorize,
}

impl Settings {
    /// Puts flags and environment over the configuration file.
    ///
    /// # Errors
    /// [`ConfigError`] for a file that cannot be read or has a mistake, and without a home folder. What only some
    /// commands need is asked for by them: [`Self::check_keys`], [`Self::outside`].
    pub fn load(flags: &Overrides) -> Result<Self, ConfigError> {
        let folders = Folders::find()?;
        let file::Loaded {
            config,
            origins,
            wrong_keys,
        } = file::load(&folders.config_file(), variable, flags)?;
        Ok(Self {
            wrong_keys,
            origins,
            ..Self::new(folders, config)
        })
    }

    /// Whether the keys of the dashboard can be taken as the file has them.
    ///
    /// # Errors
    /// [`ConfigError::Mistakes`] with all that is wrong with them.
    pub fn check_keys(&self) -> Result<(), ConfigError> {
        if self.wrong_keys.is_empty() {
            return Ok(());
        }
        Err(ConfigError::Mistakes {
            path: self.folders.config_file(),
            mistakes: self.wrong_keys.clone(),
        })
    }

    /// Whom the server in this program, or the one that `serve` runs, asks for a category; nobody when `None`. Reads the
    /// file of the service's key.
    ///
    /// # Errors
    /// [`ConfigError`] when that cannot be read, or something is missing.
    pub fn outside(&self) -> Result<Option<Plan>, ConfigError> {
        self.categorize.plan(&self.folders.config, variable, &self.origins)
    }

    /// The settings for what puts nothing into a category: then no service has to be asked, and no key is read.
    #[must_use]
    pub fn asking_nobody(self) -> Self {
        Self {
            categorize: Categorize::default(),
            ..self
        }
    }

    /// Keeps the certificate that a flag named, beside its server in `config.toml`, where that is the usual one: for
    /// the moment when the server has shown it. Nothing when no flag named one, or the file has it already.
    ///
    /// # Errors
    /// [`ConfigError`] when the file cannot be read or written.
    pub fn keep_fingerprint(&self) -> Result<Option<Kept>, ConfigError> {
        let given = matches!(self.origins.get("server_fingerprint"), Some(Origin::Flag(_)));
        let shown = matches!(&self.target, Target::Remote(url) if url.scheme() == "https");
        let Some(fingerprint) = self.fingerprint.filter(|_| given && shown) else {
            return Ok(None);
        };
        let path = self.folders.config_file();
        let file::Loaded { config, .. } = file::load(&path, |_| None, &Overrides::default())?;
        if config.server == self.target && config.fingerprint == Some(fingerprint) {
            return Ok(None);
        }
        self.remember(fingerprint).map(Some)
    }

    /// Makes the server the usual one, unless `config.toml` names one, and keeps its certificate's fingerprint beside it.
    ///
    /// # Errors
    /// [`ConfigError`] when the file cannot be read or written.
    pub fn remember(&self, fingerprint: Fingerprint) -> Result<Kept, ConfigError> {
        let path = self.folders.config_file();
        file::remember_server(&path, &self.target)?;
        if file::remember_fingerprint(&path, &self.target, fingerprint)? {
            Ok(Kept::BesideItsServer)
        } else {
            Ok(Kept::OtherServer(fingerprint))
        }
    }

    pub(crate) fn new(folders: Folders, config: Config) -> Self {
        let environment = |name| variable(name).unwrap_or_default();
        let locale = Locale::from_tag(&config.locale).unwrap_or_else(|| {
            Locale::from_environment(&environment("LC_ALL"), &environment("LC_NUMERIC"), &environment("LANG"))
        });
        Self {
            folders,
            target: config.server,
            poll: Duration::from_secs(config.poll_seconds.into()),
            fingerprint: config.fingerprint,
            insecure_http: config.insecure_http,
            currency: config.currency.written(&locale),
            appearance: config.appearance,
            notices: config.notices,
            calendar: config.calendar,
            locale,
            // What cannot be taken was found when the file was read.
            keys: Keymap::with(&config.keys).unwrap_or_default(),
            wrong_keys: Vec::new(),
            origins: Origins::new(),
            categorize: config.categorize,
        }
    }

    /// The saved sessions.
    #[must_use]
    pub fn sessions(&self) -> Sessions {
        Sessions::new(self.folders.session_file())
    }
}

/// Every key with its value and who said it, in the order of the commented file.
///
/// # Errors
/// Those of [`Settings::load`].
pub fn explain(flags: &Overrides) -> Result<Vec<Setting>, ConfigError> {
    let loaded = file::load(&Folders::find()?.config_file(), variable, flags)?;
    Ok(file::explain(&loaded.config, &loaded.origins))
}

/// A variable of the environment; what is not UTF-8 is read as far as it is.
fn variable(name: &str) -> Option<String> {
    std::env::var_os(name).map(|value| value.to_string_lossy().into_owned())
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
