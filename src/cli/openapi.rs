//! `openapi`: the description of the server's API.

use clap::Args;

use crate::server;

use super::error::CliError;
use super::output;

/// Print what the server answers, as a document of OpenAPI 3.1.
///
/// It is the one that `serve` has at `/v1/openapi.json`: every call with its parameters, bodies, answers and examples.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  budget-tracker openapi > openapi.json
  budget-tracker openapi | jq '.paths | keys'")]
pub(super) struct Arguments {
    /// With the five calls of the original server, as `serve --classic-api` answers them.
    #[arg(long)]
    classic_api: bool,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), CliError> {
    let document = server::openapi(arguments.classic_api).map_err(std::io::Error::from)?;
    output::print(&format!("{document:#}\n"))
}
