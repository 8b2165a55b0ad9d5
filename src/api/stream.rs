//! When a client opens a broken event stream again.

use std::time::Duration;

use super::Failure;

/// A stream that was open for less than this counts as a try that did not last.
const LASTING: Duration = Duration::from_secs(10);
/// The shortest pause.
const LEAST: Duration = Duration::from_millis(500);
/// The longest pause that the server did not ask for.
const MOST: Duration = Duration::from_mins(1);
/// The least and the most that something is waited for. Any length between them is as likely, so that the clients of a
/// server that was away do not come back at once.
pub type Between = (Duration, Duration);

/// The pause once another call was answered.
pub const SOON: Between = (LEAST, Duration::from_secs(4));

/// How often the event stream broke off, and what other calls have said of the server since.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Reopening {
    /// Streams in a row that did not last.
    tries: u32,
    /// Whether an answer has shortened the pause already. A stream that breaks off all the same, behind a proxy that
    /// lets none through, is tried less and less often.
    hurried: bool,
    /// Whether the server has said when to come back.
    told: bool,
}

impl Reopening {
    /// The stream is gone, `lived` after it was open if it ever was; the pause before the next one. 0.5 to 1 s after
    /// the first, 0.5 to 60 s from the seventh on, and never before the server asked for.
    #[must_use]
    pub fn lost(&mut self, lived: Option<Duration>, failure: Option<&Failure>) -> Between {
        let lasted = lived.is_some_and(|lived| lived >= LASTING);
        if lasted {
            *self = Self::default();
        }
        self.tries = self.tries.saturating_add(1);
        let most = LEAST.saturating_mul(2_u32.saturating_pow(self.tries)).min(MOST);
        let asked = failure.and_then(Failure::retry_after).filter(|asked| *asked > LEAST);
        self.told = asked.is_some();
        asked.map_or((LEAST, most), |asked| (asked, asked + most))
    }

    /// Another call was not answered: the next answer is news.
    pub fn server_is_away(&mut self) {
        self.hurried = false;
    }

    /// Another call was answered while there is no stream: the pause from now on, where the present one is too long
    /// for a server that is back.
    #[must_use]
    pub fn server_answers(&mut self) -> Option<Between> {
        let hurry = self.tries > 1 && !self.told && !self.hurried;
        self.hurried |= hurry;
        hurry.then_some(SOON)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT_ONCE: Duration = Duration::from_millis(500);

    fn busy(seconds: u64) -> Failure {
        Failure::Busy {
            status: 429,
            message: "Too many.".to_owned(),
            retry_after: Some(Duration::from_secs(seconds)),
        }
    }

    #[test]
    fn a_stream_comes_back_later_and_later_and_when_it_is_told_to() {
        let mut stream = Reopening::default();
        let most: Vec<u128> = (0..8).map(|_| stream.lost(None, None).1.as_millis()).collect();
        assert_eq!(most, [1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000]);
        stream.tries = u32::MAX;
        assert_eq!(stream.lost(None, None), (AT_ONCE, Duration::from_mins(1)));
        let short = Duration::from_millis(9_999);
        assert_eq!(stream.lost(Some(short), None).1, Duration::from_mins(1));
        let first = stream.lost(Some(Duration::from_secs(10)), None);
        assert_eq!(first, (AT_ONCE, Duration::from_secs(1)), "that one lasted");
        let asked = stream.lost(None, Some(&busy(15)));
        assert_eq!(asked, (Duration::from_secs(15), Duration::from_secs(17)));
        assert_eq!(stream.lost(None, Some(&busy(0))).0, AT_ONCE);
    }

    #[test]
    fn an_answer_brings_the_stream_back_soon_but_once() {
        let soon = Some(SOON);
        let mut stream = Reopening::default();
        let _ = stream.lost(Some(LASTING), None);
        assert_eq!(stream.server_answers(), None, "it comes back within a second anyway");
        for _ in 0..6 {
            let _ = stream.lost(None, None);
        }
        assert_eq!(stream.server_answers(), soon);
        assert_eq!(stream.server_answers(), None);
        assert_eq!(stream.lost(None, None).1, Duration::from_mins(1));
        assert_eq!(stream.server_answers(), None, "streams fail though the server is there");
        stream.server_is_away();
        assert_eq!(stream.server_answers(), soon);
        let _ = stream.lost(Some(LASTING), None);
        let _ = stream.lost(None, None);
        assert_eq!(stream.server_answers(), soon, "one has lasted since");
    }

    #[test]
    fn an_answer_does_not_overrule_what_the_server_asked_for() {
        let mut stream = Reopening::default();
        let _ = stream.lost(None, None);
        let _ = stream.lost(None, Some(&busy(30)));
        assert_eq!(stream.server_answers(), None);
        let _ = stream.lost(None, None);
        assert!(stream.server_answers().is_some());
    }
}
