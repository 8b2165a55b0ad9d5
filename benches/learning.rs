//! What learning from corrections brings, and what it costs: `cargo bench --bench learning`.
//!
//! Replays generated users, each with shops, notes and tastes of his own, shops filed by amount, changes of mind, slips
//! of the hand and new shops now and then, 500 expenses whose category the user states and 250 after them. Prints how
//! often the category was right at once, beside the model alone, and how long a prediction takes that reads all that
//! was learned. The constants were chosen with other seeds than the one printed here.

mod corrections;
#[path = "replay/dice.rs"]
mod dice;

use std::time::{Duration, Instant};

use budget_tracker::categorize::Model;
use budget_tracker::domain::{Calendar, Currency};
use budget_tracker::server::store::accounts::{self, NewUser};
use budget_tracker::server::store::expenses::{self, Draft, Placing};
use budget_tracker::server::store::learned::Known;
use budget_tracker::server::store::{Scope, Store, StoreError, categories};
use corrections::{Score, replay};
use jiff::civil::date;
use uuid::Uuid;

/// Another one than those that the constants were chosen with.
const SEED: u64 = 9;
const USERS: u64 = 40;
/// Choices of the account whose predictions are timed.
const MANY: i64 = 100_000;

fn main() -> Result<(), StoreError> {
    let folder = tempfile::tempdir().map_err(|error| StoreError::File(error.to_string()))?;
    let store = Store::open(&folder.path().join("budget.db"), 0, Box::new(|_| {}))?;
    let seed = std::env::args()
        .skip(1)
        .find_map(|word| word.parse().ok())
        .unwrap_or(SEED);
    let found = replay(Model::shared(), &store, seed, USERS)?;
    println!("{USERS} generated users, permille of the expenses in the right category at once");
    print("while 500 are corrected", &found.learning);
    print("the 250 after them", &found.following);
    let (median, slow) = timed(&store)?;
    println!("\none prediction over {MANY} choices: {median:?} (median), {slow:?} (99 of 100 are faster)");
    Ok(())
}

fn print(what: &str, score: &Score) {
    println!(
        "  {what:<26}{:>6} expenses: {:>4}, first or second {:>4}, the model alone {:>4}, wrong again {}",
        score.rows,
        score.permille(score.right),
        score.permille(score.right_of_two),
        score.permille(score.by_model),
        score.wrong_again,
    );
}

/// How long predictions take that read rules, choices and words of a large account.
fn timed(store: &Store) -> Result<(Duration, Duration), StoreError> {
    let scope = Scope {
        user: Uuid::new_v4(),
        currency: Currency::USD,
        today: date(2026, 11, 22),
        calendar: Calendar::default(),
        now: 0,
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .map_err(|error| StoreError::File(error.to_string()))?;
    runtime.block_on(store.write(move |tx| {
        let user = NewUser {
            id: scope.user,
            name: "ada".to_owned(),
            email: "ada@example.org".to_owned(),
            password: String::new(),
            currency: Currency::USD,
            time_zone: "UTC".to_owned(),
            calendar: Calendar::default(),
            demo: false,
        };
        accounts::create(tx, &user, scope.today, 0)?;
        let known = categories::list(tx, &scope)?;
        for number in 0..MANY {
            let place = usize::try_from(number % 400).unwrap_or(0);
            let draft = Draft {
                id: Uuid::now_v7(),
                day: scope.today,
                description: format!("{} bistro 0{number}", names(place)),
                amount_minor: 100 + number * 7919 % 20_000,
                placing: Placing::by_user(known[place * 7 % known.len()].id),
                fingerprint: Vec::new(),
            };
            expenses::add(tx, &scope, &draft)?;
        }
        Ok(())
    }))?;
    let mut times = Vec::new();
    for place in 0..400 {
        let description = format!("{} bistro", names(place));
        let begun = Instant::now();
        store.read(|tx| {
            let known = Known::read(tx, &scope)?;
            known
                .predict(tx, &scope, Model::shared(), &description, Some(1850))
                .map(|guesses| guesses.len())
        })?;
        times.push(begun.elapsed());
    }
    times.sort();
    Ok((times[times.len() / 2], times[times.len() * 99 / 100]))
}

/// One of 400 names of shops.
fn names(place: usize) -> String {
    const SYLLABLES: [&str; 20] = [
        "ba", "do", "fi", "gu", "ha", "ko", "li", "mu", "na", "pe", "ra", "so", "ti", "vu", "wa", "xe", "yo", "zi",
        "cha", "ble",
    ];
    format!("{}{}n", SYLLABLES[place / 20], SYLLABLES[place % 20])
}
