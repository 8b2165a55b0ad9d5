//! Limits as they are typed: kept, dropped, saved, and refused.

use rstest::rstest;

use super::{DINING, GROCERIES, budgets, november, set, waiting};
use crate::api::ErrorCode;
use crate::app::tests::Bench;
use crate::app::tests::data::{category_id, failure, limit, october, refusal, snapshot};
use crate::app::{Call, Reply};
use crate::domain::Month;

#[rstest]
#[case("150", "+30 ok")]
#[case("120+30", "+30 ok")]
#[case("-10%", "-12 low")]
#[case("120", "same")]
#[case("none", "no limit")]
#[case("=la", "…")]
#[case("=last", "-10 low")]
#[case("=avg", "-2.50 low")]
fn what_is_typed_is_read_back_and_not_sent(#[case] typed: &str, #[case] echo: &str) {
    let mut bench = budgets();
    bench.press("j e").type_text(typed).shows(echo).shows("unsaved: Dining");
    assert!(bench.open.is_empty());
}

/// A limit for Groceries and one for Dining are typed and not saved.
fn two_typed() -> Bench {
    let mut bench = budgets();
    bench.press("e").type_text("500").press("Down").type_text("150");
    bench
}

#[test]
fn several_limits_are_typed_one_after_the_other_and_saved_with_one_key() {
    let mut bench = budgets();
    bench
        .press("e")
        .type_text("500")
        .press("Down")
        .type_text("+30")
        .press("Down Esc");
    bench.shows("unsaved: Groceries 450 → 500, Dining 120 → 150   S saves all");
    bench.shows("limits $2,225 → $2,305 of income $2,800, $495 free");
    assert!(bench.open.is_empty());
    bench.press("S").hides("unsaved");
    assert_eq!(waiting(&bench), [set("Groceries", 50_000), set("Dining", 15_000)]);
    bench.shows("saving");
    bench
        .answer(Reply::Done(Ok(())))
        .shows("Dining: limit $150 from November 2026 on");
}

#[test]
fn enter_saves_one_row_and_leaves_the_others_as_they_were_typed() {
    let mut bench = two_typed();
    bench.press("Enter");
    assert_eq!(waiting(&bench), [set("Dining", 15_000)]);
    bench.answer(Reply::Done(Ok(()))).press("k");
    bench.shows("500 +50 ok").press("Enter");
    assert!(waiting(&bench).contains(&set("Groceries", 50_000)));
}

#[test]
fn esc_drops_one_row_and_only_it() {
    let mut bench = two_typed();
    bench.press("Esc");
    bench.shows("unsaved: Groceries 450 → 500").hides("Dining 120 →");
    bench.press("k Esc").hides("unsaved").shows("Budgets for November 2026");
    bench.press("Esc").shows("Recent expenses");
}

#[test]
fn what_was_typed_outlives_leaving_the_screen_and_quitting_asks() {
    let mut bench = two_typed();
    bench.press("Up Down Up").press("F1 Esc");
    bench.shows("unsaved: Groceries 450 → 500, Dining 120 → 150");
    // An empty field of its own is left by Esc, without a loss.
    bench
        .press("Down Down Esc 1 q")
        .shows("Limits are not saved: S under 3 Budgets saves them. Quit again leaves");
    assert!(!bench.model.wants_quit());
    bench.press("3").shows("500 +50 ok").shows("150 +30 ok");
    bench.press("k Esc k Esc q");
    assert!(bench.model.wants_quit());
}

#[test]
fn a_text_that_is_no_limit_stays_with_the_reason() {
    let mut bench = budgets();
    bench.press("e").type_text("lots").press("Down");
    bench.shows("✗ unread").shows("unsaved: Groceries \"lots\"");
    bench
        .type_text("150")
        .press("F2")
        .shows("Groceries in November 2026 is not saved.");
    assert_eq!(waiting(&bench), [set("Dining", 15_000)]);
    bench.shows("✗ \"lots\" is not a limit. Type a number, =avg, =last or none.");
    bench.type_text("!").hides("✗ \"lots");
    bench.press("^u").type_text("400").press("Enter");
    assert!(waiting(&bench).contains(&set("Groceries", 40_000)));
}

