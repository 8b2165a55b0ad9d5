//! How many requests are worked on at once: beyond that, a quick "come back" is better than a long queue.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use prometheus_client::metrics::counter::Counter;

/// Most requests at once, unless the server is told otherwise: enough for large transactions, and little memory.
pub const USUAL: usize = 256;

/// Marks the answer to a request that was refused because too many run.
#[derive(Debug, Clone, Copy)]
pub struct TooMany;

/// The requests that are worked on.
#[derive(Debug)]
pub struct Load {
    most: AtomicUsize,
    running: AtomicUsize,
    /// Requests that were refused because too many ran.
    pub refused: Counter,
}

impl Default for Load {
    fn default() -> Self {
        Self {
            most: AtomicUsize::new(USUAL),
            running: AtomicUsize::new(0),
            refused: Counter::default(),
        }
    }
}

impl Load {
    /// Lets `most` requests run at once from now on.
    pub fn allow(&self, most: usize) {
        self.most.store(most, Ordering::Relaxed);
    }

    /// How many run.
    #[must_use]
    pub fn running(&self) -> usize {
        self.running.load(Ordering::Relaxed)
    }

    /// Begins a request; `None` when too many run.
    #[must_use]
    pub fn enter(self: &Arc<Self>) -> Option<Entered> {
        let before = self.running.fetch_add(1, Ordering::Relaxed);
        let entered = Entered(Arc::clone(self));
        if before >= self.most.load(Ordering::Relaxed) {
            self.refused.inc();
            return None;
        }
        Some(entered)
    }
}

/// A request that runs; it ends when this is dropped.
#[derive(Debug)]
pub struct Entered(Arc<Load>);

impl Drop for Entered {
    fn drop(&mut self) {
        self.0.running.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn so_many_run_and_no_more() {
        let load = Arc::new(Load::default());
        load.allow(2);
        let (first, _second) = (load.enter().unwrap(), load.enter().unwrap());
        assert!(load.enter().is_none());
        assert_eq!((load.running(), load.refused.get()), (2, 1));
        drop(first);
        assert!(load.enter().is_some());
    }
}
