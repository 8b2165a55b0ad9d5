//! The PostgreSQL driver: several servers may share one database.
//!
//! The store's logic blocks, so it runs where blocking hurts nobody: writes on threads of their own
//! ([`writer`]), each of which moves its connection's bytes itself; reads on the thread that asks, which tokio
//! relieves of its other tasks meanwhile, over a pool whose connections a thread of the pool's looks after.
//!
//! New expenses that wait for the same thread are stored [together](group), with few statements for all of them.
//!
//! A pooler between a server and the database, such as `PgBouncer`, has to give each connection a session of its own
//! (`pool_mode = session`): prepared statements, settings and `LISTEN` belong to the session.

mod address;
mod group;
mod migrate;
mod notify;
mod password_file;
mod tx;
mod writer;

use std::sync::Arc;
use std::time::Duration;

use deadpool_postgres::{Hook, HookError, Manager, ManagerConfig, Object, Pool, PoolError, RecyclingMethod};
use tokio::runtime::{self, Handle, Runtime, RuntimeFlavor};
use tokio_postgres::error::SqlState;
use uuid::Uuid;

pub use address::Address;
use notify::Told;
use tx::{Drive, PgTx};
use writer::Writers;

use super::adds::Add;
use super::job::OnCommit;
use super::tx::{StoreError, Tx};
use crate::api::Expense;

/// Most connections that read.
const READERS: usize = 8;
/// How long a read waits for one of them.
const POOL_TIME: Duration = Duration::from_secs(5);

/// What is done about the schema of a database that is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Opening {
    /// It is brought to this version's.
    Update,
    /// It stays as it is, and has to be this version's.
    AsIs,
}

/// The store's end of a PostgreSQL database.
pub(super) struct Postgres {
    readers: Pool,
    writers: Writers,
    told: Arc<Told>,
    /// Looks after the connections that read and the one that tells; always there until this is dropped.
    keeper: Option<Runtime>,
}

impl Postgres {
    /// Connects, migrates as `opening` says, and starts what writes; `now` is UTC ms.
    pub(super) fn open(address: &Address, opening: Opening, now: i64, on_commit: OnCommit) -> Result<Self, StoreError> {
        let address = Arc::new(address.clone());
        let keeper = runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("store-postgres")
            .enable_all()
            .build()
            .map_err(|e| StoreError::Unavailable(e.to_string()))?;
        let told = Arc::new(Told::new(on_commit));
        let this = Self {
            readers: pool(&address)?,
            writers: Writers::start(&address, &told)?,
            told: Arc::clone(&told),
            keeper: Some(keeper),
        };
        let first = Arc::clone(&address);
        this.on_keeper(async move {
            let mut client = first.connect().await?;
            match opening {
                Opening::Update => migrate::migrate(&mut client, now).await,
                Opening::AsIs => migrate::check(&client).await,
            }
        })?;
        if let Some(keeper) = &this.keeper {
            keeper.spawn(notify::run(address, told));
        }
        Ok(this)
    }

    /// Runs `work` in a transaction and waits until the database has it on the disk; see [`Writers::write`].
    pub(super) async fn write<R, F>(&self, user: Option<Uuid>, work: F) -> Result<R, StoreError>
    where
        F: Fn(&mut dyn Tx) -> Result<R, StoreError> + Send + 'static,
        R: Send + 'static,
    {
        self.writers.write(user, work).await
    }

    /// Stores an expense, together with others that come at the same time.
    pub(super) async fn add(&self, add: Add) -> Result<(Expense, bool), StoreError> {
        self.writers.add(add).await
    }

