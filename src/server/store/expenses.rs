//! Expenses: stored once, changed, taken away and brought back, each with its sums and alerts.

use std::collections::HashMap;
use std::str::FromStr;

use jiff::civil::Date;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::adds::{self, Add, Outcome};
use super::categories::Kept;
use super::learned::Chosen;
use super::scope::{Scope, day_number, day_of};
use super::tx::{Row, StoreError, TOGETHER, Tx, together};
use super::{categories, learned, rules, tombstones};
use crate::api::{Expense, NewExpense, PlacedBy, Thing};
use crate::domain::Money;
use crate::domain::expense::{self, CategorySource};

mod writing;

use writing::Way;
pub(super) use writing::{Writing, finish};

/// A category for an expense and who chose it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Placing {
    /// The category, if one was found or chosen.
    pub category: Option<Uuid>,
    /// Who chose it.
    pub source: CategorySource,
    /// How sure that is, percent.
    pub confidence: u8,
}

impl Placing {
    /// Waits in no category.
    pub const NONE: Self = Self {
        category: None,
        source: CategorySource::None,
        confidence: 0,
    };

    /// The user's own choice.
    #[must_use]
    pub fn by_user(category: Uuid) -> Self {
        Self {
            category: Some(category),
            source: CategorySource::You,
            confidence: 100,
        }
    }

    /// The choice that a request tells: the user's own, or that of another one before, which is taken up again.
    #[must_use]
    pub fn told(category: Option<Uuid>, by: Option<PlacedBy>) -> Self {
        match (category, by) {
            (None, _) => Self::NONE,
            (Some(category), Some(by)) if by.category_source != CategorySource::You => Self {
                category: Some(category),
                source: by.category_source,
                confidence: by.confidence,
            },
            (Some(category), _) => Self::by_user(category),
        }
    }

    /// Whether an expense in it waits for a review.
    pub(super) fn is_to_review(self) -> bool {
        expense::to_review(self.category.is_some(), self.source, self.confidence)
    }
}

/// An expense to be stored; every field has passed its check.
#[derive(Debug, Clone)]
pub struct Draft {
    /// The client's id.
    pub id: Uuid,
    /// The local day.
    pub day: Date,
    /// What it was for.
    pub description: String,
    /// Minor units, more than zero.
    pub amount_minor: i64,
    /// Its category.
    pub placing: Placing,
    /// [`fingerprint`] of the request.
    pub fingerprint: Vec<u8>,
}

/// What tells a request that is sent again from another one with the same id.
#[must_use]
pub fn fingerprint(request: &NewExpense) -> Vec<u8> {
    let mut hash = Sha256::new();
    hash.update(request.day.map_or(i64::MIN, day_number).to_le_bytes());
    hash.update(request.amount_minor.to_le_bytes());
    hash.update(request.category_id.unwrap_or_default().as_bytes());
    hash.update(request.description.as_bytes());
    hash.finalize()[..16].to_vec()
}

/// What changes in an expense; every field has passed its check.
#[derive(Debug, Clone, Default)]
pub struct Change {
    /// A new day.
    pub day: Option<Date>,
    /// A new description.
    pub description: Option<String>,
    /// A new amount, minor units.
    pub amount_minor: Option<i64>,
    /// A category: chosen by the user, or predicted for the new description.
    pub placing: Option<Placing>,
    /// Whether `placing` only takes up again what was before: no rule counts it once more.
    pub puts_back: bool,
    /// The revision that the change is based on.
    pub base_revision: Option<i64>,
}

const FIND: &str = "SELECT id, day, description, amount_minor, category_id, category_source, confidence,
    revision, created_at, seq, deleted, fingerprint, chosen_at, chosen_day, chosen_weight
    FROM expenses WHERE user_id = $1 AND id = $2";

/// An expense as it is stored.
#[derive(Debug, Clone)]
pub(super) struct Stored {
    /// What the user sees of it.
    pub(super) expense: Expense,
    deleted: bool,
    /// When the user chose its category, if the user did.
    chosen: Option<Chosen>,
}

/// Stores an expense; the flag says whether it is new. Sent again, it is the one that is stored already.
pub fn add(tx: &mut dyn Tx, scope: &Scope, draft: &Draft) -> Result<(Expense, bool), StoreError> {
    if let Some(row) = tx.query_opt(FIND, &[scope.user.into(), draft.id.into()])? {
        if row.bytes(11)? == draft.fingerprint {
            return Ok((read(&row)?, false));
        }
        return Err(StoreError::conflict(
            "id",
            "Another expense has this id already. Send a new id.",
        ));
    }
    let add = Add {
        scope: *scope,
        draft: draft.clone(),
    };
    match adds::together(tx, &[&add])? {
        Outcome::Stored(stored) => {
            let expense = stored.into_iter().next().ok_or(StoreError::NotFound("expense"))?;
            Ok((expense, true))
        }
        Outcome::There(_) => Err(StoreError::Unavailable(
            "the same expense is being stored at this moment".to_owned(),
        )),
    }
}

