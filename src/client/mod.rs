//! HTTP to a server: `/v1`, the five classic calls, and the event stream.
//!
//! Every call is one `async fn` that answers with data or an [`api::Failure`](crate::api::Failure). The first
//! call asks the server which calls it knows ([`Client::dialect`]); against a server without `/v1` the same
//! methods speak the classic calls, and answer [`Failure::Unsupported`] where those have no counterpart.
//! Nothing here retries: the callers know what may be sent twice and when.

mod access;
mod alerts;
mod answer;
mod budgets;
mod categories;
mod classic;
mod classic_body;
mod device;
mod dialect;
mod events;
mod expenses;
mod http;
mod sse;
mod trust;

use std::sync::Arc;
use std::time::Duration;

use futures::stream::BoxStream;
use jiff::civil::Date;
use secrecy::SecretString;
use tokio::sync::OnceCell;
use url::Url;

use crate::api::{Account, AccountPatch, Dialect, Failure, LogIn, Session, SignUp};
use crate::domain::{Currency, Fingerprint, Month};

use classic::Classic;
use http::Http;

pub use crate::domain::address::is_loopback;
pub use answer::parse_retry_after;
pub use device::label as device_label;
pub use events::News;
pub use sse::{Event, Parser as SseParser, TooLong};

/// How a [`Client`] behaves; the defaults suit a person who waits.
#[derive(Debug, Clone)]
pub struct ClientOptions {
    /// How long a connection may take to come about.
    pub connect_timeout: Duration,
    /// How long a whole request may take, answer included.
    pub request_timeout: Duration,
    /// How long the event stream may be silent; servers send a sign of life every 15 s.
    pub silence_timeout: Duration,
    /// Whether plain `http://` to another machine is allowed.
    pub insecure_http: bool,
    /// The only certificate that the server may show; one that this machine believes when absent.
    pub fingerprint: Option<Fingerprint>,
    /// The currency of a classic server's amounts, which carry none.
    pub currency: Currency,
    /// The local day on which a classic server's numbers are dated; the computer's clock when absent.
    pub today: Option<Date>,
    /// What the server is known to speak, to save the question.
    pub dialect: Option<Dialect>,
}

impl Default for ClientOptions {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(5),
            request_timeout: Duration::from_secs(15),
            silence_timeout: Duration::from_secs(45),
            insecure_http: false,
            fingerprint: None,
            currency: Currency::USD,
            today: None,
            dialect: None,
        }
    }
}

/// A way to one server, as one user or as nobody. Clones share connections.
#[derive(Clone)]
pub struct Client {
    shared: Arc<Shared>,
    token: Option<SecretString>,
    user: String,
}

struct Shared {
    http: Http,
    options: ClientOptions,
    dialect: OnceCell<Dialect>,
}

impl Client {
    /// A client for the server at `base`, which may carry a path prefix, with or without a slash at its end.
    ///
    /// # Errors
    /// [`Failure::Local`] when the address cannot be used: no host, not HTTP, or unencrypted beyond loopback.
    pub fn new(base: Url, token: Option<SecretString>) -> Result<Self, Failure> {
        Self::with_options(base, token, ClientOptions::default())
    }

    /// [`Client::new`] with other limits.
    ///
    /// # Errors
    /// As [`Client::new`].
    pub fn with_options(base: Url, token: Option<SecretString>, options: ClientOptions) -> Result<Self, Failure> {
        let http = Http::new(base, &options)?;
        let dialect = OnceCell::new_with(options.dialect);
        Ok(Self {
            shared: Arc::new(Shared { http, options, dialect }),
            token,
            user: String::new(),
        })
    }

    /// The same server with another session, or none.
    #[must_use]
    pub fn with_token(&self, token: Option<SecretString>) -> Self {
        Self { token, ..self.clone() }
    }

    /// The same server and session, known to be `user`'s: a classic server cannot tell whose token it is.
    #[must_use]
    pub fn for_user(&self, user: &str) -> Self {
        Self {
            user: user.to_owned(),
            ..self.clone()
        }
    }

    /// Host and port, as messages name the server.
    #[must_use]
    pub fn server(&self) -> &str {
        self.shared.http.server()
    }

    /// Which calls the server knows. Asked once; an answer that settles nothing is not remembered.
    pub async fn dialect(&self) -> Result<Dialect, Failure> {
        let asked = self
            .shared
            .dialect
            .get_or_try_init(|| dialect::probe(&self.shared.http))
            .await;
        match asked {
            Ok(dialect) => Ok(*dialect),
            Err(unsettled) => unsettled.0,
        }
    }

    /// `POST /v1/signup`.
    pub async fn sign_up(&self, body: &SignUp) -> Result<Session, Failure> {
        match self.classic().await? {
            Some(classic) => classic.sign_up(body).await,
            None => self.http().post(&["v1", "signup"], None, body).await,
        }
    }

    /// `POST /v1/login`.
    pub async fn log_in(&self, body: &LogIn) -> Result<Session, Failure> {
        match self.classic().await? {
            Some(classic) => classic.log_in(body).await,
            None => self.http().post(&["v1", "login"], None, body).await,
        }
    }

    /// `POST /v1/logout`. A classic server has no such call; forgetting the token is all there is.
    pub async fn log_out(&self) -> Result<(), Failure> {
        match self.classic().await? {
            Some(_) => Ok(()),
            None => self.http().post_empty(&["v1", "logout"], self.token()).await,
        }
    }

    /// `GET /v1/account`. From a classic server: whether the token is good, and what the client knows itself.
    pub async fn account(&self) -> Result<Account, Failure> {
        match self.classic().await? {
            Some(classic) => classic.account(&self.user).await,
            None => self.http().get(&["v1", "account"], self.token(), &[]).await,
        }
    }

    /// `PATCH /v1/account`.
    pub async fn edit_account(&self, patch: &AccountPatch) -> Result<Account, Failure> {
        self.v1_only("changing the account").await?;
        self.http().patch(&["v1", "account"], self.token(), patch).await
    }

    /// `GET /v1/events`: that the stream is open, then the user's revision after each change, until the connection ends.
    /// Whoever knows the `last` revision is told only what comes after it.
    ///
    /// The stream ends after an error and when the server says goodbye; the caller decides when to come back.
    #[must_use]
    pub fn events(&self, last: Option<i64>) -> BoxStream<'static, Result<News, Failure>> {
        events::stream(self.clone(), last)
    }

    fn http(&self) -> &Http {
        &self.shared.http
    }

    fn token(&self) -> Option<&SecretString> {
        self.token.as_ref()
    }

    async fn classic(&self) -> Result<Option<Classic<'_>>, Failure> {
        let classic = || Classic::new(&self.shared.http, &self.shared.options, self.token());
        Ok((self.dialect().await? == Dialect::Classic).then(classic))
    }

    async fn v1_only(&self, what: &'static str) -> Result<(), Failure> {
        match self.dialect().await? {
            Dialect::V1 => Ok(()),
            Dialect::Classic => Err(Failure::Unsupported(what)),
        }
    }
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client")
            .field("server", &self.server())
            .finish_non_exhaustive()
    }
}

/// The body `{}`.
#[derive(serde::Serialize)]
struct Empty {}

fn month_query(month: Option<Month>) -> Vec<(&'static str, String)> {
    month.map(|month| ("month", month.to_string())).into_iter().collect()
}
