//! Lists: cursors, filters, limits.

use rstest::rstest;

use super::Bench;
use super::data::{category_id, limit, october, rows, snapshot};
use crate::api::{ExpensePage, Found};
use crate::app::{Call, Msg, Reply, Timer};

/// The row that the cursor is on: the only name cell that is reversed without colours.
fn under_cursor(bench: &Bench) -> String {
    let mut bench_model = bench.model.clone();
    bench_model.settings.skin.theme = crate::ui::Theme::mono();
    let (columns, rows) = bench_model.size;
    let mut terminal = ratatui::Terminal::new(ratatui::backend::TestBackend::new(columns, rows)).unwrap();
    terminal.draw(|frame| crate::app::view(&bench_model, frame)).unwrap();
    let buffer = terminal.backend().buffer();
    let reversed = |y: u16| -> String {
        (0..columns)
            .map(|x| &buffer[(x, y)])
            .filter(|cell| cell.modifier.contains(ratatui::style::Modifier::REVERSED))
            .map(ratatui::buffer::Cell::symbol)
            .collect()
    };
    // The first row has the active tab.
    let names: Vec<String> = (1..rows).map(reversed).collect();
    names
        .into_iter()
        .map(|name| name.trim().to_owned())
        .find(|name| !name.is_empty() && !name.starts_with("over"))
        .unwrap_or_default()
}

#[test]
fn sorting_keeps_the_category_under_the_cursor() {
    let mut bench = Bench::logged_in(120, 36);
    bench.press("j j");
    let name = under_cursor(&bench);
    assert!(name.starts_with("Groceries"), "{name}");
    for order in ["by name", "by spent", "by limit", "by risk"] {
        bench.press("s").shows(order);
        assert_eq!(under_cursor(&bench), name);
    }
}

/// The server found these rows of the month.
fn found(names: &[&str], spent_minor: i64) -> Reply {
    let mut expenses = rows().expenses.expenses;
    expenses.retain(|row| names.iter().any(|name| row.description.starts_with(name)));
    let found = Found {
        count: i64::try_from(expenses.len()).unwrap(),
        spent_minor,
        of: 8,
    };
    Reply::Found(Ok(ExpensePage {
        expenses,
        found: Some(found),
        next: None,
    }))
}

/// Answers the newest search.
fn answer_find(bench: &mut Bench, reply: Reply) -> &mut Bench {
    bench.open.retain(|(_, call)| matches!(call, Call::Find(_)));
    bench.answer(reply)
}

#[test]
fn a_filter_matches_as_it_is_typed_and_esc_clears_it() {
    let mut bench = Bench::logged_in(120, 36);
    bench.press("2 /").type_text("DIN").shows("2 so far").hides("REWE");
    bench.type_text("zz").timer(Timer::Rest).shows("Searching.");
    let answer = found(&[], 0);
    answer_find(&mut bench, answer).shows("Nothing matches \"DINzz\"");
    bench.press("Backspace Backspace Enter j").shows("2 of 2");
    assert!(under_cursor(&bench).starts_with("Ristorante"));
    bench.press("Esc").shows("REWE").shows("of 8");
    bench.press("Esc").shows("Recent expenses");
}

#[test]
fn q_is_a_letter_in_a_filter() {
    let mut bench = Bench::logged_in(120, 36);
    bench.press("2 / q").shows("/ q");
    assert!(!bench.model.wants_quit());
}

#[test]
fn a_category_opens_its_own_expenses_only() {
    let mut bench = Bench::logged_in(120, 36);
    bench.press("Enter").shows("cat:dining").shows("2 so far");
    bench
        .answer(found(&["Ramen House", "Ristorante"], 11_140))
        .shows("2 of 8, $111.40");
}

#[test]
fn an_expense_of_the_overview_opens_in_the_list() {
    let mut bench = Bench::logged_in(120, 36);
    bench.press("Tab j j Enter").shows("3 of 8");
    assert!(under_cursor(&bench).starts_with("Cinema"));
}

#[test]
fn an_alert_leads_to_its_expenses_and_its_limit() {
    let mut bench = Bench::logged_in(120, 36);
    bench.press("S-Tab Enter").shows("2 new, 2 this month");
    bench.press("Enter").shows("cat:dining");
    bench.press("4 e").type_text("150").press("Enter");
    assert!(
        matches!(bench.call(), Call::SetBudget(_, id, body) if *id == category_id("Dining") && *body == limit(15_000))
    );
}

#[test]
fn an_alert_of_another_month_leads_there() {
    let mut bench = Bench::logged_in(120, 36);
    let mut old = snapshot(2);
    old.rows.as_mut().unwrap().alerts[0].month = "2026-10".parse().unwrap();
    bench.retry(Ok(old)).press("4 Enter");
    let asks = |call: &&Call| matches!(call, Call::Refresh { month: Some(m), .. } if m.to_string() == "2026-10");
    assert!(bench.calls().iter().any(asks));
    bench.open.retain(|(_, call)| asks(&call));
    bench.answer(Reply::Refreshed(Box::new(Ok(october(2)))));
    bench.shows("Expenses October 2026").shows("cat:dining");
}

#[rstest]
#[case("150", 15_000)]
#[case("+30", 15_000)]
#[case("-10%", 10_800)]
#[case("0", 0)]
fn a_limit_is_set(#[case] typed: &str, #[case] minor: i64) {
    let mut bench = Bench::logged_in(120, 36);
    bench.press("e").type_text(typed).press("Enter").hides("unsaved");
    assert!(
        matches!(bench.call(), Call::SetBudget(_, id, body) if *id == category_id("Dining") && *body == limit(minor))
    );
}

#[test]
fn a_limit_that_is_wrong_says_so_and_stays() {
    let mut bench = Bench::logged_in(120, 36);
    bench
        .press("3 Enter")
        .type_text("-900")
        .press("Enter")
        .shows("A limit cannot fall below zero.");
    bench
        .press("Backspace")
        .hides("below zero")
        .press("^c")
        .shows("This limit is not saved");
    bench.press("Esc").shows("A limit holds from this month on");
    assert!(bench.open.is_empty());
}

#[test]
fn a_limit_is_cleared_and_only_where_there_is_one() {
    let mut bench = Bench::logged_in(120, 36);
    bench.press("3 c").shows("unsaved: Groceries 450 → none").press("Enter");
    assert!(matches!(bench.call(), Call::ClearBudget(_, id, Some(1)) if *id == category_id("Groceries")));
    bench
        .answer(Reply::Done(Ok(())))
        .shows("Groceries: no limit from November 2026 on");
    let mut empty = Bench::empty(120, 36);
    empty.press("3 c").shows("There is no limit to clear here.");
}

#[test]
fn a_window_that_shrinks_keeps_the_cursor_in_sight() {
    let mut bench = Bench::logged_in(120, 36);
    bench.press("2 G");
    for (columns, rows) in [(40, 10), (80, 24), (60, 6), (120, 36)] {
        bench.send(Msg::Resize(columns, rows));
        assert!(under_cursor(&bench).starts_with("Rent"), "{}", bench.frame());
    }
}

#[test]
fn a_small_window_has_no_panes_to_go_to() {
    let mut bench = Bench::logged_in(120, 36);
    bench.press("Tab");
    bench.send(Msg::Resize(40, 10));
    bench.press("j");
    assert!(under_cursor(&bench).starts_with("Transport"));
    assert!(!bench.footer().contains("Tab"));
}
