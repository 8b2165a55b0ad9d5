//! What the server of these tests answers: the month of the mock-ups, and others.

use jiff::civil::{Date, date};
use uuid::Uuid;

use crate::api::{
    Account, Alert, ApiError, Bucket, Category, CategorySummary, Choice, Dialect, ErrorCode, Expense, ExpensePage,
    Failure, MonthTotal, Prediction, Session, SetBudget, Summary,
};
use crate::app::{Reply, Rows, Snapshot};
use crate::domain::expense::CategorySource;
use crate::domain::{Calendar, Forecast, Kind, Level, Month};

pub const TODAY: Date = date(2026, 11, 22);
/// 2026-11-22 08:14 UTC.
pub const NOW_MS: i64 = 1_795_335_240_000;

pub fn session(name: &str) -> Reply {
    let account = Account {
        name: name.to_owned(),
        email: "a@example.org".to_owned(),
        currency: "USD".to_owned(),
        time_zone: "UTC".to_owned(),
        calendar: Calendar::default(),
        revision: 1,
    };
    Reply::LoggedIn(Ok((
        Session {
            token: "secret".to_owned(),
            account,
            password_until: None,
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
    CategorySummary {
        category: Category::new(category_id(name), name, kind),
        spent_minor,
        count: i64::from(spent_minor > 0),
        limit_minor,
        carried_minor: 0,
        past_minor: past_months(past),
        past_limits_minor: Vec::new(),
        daily_minor: days_of(name, spent_minor),
        forecast: forecast(kind, spent_minor, past),
    }
}

/// A bill comes back; what else is spent goes on between this month's pace and the usual one, `past` newest first.
fn forecast(kind: Kind, spent_minor: i64, past: &[i64]) -> Option<Forecast> {
    let progress = Month::of(TODAY).progress(TODAY);
    let [day, left, length] = [progress.day, progress.left(), progress.length].map(i64::from);
    let usual = (!past.is_empty()).then(|| past.iter().sum::<i64>() / i64::try_from(past.len()).unwrap());
    let mid = match (kind, usual) {
        (Kind::Income | Kind::NotSpending, _) | (Kind::Fixed, None) => return None,
        (Kind::Fixed, Some(usual)) => spent_minor.max(usual),
        (Kind::Flexible, None) => spent_minor + spent_minor * left / day,
        (Kind::Flexible, Some(usual)) => {
            spent_minor + (spent_minor * left / day * day + usual * left / length * left) / length
        }
    };
    Some(Forecast::evenly(spent_minor, mid, progress))
}

/// Six months, the oldest first; those before `past` are empty.
fn past_months(past: &[i64]) -> Vec<i64> {
    let mut months = vec![0; 6_usize.saturating_sub(past.len())];
    months.extend(past.iter().rev());
    months
}

/// What was spent, spread over some days that the name decides.
fn days_of(name: &str, spent_minor: i64) -> Vec<i64> {
    let mut days = vec![0; 30];
    let share = spent_minor / 10;
    for (at, letter) in name.bytes().take(5).enumerate() {
        days[(usize::from(letter) * (at + 1)) % 22] += share * if at == 0 { 6 } else { 1 };
    }
    days
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
        calendar: Calendar::default(),
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
            category("Income", Kind::Income, 280_000, None, &[]),
        ],
        uncategorised: Bucket {
            spent_minor: 4410,
            count: 2,
        },
        income_minor: 280_000,
        to_review: 3,
        daily_minor,
        months,
    }
}

/// What is sent to set a limit by somebody who sees revision 1.
pub fn limit(limit_minor: i64) -> SetBudget {
    SetBudget {
        limit_minor,
        base_revision: Some(1),
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
        note: None,
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
        snoozed_until: None,
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
        expenses: ExpensePage {
            expenses,
            found: None,
            next: None,
        },
        alerts,
        history: Vec::new(),
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
            found: None,
            expenses: Vec::new(),
            next: None,
        },
        alerts: rows().alerts,
        history: Vec::new(),
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
            found: None,
            expenses: Vec::new(),
            next: None,
        },
        alerts: Vec::new(),
        history: Vec::new(),
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
        merchant: if known { "ramen house".to_owned() } else { String::new() },
        choices,
        source: known.then_some(CategorySource::Learned),
        because: if known {
            "\"ramen\" was 7 times Dining".to_owned()
        } else {
            String::new()
        },
        note: None,
    }
}

pub fn refusal(code: ErrorCode, message: &str) -> Failure {
    Failure::Rejected(ApiError::new(code, message))
}
