//! Anything may arrive in any order, at any size, with any text in it.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use proptest::prelude::*;
use ratatui::buffer::Buffer;

use super::Bench;
use super::data::{alert, classic_snapshot, empty_snapshot, failure, october, prediction, refusal, session, snapshot};
use crate::api::{ErrorCode, Expense, ExpensePage, Failure, Found, SessionEntry, SignUpMode};
use crate::app::keymap::Keymap;
use crate::app::{Call, Msg, Reply, Snapshot, Timer};
use crate::domain::Level;

/// What a hostile server or bank writes into a text.
const HOSTILE: [&str; 12] = [
    "\u{1b}[31mred\u{1b}[0m",
    "\u{1b}]0;title\u{7}",
    "\u{9b}2J\u{9d}8;;x\u{9c}",
    "a\u{202e}evil\u{202c}\u{2066}b\u{2069}",
    "z\u{200b}e\u{200d}r\u{feff}o",
    "東京タワー漢字漢字漢字漢字漢字漢字",
    "e\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}x",
    "\u{301}\u{fe0f}start",
    "🧑‍👩‍👧‍👦🇩🇪👍🏽",
    "line\nbreak\ttab\r\0",
    "",
    "\u{e0041}\u{fff9}\u{2028}ﷺ",
];

#[derive(Clone, Debug)]
enum Step {
    Key(usize),
    Letter(char),
    Paste(usize),
    Resize(u16, u16),
    Focus(bool),
    Timer(u8),
    Revision(i64),
    StreamOpen,
    StreamLost,
    Resumed,
    /// Answer the newest or the oldest open call, in one of several ways.
    Answer(bool, u8),
    /// An answer that nobody waits for.
    Stray(u64, u8),
    Sleep(u16),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        12 => any::<usize>().prop_map(Step::Key),
        4 => prop::char::range(' ', '~').prop_map(Step::Letter),
        1 => (0..HOSTILE.len()).prop_map(Step::Paste),
        2 => (0_u16..=200, 0_u16..=60).prop_map(|(columns, rows)| Step::Resize(columns, rows)),
        1 => any::<bool>().prop_map(Step::Focus),
        2 => (0_u8..7).prop_map(Step::Timer),
        1 => (0_i64..9).prop_map(Step::Revision),
        1 => prop_oneof![Just(Step::StreamOpen), Just(Step::StreamLost), Just(Step::Resumed)],
        10 => (any::<bool>(), any::<u8>()).prop_map(|(newest, how)| Step::Answer(newest, how)),
        1 => (0_u64..60, any::<u8>()).prop_map(|(id, how)| Step::Stray(id, how)),
        1 => (0_u16..20_000).prop_map(Step::Sleep),
    ]
}

fn hostile_text(seed: u8) -> &'static str {
    HOSTILE[usize::from(seed) % HOSTILE.len()]
}

/// Numbers at the ends of what a lying server may send, and hostile words everywhere.
fn hostile(seed: u8) -> Snapshot {
    let mut snapshot = snapshot(i64::from(seed % 7));
    let extremes = [i64::MAX, i64::MIN, 0, -1, i64::MAX / 2, 1];
    for (at, category) in snapshot.summary.categories.iter_mut().enumerate() {
        category.category.name = format!("{}{at}", HOSTILE[(at + usize::from(seed)) % HOSTILE.len()]);
        category.spent_minor = extremes[(at + usize::from(seed)) % extremes.len()];
        category.limit_minor = Some(extremes[(at * 2 + usize::from(seed)) % extremes.len()]);
        category.count = i64::MAX;
    }
    snapshot.summary.uncategorised.spent_minor = i64::MIN;
    snapshot.summary.uncategorised.count = i64::MAX;
    snapshot.summary.daily_minor = vec![i64::MAX, i64::MIN, 5, i64::MAX];
    for total in &mut snapshot.summary.months {
        (total.spent_minor, total.limit_minor) = (i64::MIN, i64::MAX);
    }
    snapshot.summary.currency = hostile_text(seed).to_owned();
    let rows = snapshot.rows.as_mut().unwrap();
    for (at, expense) in rows.expenses.expenses.iter_mut().enumerate() {
        HOSTILE[at % HOSTILE.len()].clone_into(&mut expense.description);
        expense.amount_minor = extremes[at % extremes.len()];
        expense.confidence = 255;
    }
    rows.alerts = (0..30)
        .map(|n| {
            let mut alert = alert(n, hostile_text(seed), Level::Forecast);
            hostile_text(seed.wrapping_add(1)).clone_into(&mut alert.message);
            alert.cause = Some(hostile_text(seed.wrapping_add(2)).to_owned());
            (alert.spent_minor, alert.limit_minor) = (i64::MAX, i64::MIN);
            alert.created_at = extremes[usize::from(seed) % extremes.len()];
            alert
        })
        .collect();
    snapshot
}

