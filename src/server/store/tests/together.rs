//! New expenses that come at the same time.

use super::*;
use crate::domain::alert::Level;
use crate::server::store::adds::Add;
use crate::server::store::tx::{Each, Row, Tx, Value};

/// Stores them all at once; what became of each.
async fn add_all(fixture: &Fixture, adds: &[(Scope, Draft)]) -> Vec<Result<(Expense, bool), StoreError>> {
    let adds = adds.iter().map(|(scope, draft)| {
        let (scope, draft) = (*scope, draft.clone());
        fixture.store.add(Add { scope, draft })
    });
    futures::future::join_all(adds).await
}

async fn another_user(fixture: &Fixture) -> Scope {
    let user = Uuid::new_v4();
    fixture
        .store
        .write(move |tx| accounts::create(tx, &new_user(user), TODAY, 0))
        .await
        .unwrap();
    Scope { user, ..fixture.scope }
}

/// Each expense has a revision of its own, and none is left out.
fn check_revisions(fixture: &Fixture, scope: &Scope) {
    let mut revisions: Vec<i64> = live(&fixture.store, scope).iter().map(|e| e.revision).collect();
    revisions.sort_unstable();
    let last = fixture.store.read(|tx| accounts::revision(tx, scope.user)).unwrap();
    assert_eq!(revisions, (1..=last).collect::<Vec<_>>());
}

#[tokio::test]
async fn each_is_stored_once_whoever_it_belongs_to() {
    let fixture = Fixture::new().await;
    let mut scopes = vec![fixture.scope];
    for _ in 0..3 {
        scopes.push(another_user(&fixture).await);
    }
    let mut adds = Vec::new();
    for number in 0..60 {
        let scope = scopes[number % scopes.len()];
        let categories = fixture.store.read(|tx| categories::list(tx, &scope)).unwrap();
        let day = TODAY.checked_sub((i64::try_from(number).unwrap() % 40).days()).unwrap();
        let draft = draft(choice(&categories, number / 4 % 4), 100, day);
        // Every fifth one is sent twice.
        if number % 5 == 0 {
            adds.push((scope, draft.clone()));
        }
        adds.push((scope, draft));
    }
    let done: Vec<(Expense, bool)> = add_all(&fixture, &adds).await.into_iter().map(Result::unwrap).collect();
    assert_eq!(done.iter().filter(|(_, new)| *new).count(), 60);
    for ((_, draft), (expense, _)) in adds.iter().zip(&done) {
        assert_eq!((draft.id, draft.amount_minor), (expense.id, expense.amount_minor));
    }
    // Once more, nothing is new and everything is as it was.
    let again = add_all(&fixture, &adds).await.into_iter().map(Result::unwrap);
    for ((expense, _), (known, new)) in done.into_iter().zip(again) {
        assert_eq!((expense, false), (known, new));
    }
    for scope in &scopes {
        assert_eq!(live(&fixture.store, scope).len(), 15);
        check_sums(&fixture.store, scope);
        check_learned(&fixture.store, scope);
        check_revisions(&fixture, scope);
    }
}

#[tokio::test]
async fn one_that_is_refused_takes_no_other_with_it() {
    let fixture = Fixture::new().await;
    let other = another_user(&fixture).await;
    let mut adds: Vec<(Scope, Draft)> = (0..30)
        .map(|number| {
            let scope = if number % 2 == 0 { fixture.scope } else { other };
            (scope, draft(None, 100, TODAY))
        })
        .collect();
    let (unknown, mut changed) = (draft(Some(Uuid::now_v7()), 100, TODAY), adds[0].1.clone());
    changed.fingerprint = vec![2];
    adds.insert(10, (fixture.scope, unknown));
    adds.insert(20, (fixture.scope, draft(None, i64::MAX / 64, TODAY)));
    adds.push((fixture.scope, changed));
    adds.push((
        Scope {
            user: Uuid::new_v4(),
            ..other
        },
        draft(None, 100, TODAY),
    ));
    let done = add_all(&fixture, &adds).await;
    let field = |place: usize| match &done[place] {
        Err(StoreError::Invalid { field, .. } | StoreError::Conflict { field, .. }) => *field,
        other => panic!("{other:?}"),
    };
    assert_eq!([field(10), field(20), field(32)], ["category_id", "amount_minor", "id"]);
    assert_eq!(done[33], Err(StoreError::NotFound("user")));
    assert_eq!(done.iter().filter(|done| done.is_ok()).count(), 30);
    for scope in [fixture.scope, other] {
        assert_eq!(live(&fixture.store, &scope).len(), 15);
        check_sums(&fixture.store, &scope);
        check_revisions(&fixture, &scope);
    }
}

