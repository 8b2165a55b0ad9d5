//! Whatever keys come, in whatever order: no panic, no dead end, nothing on the screen that steers a terminal.

use std::env;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use rand::{RngExt as _, SeedableRng as _};
use ratatui::buffer::Buffer;
use tokio::runtime;

use super::stage::{Burst, Stage, Theatre};
use crate::app::keymap::{Action, Chord, Keymap};
use crate::app::{Mouse, MouseKind, Msg};
use crate::domain::account::DEMO_NAME;
use crate::tui::connection::Connection;
use crate::tui::wake::Wake;

/// How many sequences of keys, unless the environment says another number.
const SEQUENCES: u64 = 200;
const VARIABLE: &str = "BUDGET_TRACKER_KEY_SEQUENCES";
const KEYS: usize = 2000;

const SIZES: [(u16, u16); 8] = [
    (120, 36),
    (80, 24),
    (40, 10),
    (10, 3),
    (1, 1),
    (31, 6),
    (72, 14),
    (160, 40),
];

/// What is pasted: text, a line, and what tries to steer the terminal.
const PASTES: [&str; 6] = [
    "lunch 12.50",
    "two\nlines\tand a tab",
    "\u{1b}]52;c;RVZJTA==\u{7}\u{1b}[2J\u{9b}31m\u{202e}",
    "e\u{301}\u{301}\u{301}🧑‍👩‍👧‍👦🇩🇪東京\u{200b}\u{feff}",
    "1e400 -0 999999999999999999999",
    "cat:fun amount>20 since:1sep",
];

/// One person's hands.
struct Hands {
    random: StdRng,
    chords: Vec<Chord>,
    left: usize,
}

impl Hands {
    fn new(seed: u64) -> Self {
        let keymap = Keymap::default();
        // The picture would be written where the tests run, and leaving is tried less often than the rest.
        let rare = [Action::SaveChart, Action::LogOut, Action::Quit];
        let bindings = keymap
            .bindings()
            .iter()
            .filter(|binding| !rare.contains(&binding.action));
        Self {
            random: StdRng::seed_from_u64(seed),
            chords: bindings.flat_map(|binding| binding.keys.clone()).collect(),
            left: KEYS,
        }
    }

    /// What is done before the next frame; nothing when it seems better to wait for an answer.
    fn burst(&mut self, frame: &str) -> Option<Burst> {
        let awaits = ["connecting", "Logging in", "Signing up", " pending", "Saving"];
        if awaits.iter().any(|word| frame.contains(word)) && self.random.random_bool(0.8) {
            return None;
        }
        if frame.contains("Try it: F5") && self.random.random_bool(0.6) {
            return Some(vec![Wake::Message(key(KeyCode::F(5)))]);
        }
        let most = if self.random.random_bool(0.3) { 4 } else { 60 };
        let count = self.random.random_range(1..=most).min(self.left);
        self.left -= count;
        Some((0..count).map(|_| self.act()).collect())
    }

    fn act(&mut self) -> Wake {
        let msg = match self.random.random_range(0..1000) {
            0 => key(KeyCode::Char(*['q', 'L'].choose(&mut self.random).unwrap())),
            1..=10 => Msg::Paste((*PASTES.choose(&mut self.random).unwrap()).to_owned()),
            11..=18 => {
                let (columns, rows) = *SIZES.choose(&mut self.random).unwrap();
                Msg::Resize(columns, rows)
            }
            19..=26 => Msg::Focus(self.random.random()),
            27..=30 => Msg::Resumed,
            31..=60 => Msg::Mouse(Mouse {
                column: self.random.random_range(0..120),
                row: self.random.random_range(0..36),
                kind: *[MouseKind::Click, MouseKind::WheelUp, MouseKind::WheelDown]
                    .choose(&mut self.random)
                    .unwrap(),
            }),
            61..=250 => key(KeyCode::Char(self.letter())),
            _ => {
                let chord = *self.chords.choose(&mut self.random).unwrap();
                Msg::Key(KeyEvent::new(chord.code, chord.modifiers))
            }
        };
        Wake::Message(msg)
    }

    fn letter(&mut self) -> char {
        match self.random.random_range(' '..='~') {
            'p' | 'q' | 'L' => '7',
            c => c,
        }
    }
}

fn key(code: KeyCode) -> Msg {
    Msg::Key(KeyEvent::new(code, KeyModifiers::NONE))
}

fn control(letter: char) -> Wake {
    Wake::Message(Msg::Key(KeyEvent::new(KeyCode::Char(letter), KeyModifiers::CONTROL)))
}

/// The end of a sequence: out of every dialog, a look at the help, and out.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum End {
    NotYet,
    Help,
    Leaving,
}

/// Presses the keys of one seed; when the program was left, it is started again.
async fn press_all(seed: u64, connection: &Connection) {
    let mut hands = Hands::new(seed);
    let mut end = End::NotYet;
    while end != End::Leaving {
        let user = |frame: &Buffer| {
            check(frame, seed);
            if hands.left > 0 {
                return hands.burst(&text(frame));
            }
            match end {
                End::NotYet => {
                    end = End::Help;
                    let mut out = vec![Wake::Message(Msg::Resize(80, 24))];
                    out.extend((0..8).map(|_| Wake::Message(key(KeyCode::Esc))));
                    out.push(Wake::Message(key(KeyCode::F(1))));
                    Some(out)
                }
                End::Help if text(frame).contains("this help") => {
                    end = End::Leaving;
                    Some(vec![Wake::Message(key(KeyCode::Esc)), control('c'), control('c')])
                }
                End::Help | End::Leaving => None,
            }
        };
        let (stage, receiver) = Stage::new((120, 36), user);
        stage.play(receiver, connection, Some(DEMO_NAME)).await;
    }
}

fn check(frame: &Buffer, seed: u64) {
    let steers = |c: char| {
        c.is_control()
            || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200b}' | '\u{feff}' | '\u{2028}')
    };
    let bad = frame.content().iter().find(|cell| cell.symbol().chars().any(steers));
    assert!(bad.is_none(), "seed {seed}: {bad:?}");
}

fn text(frame: &Buffer) -> String {
    frame.content().iter().map(ratatui::buffer::Cell::symbol).collect()
}

#[test]
fn no_sequence_of_keys_breaks_it() {
    let wanted = env::var(VARIABLE).map_or(SEQUENCES, |number| number.parse().unwrap());
    let servers = runtime::Runtime::new().unwrap();
    let theatre = servers.block_on(Theatre::open());
    let next = AtomicU64::new(0);
    let workers = thread::available_parallelism().map_or(2, usize::from);
    thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                let runtime = runtime::Builder::new_current_thread().enable_all().build().unwrap();
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= wanted {
                        return;
                    }
                    runtime.block_on(async {
                        let (connection, _home) = theatre.enter().await;
                        press_all(seed, &connection).await;
                    });
                }
            });
        }
    });
    servers.block_on(theatre.close());
}
