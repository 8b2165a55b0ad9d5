//! Alerts: what they say, being quiet about them, and what helps.

use jiff::civil::{Date, date};

use super::Bench;
use super::data::{NOW_MS, alert, category_id, october, rows, snapshot};
use crate::api::Alert;
use crate::app::{Call, Msg, Reply, Snapshot};
use crate::domain::{Level, Month};

const DAY_MS: i64 = 86_400_000;
const FIRST_OF_DECEMBER: Date = date(2026, 12, 1);

/// The five alerts of a month: over, forecast, near, one of October, one that is solved.
fn five() -> Snapshot {
    let old = |number, name: &str, level, days: i64| Alert {
        created_at: NOW_MS - days * DAY_MS,
        read: true,
        ..alert(number, name, level)
    };
    let mut list = rows().alerts;
    list.push(Alert {
        spent_minor: 6600,
        limit_minor: 8000,
        ..old(3, "Health", Level::Near, 2)
    });
    list.push(Alert {
        month: Month::of(date(2026, 10, 1)),
        spent_minor: 48_140,
        limit_minor: 45_000,
        ..old(4, "Groceries", Level::Over, 22)
    });
    list.push(Alert {
        spent_minor: 0,
        limit_minor: 10_000,
        resolved_at: Some(NOW_MS - 20 * DAY_MS),
        ..old(5, "Shopping", Level::Over, 24)
    });
    let mut snapshot = snapshot(2);
    snapshot.rows.as_mut().unwrap().alerts = list;
    snapshot
}

fn alerts(columns: u16, rows: u16) -> Bench {
    let mut bench = Bench::logged_in(columns, rows);
    bench.retry(Ok(five())).press("4");
    bench.model.toast = None;
    bench
}

/// The call that silences the first alert, or ends that.
fn quiet(until: Option<Date>) -> Call {
    Call::Snooze(rows().alerts[0].id, until)
}

#[test]
fn each_alert_says_what_happened_when_and_how_it_stands() {
    let mut bench = alerts(120, 36);
    bench
        .shows("2 new, 4 this month   f all")
        .shows("is over its limit by $5.80")
        .shows("will pass $90 on 25 Nov (forecast $110.49)")
        .shows("reached 83% with 33% of the month left")
        .shows("October closed $31.40 over")
        .shows("is back under its limit after a change")
        .shows("06:14  ● new")
        .shows("2 d  ○ read")
        .shows("22 d  ○ read")
        .shows("24 d  ✓ solved");
    bench.shows("went over on 22 Nov 06:14 with Ramen House 東京 $18.50");
    insta::assert_snapshot!(
        "five_alerts",
        [(120, 36), (80, 24), (40, 10)]
            .map(|(columns, rows)| format!("{columns} x {rows}\n{}", alerts(columns, rows).frame()))
            .join("\n\n")
    );
}

#[test]
fn an_age_changes_at_midnight_and_at_no_other_minute() {
    let mut bench = alerts(120, 36);
    let first = bench.frame();
    for minute in 15..60 {
        bench.now = bench.now.date().at(8, minute, 0, 0);
        bench.unix_ms += 60_000;
        bench.send(Msg::Minute);
    }
    let without_header = |frame: &str| frame.lines().skip(1).collect::<Vec<_>>().join("\n");
    assert_eq!(without_header(&bench.frame()), without_header(&first));
    bench.now = date(2026, 11, 23).at(0, 1, 0, 0);
    bench.unix_ms = NOW_MS + DAY_MS * 16 / 24;
    bench.send(Msg::Minute);
    bench.shows("1 d  ● new").shows("3 d  ○ read");
}

#[test]
fn the_filter_goes_round() {
    let mut bench = alerts(120, 36);
    bench
        .press("f")
        .shows("f new")
        .shows("Transport")
        .hides("October")
        .hides("Shopping");
    bench
        .press("f")
        .shows("f this month")
        .shows("Shopping")
        .hides("October closed");
    bench.press("f").shows("f all").shows("October closed");
    bench.press("f X").shows("Nothing new.").shows("f shows the others.");
    bench.press("z").shows("There is no alert here to silence.");
}

