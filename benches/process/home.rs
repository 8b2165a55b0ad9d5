//! A home folder with a logged-in user and many expenses.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use budget_tracker::api::{SetBudget, SignUp};
use budget_tracker::client::Client;
use budget_tracker::config::{SavedSession, Sessions, Target};
use budget_tracker::domain::Currency;
use budget_tracker::server::embedded;
use budget_tracker::server::store::expenses::{self, Draft, Placing};
use budget_tracker::server::store::{AtClose, Store, accounts, categories};
use jiff::{Timestamp, ToSpan};
use tempfile::TempDir;
use uuid::Uuid;

use super::{Outcome, PROGRAM};

/// A home folder with a logged-in user.
pub struct Home {
    folder: TempDir,
    pub client_of: tokio::runtime::Runtime,
}

impl Home {
    /// With this many expenses.
    pub fn with(expenses: usize) -> Outcome<Self> {
        let home = Self {
            folder: tempfile::tempdir()?,
            client_of: tokio::runtime::Runtime::new()?,
        };
        let name = home.client_of.block_on(home.sign_up())?;
        home.client_of.block_on(home.fill(name, expenses))?;
        Ok(home)
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    pub fn config(&self) -> PathBuf {
        self.folder.path().join("config")
    }

    async fn sign_up(&self) -> Outcome<&'static str> {
        let name = "bench";
        let server = embedded::start(&self.data()).await?;
        let client = Client::new(server.base_url.clone(), None)?;
        let password = format!("bench {}", Uuid::new_v4());
        let email = "bench@example.org".to_owned();
        let body = SignUp {
            name: name.to_owned(),
            email,
            password,
            currency: None,
            time_zone: None,
            month_start: None,
            invite: None,
            label: None,
        };
        let session = client.sign_up(&body).await?;
        let saved = SavedSession {
            name: name.to_owned(),
            token: session.token.into(),
            currency: Currency::USD,
        };
        fs::create_dir_all(self.config())?;
        Sessions::new(self.config().join("session.toml")).put(&Target::Embedded, &saved)?;
        let client = client.with_token(Some(saved.token));
        let summary = client.summary(None).await?;
        for row in summary
            .categories
            .iter()
            .filter(|row| row.category.kind.is_spending())
            .take(10)
        {
            let body = SetBudget {
                limit_minor: 50_000_000,
                base_revision: None,
            };
            client.set_budget(summary.month, row.category.id, body).await?;
        }
        server.shutdown().await;
        Ok(name)
    }

    /// Eight months of expenses, spread evenly over days and categories.
    async fn fill(&self, name: &'static str, count: usize) -> Outcome {
        let store = Store::open(&self.data().join("budget.db"), 0, Box::new(|_| {}))?;
        let now = Timestamp::now();
        for chunk in (0..count).step_by(20_000) {
            let numbers = chunk..count.min(chunk + 20_000);
            store
                .write(move |tx| {
                    let user = accounts::credentials(tx, name)?
                        .map(|found| found.user)
                        .unwrap_or_default();
                    let scope = accounts::load(tx, user)?.scope(now);
                    let places: Vec<Uuid> = categories::list(tx, &scope)?
                        .iter()
                        .map(|category| category.id)
                        .collect();
                    for number in numbers.clone() {
                        let back = i64::try_from(number % 240).unwrap_or_default();
                        let draft = Draft {
                            id: Uuid::now_v7(),
                            day: scope.today.checked_sub(back.days()).unwrap_or(scope.today),
                            description: format!("Shop {} in town", number % 977),
                            amount_minor: 100 + i64::try_from(number % 5000).unwrap_or_default(),
                            placing: Placing::by_user(places[number % places.len()]),
                            fingerprint: Vec::new(),
                        };
                        expenses::add(tx, &scope, &draft)?;
                    }
                    Ok(())
                })
                .await?;
        }
        store.close(AtClose::EmptyLog).await;
        Ok(())
    }

    /// Our program with these arguments, in this home.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(PROGRAM);
        command.args(arguments).stdout(Stdio::null()).stdin(Stdio::null());
        command
            .env("BUDGET_TRACKER_DATA_DIR", self.data())
            .env("BUDGET_TRACKER_CONFIG_DIR", self.config());
        command
    }
}
