//! Replays months of spending day by day and compares what is forecast with what the months came to.

pub mod alerts;
pub mod dice;
mod households;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use budget_tracker::domain::category::DEFAULTS;
use budget_tracker::domain::forecast::{History, Known, month_end};
use budget_tracker::domain::{Calendar, Forecast, Kind, Month};
use budget_tracker::server::demo;
use jiff::ToSpan;
use jiff::civil::Date;

/// The days of a month on which forecasts are compared.
pub const DAYS: [u8; 3] = [7, 14, 21];

/// Somebody's spending.
pub struct Household {
    /// The kind of each category; a spending names its category by the place in this list.
    pub kinds: Vec<Kind>,
    /// The day on which everything began.
    pub first: Date,
    /// The last day of the last month.
    pub last: Date,
    /// In no order.
    pub spending: Vec<Spending>,
}

/// One purchase or bill.
pub struct Spending {
    /// On this day.
    pub day: Date,
    /// Place in [`Household::kinds`].
    pub category: usize,
    /// Minor units.
    pub amount: i64,
}

/// `count` generated households of `months` months each; others for another `seed`.
pub fn households(seed: u64, count: u64, months: i64) -> Vec<Household> {
    (0..count)
        .map(|number| households::household(seed * 10_000 + number, months))
        .collect()
}

/// The sample user on the first day of each month of `years`: the seven or eight closed months that it has then.
pub fn sample_users(years: Range<i16>) -> Vec<Household> {
    let place = |name: &str| DEFAULTS.iter().position(|(known, _)| *known == name);
    let sample = |today: Date| Household {
        kinds: DEFAULTS.iter().map(|(_, kind)| *kind).collect(),
        first: today.saturating_sub(8.months()).saturating_add(1.day()),
        last: today.saturating_sub(1.day()),
        spending: demo::generate(today)
            .expenses
            .iter()
            .filter(|expense| expense.day < today)
            .filter_map(|expense| {
                Some(Spending {
                    day: expense.day,
                    category: place(expense.category?)?,
                    amount: expense.amount_minor,
                })
            })
            .collect(),
    };
    years
        .flat_map(|year| (1..=12).map(move |month| Date::constant(year, month, 1)))
        .map(sample)
        .collect()
}

/// Sums of absolute errors over the forecasts of one day of the month; minor units.
#[derive(Clone, Copy, Default, Debug)]
pub struct Errors {
    /// How many forecasts.
    pub count: i64,
    /// Of [`month_end`].
    pub ours: i64,
    /// Of "spent so far / days gone * days of the month".
    pub straight: i64,
    /// Of "as much as last month".
    pub last_month: i64,
    /// How many months came to an amount inside the range that was given.
    pub inside: i64,
}

/// The errors by day of the month.
pub type Table = BTreeMap<u8, Errors>;

/// What a replay found.
#[derive(Default)]
pub struct Findings {
    /// Months that were replayed.
    pub months: i64,
    /// Each category by itself.
    pub categories: Table,
    /// Whole months, over all categories.
    pub totals: Table,
    /// Categories in months with no whole month before them: nothing to compare "last month" with.
    pub first_categories: Table,
    /// Such months over all categories.
    pub first_totals: Table,
}

/// Replays all months of `households`.
pub fn replay(households: &[Household]) -> Findings {
    let mut findings = Findings::default();
    for household in households {
        let book = Book::of(household);
        for month in book.months() {
            findings.months += 1;
            for day in DAYS {
                // Nobody asks before the first day.
                if household.first < on(month, day) {
                    findings.compare(&book, month, day);
                }
            }
        }
    }
    findings
}

impl Findings {
    fn compare(&mut self, book: &Book<'_>, month: Month, day: u8) {
        let (categories, totals) = if book.household.first <= month.plus(-1).first_day() {
            (&mut self.categories, &mut self.totals)
        } else {
            (&mut self.first_categories, &mut self.first_totals)
        };
        let mut total = Guesses::default();
        for category in book.spending_categories() {
            let guesses = book.guess(category, month, day);
            total.add(&guesses);
            if guesses.actual > 0 || guesses.ours > 0 || guesses.last_month > 0 {
                categories.entry(day).or_default().count(&guesses);
            }
        }
        total.ours = total.average;
        totals.entry(day).or_default().count(&total);
    }
}

