//! What a device did on its own, checked and ready to be stored: by the same checks and functions as each deed's own
//! route.

use uuid::Uuid;

use super::entry;
use super::error::ServerError;
use super::state::AppState;
use super::store::budgets::Wish;
use super::store::expenses::Outcome;
use super::store::history::Seen;
use super::store::tombstones::standing;
use super::store::{Scope, StoreError, Tx, alerts, budgets, bulk, categories, expenses, merge, rules, twins};
use crate::api::{Bulk, Deed, Expense, ExpensePatch, MoveBudget, NewExpense, NewRule, RulePatch};
use crate::domain::Month;
use crate::domain::expense::CategorySource;

/// Stores a deed, as part of a transaction that holds the user's row.
pub type Work = Box<dyn Fn(&mut dyn Tx, &Scope) -> Result<Done, StoreError> + Send>;

/// What came of a deed.
#[derive(Debug, Clone, Default)]
pub struct Done {
    /// The expense in question as it is now.
    pub expense: Option<Expense>,
    /// The revision of what it wrote of one expense or limit: the device knows what it wrote itself.
    pub wrote: Option<i64>,
    /// Nothing was done but to keep in the history what it wanted: the expense is deleted.
    pub deleted: bool,
}

/// Checks a deed; looks at what is stored, and asks for a category where one is left out. `own` are the revisions that
/// came of the device's deeds before. Who names a category that another one took in means that one.
pub async fn prepare(state: &AppState, scope: &Scope, deed: Deed, own: &[i64]) -> Result<Work, ServerError> {
    Ok(match deed {
        Deed::AddExpense(request) => add_expense(state, scope, &request).await?,
        Deed::ChangeExpense { id, change } => change_expense(state, scope, id, &change, own).await?,
        Deed::DeleteExpense { id } => done(move |tx, scope| expenses::delete(tx, scope, id)),
        Deed::RestoreExpense { id } => Box::new(move |tx, scope| expenses::restore(tx, scope, id).map(about)),
        Deed::ChangeExpenses(step) => {
            let step = entry::bulk(step)?;
            done(move |tx, scope| {
                let step = with_standing(tx, scope, &step)?;
                bulk::apply(tx, scope, &step)
            })
        }
        Deed::SetLimit {
            month,
            category_id,
            limit,
        } => {
            let minor = entry::limit(scope, limit.limit_minor)?;
            set_limit(
                category_id,
                month,
                Some(minor),
                seen(entry::base(limit.base_revision)?, own),
            )
        }
        Deed::ClearLimit {
            month,
            category_id,
            base_revision,
        } => set_limit(category_id, month, None, seen(entry::base(base_revision)?, own)),
        Deed::MoveLimit { month, wish } => {
            entry::amount(scope, wish.amount_minor)?;
            done(move |tx, scope| {
                let (from, to) = (standing(tx, scope, wish.from)?, standing(tx, scope, wish.to)?);
                budgets::shift(tx, scope, month, &MoveBudget { from, to, ..wish })
            })
        }
        Deed::ReadAlert { id } => done(move |tx, scope| alerts::mark_read(tx, scope, id)),
        Deed::ReadAlerts {} => done(alerts::mark_all_read),
        Deed::SnoozeAlert { id, until } => {
            let until = until.map(|day| entry::snooze(scope, day)).transpose()?;
            done(move |tx, scope| alerts::snooze(tx, scope, id, until))
        }
        Deed::AddCategory(request) => {
            let request = entry::category(&request)?;
            done(move |tx, scope| twins::add(tx, scope, &request))
        }
        Deed::ChangeCategory { id, change } => {
            let change = entry::category_change(&change)?;
            done(move |tx, scope| {
                let id = standing(tx, scope, id)?;
                categories::change(tx, scope, id, &change).map(|_| ())
            })
        }
        Deed::MergeCategory { id, into } => done(move |tx, scope| {
            let into = standing(tx, scope, into)?;
            merge::merge(tx, scope, id, into).map(|_| ())
        }),
        Deed::AddRule(request) => add_rule(request)?,
        Deed::ChangeRule { id, change } => change_rule(id, &change)?,
        Deed::RemoveRule { id } => done(move |tx, scope| rules::remove(tx, scope, id)),
    })
}

