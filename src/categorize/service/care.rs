//! Care for a service that is in trouble: it is left alone for a while, and questions are rarely asked twice.

use std::time::Duration;

/// Failures in a row after which a service is left alone.
const FAILURES: u8 = 3;
/// How long it is left alone at first, and at most: each failed probe doubles the time.
const REST: Duration = Duration::from_secs(30);
const LONGEST_REST: Duration = Duration::from_mins(5);
/// A probe that is not heard of for so long is forgotten.
const PROBE: Duration = Duration::from_mins(1);

/// A circuit breaker. Times count from any fixed moment.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Breaker {
    failures: u8,
    rest: Duration,
    state: State,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum State {
    /// Questions go out.
    Closed,
    /// None does until then.
    Open(Duration),
    /// One is on its way and will tell; until then no other goes.
    Probing(Duration),
}

impl Default for Breaker {
    fn default() -> Self {
        Self {
            failures: 0,
            rest: REST,
            state: State::Closed,
        }
    }
}

impl Breaker {
    /// For how long no question goes out; `None` when one may.
    #[must_use]
    pub fn rests(&self, now: Duration) -> Option<Duration> {
        match self.state {
            State::Closed => None,
            State::Open(until) | State::Probing(until) => until.checked_sub(now).filter(|rest| !rest.is_zero()),
        }
    }

    /// Lets a question out, or says for how long none goes. After a rest it is a probe, the only one.
    ///
    /// # Errors
    /// The rest that is left.
    pub fn admit(&mut self, now: Duration) -> Result<(), Duration> {
        if let Some(rest) = self.rests(now) {
            return Err(rest);
        }
        if self.state != State::Closed {
            self.state = State::Probing(now.saturating_add(PROBE));
        }
        Ok(())
    }

    /// A question was answered in time.
    pub fn succeeded(&mut self) {
        *self = Self::default();
    }

    /// A question was not answered, or too late.
    pub fn failed(&mut self, now: Duration) {
        self.failures = self.failures.saturating_add(1);
        match self.state {
            State::Probing(_) => {
                self.rest = (self.rest * 2).min(LONGEST_REST);
                self.open(now, self.rest);
            }
            State::Closed if self.failures >= FAILURES => self.open(now, self.rest),
            State::Closed | State::Open(_) => {}
        }
    }

    /// The service wants to be left alone for `wait`, or cannot help before somebody has changed something.
    pub fn leave_alone(&mut self, now: Duration, wait: Duration) {
        self.open(now, wait.clamp(Duration::from_secs(1), LONGEST_REST));
    }

    fn open(&mut self, now: Duration, rest: Duration) {
        self.state = State::Open(now.saturating_add(rest));
    }
}

/// Tenths of a retry: what a question adds, what a retry costs, what is there at first, what is kept at most.
const EARNED: u32 = 1;
const COST: u32 = 10;
const AT_FIRST: u32 = 30;
const MOST: u32 = 100;

/// Retries that all questions share: one for every ten questions, so that a service in trouble is not asked twice as
/// often as one in health.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RetryBudget(u32);

impl Default for RetryBudget {
    fn default() -> Self {
        Self(AT_FIRST)
    }
}

impl RetryBudget {
    /// A question went out for the first time.
    pub fn earn(&mut self) {
        self.0 = (self.0 + EARNED).min(MOST);
    }

    /// Whether a question may go out once more; if so, that is paid for.
    pub fn spend(&mut self) -> bool {
        let left = self.0.checked_sub(COST);
        self.0 = left.unwrap_or(self.0);
        left.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn at(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    fn broken() -> Breaker {
        let mut breaker = Breaker::default();
        for _ in 0..FAILURES {
            assert_eq!(breaker.admit(at(0)), Ok(()));
            breaker.failed(at(0));
        }
        breaker
    }

    #[test]
    fn it_opens_after_failures_in_a_row() {
        let mut breaker = Breaker::default();
        for _ in 0..20 {
            for _ in 1..FAILURES {
                breaker.failed(at(0));
            }
            breaker.succeeded();
        }
        assert_eq!(breaker.admit(at(0)), Ok(()));
        let mut broken = broken();
        assert_eq!(broken.admit(at(0)), Err(at(30)));
        assert_eq!(broken.admit(at(29)), Err(at(1)));
    }

    #[test]
    fn one_probe_goes_out_and_decides() {
        let mut breaker = broken();
        assert_eq!(breaker.admit(at(30)), Ok(()));
        assert!(breaker.admit(at(30)).is_err(), "a second one waits for the probe");
        breaker.failed(at(31));
        assert_eq!(breaker.admit(at(31)), Err(at(60)));
        assert_eq!(breaker.admit(at(91)), Ok(()));
        breaker.succeeded();
        assert_eq!(breaker, Breaker::default());
    }

    #[test]
    fn rests_grow_to_a_limit_and_a_lost_probe_blocks_nobody() {
        let (mut breaker, mut now) = (broken(), at(0));
        for _ in 0..10 {
            now += breaker.rests(now).unwrap();
            breaker.admit(now).unwrap();
            breaker.failed(now);
        }
        assert_eq!(breaker.rests(now), Some(LONGEST_REST));
        now += LONGEST_REST;
        breaker.admit(now).unwrap();
        assert_eq!(breaker.admit(now + PROBE), Ok(()));
    }

    #[test]
    fn a_service_that_asks_for_a_pause_gets_it() {
        let mut breaker = Breaker::default();
        breaker.leave_alone(at(10), at(7));
        assert_eq!(breaker.admit(at(10)), Err(at(7)));
        assert_eq!(breaker.admit(at(17)), Ok(()));
        breaker.leave_alone(at(20), at(100_000));
        assert_eq!(breaker.rests(at(20)), Some(LONGEST_REST));
    }

    #[test]
    fn retries_are_a_tenth_of_the_questions() {
        let mut budget = RetryBudget::default();
        let spent = (0..1000).filter(|_| {
            budget.earn();
            budget.spend()
        });
        assert_eq!(spent.count(), 103);
        let mut rested = RetryBudget::default();
        (0..1000).for_each(|_| rested.earn());
        assert_eq!((0..50).filter(|_| rested.spend()).count(), 10);
    }
}
