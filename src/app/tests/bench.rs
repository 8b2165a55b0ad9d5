//! A dashboard without a shell: time stands still, calls are looked at, answers are given by hand.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use jiff::civil::DateTime;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;
use uuid::Uuid;

use super::data::{NOW_MS, TODAY, classic_snapshot, empty_snapshot, snapshot};
use crate::api::Failure;
use crate::app::model::Stream;
use crate::app::{Call, Effect, Model, Msg, Reply, Settings, Snapshot, Stamp, Timer, update, view};

#[derive(Clone)]
pub struct Bench {
    pub model: Model,
    pub now: DateTime,
    pub unix_ms: i64,
    ids: u128,
    /// Calls without an answer so far.
    pub open: Vec<(u64, Call)>,
    pub effects: Vec<Effect>,
}

impl Bench {
    /// Nobody is logged in.
    pub fn new(columns: u16, rows: u16) -> Self {
        Self::with(Settings::default(), columns, rows)
    }

    pub fn with(settings: Settings, columns: u16, rows: u16) -> Self {
        let now = TODAY.at(8, 14, 0, 0);
        let mut bench = Self {
            model: Model::new(settings, (columns, rows), now),
            now,
            unix_ms: NOW_MS,
            ids: 0,
            open: Vec::new(),
            effects: Vec::new(),
        };
        bench.send(Msg::Start);
        bench
    }

    /// `newuser` is logged in and the numbers of the mock-ups are there.
    pub fn logged_in(columns: u16, rows: u16) -> Self {
        let mut bench = Self::with(
            Settings {
                user: Some("newuser".to_owned()),
                ..Settings::default()
            },
            columns,
            rows,
        );
        bench.answer(Reply::Refreshed(Box::new(Ok(snapshot(1)))));
        bench
    }

    /// The numbers of a five-call server.
    pub fn classic(columns: u16, rows: u16) -> Self {
        let mut bench = Self::logged_in(columns, rows);
        bench.model.stream = Stream::default();
        bench.retry(Ok(classic_snapshot()));
        bench
    }

    /// An account without limits and expenses.
    pub fn empty(columns: u16, rows: u16) -> Self {
        let mut bench = Self::logged_in(columns, rows);
        bench.retry(Ok(empty_snapshot()));
        bench.model.toast = None;
        bench
    }

    /// Polls, and answers.
    pub fn retry(&mut self, result: Result<Snapshot, Failure>) -> &mut Self {
        self.send(Msg::Timer(Timer::Poll));
        self.answer(Reply::Refreshed(Box::new(result)))
    }

    /// Lets a timer run out.
    pub fn timer(&mut self, timer: Timer) -> &mut Self {
        self.send(Msg::Timer(timer));
        self
    }

    pub fn paste(&mut self, text: &str) -> &mut Self {
        self.send(Msg::Paste(text.to_owned()));
        self
    }

    /// The calls of the last message.
    pub fn calls(&self) -> Vec<&Call> {
        let calls = self.effects.iter().filter_map(|effect| match effect {
            Effect::Call { call, .. } => Some(call),
            _ => None,
        });
        calls.collect()
    }

    /// The last row of the screen.
    pub fn footer(&self) -> String {
        self.frame().lines().last().unwrap_or_default().to_owned()
    }

    pub fn send(&mut self, msg: Msg) {
        self.ids += 1;
        let stamp = Stamp {
            unix_ms: self.unix_ms,
            local: self.now,
            id: Uuid::from_u128(self.ids),
        };
        self.effects = update(&mut self.model, msg, stamp);
        for effect in &self.effects {
            if let Effect::Call { id, call, .. } = effect {
                self.open.push((*id, call.clone()));
            }
        }
        // The server has an event stream.
        if self
            .effects
            .iter()
            .any(|effect| matches!(effect, Effect::OpenStream(_)))
        {
            let opened = update(&mut self.model, Msg::StreamOpen, stamp);
            assert_eq!(opened, [Effect::Stop(Timer::Stream)]);
        }
    }

