//! The budgets editor: what is typed, kept, saved and dropped; and the categories themselves.

use super::Bench;
use super::data::{category_id, limit, snapshot};
use crate::app::Call;
use crate::domain::{Kind, Month};

mod categories;
mod drafts;
mod suggestions;

const GROCERIES: usize = 0;
const DINING: usize = 1;

fn november() -> Month {
    "2026-11".parse().unwrap()
}

fn budgets() -> Bench {
    let mut bench = Bench::logged_in(120, 36);
    bench.press("3");
    bench
}

/// The calls that wait for an answer, oldest first.
fn waiting(bench: &Bench) -> Vec<Call> {
    bench.open.iter().map(|(_, call)| call.clone()).collect()
}

fn set(name: &str, minor: i64) -> Call {
    Call::SetBudget(november(), category_id(name), limit(minor))
}

#[test]
fn before_the_last_payday_limits_are_compared_with_the_usual_income() {
    let mut bench = budgets();
    let mut early = snapshot(2);
    early.summary.income_minor = 120_000;
    let income = early
        .summary
        .categories
        .iter_mut()
        .find(|c| c.category.kind == Kind::Income);
    income.unwrap().past_minor = vec![0, 0, 250_000, 310_000, 280_000, 270_000];
    bench
        .retry(Ok(early.clone()))
        .shows("limits $2,225 of usual income $2,700, $475 free");
    early.summary.income_minor = 290_000;
    bench
        .retry(Ok(early))
        .shows("limits $2,225 of income $2,900, $675 free");
}

#[test]
fn a_field_whose_category_goes_closes() {
    for keys in ["e 5", "r !", "A"] {
        let mut bench = budgets();
        bench.press("G k").press(keys);
        let mut fewer = snapshot(2);
        fewer.summary.categories.retain(|c| c.category.name != "Subscriptions");
        bench.retry(Ok(fewer)).hides("Subscriptions  ");
        assert!(bench.footer().contains("q quit"), "{keys}: {}", bench.footer());
    }
}

#[test]
fn what_takes_no_limit_says_so() {
    let mut bench = budgets();
    bench.press("G").shows("Income takes no limit");
    for keys in ["e", "m", "A", "o"] {
        bench.press(keys).shows("takes no limit");
        assert!(bench.open.is_empty(), "{keys}");
    }
    // It is passed over while limits are typed.
    bench
        .press("k e Down")
        .type_text("50")
        .shows("unsaved: Subscriptions 45 → 50");
}

#[test]
fn a_five_call_server_shows_limits_and_changes_none() {
    let mut bench = Bench::classic(120, 36);
    bench
        .press("3")
        .shows("its limits can be seen, not changed")
        .hides("copy from");
    for keys in ["e", "t", "c", "C", "n", "r", "A", "f", "o", "d", "m"] {
        bench.press(keys).shows("is not possible here");
        assert!(bench.open.is_empty(), "{keys}");
    }
}
