use jiff::ToSpan;
use jiff::civil::{Date, date};
use proptest::prelude::*;

use super::*;
use crate::domain::{Calendar, Month};

/// A month of 30 days that begins on a Sunday.
const NOVEMBER: Date = date(2026, 11, 1);

fn november() -> Month {
    Month::of(NOVEMBER)
}

/// Somebody who has written down something in each of the `months` before November, on every day.
fn known(months: i64) -> Known {
    Known {
        since: Some(november().plus(-months).first_day()),
        months: (0..=months).map(|back| november().plus(-back)).collect(),
    }
}

/// The same purchases in each of the `months` before November: (day, amount).
fn monthly(months: i64, purchases: &[(i8, i64)]) -> Vec<(Date, i64)> {
    let month = |back: i64| {
        let first = november().plus(-back).first_day();
        let on = move |day: i8| first.with().day(day.min(first.days_in_month())).build().unwrap();
        purchases.iter().map(move |(day, minor)| (on(*day), *minor))
    };
    (1..=months).flat_map(month).collect()
}

fn day(day: i8) -> Date {
    date(2026, 11, day)
}

fn on(kind: Kind, today: i8, known: &Known, spent: &[(Date, i64)]) -> Option<Forecast> {
    let history = History::new(Calendar::default(), november(), known, spent.iter().copied());
    month_end(kind, november().progress(day(today)), &history)
}

fn mid(kind: Kind, today: i8, months: i64, before: &[(i8, i64)], now: &[(i8, i64)]) -> i64 {
    let mut spent = monthly(months, before);
    spent.extend(now.iter().map(|(on, minor)| (day(*on), *minor)));
    on(kind, today, &known(months), &spent).unwrap().mid_minor
}

/// Twenty on every second day.
const EVERYDAY: [(i8, i64); 15] = [
    (1, 2000),
    (3, 2000),
    (5, 2000),
    (7, 2000),
    (9, 2000),
    (11, 2000),
    (13, 2000),
    (15, 2000),
    (17, 2000),
    (19, 2000),
    (21, 2000),
    (23, 2000),
    (25, 2000),
    (27, 2000),
    (29, 2000),
];

#[test]
fn without_a_past_the_first_days_say_nothing() {
    let nothing = Known {
        since: Some(NOVEMBER),
        ..known(0)
    };
    let daily: Vec<_> = (1..=10).map(|on| (day(on), 1000)).collect();
    assert_eq!(on(Kind::Flexible, 3, &nothing, &daily[..3]), None);
    assert!(on(Kind::Flexible, 4, &nothing, &daily[..4]).is_some());
    let tenth = on(Kind::Flexible, 10, &nothing, &daily).unwrap().mid_minor;
    assert!((26_000..=30_000).contains(&tenth), "{tenth}");
    assert_eq!(on(Kind::Fixed, 10, &nothing, &daily), None);
    for kind in [Kind::Income, Kind::NotSpending] {
        assert_eq!(on(kind, 10, &nothing, &daily), None);
    }
}

#[test]
fn the_days_before_the_first_expense_are_not_zero() {
    let since_the_tenth = Known {
        since: Some(day(10)),
        months: [november()].into(),
    };
    let daily: Vec<_> = (10..=19).map(|on| (day(on), 1000)).collect();
    assert_eq!(on(Kind::Flexible, 12, &since_the_tenth, &daily[..3]), None);
    let said = on(Kind::Flexible, 19, &since_the_tenth, &daily).unwrap().mid_minor;
    assert!((18_000..=21_000).contains(&said), "{said}");
}

#[test]
fn only_a_running_month_has_a_forecast() {
    let history = History::new(Calendar::default(), november(), &known(6), monthly(6, &EVERYDAY));
    for today in [date(2026, 10, 31), date(2026, 12, 1)] {
        assert_eq!(month_end(Kind::Flexible, november().progress(today), &history), None);
    }
    for today in [NOVEMBER, day(30)] {
        assert!(month_end(Kind::Flexible, november().progress(today), &history).is_some());
    }
}

#[test]
fn usual_spending_is_expected_to_go_on() {
    for today in [1, 7, 14, 21, 28] {
        let so_far: Vec<_> = EVERYDAY.into_iter().filter(|(on, _)| *on <= today).collect();
        let said = mid(Kind::Flexible, today, 6, &EVERYDAY, &so_far);
        assert!((28_000..=31_000).contains(&said), "{today}: {said}");
    }
}

