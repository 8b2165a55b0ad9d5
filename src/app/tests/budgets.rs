//! The budgets editor: what is typed, kept, saved and dropped; and the categories themselves.

use rstest::rstest;
use uuid::Uuid;

use super::Bench;
use super::data::{category_id, failure, limit, october, refusal, snapshot};
use crate::api::{Category, CategoryPatch, ErrorCode, NewCategory};
use crate::app::{Call, Msg, Reply, Snapshot, Timer};
use crate::domain::{AlertRules, Kind, Month};

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

/// Dining was passed in two of six months.
fn with_a_past() -> Snapshot {
    let mut snapshot = snapshot(2);
    snapshot.summary.categories[DINING].past_minor = vec![9800, 11_300, 10_900, 12_700, 11_200, 15_000];
    snapshot
}

/// The calls that wait for an answer, oldest first.
fn waiting(bench: &Bench) -> Vec<Call> {
    bench.open.iter().map(|(_, call)| call.clone()).collect()
}

fn set(name: &str, minor: i64) -> Call {
    Call::SetBudget(november(), category_id(name), limit(minor))
}

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
        .shows("sum $2,225 of usual income $2,700, $475 free");
    early.summary.income_minor = 290_000;
    bench.retry(Ok(early)).shows("sum $2,225 of income $2,900, $675 free");
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
    bench.shows("sum $2,225 → $2,305 of income $2,800, $495 free");
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
    let mut bench = budgets();
    bench
        .press("e")
        .type_text("500")
        .press("Down")
        .type_text("150")
        .press("Enter");
    assert_eq!(waiting(&bench), [set("Dining", 15_000)]);
    bench.answer(Reply::Done(Ok(()))).press("k");
    bench.shows("500 +50 ok").press("Enter");
    assert!(waiting(&bench).contains(&set("Groceries", 50_000)));
}

#[test]
fn esc_drops_one_row_and_only_it() {
    let mut bench = budgets();
    bench
        .press("e")
        .type_text("500")
        .press("Down")
        .type_text("150")
        .press("Esc");
    bench.shows("unsaved: Groceries 450 → 500").hides("Dining 120 →");
    bench.press("k Esc").hides("unsaved").shows("Budgets for November 2026");
    bench.press("Esc").shows("Recent expenses");
}

