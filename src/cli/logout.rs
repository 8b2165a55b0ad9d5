//! `logout`: the end of a session, here and on the server.

use clap::Args;
use serde::Serialize;

use crate::api::Failure;

use super::connection::{Connection, server_name};
use super::error::CliError;
use super::output::{self, Field, Format, note};

/// Log out: end the session on the server and forget it here.
#[derive(Debug, Args)]
pub(super) struct Arguments {}

#[derive(Serialize)]
struct LoggedOut {
    server: String,
    logged_out: bool,
}

pub(super) async fn run(_: &Arguments, to: &Connection, format: Format) -> Result<(), CliError> {
    let was = to.session.is_some();
    let ended = if was { to.client.log_out().await } else { Ok(()) };
    // Forgotten here even when the server cannot be told: that is what the user asked for.
    to.settings.sessions().remove(&to.settings.target)?;
    match ended {
        Ok(()) | Err(Failure::SignedOut) => {}
        Err(failure) => note(&format!(
            "The session is forgotten here, but the server was not told: {failure}"
        )),
    }
    let server = server_name(&to.settings);
    output::print(&match format {
        Format::Table if was => format!("Logged out of {server}.\n"),
        Format::Table => format!("You were not logged in to {server}.\n"),
        Format::Json => output::json(&LoggedOut {
            server,
            logged_out: was,
        })?,
        Format::Csv => output::csv(
            &["server", "logged_out"],
            &[vec![Field::text(server), Field::plain(was)]],
        )?,
    })
}
