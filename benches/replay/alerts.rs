//! Replays the alerts that a forecast raises: whether they came true, and whether they came and went.

use budget_tracker::domain::alert::Facts;
use budget_tracker::domain::{AlertRules, Forecast, Kind, Level, Month};

use super::{Book, Household, on, straight_line};

/// Whole months before a limit is set: their mean is the limit.
const MONTHS_FOR_A_LIMIT: i64 = 3;

/// What became of the alerts of one way to forecast.
#[derive(Clone, Copy, Default, Debug)]
pub struct Alerts {
    /// Budgets replayed, each one month of one category.
    pub budgets: i64,
    /// Budgets that were passed in the end.
    pub passed: i64,
    /// Budgets of which it was told that they will be passed, before they were.
    pub told: i64,
    /// Those of them that were.
    pub came_true: i64,
    /// Times that an alert was withdrawn and came back in the same month.
    pub came_back: i64,
}

/// The alerts of this forecast, and those that a straight line would have raised from the fourth day on.
pub fn replay_alerts(households: &[Household]) -> (Alerts, Alerts) {
    let (mut ours, mut straight) = (Alerts::default(), Alerts::default());
    for household in households {
        let book = Book::of(household);
        for month in book.months() {
            if household.first > month.plus(-MONTHS_FOR_A_LIMIT).first_day() {
                continue;
            }
            for category in book.spending_categories() {
                let before = (1..=MONTHS_FOR_A_LIMIT).map(|back| book.total(category, month.plus(-back)));
                let limit = before.sum::<i64>() / MONTHS_FOR_A_LIMIT;
                if limit > 0 {
                    let forecast = |day| book.forecast(category, month, day);
                    let line = |day| {
                        let spent = book.forecast(category, month, day).0;
                        (
                            spent,
                            (day >= 4).then(|| {
                                Forecast::evenly(
                                    spent,
                                    straight_line(spent, month, day),
                                    month.progress(on(month, day)),
                                )
                            }),
                        )
                    };
                    let fixed = household.kinds[category] == Kind::Fixed;
                    let passed = book.total(category, month) > limit;
                    ours.follow(month, (limit, fixed, passed), forecast);
                    straight.follow(month, (limit, fixed, passed), line);
                }
            }
        }
    }
    (ours, straight)
}

impl Alerts {
    /// Judges a budget at the end of each day of `month`.
    fn follow(
        &mut self,
        month: Month,
        (limit, fixed, passed): (i64, bool, bool),
        on_day: impl Fn(u8) -> (i64, Option<Forecast>),
    ) {
        let (mut open, mut told) = (false, false);
        for day in 1..=month.length() {
            let (spent, forecast) = on_day(day);
            let facts = Facts {
                spent,
                limit: Some(limit),
                forecast,
                closed: false,
                fixed,
                rules: AlertRules::default(),
            };
            if facts.holds(Level::Over) {
                break;
            }
            let raised = !open && facts.raises(Level::Forecast);
            self.came_back += i64::from(raised && told);
            open = if open { facts.holds(Level::Forecast) } else { raised };
            told |= open;
        }
        self.budgets += 1;
        self.passed += i64::from(passed);
        self.told += i64::from(told);
        self.came_true += i64::from(told && passed);
    }
}
