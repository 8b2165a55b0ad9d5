//! What can be wrong with the user's files.

use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::document::Mistake;
use crate::domain::text::printable;

const READ: &str = "read";

/// A file of the user's that cannot be used. The message says what is wrong, [`ConfigError::advice`] what to do.
#[derive(Debug, Error)]
pub enum ConfigError {
    /// Neither `HOME` nor the folder's own variable is set.
    #[error("There is no home folder to keep files in.")]
    NoHome,
    /// The system refused.
    #[error("{} cannot be {action}: {source}.", path.display())]
    Io {
        /// Which file or folder.
        path: PathBuf,
        /// `read` or `written`.
        action: &'static str,
        /// What the system said.
        source: io::Error,
    },
    /// Bytes that are no text.
    #[error("{} is not text in UTF-8.", path.display())]
    NotText {
        /// Which file.
        path: PathBuf,
    },
    /// Not TOML.
    #[error("{} is not valid TOML: {message}.", path.display())]
    Syntax {
        /// Which file.
        path: PathBuf,
        /// In which line, and what the parser said, on one line; never what the file holds.
        message: String,
    },
    /// Keys that are not known, or values that cannot be: all that the file has, in the order of their lines.
    #[error("{}.", told(path, mistakes).join(". "))]
    Mistakes {
        /// Which file.
        path: PathBuf,
        /// At least one.
        mistakes: Vec<Mistake>,
    },
    /// A text of the environment or the command line that cannot be.
    #[error("{name} {problem}.")]
    Given {
        /// The variable, or the flag.
        name: String,
        /// What is wrong with it.
        problem: String,
        /// What to write instead.
        advice: String,
    },
    /// A file that is not overwritten.
    #[error("{} is there already.", path.display())]
    Exists {
        /// Which file.
        path: PathBuf,
    },
    /// A key that is missing, or a value that cannot be.
    #[error("{}: \"{key}\" {problem}.", path.display())]
    Key {
        /// Which file.
        path: PathBuf,
        /// Which key.
        key: String,
        /// What is wrong with it.
        problem: String,
        /// What to write instead.
        advice: String,
    },
    /// A file that should hold a key and holds none.
    #[error("{} holds no key.", path.display())]
    NoKey {
        /// Which file.
        path: PathBuf,
    },
    /// A file with a secret that others can read.
    #[error("{} can be read by other users of this computer (mode {mode:03o}).", path.display())]
    Exposed {
        /// Which file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
}

impl ConfigError {
    /// What to do next, as one sentence.
    #[must_use]
    pub fn advice(&self) -> String {
        match self {
            Self::NoHome => "Set HOME, or BUDGET_TRACKER_CONFIG_DIR and BUDGET_TRACKER_DATA_DIR.".to_owned(),
            Self::Io { path, action, .. } if *action == READ => {
                format!("Check that {} is a file that you may read.", path.display())
            }
            Self::Io { path, .. } => format!("Check that you may use {} and that the disk has room.", path.display()),
            Self::NotText { path } => format!("Save {} in UTF-8 or move it away.", path.display()),
            Self::Syntax { path, .. } => format!("Correct {} or move it away.", path.display()),
            Self::Key { advice, .. } | Self::Given { advice, .. } => advice.clone(),
            Self::Mistakes { mistakes, .. } => {
                let advice: Vec<&str> = mistakes.iter().map(|mistake| mistake.advice.as_str()).collect();
                advice.join(" ")
            }
            Self::Exists { path } => format!("Change it, or move {} away first.", path.display()),
            Self::NoKey { .. } => "Write the key into it, on one line and nothing else.".to_owned(),
            Self::Exposed { path, .. } => format!("Run: chmod 600 {}", path.display()),
        }
    }

    /// What is wrong and what to do, one pair for each mistake.
    #[must_use]
    pub fn pairs(&self) -> Vec<(String, String)> {
        match self {
            Self::Mistakes { path, mistakes } => told(path, mistakes)
                .into_iter()
                .map(|what| what + ".")
                .zip(mistakes.iter().map(|mistake| mistake.advice.clone()))
                .collect(),
            _ => vec![(self.to_string(), self.advice())],
        }
    }

    pub(super) fn read(path: &Path, source: io::Error) -> Self {
        // What the standard library says of a text that is not UTF-8.
        if source.kind() == io::ErrorKind::InvalidData {
            return Self::NotText { path: path.to_owned() };
        }
        Self::Io {
            path: path.to_owned(),
            action: READ,
            source,
        }
    }

    pub(super) fn write(path: &Path, source: io::Error) -> Self {
        Self::Io {
            path: path.to_owned(),
            action: "written",
            source,
        }
    }

    pub(super) fn key(path: &Path, key: &str, problem: impl Into<String>, advice: impl Into<String>) -> Self {
        Self::Key {
            path: path.to_owned(),
            key: printable(key).chars().take(64).collect(),
            problem: problem.into(),
            advice: advice.into(),
        }
    }

    /// From what confy says while it reads or writes `path`.
    pub(super) fn confy(path: &Path, error: confy::ConfyError) -> Self {
        use confy::ConfyError as E;
        match error {
            E::BadTomlData(error) => Self::Syntax {
                path: path.to_owned(),
                message: syntax(&error.to_string(), error.message()),
            },
            E::GeneralLoadError(source) | E::ReadConfigurationFileError(source) => Self::read(path, source),
            E::DirectoryCreationFailed(source)
            | E::WriteConfigurationFileError(source)
            | E::OpenConfigurationFileError(source)
            | E::SetPermissionsFileError(source) => Self::write(path, source),
            other => Self::write(path, io::Error::other(other)),
        }
    }
}

/// Each mistake behind the file's name.
fn told(path: &Path, mistakes: &[Mistake]) -> Vec<String> {
    let told = |mistake| format!("{}, {mistake}", path.display());
    mistakes.iter().map(told).collect()
}

/// `line 3: ` and the message. Only the line's number is taken from the full report: that quotes the file, which
/// may hold a secret.
fn syntax(report: &str, message: &str) -> String {
    let message = one_line(message);
    let place = report.lines().next().and_then(|first| first.split_once("at line "));
    let line = place.and_then(|(_, rest)| rest.split(|c: char| !c.is_ascii_digit()).next()?.parse::<u32>().ok());
    match line {
        Some(line) => format!("line {line}: {message}"),
        None => message,
    }
}

fn one_line(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    printable(line.trim_end_matches('.')).chars().take(200).collect()
}
