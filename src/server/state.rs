//! What every handler shares.

use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use jiff::Timestamp;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::backends::Asker;
use super::hub::Hub;
use super::load::Load;
use super::meters::{self, Meters};
use super::password::Hasher;
use super::store::{Database, Scope, Store, StoreError, accounts::User};
use super::summaries::Summaries;
use super::throttle::Throttle;
use super::watch::Watch;
use crate::api::SignUpMode;
use crate::categorize::service::Plan;
use crate::categorize::{Categorizer, Model};

/// Where the server reads the time; a test sets its own.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// The state of a server. Clones share it.
#[derive(Clone)]
pub struct AppState(Arc<Shared>);

/// What an [`AppState`] holds.
pub struct Shared {
    /// The data.
    pub store: Store,
    /// Event streams.
    pub hub: Arc<Hub>,
    /// Summaries that need not be made again.
    pub summaries: Summaries,
    /// Password hashing.
    pub hasher: Hasher,
    /// Limits on tries.
    pub throttle: Throttle,
    /// Whether the sample user may log in, and whether it is there already.
    pub demo: Demo,
    /// Whether the five classic calls are answered.
    pub classic_api: bool,
    /// How many requests run.
    pub load: Arc<Load>,
    /// What the operator's monitoring reads.
    pub meters: Arc<Meters>,
    /// Cancelled when the server begins to stop.
    pub stopping: CancellationToken,
    /// Sees what other processes write; started by the first event stream.
    pub watch: Watch,
    asker: OnceLock<Asker>,
    sign_up: OnceLock<SignUpMode>,
    clock: Clock,
}

/// The sample user of this server.
#[derive(Clone)]
pub enum Demo {
    /// It cannot log in here.
    Absent,
    /// It can; the value turns true once its data is stored.
    Allowed(watch::Receiver<bool>),
}

impl AppState {
    /// A server's state over a database.
    pub fn open(
        database: impl Into<Database>,
        clock: Clock,
        classic_api: bool,
        demo: Demo,
    ) -> Result<Self, StoreError> {
        let hub = Arc::new(Hub::default());
        let told = Arc::clone(&hub);
        let store = Store::open(
            database,
            clock().as_millisecond(),
            Box::new(move |revisions| told.committed(revisions)),
        )?;
        let load = Arc::new(Load::default());
        Ok(Self(Arc::new(Shared {
            meters: meters::of(&store, &load),
            load,
            store,
            hub,
            summaries: Summaries::default(),
            hasher: Hasher::default(),
            throttle: Throttle::default(),
            demo,
            classic_api,
            stopping: CancellationToken::new(),
            watch: Watch::default(),
            asker: OnceLock::new(),
            sign_up: OnceLock::new(),
            clock,
        })))
    }

    /// The same, with a service that is asked for a category as `plan` says; the first plan holds.
    #[must_use]
    pub fn asking(self, plan: Option<Plan>) -> Self {
        if let Some(plan) = plan {
            self.0.asker.get_or_init(|| Asker::new(plan));
        }
        self
    }

    /// The service that is asked for a category, if there is one.
    #[must_use]
    pub fn asker(&self) -> Option<&Asker> {
        self.0.asker.get()
    }

    /// The same, where only those sign up whom `mode` allows; the first mode holds, and without one everybody may.
    #[must_use]
    pub fn admitting(self, mode: SignUpMode) -> Self {
        self.0.sign_up.get_or_init(|| mode);
        self
    }

    /// Who may sign up.
    #[must_use]
    pub fn sign_up(&self) -> SignUpMode {
        self.0.sign_up.get().copied().unwrap_or_default()
    }

    /// The time.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        (self.0.clock)()
    }

    /// Guesses categories; made when it is first asked.
    #[must_use]
    pub fn categorizer(&self) -> &dyn Categorizer {
        Model::shared()
    }

    /// The user at this moment.
    #[must_use]
    pub fn scope(&self, user: &User) -> Scope {
        user.scope(self.now())
    }
}

impl Deref for AppState {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}

/// The clock of this machine.
#[must_use]
pub fn system_clock() -> Clock {
    Arc::new(Timestamp::now)
}
