//! `account`: sessions, the password, the second factor.

use std::io::{self, IsTerminal};

use clap::{Args, Subcommand};
use qrcode::QrCode;
use qrcode::render::unicode::Dense1x2;
use serde::Serialize;
use uuid::Uuid;

use crate::api::{
    Account, ChangePassword, ConfirmSecondFactor, EndSecondFactor, ErrorCode, Failure, NewSecondFactor, RecoveryCodes,
    SecondFactor, SecondFactorSecret, SessionEntry,
};
use crate::domain::account::check_password;
use crate::domain::text::printable;

use super::connection::Connection;
use super::error::CliError;
use super::export;
use super::moment;
use super::output::{self, Field, Format, note};
use super::password::{self, PasswordSource};

/// Show your account; list and end its sessions, change the password, turn a second factor on or off.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  budget-tracker account
  budget-tracker account sessions
  budget-tracker account sessions end --others
  budget-tracker account password
  budget-tracker account second-factor on
  budget-tracker account export > ada.json")]
pub(super) struct Arguments {
    #[command(subcommand)]
    action: Option<Action>,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// List where you are logged in, or end sessions.
    Sessions {
        #[command(subcommand)]
        action: Option<Sessions>,
    },
    /// Change the password. All other sessions end.
    Password {
        /// Read the old and the new password from the first two lines of the standard input.
        #[arg(long)]
        password_stdin: bool,
    },
    /// Whether a log-in asks for a code of an authenticator app; turn that on or off.
    SecondFactor {
        #[command(subcommand)]
        action: Option<Factor>,
    },
    /// Write everything that the server keeps of you to the standard output, as JSON.
    Export,
}

#[derive(Debug, Subcommand)]
enum Sessions {
    /// End one session, or all but this one.
    End {
        /// The beginning of its id, as the list shows it.
        #[arg(required_unless_present = "others")]
        id: Option<String>,
        /// End all sessions but this one.
        #[arg(long, conflicts_with = "id")]
        others: bool,
    },
}

#[derive(Debug, Subcommand)]
enum Factor {
    /// Set an authenticator app up; from then on each log-in asks for one of its codes.
    On {
        #[command(flatten)]
        password: PasswordSource,
    },
    /// Ask for the password alone again.
    Off {
        /// Code of the app, or a recovery code.
        #[arg(long, value_name = "CODE")]
        code: Option<String>,
        #[command(flatten)]
        password: PasswordSource,
    },
}

#[derive(Serialize)]
struct Shown {
    #[serde(flatten)]
    account: Account,
    second_factor: SecondFactor,
}

pub(super) async fn run(arguments: Arguments, to: &Connection, format: Format) -> Result<(), CliError> {
    match arguments.action {
        None => show(to, format).await,
        Some(Action::Sessions { action: None }) => list(&to.client.sessions().await?, format),
        Some(Action::Sessions {
            action: Some(Sessions::End { id, .. }),
        }) => end(to, id.as_deref(), format).await,
        Some(Action::Export) => export::run(to, format).await,
        Some(Action::Password { password_stdin }) => change_password(to, password_stdin, format).await,
        Some(Action::SecondFactor { action: None }) => factor(to.client.second_factor().await?, format),
        Some(Action::SecondFactor {
            action: Some(Factor::On { password }),
        }) => turn_on(to, &password, format).await,
        Some(Action::SecondFactor {
            action: Some(Factor::Off { code, password }),
        }) => turn_off(to, code, &password, format).await,
    }
}

async fn show(to: &Connection, format: Format) -> Result<(), CliError> {
    let account = to.client.account().await?;
    let second_factor = to.client.second_factor().await?;
    let state = if second_factor.on { "on" } else { "off" };
    output::print(&match format {
        Format::Table => output::table(
            &["Account", &printable(&account.name)],
            &[],
            &[
                vec![Field::plain("Email"), Field::text(account.email)],
                vec![Field::plain("Currency"), Field::text(account.currency)],
                vec![Field::plain("Time zone"), Field::text(account.time_zone)],
                vec![Field::plain("Months"), Field::plain(account.calendar.words())],
                vec![Field::plain("Second factor"), Field::plain(state)],
            ],
        ),
        Format::Json => output::json(&Shown { account, second_factor })?,
        Format::Csv => output::csv(
            &["name", "email", "currency", "time_zone", "second_factor"],
            &[vec![
                Field::text(account.name),
                Field::text(account.email),
                Field::text(account.currency),
                Field::text(account.time_zone),
                Field::plain(state),
            ]],
        )?,
    })
}

