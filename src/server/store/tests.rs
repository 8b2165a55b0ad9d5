//! The store's contract, on a real database.

mod care;
mod history;
mod search;
mod together;

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex};

use jiff::ToSpan;
use jiff::civil::{Date, date};
use proptest::prelude::*;
use uuid::Uuid;

use super::accounts::NewUser;
use super::expenses::{Change, Draft, Placing};
use super::pages::PageQuery;
use super::*;
use crate::api::{Category, Expense, ExpenseOrder};
use crate::domain::expense::to_review;
use crate::domain::{Calendar, Currency, Month};
use crate::server::tests::database::TestDatabase;

const TODAY: Date = date(2026, 11, 22);

struct Fixture {
    store: Store,
    scope: Scope,
    told: Arc<Mutex<Vec<(Uuid, i64)>>>,
    place: TestDatabase,
}

fn open(place: &TestDatabase, told: &Arc<Mutex<Vec<(Uuid, i64)>>>) -> Store {
    let told = Arc::clone(told);
    let on_commit: OnCommit = Box::new(move |revisions| told.lock().unwrap().extend_from_slice(revisions));
    Store::open(place.database(), 0, on_commit).unwrap()
}

impl Fixture {
    async fn new() -> Self {
        let place = TestDatabase::new();
        let told = Arc::default();
        let store = open(&place, &told);
        let user = Uuid::new_v4();
        store
            .write(move |tx| accounts::create(tx, &new_user(user), TODAY, 0))
            .await
            .unwrap();
        let scope = Scope {
            user,
            currency: Currency::USD,
            calendar: Calendar::default(),
            today: TODAY,
            now: 1,
        };
        Self {
            store,
            scope,
            told,
            place,
        }
    }

    /// The user's revisions in the order in which they were told; other servers tell of other users too.
    fn told(&self) -> Vec<i64> {
        let told = self.told.lock().unwrap();
        let own = told.iter().filter(|(user, _)| *user == self.scope.user);
        own.map(|(_, revision)| *revision).collect()
    }

    fn categories(&self) -> Vec<Category> {
        self.store.read(|tx| categories::list(tx, &self.scope)).unwrap()
    }

    async fn add(&self, draft: Draft) -> Result<(Expense, bool), StoreError> {
        let scope = self.scope;
        self.store.write(move |tx| expenses::add(tx, &scope, &draft)).await
    }
}

fn new_user(id: Uuid) -> NewUser {
    NewUser {
        id,
        name: id.to_string(),
        email: "a@b.c".to_owned(),
        password: "x".to_owned(),
        currency: Currency::USD,
        time_zone: "UTC".to_owned(),
        calendar: Calendar::default(),
        demo: false,
    }
}

fn draft(category: Option<Uuid>, amount: i64, day: Date) -> Draft {
    Draft {
        id: Uuid::now_v7(),
        day,
        description: "Nakamura ramen".to_owned(),
        amount_minor: amount,
        placing: category.map_or(Placing::NONE, Placing::by_user),
        fingerprint: vec![1],
    }
}

/// All live expenses, through the pages.
fn live(store: &Store, scope: &Scope) -> Vec<Expense> {
    let query = PageQuery {
        month: None,
        category: None,
        filter: None,
        review: false,
        order: ExpenseOrder::Day,
        limit: 10_000,
        after: None,
    };
    store.read(|tx| pages::page(tx, scope, &query)).unwrap().expenses
}