/// One expense that is not deleted.
pub fn get(tx: &mut dyn Tx, scope: &Scope, id: Uuid) -> Result<Expense, StoreError> {
    live(tx, scope, id).map(|stored| stored.expense)
}

/// One expense that is not deleted, with what only the store has to know.
pub(super) fn live(tx: &mut dyn Tx, scope: &Scope, id: Uuid) -> Result<Stored, StoreError> {
    let stored = find(tx, scope, id)?;
    if stored.deleted {
        return Err(StoreError::NotFound("expense"));
    }
    Ok(stored)
}

/// The expenses with these ids, in their order, without those that are not there.
pub(super) fn some(tx: &mut dyn Tx, scope: &Scope, ids: &[Uuid]) -> Result<Vec<Expense>, StoreError> {
    let mut found = HashMap::with_capacity(ids.len());
    for few in ids.chunks(TOGETHER) {
        let rows = tx.query_all(
            "SELECT id, day, description, amount_minor, category_id, category_source, confidence, revision, created_at
             FROM expenses WHERE user_id = $1 AND deleted = 0 AND id IN ($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12,
                 $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33)",
            &together(&[scope.user.into()], few),
        )?;
        for row in &rows {
            let expense = read(row)?;
            found.insert(expense.id, expense);
        }
    }
    Ok(ids.iter().filter_map(|id| found.remove(id)).collect())
}

/// Changes the given fields. What was changed after the revision that the change is based on is not overwritten.
pub fn change(tx: &mut dyn Tx, scope: &Scope, id: Uuid, change: &Change) -> Result<Expense, StoreError> {
    let stored = live(tx, scope, id)?;
    let old = stored.expense.clone();
    let mut new = change
        .placing
        .map_or_else(|| old.clone(), |placing| placed(&old, placing));
    new.day = change.day.unwrap_or(old.day);
    new.amount_minor = change.amount_minor.unwrap_or(old.amount_minor);
    if let Some(description) = &change.description {
        new.description.clone_from(description);
    }
    // Sent again, a change finds itself: that is no conflict.
    if new != old && change.base_revision.is_some_and(|base| old.revision > base) {
        let category = find_category(tx, scope, old.category_id)?;
        return Err(outdated(scope, &old, category.as_ref()));
    }
    let mut writing = Writing::default();
    writing.puts_back = change.puts_back;
    let new = rewrite(tx, scope, &stored, new, &mut writing)?;
    writing.finish(tx, scope)?;
    Ok(new)
}

fn outdated(scope: &Scope, now: &Expense, category: Option<&Kept>) -> StoreError {
    StoreError::Outdated(format!(
        "This expense was changed meanwhile: it is {}, {} on {} {} now. Look at it again.",
        now.description,
        Money::new(now.amount_minor, scope.currency),
        now.day.strftime("%-d %b %Y"),
        category.map_or_else(
            || "in no category".to_owned(),
            |kept| format!("in {}", kept.category.name)
        ),
    ))
}

/// The expense in another category.
pub(super) fn placed(expense: &Expense, placing: Placing) -> Expense {
    Expense {
        category_id: placing.category,
        category_source: placing.source,
        confidence: placing.confidence,
        ..expense.clone()
    }
}

/// Takes an expense away; once more does nothing.
pub fn delete(tx: &mut dyn Tx, scope: &Scope, id: Uuid) -> Result<(), StoreError> {
    let mut writing = Writing::default();
    take_away(tx, scope, id, &mut writing)?;
    writing.finish(tx, scope)
}

/// Brings a deleted expense back; one that is not deleted stays as it is.
pub fn restore(tx: &mut dyn Tx, scope: &Scope, id: Uuid) -> Result<Expense, StoreError> {
    let mut writing = Writing::default();
    let expense = bring_back(tx, scope, id, &mut writing)?;
    writing.finish(tx, scope)?;
    Ok(expense)
}

