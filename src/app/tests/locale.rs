//! Amounts and days as they are written in another place.

use super::Bench;
use crate::app::Call;
use crate::domain::Locale;

fn living_in(tag: &str, columns: u16, rows: u16) -> Bench {
    let mut bench = Bench::logged_in(columns, rows);
    bench.model.settings.skin.locale = Locale::from_tag(tag).unwrap();
    bench
}

#[test]
fn germans_see_commas_and_the_symbol_behind() {
    let mut bench = living_in("de-DE", 120, 36);
    bench
        .shows("1.826,77 $")
        .shows("125,80")
        .shows("over 5,80 $")
        .shows("hits 25 Nov")
        .shows("22 Nov");
    bench.hides("1,826").hides("125.80");
    bench.press("2 e").shows("= 18,50 $").hides("18.50");
}

#[test]
fn americans_see_the_month_first() {
    let mut bench = living_in("en-US", 120, 36);
    bench
        .shows("$1,826.77")
        .shows("Nov 22")
        .shows("hits Nov 25")
        .hides("22 Nov");
    bench.press("4").hides("25 Nov");
    bench.press("2").shows("Nov 22").hides("22 Nov");
}

#[test]
fn an_amount_is_read_as_it_is_written_there() {
    for (tag, typed, minor) in [
        ("de-DE", "1.234", 123_400),
        ("de-DE", "1.234,50", 123_450),
        ("en-US", "1,234", 123_400),
    ] {
        let mut bench = living_in(tag, 120, 36);
        bench.press("3 e").press("^U").type_text(typed).press("Enter");
        let set = bench.calls().into_iter().find_map(|call| match call {
            Call::SetBudget(_, _, body) => Some(body.limit_minor),
            _ => None,
        });
        assert_eq!(set, Some(minor), "{tag}: {typed}\n{}", bench.frame());
    }
}

#[test]
fn no_place_breaks_a_screen() {
    for tag in ["de-DE", "fr-CH", "en-IN", "ja-JP", "nl-NL", "hu"] {
        for (columns, rows) in [(120, 36), (80, 24), (40, 10), (20, 2)] {
            let mut bench = living_in(tag, columns.max(40), rows.max(10));
            for keys in ["1", "2", "3", "4", "a", "Esc", "?"] {
                bench.press(keys);
                bench.send(crate::app::Msg::Resize(columns, rows));
                let widest = bench.frame().lines().map(crate::ui::text::width).max();
                assert!(widest <= Some(columns), "{tag}\n{}", bench.frame());
                bench.send(crate::app::Msg::Resize(columns.max(40), rows.max(10)));
            }
        }
    }
}
