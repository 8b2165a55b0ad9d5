//! The memory that passwords are hashed in, kept for a moment: to get it from the system takes as long as the hash.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use argon2::Block;

/// How long memory that nobody uses is kept. Log-ins that come one after another share it.
const KEPT: Duration = Duration::from_secs(1);

/// Memory for as many hashes as run at once; clones share it.
#[derive(Clone, Default)]
pub(super) struct Memory(Arc<Mutex<Kept>>);

#[derive(Default)]
struct Kept {
    free: Vec<Vec<Block>>,
    uses: u64,
}

impl Memory {
    /// Hands `work` memory of any size, which holds zeros only and does so again afterwards. It is given up when nobody
    /// has used it for a moment. Runs within a runtime.
    pub(super) fn with<R>(&self, work: impl FnOnce(&mut Vec<Block>) -> R) -> R {
        let mut blocks = self.lock().free.pop().unwrap_or_default();
        let result = work(&mut blocks);
        // Nothing that came of a password lies about.
        blocks.fill(Block::new());
        let mut kept = self.lock();
        kept.free.push(blocks);
        kept.uses += 1;
        let uses = kept.uses;
        drop(kept);
        let memory = self.clone();
        tokio::spawn(async move {
            tokio::time::sleep(KEPT).await;
            memory.give_up(uses);
        });
        result
    }

    /// Gives the free memory back to the system, unless it was used since this many uses.
    fn give_up(&self, uses: u64) {
        let mut kept = self.lock();
        if kept.uses == uses {
            kept.free.clear();
        }
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn free(memory: &Memory) -> Vec<usize> {
        memory.lock().free.iter().map(Vec::len).collect()
    }

    #[tokio::test(start_paused = true)]
    async fn the_next_takes_it_over_wiped_and_nobody_keeps_it() {
        let memory = Memory::default();
        let mut other = Block::new();
        other.as_mut()[5] = 1;
        memory.with(|blocks| blocks.resize(3, other));
        assert_eq!(free(&memory), [3]);
        tokio::time::sleep(KEPT * 3 / 4).await;
        memory.with(|blocks| {
            assert_eq!(blocks.len(), 3);
            assert!(blocks.iter().flat_map(AsRef::as_ref).all(|word| *word == 0));
            assert!(free(&memory).is_empty());
        });
        // The first use would have given it up by now.
        tokio::time::sleep(KEPT * 3 / 4).await;
        assert_eq!(free(&memory), [3]);
        tokio::time::sleep(KEPT).await;
        assert!(free(&memory).is_empty());
    }
}