fn failed(how: u8) -> Failure {
    match how % 6 {
        0 => failure(),
        1 => Failure::SignedOut,
        2 => refusal(ErrorCode::Conflict, hostile_text(how)),
        3 => Failure::Garbled {
            server: hostile_text(how).to_owned(),
            reason: hostile_text(how.wrapping_add(3)).to_owned(),
        },
        4 => Failure::Local(hostile_text(how).to_owned()),
        _ => Failure::Busy {
            status: 503,
            message: hostile_text(how).to_owned(),
            retry_after: None,
        },
    }
}

fn expense(how: u8) -> Expense {
    let mut expense = super::data::expense(u128::from(how), 3, hostile_text(how), Some("Dining"), i64::MAX);
    expense.confidence = how;
    expense
}

/// An answer to `call`.
fn reply(call: &Call, how: u8) -> Reply {
    let fails = how % 4 == 3;
    match call {
        Call::LogIn { .. } | Call::SignUp { .. } if fails => Reply::LoggedIn(Err(failed(how))),
        Call::LogIn { .. } | Call::SignUp { .. } => session(if how.is_multiple_of(3) { "newuser" } else { "eve" }),
        Call::SignUpMode if fails => Reply::SignUpMode(Err(failed(how))),
        Call::SignUpMode => Reply::SignUpMode(Ok(match how % 3 {
            0 => SignUpMode::Closed,
            1 => SignUpMode::Invite,
            _ => SignUpMode::Open,
        })),
        Call::LogOut => Reply::LoggedOut,
        Call::Refresh { .. } if fails => Reply::Refreshed(Box::new(Err(failed(how / 4)))),
        Call::Refresh { .. } => Reply::Refreshed(Box::new(Ok(match how % 7 {
            0 => october(3),
            1 => empty_snapshot(),
            2 => classic_snapshot(),
            3 | 4 => hostile(how),
            _ => snapshot(i64::from(how % 5)),
        }))),
        Call::Find(_) if fails => Reply::Found(Err(failed(how))),
        Call::Find(_) => Reply::Found(Ok(ExpensePage {
            found: how.is_multiple_of(3).then_some(Found {
                count: i64::from(how),
                spent_minor: i64::MAX,
                of: i64::MIN,
            }),
            expenses: (0..how % 5).map(|n| expense(how.wrapping_add(n))).collect(),
            next: how.is_multiple_of(2).then(|| format!("more {how}")),
        })),
        Call::Predict(..) if fails => Reply::Predicted(Err(failed(how))),
        Call::Predict(..) => Reply::Predicted(Ok(prediction(&[("Dining", how), (hostile_text(how), 3)]))),
        Call::Add(_) | Call::Edit(..) | Call::Restore(_) if fails => Reply::Stored(Err(failed(how / 4))),
        Call::Add(_) | Call::Edit(..) | Call::Restore(_) => Reply::Stored(Ok(expense(how))),
        Call::History(_) if fails => Reply::History(Err(failed(how / 4))),
        Call::History(_) => Reply::History(Ok(super::was::gave_way(how, hostile_text(how)))),
        Call::Categories if fails => Reply::Categories(Err(failed(how / 4))),
        Call::Categories => Reply::Categories(Ok(Vec::new())),
        Call::Sessions if fails => Reply::Sessions(Err(failed(how / 4))),
        Call::Sessions => Reply::Sessions(Ok((0..how % 9)
            .map(|n| SessionEntry {
                id: uuid::Uuid::from_u128(n.into()),
                label: (n % 3 > 0).then(|| hostile_text(how.wrapping_add(n)).to_owned()),
                created_at: i64::MIN,
                last_seen: i64::MAX,
                address: (n % 2 > 0).then(|| hostile_text(n).to_owned()),
                current: n == how % 5,
            })
            .collect())),
        Call::SaveChart(..) if fails => Reply::ChartSaved(Err(hostile_text(how).to_owned())),
        Call::SaveChart(..) => Reply::ChartSaved(Ok(hostile_text(how).to_owned())),
        _ if fails => Reply::Done(Err(failed(how / 4))),
        _ => Reply::Done(Ok(())),
    }
}

