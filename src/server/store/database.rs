//! Which database a server keeps its data in, as it is named on the command line.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use thiserror::Error;

use super::postgres::Address;

/// The name of the file in a data folder.
pub(in crate::server) const FILE: &str = "budget.db";

/// A SQLite file of this machine, or a PostgreSQL database that several servers may share.
#[derive(Clone)]
pub enum Database {
    /// The file.
    Sqlite(PathBuf),
    /// Where the database is and who asks for it.
    Postgres(Box<Address>),
}

/// A text that names no database.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{0}")]
pub struct UnknownDatabase(pub(super) String);

impl Database {
    /// The file in a data folder.
    #[must_use]
    pub fn in_folder(folder: &Path) -> Self {
        Self::Sqlite(folder.join(FILE))
    }

    /// Whether its own text told a password, which whoever lists the processes of this machine would read.
    #[must_use]
    pub fn tells_password(&self) -> bool {
        matches!(self, Self::Postgres(address) if address.tells_password())
    }

    /// What the administrator should know of how its password was looked for, in a sentence that says what to do.
    #[must_use]
    pub fn warning(&self) -> Option<&str> {
        match self {
            Self::Sqlite(_) => None,
            Self::Postgres(address) => address.warning(),
        }
    }

    /// The file, when it is one.
    #[must_use]
    pub fn file(&self) -> Option<&Path> {
        match self {
            Self::Sqlite(file) => Some(file),
            Self::Postgres(_) => None,
        }
    }
}

impl FromStr for Database {
    type Err = UnknownDatabase;

    /// Reads `sqlite:PATH` or `postgres://USER@HOST:PORT/DATABASE`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if let Some(path) = text.strip_prefix("sqlite:").filter(|path| !path.is_empty()) {
            return Ok(Self::Sqlite(path.into()));
        }
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return Address::parse(text, &|name| std::env::var(name).ok())
                .map(|address| Self::Postgres(address.into()));
        }
        Err(UnknownDatabase(
            "This names no database. Write sqlite:PATH or postgres://USER@HOST:5432/DATABASE.".to_owned(),
        ))
    }
}

/// Without any password.
impl fmt::Display for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(file) => file.display().fmt(f),
            Self::Postgres(address) => address.fmt(f),
        }
    }
}

impl fmt::Debug for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl From<&Path> for Database {
    fn from(file: &Path) -> Self {
        Self::Sqlite(file.to_owned())
    }
}

impl From<&PathBuf> for Database {
    fn from(file: &PathBuf) -> Self {
        Self::Sqlite(file.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_kinds_are_read_and_others_are_told_what_to_write() {
        let file: Database = "sqlite:/srv/budget.db".parse().unwrap();
        assert_eq!(file.file(), Some(Path::new("/srv/budget.db")));
        let shared: Database = "postgres://budget@db.example.org/budget".parse().unwrap();
        assert_eq!(shared.to_string(), "postgres://budget@db.example.org:5432/budget");
        for wrong in ["", "budget.db", "sqlite:", "mysql://x", "postgres//x"] {
            let error = wrong.parse::<Database>().unwrap_err();
            assert!(error.to_string().contains("Write sqlite:PATH"), "{wrong}: {error}");
        }
    }

    #[test]
    fn a_password_is_never_shown() {
        for text in [
            "postgres://budget:s3cr3t@db.example.org/budget",
            "postgresql://budget@db.example.org/budget?password=s3cr3t",
        ] {
            let database: Database = text.parse().unwrap();
            assert!(database.tells_password(), "{text}");
            assert!(!format!("{database} {database:?}").contains("s3cr3t"), "{text}");
        }
        for wrong in [
            "postgres://budget:s3cr3t@:::/x",
            "postgres://budget@h/x?s3cr3t=1",
            "postgres://a:s3cr3t?x",
        ] {
            let error = wrong.parse::<Database>().unwrap_err();
            assert!(!format!("{error} {error:?}").contains("s3cr3t"), "{error}");
        }
    }
}
