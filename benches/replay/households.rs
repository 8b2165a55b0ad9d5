//! Households whose money moves as households' money does: bills on their days, a weekly shop, lunches on
//! working days, weekends, rare large purchases, Decembers, holidays, habits that drift.

use budget_tracker::domain::Kind;
use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

use super::dice::Dice;
use super::{Household, Spending};

/// The categories, by the places that [`Spending::category`] names.
const KINDS: [Kind; 11] = [
    Kind::Fixed,    // housing
    Kind::Fixed,    // utilities
    Kind::Fixed,    // subscriptions
    Kind::Fixed,    // insurance
    Kind::Flexible, // groceries
    Kind::Flexible, // dining
    Kind::Flexible, // transport
    Kind::Flexible, // shopping
    Kind::Flexible, // health
    Kind::Flexible, // leisure
    Kind::Flexible, // gifts and travel
];
const HOUSING: usize = 0;
const UTILITIES: usize = 1;
const SUBSCRIPTIONS: usize = 2;
const INSURANCE: usize = 3;
const GROCERIES: usize = 4;
const DINING: usize = 5;
const TRANSPORT: usize = 6;
const SHOPPING: usize = 7;
const HEALTH: usize = 8;
const LEISURE: usize = 9;
const GIFTS_TRAVEL: usize = 10;

/// Every how many months, and in which of them, a bill is due.
#[derive(Clone, Copy)]
struct Rhythm {
    every: i64,
    first: i64,
}

/// A bill.
struct Bill {
    category: usize,
    /// Day of the month; later than the last day is the last day.
    day: i8,
    amount: i64,
    /// How much the amount differs from month to month, permille.
    spread: i64,
    /// How much more it is in January than in July, permille of the amount.
    winter: i64,
    rhythm: Rhythm,
    /// The household's months, counted from its first, in which it exists.
    life: (i64, i64),
}

/// Everyday spending of one category.
struct Habit {
    category: usize,
    /// Purchases in a thousand days, for Monday to Sunday.
    often: [i64; 7],
    /// The amount that half of the purchases stay below, minor units.
    typical: i64,
    /// How often a month, in a thousand, brings a large purchase, and its typical amount.
    large: (i64, i64),
    /// Permille of the usual in December.
    december: i64,
}

const MONTHLY: Rhythm = Rhythm { every: 1, first: 0 };
const ALWAYS: (i64, i64) = (0, i64::MAX);

/// Makes the household of `seed`, for `months` months that begin on some day of the first one.
pub fn household(seed: u64, months: i64) -> Household {
    let mut dice = Dice::new(seed);
    let start = Date::constant(2021, 1, 1).saturating_add(dice.between(0, 1400).days());
    let end = start.first_of_month().saturating_add(months.months());
    let mut book = Book {
        first: start,
        last: end.saturating_sub(1.day()),
        wealth: dice.around(1000, 220),
        next_working_day: dice.chance(500),
        spending: Vec::new(),
    };
    for bill in &bills(&mut dice) {
        book.pay(&mut dice, bill);
    }
    let shop = dice.between(0, 6);
    let trolley = dice.between(5500, 14_000);
    book.shop_weekly(&mut dice, shop, trolley);
    for habit in &habits(&mut dice) {
        book.live(&mut dice, habit);
    }
    book.travel(&mut dice);
    Household {
        kinds: KINDS.to_vec(),
        first: book.first,
        last: book.last,
        spending: book.spending,
    }
}

