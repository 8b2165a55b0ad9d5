//! Months that begin on pay day.

use jiff::civil::date;

use super::Bench;
use super::data::{TODAY, alert, classic_snapshot, refusal, snapshot};
use crate::api::{AccountPatch, ErrorCode};
use crate::app::{Call, Reply, Settings, Snapshot};
use crate::domain::{Calendar, Level, Month};
use crate::ui::BarStyle;

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

#[test]
fn what_is_typed_for_a_day_counts_in_its_budget_month() {
    let mut bench = bench(120, 36);
    bench
        .press("a")
        .type_text("tea 3 2026-10-25 #dining")
        .hides("counts in");
    bench.press("^u").type_text("tea 3 2026-10-24 #dining");
    bench.shows("counts in September 2026");
}

#[test]
fn an_alert_is_silenced_until_the_next_month_begins() {
    let mut bench = bench(120, 36);
    bench.press("4").shows("25 Nov").press("z");
    let Call::Snooze(_, until) = bench.call() else {
        panic!("{:?}", bench.open)
    };
    assert_eq!(*until, Some(date(2026, 11, 25)));
}

#[test]
fn the_days_beside_the_bars_are_those_of_the_month() {
    let mut bench = bench(160, 40);
    bench.model.settings.skin.bars = BarStyle::Days;
    let frame = bench.frame();
    let titles = frame.lines().find(|line| line.contains("outlook")).unwrap_or_default();
    assert!(titles.contains("  25 ") && titles.contains(" 24 "), "{frame}");
}

/// The configuration wants months to begin on the 25th; the account's begin on the first.
fn wishing() -> Bench {
    let settings = Settings {
        user: Some("newuser".to_owned()),
        calendar: Some(Calendar::new(25).unwrap()),
        ..Settings::default()
    };
    let mut bench = Bench::with(settings, 120, 36);
    bench.answer(Reply::Refreshed(Box::new(Ok(snapshot(1)))));
    bench
}

fn edits(bench: &Bench) -> usize {
    let edit = |(_, call): &&(u64, Call)| matches!(call, Call::EditAccount(_));
    bench.open.iter().filter(edit).count()
}

#[test]
fn the_account_is_changed_once_to_what_the_configuration_says() {
    let mut bench = wishing();
    let wanted = AccountPatch { month_start: Some(25) };
    assert_eq!(*bench.call(), Call::EditAccount(wanted));
    let mut since = since_pay_day(2);
    since
        .rows
        .as_mut()
        .unwrap()
        .alerts
        .insert(0, alert(99, "Groceries", Level::Over));
    bench
        .answer(Reply::Done(Ok(())))
        .answer(Reply::Refreshed(Box::new(Ok(since))))
        .shows("October 2026  29/31 to 24 Nov")
        .shows("Alerts ▲3")
        // The alerts that come of it do not hide it.
        .shows("Months begin on the 25th now, as month_start says.");
    // Somebody changed it elsewhere: two computers do not fight over it.
    bench.retry(Ok(snapshot(3))).shows("November 2026  day 22 of 30");
    assert_eq!(edits(&bench), 0);
}

#[test]
fn a_server_that_knows_no_such_months_is_told_about_and_left_alone() {
    let mut bench = wishing();
    let refused = refusal(ErrorCode::MethodNotAllowed, "Not this way.");
    bench
        .answer(Reply::Done(Err(refused)))
        .shows("Months begin on the 1st still: the server does not take month_start. Not this way.")
        .shows("November 2026  day 22 of 30");
    bench.retry(Ok(snapshot(2))).press("2").shows("Expenses November 2026");
    assert_eq!(edits(&bench), 0);
}

#[test]
fn an_account_that_is_as_configured_stays_untouched() {
    for numbers in [since_pay_day(2), classic_snapshot()] {
        let mut bench = wishing();
        bench.model.forget_user();
        bench.model.settings.user = Some("newuser".to_owned());
        let mut bench = Bench::with(bench.model.settings, 120, 36);
        bench.answer(Reply::Refreshed(Box::new(Ok(numbers))));
        assert_eq!(edits(&bench), 0);
    }
}
