//! The calls about a month: its numbers and its limits.

use uuid::Uuid;

use crate::api::{Budget, Failure, MoveBudget, SetBudget, Summary};
use crate::domain::Month;

use super::{Client, month_query};

impl Client {
    /// `GET /v1/summary`; the current month when none is given.
    pub async fn summary(&self, month: Option<Month>) -> Result<Summary, Failure> {
        match self.classic().await? {
            Some(classic) => classic.summary(month).await,
            None => {
                self.http()
                    .get(&["v1", "summary"], self.token(), &month_query(month))
                    .await
            }
        }
    }

    /// `GET /v1/budgets`: the limits in force in `month`.
    pub async fn budgets(&self, month: Month) -> Result<Vec<Budget>, Failure> {
        match self.classic().await? {
            Some(classic) => classic.budgets(month).await,
            None => {
                self.http()
                    .get(&["v1", "budgets"], self.token(), &month_query(Some(month)))
                    .await
            }
        }
    }

    /// `PUT /v1/budgets/{month}/{category}`: a limit from `month` on.
    pub async fn set_budget(&self, month: Month, category: Uuid, body: SetBudget) -> Result<(), Failure> {
        self.v1_only("setting budgets").await?;
        let path = ["v1", "budgets", &month.to_string(), &category.to_string()];
        self.http().put(&path, self.token(), &body).await
    }

    /// `DELETE /v1/budgets/{month}/{category}`: no limit from `month` on; refused when the limit was changed after the
    /// revision `base`.
    pub async fn clear_budget(&self, month: Month, category: Uuid, base: Option<i64>) -> Result<(), Failure> {
        self.v1_only("clearing budgets").await?;
        let path = ["v1", "budgets", &month.to_string(), &category.to_string()];
        let query: Vec<_> = base
            .map(|base| ("base_revision", base.to_string()))
            .into_iter()
            .collect();
        self.http().delete_with(&path, &query, self.token()).await
    }

    /// `POST /v1/budgets/{month}/move`: from one limit to another, in `month` only.
    pub async fn move_budget(&self, month: Month, body: MoveBudget) -> Result<(), Failure> {
        self.v1_only("moving money between budgets").await?;
        let path = ["v1", "budgets", &month.to_string(), "move"];
        self.http().post_done(&path, self.token(), &body).await
    }
}