fn bills(dice: &mut Dice) -> Vec<Bill> {
    let bill = |category, day: i64, amount| Bill {
        category,
        day: i8::try_from(day).unwrap_or(1),
        amount,
        spread: 0,
        winter: 0,
        rhythm: MONTHLY,
        life: ALWAYS,
    };
    let rent_day = if dice.chance(700) { 1 } else { dice.between(2, 31) };
    let mut bills = vec![
        bill(HOUSING, rent_day, dice.between(60_000, 180_000)),
        bill(UTILITIES, dice.between(1, 28), dice.between(2500, 6000)),
        bill(UTILITIES, dice.between(1, 28), dice.between(1500, 5000)),
    ];
    bills.push(Bill {
        spread: 60,
        winter: dice.between(100, 600),
        ..bill(UTILITIES, dice.between(1, 31), dice.between(4000, 12_000))
    });
    if dice.chance(500) {
        bills.push(Bill {
            spread: 80,
            rhythm: rhythm(dice, 3),
            ..bill(UTILITIES, dice.between(5, 25), dice.between(4000, 9000))
        });
    }
    for _ in 0..dice.between(2, 6) {
        let life = match dice.between(0, 9) {
            0 | 1 => (dice.between(2, 12), i64::MAX),
            2 => (0, dice.between(3, 12)),
            _ => ALWAYS,
        };
        bills.push(Bill {
            life,
            ..bill(SUBSCRIPTIONS, dice.between(1, 28), dice.between(299, 1999))
        });
    }
    let every = [1, 3, 6, 12][usize::try_from(dice.between(0, 3)).unwrap_or(0)];
    bills.push(Bill {
        rhythm: rhythm(dice, every),
        ..bill(INSURANCE, dice.between(1, 28), dice.between(3000, 7000) * every)
    });
    if dice.chance(600) {
        bills.push(bill(HEALTH, dice.between(1, 28), dice.between(1900, 5900)));
    }
    if dice.chance(400) {
        bills.push(bill(LEISURE, dice.between(1, 10), dice.between(2000, 9000)));
    }
    if dice.chance(400) {
        bills.push(bill(TRANSPORT, dice.between(1, 5), dice.between(4900, 8900)));
    }
    bills
}

fn rhythm(dice: &mut Dice, every: i64) -> Rhythm {
    Rhythm {
        every,
        first: dice.between(0, every - 1),
    }
}

fn habits(dice: &mut Dice) -> Vec<Habit> {
    let week = |dice: &mut Dice, working: (i64, i64), weekend: (i64, i64)| {
        let (low, high) = (dice.between(working.0, working.1), dice.between(weekend.0, weekend.1));
        [low, low, low, low, i64::midpoint(low, high), high, high * 7 / 10]
    };
    let habit = |category, often, typical, large| Habit {
        category,
        often,
        typical,
        large,
        december: 1000,
    };
    let mut habits = vec![
        habit(
            GROCERIES,
            week(dice, (100, 400), (100, 300)),
            dice.between(700, 1600),
            (0, 0),
        ),
        habit(
            DINING,
            week(dice, (100, 700), (0, 200)),
            dice.between(400, 1200),
            (0, 0),
        ),
        habit(
            DINING,
            week(dice, (20, 90), (200, 600)),
            dice.between(2000, 4500),
            (40, 15_000),
        ),
        habit(
            TRANSPORT,
            week(dice, (50, 400), (20, 200)),
            dice.between(250, 900),
            (30, 30_000),
        ),
        habit(TRANSPORT, [dice.between(60, 150); 7], dice.between(3500, 6000), (0, 0)),
        habit(HEALTH, [dice.between(20, 90); 7], dice.between(800, 2000), (60, 20_000)),
        habit(
            LEISURE,
            week(dice, (20, 90), (80, 300)),
            dice.between(900, 2200),
            (50, 12_000),
        ),
    ];
    habits.push(Habit {
        december: 1500,
        ..habit(
            SHOPPING,
            week(dice, (60, 200), (80, 300)),
            dice.between(1500, 3500),
            (120, 45_000),
        )
    });
    habits.push(Habit {
        december: 4000,
        ..habit(
            GIFTS_TRAVEL,
            [dice.between(15, 70); 7],
            dice.between(1500, 4000),
            (30, 20_000),
        )
    });
    habits
}

/// A household's spending as it is written down.
struct Book {
    first: Date,
    last: Date,
    /// Permille of the usual amounts.
    wealth: i64,
    /// Whether bills of a weekend are booked on the Monday after it.
    next_working_day: bool,
    spending: Vec<Spending>,
}

impl Book {
    fn write(&mut self, day: Date, category: usize, amount: i64) {
        if (self.first..=self.last).contains(&day) {
            let amount = (amount * self.wealth / 1000).max(1);
            self.spending.push(Spending { day, category, amount });
        }
    }

