//! Quiet hours: when nobody wants to be disturbed.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Time;
use thiserror::Error;

/// A stretch of every day in local time, which may go past midnight.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct QuietHours {
    /// The first quiet minute.
    from: Time,
    /// The first minute that is not quiet any more.
    to: Time,
}

/// A text that is no such stretch.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("Write two different times of the day, for example 22:00-07:00.")]
pub struct QuietError;

impl QuietHours {
    /// Whether `time` lies inside.
    #[must_use]
    pub fn contains(&self, time: Time) -> bool {
        if self.from < self.to {
            (self.from..self.to).contains(&time)
        } else {
            time >= self.from || time < self.to
        }
    }
}

impl FromStr for QuietHours {
    type Err = QuietError;

    /// Reads `22:00-07:00`, and `22-7`.
    fn from_str(text: &str) -> Result<Self, QuietError> {
        let (from, to) = text.split_once('-').ok_or(QuietError)?;
        let (from, to) = (clock(from).ok_or(QuietError)?, clock(to).ok_or(QuietError)?);
        if from == to {
            Err(QuietError)
        } else {
            Ok(Self { from, to })
        }
    }
}

impl fmt::Display for QuietHours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.from.strftime("%H:%M"), self.to.strftime("%H:%M"))
    }
}

/// Reads `22:00` or `22`.
fn clock(text: &str) -> Option<Time> {
    let text = text.trim();
    let (hour, minute) = text.split_once(':').unwrap_or((text, "00"));
    let number = |part: &str, lengths: &[usize]| {
        let digits = lengths.contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
        digits.then(|| part.parse::<i8>().ok()).flatten()
    };
    Time::new(number(hour, &[1, 2])?, number(minute, &[2])?, 0, 0).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::time;
    use proptest::prelude::*;
    use rstest::rstest;

    #[rstest]
    #[case("22:00-07:00", "22:00-07:00")]
    #[case("22-7", "22:00-07:00")]
    #[case(" 8:30 - 12:00 ", "08:30-12:00")]
    fn reads_what_people_write(#[case] text: &str, #[case] shown: &str) {
        assert_eq!(text.parse::<QuietHours>().unwrap().to_string(), shown);
    }

    #[rstest]
    #[case("")]
    #[case("22:00")]
    #[case("24:00-07:00")]
    #[case("22:60-07:00")]
    #[case("22:0-07:00")]
    #[case("8-8")]
    #[case("-1-5")]
    #[case("22:00-07:00-08:00")]
    fn refuses_what_is_no_stretch(#[case] text: &str) {
        assert_eq!(text.parse::<QuietHours>(), Err(QuietError));
    }

    #[test]
    fn a_night_goes_past_midnight() {
        let night: QuietHours = "22:00-07:00".parse().unwrap();
        assert!(
            night.contains(time(22, 0, 0, 0)) && night.contains(time(0, 0, 0, 0)) && night.contains(time(6, 59, 59, 0))
        );
        assert!(!night.contains(time(7, 0, 0, 0)) && !night.contains(time(21, 59, 0, 0)));
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(text in "([01][0-9]|2[0-3]):[0-5][0-9]-([01][0-9]|2[0-3]):[0-5][0-9]") {
            if let Ok(quiet) = text.parse::<QuietHours>() {
                prop_assert_eq!(quiet.to_string(), text);
            } else {
                prop_assert_eq!(&text[..5], &text[6..]);
            }
        }

        #[test]
        fn a_stretch_and_its_turn_are_the_whole_day(a in 0_i8..24, b in 0_i8..24, hour in 0_i8..24) {
            prop_assume!(a != b);
            let one: QuietHours = format!("{a}-{b}").parse().unwrap();
            let other: QuietHours = format!("{b}-{a}").parse().unwrap();
            let now = time(hour, 30, 0, 0);
            prop_assert!(one.contains(now) != other.contains(now));
        }

        #[test]
        fn any_text_is_safe(text in "\\PC{0,16}") {
            let _ = text.parse::<QuietHours>();
        }
    }
}
