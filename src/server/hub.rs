//! Tells event streams which revision their user has reached.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use tokio::sync::watch;
use uuid::Uuid;

/// Event streams that one user may have open.
pub const MAX_STREAMS: usize = 8;

/// The users with open streams; a slow stream sees only the latest revision.
#[derive(Default)]
pub struct Hub {
    users: Mutex<HashMap<Uuid, watch::Sender<i64>>>,
    commits: AtomicU64,
}

impl Hub {
    /// Opens a stream of `user`'s revisions; `None` when the user has too many already.
    #[must_use]
    pub fn subscribe(&self, user: Uuid) -> Option<watch::Receiver<i64>> {
        let mut users = self.users.lock().unwrap_or_else(PoisonError::into_inner);
        users.retain(|_, sender| sender.receiver_count() > 0);
        let sender = users.entry(user).or_insert_with(|| watch::Sender::new(0));
        (sender.receiver_count() < MAX_STREAMS).then(|| sender.subscribe())
    }

    /// Tells the streams of each user what this server has committed.
    pub fn committed(&self, revisions: &[(Uuid, i64)]) {
        self.commits.fetch_add(1, Ordering::Relaxed);
        self.publish(revisions);
    }

    /// How often this server has committed something.
    #[must_use]
    pub fn commits(&self) -> u64 {
        self.commits.load(Ordering::Relaxed)
    }

    /// Tells the streams of each user; an older revision than the last one told is no news.
    pub fn publish(&self, revisions: &[(Uuid, i64)]) {
        let users = self.users.lock().unwrap_or_else(PoisonError::into_inner);
        for (user, revision) in revisions {
            if let Some(sender) = users.get(user) {
                sender.send_if_modified(|last| {
                    let news = *revision > *last;
                    *last = (*last).max(*revision);
                    news
                });
            }
        }
    }

    /// How many streams are open.
    #[must_use]
    pub fn streams(&self) -> usize {
        let users = self.users.lock().unwrap_or_else(PoisonError::into_inner);
        users.values().map(watch::Sender::receiver_count).sum()
    }

    /// The users with open streams.
    #[must_use]
    pub fn listening(&self) -> Vec<Uuid> {
        let users = self.users.lock().unwrap_or_else(PoisonError::into_inner);
        let open = users.iter().filter(|(_, sender)| sender.receiver_count() > 0);
        open.map(|(user, _)| *user).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_sees_the_latest_revision_once() {
        let (hub, user) = (Hub::default(), Uuid::new_v4());
        let mut stream = hub.subscribe(user).unwrap();
        hub.publish(&[(user, 3), (user, 4), (Uuid::new_v4(), 9)]);
        assert!(stream.has_changed().unwrap());
        assert_eq!(*stream.borrow_and_update(), 4);
        hub.publish(&[(user, 4), (user, 2)]);
        assert!(!stream.has_changed().unwrap());
    }

    #[test]
    fn a_user_has_eight_streams_and_closing_one_makes_room() {
        let (hub, user) = (Hub::default(), Uuid::new_v4());
        let mut open: Vec<_> = (0..MAX_STREAMS).map(|_| hub.subscribe(user).unwrap()).collect();
        assert!(hub.subscribe(user).is_none());
        assert!(hub.subscribe(Uuid::new_v4()).is_some());
        open.pop();
        assert!(hub.subscribe(user).is_some());
        drop(open);
        assert!(hub.listening().is_empty());
    }
}
