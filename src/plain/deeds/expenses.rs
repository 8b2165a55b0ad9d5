//! What the commands about expenses do.

use uuid::Uuid;

use super::{MOST_ROWS, Told};
use crate::api::{Expense, ExpensePatch, ExpenseQuery, NewExpense};
use crate::domain::entry::{self, Question};
use crate::domain::text::{MAX_DESCRIPTION, clean};
use crate::plain::desk::{Desk, Done, Trouble, refused};

/// Rows of a list when no number is said.
const ROWS: u32 = 10;

impl Desk {
    pub(super) async fn add(&mut self, line: &str) -> Told {
        let client = self.user()?;
        let (today, currency) = (Self::today(), self.currency());
        let entry = entry::read(line, Question::all(today, currency));
        let Some(amount) = &entry.amount else {
            return refused("There is no amount in this line. Write for example: add coffee 4.20");
        };
        let description = clean(&entry.description, MAX_DESCRIPTION)
            .map_err(|_| Trouble::Said("Say what it was for, too. Write for example: add coffee 4.20".to_owned()))?;
        let category_id = match &entry.category {
            Some(found) => Some(self.category(&found.value).await?.category.id),
            None => None,
        };
        let body = NewExpense {
            id: Uuid::now_v7(),
            day: entry.day.as_ref().map(|found| found.value),
            description,
            amount_minor: amount.value.minor,
            category_id,
        };
        self.own.insert(body.id);
        let expense = client.add_expense(&body).await?;
        let news = self.refresh().await?;
        let words = self.words();
        let category = self
            .look
            .as_ref()
            .and_then(|look| look.category_name(expense.category_id));
        let mut lines = vec![words.added(&expense, category)];
        lines.extend(expense.note.as_ref().map(|note| note.message.clone()));
        lines.extend(news);
        self.own.insert(expense.id);
        self.done.push(Done::Added(expense));
        Ok(lines)
    }

    pub(super) async fn list(&mut self, filter: String, count: Option<u32>) -> Told {
        let client = self.user()?;
        let count = count.unwrap_or(ROWS).min(MOST_ROWS);
        self.look().await?;
        // A search goes through all months.
        let month = filter.is_empty().then(|| self.shown_month());
        let query = ExpenseQuery {
            month,
            filter: (!filter.is_empty()).then_some(filter),
            limit: Some(count),
            ..ExpenseQuery::default()
        };
        let page = client.expenses(&query).await?;
        let words = self.words();
        let look = self.look.as_ref();
        let name = |expense: &Expense| look.and_then(|look| look.category_name(expense.category_id));
        let rows = page.expenses.iter().zip(1..);
        let mut lines: Vec<String> = rows
            .map(|(expense, number)| format!("{number}. {}", words.expense(expense, name(expense))))
            .collect();
        if lines.is_empty() {
            lines.push("No expenses found.".to_owned());
        } else if page.next.is_some() {
            let more = count.saturating_mul(5).min(MOST_ROWS);
            lines.push(match page.found {
                Some(found) => format!("There are {}. list {more} and the same words tells more.", found.count),
                None => format!("There are more: list {more} tells them."),
            });
        }
        self.listed = page.expenses;
        Ok(lines)
    }

    pub(super) async fn place(&mut self, number: usize, name: &str) -> Told {
        let client = self.user()?;
        let before = self.row(number)?;
        let category = self.category(name).await?.category;
        let patch = ExpensePatch {
            category_id: Some(Some(category.id)),
            ..ExpensePatch::default()
        };
        client.edit_expense(before.id, &patch).await?;
        let mut lines = vec![format!("{} is in {} now.", before.description, category.name)];
        self.done.push(Done::Placed(before));
        lines.extend(self.refresh().await?);
        Ok(lines)
    }

    pub(super) async fn delete(&mut self, number: usize) -> Told {
        let client = self.user()?;
        let expense = self.row(number)?;
        client.delete_expense(expense.id).await?;
        let amount = self.words().amount(expense.amount_minor);
        let mut lines = vec![format!(
            "Deleted {}, {amount}. undo brings it back.",
            expense.description
        )];
        self.own.insert(expense.id);
        self.done.push(Done::Deleted(expense));
        lines.extend(self.refresh().await?);
        Ok(lines)
    }

    fn row(&self, number: usize) -> Result<Expense, Trouble> {
        match self.listed.get(number - 1) {
            Some(expense) => Ok(expense.clone()),
            None => refused("There is no expense with this number. list numbers them."),
        }
    }
}
