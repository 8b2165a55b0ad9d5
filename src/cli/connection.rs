//! A client for the server that the settings name, with the session that belongs to it.

use crate::api::Dialect;
use crate::client::{Client, ClientOptions};
use crate::config::{SavedSession, Settings, Target};
use crate::domain::text::printable;
use crate::server::embedded::{self, Embedded};

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
        let session = settings.sessions().get(&settings.target)?;
        if needs == Needs::Session && session.is_none() {
            return Err(not_logged_in(&settings));
        }
        let mut options = ClientOptions {
            insecure_http: settings.insecure_http,
            currency: session.as_ref().map_or(settings.currency, |session| session.currency),
            ..ClientOptions::default()
        };
        let (base, embedded) = match &settings.target {
            Target::Remote(url) => (url.clone(), None),
            Target::Embedded => {
                options.dialect = Some(Dialect::V1);
                let embedded = embedded::start(&settings.folders.data).await.map_err(|error| {
                    let advice = format!("The data is in {}.", settings.folders.data.display());
                    CliError::failed(format!("The embedded server did not start: {error}"), &advice)
                })?;
                (embedded.base_url.clone(), Some(embedded))
            }
        };
        let token = session.as_ref().map(|session| session.token.clone());
        let user = session.as_ref().map_or("", |session| session.name.as_str());
        let client = Client::with_options(base, token, options).map(|client| client.for_user(user));
        match client {
            Ok(client) => Ok(Self {
                client,
                settings,
                session,
                embedded,
            }),
            Err(failure) => {
                if let Some(embedded) = embedded {
                    embedded.leave().await;
                }
                Err(failure.into())
            }
        }
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
