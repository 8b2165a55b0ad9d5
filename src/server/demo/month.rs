//! What the sample user buys in one month: a closed one within its limits, the running one as the story needs it.

use std::collections::HashMap;

use jiff::civil::Date;

use super::habits::{self, BILLS, HABITS, Shop};
use crate::domain::category::DEFAULTS;
use crate::domain::forecast::{self, Known, month_end};
use crate::domain::{Calendar, Kind, Month};

/// Part of its limit that a calm category of the running month stays below: no alert yet.
const CALM_PERCENT: i64 = 78;
/// Part of its limit that a calm category's forecast stays below.
const CALM_FORECAST: i64 = 93;

/// Something bought.
#[derive(Clone, Copy, Debug)]
pub(super) struct Purchase {
    pub day: Date,
    pub category: Option<&'static str>,
    pub description: &'static str,
    pub amount: i64,
}

/// The months made so far.
#[derive(Default)]
pub(super) struct History(Vec<Purchase>);

impl History {
    pub(super) fn add(&mut self, purchases: Vec<Purchase>) {
        self.0.extend(purchases);
    }

    pub(super) fn into_purchases(self) -> Vec<Purchase> {
        self.0
    }

    /// What was bought on which day in a category.
    fn spent<'a>(&'a self, category: &'a str) -> impl Iterator<Item = (Date, i64)> + 'a {
        let bought = self
            .0
            .iter()
            .filter(move |purchase| purchase.category == Some(category));
        bought.map(|purchase| (purchase.day, purchase.amount))
    }

    fn known(&self) -> Known {
        Known {
            since: self.0.iter().map(|purchase| purchase.day).min(),
            months: self.0.iter().map(|purchase| Month::of(purchase.day)).collect(),
        }
    }
}

/// A closed month, `back` months before the running one: within its limits but for one dinner too many.
pub(super) fn closed(month: Month, back: i64) -> Vec<Purchase> {
    let mut spent = Spent::default();
    let mut purchases = usual(month);
    purchases.retain(|purchase| spent.take(purchase, |after, limit| after <= limit));
    let mut special = |category, day, shop: Shop| purchases.push(fixed(month, category, day, shop));
    match back {
        2 => special("Dining", habits::PARTY.0, habits::PARTY.1),
        3 => habits::TRIP
            .iter()
            .for_each(|&(later, shop)| special("Travel", habits::TRIP_DAY + later, shop)),
        4 => special("Travel", habits::FLIGHT.0, habits::FLIGHT.1),
        _ => {}
    }
    for (_, day, shop) in habits::COURSES.iter().filter(|(when, ..)| *when == back) {
        special("Education", *day, *shop);
    }
    purchases
}

/// The running month up to `today`: dining over its limit, transport about to be, the rest calm.
pub(super) fn running(today: Date, history: &History) -> Vec<Purchase> {
    let month = Month::of(today);
    let progress = month.progress(today);
    let mut purchases = story(today);
    let mut spent = Spent::default();
    for purchase in &purchases {
        spent.take(purchase, |_, _| true);
    }
    let known = history.known();
    let scripted = |category: &str| matches!(category, "Dining" | "Transport");
    for purchase in usual(month) {
        let Some(category) = purchase.category else { continue };
        let awaited = category == "Utilities" && purchase.day == month.last_day();
        if purchase.day > today || awaited || scripted(category) {
            continue;
        }
        let calm = |after: i64, limit: i64| {
            let so_far = purchases
                .iter()
                .filter(|p| p.category == Some(category))
                .map(|p| (p.day, p.amount));
            let days = history
                .spent(category)
                .chain(so_far)
                .chain([(purchase.day, purchase.amount)]);
            let days = forecast::History::new(Calendar::default(), month, &known, days);
            let forecast = month_end(kind(category), progress, &days);
            kind(category) == Kind::Fixed
                || (after * 100 <= limit * CALM_PERCENT
                    && forecast.is_none_or(|f| f.mid_minor * 100 <= limit * CALM_FORECAST))
        };
        if spent.take(&purchase, calm) {
            purchases.push(purchase);
        }
    }
    purchases
}

/// What the running month holds on every day of it.
fn story(today: Date) -> Vec<Purchase> {
    let month = Month::of(today);
    let (day, length) = (i64::from(today.day()), i64::from(month.length()));
    let before = |days: i8| (today.day() - days).max(1);
    // A way to the limit that leaves too little for the days that are left, and never passes it.
    let transport = habits::TRANSPORT_LIMIT * (40 * length + 75 * day).min(985 * length / 10) / (100 * length);
    let mut purchases = spread(
        today,
        "Dining",
        habits::DINING_NOW - 1850,
        &DINNERS,
        ("Ristorante Da Nino", 17_000),
    );
    purchases.extend(spread(today, "Transport", transport, &RIDES, ("Shell 0088", 5200)));
    purchases.push(fixed(month, "Dining", today.day(), ("Ramen House 東京", 1850, 1850)));
    purchases.push(fixed(month, "Shopping", before(3), habits::UNSURE));
    for (shop, days) in habits::UNKNOWN.into_iter().zip([4, 9]) {
        let known = fixed(month, "Other", before(days), shop);
        purchases.push(Purchase {
            category: None,
            ..known
        });
    }
    purchases
}

