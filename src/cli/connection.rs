//! A client for the server that the settings name, with the session that belongs to it.

use crate::client::Client;
use crate::config::{SavedSession, Settings, Target};
use crate::domain::text::printable;
use crate::reach;
use crate::server::embedded::Embedded;

use super::error::CliError;

/// What a command cannot do without.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Needs {
    /// A logged-in user.
    Session,
    /// A server only.
    Nothing,
}

/// A server to talk to; started here when it is the embedded one.
pub(super) struct Connection {
    pub client: Client,
    pub settings: Settings,
    pub session: Option<SavedSession>,
    embedded: Option<Embedded>,
}

impl Connection {
    /// Refuses before anything is started when a session is needed and there is none.
    pub async fn open(settings: Settings, needs: Needs) -> Result<Self, CliError> {
        let mut session = settings.sessions().get(&settings.target)?;
        if let Some(session) = &mut session {
            session.currency = session.currency.written(&settings.locale);
        }
        if needs == Needs::Session && session.is_none() {
            return Err(not_logged_in(&settings));
        }
        let currency = session.as_ref().map_or(settings.currency, |session| session.currency);
        let (client, embedded) = reach::open(&settings, currency).await?;
        let token = session.as_ref().map(|session| session.token.clone());
        let user = session.as_ref().map_or("", |session| session.name.as_str());
        Ok(Self {
            client: client.with_token(token).for_user(user),
            settings,
            session,
            embedded,
        })
    }

    /// Ends the embedded server in order.
    pub async fn close(self) {
        if let Some(embedded) = self.embedded {
            embedded.leave().await;
        }
    }
}

/// The server as messages name it.
pub(super) fn server_name(settings: &Settings) -> String {
    match &settings.target {
        Target::Embedded => "the embedded server".to_owned(),
        Target::Remote(_) => printable(settings.target.key()).into_owned(),
    }
}

pub(super) fn not_logged_in(settings: &Settings) -> CliError {
    CliError::NotLoggedIn {
        server: server_name(settings),
    }
}
