//! New expenses, stored in one go: one, or those of many users at once, with few statements for all of them.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::LazyLock;

use uuid::Uuid;

use super::accounts::{self, Advance};
use super::categories::{self, Target};
use super::expenses::{Draft, Writing, finish, to_review};
use super::learned::{self, Chosen};
use super::rules::{self, Hits};
use super::scope::{Scope, day_number};
use super::tx::{Row, Several, StoreError, Tx, Value, in_rows};
use crate::api::Expense;
use crate::domain::expense::CategorySource;

/// An expense to be stored, and whose it is.
#[derive(Debug, Clone)]
pub struct Add {
    /// Whose; when the months begin is looked up.
    pub scope: Scope,
    /// What.
    pub draft: Draft,
}

/// What became of some adds.
pub(super) enum Outcome {
    /// All of them are stored; in their order.
    Stored(Vec<Expense>),
    /// Some ids, by their places, are there already, or come twice. What was written is to be undone.
    There(Vec<usize>),
}

/// One statement for many rows.
static INSERT: LazyLock<Several> = LazyLock::new(|| {
    let columns = [
        "user_id",
        "id",
        "seq",
        "revision",
        "day",
        "description",
        "amount_minor",
        "category_id",
        "category_source",
        "confidence",
        "to_review",
        "deleted",
        "fingerprint",
        "created_at",
        "merchant",
        "chosen_at",
        "chosen_day",
        "chosen_weight",
    ];
    Several::insert(
        "expenses",
        &columns,
        "ON CONFLICT (user_id, id) DO NOTHING RETURNING user_id, id",
    )
});

/// Stores new expenses, each with a revision of its own. On an error nothing of any of them may stay.
///
/// The rows of their users are locked first. Two servers may lock those of the same users in another order: the database
/// then ends one of the two transactions, which is tried again.
pub(super) fn together(tx: &mut dyn Tx, adds: &[&Add]) -> Result<Outcome, StoreError> {
    let users = by_user(adds);
    let Lookup {
        mut targets,
        scopes,
        mut rules,
    } = look_up(tx, adds, &users)?;
    let mut expenses: Vec<Expense> = adds.iter().map(|add| new_expense(add)).collect();
    for ((_, own), (last, _)) in users.iter().zip(&scopes) {
        for (index, revision) in own.iter().rev().zip((1..=*last).rev()) {
            expenses[*index].revision = revision;
        }
    }
    let (mut rows, mut choices) = (Vec::with_capacity(adds.len()), Vec::with_capacity(adds.len()));
    for (add, expense) in adds.iter().zip(&expenses) {
        let chosen = Chosen::now(&add.scope, None, expense);
        rows.push(row(add, expense, chosen));
        choices.push(chosen);
    }
    let mut steps = Vec::with_capacity(users.len());
    for ((user, own), (_, scope)) in users.iter().zip(scopes) {
        let mut writing = Writing::knowing(targets.remove(user).unwrap_or_default());
        for index in own {
            let expense = &expenses[*index];
            learned::count(tx, &scope, expense, choices[*index], 1)?;
            if expense.category_source == CategorySource::Rule
                && let Some(rules) = rules.get_mut(user)
            {
                rules.hit(expense);
            }
            writing.post_new(tx, &scope, expense)?;
        }
        if let Some(rules) = rules.remove(user) {
            rules.count(tx, &scope)?;
        }
        steps.push((scope, writing));
    }
    let there = missing(adds, &finish(tx, steps, INSERT.asks(rows, in_rows))?)?;
    Ok(if there.is_empty() {
        Outcome::Stored(expenses)
    } else {
        Outcome::There(there)
    })
}

/// The places of each user's adds.
fn by_user(adds: &[&Add]) -> BTreeMap<Uuid, Vec<usize>> {
    let mut users: BTreeMap<Uuid, Vec<usize>> = BTreeMap::new();
    for (index, add) in adds.iter().enumerate() {
        users.entry(add.scope.user).or_default().push(index);
    }
    users
}

/// What the adds need to know.
struct Lookup {
    /// The categories that each user's adds name.
    targets: HashMap<Uuid, HashMap<Uuid, Target>>,
    /// The last revision of each user and the user at the last add, in the order of the users.
    scopes: Vec<(i64, Scope)>,
    /// The rules of those users of whom a rule has placed an expense.
    rules: HashMap<Uuid, Hits>,
}