/// Checks that nothing is found wrong, that the sums are what the expenses add up to, and that a summary's days add up to its month.
pub fn check_sums(store: &Store, scope: &Scope) {
    assert_eq!(store.read(verify::look).unwrap().findings, []);
    let (mut by_month, mut by_day) = (BTreeMap::new(), BTreeMap::new());
    for expense in live(store, scope) {
        let key = (
            scope.calendar.month_of(expense.day).index(),
            expense.category_id.unwrap_or_default(),
        );
        let sum: &mut (i64, i64) = by_month.entry(key).or_default();
        *sum = (sum.0 + expense.amount_minor, sum.1 + 1);
        let key = (day_number(expense.day), expense.category_id.unwrap_or_default());
        let sum: &mut (i64, i64) = by_day.entry(key).or_default();
        *sum = (sum.0 + expense.amount_minor, sum.1 + 1);
    }
    let user = scope.user;
    let (rollups, days) = store
        .read(|tx| {
            let rollups = tx.query_all(
                "SELECT month, category_id, spent, n FROM rollups WHERE user_id = $1 AND (n <> 0 OR spent <> 0)",
                &[user.into()],
            )?;
            let days = tx.query_all(
                "SELECT day, category_id, spent, n FROM day_sums WHERE user_id = $1",
                &[user.into()],
            )?;
            Ok((rollups, days))
        })
        .unwrap();
    let read = |rows: &[Row]| -> BTreeMap<_, _> {
        let pair = |r: &Row| {
            let key = (r.int(0).unwrap(), r.id(1).unwrap());
            (key, (r.int(2).unwrap(), r.int(3).unwrap()))
        };
        rows.iter().map(pair).collect()
    };
    assert_eq!(read(&rollups), by_month);
    assert_eq!(read(&days), by_day);
    let summary = store.read(|tx| summary::of_month(tx, scope, scope.month())).unwrap();
    let total = summary.months.last().unwrap();
    assert_eq!(summary.daily_minor.iter().sum::<i64>(), total.spent_minor);
    let waits = |e: &&Expense| to_review(e.category_id.is_some(), e.category_source, e.confidence);
    let counted = store.read(|tx| accounts::to_review(tx, user)).unwrap();
    assert_eq!(
        usize::try_from(counted),
        Ok(live(store, scope).iter().filter(waits).count())
    );
}

/// Checks that what is learned of words is what the choices that stand add up to.
pub fn check_learned(store: &Store, scope: &Scope) {
    let (choices, learned) = store
        .read(|tx| {
            let choices = tx.query_all(
                "SELECT description, category_id, chosen_at, chosen_day, chosen_weight, merchant, category_source
                 FROM expenses WHERE user_id = $1 AND deleted = 0",
                &[scope.user.into()],
            )?;
            let learned = tx.query_all(
                "SELECT word, category_id, weight FROM learned WHERE user_id = $1",
                &[scope.user.into()],
            )?;
            Ok((choices, learned))
        })
        .unwrap();
    let mut wanted: BTreeMap<(String, Uuid), i64> = BTreeMap::new();
    for row in &choices {
        let chosen = learned::read_chosen(row, 2).unwrap();
        let by_user = row.text(6).unwrap() == "you" && row.opt_id(1).unwrap().is_some();
        assert_eq!(
            (chosen.is_some(), row.opt_text(5).unwrap().is_some()),
            (by_user, by_user)
        );
        let Some(chosen) = chosen else { continue };
        for word in learned::counted_words(row.text(0).unwrap()) {
            *wanted.entry((word, row.id(1).unwrap())).or_default() += chosen.counts();
        }
    }
    let read = |row: &Row| {
        let key = (row.text(0).unwrap().to_owned(), row.id(1).unwrap());
        (key, row.int(2).unwrap())
    };
    assert_eq!(learned.iter().map(read).collect::<BTreeMap<_, _>>(), wanted);
}

/// Two that are spent in, one that is not spending, and none.
fn choice(categories: &[Category], which: usize) -> Option<Uuid> {
    let named = |name: &str| categories.iter().find(|c| c.name == name).map(|c| c.id);
    [named("Dining"), named("Housing"), named("Income"), None][which]
}