fn take(bench: &mut Bench, step: &Step) {
    let msg = match step {
        Step::Key(at) => {
            let keymap = Keymap::default();
            let all: Vec<_> = keymap.bindings().iter().flat_map(|binding| &binding.keys).collect();
            Msg::Key(all[at % all.len()].event())
        }
        Step::Letter(letter) => Msg::Key(KeyEvent::new(KeyCode::Char(*letter), KeyModifiers::NONE)),
        Step::Paste(at) => Msg::Paste(HOSTILE[*at].to_owned()),
        Step::Resize(columns, rows) => Msg::Resize(*columns, *rows),
        Step::Focus(focused) => Msg::Focus(*focused),
        Step::Timer(which) => {
            let timers = [
                Timer::Poll,
                Timer::Predict,
                Timer::Toast,
                Timer::Stream,
                Timer::Leaving,
                Timer::Countdown,
                Timer::Rest,
            ];
            Msg::Timer(timers[usize::from(*which)])
        }
        Step::Revision(revision) => Msg::Revision(*revision),
        Step::StreamOpen => Msg::StreamOpen,
        Step::StreamLost => Msg::StreamLost(None),
        Step::Resumed => Msg::Resumed,
        Step::Answer(newest, how) => {
            if bench.open.is_empty() {
                return;
            }
            let at = if *newest { bench.open.len() - 1 } else { 0 };
            let (id, call) = bench.open.remove(at);
            Msg::Reply(id, reply(&call, *how))
        }
        Step::Stray(id, how) => Msg::Reply(*id, reply(&Call::Delete(uuid::Uuid::nil()), *how)),
        Step::Sleep(minutes) => {
            bench.now = bench
                .now
                .checked_add(jiff::Span::new().minutes(i64::from(*minutes)))
                .unwrap();
            bench.unix_ms += i64::from(*minutes) * 60_000;
            Msg::Minute
        }
    };
    bench.send(msg);
}

fn is_clean(buffer: &Buffer) -> bool {
    let steers = |c: char| {
        c.is_control()
            || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200b}' | '\u{feff}' | '\u{2028}')
    };
    !buffer.content().iter().any(|cell| cell.symbol().chars().any(steers))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_that_arrives_breaks_the_screen(steps in prop::collection::vec(step(), 300), logged_in: bool) {
        let mut bench = if logged_in { Bench::logged_in(80, 24) } else { Bench::new(80, 24) };
        for step in &steps {
            take(&mut bench, step);
            prop_assert!(is_clean(&bench.buffer()), "{step:?}\n{}", bench.frame());
        }
        // Whatever happened: Esc does not quit, and ^C does, at the second time at the latest.
        let quit = bench.model.wants_quit();
        bench.press("Esc Esc Esc Esc Esc Esc");
        prop_assert_eq!(bench.model.wants_quit(), quit);
        bench.press("^c ^c");
        prop_assert!(bench.model.wants_quit());
    }
}

#[test]
fn hostile_names_break_no_column() {
    for seed in 0..12 {
        for (columns, rows) in [(120, 36), (80, 24), (40, 10)] {
            let mut bench = Bench::logged_in(columns, rows);
            let mut snapshot = snapshot(2);
            for (at, category) in snapshot.summary.categories.iter_mut().enumerate() {
                HOSTILE[(at + seed) % HOSTILE.len()].clone_into(&mut category.category.name);
            }
            bench.retry(Ok(snapshot));
            let amounts = if columns == 40 { "1200/1200" } else { "1,200.00" };
            let buffer = bench.buffer();
            let width = usize::from(columns);
            let ends: Vec<usize> = buffer
                .content()
                .chunks(width)
                .filter_map(|row| {
                    let text: Vec<&str> = row.iter().map(ratatui::buffer::Cell::symbol).collect();
                    let wanted = ["126/120", "81/90", amounts, "125.80", "81.20"];
                    (0..width).find_map(|at| {
                        let found = wanted.iter().find(|w| text[at..].concat().starts_with(**w))?;
                        Some(at + found.len())
                    })
                })
                .take(3)
                .collect();
            assert_eq!(ends.len(), 3, "{}", bench.frame());
            assert!(ends.iter().all(|end| *end == ends[0]), "{ends:?}\n{}", bench.frame());
        }
    }
}

#[test]
fn every_size_can_be_drawn() {
    // The edges of every layout, and some between.
    let widths = [
        0, 1, 2, 5, 12, 29, 30, 31, 40, 59, 60, 69, 70, 76, 80, 90, 100, 109, 110, 120, 200,
    ];
    let heights = [0, 1, 2, 3, 5, 6, 7, 8, 10, 13, 14, 16, 17, 20, 24, 26, 28, 29, 36, 60];
    let sizes = widths.into_iter().flat_map(|c| heights.map(|r| (c, r)));
    let mut makes = vec![
        Bench::new(80, 24),
        Bench::logged_in(80, 24),
        Bench::empty(80, 24),
        Bench::classic(80, 24),
    ];
    for keys in [
        "2 /",
        "2 Space c",
        "2 e",
        "r",
        "3 e",
        "3 n",
        "3 r",
        "3 A",
        "3 d",
        "4",
        "4 m",
        "a",
        "?",
        "? F1",
        ":",
    ] {
        let mut bench = Bench::logged_in(80, 24);
        bench.press(keys);
        makes.push(bench);
    }
    for bench in &mut makes {
        for (columns, rows) in sizes.clone() {
            bench.send(Msg::Resize(columns, rows));
            bench.buffer();
        }
    }
}