#[test]
fn this_months_pace_moves_the_estimate_but_does_not_make_it() {
    let double: Vec<_> = EVERYDAY.iter().take(7).map(|(on, minor)| (*on, 2 * minor)).collect();
    let said = mid(Kind::Flexible, 14, 6, &EVERYDAY, &double);
    let usual_rest = 28_000 + 16_000;
    let same_pace = 28_000 + 32_000;
    assert!((usual_rest..same_pace - 8000).contains(&said), "{said}");
    assert!(
        said > mid(Kind::Flexible, 14, 12, &EVERYDAY, &double),
        "more past, more weight"
    );
}

#[test]
fn one_large_purchase_does_not_take_over() {
    let calm = mid(Kind::Flexible, 2, 6, &EVERYDAY, &[(1, 2000)]);
    let large = mid(Kind::Flexible, 2, 6, &EVERYDAY, &[(1, 2000), (2, 90_000)]);
    assert!((90_000..92_000).contains(&(large - calm)), "{calm} {large}");
    let first_month = mid(Kind::Flexible, 6, 0, &[], &[(2, 90_000)]);
    assert_eq!(first_month, 90_000);
}

#[test]
fn a_holiday_last_summer_is_not_expected_every_month() {
    let mut spent = monthly(6, &EVERYDAY);
    spent.extend((1..=9).map(|on| (date(2026, 8, 10 + on), 15_000)));
    let said = on(Kind::Flexible, 1, &known(6), &spent).unwrap();
    assert!((28_000..45_000).contains(&said.mid_minor), "{said:?}");
}

#[test]
fn what_is_bought_in_one_month_of_three_is_part_of_the_average_only() {
    let mut spent = monthly(12, &EVERYDAY);
    spent.extend([
        (date(2026, 2, 4), 90_000),
        (date(2026, 5, 21), 70_000),
        (date(2026, 8, 13), 80_000),
        (date(2026, 10, 8), 75_000),
    ]);
    let said = on(Kind::Flexible, 1, &known(12), &spent).unwrap();
    assert!((27_000..33_000).contains(&said.mid_minor), "{said:?}");
    assert!(said.average_minor > said.mid_minor + 10_000, "{said:?}");
}

#[test]
fn a_bill_is_expected_once_on_its_day() {
    let rent = [(3, 120_000)];
    for kind in [Kind::Fixed, Kind::Flexible] {
        assert_eq!(mid(kind, 1, 4, &rent, &[]), 120_000);
        assert_eq!(mid(kind, 20, 4, &rent, &[(3, 120_000)]), 120_000);
        // Early, late, and dearer than before.
        assert_eq!(mid(kind, 2, 4, &rent, &[(1, 120_000)]), 120_000);
        assert_eq!(mid(kind, 8, 4, &rent, &[(6, 126_000)]), 126_000);
    }
    let waits = on(Kind::Fixed, 1, &known(4), &monthly(4, &rent)).unwrap();
    assert_eq!(waits.days_minor[2], 120_000);
    assert_eq!(waits.days_minor.len(), 30);
    assert_eq!(crossing_day(0, 100_000, &waits, november().progress(NOVEMBER)), Some(3));
}

#[test]
fn a_late_bill_is_waited_for() {
    let rent = [(3, 120_000)];
    let waits = on(Kind::Fixed, 10, &known(4), &monthly(4, &rent)).unwrap();
    assert_eq!((waits.days_minor[0], waits.days_minor[1]), (0, 120_000), "tomorrow");
    assert_eq!(mid(Kind::Fixed, 30, 4, &rent, &[]), 120_000, "still on the last day");
    assert_eq!(mid(Kind::Flexible, 8, 4, &rent, &[]), 120_000);
    assert_eq!(mid(Kind::Flexible, 9, 4, &rent, &[]), 0, "given up");
}

#[test]
fn a_bill_of_the_last_day_comes_on_the_last_day_of_every_month() {
    let said = on(Kind::Fixed, 20, &known(5), &monthly(5, &[(31, 5000)])).unwrap();
    assert_eq!(
        said.days_minor.iter().position(|day| *day == 5000),
        Some(10),
        "{said:?}"
    );
}

#[test]
fn a_bill_booked_in_the_next_month_is_not_expected_twice() {
    // Due on the 30th, but September's came on 2 October and October's on 2 November.
    let months = [(7, 30), (6, 30), (8, 31), (10, 2), (11, 2)];
    let spent: Vec<_> = months
        .iter()
        .map(|(month, on)| (date(2026, *month, *on), 80_000))
        .collect();
    let said = on(Kind::Fixed, 10, &known(5), &spent).unwrap();
    assert_eq!(said.mid_minor, 160_000, "one that is paid, one on the 30th: {said:?}");
}

