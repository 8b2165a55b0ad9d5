use std::collections::BTreeSet;
use std::sync::LazyLock;

use jiff::civil::date;

use super::*;
use crate::domain::budget::{Outlook, Standing};
use crate::domain::category::DEFAULTS;
use crate::domain::forecast::{History, Known, month_end};
use crate::domain::text::{MAX_DESCRIPTION, clean};
use crate::domain::{Calendar, Kind};

/// Every day of 2026, and the days round a leap day.
static DAYS: LazyLock<Vec<(Date, DemoData)>> = LazyLock::new(|| {
    let year = date(2026, 1, 1).series(1.day()).take(365);
    let leap = date(2028, 2, 1).series(1.day()).take(31);
    let months_after = date(2028, 10, 27).series(1.day()).take(4);
    year.chain(leap)
        .chain(months_after)
        .map(|today| (today, generate(today)))
        .collect()
});

fn spent(data: &DemoData, month: Month, category: &str) -> i64 {
    let counted = |e: &&DemoExpense| e.category == Some(category) && month.contains(e.day);
    data.expenses.iter().filter(counted).map(|e| e.amount_minor).sum()
}

fn limit(data: &DemoData, month: Month, category: &str) -> Option<i64> {
    let known = |b: &&DemoBudget| b.category == category && b.month <= month;
    data.budgets
        .iter()
        .filter(known)
        .max_by_key(|b| b.month)
        .map(|b| b.limit_minor)
}

/// How each category stands on `today`.
fn outlooks(today: Date, data: &DemoData) -> Vec<(&'static str, Outlook)> {
    let month = Month::of(today);
    let progress = month.progress(today);
    let known = Known {
        since: data.expenses.first().map(|e| e.day),
        months: data.expenses.iter().map(|e| Month::of(e.day)).collect(),
    };
    DEFAULTS
        .iter()
        .map(|&(name, kind)| {
            let bought = data.expenses.iter().filter(|e| e.category == Some(name));
            let history = History::new(
                Calendar::default(),
                month,
                &known,
                bought.map(|e| (e.day, e.amount_minor)),
            );
            let forecast = month_end(kind, progress, &history);
            let standing = Standing {
                kind,
                spent: history.spent(),
                limit: limit(data, month, name),
                forecast: forecast.as_ref(),
                calendar: Calendar::default(),
                month,
                progress,
            };
            (name, standing.outlook())
        })
        .collect()
}

#[test]
fn one_is_over_one_is_about_to_be_one_is_unused_and_the_rest_is_calm() {
    for (today, data) in DAYS.iter() {
        let outlooks = outlooks(*today, data);
        let named = |risk: u8| -> Vec<_> {
            outlooks
                .iter()
                .filter(|(_, o)| o.risk() == risk)
                .map(|(n, _)| *n)
                .collect()
        };
        let context = format!("{today}: {outlooks:?}");
        assert_eq!(named(0), ["Dining"], "{context}");
        // With a day or none left, a pace says little; a bill that has not come still does.
        let expected = if Month::of(*today).progress(*today).left() > 1 {
            vec!["Transport", "Utilities"]
        } else {
            vec!["Utilities"]
        };
        let about_to_be = named(1);
        assert!(expected.iter().all(|name| about_to_be.contains(name)), "{context}");
        assert!(
            about_to_be.iter().all(|name| ["Transport", "Utilities"].contains(name)),
            "{context}"
        );
        assert!(named(5).contains(&"Education"), "{context}");
    }
}

#[test]
fn there_are_some_600_expenses_of_all_categories_none_in_the_future() {
    for (today, data) in DAYS.iter() {
        let count = data.expenses.len();
        assert!((560..=640).contains(&count), "{today}: {count}");
        let start = today.saturating_sub(8.months());
        assert!(
            data.expenses.iter().all(|e| start < e.day && e.day <= *today),
            "{today}"
        );
        assert!(data.expenses.is_sorted_by_key(|e| e.day), "{today}");
        let used: BTreeSet<_> = data.expenses.iter().filter_map(|e| e.category).collect();
        assert_eq!(used, DEFAULTS.iter().map(|(name, _)| *name).collect(), "{today}");
    }
}

#[test]
fn every_expense_can_be_stored() {
    for (today, data) in DAYS.iter() {
        for e in &data.expenses {
            assert_eq!(
                clean(&e.description, MAX_DESCRIPTION).as_deref(),
                Ok(e.description.as_str())
            );
            assert!(e.amount_minor > 0 && e.confidence <= 100, "{today}: {e:?}");
            assert_eq!(e.category.is_none(), e.source == CategorySource::None, "{e:?}");
        }
        let month = Month::of(*today);
        let waiting: Vec<_> = data.expenses.iter().filter(|e| e.category.is_none()).collect();
        assert_eq!(waiting.len(), 2);
        assert!(waiting.iter().all(|e| month.contains(e.day)));
        let unsure = data
            .expenses
            .iter()
            .find(|e| e.description.starts_with("PP*4421"))
            .unwrap();
        assert_eq!(unsure.source, CategorySource::Model);
        assert_eq!(Sureness::of(unsure.confidence), Sureness::Unsure);
    }
}

#[test]
fn past_months_keep_their_limits_but_one() {
    for (today, data) in DAYS.iter() {
        let month = Month::of(*today);
        for back in 1..=7 {
            let past = month.plus(-back);
            let over: Vec<_> = DEFAULTS
                .iter()
                .filter(|(name, _)| limit(data, past, name).is_some_and(|limit| spent(data, past, name) > limit))
                .map(|(name, _)| *name)
                .collect();
            assert_eq!(over, if back == 2 { vec!["Dining"] } else { vec![] }, "{today}, {past}");
        }
    }
}

#[test]
fn budgets_belong_to_spending_and_some_categories_have_none() {
    let data = generate(date(2026, 11, 22));
    let limited: BTreeSet<_> = data.budgets.iter().map(|b| b.category).collect();
    assert_eq!(limited.len(), 12);
    for name in &limited {
        let kind = DEFAULTS.iter().find(|(known, _)| known == name).map(|(_, kind)| *kind);
        assert!(kind.is_some_and(Kind::is_spending), "{name}");
    }
    assert!(data.budgets.iter().all(|b| b.limit_minor > 0));
}

#[test]
fn months_look_alike_and_the_holiday_stands_out() {
    let data = generate(date(2026, 11, 22));
    let month = Month::of(date(2026, 11, 22));
    let total = |month: Month| -> i64 {
        let spending = DEFAULTS.iter().filter(|(_, kind)| kind.is_spending());
        spending.map(|(name, _)| spent(&data, month, name)).sum()
    };
    for back in 1..=7 {
        let sum = total(month.plus(-back));
        assert!((250_000..450_000).contains(&sum), "{back}: {sum}");
    }
    assert!(spent(&data, month.plus(-3), "Travel") > 60_000);
}

#[test]
fn a_day_always_gives_the_same_and_any_day_is_safe() {
    assert_eq!(generate(date(2026, 7, 31)), generate(date(2026, 7, 31)));
    for day in [
        Date::MIN,
        Date::MAX,
        date(1970, 1, 1),
        date(1970, 5, 3),
        date(9998, 12, 31),
    ] {
        let _ = generate(day);
    }
}
