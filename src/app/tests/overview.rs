//! The overview at every size, and what keeps it fresh.

use super::Bench;

#[test]
fn the_overview_at_120x36() {
    insta::assert_snapshot!(Bench::logged_in(120, 36).frame());
}

#[test]
fn the_overview_at_80x24() {
    insta::assert_snapshot!(Bench::logged_in(80, 24).frame());
}

#[test]
fn the_overview_at_40x10() {
    insta::assert_snapshot!(Bench::logged_in(40, 10).frame());
}

#[test]
fn the_overview_in_one_line() {
    insta::assert_snapshot!(Bench::logged_in(29, 3).frame());
}
