//! The calls about categories: the user's own, rules, and predicting them.

use uuid::Uuid;

use crate::api::{
    Category, CategoryPatch, Failure, MergeCategory, NewCategory, NewRule, PredictRequest, Prediction, Recategorize,
    Recategorized, Rule, RulePatch,
};

use super::Client;

impl Client {
    /// `GET /v1/categories`. From a classic server: those that this month's numbers name.
    pub async fn categories(&self) -> Result<Vec<Category>, Failure> {
        match self.classic().await? {
            Some(classic) => classic.categories().await,
            None => self.http().get(&["v1", "categories"], self.token(), &[]).await,
        }
    }

    /// `POST /v1/categories`.
    pub async fn add_category(&self, body: &NewCategory) -> Result<(), Failure> {
        self.v1_only("adding a category").await?;
        self.http().post_done(&["v1", "categories"], self.token(), body).await
    }

    /// `PATCH /v1/categories/{id}`.
    pub async fn edit_category(&self, id: Uuid, change: &CategoryPatch) -> Result<(), Failure> {
        self.v1_only("changing a category").await?;
        let path = ["v1", "categories", &id.to_string()];
        let _: Category = self.http().patch(&path, self.token(), change).await?;
        Ok(())
    }

    /// `POST /v1/categories/{id}/merge`: moves everything of a category into another one and takes it away.
    pub async fn merge_category(&self, id: Uuid, into: Uuid) -> Result<Category, Failure> {
        self.v1_only("merging categories").await?;
        let path = ["v1", "categories", &id.to_string(), "merge"];
        self.http().post(&path, self.token(), &MergeCategory { into }).await
    }

    /// `POST /v1/predict`: the categories that fit a description, and its amount if that is known.
    pub async fn predict(&self, description: &str, amount_minor: Option<i64>) -> Result<Prediction, Failure> {
        self.v1_only("predicting a category").await?;
        let body = PredictRequest {
            description: description.to_owned(),
            amount_minor,
        };
        self.http().post(&["v1", "predict"], self.token(), &body).await
    }

    /// `POST /v1/expenses/recategorize`: one step; `next` of its answer is the `cursor` of the next one.
    pub async fn recategorize(&self, body: &Recategorize) -> Result<Recategorized, Failure> {
        self.v1_only("predicting categories anew").await?;
        self.http()
            .post(&["v1", "expenses", "recategorize"], self.token(), body)
            .await
    }

    /// `GET /v1/rules`, by their words.
    pub async fn rules(&self) -> Result<Vec<Rule>, Failure> {
        self.v1_only("listing rules").await?;
        self.http().get(&["v1", "rules"], self.token(), &[]).await
    }

    /// `POST /v1/rules`: it takes the place of a rule of the same words.
    pub async fn add_rule(&self, body: &NewRule) -> Result<Rule, Failure> {
        self.v1_only("adding a rule").await?;
        self.http().post(&["v1", "rules"], self.token(), body).await
    }

    /// `PATCH /v1/rules/{id}`.
    pub async fn edit_rule(&self, id: Uuid, patch: &RulePatch) -> Result<Rule, Failure> {
        self.v1_only("changing a rule").await?;
        self.http()
            .patch(&["v1", "rules", &id.to_string()], self.token(), patch)
            .await
    }

    /// `DELETE /v1/rules/{id}`.
    pub async fn remove_rule(&self, id: Uuid) -> Result<(), Failure> {
        self.v1_only("removing a rule").await?;
        self.http()
            .delete(&["v1", "rules", &id.to_string()], self.token())
            .await
    }
}