/// What was said on one day, and what the month came to.
#[derive(Default)]
struct Guesses {
    ours: i64,
    average: i64,
    range: (i64, i64),
    straight: i64,
    last_month: i64,
    actual: i64,
}

impl Guesses {
    fn add(&mut self, other: &Self) {
        self.average += other.average;
        self.straight += other.straight;
        self.last_month += other.last_month;
        self.actual += other.actual;
    }
}

impl Errors {
    fn count(&mut self, guesses: &Guesses) {
        let away = |guess: i64| (guess - guesses.actual).abs();
        self.count += 1;
        self.ours += away(guesses.ours);
        self.straight += away(guesses.straight);
        self.last_month += away(guesses.last_month);
        self.inside += i64::from((guesses.range.0..=guesses.range.1).contains(&guesses.actual));
    }
}

/// A household's spending by category.
struct Book<'a> {
    household: &'a Household,
    known: Known,
    spent: Vec<Vec<(Date, i64)>>,
    totals: Vec<BTreeMap<Month, i64>>,
}

impl<'a> Book<'a> {
    fn of(household: &'a Household) -> Self {
        let known = Known {
            since: Some(household.first),
            months: BTreeSet::new(),
        };
        let mut book = Self {
            household,
            known,
            spent: vec![Vec::new(); household.kinds.len()],
            totals: vec![BTreeMap::new(); household.kinds.len()],
        };
        for spending in &household.spending {
            let month = Month::of(spending.day);
            book.known.months.insert(month);
            book.spent[spending.category].push((spending.day, spending.amount));
            *book.totals[spending.category].entry(month).or_default() += spending.amount;
        }
        book
    }

    fn months(&self) -> impl Iterator<Item = Month> + use<> {
        let last = Month::of(self.household.last).index();
        (Month::of(self.household.first).index()..=last).map(Month::from_index)
    }

    fn spending_categories(&self) -> impl Iterator<Item = usize> + '_ {
        let kinds = self.household.kinds.iter().enumerate();
        kinds.filter(|(_, kind)| kind.is_spending()).map(|(place, _)| place)
    }

    fn total(&self, category: usize, month: Month) -> i64 {
        self.totals[category].get(&month).copied().unwrap_or_default()
    }

    /// What is spent and what is forecast at the end of `day`.
    fn forecast(&self, category: usize, month: Month, day: u8) -> (i64, Option<Forecast>) {
        let today = on(month, day);
        let until_today = self.spent[category].iter().copied().filter(|(day, _)| *day <= today);
        let history = History::new(Calendar::default(), month, &self.known, until_today);
        let kind = self.household.kinds[category];
        (history.spent(), month_end(kind, month.progress(today), &history))
    }

    fn guess(&self, category: usize, month: Month, day: u8) -> Guesses {
        let (spent, forecast) = self.forecast(category, month, day);
        // Nothing said: what is spent already is what the screen shows.
        let or_spent = |of: fn(&Forecast) -> i64| forecast.as_ref().map_or(spent, of);
        Guesses {
            ours: or_spent(|f| f.mid_minor),
            average: or_spent(|f| f.average_minor),
            range: (or_spent(|f| f.low_minor), or_spent(|f| f.high_minor)),
            straight: straight_line(spent, month, day),
            last_month: self.total(category, month.plus(-1)),
            actual: self.total(category, month),
        }
    }
}

fn straight_line(spent: i64, month: Month, day: u8) -> i64 {
    spent * i64::from(month.length()) / i64::from(day)
}

/// The day of a month, counted from 1.
fn on(month: Month, day: u8) -> Date {
    month.first_day().saturating_add(i64::from(day - 1).days())
}