#[test]
fn what_was_typed_outlives_leaving_the_screen_and_quitting_asks() {
    let mut bench = budgets();
    bench
        .press("e")
        .type_text("500")
        .press("Down")
        .type_text("150")
        .press("Up Down Up")
        .press("F1 Esc");
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
fn a_suggestion_is_taken_with_one_key() {
    let mut bench = budgets();
    bench.retry(Ok(with_a_past())).press("j");
    bench.shows("Suggestion: Dining averaged $118 for 6 months, 2 over; t take $130.");
    bench
        .press("t")
        .shows("130 +10 ok")
        .shows("Nothing is sent before Enter.");
    assert!(bench.open.is_empty());
    bench.press("Enter");
    assert!(matches!(bench.call(), Call::SetBudget(_, _, body) if body.limit_minor == 13_000));
    let mut fits = budgets();
    fits.press("t").shows("No suggestion for Groceries");
    assert!(!fits.footer().contains("take hint"));
}

#[test]
fn the_limits_of_the_month_before_are_written_in_where_they_differ() {
    let mut bench = budgets();
    bench.press("C");
    let expected = Call::Refresh {
        month: Some(Month::from_index(november().index() - 1)),
        known: Some(1),
    };
    assert_eq!(*bench.call(), expected);
    let mut before = october(1);
    before.rows = None;
    before.summary.categories[GROCERIES].limit_minor = Some(40_000);
    before.summary.categories[DINING].limit_minor = None;
    bench.answer(Reply::Refreshed(Box::new(Ok(before))));
    bench.shows("2 limits of October are written in: S saves them.");
    bench.shows("Budgets for November 2026").shows("-50 ok").press("S");
    let clear = Call::ClearBudget(november(), category_id("Dining"));
    assert_eq!(waiting(&bench), [set("Groceries", 40_000), clear]);
}

#[test]
fn limits_that_cannot_be_copied_say_why() {
    let mut bench = budgets();
    bench.press("C").answer(Reply::Refreshed(Box::new(Ok(october(1)))));
    bench.shows("October had the same limits.");
    bench.press("C").answer(Reply::Refreshed(Box::new(Err(failure()))));
    bench.shows("connection refused");
    // The answer comes when the user has gone on to another month.
    bench.press("C ]");
    let (id, _) = bench.open.remove(0);
    let mut before = october(1);
    before.summary.categories[GROCERIES].limit_minor = Some(40_000);
    bench.send(Msg::Reply(id, Reply::Refreshed(Box::new(Ok(before)))));
    bench.hides("written in").hides("-50");
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

/// Makes the change with `keys`, answers it, takes it back and does it again.
fn there_and_back(keys: &str, made: &str, after: &CategoryPatch, before: &CategoryPatch) {
    let id = category_id("Dining");
    let mut bench = budgets();
    bench.press("j").press(keys);
    assert_eq!(*bench.call(), Call::EditCategory(id, after.clone()));
    bench.answer(Reply::Done(Ok(()))).shows(made).shows("u undo");
    bench.open.clear();
    bench.press("u");
    assert_eq!(*bench.call(), Call::EditCategory(id, before.clone()));
    bench.answer(Reply::Done(Ok(()))).shows("Took back: ");
    bench.open.clear();
    bench.press("^r");
    assert_eq!(*bench.call(), Call::EditCategory(id, after.clone()));
    bench.answer(Reply::Done(Ok(()))).shows("Did again: ");
}

fn named(name: &str) -> CategoryPatch {
    CategoryPatch {
        name: Some(name.to_owned()),
        ..CategoryPatch::default()
    }
}

#[test]
fn a_category_is_renamed_and_back() {
    let keys = "r ^u O u t Enter";
    there_and_back(keys, "Renamed Dining to Out", &named("Out"), &named("Dining"));
}

#[test]
fn a_category_is_fixed_or_flexible() {
    let kind = |kind| CategoryPatch {
        kind: Some(kind),
        ..CategoryPatch::default()
    };
    there_and_back("f", "Made Dining fixed", &kind(Kind::Fixed), &kind(Kind::Flexible));
}

#[test]
fn a_category_carries_over_or_not() {
    let carry = |carry_over| CategoryPatch {
        carry_over: Some(carry_over),
        ..CategoryPatch::default()
    };
    there_and_back("o", "Let Dining carry over", &carry(true), &carry(false));
}

#[test]
fn a_category_alerts_when_it_is_told_to() {
    let rules = |text: &str| CategoryPatch {
        alert_at: Some(text.parse().unwrap()),
        ..CategoryPatch::default()
    };
    let keys = "A ^u 7 5 Space F C Enter";
    there_and_back(
        keys,
        "Set the alerts of Dining to 75% and the forecast",
        &rules("75 fc"),
        &rules("80 100 fc"),
    );
}

#[test]
fn a_category_is_hidden_after_a_question_and_comes_back() {
    let hide = |hidden| CategoryPatch {
        hidden: Some(hidden),
        ..CategoryPatch::default()
    };
    let mut bench = budgets();
    bench
        .press("j d")
        .shows("Hide Dining? Its expense of $125.80 this month stays.")
        .shows("Keep it");
    bench.press("Esc").hides("Hide Dining?");
    assert!(bench.open.is_empty());
    there_and_back("d y", "Hid Dining", &hide(true), &hide(false));
}

#[test]
fn a_hidden_category_stays_in_sight_while_it_has_money() {
    let mut hidden = snapshot(2);
    for category in &mut hidden.summary.categories {
        category.category.hidden = matches!(&*category.category.name, "Dining" | "Shopping");
    }
    let mut bench = budgets();
    bench.retry(Ok(hidden)).shows("hidden").hides("Shopping");
    bench.press("j d");
    assert!(matches!(
        bench.call(),
        Call::EditCategory(
            _,
            CategoryPatch {
                hidden: Some(false),
                ..
            }
        )
    ));
    // Whoever makes the one again that is out of sight means it, with its past.
    bench.press("n").type_text("shopping").press("Enter");
    assert!(
        matches!(bench.call(), Call::EditCategory(id, CategoryPatch { hidden: Some(false), .. }) if *id == category_id("Shopping"))
    );
}

#[test]
fn a_category_is_made_and_taken_back() {
    let mut bench = budgets();
    bench
        .press("n")
        .type_text("Bicycle")
        .shows("flexible")
        .press("Tab")
        .shows("changes its kind: fixed");
    bench.press("Enter");
    let Call::AddCategory(new) = bench.call().clone() else {
        panic!()
    };
    assert_eq!((new.name.as_str(), new.kind), ("Bicycle", Kind::Fixed));
    bench
        .answer(Reply::Done(Ok(())))
        .shows("Added the category Bicycle")
        .shows("▸ Bicycle");
    bench.open.clear();
    bench.press("u");
    let hidden = |hidden| CategoryPatch {
        hidden: Some(hidden),
        ..CategoryPatch::default()
    };
    assert_eq!(*bench.call(), Call::EditCategory(new.id, hidden(true)));
    bench.answer(Reply::Done(Ok(()))).hides("▸ Bicycle");
    bench.open.clear();
    bench.press("^r");
    assert_eq!(*bench.call(), Call::EditCategory(new.id, hidden(false)));
}

/// The numbers with a category that was made.
fn with_category(revision: i64, new: &NewCategory) -> Snapshot {
    let mut snapshot = snapshot(revision);
    let mut row = snapshot.summary.categories[GROCERIES].clone();
    row.category.id = new.id;
    row.category.name.clone_from(&new.name);
    (row.spent_minor, row.count, row.limit_minor) = (0, 0, None);
    snapshot.summary.categories.push(row);
    snapshot
}

#[rstest]
#[case::made_first(true)]
#[case::old_numbers_first(false)]
fn the_cursor_stays_on_a_new_category_in_whichever_order_the_answers_come(#[case] made_first: bool) {
    let mut bench = budgets();
    // Numbers without it are on their way.
    bench.timer(Timer::Poll);
    let (asked, _) = bench.open.pop().unwrap();
    bench.press("n").type_text("Bicycle").press("Enter");
    let Some((sent, Call::AddCategory(new))) = bench.open.pop() else {
        panic!("{:?}", bench.open)
    };
    let old = Msg::Reply(asked, Reply::Refreshed(Box::new(Ok(snapshot(2)))));
    let made = Msg::Reply(sent, Reply::Done(Ok(())));
    if made_first {
        bench.send(made);
        bench.shows("▸ Bicycle");
        bench.send(old);
    } else {
        bench.send(old);
        bench.send(made);
    }
    bench.shows("▸ Bicycle");
    bench
        .answer(Reply::Refreshed(Box::new(Ok(with_category(3, &new)))))
        .shows("▸ Bicycle");
    assert!(bench.open.is_empty(), "{:?}", bench.open);
    bench.press("d").shows("Hide Bicycle?");
}

#[rstest]
#[case("3 r ^u", "groceries", "There is a category groceries already.")]
#[case("3 n", "Dining", "There is a category Dining already.")]
#[case(
    "3 n",
    "12345678901234567890123456789012345678901",
    "Too long: 40 characters at most."
)]
#[case("3 A ^u", "often", "\"often\" is not known. Write for example 80 100 fc, or none.")]
fn what_is_wrong_with_a_text_is_said_under_it(#[case] keys: &str, #[case] text: &str, #[case] why: &str) {
    let mut bench = Bench::logged_in(120, 36);
    bench.press("3 j").press(keys).type_text(text).press("Enter").shows(why);
    assert!(bench.open.is_empty());
    bench.press("q").hides(why);
    bench.press("^c").shows("is not saved").press("Esc").hides("not saved");
}

