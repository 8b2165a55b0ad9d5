//! `serve`: the server for others.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;
use tokio::runtime;
use tokio::signal::unix::{SignalKind, signal};

use crate::config::Settings;
use crate::server::{self, Database, ServeOptions};

use super::check_backend;
use super::error::CliError;
use super::logging::{self, LogFormat};
use super::output;

/// Names the database where the command line does not.
const DATABASE: &str = "BUDGET_TRACKER_DATABASE";

/// Run a server that dashboards and command lines on other computers use.
///
/// It prints its address when it is ready, and ends in order on ^C or SIGTERM. Put a proxy that speaks TLS in
/// front of it before it listens beyond this computer.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  budget-tracker serve
  budget-tracker serve --listen 127.0.0.1:9000 --data-dir /srv/budget
  budget-tracker serve --database postgres://budget@db.example.org/budget
  budget-tracker serve --demo --classic-api")]
pub(super) struct Arguments {
    /// Address and port to listen on; port 0 takes a free one.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// Folder of the database; without it, the one of the embedded server.
    #[arg(long, value_name = "DIR")]
    data_dir: Option<PathBuf>,
    /// Where the data is: `sqlite:PATH`, or `postgres://USER@HOST:5432/NAME`, which several servers may share.
    ///
    /// Its password comes from PGPASSWORD or ~/.pgpass, or the whole address from `BUDGET_TRACKER_DATABASE`. The way to
    /// another machine is encrypted and its certificate checked; ?sslrootcert=FILE names whom to trust.
    #[arg(long, value_name = "DATABASE", conflicts_with = "data_dir")]
    database: Option<String>,
    /// Add the sample user (newuser, password123) with eight months of expenses; on loopback only.
    #[arg(long)]
    demo: bool,
    /// Answer the five classic calls too, whose session travels in the address.
    #[arg(long)]
    classic_api: bool,
    /// Ask the service that [categorize] names two questions, print answers and times, and end.
    #[arg(long, conflicts_with_all = ["demo", "classic_api"])]
    check_backend: bool,
    /// How the log on the standard error is written.
    #[arg(long, value_enum, default_value_t)]
    log_format: LogFormat,
}

/// `insecure_http` is the flag alone: what the configuration allows a client says nothing about a server.
pub(super) fn run(arguments: Arguments, settings: &Settings, insecure_http: bool) -> Result<(), CliError> {
    if arguments.check_backend {
        let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
        return runtime.block_on(check_backend::run(settings.outside.clone()));
    }
    logging::to_stderr(arguments.log_format);
    let options = ServeOptions {
        listen: arguments.listen,
        database: database(arguments.database.as_deref(), arguments.data_dir.is_some())?,
        data_dir: arguments.data_dir.unwrap_or_else(|| settings.folders.data.clone()),
        demo: arguments.demo,
        classic_api: arguments.classic_api,
        insecure_http,
        outside: settings.outside.clone(),
    };
    let runtime = runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let stop = stop_signal()?;
        server::serve(options, stop, announce)
            .await
            .map_err(|error| CliError::failed(error, "See: budget-tracker serve --help"))
    })
}

/// The database that the command line or else the environment names.
fn database(argument: Option<&str>, has_folder: bool) -> Result<Option<Database>, CliError> {
    let read = |text: &str| {
        text.parse()
            .map_err(|error| CliError::failed(error, "See: budget-tracker serve --help"))
    };
    if let Some(text) = argument {
        let database: Database = read(text)?;
        if database.tells_password() {
            return Err(CliError::failed(
                "Everybody on this computer can read a password on the command line.",
                "Put the address into BUDGET_TRACKER_DATABASE, or the password into PGPASSWORD or ~/.pgpass.",
            ));
        }
        return Ok(Some(database));
    }
    let named = std::env::var(DATABASE)
        .ok()
        .filter(|text| !has_folder && !text.is_empty());
    named.as_deref().map(read).transpose()
}

fn announce(address: SocketAddr) {
    // Scripts read the port from this line; a closed output must not end a server.
    let _ = output::print(&format!("Listening on http://{address}\n"));
}

/// Ends on the first of SIGINT and SIGTERM. The handlers are set before the server starts.
fn stop_signal() -> Result<impl Future<Output = ()>, CliError> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}
