//! What a device did on its own, checked and ready to be stored: by the same checks and functions as each deed's own
//! route.

use uuid::Uuid;

use super::entry;
use super::error::ServerError;
use super::state::AppState;
use super::store::{Scope, StoreError, Tx, alerts, budgets, bulk, categories, expenses, merge, rules};
use crate::api::{Deed, Expense};

/// Stores a deed, as part of a transaction that holds the user's row; the expense is the one in question as it is now.
pub type Work = Box<dyn Fn(&mut dyn Tx, &Scope) -> Result<Option<Expense>, StoreError> + Send>;

/// Checks a deed; looks at what is stored, and asks for a category where one is left out.
pub async fn prepare(state: &AppState, scope: &Scope, deed: Deed) -> Result<Work, ServerError> {
    Ok(match deed {
        Deed::AddExpense(request) => {
            let (draft, _) = entry::draft(state, scope, &request).await?;
            Box::new(move |tx, scope| expenses::add(tx, scope, &draft).map(|(expense, _)| Some(expense)))
        }
        Deed::ChangeExpense { id, change } => {
            let current = state.store.read(|tx| expenses::get(tx, scope, id))?;
            let (change, _) = entry::change(state, scope, &current, &change).await?;
            Box::new(move |tx, scope| expenses::change(tx, scope, id, &change).map(Some))
        }
        Deed::DeleteExpense { id } => done(move |tx, scope| expenses::delete(tx, scope, id)),
        Deed::RestoreExpense { id } => Box::new(move |tx, scope| expenses::restore(tx, scope, id).map(Some)),
        Deed::ChangeExpenses(step) => {
            let step = entry::bulk(step)?;
            done(move |tx, scope| bulk::apply(tx, scope, &step))
        }
        Deed::SetLimit {
            month,
            category_id,
            limit,
        } => {
            let minor = entry::limit(scope, limit.limit_minor)?;
            done(move |tx, scope| budgets::set(tx, scope, category_id, month, Some(minor), limit.base_revision))
        }
        Deed::ClearLimit { month, category_id } => {
            done(move |tx, scope| budgets::set(tx, scope, category_id, month, None, None))
        }
        Deed::MoveLimit { month, wish } => {
            entry::amount(scope, wish.amount_minor)?;
            done(move |tx, scope| budgets::shift(tx, scope, month, &wish))
        }
        Deed::ReadAlert { id } => done(move |tx, scope| alerts::mark_read(tx, scope, id)),
        Deed::ReadAlerts {} => done(alerts::mark_all_read),
        Deed::SnoozeAlert { id, until } => {
            let until = until.map(|day| entry::snooze(scope, day)).transpose()?;
            done(move |tx, scope| alerts::snooze(tx, scope, id, until))
        }
        Deed::AddCategory(request) => {
            let request = entry::category(&request)?;
            done(move |tx, scope| categories::add(tx, scope, &request).map(|_| ()))
        }
        Deed::ChangeCategory { id, change } => {
            let change = entry::category_change(&change)?;
            done(move |tx, scope| categories::change(tx, scope, id, &change).map(|_| ()))
        }
        Deed::MergeCategory { id, into } => done(move |tx, scope| merge::merge(tx, scope, id, into).map(|_| ())),
        Deed::AddRule(request) => {
            let pattern = entry::rule(&request)?;
            done(move |tx, scope| rules::add(tx, scope, &request, &pattern).map(|_| ()))
        }
        Deed::ChangeRule { id, change } => {
            let change = entry::rule_change(&change)?;
            done(move |tx, scope| rules::change(tx, scope, id, &change).map(|_| ()))
        }
        Deed::RemoveRule { id } => done(move |tx, scope| rules::remove(tx, scope, id)),
    })
}

/// A deed that is about no single expense.
fn done(work: impl Fn(&mut dyn Tx, &Scope) -> Result<(), StoreError> + Send + 'static) -> Work {
    Box::new(move |tx, scope| work(tx, scope).map(|()| None))
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
