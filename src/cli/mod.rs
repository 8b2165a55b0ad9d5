//! The command line: one file a command, each thin — read the arguments, call the client, print.
//!
//! How they end is said in `exit`. Results go to the standard output, everything else to the standard error: one line
//! says what happened, a second what to do.

mod account;
mod add;
mod alerts;
mod backup;
mod categories;
mod categorize;
mod certificate;
mod chart;
mod check_backend;
mod completions;
mod config;
mod connection;
mod dashboard;
mod database;
mod doctor;
mod error;
mod exit;
mod export;
mod findings;
mod flags;
mod input;
mod invite;
mod list;
mod logging;
mod login;
mod logout;
mod man;
mod moment;
mod openapi;
mod output;
mod password;
mod recategorize;
mod restore;
mod rules;
mod serve;
mod signup;
mod summary;
mod trust;
mod user;
mod verify;

use std::process::ExitCode;

use clap::{Args, FromArgMatches, Parser, Subcommand};
use tokio::runtime;

use crate::config::{ConfigError, Overrides, Settings, Target};

use connection::{Connection, Needs};
use error::CliError;
use exit::Exit;
use flags::refuse_unused;
use output::{Format, note};

const EXAMPLES: &str = "\
Examples:
  budget-tracker                                   open the dashboard
  budget-tracker --plain                           the dashboard in words, a line at a time
  budget-tracker signup ada --email ada@example.org
  budget-tracker add \"coffee 4.20 yesterday\"
  budget-tracker summary --format json
  budget-tracker serve --listen 127.0.0.1:8080
  budget-tracker backup budget-backup.db

Without a server, everything stays in a file on this computer.

Environment:
  BUDGET_TRACKER_SERVER      the server to use, as --server; any other key of config.toml likewise
  BUDGET_TRACKER_PASSWORD    the password for signup and login
  BUDGET_TRACKER_CONFIG_DIR  folder of config.toml and session.toml
  BUDGET_TRACKER_DATA_DIR    folder of the embedded server's database
  BUDGET_TRACKER_DATABASE    the database of serve, backup and so on, as --database; it may hold a password
  BUDGET_TRACKER_SERVER_CONFIG  the file of serve, as --config
  BUDGET_TRACKER_LOG         what to log, for example debug
  BUDGET_TRACKER_OPENAI_KEY  the key of the service that [categorize] in config.toml names

Exit codes:
  0  done
  1  failed: the server, a file or the data is in the way, or what is named is not there
  2  the command line, or a password or code given with it, is wrong: nothing was done";

/// A budget dashboard for the terminal: what you spend, against what you planned.
///
/// Without a command it opens the dashboard. The commands do single things from scripts and shells.
#[derive(Debug, Parser)]
#[command(name = "budget-tracker", version, after_help = EXAMPLES, max_term_width = 100)]
struct Cli {
    #[command(flatten)]
    global: Global,
    /// Colours of the dashboard: auto, dark, light, high-contrast, mono, terminal, or a theme of your own.
    #[arg(long, value_name = "NAME")]
    theme: Option<String>,
    /// The dashboard in words, for screen readers, simple terminals and scripts: reads commands, a line each.
    #[arg(long)]
    plain: bool,
    #[command(subcommand)]
    command: Option<Command>,
}

/// What every command takes.
#[derive(Debug, Args)]
struct Global {
    /// Server to use, for example `https://budget.example.org/prod`; `embedded` for the one in this program.
    #[arg(long, global = true, value_name = "URL")]
    server: Option<String>,
    /// The only certificate that the server may show, by its fingerprint.
    #[arg(long, global = true, value_name = "SHA256")]
    server_fingerprint: Option<String>,
    /// How results are printed.
    #[arg(long, global = true, value_enum, default_value_t)]
    format: Format,
    /// Allow connections without encryption beyond this computer.
    #[arg(long, global = true)]
    insecure_http: bool,
}

