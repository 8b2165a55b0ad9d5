//! What the commands about limits do.

use uuid::Uuid;

use super::Told;
use crate::api::SetBudget;
use crate::client::Client;
use crate::domain::Month;
use crate::domain::limit::{self, Basis};
use crate::plain::desk::{Desk, Done, Trouble, refused};

impl Desk {
    pub(super) async fn limit(&mut self, name: &str, amount: &str) -> Told {
        let client = self.user()?;
        let row = self.category(name).await?;
        let category = row.category.name.clone();
        if !row.category.kind.is_spending() {
            return refused(format!("{category} takes no limit: its money is not spent."));
        }
        let before = row.own_limit_minor();
        let basis = Basis {
            now: before,
            past: row.past_minor.clone(),
            currency: self.currency(),
        };
        let after = limit::read(amount, &basis).map_err(|error| Trouble::Said(error.to_string()))?;
        let (month, category_id) = (self.shown_month(), row.category.id);
        set_limit(&client, month, category_id, after).await?;
        let value = after.map_or_else(
            || "no limit".to_owned(),
            |minor| format!("limit {}", self.words().amount(minor)),
        );
        let mut lines = vec![format!("{category}: {value} from {} on.", month.long_name())];
        self.done.push(Done::Limit {
            month,
            category_id,
            category,
            before,
        });
        lines.extend(self.refresh().await?);
        Ok(lines)
    }
}

pub(super) async fn set_limit(
    client: &Client,
    month: Month,
    category: Uuid,
    limit: Option<i64>,
) -> Result<(), Trouble> {
    match limit {
        Some(limit_minor) => {
            let body = SetBudget {
                limit_minor,
                base_revision: None,
            };
            Ok(client.set_budget(month, category, body).await?)
        }
        None => Ok(client.clear_budget(month, category, None).await?),
    }
}