#[test]
fn amounts_of_bills_may_differ_and_the_newest_count_most() {
    let amounts = [9000, 8000, 7000, 6000];
    let months = (1_i64..).zip(amounts);
    let spent: Vec<_> = months
        .map(|(back, minor)| (november().plus(-back).first_day() + 11.days(), minor))
        .collect();
    let said = on(Kind::Fixed, 5, &known(4), &spent).unwrap();
    assert!((8000..9000).contains(&said.mid_minor), "{said:?}");
    assert!(
        said.low_minor < said.mid_minor && said.mid_minor < said.high_minor,
        "{said:?}"
    );
}

#[test]
fn a_quarterly_bill_comes_in_its_month_only() {
    let quarterly = |backs: &[i64]| -> Vec<_> {
        let on = |back: &i64| (november().plus(-back).first_day() + 9.days(), 30_000);
        backs.iter().map(on).collect()
    };
    for kind in [Kind::Fixed, Kind::Flexible] {
        let due = on(kind, 5, &known(10), &quarterly(&[3, 6, 9])).unwrap();
        assert_eq!(due.mid_minor, 30_000);
        let not_yet = on(kind, 5, &known(10), &quarterly(&[2, 5, 8])).unwrap();
        assert_eq!(not_yet.mid_minor, 0);
    }
}

#[test]
fn what_has_ended_is_not_expected() {
    let mut spent = monthly(8, &[(5, 1099)]);
    spent.retain(|(day, _)| *day < date(2026, 9, 1));
    assert_eq!(on(Kind::Fixed, 4, &known(8), &spent).unwrap().mid_minor, 0);
}

#[test]
fn a_bill_beside_everyday_spending_is_told_apart() {
    let mut usual = EVERYDAY.to_vec();
    usual.push((18, 7950));
    let until = |today: i8| -> Vec<_> { usual.iter().copied().filter(|(on, _)| *on <= today).collect() };
    let before = mid(Kind::Flexible, 16, 6, &usual, &until(16));
    let after = mid(Kind::Flexible, 19, 6, &usual, &until(19));
    for said in [before, after] {
        assert!((36_000..=39_500).contains(&said), "{before} {after}");
    }
    // Paid on a day with another purchase.
    let mut shared = until(16);
    shared.push((17, 2000 + 7950));
    let said = mid(Kind::Flexible, 19, 6, &usual, &shared);
    assert!((34_000..=39_500).contains(&said), "{said}");
}

#[test]
fn the_weekly_shop_is_expected_on_its_weekday() {
    let saturdays = date(2026, 5, 2)
        .series(7.days())
        .take_while(|day| *day <= date(2026, 11, 14));
    // Amounts that differ, so that none of them looks like a bill.
    let spent: Vec<_> = (0_i64..)
        .zip(saturdays)
        .map(|(at, day)| (day, 9000 + at * 613 % 4000))
        .collect();
    let said = on(Kind::Flexible, 15, &known(6), &spent).unwrap();
    let (saturday, friday) = (said.days_minor[6], said.days_minor[5]);
    assert!(saturday > 4 * friday, "{said:?}");
    let so_far: i64 = spent
        .iter()
        .filter(|(on, _)| *on >= NOVEMBER)
        .map(|(_, minor)| minor)
        .sum();
    assert!(
        (so_far + 16_000..so_far + 30_000).contains(&said.mid_minor),
        "two Saturdays are left: {said:?}"
    );
}

#[test]
fn months_in_which_nobody_wrote_are_no_zeros() {
    let spent: Vec<_> = monthly(6, &EVERYDAY)
        .into_iter()
        .filter(|(day, _)| day.month() != 9 && day.month() != 10)
        .collect();
    let mut wrote = known(6);
    let zeros = on(Kind::Flexible, 1, &wrote, &spent).unwrap().mid_minor;
    wrote
        .months
        .retain(|month| *month != november().plus(-1) && *month != november().plus(-2));
    let left_out = on(Kind::Flexible, 1, &wrote, &spent).unwrap().mid_minor;
    assert!(zeros < 24_000 && left_out > 26_000, "{zeros} {left_out}");
}

#[test]
fn the_last_day_expects_no_more_purchases() {
    assert_eq!(mid(Kind::Flexible, 30, 6, &EVERYDAY, &EVERYDAY), 30_000);
}

#[test]
fn the_crossing_day_is_that_of_the_expected_path() {
    let forecast = Forecast {
        low_minor: 9000,
        mid_minor: 11_070,
        high_minor: 12_000,
        average_minor: 11_070,
        days_minor: vec![0, 100, 100, 2000, 100, 100, 100, 200, 250],
    };
    let progress = november().progress(day(22));
    assert_eq!(crossing_day(8120, 9000, &forecast, progress), Some(25));
    assert_eq!(crossing_day(8120, 8250, &forecast, progress), Some(24));
    assert_eq!(crossing_day(8120, 11_069, &forecast, progress), Some(30));
    assert_eq!(crossing_day(8120, 11_070, &forecast, progress), None);
    assert_eq!(crossing_day(9100, 9000, &forecast, progress), None);
}

