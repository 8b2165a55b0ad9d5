//! Logging in and out.

use super::Told;
use crate::api::{ErrorCode, Failure, LogIn, SignUp, SignUpMode};
use crate::client::device_label;
use crate::config::Target;
use crate::domain::account::{self, DEMO_NAME, DEMO_PASSWORD};
use crate::plain::desk::{Desk, Trouble, refused};
use crate::plain::lines::{Lines, Voice};
use crate::zone;

/// The password of a script, as the commands `login` and `signup` read it.
const PASSWORD: &str = "BUDGET_TRACKER_PASSWORD";

impl Desk {
    pub(super) async fn log_in(&mut self, name: Option<String>, lines: &mut Lines, voice: &mut Voice) -> Told {
        let name = match name {
            Some(name) => name,
            None => answer(lines.ask(voice, "User name: ").await)?,
        };
        let password = password(lines, voice, "Password: ").await?;
        let mut body = LogIn {
            name,
            password,
            code: None,
            label: device_label(),
        };
        let client = self.client().with_token(None);
        let session = match client.log_in(&body).await {
            Err(Failure::Rejected(error)) if error.code == ErrorCode::SecondFactorNeeded => {
                body.code = Some(answer(lines.ask(voice, "Code of your authenticator app: ").await)?);
                client.log_in(&body).await?
            }
            other => other?,
        };
        self.welcome(session).await
    }

    pub(super) async fn sign_up(
        &mut self,
        (name, email): (Option<String>, Option<String>),
        lines: &mut Lines,
        voice: &mut Voice,
    ) -> Told {
        let wrong = |error: account::AccountError| Trouble::Said(error.to_string());
        let mode = self.client().sign_up_mode().await?;
        if mode == SignUpMode::Closed {
            return refused(account::SIGN_UP_CLOSED);
        }
        let name = match name {
            Some(name) => name,
            None => answer(lines.ask(voice, "User name: ").await)?,
        };
        account::check_name(&name).map_err(wrong)?;
        let email = match email {
            Some(email) => email,
            None => answer(lines.ask(voice, "Email: ").await)?,
        };
        account::check_email(&email).map_err(wrong)?;
        let invite = match mode {
            SignUpMode::Invite => Some(answer(lines.ask(voice, "Invitation code: ").await)?),
            _ => None,
        };
        let password_once = password(lines, voice, "Password: ").await?;
        account::check_password(&password_once).map_err(wrong)?;
        if lines.is_terminal && password(lines, voice, "Password again: ").await? != password_once {
            return refused("The two passwords differ. Type signup again.");
        }
        let body = SignUp {
            name,
            email,
            password: password_once,
            currency: Some(self.settings.currency.code().to_owned()),
            time_zone: zone::local_name(),
            // An older server may refuse what it does not know: the first look settles it.
            month_start: None,
            invite,
            label: device_label(),
        };
        let session = self.client().with_token(None).sign_up(&body).await?;
        self.welcome(session).await
    }

    pub(super) async fn demo(&mut self) -> Told {
        if self.settings.target != Target::Embedded {
            return refused("The sample user exists only in the embedded server.");
        }
        let body = LogIn {
            name: DEMO_NAME.to_owned(),
            password: DEMO_PASSWORD.to_owned(),
            code: None,
            label: device_label(),
        };
        let session = self.client().with_token(None).log_in(&body).await?;
        self.welcome(session).await
    }

    pub(super) async fn welcome(&mut self, session: crate::api::Session) -> Told {
        let mut lines = vec![format!("Welcome, {}.", session.account.name)];
        self.enter(session).await?;
        lines.extend(self.overview().await?);
        Ok(lines)
    }

    pub(super) async fn log_out(&mut self) -> Told {
        let client = self.user()?;
        self.leave()?;
        // The session is gone here; the server forgets it in time if it cannot be told now.
        let _ = client.log_out().await;
        Ok(vec!["Logged out.".to_owned()])
    }
}

/// What was answered to a question.
fn answer(line: Option<String>) -> Result<String, Trouble> {
    match line.map(|line| line.trim().to_owned()) {
        Some(line) if !line.is_empty() => Ok(line),
        _ => refused("Cancelled."),
    }
}

/// From the terminal, without showing it; in a script from the environment, else the next line.
async fn password(lines: &mut Lines, voice: &mut Voice, question: &str) -> Result<String, Trouble> {
    let given = std::env::var(PASSWORD).ok().filter(|given| !given.is_empty());
    match given {
        Some(given) if !lines.is_terminal => Ok(given),
        _ => match lines.secret(voice, question).await {
            Some(line) if !line.is_empty() => Ok(line),
            _ => refused("Cancelled."),
        },
    }
}
