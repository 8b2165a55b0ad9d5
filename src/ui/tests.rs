//! Every widget in every rectangle: nothing panics and nothing is drawn outside.

use proptest::prelude::*;
use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;

use super::form::{Field, buttons, checkbox};
use super::header::{Header, Link, Tab, footer};
use super::months::Months;
use super::panel::{Panel, centered, clear};
use super::toast::{Toast, ToastKind};
use super::trend::Trend;
use super::*;
use crate::api::MonthTotal;
use crate::domain::{Currency, Month, Progress};

const MARK: &str = "~";

pub(super) fn skins() -> [Skin; 2] {
    [
        Skin::new(Theme::dark(), Glyphs::unicode()),
        Skin::new(Theme::mono(), Glyphs::ascii()),
    ]
}

/// Draws into a buffer filled with a mark and fails if a cell outside of `area` has changed.
fn stays_inside(screen: Rect, area: Rect, draw: impl FnOnce(&mut Buffer)) {
    let untouched = Cell::new(MARK);
    let mut buf = Buffer::filled(screen, untouched.clone());
    draw(&mut buf);
    for position in screen.positions().filter(|&position| !area.contains(position)) {
        assert_eq!(buf[position], untouched, "{position} is outside of {area}");
    }
}

/// A rectangle that may reach beyond the screen, as after a resize.
fn area() -> impl Strategy<Value = Rect> {
    (0_u16..60, 0_u16..30, 0_u16..130, 0_u16..40).prop_map(|(x, y, width, height)| Rect::new(x, y, width, height))
}

fn words() -> impl Strategy<Value = String> {
    prop_oneof![any::<String>(), "[a-z 東京é]{0,60}"]
}

fn progress() -> impl Strategy<Value = Progress> {
    (28_u8..=31, 0_u8..=31, any::<bool>()).prop_map(|(length, day, closed)| Progress {
        day: day.min(length),
        length,
        closed,
    })
}

const SCREEN: Rect = Rect::new(0, 0, 120, 36);

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn panels_stay_inside(area in area(), title in words(), right in words(), note in words(), focused: bool) {
        let panel = Panel::new(&title).focused(focused).right(right).note(note);
        for skin in skins() {
            stays_inside(SCREEN, area, |buf| {
                let inner = panel.render(area, buf, &skin);
                assert_eq!(inner.intersection(area).area(), inner.area());
            });
            stays_inside(SCREEN, area, |buf| {
                let inner = panel.render_rule(area, buf, &skin);
                assert_eq!(inner.intersection(area).area(), inner.area());
            });
        }
    }

    #[test]
    fn fields_stay_inside_and_show_their_cursor(
        area in area(), value in words(), error in prop::option::of(words()), note in "[a-z]{0,12}",
        cursor in 0_usize..80, focused: bool, ok: bool,
    ) {
        let field = Field { label: "Description", hint: "F2 show", value: &value, cursor, focused, error: error.as_deref(), ok, placeholder: "today" };
        for skin in skins() {
            stays_inside(SCREEN, area, |buf| {
                let at = field.render_noted(area, buf, &skin, &Line::from(note.clone()));
                assert!(at.is_none_or(|at| area.contains(at) && SCREEN.contains(at)), "{at:?}");
                let seen = area.intersection(SCREEN);
                assert_eq!(at.is_some(), focused && seen.height > 0 && seen.width > 1);
            });
        }
    }

    #[test]
    fn charts_stay_inside(
        area in area(), daily in prop::collection::vec(any::<i64>(), 0..40), progress in progress(),
        limit in prop::option::of(any::<i64>()), forecast in prop::option::of(any::<i64>()), count in 0_usize..9,
        graph in prop::sample::select(vec![Graph::Auto, Graph::Braille, Graph::Block, Graph::Ascii]),
    ) {
        let trend = Trend { daily: &daily, first: jiff::civil::date(2026, 11, 25), progress, limit, forecast, currency: Currency::USD, graph };
        let month: Month = "2026-11".parse().unwrap();
        let months: Vec<MonthTotal> = daily.iter().take(count).map(|&spent_minor| MonthTotal { month, spent_minor, limit_minor: limit.unwrap_or(0) }).collect();
        for skin in skins() {
            stays_inside(SCREEN, area, |buf| trend.render(area, buf, &skin));
            stays_inside(SCREEN, area, |buf| Months { months: &months, currency: Currency::USD }.render(area, buf, &skin));
        }
    }

    #[test]
    fn lines_keep_to_their_width(width in 0_u16..200, text in words(), name in words(), badge in 0_usize..200, active in 0_usize..4) {
        let tabs = [Tab { name: &name, badge }, Tab { name: "Expenses", badge: 0 }];
        let header = Header { tabs: &tabs, active, link: Link::Offline, status: &text, clock: "08:14", user: &name, short: &text };
        let hints = [Hint::new("a", &name), Hint::new("q", "quit")];
        let toast = Toast { kind: ToastKind::Ok, text: &text, action: Some(Hint::new("u", "undo 8s")) };
        for skin in skins() {
            let line = header.line(width, &skin);
            prop_assert_eq!(span_width(&line.spans), width);
            let line = footer(&hints, &text, width, &skin);
            prop_assert_eq!(span_width(&line.spans), width);
            prop_assert!(span_width(&buttons(hints[0], &hints, width, &skin).spans) <= width);
            prop_assert!(span_width(&toast.line(width, &skin).spans) <= width);
            let _ = checkbox(&name, &text, true, false, &skin);
        }
    }

    #[test]
    fn dialogs_stay_inside(area in area(), width in 0_u16..200, height in 0_u16..99) {
        let dialog = centered(area, width, height);
        prop_assert_eq!(dialog.intersection(area), dialog);
        stays_inside(SCREEN, area, |buf| clear(buf, area));
        stays_inside(SCREEN, area, |buf| theme::dim_area(buf, area, &Theme::dark()));
    }
}