const DINNERS: [(&str, i64); 11] = [
    ("SQ *BLUE BOTTLE 0421 OAKLAND CA", 575),
    ("Chipotle", 1285),
    ("Café Nero", 540),
    ("TST* THAI BASIL - BERKELEY", 1560),
    ("Philz Coffee", 525),
    ("SQ *BLUE BOTTLE 0421 OAKLAND CA", 625),
    ("Sweetgreen", 1395),
    ("Café Nero", 490),
    ("Chipotle", 1145),
    ("Philz Coffee", 610),
    ("Café Nero", 720),
];
const RIDES: [(&str, i64); 7] = [
    ("Uber trip", 1390),
    ("BART CLIPPER", 800),
    ("Parking meter", 350),
    ("Lyft ride", 1120),
    ("BART CLIPPER", 800),
    ("Parking meter", 425),
    ("Uber trip", 1260),
];

/// Purchases up to today that add up to `target`: as many `small` ones as the month is old, and the `big`
/// one's merchant for the rest, in parts of at most its amount.
fn spread(
    today: Date,
    category: &'static str,
    target: i64,
    small: &[(&'static str, i64)],
    big: (&'static str, i64),
) -> Vec<Purchase> {
    let month = Month::of(today);
    let gone = i64::from(today.day()) - 1;
    let day = |part: i64, of: i64| i8::try_from(1 + gone * part / of.max(1)).unwrap_or(1);
    let count = i64::try_from(small.len()).unwrap_or(0) * (gone + 1) / i64::from(month.length());
    let mut left = target;
    let mut purchases = Vec::new();
    for (place, &(name, amount)) in (1..=count).zip(small) {
        left -= amount;
        purchases.push(fixed(month, category, day(place, count), (name, amount, amount)));
    }
    let parts = (left + big.1 - 1) / big.1;
    for place in 0..parts {
        let amount = left / (parts - place);
        left -= amount;
        purchases.push(fixed(
            month,
            category,
            day(2 * place + 1, 2 * parts),
            (big.0, amount, amount),
        ));
    }
    purchases
}

/// What is spent in each category, as purchases are accepted.
#[derive(Default)]
struct Spent(HashMap<&'static str, i64>);

impl Spent {
    /// Accepts a purchase when its category has no limit or `fits` the new sum and the limit.
    fn take(&mut self, purchase: &Purchase, fits: impl Fn(i64, i64) -> bool) -> bool {
        let Some(category) = purchase.category else { return true };
        let sum = self.0.entry(category).or_default();
        let limit = habits::LIMITS.iter().find(|(name, _)| *name == category);
        let accepted = limit.is_none_or(|&(_, limit)| fits(*sum + purchase.amount, limit));
        if accepted {
            *sum += purchase.amount;
        }
        accepted
    }
}

/// Bills and habits of a whole month, by day.
fn usual(month: Month) -> Vec<Purchase> {
    let mut dice = Dice(month.index().unsigned_abs());
    let mut purchases = Vec::with_capacity(90);
    for bill in &BILLS {
        if bill.months.is_empty() || bill.months.contains(&month.first_day().month()) {
            let amount = dice.between(bill.amount.0, bill.amount.1);
            purchases.push(fixed(
                month,
                bill.category,
                bill.day,
                (bill.description, amount, amount),
            ));
        }
    }
    for habit in &HABITS {
        let times = dice.between(habit.times.0, habit.times.1);
        let shops = i64::try_from(habit.shops.len()).unwrap_or(1);
        let start = dice.between(0, shops - 1);
        for time in 0..times {
            let shop = usize::try_from((start + time) % shops).unwrap_or(0);
            let (name, low, high) = habit.shops[shop];
            let amount = dice.between(low, high);
            let hundredths = (time * 100 + dice.between(5, 95)) / times;
            let day = i8::try_from(1 + hundredths * i64::from(month.length()) / 100).unwrap_or(1);
            purchases.push(fixed(month, habit.category, day, (name, amount, amount)));
        }
    }
    purchases.sort_by_key(|purchase| purchase.day);
    purchases
}

/// A purchase on a day of the month, or on its last day when it is shorter.
fn fixed(month: Month, category: &'static str, day: i8, (description, amount, _): Shop) -> Purchase {
    let last = month.last_day();
    Purchase {
        day: month
            .first_day()
            .with()
            .day(day.clamp(1, last.day()))
            .build()
            .unwrap_or(last),
        category: Some(category),
        description,
        amount,
    }
}

fn kind(category: &str) -> Kind {
    DEFAULTS
        .iter()
        .find(|(name, _)| *name == category)
        .map_or(Kind::Flexible, |(_, kind)| *kind)
}

/// `SplitMix64` (Steele, Lea, Flood 2014): small, and the same on every platform and in every version.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from `low` to `high`, both included.
    fn between(&mut self, low: i64, high: i64) -> i64 {
        let span = high.saturating_sub(low).max(0).unsigned_abs() + 1;
        low + (self.next() % span).cast_signed()
    }
}