    /// The first days of the months, and the number of each.
    fn months(&self) -> impl Iterator<Item = (i64, Date)> + use<> {
        let last = self.last;
        let firsts = self.first.first_of_month().series(1.month());
        (0..).zip(firsts.take_while(move |first| *first <= last))
    }

    fn pay(&mut self, dice: &mut Dice, bill: &Bill) {
        let mut amount = bill.amount;
        for (number, first) in self.months() {
            if number % 12 == 11 && dice.chance(400) {
                amount = amount * dice.between(1010, 1090) / 1000;
            }
            let this_time = if bill.spread == 0 {
                amount
            } else {
                amount * dice.around(1000, bill.spread) / 1000
            };
            let due = number % bill.rhythm.every == bill.rhythm.first;
            let lives = (bill.life.0..bill.life.1).contains(&number);
            if due && lives {
                // From 6 in January down to 0 in July and up again.
                let cold = i64::from((first.month() - 7).abs());
                let day = first
                    .with()
                    .day(bill.day.min(first.days_in_month()))
                    .build()
                    .unwrap_or(first);
                self.write(
                    self.booked(day),
                    bill.category,
                    this_time * (1000 + bill.winter * (cold - 3) / 3) / 1000,
                );
            }
        }
    }

    fn booked(&self, day: Date) -> Date {
        let late = match day.weekday() {
            Weekday::Saturday => 2,
            Weekday::Sunday => 1,
            _ => 0,
        };
        if self.next_working_day {
            day.saturating_add(late.days())
        } else {
            day
        }
    }

    /// The large shop of the week: nearly always on its weekday.
    fn shop_weekly(&mut self, dice: &mut Dice, weekday: i64, trolley: i64) {
        let mut level = 1000;
        for (_, first) in self.months() {
            level = dice.around(level, 20);
            let month = dice.around(level, 40);
            for day in first.series(1.day()).take_while(|day| day.month() == first.month()) {
                let today = i64::from(day.weekday().to_monday_zero_offset()) == weekday;
                if today && dice.chance(930) {
                    let later = if dice.chance(150) { dice.between(-1, 1) } else { 0 };
                    let amount = trolley * dice.around(month, 110) / 1000;
                    self.write(day.saturating_add(later.days()), GROCERIES, amount);
                }
            }
        }
    }

    /// Everyday purchases; a habit's level drifts, and differs from month to month.
    fn live(&mut self, dice: &mut Dice, habit: &Habit) {
        let mut level = 1000;
        // Some spend more in the days after pay day.
        let early = if dice.chance(400) { 1250 } else { 1000 };
        for (_, first) in self.months() {
            level = dice.around(level, 35).clamp(400, 2500);
            let december = if first.month() == 12 { habit.december } else { 1000 };
            let month = dice.around(level, 90) * december / 1000;
            for day in first.series(1.day()).take_while(|day| day.month() == first.month()) {
                let often = habit.often[usize::try_from(day.weekday().to_monday_zero_offset()).unwrap_or(0)];
                let part = if day.day() <= 10 { early } else { 1500 - early / 2 };
                if dice.chance(often * month / 1000 * part / 1000) {
                    let amount = dice.skewed(habit.typical);
                    self.write(day, habit.category, amount);
                }
            }
            if dice.chance(habit.large.0) {
                let (day, amount) = (dice.between(0, 27), dice.skewed(habit.large.1));
                self.write(first.saturating_add(day.days()), habit.category, amount);
            }
        }
    }

    /// Two or three times a year somebody goes away.
    fn travel(&mut self, dice: &mut Dice) {
        for (_, first) in self.months() {
            let summer = if matches!(first.month(), 7 | 8) { 450 } else { 120 };
            if dice.chance(summer) {
                let start = first.saturating_add(dice.between(0, 27).days());
                let booking = dice.skewed(25_000);
                self.write(start.saturating_sub(dice.between(0, 40).days()), GIFTS_TRAVEL, booking);
                for day in start
                    .series(1.day())
                    .take(usize::try_from(dice.between(2, 9)).unwrap_or(2))
                {
                    let amount = dice.skewed(4500);
                    self.write(day, GIFTS_TRAVEL, amount);
                }
            }
        }
    }
}
