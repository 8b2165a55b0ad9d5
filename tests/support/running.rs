//! A server inside the test, with limits of the test's choice.

use std::path::Path;

use budget_tracker::server::{Database, Listening, ServeError, ServeOptions, serve};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// A server that listens; it ends with the test's runtime at the latest.
pub struct Running {
    pub listening: Listening,
    stop: oneshot::Sender<()>,
    ended: JoinHandle<Result<(), ServeError>>,
}

impl Running {
    /// Starts it on a free port of loopback, over `folder`, as `choose` says.
    pub async fn start(folder: &Path, choose: impl FnOnce(&mut ServeOptions)) -> Self {
        let mut options = ServeOptions::new("127.0.0.1:0".parse().unwrap(), Database::in_folder(folder));
        choose(&mut options);
        let (stop, stopped) = oneshot::channel::<()>();
        let (ready, listens) = oneshot::channel();
        let ended = tokio::spawn(serve(
            options,
            async {
                let _ = stopped.await;
            },
            |listening| ready.send(listening).unwrap(),
        ));
        let Ok(listening) = listens.await else {
            panic!("{:?}", ended.await)
        };
        Self { listening, stop, ended }
    }

    /// Its address with scheme.
    pub fn url(&self) -> String {
        self.listening.url()
    }

    /// Ends it in order.
    pub async fn stop(self) {
        self.stop.send(()).unwrap();
        self.ended.await.unwrap().unwrap();
    }
}