/// Writes `new` in the place of `stored`, if it differs, and returns it as it is stored.
pub(super) fn rewrite(
    tx: &mut dyn Tx,
    scope: &Scope,
    stored: &Stored,
    mut new: Expense,
    writing: &mut Writing,
) -> Result<Expense, StoreError> {
    let old = &stored.expense;
    if new == *old {
        return Ok(new);
    }
    writing.post(tx, scope, old, Way::Out)?;
    writing.post(tx, scope, &new, Way::In)?;
    new.revision = writing.revision(tx, scope)?;
    let chosen = Chosen::now(scope, Some((old, stored.chosen)), &new);
    tx.change(
        "UPDATE expenses SET day = $1, description = $2, amount_minor = $3, category_id = $4,
             category_source = $5, confidence = $6, to_review = $7, revision = $8,
             merchant = $9, chosen_at = $10, chosen_day = $11, chosen_weight = $12
         WHERE user_id = $13 AND id = $14",
        &[
            day_number(new.day).into(),
            new.description.as_str().into(),
            new.amount_minor.into(),
            new.category_id.into(),
            new.category_source.to_string().into(),
            i64::from(new.confidence).into(),
            to_review(&new).into(),
            new.revision.into(),
            learned::merchant(&new, chosen).into(),
            chosen.map(|chosen| chosen.at).into(),
            chosen.map(|chosen| chosen.day).into(),
            chosen.map(|chosen| chosen.weight).into(),
            scope.user.into(),
            new.id.into(),
        ],
    )?;
    learned::recount(tx, scope, (old, stored.chosen), (&new, chosen))?;
    if !writing.puts_back && new.category_source == CategorySource::Rule && old.category_source != CategorySource::Rule
    {
        rules::count_hit(tx, scope, &new)?;
    }
    Ok(new)
}

/// Takes an expense away, if it is there.
pub(super) fn take_away(tx: &mut dyn Tx, scope: &Scope, id: Uuid, writing: &mut Writing) -> Result<(), StoreError> {
    let stored = find(tx, scope, id)?;
    if stored.deleted {
        return Ok(());
    }
    mark(tx, scope, id, true, writing)?;
    learned::count(tx, scope, &stored.expense, stored.chosen, -1)?;
    writing.post(tx, scope, &stored.expense, Way::Out)
}

/// Brings an expense back, if it was taken away, and returns it.
pub(super) fn bring_back(
    tx: &mut dyn Tx,
    scope: &Scope,
    id: Uuid,
    writing: &mut Writing,
) -> Result<Expense, StoreError> {
    let Stored {
        mut expense,
        deleted,
        chosen,
    } = find(tx, scope, id)?;
    if deleted {
        expense.revision = mark(tx, scope, id, false, writing)?;
        learned::count(tx, scope, &expense, chosen, 1)?;
        writing.post(tx, scope, &expense, Way::In)?;
    }
    Ok(expense)
}

pub(super) fn to_review(expense: &Expense) -> bool {
    expense::to_review(
        expense.category_id.is_some(),
        expense.category_source,
        expense.confidence,
    )
}

fn find_category(tx: &mut dyn Tx, scope: &Scope, category: Option<Uuid>) -> Result<Option<Kept>, StoreError> {
    category.map(|id| categories::chosen(tx, scope, id)).transpose()
}

fn mark(tx: &mut dyn Tx, scope: &Scope, id: Uuid, deleted: bool, writing: &mut Writing) -> Result<i64, StoreError> {
    let revision = writing.revision(tx, scope)?;
    tx.change(
        "UPDATE expenses SET deleted = $1, revision = $2 WHERE user_id = $3 AND id = $4",
        &[deleted.into(), revision.into(), scope.user.into(), id.into()],
    )?;
    if deleted {
        tombstones::bury(tx, scope, (Thing::Expense, id), revision)?;
    } else {
        tombstones::lift(tx, scope, (Thing::Expense, id))?;
    }
    Ok(revision)
}

fn find(tx: &mut dyn Tx, scope: &Scope, id: Uuid) -> Result<Stored, StoreError> {
    let row = tx.query_opt(FIND, &[scope.user.into(), id.into()])?;
    let row = row.ok_or(StoreError::NotFound("expense"))?;
    Ok(Stored {
        expense: read(&row)?,
        deleted: row.flag(10)?,
        chosen: learned::read_chosen(&row, 12)?,
    })
}

/// Reads the first nine columns of `row` as an expense.
pub(super) fn read(row: &Row) -> Result<Expense, StoreError> {
    Ok(Expense {
        id: row.id(0)?,
        day: day_of(row.int(1)?)?,
        description: row.text(2)?.to_owned(),
        amount_minor: row.int(3)?,
        category_id: row.opt_id(4)?,
        category_source: CategorySource::from_str(row.text(5)?).map_err(|e| StoreError::Sql(e.to_string()))?,
        confidence: u8::try_from(row.int(6)?).unwrap_or_default(),
        revision: row.int(7)?,
        created_at: row.int(8)?,
        note: None,
    })
}