fn list(sessions: &[SessionEntry], format: Format) -> Result<(), CliError> {
    let row = |session: &SessionEntry, id: String, time: fn(i64) -> String| {
        vec![
            Field::plain(id),
            Field::text(session.label.as_deref().unwrap_or("unknown")),
            Field::text(session.address.as_deref().unwrap_or_default()),
            Field::plain(time(session.created_at)),
            Field::plain(time(session.last_seen)),
            Field::plain(if session.current { "this one" } else { "" }),
        ]
    };
    output::print(&match format {
        Format::Table => {
            let rows: Vec<_> = sessions
                .iter()
                .map(|session| row(session, short(session.id), moment::shown))
                .collect();
            output::table(&["Id", "Device", "From", "Since", "Last used", ""], &[], &rows)
        }
        Format::Json => output::json(&sessions)?,
        Format::Csv => {
            let rows: Vec<_> = sessions
                .iter()
                .map(|session| row(session, session.id.to_string(), moment::exact))
                .collect();
            output::csv(&["id", "label", "address", "created_at", "last_seen", "current"], &rows)?
        }
    })
}

/// Enough of an id to tell the sessions of one user apart.
fn short(id: Uuid) -> String {
    id.simple().to_string().chars().take(8).collect()
}

async fn end(to: &Connection, id: Option<&str>, format: Format) -> Result<(), CliError> {
    let sessions = to.client.sessions().await?;
    let Some(id) = id else {
        to.client.end_other_sessions().await?;
        let count = sessions.iter().filter(|session| !session.current).count();
        return ended(count, format);
    };
    let wanted: String = id.to_lowercase().chars().filter(|c| *c != '-').collect();
    let mut found = sessions
        .iter()
        .filter(|session| !wanted.is_empty() && session.id.simple().to_string().starts_with(&wanted));
    match (found.next(), found.next()) {
        (Some(session), None) => to.client.end_session(session.id).await?,
        (None, _) => {
            return Err(CliError::local(
                format!("There is no session {}.", printable(id)),
                "See: budget-tracker account sessions",
            ));
        }
        (Some(_), Some(_)) => {
            return Err(CliError::local(
                format!("Several sessions begin with {}.", printable(id)),
                "Type more of the id: budget-tracker account sessions --format csv",
            ));
        }
    }
    ended(1, format)
}

fn ended(count: usize, format: Format) -> Result<(), CliError> {
    output::print(&match (format, count) {
        (Format::Table, 0) => "There is no other session.\n".to_owned(),
        (Format::Table, 1) => "One session has ended.\n".to_owned(),
        (Format::Table, _) => format!("{count} sessions have ended.\n"),
        (Format::Json, _) => output::json(&serde_json::json!({ "ended": count }))?,
        (Format::Csv, _) => output::csv(&["ended"], &[vec![Field::plain(count)]])?,
    })
}

async fn change_password(to: &Connection, stdin: bool, format: Format) -> Result<(), CliError> {
    let (old_password, new_password) = if stdin {
        (password::from_stdin()?, password::from_stdin()?)
    } else {
        (password::ask("Old password: ")?, password::ask_new("New password")?)
    };
    check_password(&new_password).map_err(|error| CliError::wrong("The new password", error))?;
    to.client
        .change_password(&ChangePassword {
            old_password,
            new_password,
        })
        .await?;
    done(
        "password",
        "changed",
        "The password is changed, and all other sessions have ended.",
        format,
    )
}

