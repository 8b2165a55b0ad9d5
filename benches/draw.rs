//! What a frame of the dashboard costs: `cargo bench --bench draw`.

use budget_tracker::api::{Bucket, Category, CategorySummary, Dialect, Expense, ExpensePage, MonthTotal, Summary};
use budget_tracker::app::{Effect, Model, Msg, Reply, Rows, Settings, Snapshot, Stamp, update, view};
use budget_tracker::domain::category::DEFAULTS;
use budget_tracker::domain::expense::CategorySource;
use budget_tracker::domain::{Calendar, Forecast, Month};
use divan::{Bencher, black_box};
use jiff::civil::{Date, date};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use uuid::Uuid;

fn main() {
    divan::main();
}

const TODAY: Date = date(2026, 11, 22);

/// Twenty categories with limits, spending on every day, and a page of expenses.
fn numbers() -> Snapshot {
    let month = Month::of(TODAY);
    let categories = (1_u128..).zip(DEFAULTS).map(|(place, (name, kind))| {
        let spent_minor = i64::try_from(place * 1200).unwrap_or(0);
        CategorySummary {
            category: Category::new(Uuid::from_u128(place), name, kind),
            spent_minor,
            count: 12,
            limit_minor: Some(15_000),
            carried_minor: 0,
            past_minor: vec![11_000; 6],
            past_limits_minor: vec![Some(12_000); 6],
            daily_minor: (0..30).map(|day| day * 100).collect(),
            forecast: Some(Forecast::evenly(
                spent_minor,
                spent_minor.max(11_000),
                month.progress(TODAY),
            )),
        }
    });
    let expenses = (1..=100).map(|number| Expense {
        id: Uuid::from_u128(1000 + number),
        day: TODAY,
        description: format!("Ramen House 東京 {number}"),
        amount_minor: 1850,
        category_id: Some(Uuid::from_u128(2)),
        category_source: CategorySource::Lexicon,
        confidence: 72,
        revision: 1,
        created_at: 0,
        note: None,
    });
    Snapshot {
        summary: Summary {
            month,
            calendar: Calendar::default(),
            today: TODAY,
            currency: "USD".to_owned(),
            revision: 1,
            categories: categories.collect(),
            uncategorised: Bucket {
                spent_minor: 4410,
                count: 2,
            },
            income_minor: 0,
            to_review: 3,
            daily_minor: vec![9000; 30],
            months: (-5..=0)
                .map(|back| MonthTotal {
                    month: month.plus(back),
                    spent_minor: 250_000 + back * 7000,
                    limit_minor: 240_000,
                })
                .collect(),
        },
        rows: Some(Rows {
            expenses: ExpensePage {
                expenses: expenses.collect(),
                found: None,
                next: None,
            },
            alerts: Vec::new(),
            history: Vec::new(),
        }),
        dialect: Dialect::V1,
    }
}

/// The overview of a window of this size, with numbers in it.
fn overview(size: (u16, u16)) -> Model {
    let settings = Settings {
        user: Some("newuser".to_owned()),
        ..Settings::default()
    };
    let stamp = Stamp {
        unix_ms: 0,
        local: TODAY.at(8, 14, 0, 0),
        id: Uuid::nil(),
    };
    let mut model = Model::new(settings, size, stamp.local);
    for effect in update(&mut model, Msg::Start, stamp) {
        if let Effect::Call { id, .. } = effect {
            let answer = Reply::Refreshed(Box::new(Ok(numbers())));
            update(&mut model, Msg::Reply(id, answer), stamp);
        }
    }
    model
}

#[divan::bench(args = [(200, 60), (120, 36)])]
fn draw_overview(bencher: Bencher<'_, '_>, size: (u16, u16)) {
    let model = overview(size);
    let mut terminal = Terminal::new(TestBackend::new(size.0, size.1)).expect("a terminal");
    bencher.bench_local(|| {
        terminal.draw(|frame| view(black_box(&model), frame)).expect("a frame");
    });
}