#[derive(Debug, Subcommand)]
enum Command {
    #[command(flatten)]
    Client(ClientCommand),
    Serve(serve::Arguments),
    User(user::Arguments),
    Invite(invite::Arguments),
    ServerCertificate(certificate::Arguments),
    Backup(backup::Arguments),
    Restore(restore::Arguments),
    Verify(verify::Arguments),
    Doctor(doctor::Arguments),
    Config(config::Arguments),
    Categorize(categorize::Arguments),
    Openapi(openapi::Arguments),
    Man(man::Arguments),
    Completions(completions::Arguments),
}

/// What is done by talking to a server.
#[derive(Debug, Subcommand)]
enum ClientCommand {
    Signup(signup::Arguments),
    Login(login::Arguments),
    Logout(logout::Arguments),
    Account(account::Arguments),
    Add(add::Arguments),
    Summary(summary::Arguments),
    Alerts(alerts::Arguments),
    Categories(categories::Arguments),
    Rules(rules::Arguments),
    Recategorize(recategorize::Arguments),
    List(list::Arguments),
    Chart(chart::Arguments),
}

/// Reads the command line, does what it says, and reports how it went.
#[must_use]
pub fn run() -> ExitCode {
    let matches = flags::command().get_matches();
    let cli = Cli::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
    match refuse_unused(&matches).and_then(|()| dispatch(cli)) {
        Ok(()) => Exit::Done.into(),
        Err(error) => {
            error.report();
            error.exit().into()
        }
    }
}

fn dispatch(cli: Cli) -> Result<(), CliError> {
    let format = cli.global.format;
    let flags = cli.flags();
    let load = || Settings::load(&flags);
    let settings = || load().inspect(warn_of_keys);
    match cli.command {
        // It helps where the file has mistakes, too.
        Some(Command::Config(arguments)) => config::run(&arguments, &flags, format),
        Some(_) if cli.plain => Err(CliError::usage(
            "--plain says nothing to a command: they all speak in words.",
            "Leave it out, or leave the command out to talk to the dashboard.",
        )),
        Some(_) if cli.theme.is_some() => Err(CliError::usage(
            "--theme says nothing to a command: only the dashboard has colours.",
            "Leave it out, or leave the command out to open the dashboard.",
        )),
        None => {
            let settings = with_service(load()?)?;
            if settings.appearance.plain {
                warn_of_keys(&settings);
                dashboard::run_plain(&settings)
            } else {
                settings.check_keys()?;
                dashboard::run(&settings)
            }
        }
        Some(Command::Serve(arguments)) => serve::run(arguments, &settings()?, cli.global.insecure_http),
        Some(Command::User(arguments)) => user::run(arguments, &settings()?, format),
        Some(Command::Invite(arguments)) => invite::run(arguments, &settings()?, format),
        Some(Command::ServerCertificate(arguments)) => certificate::run(&arguments, format),
        Some(Command::Backup(arguments)) => backup::run(&arguments, &settings()?, format),
        Some(Command::Restore(arguments)) => restore::run(&arguments, &settings()?, format),
        Some(Command::Verify(arguments)) => verify::run(&arguments, &settings()?, format),
        Some(Command::Doctor(arguments)) => doctor::run(&arguments, &settings()?, format),
        Some(Command::Categorize(arguments)) => categorize::run(arguments, format),
        Some(Command::Openapi(arguments)) => openapi::run(&arguments),
        Some(Command::Man(_)) => man::run(&load()?),
        Some(Command::Completions(arguments)) => completions::run(&arguments),
        Some(Command::Client(command)) => {
            // One thread starts faster, and one request at a time needs no more.
            let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
            runtime.block_on(command.run(settings()?, format))
        }
    }
}

/// Says what only the dashboard minds.
fn warn_of_keys(settings: &Settings) {
    if let Err(error) = settings.check_keys() {
        for (what, _) in error.pairs() {
            note(&format!("{what} The dashboard will not open with it."));
        }
    }
}

