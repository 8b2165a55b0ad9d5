//! The new expenses of a batch, stored together.

use super::super::adds::{self, Add, Outcome};
use super::super::job::{Job, guarded};
use super::super::tx::StoreError;
use super::tx::PgTx;

/// Stores those of the jobs that are new expenses, in one go, and returns the places of the jobs that are still to be
/// run one by one. An error means that the transaction is to be undone.
///
/// What is there already is left out. When anything else is at odds nothing is stored: each on its own is then told
/// what is the matter with it.
pub(super) fn run<'j>(
    tx: &mut PgTx<'_>,
    jobs: impl Iterator<Item = &'j mut Box<dyn Job>>,
) -> Result<Vec<usize>, StoreError> {
    let (mut adds, mut apart) = (Vec::new(), Vec::new());
    for (place, job) in jobs.enumerate() {
        match job.as_add() {
            Some(add) => adds.push((place, add)),
            None => apart.push(place),
        }
    }
    while !adds.is_empty() {
        let noted = tx.noted.len();
        tx.along("SAVEPOINT adds");
        let together: Vec<&Add> = adds.iter().map(|(_, task)| &task.add).collect();
        let there = match guarded(|| adds::together(tx, &together)) {
            Err(failure) if tx.fault.is_some() => return Err(failure),
            Err(_) => (0..adds.len()).collect(),
            Ok(Outcome::There(there)) => there,
            Ok(Outcome::Stored(stored)) => {
                tx.along("RELEASE adds");
                for ((_, task), expense) in adds.iter_mut().zip(stored) {
                    task.result = Some(Ok((expense, true)));
                }
                break;
            }
        };
        tx.forget_changes();
        tx.noted.truncate(noted);
        tx.along("ROLLBACK TO adds; RELEASE adds");
        for place in there.into_iter().rev() {
            apart.push(adds.remove(place).0);
        }
    }
    apart.sort_unstable();
    Ok(apart)
}