#[tokio::test]
async fn a_limit_that_they_cross_together_is_told_once() {
    let fixture = Fixture::new().await;
    let scope = fixture.scope;
    let dining = choice(&fixture.categories(), 0).unwrap();
    fixture
        .store
        .write_for(scope, move |tx, scope| {
            budgets::set(tx, scope, dining, scope.month(), Some(500), None)
        })
        .await
        .unwrap();
    let adds: Vec<(Scope, Draft)> = (0..10).map(|_| (scope, draft(Some(dining), 100, TODAY))).collect();
    assert!(add_all(&fixture, &adds).await.iter().all(Result::is_ok));
    let alerts = fixture.store.read(|tx| alerts::list(tx, &scope, None)).unwrap();
    let over: Vec<_> = alerts.iter().filter(|alert| alert.level == Level::Over).collect();
    assert_eq!(over.len(), 1);
    assert_eq!((over[0].spent_minor, over[0].limit_minor), (1000, 500));
    assert_eq!(over[0].cause.as_deref(), Some("Nakamura ramen"));
    check_sums(&fixture.store, &scope);
}

/// A transaction that counts the queries sent in it.
struct Counting<'a> {
    tx: &'a mut dyn Tx,
    queries: usize,
}

impl Tx for Counting<'_> {
    fn query_all(&mut self, sql: &'static str, params: &[Value]) -> Result<Vec<Row>, StoreError> {
        self.queries += 1;
        self.tx.query_all(sql, params)
    }

    fn query_each(&mut self, sql: &'static str, params: &[Value], each: &mut Each<'_>) -> Result<(), StoreError> {
        self.queries += 1;
        self.tx.query_each(sql, params, each)
    }

    fn execute(&mut self, sql: &'static str, params: &[Value]) -> Result<u64, StoreError> {
        self.tx.execute(sql, params)
    }

    fn hold(&mut self, user: Uuid) -> Result<(), StoreError> {
        self.tx.hold(user)
    }

    fn note_revision(&mut self, user: Uuid, revision: i64) {
        self.tx.note_revision(user, revision);
    }
}

/// Adds one expense of 100 for each user, in one transaction; how many queries that took.
async fn queries(fixture: &Fixture, wanted: &[(Scope, Uuid)]) -> usize {
    let adds = wanted.iter().map(|(scope, category)| Add {
        scope: *scope,
        draft: draft(Some(*category), 100, TODAY),
    });
    let adds: Vec<Add> = adds.collect();
    let counted = fixture.store.write(move |tx| {
        let mut tx = Counting { tx, queries: 0 };
        adds::together(&mut tx, &adds.iter().collect::<Vec<_>>())?;
        Ok(tx.queries)
    });
    counted.await.unwrap()
}

#[tokio::test]
async fn many_users_are_judged_with_the_queries_of_one_and_each_by_its_own_limit() {
    let fixture = Fixture::new().await;
    let mut wanted = Vec::new();
    for number in 0..32 {
        let scope = another_user(&fixture).await;
        let categories = fixture.store.read(|tx| categories::list(tx, &scope)).unwrap();
        let dining = choice(&categories, 0).unwrap();
        // Every third one is over it with the second expense.
        let limit = if number % 3 == 0 { 150 } else { 100_000 };
        let limited = fixture.store.write_for(scope, move |tx, scope| {
            budgets::set(tx, scope, dining, scope.month(), Some(limit), None)
        });
        limited.await.unwrap();
        wanted.push((scope, dining));
    }
    // The first expenses of a month have forecasts made anew.
    queries(&fixture, &wanted).await;
    let one = queries(&fixture, &wanted[1..2]).await;
    assert_eq!(queries(&fixture, &wanted).await, one);
    for (number, (scope, dining)) in wanted.into_iter().enumerate() {
        let alerts = fixture.store.read(|tx| alerts::list(tx, &scope, None)).unwrap();
        let over = alerts.iter().find(|alert| alert.level == Level::Over);
        let told = over.map(|alert| (alert.category_id, alert.limit_minor));
        assert_eq!(told, (number % 3 == 0).then_some((dining, 150)), "{number}");
        check_sums(&fixture.store, &scope);
    }
}
