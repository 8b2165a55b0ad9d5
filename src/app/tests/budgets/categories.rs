//! The categories themselves: made, renamed, hidden, and brought back.

use rstest::rstest;
use uuid::Uuid;

use super::{DINING, GROCERIES, budgets};
use crate::api::{Category, CategoryPatch, ErrorCode, NewCategory};
use crate::app::tests::Bench;
use crate::app::tests::data::{category_id, failure, refusal, snapshot};
use crate::app::{Call, Msg, Reply, Snapshot, Timer};
use crate::domain::{AlertRules, Kind};

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

/// A new category is refused, because one that is hidden has its name.
fn named_as_a_hidden_one() -> Bench {
    let taken = refusal(ErrorCode::Conflict, "The hidden category Pets has this name.");
    let mut bench = budgets();
    bench
        .press("n")
        .type_text("pets")
        .press("Enter")
        .answer(Reply::Done(Err(taken)));
    bench
}

#[test]
fn a_hidden_category_out_of_sight_comes_back_by_its_name() {
    let pets = |hidden| Category {
        id: category_id("Pets"),
        name: "Pets".to_owned(),
        hidden,
        ..snapshot(1).summary.categories[DINING].category.clone()
    };
    let mut bench = named_as_a_hidden_one();
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
        let mut bench = named_as_a_hidden_one();
        bench
            .answer(Reply::Categories(answer))
            .shows("▸ pets")
            .shows("has this name");
        assert!(bench.open.is_empty());
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