async fn add_expense(state: &AppState, scope: &Scope, request: &NewExpense) -> Result<Work, ServerError> {
    let (draft, _) = entry::draft(state, scope, request).await?;
    Ok(Box::new(move |tx, scope| {
        let mut draft = draft.clone();
        draft.placing.category = or_standing(tx, scope, draft.placing.category)?;
        let (expense, is_new) = expenses::add(tx, scope, &draft)?;
        Ok(Done {
            wrote: is_new.then_some(expense.revision),
            ..about(expense)
        })
    }))
}

async fn change_expense(
    state: &AppState,
    scope: &Scope,
    id: Uuid,
    patch: &ExpensePatch,
    own: &[i64],
) -> Result<Work, ServerError> {
    let (mut current, is_deleted) = state.store.read(|tx| expenses::any(tx, scope, id))?;
    if is_deleted {
        // It stays as it is, so nobody has to find a category for it.
        current.category_source = CategorySource::You;
    }
    let (change, _) = entry::change(state, scope, &current, patch).await?;
    let own = own.to_vec();
    Ok(Box::new(move |tx, scope| {
        let mut change = change.clone();
        if let Some(placing) = &mut change.placing {
            placing.category = or_standing(tx, scope, placing.category)?;
        }
        Ok(match expenses::overwrite(tx, scope, id, &change, &own)? {
            Outcome::Changed(expense, wrote) => Done {
                wrote,
                ..about(*expense)
            },
            Outcome::Deleted => Done {
                deleted: true,
                ..Done::default()
            },
        })
    }))
}

fn set_limit(category: Uuid, month: Month, limit: Option<i64>, seen: Seen) -> Work {
    Box::new(move |tx, scope| {
        let category = standing(tx, scope, category)?;
        let wish = Wish { category, month, limit };
        Ok(Done {
            wrote: budgets::overwrite(tx, scope, &wish, &seen)?,
            ..Done::default()
        })
    })
}

fn add_rule(request: NewRule) -> Result<Work, ServerError> {
    let pattern = entry::rule(&request)?;
    Ok(done(move |tx, scope| {
        let request = NewRule {
            category_id: standing(tx, scope, request.category_id)?,
            ..request.clone()
        };
        rules::add(tx, scope, &request, &pattern).map(|_| ())
    }))
}

fn change_rule(id: Uuid, patch: &RulePatch) -> Result<Work, ServerError> {
    let change = entry::rule_change(patch)?;
    Ok(done(move |tx, scope| {
        let mut change = change.clone();
        change.category = or_standing(tx, scope, change.category)?;
        rules::change(tx, scope, id, &change).map(|_| ())
    }))
}

fn seen(base: Option<i64>, own: &[i64]) -> Seen {
    Seen {
        base,
        own: own.to_vec(),
    }
}

fn or_standing(tx: &mut dyn Tx, scope: &Scope, category: Option<Uuid>) -> Result<Option<Uuid>, StoreError> {
    category.map(|id| standing(tx, scope, id)).transpose()
}

fn with_standing(tx: &mut dyn Tx, scope: &Scope, step: &Bulk) -> Result<Bulk, StoreError> {
    let mut step = step.clone();
    if let Bulk::Place { places } = &mut step {
        for place in places {
            place.category_id = or_standing(tx, scope, place.category_id)?;
        }
    }
    Ok(step)
}

/// A deed about this expense.
fn about(expense: Expense) -> Done {
    Done {
        expense: Some(expense),
        ..Done::default()
    }
}

/// A deed that is about no single expense.
fn done(work: impl Fn(&mut dyn Tx, &Scope) -> Result<(), StoreError> + Send + 'static) -> Work {
    Box::new(move |tx, scope| work(tx, scope).map(|()| Done::default()))
}

/// The expense that a deed is about, if it is about one.
#[must_use]
pub fn expense_of(deed: &Deed) -> Option<Uuid> {
    match deed {
        Deed::AddExpense(request) => Some(request.id),
        Deed::ChangeExpense { id, .. } | Deed::RestoreExpense { id } => Some(*id),
        _ => None,
    }
}
