//! Trains the model of `categorize` anew: `cargo run --release --example train_categories`.
//!
//! Reads `assets/categorize/*.csv` and `assets/categorize/lexicon/*.csv` and writes `assets/categorize/model.bin` in about a
//! minute, the same bytes every time. With `--check` it writes nothing and fails where the file would become another one.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::{env, fs};

use budget_tracker::categorize::train::corpus::{Origin, Source};
use budget_tracker::categorize::train::{Plan, train};

fn main() -> Result<(), Box<dyn Error>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/categorize");
    let texts = texts(&folder)?;
    let sources: Vec<_> = texts
        .iter()
        .map(|(origin, text)| Source { origin: *origin, text })
        .collect();
    let bytes = train(&sources, &Plan::default());
    let target = folder.join("model.bin");
    if env::args().any(|argument| argument == "--check") {
        let same = fs::read(&target)? == bytes;
        println!(
            "{} is {}",
            target.display(),
            if same { "up to date" } else { "out of date" }
        );
        return if same { Ok(()) } else { Err("train it anew".into()) };
    }
    fs::write(&target, &bytes)?;
    println!("{}: {} bytes", target.display(), bytes.len());
    Ok(())
}

/// Where rows are from, and the file that holds them.
type Text = (Option<Origin>, String);

/// The files in a fixed order, each with where its rows are from.
fn texts(folder: &Path) -> Result<Vec<Text>, Box<dyn Error>> {
    let mut texts = Vec::new();
    for (name, origin) in [
        ("brands.csv", Origin::Brand),
        ("places.csv", Origin::Place),
        ("codes.csv", Origin::Code),
        ("nouns.csv", Origin::Noun),
        ("guessed.csv", Origin::Guessed),
    ] {
        texts.push((Some(origin), fs::read_to_string(folder.join(name))?));
    }
    let mut lists: Vec<PathBuf> = fs::read_dir(folder.join("lexicon"))?
        .map(|entry| entry.map(|e| e.path()))
        .collect::<Result<_, _>>()?;
    lists.retain(|path| path.extension().is_some_and(|extension| extension == "csv"));
    lists.sort();
    for list in lists {
        texts.push((None, fs::read_to_string(list)?));
    }
    Ok(texts)
}