    /// Runs `work` on one consistent state of the data.
    pub(super) fn read<R>(&self, work: impl FnOnce(&mut dyn Tx) -> Result<R, StoreError>) -> Result<R, StoreError> {
        blocking(|| {
            let client = self.reader()?;
            let mut tx = PgTx::new(&client, Drive::Elsewhere);
            tx.along("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
            let result = work(&mut tx);
            tx.along("ROLLBACK");
            tx.flush_unseen();
            result
        })
    }

    /// Whether what other servers commit is heard right now.
    pub(super) fn hears(&self) -> bool {
        self.told.hears()
    }

    /// Finishes the writes that wait and closes the connections.
    pub(super) async fn close(&self) {
        self.writers.close().await;
        self.readers.close();
    }

    fn reader(&self) -> Result<Object, StoreError> {
        // Connections belong to the runtime in which they are made.
        let _there = self.keeper.as_ref().map(Runtime::enter);
        let reader = tx::wait(self.readers.get());
        reader.map_err(|e| match e {
            PoolError::Backend(e) | PoolError::PostCreateHook(HookError::Backend(e)) => match error(&e) {
                StoreError::Sql(reason) => StoreError::Unavailable(reason),
                other => other,
            },
            PoolError::Closed => super::job::closing(),
            _ => StoreError::Unavailable("all connections to the database are busy".to_owned()),
        })
    }

    /// Runs `task` there and waits for it here.
    fn on_keeper<R: Send + 'static>(
        &self,
        task: impl Future<Output = Result<R, StoreError>> + Send + 'static,
    ) -> Result<R, StoreError> {
        let gone = || StoreError::Unavailable("the database could not be opened".to_owned());
        let running = self.keeper.as_ref().ok_or_else(gone)?.spawn(task);
        blocking(|| tx::wait(running)).map_err(|_| gone())?
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        if let Some(keeper) = self.keeper.take() {
            // This may run on a thread that must not wait.
            keeper.shutdown_background();
        }
    }
}

fn pool(address: &Address) -> Result<Pool, StoreError> {
    let config = ManagerConfig {
        recycling_method: RecyclingMethod::Fast,
    };
    let manager = Manager::from_config(address.config(), address.tls()?, config);
    Pool::builder(manager)
        .max_size(READERS)
        .wait_timeout(Some(POOL_TIME))
        .create_timeout(Some(POOL_TIME))
        .runtime(deadpool_postgres::Runtime::Tokio1)
        .post_create(Hook::async_fn(|client, _| {
            Box::pin(async move { address::set_up(client).await.map_err(HookError::Backend) })
        }))
        .build()
        .map_err(|e| StoreError::Unavailable(e.to_string()))
}

/// Runs what blocks; other tasks of this thread are taken over by another one, where there are several.
fn blocking<R>(work: impl FnOnce() -> R) -> R {
    match Handle::try_current() {
        Ok(handle) if handle.runtime_flavor() == RuntimeFlavor::MultiThread => tokio::task::block_in_place(work),
        _ => work(),
    }
}

/// What went wrong with a transaction, apart from what it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    /// It is at odds with another one: run again, it may be fine.
    Again,
    /// The connection is broken, or leads to a server that only reads.
    Lost,
    /// A statement failed.
    Statement,
    /// The job itself refused.
    Refused,
}

impl Fault {
    fn of(e: &tokio_postgres::Error) -> Self {
        let Some(code) = e.code() else {
            let is_broken = std::error::Error::source(e).is_some_and(<dyn std::error::Error>::is::<std::io::Error>);
            return if is_broken || e.is_closed() {
                Self::Lost
            } else {
                Self::Statement
            };
        };
        match code.code() {
            "40001" | "40P01" => Self::Again,
            "25006" => Self::Lost,
            code if code.starts_with("57P") || code.starts_with("08") => Self::Lost,
            _ => Self::Statement,
        }
    }
}

/// What an error of PostgreSQL means for the caller. Its text never holds a value that was bound.
fn error(e: &tokio_postgres::Error) -> StoreError {
    let Some(told) = e.as_db_error() else {
        let cause = std::error::Error::source(e).map(|cause| format!(": {cause}"));
        let text = format!("{e}{}", cause.unwrap_or_default());
        return match Fault::of(e) {
            Fault::Lost => StoreError::Unavailable(text),
            _ => StoreError::Sql(text),
        };
    };
    let text = format!("{} ({})", told.message(), told.code().code());
    match told.code() {
        &SqlState::DISK_FULL => StoreError::StorageFull,
        &SqlState::T_R_SERIALIZATION_FAILURE
        | &SqlState::T_R_DEADLOCK_DETECTED
        | &SqlState::LOCK_NOT_AVAILABLE
        | &SqlState::QUERY_CANCELED
        | &SqlState::READ_ONLY_SQL_TRANSACTION => StoreError::Unavailable(text),
        code if ["08", "53", "57", "58"]
            .iter()
            .any(|class| code.code().starts_with(class)) =>
        {
            StoreError::Unavailable(text)
        }
        _ => StoreError::Sql(text),
    }
}
