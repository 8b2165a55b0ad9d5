//! What the program costs as a person feels it: `cargo bench --bench process`.
//!
//! Prints ratios within one run, because machines differ: time to the first frame against the smallest
//! ratatui program, `add` and `summary` against `sqlite3 FILE 'select 1'`, the time from a key to the first byte
//! that it paints, a minute in which nothing happens beside btop and htop, and a summary over a million expenses
//! against one over a thousand. A word after `--` picks one of them: `start`, `keys`, `idle`, `summaries`.

mod home;
mod idle;
mod keys;
mod start;
mod summaries;
mod terminal;

use std::time::Duration;

use home::Home;

const PROGRAM: &str = env!("CARGO_BIN_EXE_budget-tracker");

type Outcome<T = ()> = Result<T, Box<dyn std::error::Error>>;

fn main() -> Outcome {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    if arguments.iter().any(|word| word == "--test") {
        return Ok(());
    }
    let wanted = |name: &str| arguments.is_empty() || arguments.iter().any(|word| word == name);
    let large = Home::with(100_000)?;
    if wanted("start") {
        start::first_frame(&large)?;
        start::commands(&large)?;
    }
    if wanted("keys") {
        keys::keys(&large)?;
    }
    if wanted("idle") {
        idle::idle(&large)?;
    }
    if wanted("summaries") {
        summaries::summaries()?;
    }
    Ok(())
}

/// Milliseconds.
fn median(mut values: Vec<Duration>) -> f64 {
    values.sort_unstable();
    values[values.len() / 2].as_secs_f64() * 1000.0
}
