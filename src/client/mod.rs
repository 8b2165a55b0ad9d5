//! HTTP to a server: `/v1`, the five classic calls, and the event stream.
//!
//! Every call is one `async fn` that answers with data or an [`api::Failure`](crate::api::Failure). The first
//! call asks the server which calls it knows ([`Client::dialect`]); against a server without `/v1` the same
//! methods speak the classic calls, and answer [`Failure::Unsupported`] where those have no counterpart.
//! Nothing here retries: the callers know what may be sent twice and when.

mod access;
mod answer;
mod classic;
mod classic_body;
mod device;
mod dialect;
mod events;
mod http;
mod sse;
mod trust;

use std::sync::Arc;
use std::time::Duration;

use futures::stream::BoxStream;
use jiff::civil::Date;
use secrecy::SecretString;
use tokio::sync::OnceCell;
use url::Url;
use uuid::Uuid;

use crate::api::{
    Account, AccountPatch, Alert, Budget, Bulk, Category, CategoryPatch, Dialect, Expense, ExpensePage, ExpensePatch,
    ExpenseQuery, Failure, LogIn, MAX_PAGE, MergeCategory, MoveBudget, NewCategory, NewExpense, NewRule,
    PredictRequest, Prediction, Recategorize, Recategorized, Rule, RulePatch, Session, SetBudget, SignUp, Snooze,
    Summary,
};
use crate::domain::{Currency, Fingerprint, Month};

use classic::Classic;
use http::Http;

pub use crate::domain::address::is_loopback;
pub use answer::parse_retry_after;
pub use device::label as device_label;
pub use events::News;
pub use sse::{Event, Parser as SseParser, TooLong};

/// How a [`Client`] behaves; the defaults suit a person who waits.
#[derive(Debug, Clone)]
pub struct ClientOptions {
    /// How long a connection may take to come about.
    pub connect_timeout: Duration,
    /// How long a whole request may take, answer included.
    pub request_timeout: Duration,
    /// How long the event stream may be silent; servers send a sign of life every 15 s.
    pub silence_timeout: Duration,
    /// Whether plain `http://` to another machine is allowed.
    pub insecure_http: bool,
    /// The only certificate that the server may show; one that this machine believes when absent.
    pub fingerprint: Option<Fingerprint>,
    /// The currency of a classic server's amounts, which carry none.
    pub currency: Currency,
    /// The local day on which a classic server's numbers are dated; the computer's clock when absent.
    pub today: Option<Date>,
    /// What the server is known to speak, to save the question.
    pub dialect: Option<Dialect>,
}

impl Default for ClientOptions {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(5),
            request_timeout: Duration::from_secs(15),
            silence_timeout: Duration::from_secs(45),
            insecure_http: false,
            fingerprint: None,
            currency: Currency::USD,
            today: None,
            dialect: None,
        }
    }
}

/// A way to one server, as one user or as nobody. Clones share connections.
#[derive(Clone)]
pub struct Client {
    shared: Arc<Shared>,
    token: Option<SecretString>,
    user: String,
}

struct Shared {
    http: Http,
    options: ClientOptions,
    dialect: OnceCell<Dialect>,
}

impl Client {
    /// A client for the server at `base`, which may carry a path prefix, with or without a slash at its end.
    ///
    /// # Errors
    /// [`Failure::Local`] when the address cannot be used: no host, not HTTP, or unencrypted beyond loopback.
    pub fn new(base: Url, token: Option<SecretString>) -> Result<Self, Failure> {
        Self::with_options(base, token, ClientOptions::default())
    }

    /// [`Client::new`] with other limits.
    ///
    /// # Errors
    /// As [`Client::new`].
    pub fn with_options(base: Url, token: Option<SecretString>, options: ClientOptions) -> Result<Self, Failure> {
        let http = Http::new(base, &options)?;
        let dialect = OnceCell::new_with(options.dialect);
        Ok(Self {
            shared: Arc::new(Shared { http, options, dialect }),
            token,
            user: String::new(),
        })
    }

    /// The same server with another session, or none.
    #[must_use]
    pub fn with_token(&self, token: Option<SecretString>) -> Self {
        Self { token, ..self.clone() }
    }

    /// The same server and session, known to be `user`'s: a classic server cannot tell whose token it is.
    #[must_use]
    pub fn for_user(&self, user: &str) -> Self {
        Self {
            user: user.to_owned(),
            ..self.clone()
        }
    }

    /// Host and port, as messages name the server.
    #[must_use]
    pub fn server(&self) -> &str {
        self.shared.http.server()
    }

    /// Which calls the server knows. Asked once; an answer that settles nothing is not remembered.
    pub async fn dialect(&self) -> Result<Dialect, Failure> {
        let asked = self
            .shared
            .dialect
            .get_or_try_init(|| dialect::probe(&self.shared.http))
            .await;
        match asked {
            Ok(dialect) => Ok(*dialect),
            Err(unsettled) => unsettled.0,
        }
    }