#[tokio::test]
async fn a_refused_write_leaves_nothing_and_others_stand() {
    let fixture = Fixture::new().await;
    let scope = fixture.scope;
    let writes = (0..40).map(|i| {
        fixture.store.write(move |tx| {
            expenses::add(tx, &scope, &draft(None, 100, TODAY))?;
            if i % 4 == 0 {
                Err(StoreError::NotFound("expense"))
            } else {
                Ok(())
            }
        })
    });
    let done = futures::future::join_all(writes).await;
    assert_eq!(done.iter().filter(|r| r.is_ok()).count(), 30);
    assert_eq!(live(&fixture.store, &scope).len(), 30);
    assert_eq!(fixture.told(), (1..=30).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_write_that_panics_is_refused_and_the_writer_lives() {
    let fixture = Fixture::new().await;
    let failed = fixture
        .store
        .write(|_| -> Result<(), StoreError> { panic!("a fault in a write") })
        .await;
    assert!(matches!(failed, Err(StoreError::Sql(_))));
    assert!(fixture.add(draft(None, 100, TODAY)).await.is_ok());
}

#[tokio::test]
async fn two_stores_on_one_database_see_each_other() {
    let first = Fixture::new().await;
    let second = open(&first.place, &Arc::default());
    let scope = first.scope;
    let (one, two) = (draft(None, 100, TODAY), draft(None, 200, TODAY));
    first.add(one).await.unwrap();
    second.write(move |tx| expenses::add(tx, &scope, &two)).await.unwrap();
    assert_eq!(live(&first.store, &scope), live(&second, &scope));
    assert_eq!(live(&first.store, &scope).len(), 2);
    second.close(AtClose::EmptyLog).await;
    check_sums(&first.store, &scope);
}

#[tokio::test]
async fn another_connection_to_a_file_makes_another_version() {
    if TestDatabase::is_postgres() {
        return;
    }
    let first = Fixture::new().await;
    let second = open(&first.place, &Arc::default());
    let versions = first.store.versions().unwrap();
    let before = versions.current().unwrap();
    let user = first.scope.user;
    second.write(move |tx| accounts::bump(tx, user)).await.unwrap();
    assert_ne!(versions.current().unwrap(), before);
}

#[tokio::test]
async fn what_is_answered_is_there_after_opening_again() {
    let fixture = Fixture::new().await;
    fixture.add(draft(None, 100, TODAY)).await.unwrap();
    fixture.store.close(AtClose::EmptyLog).await;
    assert!(matches!(
        fixture.store.write(|_| Ok(())).await,
        Err(StoreError::Unavailable(_))
    ));
    let again = open(&fixture.place, &Arc::default());
    assert_eq!(live(&again, &fixture.scope).len(), 1);
    assert_eq!(again.check(), Ok(()));
}

#[tokio::test]
async fn a_damaged_file_is_not_written_any_more() {
    if TestDatabase::is_postgres() {
        return;
    }
    let fixture = Fixture::new().await;
    for _ in 0..200 {
        fixture.add(draft(None, 100, TODAY)).await.unwrap();
    }
    fixture.store.close(AtClose::EmptyLog).await;
    let path = fixture.place.file();
    let mut bytes = std::fs::read(&path).unwrap();
    let text = b"Nakamura ramen";
    let place = bytes.windows(text.len()).rposition(|window| window == text).unwrap();
    let page = place / 4096 * 4096;
    bytes[page..page + 4096].fill(0xa5);
    std::fs::write(&path, bytes).unwrap();
    let store = open(&fixture.place, &Arc::default());
    assert!(store.check().is_err());
    assert!(matches!(store.write(|_| Ok(())).await, Err(StoreError::Corrupt(_))));
    assert!(store.damage().unwrap().to_string().contains("backup"));
}

#[test]
fn a_file_that_is_no_database_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("budget.db");
    std::fs::write(&path, "not a database, but longer than a header of one ".repeat(40)).unwrap();
    let opened = Store::open(&path, 0, Box::new(|_| {}));
    assert!(matches!(opened.err(), Some(StoreError::Corrupt(_))));
}
