//! Expenses: stored once, changed, taken away and brought back, each with its sums and alerts.

use std::str::FromStr;

use jiff::civil::Date;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::rollups::{self, Posting};
use super::scope::{Scope, day_number, day_of};
use super::tx::{Row, StoreError, Tx};
use super::{accounts, alerts, categories, learned};
use crate::api::{Category, Expense, ExpensePage, NewExpense};
use crate::categorize::merchant_key;
use crate::domain::Month;
use crate::domain::expense::CategorySource;

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
}

const FIND: &str = "SELECT id, day, description, amount_minor, category_id, category_source, confidence,
    revision, created_at, seq, deleted, fingerprint FROM expenses WHERE user_id = $1 AND id = $2";
const PAGE: &str = "SELECT id, day, description, amount_minor, category_id, category_source, confidence,
    revision, created_at, seq FROM expenses
    WHERE user_id = $1 AND deleted = 0 AND day >= $2 AND (day, seq) < ($3, $4)
    ORDER BY day DESC, seq DESC LIMIT $5";
const PAGE_OF_CATEGORY: &str = "SELECT id, day, description, amount_minor, category_id, category_source, confidence,
    revision, created_at, seq FROM expenses
    WHERE user_id = $1 AND deleted = 0 AND day >= $2 AND (day, seq) < ($3, $4) AND category_id = $5
    ORDER BY day DESC, seq DESC LIMIT $6";

/// Stores an expense; the flag says whether it is new. Sent again, it is the one that is stored already.
pub fn add(tx: &mut dyn Tx, scope: &Scope, draft: &Draft) -> Result<(Expense, bool), StoreError> {
    if let Some(row) = tx.query_opt(FIND, &[scope.user.into(), draft.id.into()])? {
        if row.bytes(11)? == draft.fingerprint {
            return Ok((read(&row)?, false));
        }
        return Err(StoreError::Conflict {
            field: "id",
            message: "Another expense has this id already. Send a new id.",
        });
    }
    let category = placed(tx, scope, draft.placing.category)?;
    let revision = accounts::bump(tx, scope.user)?;
    let expense = Expense {
        id: draft.id,
        day: draft.day,
        description: draft.description.clone(),
        amount_minor: draft.amount_minor,
        category_id: draft.placing.category,
        category_source: draft.placing.source,
        confidence: draft.placing.confidence,
        revision,
        created_at: scope.now,
    };
    insert(tx, scope, &expense, &draft.fingerprint)?;
    count_choice(tx, scope, &expense, 1)?;
    book(tx, scope, &expense, category.as_ref())?;
    Ok((expense, true))
}

fn insert(tx: &mut dyn Tx, scope: &Scope, expense: &Expense, fingerprint: &[u8]) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO expenses (user_id, id, seq, revision, day, description, amount_minor, category_id,
             category_source, confidence, deleted, fingerprint, created_at)
         VALUES ($1, $2, $3, $3, $4, $5, $6, $7, $8, $9, 0, $10, $11)",
        &[
            scope.user.into(),
            expense.id.into(),
            expense.revision.into(),
            day_number(expense.day).into(),
            expense.description.as_str().into(),
            expense.amount_minor.into(),
            expense.category_id.into(),
            expense.category_source.to_string().into(),
            i64::from(expense.confidence).into(),
            fingerprint.into(),
            expense.created_at.into(),
        ],
    )?;
    Ok(())
}

/// One expense that is not deleted.
pub fn get(tx: &mut dyn Tx, scope: &Scope, id: Uuid) -> Result<Expense, StoreError> {
    match find(tx, scope, id)? {
        (expense, false) => Ok(expense),
        (_, true) => Err(StoreError::NotFound("expense")),
    }
}

/// Changes the given fields.
pub fn change(tx: &mut dyn Tx, scope: &Scope, id: Uuid, change: &Change) -> Result<Expense, StoreError> {
    let old = get(tx, scope, id)?;
    let mut new = old.clone();
    new.day = change.day.unwrap_or(old.day);
    new.amount_minor = change.amount_minor.unwrap_or(old.amount_minor);
    if let Some(description) = &change.description {
        new.description.clone_from(description);
    }
    if let Some(placing) = change.placing {
        new.category_id = placing.category;
        new.category_source = placing.source;
        new.confidence = placing.confidence;
    }
    if new == old {
        return Ok(old);
    }
    let (before, after) = (placed(tx, scope, old.category_id)?, placed(tx, scope, new.category_id)?);
    new.revision = accounts::bump(tx, scope.user)?;
    tx.execute(
        "UPDATE expenses SET day = $1, description = $2, amount_minor = $3, category_id = $4,
             category_source = $5, confidence = $6, revision = $7 WHERE user_id = $8 AND id = $9",
        &[
            day_number(new.day).into(),
            new.description.as_str().into(),
            new.amount_minor.into(),
            new.category_id.into(),
            new.category_source.to_string().into(),
            i64::from(new.confidence).into(),
            new.revision.into(),
            scope.user.into(),
            id.into(),
        ],
    )?;
    count_choice(tx, scope, &old, -1)?;
    count_choice(tx, scope, &new, 1)?;
    rollups::remove(tx, scope, posting(&old, before.as_ref()))?;
    rollups::add(tx, scope, posting(&new, after.as_ref()))?;
    let (old_month, new_month) = (Month::of(old.day), Month::of(new.day));
    if let Some(category) = &after {
        alerts::judge_change(tx, scope, category, new_month, Some(&new.description))?;
    }
    if let Some(category) = before.filter(|_| old.category_id != new.category_id || old_month != new_month) {
        alerts::judge_change(tx, scope, &category, old_month, None)?;
    }
    Ok(new)
}

