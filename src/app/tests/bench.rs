//! A dashboard without a shell: time stands still, calls are looked at, answers are given by hand.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use jiff::civil::{Date, DateTime, date};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;
use uuid::Uuid;

use crate::api::{
    Account, Alert, ApiError, Bucket, Category, CategorySummary, Choice, Dialect, ErrorCode, Expense, ExpensePage,
    Failure, MonthTotal, Prediction, Session, Summary,
};
use crate::app::{Call, Effect, Model, Msg, Reply, Rows, Settings, Snapshot, Stamp, Timer, update, view};
use crate::domain::expense::CategorySource;
use crate::domain::forecast::month_end;
use crate::domain::{Kind, Level, Month};

pub const TODAY: Date = date(2026, 11, 22);
/// 2026-11-22 08:14 UTC.
pub const NOW_MS: i64 = 1_795_335_240_000;

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

pub fn session(name: &str) -> Reply {
    let account = Account {
        name: name.to_owned(),
        email: "a@example.org".to_owned(),
        currency: "USD".to_owned(),
        time_zone: "UTC".to_owned(),
        revision: 1,
    };
    Reply::LoggedIn(Ok((
        Session {
            token: "secret".to_owned(),
            account,
        },
        Dialect::V1,
    )))
}

pub fn failure() -> Failure {
    Failure::Offline {
        server: "127.0.0.1:8080".to_owned(),
        reason: "connection refused".to_owned(),
    }
}

pub fn category_id(name: &str) -> Uuid {
    Uuid::new_v5(&Uuid::NAMESPACE_OID, name.as_bytes())
}

fn category(name: &str, kind: Kind, spent_minor: i64, limit_minor: Option<i64>, past: &[i64]) -> CategorySummary {
    let progress = Month::of(TODAY).progress(TODAY);
    CategorySummary {
        category: Category {
            id: category_id(name),
            name: name.to_owned(),
            kind,
        },
        spent_minor,
        count: i64::from(spent_minor > 0),
        limit_minor,
        forecast: month_end(kind, spent_minor, progress, past),
    }
}

/// The month of the mock-ups, with eight rows of budgets.
pub fn summary(revision: i64) -> Summary {
    let month = Month::of(TODAY);
    let mut daily_minor = vec![0; 30];
    for (day, minor) in [
        (1, 120_000),
        (3, 1099),
        (10, 11_840),
        (13, 9290),
        (14, 8210),
        (17, 5730),
        (20, 3500),
        (21, 12_120),
        (22, 1850),
    ] {
        daily_minor[day - 1] = minor;
    }
    let months = (0..6)
        .map(|back| MonthTotal {
            month: month.plus(back - 5),
            spent_minor: 170_000 + back * 12_000,
            limit_minor: 230_500,
        })
        .collect();
    Summary {
        month,
        today: TODAY,
        currency: "USD".to_owned(),
        revision,
        categories: vec![
            category("Groceries", Kind::Flexible, 20_330, Some(45_000), &[28_000, 29_000]),
            category("Dining", Kind::Flexible, 12_580, Some(12_000), &[11_000, 12_500]),
            category("Transport", Kind::Flexible, 8120, Some(9000), &[11_000, 10_500]),
            category("Housing", Kind::Fixed, 120_000, Some(120_000), &[120_000]),
            category("Utilities", Kind::Fixed, 11_840, Some(16_000), &[]),
            category("Health", Kind::Flexible, 1200, Some(6000), &[2000]),
            category("Shopping", Kind::Flexible, 0, Some(10_000), &[0]),
            category("Subscriptions", Kind::Fixed, 4197, Some(4500), &[]),
            category("Income", Kind::NotSpending, 280_000, None, &[]),
        ],
        uncategorised: Bucket {
            spent_minor: 4410,
            count: 2,
        },
        daily_minor,
        months,
    }
}

pub fn expense(number: u128, day: i8, description: &str, category: Option<&str>, amount_minor: i64) -> Expense {
    Expense {
        id: Uuid::from_u128(0xe000 + number),
        day: date(2026, 11, day),
        description: description.to_owned(),
        amount_minor,
        category_id: category.map(category_id),
        category_source: if category.is_some() {
            CategorySource::Lexicon
        } else {
            CategorySource::None
        },
        confidence: if description.starts_with("PP*") { 48 } else { 96 },
        revision: 1,
        created_at: NOW_MS,
    }
}

