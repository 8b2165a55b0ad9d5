//! Summaries as they were sent last. A summary is made of a year of days; until the user's revision or day is another
//! one it stays as it is, and all of a user's devices ask for it after each change.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use bytes::Bytes;
use jiff::civil::Date;
use uuid::Uuid;

use super::store::Scope;
use crate::domain::Month;

/// Bytes of answers in each of the two halves.
const HALF: usize = 2 * 1024 * 1024;

/// The kept answers of one server, in a bounded memory.
#[derive(Default)]
pub struct Summaries(Mutex<Halves>);

/// What is asked for moves to the new half; when that is full, it becomes the old half and the old half goes.
#[derive(Default)]
struct Halves {
    new: HashMap<(Uuid, Month), Answer>,
    old: HashMap<(Uuid, Month), Answer>,
    /// Of the new half.
    bytes: usize,
}

#[derive(Clone)]
struct Answer {
    revision: i64,
    today: Date,
    body: Bytes,
}

impl Summaries {
    /// The answer for `month` as it was made at this `revision` and on this day.
    #[must_use]
    pub fn get(&self, scope: &Scope, month: Month, revision: i64) -> Option<Bytes> {
        let key = (scope.user, month);
        let holds = |answer: &&Answer| answer.revision == revision && answer.today == scope.today;
        let mut halves = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(answer) = halves.new.get(&key).filter(holds) {
            return Some(answer.body.clone());
        }
        let answer = halves.old.get(&key).filter(holds)?.clone();
        let body = answer.body.clone();
        halves.put(key, answer);
        Some(body)
    }

    /// Keeps the answer for `month` as it is at this `revision`.
    pub fn put(&self, scope: &Scope, month: Month, revision: i64, body: Bytes) {
        let today = scope.today;
        let answer = Answer { revision, today, body };
        let mut halves = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        halves.put((scope.user, month), answer);
    }
}

impl Halves {
    fn put(&mut self, key: (Uuid, Month), answer: Answer) {
        self.old.remove(&key);
        self.bytes += answer.body.len();
        if let Some(before) = self.new.insert(key, answer) {
            self.bytes -= before.body.len();
        }
        if self.bytes > HALF {
            self.old = std::mem::take(&mut self.new);
            self.bytes = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::domain::{Calendar, Currency};

    fn november() -> Month {
        Month::from_index(682)
    }

    fn scope(user: u128) -> Scope {
        Scope {
            user: Uuid::from_u128(user),
            currency: Currency::USD,
            calendar: Calendar::default(),
            today: date(2026, 11, 22),
            now: 1,
        }
    }

    #[test]
    fn an_answer_holds_for_its_user_month_revision_and_day() {
        let kept = Summaries::default();
        let ada = scope(1);
        kept.put(&ada, november(), 7, Bytes::from_static(b"seven"));
        assert_eq!(kept.get(&ada, november(), 7), Some(Bytes::from_static(b"seven")));
        assert_eq!(kept.get(&ada, november(), 8), None);
        assert_eq!(kept.get(&ada, november().plus(1), 7), None);
        assert_eq!(kept.get(&scope(2), november(), 7), None);
        let tomorrow = Scope {
            today: date(2026, 11, 23),
            ..ada
        };
        assert_eq!(kept.get(&tomorrow, november(), 7), None);
        kept.put(&ada, november(), 8, Bytes::from_static(b"eight"));
        assert_eq!(kept.get(&ada, november(), 7), None);
    }

    #[test]
    fn memory_is_bounded_and_what_is_asked_for_stays() {
        let kept = Summaries::default();
        let body = Bytes::from(vec![b' '; 10_000]);
        kept.put(&scope(0), november(), 1, body.clone());
        for user in 1..5000 {
            kept.put(&scope(user), november(), 1, body.clone());
            assert!(kept.get(&scope(0), november(), 1).is_some(), "{user}");
        }
        assert_eq!(kept.get(&scope(1), november(), 1), None);
        let halves = kept.0.lock().unwrap();
        let bytes: usize = halves
            .new
            .values()
            .chain(halves.old.values())
            .map(|answer| answer.body.len())
            .sum();
        assert!(bytes <= 2 * HALF + 10_000, "{bytes}");
    }
}
