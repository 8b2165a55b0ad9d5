//! New expenses that come at the same time.

use super::*;
use crate::server::store::adds::Add;

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
    let over: Vec<_> = alerts
        .iter()
        .filter(|alert| alert.level == crate::domain::alert::Level::Over)
        .collect();
    assert_eq!(over.len(), 1);
    assert_eq!((over[0].spent_minor, over[0].limit_minor), (1000, 500));
    assert_eq!(over[0].cause.as_deref(), Some("Nakamura ramen"));
    check_sums(&fixture.store, &scope);
}