fn factor(found: SecondFactor, format: Format) -> Result<(), CliError> {
    let state = if found.on { "on" } else { "off" };
    output::print(&match format {
        Format::Table if found.on => format!(
            "The second factor is on; {} recovery codes are left.\n",
            found.recovery_codes_left
        ),
        Format::Table => {
            "The second factor is off. Turn it on with: budget-tracker account second-factor on\n".to_owned()
        }
        Format::Json => output::json(&found)?,
        Format::Csv => output::csv(
            &["second_factor", "recovery_codes_left"],
            &[vec![Field::plain(state), Field::plain(found.recovery_codes_left)]],
        )?,
    })
}

async fn turn_on(to: &Connection, source: &PasswordSource, format: Format) -> Result<(), CliError> {
    let password = source.read(false)?;
    let secret = to.client.prepare_second_factor(&NewSecondFactor { password }).await?;
    explain(&secret, format)?;
    let codes = loop {
        let code = password::ask_code("Code that the app shows: ")?;
        match to.client.confirm_second_factor(&ConfirmSecondFactor { code }).await {
            Err(Failure::Rejected(error)) if error.code == ErrorCode::Invalid && io::stdin().is_terminal() => {
                note(&error.message);
            }
            answer => break answer?,
        }
    };
    told(codes, format)
}

/// What the app has to know, for a person; the result of the command is the recovery codes.
fn explain(secret: &SecondFactorSecret, format: Format) -> Result<(), CliError> {
    let spaced: Vec<String> = secret
        .secret
        .as_bytes()
        .chunks(4)
        .map(|four| String::from_utf8_lossy(four).into_owned())
        .collect();
    let words = format!(
        "Scan this with an authenticator app, or type the secret into it.\nSecret: {}\nAddress: {}",
        printable(&spaced.join(" ")),
        printable(&secret.uri)
    );
    if format != Format::Table {
        words.lines().for_each(note);
        return Ok(());
    }
    if io::stdout().is_terminal()
        && let Some(picture) = picture(&secret.uri)
    {
        output::print(&picture)?;
    }
    output::print(&format!("{words}\n"))
}

/// The address as a QR code of half blocks, for a terminal with light letters on dark ground; none when it does not
/// fit into the window.
fn picture(uri: &str) -> Option<String> {
    let code = QrCode::new(uri).ok()?;
    let drawn = code
        .render::<Dense1x2>()
        .dark_color(Dense1x2::Light)
        .light_color(Dense1x2::Dark)
        .build();
    let width = drawn.lines().next().map_or(0, |line| line.chars().count());
    let (columns, rows) = crossterm::terminal::size().ok()?;
    let fits = width <= usize::from(columns) && drawn.lines().count() < usize::from(rows);
    fits.then(|| drawn + "\n")
}

fn told(codes: RecoveryCodes, format: Format) -> Result<(), CliError> {
    let codes = codes.recovery_codes;
    output::print(&match format {
        Format::Table => format!(
            "The second factor is on. Without the app, each of these codes lets you in once; they are shown this \
             once:\n{}\n",
            codes
                .iter()
                .map(|code| printable(code).into_owned())
                .collect::<Vec<_>>()
                .join("\n")
        ),
        Format::Json => output::json(&RecoveryCodes { recovery_codes: codes })?,
        Format::Csv => {
            let rows: Vec<_> = codes.into_iter().map(|code| vec![Field::plain(code)]).collect();
            output::csv(&["recovery_code"], &rows)?
        }
    })
}

async fn turn_off(
    to: &Connection,
    code: Option<String>,
    source: &PasswordSource,
    format: Format,
) -> Result<(), CliError> {
    let password = source.read(false)?;
    let code = match code {
        Some(code) => code,
        None => password::ask_code("Code of your authenticator app: ")?,
    };
    to.client.end_second_factor(&EndSecondFactor { password, code }).await?;
    done(
        "second_factor",
        "off",
        "The second factor is off: a log-in asks for the password alone.",
        format,
    )
}

fn done(what: &str, state: &str, words: &str, format: Format) -> Result<(), CliError> {
    output::print(&match format {
        Format::Table => format!("{words}\n"),
        Format::Json => output::json(&serde_json::Map::from_iter([(what.to_owned(), state.into())]))?,
        Format::Csv => output::csv(&[what], &[vec![Field::plain(state)]])?,
    })
}