/// Moves the users on, which locks their rows, and looks at the categories and rules.
fn look_up(tx: &mut dyn Tx, adds: &[&Add], users: &BTreeMap<Uuid, Vec<usize>>) -> Result<Lookup, StoreError> {
    let mut asks = accounts::advance(steps(adds, users));
    let of_users = asks.len();
    let named = adds
        .iter()
        .filter_map(|add| Some((add.scope.user, add.draft.placing.category?)));
    let wanted = Vec::from_iter(named.collect::<BTreeSet<_>>());
    asks.extend(categories::targets(&wanted));
    let of_targets = asks.len();
    let by_rule = adds
        .iter()
        .filter(|add| add.draft.placing.source == CategorySource::Rule);
    let with_rules: BTreeSet<Uuid> = by_rule.map(|add| add.scope.user).collect();
    asks.extend(with_rules.iter().flat_map(|user| rules::hit_asks(*user)));

    let found = tx.query_many(&asks)?;
    let (found, of_rules) = found.split_at(of_targets);
    let (moved, targets) = found.split_at(of_users);
    let moved = accounts::read_advanced(&moved.concat())?;
    let mut scopes = Vec::with_capacity(users.len());
    for (user, own) in users {
        let (last, calendar) = *moved.get(user).ok_or(StoreError::NotFound("user"))?;
        tx.note_revision(*user, last);
        let latest = own.last().map(|index| adds[*index].scope);
        scopes.extend(latest.map(|scope| (last, Scope { calendar, ..scope })));
    }
    let hits = with_rules.into_iter().zip(of_rules.chunks(2));
    Ok(Lookup {
        targets: categories::read_targets(targets, &wanted)?,
        scopes,
        rules: hits
            .map(|(user, found)| Ok((user, Hits::read(found)?)))
            .collect::<Result<_, StoreError>>()?,
    })
}

/// By how much the adds move each user on.
fn steps(adds: &[&Add], users: &BTreeMap<Uuid, Vec<usize>>) -> Vec<Advance> {
    let waits = |index: &&usize| adds[**index].draft.placing.is_to_review();
    let step = |(user, own): (&Uuid, &Vec<usize>)| Advance {
        user: *user,
        revisions: count(own.len()),
        to_review: count(own.iter().filter(waits).count()),
    };
    users.iter().map(step).collect()
}

fn count(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// The expense without its revision.
fn new_expense(add: &Add) -> Expense {
    let (draft, scope) = (&add.draft, &add.scope);
    Expense {
        id: draft.id,
        day: draft.day,
        description: draft.description.clone(),
        amount_minor: draft.amount_minor,
        category_id: draft.placing.category,
        category_source: draft.placing.source,
        confidence: draft.placing.confidence,
        revision: 0,
        created_at: scope.now,
        note: None,
    }
}

fn row(add: &Add, expense: &Expense, chosen: Option<Chosen>) -> Vec<Value> {
    vec![
        add.scope.user.into(),
        expense.id.into(),
        expense.revision.into(),
        expense.revision.into(),
        day_number(expense.day).into(),
        expense.description.as_str().into(),
        expense.amount_minor.into(),
        expense.category_id.into(),
        expense.category_source.to_string().into(),
        i64::from(expense.confidence).into(),
        to_review(expense).into(),
        false.into(),
        add.draft.fingerprint.as_slice().into(),
        expense.created_at.into(),
        learned::merchant(expense, chosen).into(),
        chosen.map(|chosen| chosen.at).into(),
        chosen.map(|chosen| chosen.day).into(),
        chosen.map(|chosen| chosen.weight).into(),
    ]
}

/// The places of the adds that no row was stored for; `stored` has the users and ids of those that are.
fn missing(adds: &[&Add], stored: &[Vec<Row>]) -> Result<Vec<usize>, StoreError> {
    let mut ids: HashSet<(Uuid, Uuid)> = HashSet::with_capacity(adds.len());
    for row in stored.iter().flatten() {
        ids.insert((row.id(0)?, row.id(1)?));
    }
    let is_missing = |(index, add): (usize, &&Add)| (!ids.remove(&(add.scope.user, add.draft.id))).then_some(index);
    Ok(adds.iter().enumerate().filter_map(is_missing).collect())
}
