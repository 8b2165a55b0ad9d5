//! Load: as many callers as there are connections, each of which asks again as soon as it is answered.

use std::future::Future;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use super::Outcome;
use super::http::Connection;
use super::report::{count, percentile};

/// What came of one window.
pub struct Window {
    /// How long each answer took.
    pub took: Vec<Duration>,
    pub span: Duration,
}

impl Window {
    pub fn per_second(&self) -> f64 {
        count(self.took.len()) / self.span.as_secs_f64()
    }

    /// ms.
    pub fn p(&mut self, percent: usize) -> f64 {
        percentile(&mut self.took, percent)
    }
}

/// The runtime from which load comes: one thread, because the server needs the rest of the machine.
pub fn runtime() -> Outcome<tokio::runtime::Runtime> {
    Ok(tokio::runtime::Builder::new_current_thread().enable_all().build()?)
}

/// Asks `address` on some connections for as long as `window`; `request` gets the caller and the turn.
pub async fn http<F>(address: SocketAddr, connections: usize, window: Duration, request: F) -> Outcome<Window>
where
    F: Fn(usize, usize) -> Vec<u8> + Clone + Send + 'static,
{
    let mut open = Vec::new();
    for _ in 0..connections {
        open.push(Connection::open(address).await?);
    }
    let callers = open.into_iter().enumerate().map(|(caller, mut connection)| {
        let request = request.clone();
        move |until: Instant| async move {
            let mut took = Vec::new();
            for turn in 0.. {
                let request = request(caller, turn);
                let begun = Instant::now();
                if begun > until {
                    break;
                }
                let status = connection.ask(&request).await?;
                took.push(begun.elapsed());
                if !(200..300).contains(&status) {
                    let body = String::from_utf8_lossy(connection.body()).into_owned();
                    return Err(format!("the server answered {status}: {body}").into());
                }
            }
            Ok(took)
        }
    });
    run(callers, window).await
}

/// Runs callers at the same time until the window is over.
pub async fn run<C, F>(callers: impl Iterator<Item = C>, window: Duration) -> Outcome<Window>
where
    C: FnOnce(Instant) -> F,
    F: Future<Output = Outcome<Vec<Duration>>> + Send + 'static,
{
    let begun = Instant::now();
    let running: Vec<_> = callers.map(|caller| tokio::spawn(caller(begun + window))).collect();
    let mut took = Vec::new();
    for caller in running {
        took.extend(caller.await??);
    }
    Ok(Window {
        took,
        span: begun.elapsed(),
    })
}
