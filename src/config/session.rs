//! `session.toml`: one session for each server, readable by the owner alone.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

use crate::domain::Currency;

use super::{ConfigError, Target, private};

/// Who is logged in at a server.
#[derive(Clone, Debug)]
pub struct SavedSession {
    /// The user name.
    pub name: String,
    /// The bearer token.
    pub token: SecretString,
    /// The account's currency, which decides how amounts are read.
    pub currency: Currency,
}

impl SavedSession {
    /// Whether both are one session of the server.
    #[must_use]
    pub fn is(&self, other: &Self) -> bool {
        self.token.expose_secret() == other.token.expose_secret()
    }
}

/// The file that keeps them. A session belongs to one server's address and is given out for no other.
#[derive(Clone, Debug)]
pub struct Sessions {
    path: PathBuf,
}

#[derive(Default, Serialize, Deserialize)]
struct Stored {
    #[serde(default)]
    sessions: BTreeMap<String, Entry>,
}

#[derive(Serialize, Deserialize)]
struct Entry {
    name: String,
    token: String,
    #[serde(default = "dollars")]
    currency: Currency,
}

fn dollars() -> Currency {
    Currency::USD
}

impl Sessions {
    /// The sessions in the file at `path`, which need not exist yet.
    #[must_use]
    pub fn new(path: PathBuf) -> Self {
        Self { path }
    }

    /// The session at `target`, if there is one.
    ///
    /// # Errors
    /// [`ConfigError::Exposed`] when others may read the file, and whatever else keeps it from being read.
    pub fn get(&self, target: &Target) -> Result<Option<SavedSession>, ConfigError> {
        let session = self.load()?.sessions.remove(target.key());
        Ok(session.map(|entry| SavedSession {
            name: entry.name,
            token: entry.token.into(),
            currency: entry.currency,
        }))
    }

    /// Keeps the session at `target`, in place of an earlier one.
    ///
    /// # Errors
    /// [`ConfigError`] when the file cannot be read or written.
    pub fn put(&self, target: &Target, session: &SavedSession) -> Result<(), ConfigError> {
        let _lock = private::lock(&self.path)?;
        let mut stored = self.load()?;
        let entry = Entry {
            name: session.name.clone(),
            token: session.token.expose_secret().to_owned(),
            currency: session.currency,
        };
        stored.sessions.insert(target.key().to_owned(), entry);
        private::write(&self.path, &stored)
    }

    /// Forgets the session at `target`; the file goes with the last one.
    ///
    /// # Errors
    /// [`ConfigError`] when the file cannot be read or written.
    pub fn remove(&self, target: &Target) -> Result<(), ConfigError> {
        if !private::check(&self.path)? {
            return Ok(());
        }
        let _lock = private::lock(&self.path)?;
        let mut stored = self.load()?;
        if stored.sessions.remove(target.key()).is_none() {
            return Ok(());
        }
        if stored.sessions.is_empty() {
            return fs::remove_file(&self.path).map_err(|source| ConfigError::write(&self.path, source));
        }
        private::write(&self.path, &stored)
    }

    fn load(&self) -> Result<Stored, ConfigError> {
        if !private::check(&self.path)? {
            return Ok(Stored::default());
        }
        confy::load_path(&self.path).map_err(|error| match error {
            // The parser quotes what it finds, and that may be a token.
            confy::ConfyError::BadTomlData(_) => ConfigError::Syntax {
                path: self.path.clone(),
                message: "it does not hold sessions".to_owned(),
            },
            other => ConfigError::confy(&self.path, other),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    fn session(name: &str) -> SavedSession {
        SavedSession {
            name: name.to_owned(),
            token: format!("token-of-{name}").into(),
            currency: Currency::USD,
        }
    }

    fn remote(address: &str) -> Target {
        Target::parse(address).unwrap()
    }

    fn mode(path: &std::path::Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn each_server_has_its_own_session_in_a_private_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new/session.toml");
        let sessions = Sessions::new(path.clone());
        sessions.put(&Target::Embedded, &session("ada")).unwrap();
        sessions.put(&remote("https://host/prod/"), &session("bob")).unwrap();
        assert_eq!((mode(&path), mode(path.parent().unwrap())), (0o600, 0o700));

        let found = sessions.get(&remote("https://host/prod")).unwrap().unwrap();
        assert_eq!(
            (found.name.as_str(), found.token.expose_secret()),
            ("bob", "token-of-bob")
        );
        assert!(sessions.get(&remote("https://host")).unwrap().is_none());
        assert!(!format!("{found:?}").contains("token-of"));

        sessions.remove(&Target::Embedded).unwrap();
        assert!(path.exists());
        sessions.remove(&remote("https://host/prod")).unwrap();
        assert!(!path.exists());
        sessions.remove(&Target::Embedded).unwrap();
    }

    #[test]
    fn a_file_that_others_can_read_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("session.toml");
        let sessions = Sessions::new(path.clone());
        sessions.put(&Target::Embedded, &session("ada")).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        let error = sessions.get(&Target::Embedded).unwrap_err();
        assert!(error.to_string().contains("640"), "{error}");
        assert_eq!(error.advice(), format!("Run: chmod 600 {}", path.display()));
        assert!(sessions.put(&Target::Embedded, &session("bob")).is_err());
    }

    #[test]
    fn a_damaged_file_is_refused_and_kept() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("session.toml");
        let sessions = Sessions::new(path.clone());
        sessions.put(&Target::Embedded, &session("ada")).unwrap();
        fs::write(&path, "sessions = \"token-of-ada\"").unwrap();
        let error = sessions.get(&Target::Embedded).unwrap_err();
        assert!(!format!("{error} {error:?}").contains("token-of"), "{error:?}");
        assert!(sessions.put(&Target::Embedded, &session("bob")).is_err());
        assert_eq!(fs::read_to_string(&path).unwrap(), "sessions = \"token-of-ada\"");
    }

    #[test]
    fn many_writers_lose_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let sessions = Sessions::new(folder.path().join("session.toml"));
        std::thread::scope(|scope| {
            for n in 0..8 {
                let sessions = &sessions;
                scope.spawn(move || {
                    let target = remote(&format!("https://host{n}"));
                    sessions.put(&target, &session(&format!("user{n}"))).unwrap();
                });
            }
        });
        for n in 0..8 {
            let found = sessions.get(&remote(&format!("https://host{n}"))).unwrap();
            assert_eq!(found.unwrap().name, format!("user{n}"));
        }
        let left = fs::read_dir(folder.path()).unwrap().count();
        assert_eq!(left, 2, "only the sessions and their lock");
    }
}
