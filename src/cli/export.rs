//! `account export`: everything that a server keeps of its user.

use serde::Serialize;

use crate::api::{Account, Alert, Budget, Category, Expense, ExpenseQuery, Rule, SecondFactor, SessionEntry};
use crate::domain::Month;
use crate::zone;

use super::connection::Connection;
use super::error::CliError;
use super::output::{self, Format};

/// What is learned of descriptions follows from the expenses: those whose category the user has chosen.
#[derive(Serialize)]
struct Export {
    account: Account,
    second_factor: SecondFactor,
    sessions: Vec<SessionEntry>,
    categories: Vec<Category>,
    rules: Vec<Rule>,
    budgets: Vec<MonthLimits>,
    alerts: Vec<Alert>,
    expenses: Vec<Expense>,
}

/// The limits in force in one month.
#[derive(Serialize)]
struct MonthLimits {
    month: Month,
    limits: Vec<Budget>,
}

pub(super) async fn run(to: &Connection, format: Format) -> Result<(), CliError> {
    if format == Format::Csv {
        return Err(CliError::usage(
            "An export has parts of many kinds, which no CSV holds.",
            "Leave --format out to get JSON; expenses alone: budget-tracker list --format csv",
        ));
    }
    let client = &to.client;
    let expenses = client.all_expenses(ExpenseQuery::default()).await?;
    // The newest come first. A budget month may begin in the calendar month before; limits may be set for the next one.
    let today = Month::of(zone::now().date());
    let first = expenses.last().map_or(today, |expense| Month::of(expense.day).plus(-1));
    let mut budgets = Vec::new();
    for index in first.index()..=today.plus(1).index() {
        let month = Month::from_index(index);
        let limits = client.budgets(month).await?;
        if !limits.is_empty() {
            budgets.push(MonthLimits { month, limits });
        }
    }
    output::print(&output::json(&Export {
        account: client.account().await?,
        second_factor: client.second_factor().await?,
        sessions: client.sessions().await?,
        categories: client.categories().await?,
        rules: client.rules().await?,
        budgets,
        alerts: client.alerts(None).await?,
        expenses,
    })?)
}
