//! How many requests are worked on at once: beyond that, a quick "come back" is better than a long queue, and connections
//! that only wait are not kept.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use prometheus_client::metrics::counter::Counter;

/// Most requests at once, unless the server is told otherwise: as many as one transaction takes.
pub const USUAL: usize = 512;

/// Connections beyond the requests at once that stay open although what comes on them is refused.
const SPARE: usize = 128;

/// The requests that are worked on, and the connections on which they come.
#[derive(Debug)]
pub struct Load {
    most: AtomicUsize,
    running: AtomicUsize,
    conversing: AtomicUsize,
    /// Requests that were refused because too many ran.
    pub refused: Counter,
}

impl Default for Load {
    fn default() -> Self {
        Self {
            most: AtomicUsize::new(USUAL),
            running: AtomicUsize::new(0),
            conversing: AtomicUsize::new(0),
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

    /// Begins a connection on which requests may come.
    #[must_use]
    pub fn converse(self: &Arc<Self>) -> Conversing {
        self.conversing.fetch_add(1, Ordering::Relaxed);
        Conversing(Arc::clone(self))
    }

    /// Whether there are so many of these connections that one whose request was refused had better be closed: each
    /// holds some 16 KiB.
    #[must_use]
    pub fn is_crowded(&self) -> bool {
        self.conversing.load(Ordering::Relaxed) > self.most.load(Ordering::Relaxed) + SPARE
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

/// A connection on which requests may come; it ends when this is dropped.
#[derive(Debug)]
pub struct Conversing(Arc<Load>);

impl Drop for Conversing {
    fn drop(&mut self) {
        self.0.conversing.fetch_sub(1, Ordering::Relaxed);
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
