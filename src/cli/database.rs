//! Which database a command of the administrator works on.

use std::path::PathBuf;

use clap::Args;

use crate::config::Settings;
use crate::server::Database;

use super::error::CliError;

/// Names the database where the command line does not.
const DATABASE: &str = "BUDGET_TRACKER_DATABASE";

/// Where the data of a server is.
#[derive(Debug, Args)]
pub(super) struct DatabaseArguments {
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
    /// The database that the command line names, or else the environment, or else the one of the embedded server.
    pub(super) fn resolve(&self, settings: &Settings) -> Result<Database, CliError> {
        let read = |text: &str| {
            text.parse()
                .map_err(|error| CliError::failed(error, "Names of databases: budget-tracker serve --help"))
        };
        if let Some(text) = &self.database {
            let database: Database = read(text)?;
            if database.tells_password() {
                return Err(CliError::failed(
                    "Everybody on this computer can read a password on the command line.",
                    "Put the address into BUDGET_TRACKER_DATABASE, or the password into PGPASSWORD or ~/.pgpass.",
                ));
            }
            return Ok(database);
        }
        if let Some(folder) = &self.data_dir {
            return Ok(Database::in_folder(folder));
        }
        let named = std::env::var(DATABASE).ok().filter(|text| !text.is_empty());
        named.map_or_else(|| Ok(Database::in_folder(&settings.folders.data)), |text| read(&text))
    }
}
