//! What the categorizer, the demo data, the chart and the search cost: `cargo bench --bench data`.

use std::sync::OnceLock;

use budget_tracker::api::ExpenseOrder;
use budget_tracker::categorize::{Categorizer, Evidence, Model, Own, PastChoice, Weight, merchant_key, predict};
use budget_tracker::chart::{Chart, ChartBar, write_png};
use budget_tracker::domain::category::DEFAULTS;
use budget_tracker::domain::{Calendar, Currency, Filter, FilterRow, expense::CategorySource};
use budget_tracker::server::demo;
use budget_tracker::server::store::accounts::{self, NewUser};
use budget_tracker::server::store::expenses::{self, Draft, Placing};
use budget_tracker::server::store::pages::{PageQuery, page};
use budget_tracker::server::store::{Scope, Store, StoreError, categories, summary};
use divan::counter::ItemsCount;
use divan::{Bencher, black_box};
use jiff::ToSpan;
use jiff::civil::{Date, date};
use tempfile::TempDir;
use uuid::Uuid;

/// The day on which everything below happens.
const TODAY: Date = date(2026, 11, 22);
/// Expenses of the large account.
const MANY: i64 = 100_000;

const DESCRIPTIONS: [&str; 3] = [
    "lunch at chipotle",
    "SQ *BLUE BOTTLE 0421 OAKLAND CA",
    "qwertz uiop asdfg hjkl yxcvb",
];

fn main() {
    divan::main();
}

#[divan::bench(args = DESCRIPTIONS)]
fn guess(description: &str) -> usize {
    Model::shared().guess(black_box(description)).len()
}

/// The median of this and the count say how many rows of a file are categorized in a second.
#[divan::bench]
fn categorize_a_thousand_rows(bencher: Bencher<'_, '_>) {
    let rows: Vec<String> = (0..1000)
        .map(|row| format!("{} {row}", DESCRIPTIONS[row % 3]))
        .collect();
    bencher.counter(ItemsCount::new(rows.len())).bench(|| {
        let sure = |row: &&String| Model::shared().probabilities(row).iter().any(|chance| *chance > 0.5);
        black_box(&rows).iter().filter(sure).count()
    });
}

#[divan::bench(args = DESCRIPTIONS)]
fn key(description: &str) -> String {
    merchant_key(black_box(description))
}

#[divan::bench]
fn predict_with_own_choices() -> usize {
    let choice = PastChoice {
        category: 1,
        amount_minor: 1850,
        weight: Weight::Chosen,
    };
    let known = Evidence {
        choices: vec![choice; 7],
        words: Vec::new(),
    };
    let own = Own::defaults();
    predict(Model::shared(), &own, &[], black_box(&known), "ramen house", Some(1850)).len()
}

#[divan::bench]
fn demo_data() -> usize {
    demo::generate(black_box(date(2026, 11, 22))).expenses.len()
}

#[divan::bench]
#[expect(
    clippy::expect_used,
    reason = "without a folder to write to there is nothing to measure"
)]
fn chart_of_twenty_categories(bencher: Bencher<'_, '_>) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let bars = (1..).zip(DEFAULTS).map(|(place, (name, _))| ChartBar {
        category: name.to_owned(),
        spent_minor: place * 1200,
        limit_minor: Some(15_000),
    });
    let chart = Chart {
        title: "Budget vs spending".to_owned(),
        currency: Currency::USD,
        bars: bars.collect(),
    };
    bencher.bench(|| write_png(&folder.path().join("chart.png"), &chart).expect("a picture"));
}

/// What people type over the list of their expenses.
const FILTERS: [&str; 7] = [
    "",
    "coffee",
    "cofee",
    "zzzz",
    "fun amount>20 since:1sep",
    "cat:fees&taxes",
    "month:last",
];

#[divan::bench(args = FILTERS)]
fn filter_one_row(bencher: Bencher<'_, '_>, typed: &str) {
    let filter = Filter::parse(typed, TODAY, Calendar::default(), Currency::USD);
    let row = FilterRow {
        day: TODAY,
        description: "SQ *BLUE BOTTLE 0421 OAKLAND CA",
        amount_minor: 1440,
        category: Some("dining"),
        source: CategorySource::Lexicon,
        confidence: 70,
    };
    bencher.bench(|| black_box(&filter).matches(black_box(&row)));
}

/// An account with a hundred thousand expenses of eight years.
struct Large {
    store: Store,
    scope: Scope,
    _folder: TempDir,
}

