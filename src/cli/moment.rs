//! Moments in tables.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::zone;

/// UTC ms as the wall clock of this computer shows it, to the minute.
pub(super) fn shown(ms: i64) -> String {
    written(ms, zone::local(), "%Y-%m-%d %H:%M")
}

/// UTC ms in the form of RFC 3339.
pub(super) fn exact(ms: i64) -> String {
    written(ms, TimeZone::UTC, "%Y-%m-%dT%H:%M:%SZ")
}

fn written(ms: i64, zone: TimeZone, form: &str) -> String {
    Timestamp::from_millisecond(ms)
        .map_or_else(|_| String::new(), |time| time.to_zoned(zone).strftime(form).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_written_and_impossible_ones_are_left_out() {
        assert_eq!(exact(1_795_377_600_000), "2026-11-22T20:00:00Z");
        assert_eq!(shown(i64::MAX), "");
    }
}