#[test]
fn the_connection_shows_at_every_width() {
    let tabs = ["Overview", "Transactions", "Envelopes", "Notifications"].map(|name| Tab { name, badge: 3 });
    for skin in skins() {
        for width in 20..200 {
            let header = Header {
                tabs: &tabs,
                active: 1,
                link: Link::Failing,
                status: "server error 503, retry in 8 s",
                clock: "08:14",
                user: "newuser",
                short: "Nov 22/30 80%",
            };
            let line = header.line(width, &skin);
            let (mark, role) = Link::Failing.mark(&skin);
            let style = skin.theme.style(role);
            let shown = line
                .spans
                .iter()
                .any(|span| span.content == mark && span.style == style);
            assert!(shown, "{width}: {line}");
        }
    }
}

#[test]
fn a_family_takes_the_columns_of_one_emoji() {
    let mut buf = Buffer::empty(Rect::new(0, 0, 10, 1));
    put(
        &mut buf,
        Rect::new(0, 0, 10, 1),
        &Line::from(vec!["👩‍👩‍👧‍👦".into(), "| 🇦🇹".into()]),
    );
    assert_eq!(buf, Buffer::with_lines(["👩| AT    "]));
}

#[test]
fn a_skin_cuts_with_its_own_characters() {
    let [_, ascii] = skins();
    assert_eq!(ascii.pad("Dining out", 6), "Dinin~");
    assert_eq!(ascii.pad("Fun", 6), "Fun   ");
    assert_eq!(ascii.pad_left("12.50", 6), " 12.50");
}

#[test]
fn hints_are_left_out_whole() {
    let hints = [
        Hint::new("a", "add"),
        Hint::new("Enter", "open"),
        Hint::new("q", "quit"),
    ];
    for skin in skins() {
        let shown = |width| footer(&hints, "0 pending", width, &skin).to_string();
        assert_eq!(shown(40), " a add  Enter open  q quit    0 pending ");
        assert_eq!(shown(30).trim_end(), " a add  Enter open  q quit");
        assert_eq!(shown(25).trim_end(), " a add  Enter open");
        assert_eq!(shown(5).trim_end(), "");
    }
}

#[test]
fn a_wide_letter_does_not_cover_the_edge_of_a_dialog() {
    let mut buf = Buffer::empty(Rect::new(0, 0, 10, 1));
    buf.set_string(0, 0, "東京東京東", ratatui::style::Style::new());
    clear(&mut buf, Rect::new(3, 0, 4, 1));
    assert_eq!(buf[Position::new(2, 0)].symbol(), " ");
    assert_eq!(buf[Position::new(0, 0)].symbol(), "東");
}
