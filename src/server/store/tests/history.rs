//! After any history, the sums are what the expenses add up to and the alerts are those that have a cause.

use super::*;
use crate::api::{Alert, Bulk, CategorySummary, MoveBudget, Place};
use crate::domain::alert::Facts;
use crate::domain::{AlertRules, Kind, Level};

#[derive(Debug, Clone)]
enum Step {
    Add(usize, i64, i64),
    Edit(usize, usize, i64, i64),
    Delete(usize),
    Restore(usize),
    Limit(usize, i64, Option<i64>),
    Many(Vec<usize>, usize, bool),
    Move(usize, i64, i64),
    Settings(usize, categories::Change),
    Later(i64),
    MonthStart(u8),
}

fn settings() -> impl Strategy<Value = categories::Change> {
    let rules = (prop::option::of(1_u8..=99), any::<bool>(), any::<bool>());
    let rules = rules.prop_map(|(near_percent, forecast, over)| AlertRules {
        near_percent,
        forecast,
        over,
    });
    let kind = prop::sample::select(vec![Kind::Flexible, Kind::Fixed, Kind::NotSpending, Kind::Income]);
    prop_oneof![
        rules.prop_map(|rules| categories::Change {
            alert_at: Some(rules),
            ..Default::default()
        }),
        kind.prop_map(|kind| categories::Change {
            kind: Some(kind),
            ..Default::default()
        }),
        any::<bool>().prop_map(|on| categories::Change {
            carry_over: Some(on),
            ..Default::default()
        }),
        any::<bool>().prop_map(|on| categories::Change {
            hidden: Some(on),
            ..Default::default()
        }),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    let (which, category, amount, back) = (0_usize..12, 0_usize..4, 1_i64..10_000, 0_i64..70);
    prop_oneof![
        4 => (category.clone(), amount.clone(), back.clone()).prop_map(|(c, a, d)| Step::Add(c, a, d)),
        3 => (which.clone(), category.clone(), amount.clone(), back).prop_map(|(w, c, a, d)| Step::Edit(w, c, a, d)),
        2 => which.clone().prop_map(Step::Delete),
        2 => which.prop_map(Step::Restore),
        1 => (category.clone(), 0_i64..4, prop::option::of(amount.clone())).prop_map(|(c, m, l)| Step::Limit(c, m, l)),
        2 => (prop::collection::vec(0_usize..12, 0..6), category.clone(), any::<bool>())
            .prop_map(|(which, c, back)| Step::Many(which, c, back)),
        1 => (category.clone(), 0_i64..4, amount).prop_map(|(c, m, a)| Step::Move(c, m, a)),
        2 => (category, settings()).prop_map(|(c, change)| Step::Settings(c, change)),
        2 => (1_i64..40).prop_map(Step::Later),
        1 => (1_u8..=28).prop_map(Step::MonthStart),
    ]
}

async fn run(fixture: &mut Fixture, ids: &mut Vec<Uuid>, categories: &[Category], step: Step) {
    let (store, scope) = (fixture.store.clone(), fixture.scope);
    let pick = |ids: &[Uuid], which: usize| ids.get(which % ids.len().max(1)).copied().unwrap_or_default();
    let missing = |error: StoreError| assert_eq!(error, StoreError::NotFound("expense"));
    let refused = |error: StoreError| assert!(matches!(error, StoreError::Invalid { .. }), "{error:?}");
    match step {
        Step::Add(category, amount, back) => {
            let draft = draft(choice(categories, category), amount, scope.today - back.days());
            ids.push(draft.id);
            fixture.add(draft).await.unwrap();
        }
        Step::Edit(which, category, amount, back) => {
            let (id, category) = (pick(ids, which), choice(categories, category));
            let change = Change {
                day: Some(scope.today - back.days()),
                description: None,
                amount_minor: Some(amount),
                placing: category.map(Placing::by_user),
                ..Change::default()
            };
            let done = store.write(move |tx| expenses::change(tx, &scope, id, &change)).await;
            done.map_or_else(missing, |_| ());
        }
        Step::Delete(which) => {
            let id = pick(ids, which);
            store
                .write(move |tx| expenses::delete(tx, &scope, id))
                .await
                .unwrap_or_else(missing);
        }
        Step::Restore(which) => {
            let id = pick(ids, which);
            let done = store.write(move |tx| expenses::restore(tx, &scope, id)).await;
            done.map_or_else(missing, |_| ());
        }
        Step::Limit(category, back, limit) => {
            if let Some(category) = choice(categories, category % 2) {
                let month = scope.month().plus(-back);
                store
                    .write(move |tx| budgets::set(tx, &scope, category, month, limit, None))
                    .await
                    .unwrap_or_else(refused);
            }
        }
        Step::Many(which, category, back) => {
            let ids: Vec<Uuid> = which.iter().map(|which| pick(ids, *which)).collect();
            let category_id = choice(categories, category);
            let step = match (back, category) {
                (true, _) => Bulk::Restore { ids },
                (false, 0) => Bulk::Delete { ids },
                (false, _) => Bulk::Place {
                    places: ids
                        .into_iter()
                        .map(|id| Place {
                            id,
                            category_id,
                            placed_by: None,
                            base_revision: None,
                        })
                        .collect(),
                },
            };
            let done = store.write(move |tx| bulk::apply(tx, &scope, &step)).await;
            done.unwrap_or_else(|error| assert!(matches!(error, StoreError::Missing { .. }), "{error:?}"));
        }
        Step::Move(category, back, amount_minor) => {
            let wish = MoveBudget {
                from: choice(categories, category % 2).unwrap(),
                to: choice(categories, (category + 1) % 2).unwrap(),
                amount_minor,
            };
            let month = scope.month().plus(-back);
            let done = store.write(move |tx| budgets::shift(tx, &scope, month, &wish)).await;
            done.unwrap_or_else(refused);
        }
        Step::Later(days) => {
            fixture.scope.today = scope.today + days.days();
            fixture.scope.now += 1;
            let scope = fixture.scope;
            store.write(move |tx| judge::judge_day(tx, &scope)).await.unwrap();
        }
        Step::MonthStart(day) => {
            let wish = Calendar::new(day).unwrap();
            store.write(move |tx| calendar::change(tx, &scope, wish)).await.unwrap();
            fixture.scope.calendar = wish;
        }
        Step::Settings(category, change) => {
            let category = choice(categories, category % 3).unwrap();
            store
                .write(move |tx| categories::change(tx, &scope, category, &change))
                .await
                .unwrap();
        }
    }
}

/// Some months ago, with limits; the rest of one moves on from the first month.
async fn begin(fixture: &mut Fixture, categories: &[Category]) {
    fixture.scope.today = TODAY - 70.days();
    let (scope, month) = (fixture.scope, fixture.scope.month());
    let (dining, housing) = (choice(categories, 0).unwrap(), choice(categories, 1).unwrap());
    let carry = categories::Change {
        carry_over: Some(true),
        ..Default::default()
    };
    let begun = fixture.store.write(move |tx| {
        budgets::set(tx, &scope, dining, month, Some(5000), None)?;
        budgets::set(tx, &scope, housing, month, Some(5000), None)?;
        categories::change(tx, &scope, dining, &carry)
    });
    begun.await.unwrap();
}

/// No open alert without a cause, and every cause of going over has its alert.
fn check_alerts(fixture: &Fixture, always_wanted: bool) {
    let open: Vec<_> = fixture
        .store
        .read(|tx| alerts::list(tx, &fixture.scope, None))
        .unwrap()
        .into_iter()
        .filter(|alert| alert.resolved_at.is_none())
        .collect();
    for back in 0..4 {
        let month = fixture.scope.month().plus(-back);
        let summary = fixture
            .store
            .read(|tx| summary::of_month(tx, &fixture.scope, month))
            .unwrap();
        for row in &summary.categories {
            let over = row.limit_minor.is_some_and(|limit| row.spent_minor > limit);
            let told = open
                .iter()
                .find(|a| (a.category_id, a.month, a.level) == (row.category.id, month, Level::Over));
            let wanted = row.category.alert_at.over;
            assert!(
                told.is_none() || (over && wanted) || back > 0,
                "{} {month}",
                row.category.name
            );
            // What was not wanted once is not told later about months that are over.
            if wanted && (back == 0 || always_wanted) {
                assert_eq!(over, told.is_some(), "{} {month}", row.category.name);
            }
            if back == 0 {
                check_forecast_alert(row, &open, month);
            }
            if let Some(told) = told.filter(|_| over) {
                let now = (row.spent_minor, row.limit_minor);
                assert_eq!(
                    (told.spent_minor, Some(told.limit_minor)),
                    now,
                    "{} {month}",
                    row.category.name
                );
            }
        }
    }
}

/// What an alert foretells is what the summary forecasts.
fn check_forecast_alert(row: &CategorySummary, open: &[Alert], month: Month) {
    let told = open
        .iter()
        .any(|a| (a.category_id, a.month, a.level) == (row.category.id, month, Level::Forecast));
    let facts = Facts {
        spent: row.spent_minor,
        limit: row.limit_minor,
        forecast: row.forecast.clone(),
        closed: false,
        fixed: row.category.kind == Kind::Fixed,
        rules: row.category.alert_at,
    };
    assert!(told || !facts.raises(Level::Forecast), "{row:?}");
    assert!(!told || facts.holds(Level::Forecast), "{row:?}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]

    #[test]
    fn sums_alerts_and_revisions_hold_after_any_history(steps in prop::collection::vec(step(), 1..30)) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let mut fixture = Fixture::new().await;
            let categories = fixture.categories();
            begin(&mut fixture, &categories).await;
            let mut ids = Vec::new();
            let unwanted = |step: &Step| matches!(step, Step::Settings(_, change) if change.alert_at.is_some_and(|rules| !rules.over));
            let always_wanted = !steps.iter().any(unwanted);
            for step in steps {
                run(&mut fixture, &mut ids, &categories, step).await;
            }
            // As the next request for the numbers does.
            let scope = fixture.scope;
            fixture.store.write(move |tx| judge::judge_day(tx, &scope)).await.unwrap();
            check_sums(&fixture.store, &fixture.scope);
            check_alerts(&fixture, always_wanted);
            check_learned(&fixture.store, &fixture.scope);
            let (scope, both) = (fixture.scope, [choice(&categories, 1), choice(&categories, 0)]);
            let merged = fixture.store.write(move |tx| {
                let [from, into] = both.map(Option::unwrap_or_default);
                merge::merge(tx, &scope, from, into)
            });
            assert_eq!(Some(merged.await.unwrap().id), both[1]);
            check_sums(&fixture.store, &fixture.scope);
            check_alerts(&fixture, false);
            check_learned(&fixture.store, &fixture.scope);
            let last = fixture.store.read(|tx| accounts::revision(tx, fixture.scope.user)).unwrap();
            assert_eq!(fixture.told(), (1..=last).collect::<Vec<_>>());
            fixture.store.close(AtClose::EmptyLog).await;
        });
    }
}
