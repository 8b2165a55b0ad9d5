//! Strings that try to steer a terminal or to break its columns, a server that serves them, and what to look for in
//! the bytes that a terminal got.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use budget_tracker::api::{Account, Alert, Expense, ExpensePage, Session, Summary};
use budget_tracker::domain::Calendar;
use jiff::civil::{Date, date};
use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use rand::{RngExt as _, SeedableRng as _};
use serde::Serialize;
use serde_json::{Value, json};
use url::Url;
use uuid::Uuid;

use super::hostile::{Hostile, Step, whole};

/// Expenses, categories and alerts of one round.
pub const EXPENSES: usize = 200;
pub const CATEGORIES: usize = 30;
pub const ALERTS: usize = 20;
/// Strings of one round: a description each, a name each, and message and cause each.
pub const STRINGS: usize = EXPENSES + CATEGORIES + 2 * ALERTS;

const TODAY: Date = date(2026, 11, 22);

/// What strings are made of.
const PIECES: [&str; 56] = [
    "lunch",
    "REWE sagt Danke",
    " ",
    "  ",
    "\x1b",
    "\x1b[31m",
    "\x1b[2J",
    "\x1b[?1049l",
    "\x1b[6n",
    "\x1bc",
    "\x1b]0;owned\x07",
    "\x1b]2;owned\x1b\\",
    "\x1b]8;;https://example.org\x1b\\link\x1b]8;;\x1b\\",
    "\x1b]52;c;RVZJTA==\x07",
    "\x1b]777;notify;a;b\x07",
    "\x1bP$qm\x1b\\",
    "\x1b_Gi=1;AAAA\x1b\\",
    "\x1b^private\x1b\\",
    "\u{9b}31m",
    "\u{9d}0;owned\u{9c}",
    "\u{90}q\u{9c}",
    "\u{85}",
    "\x07",
    "\x08\x08",
    "\r",
    "\n",
    "\t",
    "\0",
    "\x7f",
    "\u{202e}evil\u{202c}",
    "\u{2066}b\u{2069}",
    "\u{200e}\u{200f}\u{61c}",
    "\u{200b}",
    "\u{200d}",
    "\u{feff}",
    "\u{2060}\u{ad}",
    "\u{2028}\u{2029}",
    "\u{e0041}\u{e007f}",
    "\u{fff9}\u{fffb}",
    "東京タワー",
    "ｱｲｳ",
    "ﷺ",
    "한국어",
    "\u{1100}\u{1161}\u{11a8}",
    "e\u{301}",
    "e\u{301}\u{302}\u{303}\u{304}\u{305}\u{306}\u{307}\u{308}",
    "\u{301}\u{20d0}",
    "क्षि",
    "ก็ำ",
    "שלום",
    "العربية",
    "👍🏽",
    "🧑‍👩‍👧‍👦",
    "🇩🇪🇪🇺",
    "1\u{fe0f}\u{20e3}❤\u{fe0f}☺\u{fe0e}",
    "│─▆",
];

/// One string; the same for the same state of `random`.
fn string(random: &mut StdRng) -> String {
    let count = random.random_range(1..=8);
    let mut text = String::new();
    for _ in 0..count {
        if random.random_bool(0.1) {
            text.push(random.random());
        } else {
            text += PIECES.choose(random).unwrap();
        }
    }
    text
}

/// A server whose every text is strange, other ones in each round.
pub struct Strange {
    server: Hostile,
    round: Arc<AtomicU64>,
}

impl Strange {
    pub fn start() -> Self {
        let round = Arc::new(AtomicU64::new(0));
        let shared = Arc::clone(&round);
        let server = Hostile::start(move |head| vec![Step::Send(answer(head, shared.load(Ordering::SeqCst)))]);
        Self { server, round }
    }

    pub fn url(&self) -> &Url {
        &self.server.url
    }

    /// Other texts from now on; an expense of the round is called [`marker`].
    pub fn next_round(&self) -> u64 {
        self.round.fetch_add(1, Ordering::SeqCst) + 1
    }
}

/// The description of the first expense of a round.
pub fn marker(round: u64) -> String {
    format!("round {round} begins")
}

fn answer(head: &str, round: u64) -> Vec<u8> {
    let path = head.split_whitespace().nth(1).unwrap_or_default();
    let path = path.split('?').next().unwrap_or_default();
    let body = match path {
        "/v1" => json!({"service": "budget-tracker", "version": "1"}),
        "/v1/login" => value(&Session {
            token: "token".to_owned(),
            account: account(),
            password_until: None,
        }),
        "/v1/account" => value(&account()),
        "/v1/summary" => value(&summary(round)),
        "/v1/expenses" => value(&ExpensePage {
            expenses: expenses(round),
            found: None,
            next: None,
        }),
        "/v1/alerts" => value(&alerts(round)),
        _ => {
            let error = json!({"error": {"code": "not_found", "message": "There is no such thing."}});
            return whole("404 Not Found", JSON, error.to_string().as_bytes());
        }
    };
    whole("200 OK", JSON, body.to_string().as_bytes())
}

