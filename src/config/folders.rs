//! The three folders: configuration, data, state (logs).

use std::path::PathBuf;

use etcetera::BaseStrategy;

use super::ConfigError;

const NAME: &str = "budget-tracker";

/// Where this user's files are, by the XDG base directory rules.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Folders {
    /// `config.toml` and `session.toml`: `BUDGET_TRACKER_CONFIG_DIR`, or `~/.config/budget-tracker`.
    pub config: PathBuf,
    /// The embedded server's database: `BUDGET_TRACKER_DATA_DIR`, or `~/.local/share/budget-tracker`.
    pub data: PathBuf,
    /// The dashboard's log: `~/.local/state/budget-tracker`.
    pub state: PathBuf,
}

impl Folders {
    /// Finds them; none is made.
    ///
    /// # Errors
    /// [`ConfigError::NoHome`] when neither a home folder nor the variables say where.
    pub fn find() -> Result<Self, ConfigError> {
        Self::from_variables(|name| std::env::var_os(name).map(PathBuf::from))
    }

    fn from_variables(variable: impl Fn(&str) -> Option<PathBuf>) -> Result<Self, ConfigError> {
        let chosen = |name: &str| variable(name).filter(|path| !path.as_os_str().is_empty());
        let (config, data) = (chosen("BUDGET_TRACKER_CONFIG_DIR"), chosen("BUDGET_TRACKER_DATA_DIR"));
        let Ok(base) = etcetera::choose_base_strategy() else {
            let (config, data) = config.zip(data).ok_or(ConfigError::NoHome)?;
            let state = data.clone();
            return Ok(Self { config, data, state });
        };
        let data = data.unwrap_or_else(|| base.data_dir().join(NAME));
        Ok(Self {
            config: config.unwrap_or_else(|| base.config_dir().join(NAME)),
            state: base.state_dir().map_or_else(|| data.clone(), |dir| dir.join(NAME)),
            data,
        })
    }

    /// The folder of the user's own themes, which need not be there.
    #[must_use]
    pub fn themes(&self) -> PathBuf {
        self.config.join("themes")
    }

    /// The saved sessions.
    #[must_use]
    pub fn session_file(&self) -> PathBuf {
        self.config.join("session.toml")
    }

    /// The dashboard's log.
    #[must_use]
    pub fn log_file(&self) -> PathBuf {
        self.state.join("budget-tracker.log")
    }

    /// The configuration file.
    #[must_use]
    pub fn config_file(&self) -> PathBuf {
        self.config.join("config.toml")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_move_the_folders() {
        let folders = Folders::from_variables(|name| Some(PathBuf::from("/x").join(name))).unwrap();
        assert_eq!(
            folders.config_file(),
            PathBuf::from("/x/BUDGET_TRACKER_CONFIG_DIR/config.toml")
        );
        assert_eq!(folders.data, PathBuf::from("/x/BUDGET_TRACKER_DATA_DIR"));
    }
}