    /// Presses keys, given as in `"a"`, `"Enter"`, `"^n"`, `"F5"`.
    pub fn press(&mut self, keys: &str) -> &mut Self {
        for key in keys.split(' ') {
            self.send(Msg::Key(parse_key(key)));
        }
        self
    }

    pub fn type_text(&mut self, text: &str) -> &mut Self {
        for c in text.chars() {
            self.send(Msg::Key(KeyEvent::new(KeyCode::Char(c), KeyModifiers::NONE)));
        }
        self
    }

    /// Answers the newest open call.
    pub fn answer(&mut self, reply: Reply) -> &mut Self {
        let (id, _) = self.open.pop().expect("a call waits for its answer");
        self.send(Msg::Reply(id, reply));
        self
    }

    /// Answers the open call that is `wanted`.
    pub fn answer_call(&mut self, wanted: impl Fn(&Call) -> bool, reply: Reply) -> &mut Self {
        let at = self.open.iter().position(|(_, call)| wanted(call));
        let (id, _) = self.open.remove(at.expect("such a call waits for its answer"));
        self.send(Msg::Reply(id, reply));
        self
    }

    /// The newest open call.
    pub fn call(&self) -> &Call {
        &self.open.last().expect("a call was made").1
    }

    pub fn buffer(&self) -> Buffer {
        let (columns, rows) = self.model.size;
        let mut terminal = Terminal::new(TestBackend::new(columns, rows)).unwrap();
        terminal.draw(|frame| view(&self.model, frame)).unwrap();
        terminal.backend().buffer().clone()
    }

    /// The screen as text, rows without the blanks at their ends.
    pub fn frame(&self) -> String {
        let buffer = self.buffer();
        let mut lines = Vec::new();
        for y in 0..buffer.area.height {
            let mut line = String::new();
            let mut skip = 0;
            for x in 0..buffer.area.width {
                if skip > 0 {
                    skip -= 1;
                    continue;
                }
                let symbol = buffer[(x, y)].symbol();
                skip = crate::ui::text::width(symbol).saturating_sub(1);
                line.push_str(symbol);
            }
            lines.push(line.trim_end().to_owned());
        }
        lines.join("\n")
    }

    #[track_caller]
    pub fn shows(&mut self, text: &str) -> &mut Self {
        let frame = self.frame();
        assert!(frame.contains(text), "{text:?} is not on the screen:\n{frame}");
        self
    }

    #[track_caller]
    pub fn hides(&mut self, text: &str) -> &mut Self {
        let frame = self.frame();
        assert!(!frame.contains(text), "{text:?} is on the screen:\n{frame}");
        self
    }
}

fn parse_key(key: &str) -> KeyEvent {
    let plain = |code| KeyEvent::new(code, KeyModifiers::NONE);
    match key {
        "Enter" => plain(KeyCode::Enter),
        "Esc" => plain(KeyCode::Esc),
        "Tab" => plain(KeyCode::Tab),
        "S-Tab" => KeyEvent::new(KeyCode::BackTab, KeyModifiers::SHIFT),
        "Up" => plain(KeyCode::Up),
        "Down" => plain(KeyCode::Down),
        "Left" => plain(KeyCode::Left),
        "End" => plain(KeyCode::End),
        "Right" => plain(KeyCode::Right),
        "Backspace" => plain(KeyCode::Backspace),
        "Space" => plain(KeyCode::Char(' ')),
        _ => match (
            key.strip_prefix('^'),
            key.strip_prefix('F').and_then(|n| n.parse().ok()),
        ) {
            (Some(letter), _) if letter.len() == 1 => {
                KeyEvent::new(KeyCode::Char(letter.chars().next().unwrap()), KeyModifiers::CONTROL)
            }
            (_, Some(number)) => plain(KeyCode::F(number)),
            _ => {
                assert_eq!(key.chars().count(), 1, "no such key: {key}");
                plain(KeyCode::Char(key.chars().next().unwrap()))
            }
        },
    }
}