    /// `POST /v1/signup`.
    pub async fn sign_up(&self, body: &SignUp) -> Result<Session, Failure> {
        match self.classic().await? {
            Some(classic) => classic.sign_up(body).await,
            None => self.http().post(&["v1", "signup"], None, body).await,
        }
    }

    /// `POST /v1/login`.
    pub async fn log_in(&self, body: &LogIn) -> Result<Session, Failure> {
        match self.classic().await? {
            Some(classic) => classic.log_in(body).await,
            None => self.http().post(&["v1", "login"], None, body).await,
        }
    }

    /// `POST /v1/logout`. A classic server has no such call; forgetting the token is all there is.
    pub async fn log_out(&self) -> Result<(), Failure> {
        match self.classic().await? {
            Some(_) => Ok(()),
            None => self.http().post_empty(&["v1", "logout"], self.token()).await,
        }
    }

    /// `GET /v1/account`. From a classic server: whether the token is good, and what the client knows itself.
    pub async fn account(&self) -> Result<Account, Failure> {
        match self.classic().await? {
            Some(classic) => classic.account(&self.user).await,
            None => self.http().get(&["v1", "account"], self.token(), &[]).await,
        }
    }

    /// `PATCH /v1/account`.
    pub async fn edit_account(&self, patch: &AccountPatch) -> Result<Account, Failure> {
        self.v1_only("changing the account").await?;
        self.http().patch(&["v1", "account"], self.token(), patch).await
    }

    /// `GET /v1/categories`. From a classic server: those that this month's numbers name.
    pub async fn categories(&self) -> Result<Vec<Category>, Failure> {
        match self.classic().await? {
            Some(classic) => classic.categories().await,
            None => self.http().get(&["v1", "categories"], self.token(), &[]).await,
        }
    }

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

    /// `DELETE /v1/budgets/{month}/{category}`: no limit from `month` on.
    pub async fn clear_budget(&self, month: Month, category: Uuid) -> Result<(), Failure> {
        self.v1_only("clearing budgets").await?;
        let path = ["v1", "budgets", &month.to_string(), &category.to_string()];
        self.http().delete(&path, self.token()).await
    }

    /// `POST /v1/budgets/{month}/move`: from one limit to another, in `month` only.
    pub async fn move_budget(&self, month: Month, body: MoveBudget) -> Result<(), Failure> {
        self.v1_only("moving money between budgets").await?;
        let path = ["v1", "budgets", &month.to_string(), "move"];
        self.http().post_done(&path, self.token(), &body).await
    }

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

    /// `POST /v1/predict`: the categories that fit a description, and its amount if that is known.
    pub async fn predict(&self, description: &str, amount_minor: Option<i64>) -> Result<Prediction, Failure> {
        self.v1_only("predicting a category").await?;
        let body = PredictRequest {
            description: description.to_owned(),
            amount_minor,
        };
        self.http().post(&["v1", "predict"], self.token(), &body).await
    }

    /// `POST /v1/categories/{id}/merge`: moves everything of a category into another one and takes it away.
    pub async fn merge_category(&self, id: Uuid, into: Uuid) -> Result<Category, Failure> {
        self.v1_only("merging categories").await?;
        let path = ["v1", "categories", &id.to_string(), "merge"];
        self.http().post(&path, self.token(), &MergeCategory { into }).await
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

    /// `POST /v1/expenses/recategorize`: one step; `next` of its answer is the `cursor` of the next one.
    pub async fn recategorize(&self, body: &Recategorize) -> Result<Recategorized, Failure> {
        self.v1_only("predicting categories anew").await?;
        self.http()
            .post(&["v1", "expenses", "recategorize"], self.token(), body)
            .await
    }

    /// `GET /v1/events`: that the stream is open, then the user's revision after each change, until the connection ends.
    /// Whoever knows the `last` revision is told only what comes after it.
    ///
    /// The stream ends after an error and when the server says goodbye; the caller decides when to come back.
    #[must_use]
    pub fn events(&self, last: Option<i64>) -> BoxStream<'static, Result<News, Failure>> {
        events::stream(self.clone(), last)
    }

    fn http(&self) -> &Http {
        &self.shared.http
    }

    fn token(&self) -> Option<&SecretString> {
        self.token.as_ref()
    }

    async fn classic(&self) -> Result<Option<Classic<'_>>, Failure> {
        let classic = || Classic::new(&self.shared.http, &self.shared.options, self.token());
        Ok((self.dialect().await? == Dialect::Classic).then(classic))
    }

    async fn v1_only(&self, what: &'static str) -> Result<(), Failure> {
        match self.dialect().await? {
            Dialect::V1 => Ok(()),
            Dialect::Classic => Err(Failure::Unsupported(what)),
        }
    }
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client")
            .field("server", &self.server())
            .finish_non_exhaustive()
    }
}

/// The body `{}`.
#[derive(serde::Serialize)]
struct Empty {}

fn month_query(month: Option<Month>) -> Vec<(&'static str, String)> {
    month.map(|month| ("month", month.to_string())).into_iter().collect()
}