#[test]
fn a_name_that_the_server_refuses_comes_back_with_the_reason() {
    let mut bench = budgets();
    bench.press("n").type_text("Bicycle").press("Enter");
    let refused = refusal(ErrorCode::Invalid, "That many categories are too many.");
    bench
        .answer(Reply::Done(Err(refused)))
        .shows("Bicycle")
        .shows("✗ That many categories");
    bench.press("Enter");
    assert!(matches!(bench.call(), Call::AddCategory(NewCategory { name, .. }) if name == "Bicycle"));
}

#[test]
fn a_hidden_category_out_of_sight_comes_back_by_its_name() {
    let taken = || refusal(ErrorCode::Conflict, "The hidden category Pets has this name.");
    let pets = |hidden| Category {
        id: category_id("Pets"),
        name: "Pets".to_owned(),
        hidden,
        ..snapshot(1).summary.categories[DINING].category.clone()
    };
    let mut bench = budgets();
    bench
        .press("n")
        .type_text("pets")
        .press("Enter")
        .answer(Reply::Done(Err(taken())));
    assert_eq!(*bench.call(), Call::Categories);
    bench.answer(Reply::Categories(Ok(vec![pets(true)])));
    let shown = CategoryPatch {
        hidden: Some(false),
        ..CategoryPatch::default()
    };
    assert_eq!(*bench.call(), Call::EditCategory(category_id("Pets"), shown));
    bench
        .answer(Reply::Done(Ok(())))
        .shows("Showed Pets again")
        .shows("u undo");
    // Made elsewhere a moment ago: the name comes back with the reason.
    for answer in [Ok(vec![pets(false)]), Err(failure())] {
        let mut bench = budgets();
        bench
            .press("n")
            .type_text("pets")
            .press("Enter")
            .answer(Reply::Done(Err(taken())));
        bench
            .answer(Reply::Categories(answer))
            .shows("▸ pets")
            .shows("has this name");
        assert!(bench.open.is_empty());
    }
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
fn two_changes_of_one_category_do_not_overtake_each_other() {
    let mut bench = budgets();
    bench
        .press("f o")
        .shows("Groceries is being changed. Press again in a moment.");
    assert_eq!(bench.open.len(), 1);
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

#[test]
fn rules_of_none_are_told_as_such() {
    let mut bench = budgets();
    bench.press("A ^u").type_text("none").press("Enter");
    assert!(matches!(
        bench.call(),
        Call::EditCategory(
            _,
            CategoryPatch {
                alert_at: Some(AlertRules::NONE),
                ..
            }
        )
    ));
    bench
        .answer(Reply::Done(Ok(())))
        .shows("Turned the alerts of Groceries off");
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
        .answer(super::session("newuser"));
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
    other.answer(super::session("eve")).press("3").hides("500");
}

#[test]
fn the_new_row_scrolls_into_a_full_list() {
    let mut many = snapshot(2);
    for number in 0..30_u128 {
        let mut category = many.summary.categories[GROCERIES].clone();
        category.category.id = Uuid::from_u128(number);
        category.category.name = format!("Number {number}");
        many.summary.categories.push(category);
    }
    for (columns, rows) in [(120, 36), (80, 24), (40, 10)] {
        let mut bench = Bench::logged_in(columns, rows);
        bench.press("3").retry(Ok(many.clone()));
        bench.press("n").type_text("Bicycle").shows("Bicycle");
        bench
            .press("Esc G")
            .shows("▸ Number 29")
            .press("e")
            .type_text("7")
            .shows("7");
    }
}
