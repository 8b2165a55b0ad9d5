//! `invite`: codes that let somebody sign up, for whoever runs the server.

use clap::{Args, Subcommand};
use secrecy::ExposeSecret;
use serde::Serialize;
use tokio::runtime;

use crate::config::Settings;
use crate::domain::text::printable;
use crate::server::admin::InviteEntry;
use crate::zone;

use super::database::DatabaseArguments;
use super::error::CliError;
use super::moment;
use super::output::{self, Field, Format};
use super::user::with;

/// Make a code with which one person can sign up on a server that runs with --signup invite.
///
/// Works on the database itself, whether a server runs on it or not.
#[derive(Debug, Args)]
#[command(
    args_conflicts_with_subcommands = true,
    after_help = "\
Examples:
  budget-tracker invite --label \"Ada\" --data-dir /srv/budget
  budget-tracker invite list --data-dir /srv/budget
  budget-tracker invite revoke 1f0a93c2 --data-dir /srv/budget"
)]
pub(super) struct Arguments {
    #[command(subcommand)]
    action: Option<Action>,
    /// Whom it is for, for your list.
    #[arg(long, value_name = "TEXT", default_value = "")]
    label: String,
    /// How many days it holds, 1 to 365.
    #[arg(long, value_name = "DAYS", default_value_t = 7, value_parser = clap::value_parser!(u16).range(1..=365))]
    days: u16,
    #[command(flatten)]
    database: DatabaseArguments,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// List all invitations.
    List {
        #[command(flatten)]
        database: DatabaseArguments,
    },
    /// Take an invitation back. Whoever signed up with it stays.
    Revoke {
        /// Its id in the list.
        id: String,
        #[command(flatten)]
        database: DatabaseArguments,
    },
}

#[derive(Serialize)]
struct Made {
    code: String,
    #[serde(flatten)]
    invite: InviteEntry,
}

pub(super) fn run(arguments: Arguments, settings: &Settings, format: Format) -> Result<(), CliError> {
    let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(act(arguments, settings, format))
}

async fn act(arguments: Arguments, settings: &Settings, format: Format) -> Result<(), CliError> {
    match arguments.action {
        None => {
            let Arguments {
                label, days, database, ..
            } = arguments;
            let (code, invite) = with(&database, settings, async |admin| admin.invite(&label, days).await).await?;
            let code = code.expose_secret().to_owned();
            made(Made { code, invite }, format)
        }
        Some(Action::List { database }) => {
            let invites = with(&database, settings, async |admin| admin.invites().await).await?;
            list(&invites, format)
        }
        Some(Action::Revoke { id, database }) => {
            with(&database, settings, async |admin| admin.revoke(&id).await).await?;
            output::print(&match format {
                Format::Table => format!("The invitation {} is taken back.\n", printable(&id)),
                Format::Json => output::json(&serde_json::json!({ "id": id }))?,
                Format::Csv => output::csv(&["id"], &[vec![Field::text(id)]])?,
            })
        }
    }
}

fn made(made: Made, format: Format) -> Result<(), CliError> {
    output::print(&match format {
        Format::Table => format!(
            "{}\nLets one person sign up until {}; it is shown this once.\n",
            made.code,
            moment::shown(made.invite.expires_at)
        ),
        Format::Json => output::json(&made)?,
        Format::Csv => output::csv(
            &["code", "id", "label", "expires_at"],
            &[vec![
                Field::plain(made.code),
                Field::plain(made.invite.id),
                Field::text(made.invite.label),
                Field::plain(moment::exact(made.invite.expires_at)),
            ]],
        )?,
    })
}

fn list(invites: &[InviteEntry], format: Format) -> Result<(), CliError> {
    output::print(&match format {
        Format::Table if invites.is_empty() => "No invitations. Make one with: budget-tracker invite\n".to_owned(),
        Format::Table => output::table(
            &["Id", "For", "Made", "Until", "State"],
            &[],
            &rows(invites, moment::shown),
        ),
        Format::Json => output::json(&invites)?,
        Format::Csv => output::csv(
            &["id", "label", "created_at", "expires_at", "state"],
            &rows(invites, moment::exact),
        )?,
    })
}

fn rows(invites: &[InviteEntry], time: fn(i64) -> String) -> Vec<Vec<Field>> {
    let now = zone::now().timestamp().as_millisecond();
    let state = |invite: &InviteEntry| match (&invite.used_by, invite.used) {
        (Some(name), _) => format!("used by {name}"),
        (None, true) => "used".to_owned(),
        (None, false) if invite.expires_at <= now => "expired".to_owned(),
        (None, false) => "open".to_owned(),
    };
    let row = |invite: &InviteEntry| {
        vec![
            Field::plain(&invite.id),
            Field::text(&invite.label),
            Field::plain(time(invite.created_at)),
            Field::plain(time(invite.expires_at)),
            Field::text(state(invite)),
        ]
    };
    invites.iter().map(row).collect()
}
