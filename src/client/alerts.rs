//! The calls about alerts.

use jiff::civil::Date;
use uuid::Uuid;

use crate::api::{Alert, Failure, Snooze};
use crate::domain::Month;

use super::{Client, month_query};

impl Client {
    /// `GET /v1/alerts`, newest first; of all months when none is given.
    pub async fn alerts(&self, month: Option<Month>) -> Result<Vec<Alert>, Failure> {
        match self.classic().await? {
            Some(classic) => classic.alerts(month).await,
            None => {
                self.http()
                    .get(&["v1", "alerts"], self.token(), &month_query(month))
                    .await
            }
        }
    }

    /// `POST /v1/alerts/{id}/read`.
    pub async fn mark_read(&self, id: Uuid) -> Result<(), Failure> {
        self.v1_only("marking alerts as read").await?;
        self.http()
            .post_empty(&["v1", "alerts", &id.to_string(), "read"], self.token())
            .await
    }

    /// `POST /v1/alerts/read`.
    pub async fn mark_all_read(&self) -> Result<(), Failure> {
        self.v1_only("marking alerts as read").await?;
        self.http().post_empty(&["v1", "alerts", "read"], self.token()).await
    }

    /// `PUT /v1/alerts/{id}/snooze`: quiet about its category until a local day; none ends the quiet.
    pub async fn snooze(&self, id: Uuid, until: Option<Date>) -> Result<(), Failure> {
        self.v1_only("snoozing an alert").await?;
        let path = ["v1", "alerts", &id.to_string(), "snooze"];
        self.http().put(&path, self.token(), &Snooze { until }).await
    }
}
