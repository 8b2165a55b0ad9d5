//! What the categorizer, the demo data and the chart cost: `cargo bench --bench data`.

use budget_tracker::categorize::{Categorizer, Learned, Lexicon, merchant_key, predict};
use budget_tracker::chart::{Chart, ChartBar, write_png};
use budget_tracker::domain::Currency;
use budget_tracker::domain::category::DEFAULTS;
use budget_tracker::server::demo;
use divan::{Bencher, black_box};
use jiff::civil::date;

const DESCRIPTIONS: [&str; 3] = [
    "lunch at chipotle",
    "SQ *BLUE BOTTLE 0421 OAKLAND CA",
    "qwertz uiop asdfg hjkl yxcvb",
];

fn main() {
    // Built once at the first call; the figures below are for the calls after it.
    let _ = Lexicon::shared();
    divan::main();
}

#[divan::bench]
fn build_word_list() -> Lexicon {
    Lexicon::built_in()
}

#[divan::bench(args = DESCRIPTIONS)]
fn guess(description: &str) -> usize {
    Lexicon::shared().guess(black_box(description)).len()
}

#[divan::bench(args = DESCRIPTIONS)]
fn key(description: &str) -> String {
    merchant_key(black_box(description))
}

#[divan::bench]
fn predict_with_own_choices() -> usize {
    let learned = [Learned {
        category: "Dining".to_owned(),
        count: 7,
    }];
    predict(Lexicon::shared(), black_box(&learned), "ramen house").len()
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
