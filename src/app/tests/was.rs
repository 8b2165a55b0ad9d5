//! What gave way: told once, and listed for an expense.

use uuid::Uuid;

use super::Bench;
use super::data::{category_id, refusal, snapshot};
use crate::api::{ErrorCode, HistoryRow, Replaced};
use crate::app::{Call, Reply};

fn row(revision: i64, expense_id: Option<Uuid>, change: Replaced) -> HistoryRow {
    HistoryRow {
        id: Uuid::from_u128(u128::from(revision.unsigned_abs())),
        expense_id,
        revision,
        at: super::data::expense(1, 22, "", None, 1).created_at,
        change,
    }
}

/// What may have been anything.
pub fn gave_way(how: u8, text: &str) -> Vec<HistoryRow> {
    let limit = Replaced::LimitMinor {
        category_id: category_id("Dining"),
        month: "2026-11".parse().unwrap(),
        was: Some(i64::MIN),
        now: None,
    };
    let amount = Replaced::AmountMinor {
        was: i64::MAX,
        now: i64::MIN,
    };
    let words = Replaced::Description {
        was: text.to_owned(),
        now: String::new(),
    };
    let all = [limit, amount, words];
    (0..how % 12)
        .map(|n| row(i64::from(n), None, all[usize::from(n) % 3].clone()))
        .collect()
}

fn amount(was: i64, now: i64) -> Replaced {
    Replaced::AmountMinor { was, now }
}

/// The numbers of revision 5, with this news.
fn with_news(history: Vec<HistoryRow>) -> Reply {
    let mut news = snapshot(5);
    news.rows.as_mut().unwrap().history = history;
    Reply::Refreshed(Box::new(Ok(news)))
}

fn first_expense(bench: &Bench) -> Uuid {
    bench.model.data.expenses[0].id
}

#[test]
fn what_gave_way_elsewhere_is_told_once() {
    let mut bench = Bench::logged_in(120, 36);
    let id = first_expense(&bench);
    bench.send(crate::app::Msg::Revision(5));
    assert!(
        matches!(bench.call(), Call::Refresh { seen: Some(1), .. }),
        "{:?}",
        bench.call()
    );
    let limit = Replaced::LimitMinor {
        category_id: category_id("Dining"),
        month: "2026-11".parse().unwrap(),
        was: Some(12_000),
        now: None,
    };
    bench.answer(with_news(vec![
        row(4, Some(id), amount(1200, 1400)),
        row(3, None, limit.clone()),
    ]));
    bench.shows("Ramen House 東京: amount is $14.00 now, not $12.00. And 1 more. w on it in 2 Expenses tells more.");
    bench.send(crate::app::Msg::Revision(6));
    assert!(
        matches!(bench.call(), Call::Refresh { seen: Some(5), .. }),
        "{:?}",
        bench.call()
    );
    bench.answer(with_news(vec![row(6, None, limit)]));
    bench.shows("Dining: limit is none now, not $120.");
}

#[test]
fn what_this_user_has_replaced_is_no_news() {
    let mut bench = Bench::logged_in(120, 36);
    let id = first_expense(&bench);
    bench.press("2 e").type_text("!").press("Enter");
    let mut stored = super::data::expense(1, 22, "Ramen House 東京!", Some("Dining"), 1850);
    stored.revision = 5;
    bench.answer(Reply::Stored(Ok(stored)));
    bench.answer(with_news(vec![row(5, Some(id), amount(1200, 1850))]));
    bench.shows("Saved Ramen House 東京!").hides("not $12.00");
}

#[test]
fn an_expense_tells_what_it_was() {
    let mut bench = Bench::logged_in(120, 36);
    let id = first_expense(&bench);
    bench.press("2 w").shows("What it was").shows("Asking what it was.");
    assert_eq!(*bench.call(), Call::History(id));
    let words = Replaced::Description {
        was: "Noodles".to_owned(),
        now: "Ramen House 東京".to_owned(),
    };
    let category = Replaced::CategoryId {
        was: None,
        now: Some(category_id("Dining")),
    };
    let rows = vec![
        row(9, Some(id), amount(1200, 1850)),
        row(8, Some(id), words),
        row(7, Some(id), category),
    ];
    bench.answer(Reply::History(Ok(rows)));
    insta::assert_snapshot!(bench.frame());
    bench.press("Esc").hides("What it was");
    bench.press("w").answer(Reply::History(Ok(Vec::new())));
    bench
        .shows("No change of somebody else was overwritten here.")
        .press("Enter");
    bench.press("w Esc w");
    bench.answer(Reply::History(Err(refusal(
        ErrorCode::NotFound,
        "There is no such expense.",
    ))));
    bench
        .shows("There is no such expense.")
        .press("Esc")
        .hides("What it was");
}

#[test]
fn a_long_history_fits_into_a_small_window() {
    let frames = [(80, 24), (40, 10)].map(|(columns, rows)| {
        let mut bench = Bench::logged_in(columns, rows);
        let id = first_expense(&bench);
        bench.press("2 w");
        let rows = (0..12).map(|n| row(20 - n, Some(id), amount(1200 + n, 1201 + n)));
        bench.answer(Reply::History(Ok(rows.collect())));
        bench.frame()
    });
    insta::assert_snapshot!(frames.join("\n\n"));
}