const JSON: &str = "Content-Type: application/json\r\n";

fn value(of: &impl Serialize) -> Value {
    serde_json::to_value(of).unwrap()
}

fn account() -> Account {
    Account {
        name: "ada".to_owned(),
        email: "ada@example.org".to_owned(),
        currency: "USD".to_owned(),
        time_zone: "UTC".to_owned(),
        calendar: Calendar::default(),
        revision: 1,
    }
}

fn category_id(at: usize) -> Uuid {
    Uuid::from_u128(0xc000 + at as u128)
}

fn summary(round: u64) -> Summary {
    let mut random = StdRng::seed_from_u64(3 * round);
    let category = |at: usize| {
        json!({
            "id": category_id(at), "name": string(&mut random), "kind": "flexible",
            "spent_minor": 1250, "count": 1, "limit_minor": 1000 + 100 * at, "forecast": null,
        })
    };
    let categories: Vec<Value> = (0..CATEGORIES).map(category).collect();
    let summary = json!({
        "month": "2026-11", "today": TODAY, "currency": "USD", "revision": round, "categories": categories,
        "uncategorised": {"spent_minor": 0, "count": 0}, "daily_minor": [1, 2, 3], "months": [],
    });
    serde_json::from_value(summary).unwrap()
}

fn expenses(round: u64) -> Vec<Expense> {
    let mut random = StdRng::seed_from_u64(3 * round + 1);
    let expense = |at: usize| {
        let description = if at == 0 { marker(round) } else { string(&mut random) };
        let expense = json!({
            "id": Uuid::from_u128(0xe000 + at as u128), "day": TODAY, "description": description,
            "amount_minor": 1250, "category_id": category_id(at % CATEGORIES), "category_source": "you",
            "confidence": 100, "revision": round, "created_at": 0,
        });
        serde_json::from_value(expense).unwrap()
    };
    (0..EXPENSES).map(expense).collect()
}

fn alerts(round: u64) -> Vec<Alert> {
    let mut random = StdRng::seed_from_u64(3 * round + 2);
    let alert = |at: usize| {
        let alert = json!({
            "id": Uuid::from_u128(0xa000 + at as u128), "category_id": category_id(at),
            "category": string(&mut random), "month": "2026-11", "level": "over", "message": string(&mut random),
            "spent_minor": 1250, "limit_minor": 1000, "cause": string(&mut random), "created_at": 1,
            "read": false, "resolved_at": null,
        });
        serde_json::from_value(alert).unwrap()
    };
    (0..ALERTS).map(alert).collect()
}

/// The first thing in `bytes` that this program has no business to send to a terminal.
pub fn steering(bytes: &[u8]) -> Option<String> {
    let mut rest = match str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => return Some(format!("no UTF-8 at byte {}", error.valid_up_to())),
    };
    while let Some(c) = rest.chars().next() {
        let length = match c {
            '\x1b' => match sequence(rest) {
                Some(length) => length,
                None => return Some(format!("{:?}", rest.chars().take(24).collect::<String>())),
            },
            _ if is_hidden(c) => return Some(format!("U+{:04X}", u32::from(c))),
            _ => c.len_utf8(),
        };
        rest = &rest[length..];
    }
    None
}

/// The length of the sequence at the start of `text`, if it is one of ours.
fn sequence(text: &str) -> Option<usize> {
    if let Some(inside) = text.strip_prefix("\x1b[") {
        let end = inside.find(|c: char| !matches!(c, '0'..='9' | ';' | '?'))?;
        return matches!(
            inside.as_bytes()[end],
            b'H' | b'J' | b'K' | b'm' | b'h' | b'l' | b't' | b'n' | b'c'
        )
        .then_some(2 + end + 1);
    }
    if let Some(title) = text.strip_prefix("\x1b]2;") {
        let end = title.find('\x07')?;
        return title[..end].chars().all(|c| !is_hidden(c)).then_some(4 + end + 1);
    }
    let question = "\x1b]11;?\x1b\\";
    text.starts_with(question).then_some(question.len())
}

/// Controls, and what reorders a line or is not seen.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}')
        || matches!(c, '\u{61c}' | '\u{ad}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}