pub fn alert(number: u128, category: &str, level: Level) -> Alert {
    Alert {
        id: Uuid::from_u128(0xa000 + number),
        category_id: category_id(category),
        category: category.to_owned(),
        month: Month::of(TODAY),
        level,
        message: format!("{category} is over its $120 limit for November 2026 by $5.80."),
        spent_minor: 12_580,
        limit_minor: 12_000,
        cause: Some("Ramen House 東京".to_owned()),
        created_at: NOW_MS - 7_200_000,
        read: false,
        resolved_at: None,
    }
}

pub fn rows() -> Rows {
    let expenses = vec![
        expense(1, 22, "Ramen House 東京", Some("Dining"), 1850),
        expense(2, 21, "REWE sagt Danke 0421", Some("Groceries"), 12_120),
        expense(3, 20, "Cinema Lumière", None, 3500),
        expense(4, 19, "PP*4421 XKCD STORE", Some("Shopping"), 910),
        expense(5, 17, "Shell 0088", Some("Transport"), 5730),
        expense(6, 14, "Lidl", Some("Groceries"), 8210),
        expense(7, 13, "Ristorante Da Nino", Some("Dining"), 9290),
        expense(8, 1, "Rent November", Some("Housing"), 120_000),
    ];
    let alerts = vec![
        alert(1, "Dining", Level::Over),
        Alert {
            message: "Transport will pass its $90 limit for November 2026: $110.70 expected.".to_owned(),
            spent_minor: 8120,
            limit_minor: 9000,
            ..alert(2, "Transport", Level::Forecast)
        },
    ];
    Rows {
        expenses: ExpensePage { expenses, next: None },
        alerts,
    }
}

pub fn snapshot(revision: i64) -> Snapshot {
    Snapshot {
        summary: summary(revision),
        rows: Some(rows()),
        dialect: Dialect::V1,
    }
}

pub fn classic_snapshot() -> Snapshot {
    let mut snapshot = snapshot(0);
    snapshot.dialect = Dialect::Classic;
    snapshot.summary.daily_minor.clear();
    snapshot.summary.months.clear();
    snapshot.rows = Some(Rows {
        expenses: ExpensePage {
            expenses: Vec::new(),
            next: None,
        },
        alerts: rows().alerts,
    });
    snapshot
}

pub fn empty_snapshot() -> Snapshot {
    let mut snapshot = snapshot(2);
    for category in &mut snapshot.summary.categories {
        (category.spent_minor, category.count) = (0, 0);
        (category.limit_minor, category.forecast) = (None, None);
    }
    snapshot.summary.uncategorised = Bucket::default();
    snapshot.summary.daily_minor.fill(0);
    snapshot.summary.months.iter_mut().for_each(|total| {
        (total.spent_minor, total.limit_minor) = (0, 0);
    });
    snapshot.rows = Some(Rows {
        expenses: ExpensePage {
            expenses: Vec::new(),
            next: None,
        },
        alerts: Vec::new(),
    });
    snapshot
}

/// The numbers of a month that is over.
pub fn october(revision: i64) -> Snapshot {
    let month = Month::of(TODAY).plus(-1);
    let mut snapshot = snapshot(revision);
    snapshot.summary.month = month;
    snapshot.summary.daily_minor = vec![6000; 31];
    for category in &mut snapshot.summary.categories {
        category.forecast = None;
    }
    let rows = snapshot.rows.as_mut().unwrap();
    for expense in &mut rows.expenses.expenses {
        expense.day = date(2026, 10, expense.day.day());
        expense.id = Uuid::from_u128(expense.id.as_u128() + 0x1000);
    }
    snapshot
}

pub fn prediction(choices: &[(&str, u8)]) -> Prediction {
    let choices: Vec<Choice> = choices
        .iter()
        .map(|(name, confidence)| Choice {
            category_id: category_id(name),
            category: (*name).to_owned(),
            confidence: *confidence,
        })
        .collect();
    let known = !choices.is_empty();
    Prediction {
        choices,
        source: known.then_some(CategorySource::Learned),
        because: if known {
            "\"ramen\" was 7 times Dining".to_owned()
        } else {
            String::new()
        },
    }
}

pub fn refusal(code: ErrorCode, message: &str) -> Failure {
    Failure::Rejected(ApiError::new(code, message))
}
