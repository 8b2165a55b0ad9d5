//! Which database a command of the administrator works on.

use std::path::PathBuf;

use clap::Args;
use secrecy::ExposeSecret;

use crate::config::Settings;
use crate::config::server::{ServerFile, check_private};
use crate::server::Database;

use super::error::CliError;
use super::output::note;

/// Names the database where the command line does not.
const DATABASE: &str = "BUDGET_TRACKER_DATABASE";
/// Names its folder where the command line does not.
const DATA_DIR: &str = "BUDGET_TRACKER_DATA_DIR";

/// Where the data of a server is.
#[derive(Debug, Args)]
pub(super) struct DatabaseArguments {
    /// The file of the server, for example /etc/budget-tracker/server.toml. Flags and the environment are stronger.
    #[arg(long, value_name = "FILE", env = "BUDGET_TRACKER_SERVER_CONFIG")]
    config: Option<PathBuf>,
    /// Folder of the database; without it, the one of the embedded server.
    #[arg(long, value_name = "DIR")]
    data_dir: Option<PathBuf>,
    /// Where the data is: `sqlite:PATH`, or `postgres://USER@HOST:5432/NAME`, which several servers may share.
    ///
    /// Its password comes from PGPASSWORD or ~/.pgpass, or the whole address from `BUDGET_TRACKER_DATABASE`. The way to
    /// another machine is encrypted and its certificate checked; ?sslrootcert=FILE names whom to trust.
    #[arg(long, value_name = "DATABASE", conflicts_with = "data_dir")]
    database: Option<String>,
}

impl DatabaseArguments {
    /// What the file of the server says; nothing without one.
    pub(super) fn file(&self) -> Result<ServerFile, CliError> {
        match self.config.as_deref().filter(|path| !path.as_os_str().is_empty()) {
            Some(path) => Ok(ServerFile::read(path)?),
            None => Ok(ServerFile::default()),
        }
    }

    /// The database that the command line names, or else the environment, or else the file of the server, or else the
    /// one of the embedded server.
    pub(super) fn resolve(&self, settings: &Settings) -> Result<Database, CliError> {
        let database = self.named(settings)?;
        database.warning().into_iter().for_each(note);
        Ok(database)
    }

    fn named(&self, settings: &Settings) -> Result<Database, CliError> {
        if let Some(text) = &self.database {
            let database = read("--database", text)?;
            if database.tells_password() {
                return Err(CliError::usage(
                    "Everybody on this computer can read a password on the command line.",
                    "Put the address into BUDGET_TRACKER_DATABASE, or the password into PGPASSWORD or ~/.pgpass.",
                ));
            }
            return Ok(database);
        }
        if let Some(folder) = &self.data_dir {
            return Ok(Database::in_folder(folder));
        }
        let set = |name| std::env::var(name).ok().filter(|text| !text.is_empty());
        if let Some(text) = set(DATABASE) {
            return read(DATABASE, &text);
        }
        if set(DATA_DIR).is_none()
            && let Some(named) = self.named_by(&self.file()?)?
        {
            return Ok(named);
        }
        Ok(Database::in_folder(&settings.folders.data))
    }

    /// The database that the file names.
    fn named_by(&self, file: &ServerFile) -> Result<Option<Database>, CliError> {
        let path = self.config.as_deref().unwrap_or_else(|| std::path::Path::new(""));
        match (&file.database, &file.data_dir) {
            (Some(_), Some(_)) => Err(CliError::local(
                format!("{} names both a database and a data_dir.", path.display()),
                "Leave one of them out.",
            )),
            (Some(text), None) => {
                let database: Database = text.expose_secret().parse().map_err(|error| {
                    CliError::local(
                        format!("{}: \"database\" cannot be used.", path.display()),
                        format!("{error}"),
                    )
                })?;
                if database.tells_password() {
                    check_private(path)?;
                }
                Ok(Some(database))
            }
            (None, folder) => Ok(folder.as_deref().map(Database::in_folder)),
        }
    }
}

/// Reads what `name` says.
fn read(name: &str, text: &str) -> Result<Database, CliError> {
    text.parse().map_err(|error| CliError::wrong(name, error))
}
