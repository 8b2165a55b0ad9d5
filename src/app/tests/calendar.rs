//! Months that begin on pay day.

use jiff::civil::date;

use super::Bench;
use super::data::{TODAY, snapshot};
use crate::app::{Call, Reply, Snapshot};
use crate::domain::{Calendar, Month};

/// The month that began on 25 October, as the server tells it.
fn since_pay_day(revision: i64) -> Snapshot {
    let mut snapshot = snapshot(revision);
    let summary = &mut snapshot.summary;
    summary.calendar = Calendar::new(25).unwrap();
    summary.month = october();
    summary.daily_minor.push(0);
    for total in &mut summary.months {
        total.month = total.month.plus(-1);
    }
    snapshot
}

fn october() -> Month {
    Month::of(date(2026, 10, 1))
}

fn bench(columns: u16, rows: u16) -> Bench {
    let mut bench = Bench::logged_in(columns, rows);
    bench.retry(Ok(since_pay_day(2)));
    bench
}

#[test]
fn the_month_has_its_name_its_days_and_its_place_of_today() {
    let frame = bench(120, 36).frame();
    // 22 November is the 29th of the 31 days from 25 October on.
    assert!(frame.contains("October 2026  29/31 to 24 Nov"), "{frame}");
    assert!(!frame.contains("November 2026"), "{frame}");
    let axis = frame
        .lines()
        .find(|line| line.contains("│       25 "))
        .unwrap_or_default();
    assert!(axis.contains(" 24 │"), "{frame}");
    assert!(bench(80, 24).frame().contains("Oct 2026 d29/31"));
    assert!(bench(40, 10).frame().contains("Oct 29/31"));
}

#[test]
fn the_current_month_is_the_one_of_today() {
    let mut bench = bench(120, 36);
    bench.press("[");
    let asked = |bench: &Bench| match bench.open.last().map(|(_, call)| call.clone()) {
        Some(Call::Refresh { month, .. }) => month,
        other => panic!("{other:?}"),
    };
    assert_eq!(asked(&bench), Some(october().plus(-1)));
    bench.press("]");
    assert_eq!(asked(&bench), None, "the current one");
    bench.press("]");
    assert_eq!(asked(&bench), Some(october().plus(1)));
    bench.press(".");
    assert_eq!(asked(&bench), None);
}

#[test]
fn what_is_bought_today_belongs_to_the_month_shown() {
    let mut bench = bench(120, 36);
    bench
        .press("a")
        .type_text("tea")
        .press("Tab")
        .type_text("3")
        .press("Enter");
    let Some(Call::Add(new)) = bench.open.last().map(|(_, call)| call.clone()) else {
        panic!("{:?}", bench.open)
    };
    assert_eq!(new.day.unwrap_or(TODAY), TODAY);
    let stored = crate::api::Expense {
        id: new.id,
        day: TODAY,
        ..since_pay_day(2).rows.unwrap().expenses.expenses[0].clone()
    };
    bench.answer(Reply::Stored(Ok(stored)));
    let frame = bench.frame();
    assert!(frame.contains("Added") && !frame.contains("on 22 Nov 2026"), "{frame}");
}

#[test]
fn a_filter_by_month_means_the_budget_month() {
    let mut bench = bench(120, 36);
    bench.press("2 /").type_text("month:oct");
    let frame = bench.frame();
    assert!(frame.contains("Expenses October 2026"), "{frame}");
}
