//! The same server inside this process, for one person on one machine.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;

use tokio::net::TcpListener;
use tokio::sync::watch;
use url::Url;

use super::serve::{Front, Running, ServeError};
use super::state::{AppState, Demo, system_clock};
use super::store::{AtClose, Database, accounts};
use super::{files, seed};
use crate::categorize::service::Plan;

/// Not a flag of this one, whose port is any that is free.
const FLAG: &str = "--server";

/// A server on a free port of 127.0.0.1 that lives as long as this value is not shut down.
pub struct Embedded {
    /// Where it answers.
    pub base_url: Url,
    running: Running,
}

impl Embedded {
    /// Ends the requests that run, writes what waits and closes the file.
    pub async fn shutdown(self) {
        self.running.stop(AtClose::EmptyLog).await;
    }

    /// [`Embedded::shutdown`] for a command that runs briefly and often: the write-ahead log is left for the next
    /// process.
    pub async fn leave(self) {
        self.running.stop(AtClose::KeepLog).await;
    }
}

/// Starts the embedded server over the database in `data_dir`, which is made when it is missing.
///
/// A database without any user gets the sample user, beside the first requests.
///
/// # Errors
/// [`ServeError`] when the data cannot be opened or no port is free.
pub async fn start(data_dir: &Path) -> Result<Embedded, ServeError> {
    start_asking(data_dir, None).await
}

/// [`start`], with a service that is asked for a category as `plan` says.
///
/// # Errors
/// Those of [`start`].
pub async fn start_asking(data_dir: &Path, plan: Option<Plan>) -> Result<Embedded, ServeError> {
    let database = Database::Sqlite(files::prepare(data_dir)?);
    let wanted = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    let failed = |error: io::Error| ServeError::Listen {
        address: wanted,
        reason: error.to_string(),
        flag: FLAG,
    };
    let listener = TcpListener::bind(wanted).await.map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    let (seeded, ready) = watch::channel(false);
    let opening = |error| ServeError::opening(&database, error);
    let state = AppState::open(database.clone(), system_clock(), true, Demo::Allowed(ready))
        .map_err(opening)?
        .asking(plan);
    if state.store.read(accounts::any).map_err(opening)? {
        seeded.send_replace(true);
    } else {
        seed::in_background(&state, seeded);
    }
    let base_url = Url::parse(&format!("http://{address}")).map_err(|error| ServeError::Listen {
        address,
        reason: error.to_string(),
        flag: FLAG,
    })?;
    Ok(Embedded {
        base_url,
        running: Running::start(listener, state, Front::default()),
    })
}
