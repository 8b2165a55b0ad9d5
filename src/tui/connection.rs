//! The server behind the dashboard: started on first use when it is the embedded one, and whose session it is.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::OnceCell;

use crate::api::{Failure, Session};
use crate::client::Client;
use crate::config::{SavedSession, Settings};
use crate::domain::Currency;
use crate::reach;
use crate::server::embedded::Embedded;

/// Shared by all tasks.
#[derive(Clone)]
pub(super) struct Connection(Arc<Inner>);

struct Inner {
    settings: Settings,
    server: OnceCell<(Client, Mutex<Option<Embedded>>)>,
    session: Mutex<Option<SavedSession>>,
}

impl Connection {
    pub(super) fn new(settings: Settings, session: Option<SavedSession>) -> Self {
        Self(Arc::new(Inner {
            settings,
            server: OnceCell::new(),
            session: Mutex::new(session),
        }))
    }

    /// A client with the present session.
    pub(super) async fn client(&self) -> Result<Client, Failure> {
        let (client, _) = self.0.server.get_or_try_init(|| self.open()).await?;
        let session = self.session();
        let name = session.as_ref().map_or("", |session| session.name.as_str());
        Ok(client
            .with_token(session.as_ref().map(|session| session.token.clone()))
            .for_user(name))
    }

    async fn open(&self) -> Result<(Client, Mutex<Option<Embedded>>), Failure> {
        let settings = &self.0.settings;
        let currency = self.session().map_or(settings.currency, |session| session.currency);
        let (client, embedded) = reach::open(settings, currency).await?;
        Ok((client, Mutex::new(embedded)))
    }

    /// The currency of a new account.
    pub(super) fn currency(&self) -> Currency {
        self.0.settings.currency
    }

    /// Takes a new session over, and keeps it on this machine when the user wants that, with the certificate that the
    /// command line named. Returns the sessions that it replaces: nobody here has them any more.
    pub(super) fn logged_in(&self, session: &Session, keep: bool) -> Result<Vec<SavedSession>, Failure> {
        let new = SavedSession {
            name: session.account.name.clone(),
            token: session.token.clone().into(),
            currency: Currency::from_code(&session.account.currency).unwrap_or(Currency::USD),
        };
        let settings = &self.0.settings;
        let sessions = settings.sessions();
        let saved = sessions.get(&settings.target).ok().flatten();
        let before = self.lock().replace(new.clone());
        let mut replaced: Vec<SavedSession> = before.into_iter().collect();
        if keep {
            sessions
                .put(&settings.target, &new)
                .map_err(|error| Failure::Local(error.to_string()))?;
            replaced.extend(saved);
        } else {
            // What is saved stays for the next time.
            replaced.retain(|session| !saved.as_ref().is_some_and(|saved| saved.is(session)));
        }
        replaced.dedup_by(|one, other| one.is(other));
        if let Err(error) = settings.keep_fingerprint() {
            tracing::warn!(%error, "the certificate of the server is not remembered");
        }
        Ok(replaced)
    }

    /// Forgets the session, here and in its file.
    pub(super) fn forget(&self) {
        *self.lock() = None;
        if let Err(error) = self.0.settings.sessions().remove(&self.0.settings.target) {
            tracing::warn!(%error, "the saved session could not be removed");
        }
    }

    fn session(&self) -> Option<SavedSession> {
        self.lock().clone()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<SavedSession>> {
        self.0.session.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Ends the embedded server in order.
    pub(super) async fn close(&self) {
        let embedded = self
            .0
            .server
            .get()
            .and_then(|(_, embedded)| embedded.lock().unwrap_or_else(PoisonError::into_inner).take());
        if let Some(embedded) = embedded {
            embedded.shutdown().await;
        }
    }
}
