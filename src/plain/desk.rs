//! One user at one server: who it is, what was seen last, what can be taken back.

use std::collections::HashSet;
use std::time::Duration;

use jiff::civil::Date;
use uuid::Uuid;

use super::news::{self, Look};
use super::words::Words;
use crate::api::{AccountPatch, Dialect, ErrorCode, Expense, ExpenseQuery, Failure, Session, SessionEntry};
use crate::client::Client;
use crate::config::{ConfigError, SavedSession, Settings};
use crate::domain::account::TEMPORARY_PASSWORD;
use crate::domain::{Calendar, Currency, Month};
use crate::reach;
use crate::server::embedded::Embedded;
use crate::zone;

/// The latest expenses that are looked at for news.
const LATEST: u32 = 100;
/// How long a server that does not answer is left alone at most.
const LONGEST_PAUSE: Duration = Duration::from_mins(1);

/// Why a command did nothing.
#[derive(Debug)]
pub(super) enum Trouble {
    /// A sentence that says what to do next.
    Said(String),
    /// The server did not do it.
    Failed(Failure),
}

impl From<Failure> for Trouble {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

impl From<ConfigError> for Trouble {
    fn from(error: ConfigError) -> Self {
        Self::Said(format!("{error} {}", error.advice()))
    }
}

pub(super) fn refused<T>(why: impl Into<String>) -> Result<T, Trouble> {
    Err(Trouble::Said(why.into()))
}

/// A change that can be taken back.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Done {
    Added(Expense),
    Deleted(Expense),
    /// Put into another category; the expense as it was.
    Placed(Expense),
    Limit {
        month: Month,
        category_id: Uuid,
        category: String,
        /// The limit before, minor units.
        before: Option<i64>,
    },
}

pub(super) struct Desk {
    pub settings: Settings,
    client: Client,
    embedded: Option<Embedded>,
    pub session: Option<SavedSession>,
    /// The month that is talked about; the current one when absent.
    pub month: Option<Month>,
    pub look: Option<Look>,
    /// The expenses and alerts of the last lists, as they were numbered.
    pub listed: Vec<Expense>,
    pub told: Vec<Uuid>,
    /// The sessions of the last list.
    pub sessions: Vec<SessionEntry>,
    pub done: Vec<Done>,
    /// Expenses that were added here, and are no news.
    pub own: HashSet<Uuid>,
    /// Grows with each log-in and log-out.
    pub entered: u64,
    /// Whether what changes is told at once, by the event stream.
    pub live: bool,
    /// Looks in a row that failed.
    failures: u32,
    /// Whether the account was asked to begin its months when the configuration says.
    asked_calendar: bool,
    /// What is to be told after the answer to a command.
    pub remarks: Vec<String>,
}

impl Desk {
    /// Starts the embedded server when that is the one.
    pub(super) async fn open(settings: Settings) -> Result<Self, Trouble> {
        let session = settings.sessions().get(&settings.target)?;
        let currency = session.as_ref().map_or(settings.currency, |session| session.currency);
        let (client, embedded) = reach::open(&settings, currency).await?;
        Ok(Self {
            settings,
            client,
            embedded,
            session,
            month: None,
            look: None,
            listed: Vec::new(),
            told: Vec::new(),
            sessions: Vec::new(),
            done: Vec::new(),
            own: HashSet::new(),
            entered: 0,
            live: false,
            failures: 0,
            asked_calendar: false,
            remarks: Vec::new(),
        })
    }

    pub(super) async fn close(self) {
        if let Some(embedded) = self.embedded {
            embedded.leave().await;
        }
    }

    /// A client for whoever is logged in, or for nobody.
    pub(super) fn client(&self) -> Client {
        let session = self.session.as_ref();
        let name = session.map_or("", |session| session.name.as_str());
        self.client
            .with_token(session.map(|session| session.token.clone()))
            .for_user(name)
    }

    /// The client of a user.
    pub(super) fn user(&self) -> Result<Client, Trouble> {
        if self.session.is_none() {
            return refused("You are not logged in. login ada logs in, demo looks around with sample data.");
        }
        Ok(self.client())
    }

    pub(super) fn today() -> Date {
        zone::now().date()
    }

    /// When the user's months begin; on the first as long as no numbers have told.
    pub(super) fn calendar(&self) -> Calendar {
        self.look
            .as_ref()
            .map_or_else(Calendar::default, |look| look.summary.calendar)
    }

    pub(super) fn current_month(&self) -> Month {
        self.calendar().month_of(Self::today())
    }

    pub(super) fn shown_month(&self) -> Month {
        self.month.unwrap_or_else(|| self.current_month())
    }

    /// The account's currency.
    pub(super) fn currency(&self) -> Currency {
        let look = self.look.as_ref();
        let told = look.and_then(|look| Currency::from_code(&look.summary.currency).ok());
        told.or_else(|| self.session.as_ref().map(|session| session.currency))
            .unwrap_or(self.settings.currency)
            .written(&self.settings.locale)
    }

    pub(super) fn words(&self) -> Words {
        Words {
            currency: self.currency(),
            today: Self::today(),
            locale: self.settings.locale,
        }
    }

    /// A new session, kept on this machine; the one that it replaces ends.
    pub(super) async fn enter(&mut self, session: Session) -> Result<(), Trouble> {
        let saved = SavedSession {
            name: session.account.name,
            token: session.token.into(),
            currency: Currency::from_code(&session.account.currency).unwrap_or(self.settings.currency),
        };
        self.settings.sessions().put(&self.settings.target, &saved)?;
        if let Err(error) = self.settings.keep_fingerprint() {
            self.remarks.push(format!("The certificate is not remembered: {error}"));
        }
        if session.password_until.is_some() {
            self.remarks.push(TEMPORARY_PASSWORD.to_owned());
        }
        if let Some(before) = self.session.take().filter(|before| !before.is(&saved)) {
            // Nobody can use it any more; the server ends it in time if it cannot be told now.
            let _ = self.client.with_token(Some(before.token)).log_out().await;
        }
        self.forget();
        self.session = Some(saved);
        Ok(())
    }

