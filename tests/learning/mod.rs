//! Learning from corrections, on users that it has not seen: right nearly nine times in ten, and never wrong twice.

use budget_tracker::categorize::Model;
use budget_tracker::server::store::Store;

use crate::corrections::{CORRECTIONS, FOLLOWING, replay};

#[test]
fn corrections_are_learned_and_no_mistake_is_made_twice() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&folder.path().join("budget.db"), 0, Box::new(|_| {})).unwrap();
    let found = replay(Model::shared(), &store, 31, 8).unwrap();
    let (learning, following) = (found.learning, found.following);
    assert_eq!((learning.rows, following.rows), (8 * CORRECTIONS, 8 * FOLLOWING));
    assert!(following.permille(following.right) >= 880, "{found:?}");
    assert!(following.permille(following.right_of_two) >= 930, "{found:?}");
    assert!(following.right > following.by_model + following.rows / 4, "{found:?}");
    assert_eq!(learning.wrong_again + following.wrong_again, 0, "{found:?}");
}