impl Large {
    fn shared() -> &'static Self {
        static LARGE: OnceLock<Large> = OnceLock::new();
        LARGE.get_or_init(Self::new)
    }

    #[expect(clippy::expect_used, reason = "without data there is nothing to measure")]
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let store = Store::open(&folder.path().join("budget.db"), 0, Box::new(|_| {})).expect("a new file");
        let scope = Scope {
            user: Uuid::new_v4(),
            currency: Currency::USD,
            calendar: Calendar::default(),
            today: TODAY,
            now: 0,
        };
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .expect("a runtime");
        let filled = runtime.block_on(store.write(move |tx| {
            accounts::create(tx, &user(scope.user), TODAY, 0)?;
            let known = categories::list(tx, &scope)?;
            (0..MANY).try_for_each(|i| expenses::add(tx, &scope, &draft(i, &known)).map(|_| ()))
        }));
        filled.expect("room on the disk");
        Self {
            store,
            scope,
            _folder: folder,
        }
    }
}

fn user(id: Uuid) -> NewUser {
    NewUser {
        id,
        name: "ada".to_owned(),
        email: "ada@example.org".to_owned(),
        password: String::new(),
        currency: Currency::USD,
        time_zone: "UTC".to_owned(),
        calendar: Calendar::default(),
        demo: false,
    }
}

fn draft(i: i64, known: &[budget_tracker::api::Category]) -> Draft {
    const MERCHANTS: [&str; 12] = [
        "SQ *BLUE BOTTLE 0421 OAKLAND CA",
        "Café Nero",
        "REWE sagt Danke 0421",
        "Uber trip to the airport",
        "Spotify",
        "Rent",
        "Ramen House 東京",
        "Shell 0088",
        "coffee beans",
        "PP*4421 XKCD STORE",
        "Pharmacy at the corner",
        "Cinema Lumière",
    ];
    // A multiplier without a common factor with the counts spreads the rows evenly.
    let spread = |count: usize, step: i64| usize::try_from(i * step).map_or(0, |i| i % count);
    let category = known.get(spread(known.len() + 1, 5)).map(|category| category.id);
    Draft {
        id: Uuid::now_v7(),
        day: TODAY - ((MANY - i) * 2922 / MANY).days(),
        description: format!("{} {i}", MERCHANTS[spread(MERCHANTS.len(), 5)]),
        amount_minor: 100 + i * 7919 % 20_000,
        placing: Placing {
            category,
            source: if category.is_some() {
                CategorySource::Lexicon
            } else {
                CategorySource::None
            },
            confidence: u8::try_from(50 + i % 49).unwrap_or(0),
        },
        fingerprint: Vec::new(),
    }
}

fn query(filter: Option<&str>, order: ExpenseOrder, review: bool) -> PageQuery {
    PageQuery {
        month: None,
        category: None,
        filter: filter.map(|text| Filter::parse(text, TODAY, Calendar::default(), Currency::USD)),
        review,
        order,
        limit: 200,
        after: None,
    }
}

#[expect(clippy::expect_used, reason = "a page that cannot be read cannot be measured")]
fn read(query: &PageQuery) -> usize {
    let Large { store, scope, .. } = Large::shared();
    let found = store.read(|tx| page(tx, scope, query)).expect("a page");
    found.expenses.len()
}

#[divan::bench(args = FILTERS, sample_count = 20)]
fn find_in_100_000(bencher: Bencher<'_, '_>, typed: &str) {
    let query = query(Some(typed), ExpenseOrder::Day, false);
    Large::shared();
    bencher.bench(|| read(black_box(&query)));
}

#[divan::bench(sample_count = 20)]
fn review_in_100_000(bencher: Bencher<'_, '_>) {
    let query = query(None, ExpenseOrder::Day, true);
    Large::shared();
    bencher.bench(|| read(black_box(&query)));
}

#[divan::bench(args = [ExpenseOrder::Day, ExpenseOrder::Amount, ExpenseOrder::Description], sample_count = 20)]
fn order_100_000(bencher: Bencher<'_, '_>, order: ExpenseOrder) {
    let query = query(None, order, false);
    Large::shared();
    bencher.bench(|| read(black_box(&query)));
}

#[divan::bench]
fn summary_of_100_000(bencher: Bencher<'_, '_>) {
    let Large { store, scope, .. } = Large::shared();
    bencher.bench(|| {
        store
            .read(|tx| summary::of_month(tx, scope, scope.month()))
            .map_or_else(
                |error: StoreError| error.to_string().len(),
                |summary| summary.months.len(),
            )
    });
}