#[test]
fn a_limit_that_the_server_refuses_is_not_lost() {
    let mut bench = budgets();
    bench
        .press("e")
        .type_text("500")
        .press("Enter")
        .answer(Reply::Done(Err(failure())));
    bench.shows("Groceries: the limit is not saved.").shows("500 +50 ok");
    bench.press("Enter");
    assert_eq!(waiting(&bench), [set("Groceries", 50_000)]);
}

#[test]
fn a_limit_that_was_typed_over_while_it_was_on_its_way_stays_unsaved() {
    let mut bench = budgets();
    bench.press("e").type_text("500").press("Enter e ^u").type_text("600");
    bench.press("Enter").shows("This limit is on its way already.");
    bench.answer(Reply::Done(Ok(())));
    bench.shows("+100 ok").press("Enter");
    assert!(waiting(&bench).contains(&set("Groceries", 60_000)));
}

#[test]
fn a_draft_follows_the_limit_it_refers_to() {
    let mut bench = budgets();
    bench.press("e").type_text("+50").shows("unsaved: Groceries 450 → 500");
    let mut newer = snapshot(2);
    newer.summary.categories[GROCERIES].limit_minor = Some(47_000);
    bench.retry(Ok(newer)).shows("unsaved: Groceries 470 → 520");
}

#[test]
fn a_conflict_asks_and_keeping_theirs_drops_what_was_typed() {
    let conflict = || Reply::Done(Err(refusal(ErrorCode::Conflict, "It was changed meanwhile.")));
    let mut newer = snapshot(9);
    newer.summary.categories[GROCERIES].limit_minor = Some(47_000);
    let mut bench = budgets();
    bench.press("e").type_text("500").press("Enter").answer(conflict());
    bench.answer(Reply::Refreshed(Box::new(Ok(newer))));
    bench
        .shows("The limit of Groceries was changed elsewhere")
        .press("1")
        .hides("unsaved");
    bench.press("Esc").shows("Recent expenses");
}

#[test]
fn each_month_has_its_own_drafts() {
    let mut bench = budgets();
    bench.press("e").type_text("500").press("Down Esc [");
    bench
        .press("e")
        .type_text("90")
        .press("Enter")
        .shows("October 2026 is still loading.")
        .press("Esc");
    bench.answer(Reply::Refreshed(Box::new(Ok(october(1)))));
    bench
        .shows("Budgets for October 2026")
        .shows("unsaved: Groceries 450 → 500 in Nov")
        .hides("+50 ok");
    bench.press("e").type_text("90").press("Down Esc S");
    let before = Month::from_index(november().index() - 1);
    let expected = [
        set("Groceries", 50_000),
        Call::SetBudget(before, category_id("Dining"), limit(9000)),
    ];
    assert_eq!(waiting(&bench), expected);
}

#[test]
fn what_is_carried_over_is_no_part_of_the_limit_that_is_typed() {
    let mut carried = snapshot(2);
    let dining = &mut carried.summary.categories[DINING];
    dining.category.carry_over = true;
    (dining.limit_minor, dining.carried_minor) = (Some(13_240), 1240);
    let mut bench = budgets();
    bench.retry(Ok(carried)).press("j").shows("yes +12.40");
    bench
        .press("e")
        .type_text("+30")
        .shows("unsaved: Dining 120 → 150")
        .press("Enter");
    bench.answer(Reply::Done(Ok(()))).press("u");
    assert!(matches!(bench.call(), Call::SetBudget(_, _, body) if body.limit_minor == 12_000));
}

#[test]
fn a_session_that_ends_keeps_what_was_typed() {
    let mut bench = budgets();
    bench.press("e").type_text("500").press("Enter");
    bench
        .answer(Reply::Done(Err(crate::api::Failure::SignedOut)))
        .shows("Log in");
    bench
        .type_text("password123")
        .press("Enter")
        .answer(crate::app::tests::session("newuser"));
    bench.shows("500 +50 ok");
    let mut other = budgets();
    other.press("e").type_text("500").press("Enter");
    other.answer(Reply::Done(Err(crate::api::Failure::SignedOut)));
    other
        .press("S-Tab ^u")
        .type_text("eve")
        .press("Tab")
        .type_text("password123")
        .press("Enter");
    other.answer(crate::app::tests::session("eve")).press("3").hides("500");
}