    /// The session is over, here and in its file.
    pub(super) fn leave(&mut self) -> Result<(), Trouble> {
        self.forget();
        Ok(self.settings.sessions().remove(&self.settings.target)?)
    }

    /// Everything that belongs to one user goes.
    fn forget(&mut self) {
        self.session = None;
        self.month = None;
        self.look = None;
        self.entered += 1;
        self.live = false;
        self.failures = 0;
        self.asked_calendar = false;
        self.listed.clear();
        self.told.clear();
        self.sessions.clear();
        self.done.clear();
        self.own.clear();
    }

    /// Looks at the server; what is new there since the last time, a line each.
    pub(super) async fn refresh(&mut self) -> Result<Vec<String>, Trouble> {
        let client = self.user()?;
        let look = match fetch(&client, self.month).await {
            Ok(look) => self.begin_months(&client, look).await,
            failed => failed,
        };
        let look = match look {
            Ok(look) => look,
            Err(Failure::SignedOut) => {
                self.leave()?;
                return refused("Your session has ended. Type login and your user name to go on.");
            }
            Err(failure) => {
                self.failures = self.failures.saturating_add(1);
                return Err(failure.into());
            }
        };
        let mut lines = Vec::new();
        if std::mem::take(&mut self.failures) > 0 {
            lines.push("The connection is back.".to_owned());
        }
        if let Some(before) = self.look.replace(look) {
            let words = self.words();
            if let Some(after) = &self.look {
                lines.extend(news::between(&before, after, &self.own, words));
            }
        }
        Ok(lines)
    }

    /// Has the account's months begin when the configuration says; tried once, and told. The look after it.
    async fn begin_months(&mut self, client: &Client, look: Look) -> Result<Look, Failure> {
        let wish = self.settings.calendar;
        let Some(wish) = wish.filter(|wish| *wish != look.summary.calendar && !self.asked_calendar) else {
            return Ok(look);
        };
        self.asked_calendar = true;
        let patch = AccountPatch {
            month_start: Some(wish.month_start()),
        };
        match client.edit_account(&patch).await {
            Ok(_) => {
                self.remarks.push(format!("{} now, as month_start says.", wish.words()));
                fetch(client, self.month).await
            }
            Err(Failure::SignedOut) => Err(Failure::SignedOut),
            Err(failure) => {
                let still = look.summary.calendar.words();
                self.remarks.push(format!(
                    "{still} still: the server does not take month_start. {failure}"
                ));
                Ok(look)
            }
        }
    }

    /// [`Desk::refresh`] that nobody asked for: a failure is told once, not at each try.
    pub(super) async fn look_round(&mut self) -> Vec<String> {
        let silent = self.failures > 0;
        match self.refresh().await {
            Ok(lines) => lines,
            Err(Trouble::Failed(_)) if silent => Vec::new(),
            Err(Trouble::Failed(failure)) => vec![format!("The connection is lost. {failure} Trying again by itself.")],
            Err(Trouble::Said(why)) => vec![why],
        }
    }

    /// The month's numbers as they were seen last, or as they are now.
    pub(super) async fn look(&mut self) -> Result<&Look, Trouble> {
        let shown = self.look.as_ref().map(|look| look.summary.month);
        if shown != Some(self.shown_month()) {
            self.look = None;
            self.refresh().await?;
        }
        self.look
            .as_ref()
            .ok_or_else(|| Trouble::Said("There are no numbers yet. refresh asks for them.".to_owned()))
    }

    /// How long to wait before the next look.
    pub(super) fn pause(&self) -> Duration {
        match self.failures {
            0 => self.settings.poll,
            tries => Duration::from_secs(2_u64.saturating_pow(tries - 1)).min(LONGEST_PAUSE),
        }
    }

    /// Whether the last look was answered.
    pub(super) fn is_answered(&self) -> bool {
        self.failures == 0
    }

    /// How news come, in a sentence.
    pub(super) fn news_words(&self) -> String {
        if self.live {
            return "Live: what changes is told at once.".to_owned();
        }
        format!("Polling: the server is asked every {} s.", self.settings.poll.as_secs())
    }

    /// The revision that was seen last.
    pub(super) fn revision(&self) -> Option<i64> {
        self.look.as_ref().map(|look| look.summary.revision)
    }
}

async fn fetch(client: &Client, month: Option<Month>) -> Result<Look, Failure> {
    let summary = client.summary(month).await?;
    let alerts = client.alerts(None).await?;
    let latest = match client.dialect().await? {
        Dialect::Classic => Vec::new(),
        Dialect::V1 => {
            let query = ExpenseQuery {
                limit: Some(LATEST),
                ..ExpenseQuery::default()
            };
            client.expenses(&query).await?.expenses
        }
    };
    Ok(Look {
        summary,
        alerts,
        latest,
    })
}

/// A failure in a sentence that says what to do next.
pub(super) fn told(failure: &Failure) -> String {
    match failure {
        Failure::SignedOut => "Your session has ended. Type login and your user name to go on.".to_owned(),
        Failure::Rejected(error) if error.code == ErrorCode::BadCredentials => {
            format!("{} Check both and try again.", error.message)
        }
        failure => failure.to_string(),
    }
}
