//! `signup`: a new account.

use clap::Args;

use crate::api::{AccountPatch, Session, SignUp};
use crate::client::{Client, device_label};
use crate::config::Settings;
use crate::domain::account::{check_email, check_name, check_password};
use crate::domain::{Calendar, Currency};
use crate::zone;

use super::connection::Needs;
use super::error::CliError;
use super::login::welcome;
use super::output::{Format, note};
use super::password::PasswordSource;
use super::trust;

/// Make an account and log in to it.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  budget-tracker signup ada --email ada@example.org
  budget-tracker signup ada --email ada@example.org --currency EUR --password-stdin < password.txt")]
pub(super) struct Arguments {
    /// User name, without spaces.
    name: String,
    /// Email address.
    #[arg(long)]
    email: String,
    /// Currency of every amount, a code of ISO 4217; it cannot be changed later.
    #[arg(long, value_name = "CODE")]
    currency: Option<String>,
    /// Day of the month on which budget months begin, 1 to 28, for example pay day.
    #[arg(long, value_name = "DAY", value_parser = clap::value_parser!(u8).range(1..=28))]
    month_start: Option<u8>,
    /// Code of an invitation, where the server asks for one.
    #[arg(long, value_name = "CODE")]
    invite: Option<String>,
    #[command(flatten)]
    password: PasswordSource,
}

pub(super) async fn run(arguments: Arguments, settings: Settings, format: Format) -> Result<(), CliError> {
    let name = check_name(&arguments.name).map_err(|error| CliError::wrong("NAME", error))?;
    let email = check_email(&arguments.email).map_err(|error| CliError::wrong("--email", error))?;
    let currency = arguments.currency.as_deref().map(Currency::from_code).transpose();
    let currency = currency.map_err(|error| CliError::wrong("--currency", error))?;
    let settings = trust::meet(settings).await?;
    let password = arguments.password.read(true)?;
    check_password(&password).map_err(|error| CliError::wrong("The password", error))?;
    let body = SignUp {
        name,
        email,
        password,
        currency: Some(currency.unwrap_or(settings.currency).code().to_owned()),
        time_zone: zone::local_name(),
        month_start: arguments.month_start,
        invite: arguments.invite,
        label: device_label(),
    };
    let wish = settings.calendar.filter(|_| arguments.month_start.is_none());
    super::with(settings, Needs::Nothing, async |to| {
        let mut session = to.client.with_token(None).sign_up(&body).await?;
        if let Some(wish) = wish.filter(|wish| *wish != session.account.calendar) {
            begin_months(&to.client, &mut session, wish).await;
        }
        welcome(to, session, format, "Welcome").await
    })
    .await
}

/// Has the new account's months begin when the configuration says. The account is made in any case: an older server
/// does not know such months.
async fn begin_months(client: &Client, session: &mut Session, wish: Calendar) {
    let client = client.with_token(Some(session.token.clone().into()));
    let patch = AccountPatch {
        month_start: Some(wish.month_start()),
    };
    match client.edit_account(&patch).await {
        Ok(account) => session.account = account,
        Err(failure) => note(&format!(
            "{} on this server: it does not take month_start. {failure}",
            session.account.calendar.words()
        )),
    }
}