/// Takes an expense away; once more does nothing.
pub fn delete(tx: &mut dyn Tx, scope: &Scope, id: Uuid) -> Result<(), StoreError> {
    let (expense, deleted) = find(tx, scope, id)?;
    if deleted {
        return Ok(());
    }
    mark(tx, scope, id, true)?;
    let category = placed(tx, scope, expense.category_id)?;
    rollups::remove(tx, scope, posting(&expense, category.as_ref()))?;
    match category {
        Some(category) => alerts::judge_change(tx, scope, &category, Month::of(expense.day), None),
        None => Ok(()),
    }
}

/// Brings a deleted expense back; one that is not deleted stays as it is.
pub fn restore(tx: &mut dyn Tx, scope: &Scope, id: Uuid) -> Result<Expense, StoreError> {
    let (mut expense, deleted) = find(tx, scope, id)?;
    if deleted {
        expense.revision = mark(tx, scope, id, false)?;
        let category = placed(tx, scope, expense.category_id)?;
        book(tx, scope, &expense, category.as_ref())?;
    }
    Ok(expense)
}

/// What a page of expenses holds and where it begins.
#[derive(Debug, Clone, Copy)]
pub struct PageQuery {
    /// Only this month.
    pub month: Option<Month>,
    /// Only this category.
    pub category: Option<Uuid>,
    /// Most rows.
    pub limit: u32,
    /// Only what comes after this place.
    pub after: Option<Place>,
}

/// A place in the list of expenses: newest day first, within a day last stored first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    day: i64,
    seq: i64,
}

impl FromStr for Place {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (day, seq) = text.split_once('.').ok_or(())?;
        Ok(Self {
            day: day.parse().map_err(|_| ())?,
            seq: seq.parse().map_err(|_| ())?,
        })
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.day, self.seq)
    }
}

/// One page of the expenses that are not deleted.
pub fn page(tx: &mut dyn Tx, scope: &Scope, query: PageQuery) -> Result<ExpensePage, StoreError> {
    let (first, last) = query.month.map_or((i64::MIN, i64::MAX), |month| {
        (day_number(month.first_day()), day_number(month.last_day()))
    });
    let end = Place {
        day: last,
        seq: i64::MAX,
    };
    let after = query
        .after
        .map_or(end, |place| if place.day > last { end } else { place });
    let limit = i64::from(query.limit);
    let mut params = vec![scope.user.into(), first.into(), after.day.into(), after.seq.into()];
    let mut rows = if let Some(category) = query.category {
        params.extend([category.into(), (limit + 1).into()]);
        tx.query_all(PAGE_OF_CATEGORY, &params)?
    } else {
        params.push((limit + 1).into());
        tx.query_all(PAGE, &params)?
    };
    let more = rows.len() > query.limit as usize;
    rows.truncate(query.limit as usize);
    let next = match rows.last().filter(|_| more) {
        Some(row) => Some(
            Place {
                day: row.int(1)?,
                seq: row.int(9)?,
            }
            .to_string(),
        ),
        None => None,
    };
    Ok(ExpensePage {
        expenses: rows.iter().map(read).collect::<Result<_, _>>()?,
        found: None,
        next,
    })
}

/// Puts a new or restored expense into the sums and judges its alerts.
fn book(tx: &mut dyn Tx, scope: &Scope, expense: &Expense, category: Option<&Category>) -> Result<(), StoreError> {
    rollups::add(tx, scope, posting(expense, category))?;
    match category {
        Some(category) => alerts::judge_change(tx, scope, category, Month::of(expense.day), Some(&expense.description)),
        None => Ok(()),
    }
}

fn posting<'a>(expense: &Expense, category: Option<&'a Category>) -> Posting<'a> {
    Posting {
        day: expense.day,
        category,
        amount: expense.amount_minor,
    }
}

/// Remembers what the user chose for this merchant, or forgets it again.
fn count_choice(tx: &mut dyn Tx, scope: &Scope, expense: &Expense, by: i64) -> Result<(), StoreError> {
    match expense.category_id {
        Some(category) if expense.category_source == CategorySource::You => {
            learned::count(tx, scope, &merchant_key(&expense.description), category, by)
        }
        _ => Ok(()),
    }
}

fn placed(tx: &mut dyn Tx, scope: &Scope, category: Option<Uuid>) -> Result<Option<Category>, StoreError> {
    category.map(|id| categories::chosen(tx, scope, id)).transpose()
}

fn mark(tx: &mut dyn Tx, scope: &Scope, id: Uuid, deleted: bool) -> Result<i64, StoreError> {
    let revision = accounts::bump(tx, scope.user)?;
    tx.execute(
        "UPDATE expenses SET deleted = $1, revision = $2 WHERE user_id = $3 AND id = $4",
        &[deleted.into(), revision.into(), scope.user.into(), id.into()],
    )?;
    Ok(revision)
}

fn find(tx: &mut dyn Tx, scope: &Scope, id: Uuid) -> Result<(Expense, bool), StoreError> {
    let row = tx.query_opt(FIND, &[scope.user.into(), id.into()])?;
    let row = row.ok_or(StoreError::NotFound("expense"))?;
    Ok((read(&row)?, row.flag(10)?))
}

fn read(row: &Row) -> Result<Expense, StoreError> {
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
    })
}
