//! `user`: the users of a database, for whoever runs the server.

use clap::{Args, Subcommand};
use secrecy::ExposeSecret;
use serde::Serialize;
use tokio::runtime;

use crate::config::Settings;
use crate::domain::text::printable;
use crate::server::admin::{Admin, AdminError, Reset, UserEntry};

use super::database::DatabaseArguments;
use super::error::CliError;
use super::logging;
use super::moment;
use super::output::{self, Field, Format};
use super::password;

/// List, disable and delete users, and give them new passwords: for whoever runs the server.
///
/// Works on the database itself, whether a server runs on it or not; what is changed holds at once.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  budget-tracker user list --data-dir /srv/budget
  budget-tracker user disable ada --database postgres://budget@db.example.org/budget
  budget-tracker user reset-password ada")]
pub(super) struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// List all users.
    List {
        #[command(flatten)]
        database: DatabaseArguments,
    },
    /// Keep a user from logging in, and end all its sessions. Its data stays.
    Disable {
        #[command(flatten)]
        who: Who,
    },
    /// Let a disabled user log in again.
    Enable {
        #[command(flatten)]
        who: Who,
    },
    /// Give a user a new password, and end all its sessions. Prints a random one unless you bring one.
    ///
    /// It lets in for seven days; by then the user has chosen another with `budget-tracker account password`.
    ResetPassword {
        #[command(flatten)]
        who: Who,
        /// Read the password from the first line of the standard input.
        #[arg(long, conflicts_with = "ask")]
        password_stdin: bool,
        /// Ask for the password.
        #[arg(long)]
        ask: bool,
        /// Turn the second factor off too, for a user who has lost the app and the recovery codes.
        #[arg(long)]
        without_second_factor: bool,
    },
    /// Take a user and all its data away, for good.
    Delete {
        #[command(flatten)]
        who: Who,
        /// Do it: there is no way back but a backup.
        #[arg(long)]
        yes: bool,
    },
}

#[derive(Debug, Args)]
struct Who {
    /// The user name, in any case.
    name: String,
    #[command(flatten)]
    database: DatabaseArguments,
}

#[derive(Serialize)]
struct Changed {
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    password: Option<String>,
    /// Until when the password lets in, UTC ms.
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<i64>,
}

impl Changed {
    fn user(name: String) -> Self {
        Self {
            name,
            password: None,
            until: None,
        }
    }
}

pub(super) fn run(arguments: Arguments, settings: &Settings, format: Format) -> Result<(), CliError> {
    let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(act(arguments.action, settings, format))
}

async fn act(action: Action, settings: &Settings, format: Format) -> Result<(), CliError> {
    match action {
        Action::List { database } => {
            let users = with(&database, settings, async |admin| admin.users().await).await?;
            print(&users, format)
        }
        Action::Disable { who } => {
            let name = who.change(settings, async |admin, name| admin.set_disabled(name, true).await);
            let name = name.await?;
            let done = format!("{name} cannot log in any more, and all sessions have ended.");
            tell(&done, Changed::user(name), format)
        }
        Action::Enable { who } => {
            let name = who.change(settings, async |admin, name| admin.set_disabled(name, false).await);
            let name = name.await?;
            tell(&format!("{name} can log in again."), Changed::user(name), format)
        }
        Action::ResetPassword {
            who,
            password_stdin,
            ask,
            without_second_factor,
        } => {
            let chosen = match (password_stdin, ask) {
                (true, _) => Some(password::from_stdin()?),
                (_, true) => Some(password::ask_new("New password")?),
                _ => None,
            };
            let chosen = chosen.map(Into::into);
            let reset = who.change(settings, async |admin, name| {
                admin.reset_password(name, chosen, without_second_factor).await
            });
            tell_password(reset.await?, format)
        }
        Action::Delete { who, yes: false } => Err(CliError::usage(
            format!(
                "This takes {} and all its expenses away for good.",
                printable(&who.name)
            ),
            "Add --yes to do it. A user who shall only stay out: budget-tracker user disable NAME",
        )),
        Action::Delete { who, yes: true } => {
            let name = who
                .change(settings, async |admin, name| admin.delete(name).await)
                .await?;
            let done = format!("{name} and all its data are gone.");
            tell(&done, Changed::user(name), format)
        }
    }
}

