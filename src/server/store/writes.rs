//! How many changes wait, and how long they take.

use std::time::Instant;

use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;

use crate::server::meters;

/// The counters of one store.
#[derive(Debug)]
pub struct Writes {
    /// Changes that are not on the disk yet.
    pub waiting: Gauge,
    /// How long each change took, s.
    pub seconds: Histogram,
}

impl Default for Writes {
    fn default() -> Self {
        Self {
            waiting: Gauge::default(),
            seconds: meters::seconds(),
        }
    }
}

impl Writes {
    /// Counts a change until what is returned is dropped, be it done or given up.
    #[must_use]
    pub(super) fn begin(&self) -> Waiting<'_> {
        self.waiting.inc();
        Waiting(self, Instant::now())
    }
}

/// A change that waits.
pub(super) struct Waiting<'a>(&'a Writes, Instant);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.waiting.dec();
        self.0.seconds.observe(self.1.elapsed().as_secs_f64());
    }
}