#[test]
fn a_silenced_category_is_not_counted_and_not_told() {
    let mut bench = alerts(120, 36);
    bench.shows("▲2").press("z");
    assert_eq!(*bench.call(), quiet(Some(FIRST_OF_DECEMBER)));
    bench.answer(Reply::Done(Ok(()))).shows("Silenced Dining until 1 Dec");
    bench
        .shows("▲1")
        .shows("⊘ silent")
        .shows("z end the silence about Dining (until 1 Dec)");
    let mut news = five();
    news.summary.revision = 3;
    let list = &mut news.rows.as_mut().unwrap().alerts;
    list[0].snoozed_until = Some(FIRST_OF_DECEMBER);
    list.insert(
        0,
        Alert {
            snoozed_until: Some(FIRST_OF_DECEMBER),
            ..alert(9, "Dining", Level::Forecast)
        },
    );
    bench.model.toast = None;
    bench.answer(Reply::Refreshed(Box::new(Ok(news))));
    bench.shows("▲1").hides("Dining is over its $120 limit");
    assert_eq!(bench.model.title(), "budget: 82% ▲1");
    // On the day itself it may be told again.
    bench.now = FIRST_OF_DECEMBER.at(8, 0, 0, 0);
    bench.unix_ms += 9 * DAY_MS;
    bench.send(Msg::Minute);
    bench.shows("3 new");
}

#[test]
fn silence_ends_with_the_same_key_and_can_be_taken_back() {
    let mut bench = alerts(120, 36);
    bench.press("z z").shows("This is on its way.");
    bench.answer(Reply::Done(Ok(())));
    bench.open.clear();
    bench.press("u");
    assert_eq!(*bench.call(), quiet(None));
    bench
        .answer(Reply::Done(Ok(())))
        .shows("Took back: silenced Dining until 1 Dec")
        .shows("▲2");
    bench.open.clear();
    bench.press("^r");
    assert_eq!(*bench.call(), quiet(Some(FIRST_OF_DECEMBER)));
    bench.answer(Reply::Done(Ok(()))).shows("▲1");
    bench.open.clear();
    bench.press("z");
    assert_eq!(*bench.call(), quiet(None));
    bench
        .answer(Reply::Done(Ok(())))
        .shows("Ended the silence about Dining")
        .shows("▲2");
}

#[test]
fn raising_a_limit_begins_with_one_that_is_enough() {
    for key in ["l", "e"] {
        let mut bench = alerts(120, 36);
        bench
            .press("j")
            .press(key)
            .shows("unsaved: Transport 90 → 115")
            .shows("+25 ok");
        assert!(bench.open.is_empty());
        bench.press("Enter");
        assert!(matches!(bench.call(), Call::SetBudget(_, id, body)
            if *id == category_id("Transport") && body.limit_minor == 11_500));
    }
    // What is typed takes the place of the proposal; what is changed in it keeps it.
    let mut typed = alerts(120, 36);
    typed.press("j l").type_text("130").shows("unsaved: Transport 90 → 130");
    let mut changed = alerts(120, 36);
    changed
        .press("j l Backspace")
        .type_text("8")
        .shows("unsaved: Transport 90 → 118");
    let mut again = alerts(120, 36);
    again
        .press("j l")
        .type_text("130")
        .press("Down Esc 4 l")
        .shows("Transport 90 → 130");
}

#[test]
fn the_help_leads_to_silence_and_to_a_higher_limit() {
    let mut bench = Bench::logged_in(120, 36);
    bench
        .press("?")
        .type_text("silence")
        .shows("silence it, or not")
        .shows("Alerts");
    bench
        .press("^u")
        .type_text("raise")
        .shows("raise or lower a limit")
        .shows("raise the limit");
    bench
        .press("Esc Esc :")
        .type_text("raise")
        .press("Enter")
        .shows("type a number");
    let footer = alerts(80, 24).footer();
    assert!(
        footer.contains("z silence") && footer.contains("l raise limit"),
        "{footer}"
    );
}

#[test]
fn what_is_told_about_a_category_is_changed_from_its_alert() {
    let mut bench = alerts(120, 36);
    bench.shows("A rules: 80%, 100% and the forecast");
    bench.press("A").shows("Budgets for").shows(" 80 100 fc");
    bench.press("^u").type_text("100").press("Enter");
    assert!(matches!(bench.call(), Call::EditCategory(id, patch)
        if *id == category_id("Dining") && patch.alert_at.is_some_and(|rules| rules.over && !rules.forecast)));
}

#[test]
fn an_alert_of_another_month_leads_to_that_month_for_money_and_limits() {
    let mut bench = alerts(120, 36);
    bench
        .press("j j j")
        .shows("October closed")
        .hides("to spare")
        .press("m");
    assert!(matches!(bench.call(), Call::Refresh { month: Some(month), .. } if month.to_string() == "2026-10"));
    bench
        .shows("Loading October 2026.")
        .press("Enter")
        .shows("Loading October 2026.");
    bench.answer(Reply::Refreshed(Box::new(Ok(october(2)))));
    bench.shows("Move money to Groceries");
}
