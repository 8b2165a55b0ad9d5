//! `login`: a session that the other commands and the dashboard use.

use std::path::PathBuf;

use clap::Args;

use crate::api::{Account, ErrorCode, Failure, LogIn, Session};
use crate::client::device_label;
use crate::config::{self, Imported, SavedSession, Settings, Target, import_ini};
use crate::domain::Currency;

use super::connection::{Connection, Needs, server_name};
use super::error::CliError;
use super::moment;
use super::output::{self, Field, Format, note};
use super::password::{self, PasswordSource};
use super::trust;

/// Log in; the session is kept for the next commands and the dashboard.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  budget-tracker login ada
  budget-tracker login ada --server https://budget.example.org
  budget-tracker login --import blueseave-ada-config.ini")]
pub(super) struct Arguments {
    /// User name.
    #[arg(required_unless_present = "import")]
    name: Option<String>,
    /// Take server and session from a `blueseave-NAME-config.ini` file instead.
    #[arg(long, value_name = "FILE", conflicts_with = "password_stdin")]
    import: Option<PathBuf>,
    /// Code of your authenticator app, or a recovery code, where the account asks for one.
    #[arg(long, value_name = "CODE")]
    code: Option<String>,
    #[command(flatten)]
    password: PasswordSource,
}

pub(super) async fn run(arguments: Arguments, settings: Settings, format: Format) -> Result<(), CliError> {
    if let Some(file) = &arguments.import {
        let imported = import_ini(file)?;
        return import(imported, arguments.name, settings, format).await;
    }
    let settings = trust::meet(settings).await?;
    let mut body = LogIn {
        name: arguments.name.unwrap_or_default().trim().to_owned(),
        password: arguments.password.read(false)?,
        code: arguments.code,
        label: device_label(),
    };
    super::with(settings, Needs::Nothing, async |to| {
        let client = to.client.with_token(None);
        let session = match client.log_in(&body).await {
            Err(Failure::Rejected(error)) if error.code == ErrorCode::SecondFactorNeeded && body.code.is_none() => {
                body.code = Some(password::ask_code("Code of your authenticator app: ")?);
                client.log_in(&body).await?
            }
            other => other?,
        };
        welcome(to, session, format, "Welcome back").await
    })
    .await
}

/// Keeps a session of the program that came before, once its server has accepted it.
async fn import(imported: Imported, name: Option<String>, settings: Settings, format: Format) -> Result<(), CliError> {
    let name = name.or(imported.name).ok_or_else(|| {
        CliError::usage(
            "The file's name does not tell whose it is.",
            "Give the user name: budget-tracker login NAME --import FILE",
        )
    })?;
    let settings = Settings {
        target: imported.target,
        ..settings
    };
    let settings = trust::meet(settings).await?;
    super::with(settings, Needs::Nothing, async |to| {
        let client = to.client.with_token(Some(imported.token.clone())).for_user(&name);
        let account = client.account().await?;
        remember_server(to)?;
        let token = secrecy::ExposeSecret::expose_secret(&imported.token).to_owned();
        let session = Session {
            token,
            account,
            password_until: None,
        };
        welcome(to, session, format, "Welcome back").await
    })
    .await
}

/// Makes an imported server the usual one, unless the user has chosen one already.
fn remember_server(to: &Connection) -> Result<(), CliError> {
    let path = to.settings.folders.config_file();
    if to.settings.target != Target::Embedded && config::remember_server(&path, &to.settings.target)? {
        note(&format!(
            "{} is now your server (in {}).",
            to.settings.target.key(),
            path.display()
        ));
    }
    Ok(())
}

/// Keeps a new session and says so; the one that it replaces ends.
pub(super) async fn welcome(to: &Connection, session: Session, format: Format, greeting: &str) -> Result<(), CliError> {
    let settings = &to.settings;
    let account = session.account;
    let saved = SavedSession {
        name: account.name.clone(),
        token: session.token.into(),
        currency: Currency::from_code(&account.currency).unwrap_or(settings.currency),
    };
    settings.sessions().put(&settings.target, &saved)?;
    trust::keep(settings);
    if let Some(until) = session.password_until {
        note(&format!(
            "Your password was made by whoever runs the server and holds until {}. Choose your own: budget-tracker \
             account password",
            moment::shown(until)
        ));
    }
    let greeted = greet(settings, account, format, greeting);
    if let Some(before) = to.session.as_ref().filter(|before| !before.is(&saved)) {
        // Nobody can use it any more; the server ends it in time if it cannot be told now.
        let _ = to.client.with_token(Some(before.token.clone())).log_out().await;
    }
    greeted
}

fn greet(settings: &Settings, account: Account, format: Format, greeting: &str) -> Result<(), CliError> {
    output::print(&match format {
        Format::Table => format!(
            "{greeting}, {}. You are logged in to {}.\n",
            crate::domain::text::printable(&account.name),
            server_name(settings)
        ),
        Format::Json => output::json(&account)?,
        Format::Csv => output::csv(
            &["name", "email", "currency", "time_zone"],
            &[vec![
                Field::text(account.name),
                Field::text(account.email),
                Field::text(account.currency),
                Field::text(account.time_zone),
            ]],
        )?,
    })
}
