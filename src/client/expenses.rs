//! The calls about expenses.

use uuid::Uuid;

use crate::api::{
    Bulk, ErrorCode, Expense, ExpensePage, ExpensePatch, ExpenseQuery, Failure, HistoryRow, MAX_PAGE, NewExpense,
};

use super::{Client, Empty, month_query};

impl Client {
    /// `GET /v1/expenses`: one page.
    pub async fn expenses(&self, query: &ExpenseQuery) -> Result<ExpensePage, Failure> {
        self.v1_only("listing expenses").await?;
        let mut pairs = month_query(query.month);
        pairs.extend(query.category_id.map(|id| ("category_id", id.to_string())));
        pairs.extend(query.filter.clone().map(|filter| ("filter", filter)));
        pairs.extend(query.review.map(|review| ("review", review.to_string())));
        pairs.extend(query.order.map(|order| ("order", order.to_string())));
        pairs.extend(query.limit.map(|limit| ("limit", limit.to_string())));
        pairs.extend(query.cursor.clone().map(|cursor| ("cursor", cursor)));
        self.http().get(&["v1", "expenses"], self.token(), &pairs).await
    }

    /// Every expense that `query` finds, page after page; `query.limit` bounds the whole.
    pub async fn all_expenses(&self, mut query: ExpenseQuery) -> Result<Vec<Expense>, Failure> {
        let wanted = query.limit.map_or(usize::MAX, |limit| limit as usize);
        let mut all: Vec<Expense> = Vec::new();
        while all.len() < wanted {
            let left = u32::try_from(wanted - all.len()).unwrap_or(MAX_PAGE);
            query.limit = Some(left.min(MAX_PAGE));
            let page = self.expenses(&query).await?;
            // A server that hands out the same cursor for ever must not hold the caller for ever.
            let stuck = page.expenses.is_empty() || page.next == query.cursor;
            all.extend(page.expenses);
            match page.next {
                Some(next) if !stuck => query.cursor = Some(next),
                _ => break,
            }
        }
        all.truncate(wanted);
        Ok(all)
    }

    /// `POST /v1/expenses`: with the same id it may be sent again and is stored once. A classic server
    /// stores it each time, and chooses category and day itself.
    pub async fn add_expense(&self, body: &NewExpense) -> Result<Expense, Failure> {
        match self.classic().await? {
            Some(classic) => classic.add_expense(body).await,
            None => self.http().post(&["v1", "expenses"], self.token(), body).await,
        }
    }

    /// `PATCH /v1/expenses/{id}`.
    pub async fn edit_expense(&self, id: Uuid, patch: &ExpensePatch) -> Result<Expense, Failure> {
        self.v1_only("editing expenses").await?;
        self.http()
            .patch(&["v1", "expenses", &id.to_string()], self.token(), patch)
            .await
    }

    /// `GET /v1/expenses/{id}/history`: what gave way in an expense, newest first.
    pub async fn expense_history(&self, id: Uuid) -> Result<Vec<HistoryRow>, Failure> {
        self.v1_only("showing what an expense was").await?;
        let path = ["v1", "expenses", &id.to_string(), "history"];
        self.http().get(&path, self.token(), &[]).await
    }

    /// `GET /v1/history`: what gave way after a revision, newest first; nothing from a server that keeps no history.
    pub async fn history(&self, since: i64, limit: u32) -> Result<Vec<HistoryRow>, Failure> {
        self.v1_only("showing what gave way").await?;
        let query = [("since", since.to_string()), ("limit", limit.to_string())];
        match self.http().get(&["v1", "history"], self.token(), &query).await {
            Err(Failure::Rejected(error)) if error.code == ErrorCode::NotFound => Ok(Vec::new()),
            found => found,
        }
    }

    /// `DELETE /v1/expenses/{id}`; [`Client::restore_expense`] brings it back.
    pub async fn delete_expense(&self, id: Uuid) -> Result<(), Failure> {
        self.v1_only("deleting expenses").await?;
        self.http()
            .delete(&["v1", "expenses", &id.to_string()], self.token())
            .await
    }

    /// `POST /v1/expenses/{id}/restore`.
    pub async fn restore_expense(&self, id: Uuid) -> Result<Expense, Failure> {
        self.v1_only("restoring expenses").await?;
        self.http()
            .post(&["v1", "expenses", &id.to_string(), "restore"], self.token(), &Empty {})
            .await
    }

    /// `POST /v1/expenses/bulk`: all of it, or nothing.
    pub async fn change_many(&self, bulk: &Bulk) -> Result<(), Failure> {
        self.v1_only("changing many expenses").await?;
        self.http()
            .post_done(&["v1", "expenses", "bulk"], self.token(), bulk)
            .await
    }
}