/// Tells the new password once, where it was made here.
fn tell_password(reset: Reset, format: Format) -> Result<(), CliError> {
    let Reset { name, made, until } = reset;
    let password = made.map(|password| password.expose_secret().to_owned());
    let shown = moment::shown(until);
    let done = match &password {
        Some(password) => format!(
            "The new password of {name} is {password}\nIt is shown this once, and lets in until {shown}. All sessions \
             have ended; {name} chooses another with: budget-tracker account password"
        ),
        None => format!(
            "{name} has the new password, which lets in until {shown}, and all sessions have ended.\n{name} chooses \
             another with: budget-tracker account password"
        ),
    };
    let until = Some(until);
    tell(&done, Changed { name, password, until }, format)
}

impl Who {
    async fn change<T>(
        &self,
        settings: &Settings,
        work: impl AsyncFnOnce(&Admin, &str) -> Result<T, AdminError>,
    ) -> Result<T, CliError> {
        with(&self.database, settings, async |admin| work(admin, &self.name).await).await
    }
}

/// Runs `work` on the database that the command line names.
pub(super) async fn with<T>(
    database: &DatabaseArguments,
    settings: &Settings,
    work: impl AsyncFnOnce(&Admin) -> Result<T, AdminError>,
) -> Result<T, CliError> {
    let failed = |error: AdminError| match error {
        AdminError::Password(error) => CliError::wrong("The password", error),
        AdminError::Label(error) => CliError::wrong("--label", error),
        other => CliError::failed(other, "See: budget-tracker user --help"),
    };
    logging::of_administrator(settings);
    let admin = Admin::open(&database.resolve(settings)?).map_err(failed)?;
    let result = work(&admin).await;
    admin.close().await;
    result.map_err(failed)
}

fn tell(done: &str, changed: Changed, format: Format) -> Result<(), CliError> {
    output::print(&match format {
        Format::Table => {
            let lines: Vec<_> = done.lines().map(printable).collect();
            lines.join("\n") + "\n"
        }
        Format::Json => output::json(&changed)?,
        Format::Csv => output::csv(
            &["name", "password", "until"],
            &[vec![
                Field::text(changed.name),
                Field::plain(changed.password.unwrap_or_default()),
                Field::plain(changed.until.map(moment::exact).unwrap_or_default()),
            ]],
        )?,
    })
}

fn print(users: &[UserEntry], format: Format) -> Result<(), CliError> {
    output::print(&match format {
        Format::Table if users.is_empty() => {
            "No users yet. They sign up themselves, or with a code of: budget-tracker invite\n".to_owned()
        }
        Format::Table => output::table(
            &["User", "Email", "Since", "Last seen", "Sessions", "2nd factor", "State"],
            &[4],
            &rows(users, moment::shown),
        ),
        Format::Json => output::json(&users)?,
        Format::Csv => output::csv(
            &[
                "name",
                "email",
                "created_at",
                "last_seen",
                "sessions",
                "second_factor",
                "state",
            ],
            &rows(users, moment::exact),
        )?,
    })
}

fn rows(users: &[UserEntry], time: fn(i64) -> String) -> Vec<Vec<Field>> {
    let row = |user: &UserEntry| {
        vec![
            Field::text(&user.name),
            Field::text(&user.email),
            Field::plain(time(user.created_at)),
            Field::plain(user.last_seen.map(time).unwrap_or_default()),
            Field::plain(user.sessions),
            Field::plain(if user.second_factor { "on" } else { "off" }),
            Field::plain(if user.disabled { "disabled" } else { "active" }),
        ]
    };
    users.iter().map(row).collect()
}
