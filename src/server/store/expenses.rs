//! Expenses: stored once, changed, taken away and brought back, each with its sums and alerts.

use std::collections::HashMap;
use std::str::FromStr;

use jiff::civil::Date;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::adds::{self, Add};
use super::history::{self, Seen};
use super::learned::Chosen;
use super::scope::{Scope, day_number, day_of};
use super::tx::{Row, StoreError, TOGETHER, Tx, together};
use super::{learned, rules, tombstones};
use crate::api::{Expense, NewExpense, PlacedBy, Thing};
use crate::domain::expense::{self, CategorySource};

mod changing;
mod fields;
mod writing;

pub use changing::{Change, Outcome, change, overwrite};
use fields::Revisions;
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

const FIND: &str = "SELECT id, day, description, amount_minor, category_id, category_source, confidence,
    revision, created_at, seq, deleted, fingerprint, chosen_at, chosen_day, chosen_weight,
    day_revision, description_revision, amount_revision, category_revision
    FROM expenses WHERE user_id = $1 AND id = $2";

/// An expense as it is stored.
#[derive(Debug, Clone)]
pub(super) struct Stored {
    /// What the user sees of it.
    pub(super) expense: Expense,
    deleted: bool,
    /// When the user chose its category, if the user did.
    chosen: Option<Chosen>,
    /// When each of its fields was changed last.
    revisions: Revisions,
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
    let stored = add_all(tx, scope, std::slice::from_ref(draft))?;
    let expense = stored.into_iter().next().ok_or(StoreError::NotFound("expense"))?;
    Ok((expense, true))
}

/// Stores expenses whose ids are new, in one go.
pub fn add_all(tx: &mut dyn Tx, scope: &Scope, drafts: &[Draft]) -> Result<Vec<Expense>, StoreError> {
    let add = |draft: &Draft| Add {
        scope: *scope,
        draft: draft.clone(),
    };
    let adds: Vec<Add> = drafts.iter().map(add).collect();
    match adds::together(tx, &adds.iter().collect::<Vec<_>>())? {
        adds::Outcome::Stored(stored) => Ok(stored),
        adds::Outcome::There(_) => Err(StoreError::Unavailable(
            "the same expense is being stored at this moment".to_owned(),
        )),
    }
}

/// One expense that is not deleted.
pub fn get(tx: &mut dyn Tx, scope: &Scope, id: Uuid) -> Result<Expense, StoreError> {
    live(tx, scope, id).map(|stored| stored.expense)
}

/// One expense, and whether it is deleted.
pub fn any(tx: &mut dyn Tx, scope: &Scope, id: Uuid) -> Result<(Expense, bool), StoreError> {
    find(tx, scope, id).map(|stored| (stored.expense, stored.deleted))
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

/// Writes `new` in the place of `stored`, if it differs, and returns it as it is stored. What gives way without having
/// been seen is kept in the history.
pub(super) fn rewrite(
    tx: &mut dyn Tx,
    scope: &Scope,
    stored: &Stored,
    mut new: Expense,
    seen: &Seen,
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
    store(tx, scope, &new, chosen, stored.revisions.after(old, &new, new.revision))?;
    for value in fields::unseen(old, stored.revisions, &new, seen) {
        history::keep(tx, scope, Some(new.id), &value, new.revision)?;
    }
    learned::recount(tx, scope, (old, stored.chosen), (&new, chosen))?;
    if !writing.puts_back && new.category_source == CategorySource::Rule && old.category_source != CategorySource::Rule
    {
        rules::count_hit(tx, scope, &new)?;
    }
    Ok(new)
}

fn store(
    tx: &mut dyn Tx,
    scope: &Scope,
    new: &Expense,
    chosen: Option<Chosen>,
    revisions: Revisions,
) -> Result<(), StoreError> {
    let mut params = vec![
        day_number(new.day).into(),
        new.description.as_str().into(),
        new.amount_minor.into(),
        new.category_id.into(),
        new.category_source.to_string().into(),
        i64::from(new.confidence).into(),
        to_review(new).into(),
        new.revision.into(),
        learned::merchant(new, chosen).into(),
        chosen.map(|chosen| chosen.at).into(),
        chosen.map(|chosen| chosen.day).into(),
        chosen.map(|chosen| chosen.weight).into(),
    ];
    params.extend(revisions.values());
    params.extend([scope.user.into(), new.id.into()]);
    tx.change(
        "UPDATE expenses SET day = $1, description = $2, amount_minor = $3, category_id = $4,
             category_source = $5, confidence = $6, to_review = $7, revision = $8,
             merchant = $9, chosen_at = $10, chosen_day = $11, chosen_weight = $12,
             day_revision = $13, description_revision = $14, amount_revision = $15, category_revision = $16
         WHERE user_id = $17 AND id = $18",
        &params,
    )
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
        ..
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
        revisions: Revisions::read(&row, 15, row.int(9)?)?,
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