fn any_kind() -> impl Strategy<Value = Kind> {
    prop_oneof![Just(Kind::Flexible), Just(Kind::Fixed)]
}

/// Purchases of the last `months` months up to the 30th of November: (days before it, amount).
fn purchases(months: usize, most: i64) -> impl Strategy<Value = Vec<(usize, i64)>> {
    prop::collection::vec((0..months * 30, 1..=most), 0..months * 12)
}

fn dated(purchases: &[(usize, i64)], until: Date) -> Vec<(Date, i64)> {
    let days = |(before, minor): &(usize, i64)| (day(30) - i64::try_from(*before).unwrap().days(), *minor);
    purchases.iter().map(days).filter(|(day, _)| *day <= until).collect()
}

proptest! {
    #[test]
    fn a_forecast_is_in_order_and_its_path_leads_to_it(
        kind in any_kind(), today in 1_i8..=30, months in 0_i64..=12, bought in purchases(13, 1_000_000), limit in 0_i64..2_000_000,
    ) {
        let spent = dated(&bought, day(today));
        let history = History::new(Calendar::default(), november(), &known(months), spent.iter().copied());
        let progress = november().progress(day(today));
        if let Some(f) = month_end(kind, progress, &history) {
            let so_far = history.spent();
            prop_assert!(so_far <= f.low_minor && f.low_minor <= f.mid_minor && f.mid_minor <= f.high_minor);
            prop_assert!(so_far <= f.average_minor);
            prop_assert_eq!(f.days_minor.len(), usize::from(progress.left()) + 1);
            prop_assert!(f.days_minor.iter().all(|day| *day >= 0));
            prop_assert_eq!(so_far + f.days_minor.iter().sum::<i64>(), f.mid_minor);
            let crossing = crossing_day(so_far, limit, &f, progress);
            prop_assert_eq!(crossing.is_some(), so_far <= limit && limit < f.mid_minor);
            prop_assert!(crossing.is_none_or(|on| (progress.day..=progress.length).contains(&on)));
        }
    }

    #[test]
    fn the_order_of_expenses_does_not_matter(today in 1_i8..=30, bought in purchases(7, 50_000).prop_shuffle()) {
        let mut spent = dated(&bought, day(today));
        let shuffled = on(Kind::Flexible, today, &known(6), &spent);
        spent.sort_unstable();
        prop_assert_eq!(on(Kind::Flexible, today, &known(6), &spent), shuffled);
    }

    /// Dollars or cents, yen or dinars: the model knows no amount of its own.
    #[test]
    fn a_hundred_times_the_money_is_a_hundred_times_the_forecast(kind in any_kind(), today in 1_i8..=30, bought in purchases(7, 50_000)) {
        let spent = dated(&bought, day(today));
        let hundredfold: Vec<_> = spent.iter().map(|(day, minor)| (*day, minor * 100)).collect();
        let (one, hundred) = (on(kind, today, &known(6), &spent), on(kind, today, &known(6), &hundredfold));
        prop_assert_eq!(one.is_some(), hundred.is_some());
        if let (Some(one), Some(hundred)) = (one, hundred) {
            prop_assert!((one.mid_minor * 100 - hundred.mid_minor).abs() <= 50, "{} {}", one.mid_minor, hundred.mid_minor);
        }
    }

    #[test]
    fn extremes_do_not_panic(
        kind in any_kind(), year in prop_oneof![Just(1970_i16), Just(9998), 1970_i16..9998], month in 1_i8..=12, today in 1_i8..=28,
        amounts in prop::collection::vec((any::<i64>(), 0_i64..500), 0..60), since in prop::option::of(0_i64..900),
    ) {
        let first = date(year, month, 1);
        let month = Month::of(first);
        let spent = amounts.iter().map(|(minor, before)| (first.saturating_add(27.days()).saturating_sub(before.days()), *minor));
        let known = Known {
            since: since.map(|before| first.saturating_sub(before.days())),
            months: (0..=13).map(|back| month.plus(-back)).collect(),
        };
        let history = History::new(Calendar::default(), month, &known, spent);
        let progress = month.progress(first.with().day(today).build().unwrap());
        if let Some(f) = month_end(kind, progress, &history) {
            prop_assert!(history.spent() <= f.low_minor && f.low_minor <= f.mid_minor && f.mid_minor <= f.high_minor);
            let _ = crossing_day(history.spent(), i64::MAX, &f, progress);
        }
    }
}
