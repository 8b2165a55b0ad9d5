//! What the server costs, as ratios within one run, because machines differ: `cargo bench --bench server`.
//!
//! Each figure stands beside its ceiling, both measured in turn in the same run: medians of windows. The server is the
//! program itself, in a process of its own, with its usual settings; its log goes nowhere. The load comes from this
//! process and shares the cores with it. A word after `--` picks a bench:
//!
//! | word | what it measures | beside |
//! | --- | --- | --- |
//! | `adds` | expenses stored for good over HTTP | the same adds inside the process; a bare sync of 4 KiB |
//! | `summary` | summaries over HTTP | the route that only says who the server is; a thousand expenses |
//! | `streams` | event streams: memory each, time until all have been told, slow readers | limits |
//! | `idle` | memory, start to ready, what a log-in costs | limits; the bare password hash |
//! | `slow` | a summary's p99 beside slow headers, slow bodies, and as many connections as there may be | the same alone |
//! | `overload` | five times the load that it can take | the load that it can take |
//!
//! `--quick` measures for moments only, to see that all of it runs. `--rows N` sets the size of the large account of
//! `summary` (10,000,000; about 3 GB in the temporary folder), `--streams N` the number of streams (10,000),
//! `--seconds N` the time of the overload (60). `streams` and `slow` need 13,000 open files here and in the server
//! (`ulimit -n`).

mod adds;
mod data;
mod http;
mod idle;
mod load;
mod overload;
mod process;
mod report;
mod slow;
mod streams;
mod summary;

type Outcome<T = ()> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

type Bench = fn(&Options) -> Outcome;

/// What the command line asks for.
struct Options {
    quick: bool,
    rows: u32,
    streams: usize,
    seconds: u64,
}

impl Options {
    /// How long a window is that usually lasts this long.
    pub fn window(&self, ms: u64) -> std::time::Duration {
        std::time::Duration::from_millis(if self.quick { ms / 8 } else { ms })
    }

    /// How many windows there are where there usually are as many as this.
    pub fn windows(&self, usual: usize) -> usize {
        if self.quick { 3 } else { usual }
    }
}

fn main() -> Outcome {
    let mut options = Options {
        quick: false,
        rows: 10_000_000,
        streams: 10_000,
        seconds: 60,
    };
    let mut wanted = Vec::new();
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let mut number = || words.next().ok_or(format!("{word} needs a number"));
        match word.as_str() {
            "--bench" => {}
            "--test" => return Ok(()),
            "--quick" => options.quick = true,
            "--rows" => options.rows = number()?.parse()?,
            "--streams" => options.streams = number()?.parse()?,
            "--seconds" => options.seconds = number()?.parse()?,
            _ => wanted.push(word),
        }
    }
    let benches: [(&str, Bench); 6] = [
        ("adds", adds::adds),
        ("summary", summary::summary),
        ("streams", streams::streams),
        ("idle", idle::idle),
        ("slow", slow::slow),
        ("overload", overload::overload),
    ];
    if let Some(unknown) = wanted.iter().find(|word| benches.iter().all(|(name, _)| name != word)) {
        return Err(format!("there is no bench {unknown:?}").into());
    }
    process::open_many_files()?;
    for (name, bench) in benches {
        if wanted.is_empty() || wanted.iter().any(|word| word == name) {
            println!("{name}");
            bench(&options)?;
        }
    }
    Ok(())
}
