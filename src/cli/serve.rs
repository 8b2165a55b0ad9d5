//! `serve`: the server for others.

use std::net::SocketAddr;

use clap::Args;
use rustix::process::Signal;
use tokio::runtime;
use tokio::signal::unix::{SignalKind, signal};

use crate::config::Settings;
use crate::server::{self, ServeOptions};

use super::check_backend;
use super::database::DatabaseArguments;
use super::error::CliError;
use super::logging::{self, LogFormat};
use super::output;

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
    #[command(flatten)]
    database: DatabaseArguments,
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
pub(super) fn run(arguments: &Arguments, settings: &Settings, insecure_http: bool) -> Result<(), CliError> {
    if arguments.check_backend {
        let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
        return runtime.block_on(check_backend::run(settings.outside.clone()));
    }
    logging::to_stderr(arguments.log_format);
    let options = ServeOptions {
        listen: arguments.listen,
        database: arguments.database.resolve(settings)?,
        demo: arguments.demo,
        classic_api: arguments.classic_api,
        insecure_http,
        outside: settings.outside.clone(),
    };
    let runtime = runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let stop = stop_signal()?;
        survive_file_limit()?;
        server::serve(options, stop, announce)
            .await
            .map_err(|error| CliError::failed(error, "See: budget-tracker serve --help"))
    })
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

/// A file that may not grow any more is an error of the write, not the end of the process.
fn survive_file_limit() -> Result<(), CliError> {
    // Once somebody listened, the signal does nothing by itself.
    let _listener = signal(SignalKind::from_raw(Signal::XFSZ.as_raw()))?;
    Ok(())
}
