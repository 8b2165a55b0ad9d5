//! What a forecast is made from: one category's spending, day by day.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::{MONTHS_BACK, amount};
use crate::domain::calendar::Calendar;
use crate::domain::month::{Month, Progress};

/// What a user has written down at all, in any category.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Known {
    /// The day of the first expense; `None` when there is none.
    pub since: Option<Date>,
    /// The months with an expense. Another month says nothing about habits: nobody wrote in it.
    pub months: BTreeSet<Month>,
}

/// One category's spending by day, in the month in question and in those before it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct History {
    /// Spent on each day from the first one of the oldest month to the last one of the month in question, minor units.
    days: Vec<i64>,
    /// The month in question.
    pub(super) now: Span,
    /// The months before it in which the user wrote something down, newest first.
    pub(super) past: Vec<Span>,
    /// Weekday of the first of `days`: Monday is 0.
    weekday: usize,
}

/// A month as a part of [`History`]'s days.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Span {
    /// Months before the one in question: 0 for that one.
    pub(super) back: u8,
    /// Place of its first day.
    pub(super) start: usize,
    /// Number of days.
    pub(super) length: usize,
    /// Days at its beginning about which nothing is known.
    pub(super) unknown: usize,
}

impl Span {
    /// Place of the day after its last one.
    pub(super) fn end(self) -> usize {
        self.start + self.length
    }

    /// Place of its first known day; its end when there is none.
    pub(super) fn known(self) -> usize {
        self.start + self.unknown
    }
}

impl History {
    /// Sorts what was `spent` on single days, minor units, round `month`; what lies outside of its year is left out.
    #[must_use]
    pub fn new(calendar: Calendar, month: Month, known: &Known, spent: impl IntoIterator<Item = (Date, i64)>) -> Self {
        let back = u8::try_from(month.index()).unwrap_or(u8::MAX).min(MONTHS_BACK);
        let oldest = calendar.first_day(month.plus(-i64::from(back)));
        let place = |day: Date| usize::try_from((day - oldest).get_days()).ok();
        let span = |back: u8| {
            let month = month.plus(-i64::from(back));
            let (first, length) = (calendar.first_day(month), usize::from(month.length()));
            let unknown = known.since.map_or(0, |since| (since - first).get_days().max(0));
            Span {
                back,
                start: place(first).unwrap_or_default(),
                length,
                unknown: usize::try_from(unknown).unwrap_or_default().min(length),
            }
        };
        let now = span(0);
        let wrote =
            |span: &Span| span.unknown < span.length && known.months.contains(&month.plus(-i64::from(span.back)));
        let mut days = vec![0_i64; now.end()];
        for (day, minor) in spent {
            if let Some(sum) = place(day).and_then(|place| days.get_mut(place)) {
                *sum = sum.saturating_add(minor.max(0));
            }
        }
        Self {
            days,
            now,
            past: (1..=back).map(span).filter(wrote).collect(),
            weekday: usize::try_from(oldest.weekday().to_monday_zero_offset()).unwrap_or_default(),
        }
    }

    /// Spent in the month in question, days after today included; minor units.
    #[must_use]
    pub fn spent(&self) -> i64 {
        self.sum(self.now)
    }

    /// Whether the category was used in a month before the one in question.
    pub(super) fn used_before(&self) -> bool {
        self.past.iter().any(|span| self.sum(*span) > 0)
    }

    /// Place of the day that `progress` calls today.
    pub(super) fn today(&self, progress: Progress) -> usize {
        self.now.start + usize::from(progress.day).clamp(1, self.now.length) - 1
    }

    /// Weekday of the day at `place`: Monday is 0.
    pub(super) fn weekday(&self, place: usize) -> usize {
        (self.weekday + place) % 7
    }

    /// The days as numbers to estimate with.
    pub(super) fn amounts(&self) -> Vec<f64> {
        self.days.iter().map(|minor| amount(*minor)).collect()
    }

    fn sum(&self, span: Span) -> i64 {
        let days = self.days.get(span.start..span.end()).unwrap_or_default();
        days.iter().fold(0, |sum, day| sum.saturating_add(*day))
    }
}