/// Refuses a service of `[categorize]` that the server in this program cannot ask, where that is the one.
fn with_service(settings: Settings) -> Result<Settings, ConfigError> {
    if settings.target == Target::Embedded {
        settings.outside()?;
    }
    Ok(settings)
}

impl ClientCommand {
    async fn run(self, settings: Settings, format: Format) -> Result<(), CliError> {
        let settings = match &self {
            Self::Add(arguments) if arguments.needs_category() => with_service(settings)?,
            _ => settings.asking_nobody(),
        };
        match self {
            Self::Signup(arguments) => signup::run(arguments, settings, format).await,
            Self::Login(arguments) => login::run(arguments, settings, format).await,
            Self::Logout(arguments) => {
                with(settings, Needs::Nothing, async |to| {
                    logout::run(&arguments, to, format).await
                })
                .await
            }
            Self::Account(arguments) => {
                with_session(settings, async |to| account::run(arguments, to, format).await).await
            }
            Self::Add(arguments) => add::run(arguments, settings, format).await,
            Self::Summary(arguments) => {
                with_session(settings, async |to| summary::run(&arguments, to, format).await).await
            }
            Self::Alerts(arguments) => {
                with_session(settings, async |to| alerts::run(&arguments, to, format).await).await
            }
            Self::Categories(arguments) => {
                with_session(settings, async |to| categories::run(&arguments, to, format).await).await
            }
            Self::Rules(arguments) => with_session(settings, async |to| rules::run(&arguments, to, format).await).await,
            Self::Recategorize(arguments) => {
                with_session(settings, async |to| recategorize::run(&arguments, to, format).await).await
            }
            Self::List(arguments) => with_session(settings, async |to| list::run(&arguments, to, format).await).await,
            Self::Chart(arguments) => with_session(settings, async |to| chart::run(&arguments, to, format).await).await,
        }
    }
}

/// [`with`] somebody who is logged in.
async fn with_session<T>(
    settings: Settings,
    work: impl AsyncFnOnce(&Connection) -> Result<T, CliError>,
) -> Result<T, CliError> {
    with(settings, Needs::Session, work).await
}

/// Runs `work` with a connection, and ends the embedded server in order, however the work went.
async fn with<T>(
    settings: Settings,
    needs: Needs,
    work: impl AsyncFnOnce(&Connection) -> Result<T, CliError>,
) -> Result<T, CliError> {
    let connection = Connection::open(settings, needs).await?;
    let result = work(&connection).await;
    connection.close().await;
    result
}

impl Cli {
    /// The keys of the configuration that the command line sets.
    fn flags(&self) -> Overrides {
        let given = [
            ("server", self.global.server.clone()),
            ("server_fingerprint", self.global.server_fingerprint.clone()),
            ("insecure_http", self.global.insecure_http.then(|| "true".to_owned())),
            ("theme", self.theme.clone()),
            ("plain", self.plain.then(|| "true".to_owned())),
        ];
        Overrides(
            given
                .into_iter()
                .filter_map(|(key, value)| Some((key, value?)))
                .collect(),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_well_formed() {
        flags::command().debug_assert();
    }

    #[test]
    fn negative_amounts_and_options_in_any_order_are_read() {
        for line in [
            ["budget-tracker", "add", "lunch", "-5", "--date", "today"],
            ["budget-tracker", "add", "lunch", "--date", "today", "-5"],
            ["budget-tracker", "add", "--date", "today", "lunch", "-5"],
        ] {
            let cli = Cli::try_parse_from(line).unwrap();
            let Some(Command::Client(ClientCommand::Add(arguments))) = cli.command else {
                panic!()
            };
            assert_eq!(arguments.amount.as_deref(), Some("-5"), "{line:?}");
        }
    }
}
