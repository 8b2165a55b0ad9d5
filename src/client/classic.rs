//! The five classic calls, behind the same answers as `/v1`.
//!
//! Such a server knows the current month only, no ids, no edits and no forecast. Categories and alerts get
//! ids that are made from their text, so the same thing has the same id at every call and in every program.

use std::collections::HashMap;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use reqwest::{Method, RequestBuilder};
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use uuid::Uuid;

use crate::api::{
    Account, Alert, ApiError, Bucket, Budget, Category, CategorySummary, ErrorCode, Expense, Failure, LogIn,
    MonthTotal, NewExpense, Session, SignUp, Summary,
};
use crate::domain::expense::CategorySource;
use crate::domain::{Calendar, Currency, Kind, Level, Money, Month};
use crate::zone;

use super::answer::{self, shown};
use super::classic_body::{self as body, BodyError, Notice, Spending};
use super::http::{Answer, Http};
use super::{ClientOptions, Empty};

/// The space of the ids that are made from names and messages.
const NAMESPACE: Uuid = Uuid::from_u128(0x5b0e_46a1_9c3f_4d27_8a52_d1f1_7c66_0e93);

/// One user's calls.
pub(super) struct Classic<'a> {
    http: &'a Http,
    currency: Currency,
    today: Date,
    token: Option<&'a SecretString>,
}

#[derive(Serialize)]
struct ClassicSignUp<'a> {
    username: &'a str,
    email: &'a str,
    password: &'a str,
}

#[derive(Serialize)]
struct ClassicLogIn<'a> {
    username: &'a str,
    password: &'a str,
}

impl<'a> Classic<'a> {
    pub fn new(http: &'a Http, options: &ClientOptions, token: Option<&'a SecretString>) -> Self {
        Self {
            http,
            currency: options.currency,
            today: options.today.unwrap_or_else(|| zone::now().date()),
            token,
        }
    }

    /// Signs up and logs in: the classic sign-up answers without a token.
    pub async fn sign_up(&self, new: &SignUp) -> Result<Session, Failure> {
        let body = ClassicSignUp {
            username: &new.name,
            email: &new.email,
            password: &new.password,
        };
        let request = self.http.request(Method::POST, &["signup"]).json(&body);
        self.call(request, Asks::WhoYouAre).await?;
        let login = LogIn {
            name: new.name.clone(),
            password: new.password.clone(),
            code: None,
            label: None,
        };
        let mut session = self.log_in(&login).await?;
        session.account.email.clone_from(&new.email);
        Ok(session)
    }

    pub async fn log_in(&self, login: &LogIn) -> Result<Session, Failure> {
        let body = ClassicLogIn {
            username: &login.name,
            password: &login.password,
        };
        let request = self.http.request(Method::POST, &["login"]).json(&body);
        let answer = self.call(request, Asks::WhoYouAre).await?;
        let token = self.read(&answer, |bytes| body::field(bytes, "token"))?;
        let token = token.filter(|token| !token.is_empty());
        Ok(Session {
            token: token.ok_or_else(|| self.http.garbled("it answered the log-in without a token"))?,
            account: self.account_of(&login.name),
            password_until: None,
        })
    }

    pub async fn account(&self, user: &str) -> Result<Account, Failure> {
        self.spending().await?;
        Ok(self.account_of(user))
    }

    pub async fn summary(&self, month: Option<Month>) -> Result<Summary, Failure> {
        let month = self.this_month(month)?;
        let rows = self.spending().await?;
        let total = |pick: fn(&Spending) -> i64| rows.iter().map(pick).fold(0, i64::saturating_add);
        let waiting = rows.iter().filter(|row| row.category.is_none());
        Ok(Summary {
            month,
            calendar: Calendar::default(),
            today: self.today,
            currency: self.currency.code().to_owned(),
            revision: 0,
            uncategorised: Bucket {
                spent_minor: waiting.map(|row| row.spent_minor).fold(0, i64::saturating_add),
                count: 0,
            },
            income_minor: 0,
            to_review: 0,
            daily_minor: Vec::new(),
            months: vec![MonthTotal {
                month,
                spent_minor: total(|row| row.spent_minor),
                limit_minor: total(|row| row.limit_minor.unwrap_or(0)),
            }],
            categories: by_category(&rows),
        })
    }

    pub async fn categories(&self) -> Result<Vec<Category>, Failure> {
        let rows = self.spending().await?;
        Ok(by_category(&rows).into_iter().map(|row| row.category).collect())
    }

    pub async fn budgets(&self, month: Month) -> Result<Vec<Budget>, Failure> {
        let since = self.this_month(Some(month))?;
        let rows = self.spending().await?;
        let budget = |row: CategorySummary| {
            Some(Budget {
                category_id: row.category.id,
                limit_minor: row.limit_minor?,
                since,
            })
        };
        Ok(by_category(&rows).into_iter().filter_map(budget).collect())
    }

    pub async fn alerts(&self, month: Option<Month>) -> Result<Vec<Alert>, Failure> {
        self.this_month(month)?;
        let request = self.with_token(Method::GET, &["notifications"], Vec::new())?;
        let answer = self.call(request, Asks::ForData).await?;
        let notices = self.read(&answer, body::notices)?;
        Ok(notices.into_iter().map(|notice| self.alert(notice)).collect())
    }

    pub async fn add_expense(&self, new: &NewExpense) -> Result<Expense, Failure> {
        if new.category_id.is_some() {
            return Err(Failure::Unsupported("choosing the category"));
        }
        if new.day.is_some_and(|day| day != self.today) {
            return Err(Failure::Unsupported("adding an expense for another day"));
        }
        let query = vec![
            ("description", new.description.clone()),
            ("amount", Money::new(new.amount_minor, self.currency).decimal()),
        ];
        let request = self.with_token(Method::POST, &["new-expense"], query)?.json(&Empty {});
        let answer = self.call(request, Asks::ForData).await?;
        let category = self.read(&answer, |bytes| body::field(bytes, "category"))?;
        let category = category.filter(|name| !name.trim().is_empty());
        Ok(Expense {
            id: new.id,
            day: self.today,
            description: new.description.clone(),
            amount_minor: new.amount_minor,
            // The server decided without saying how; its word is final here.
            category_source: category
                .as_ref()
                .map_or(CategorySource::None, |_| CategorySource::Lexicon),
            confidence: if category.is_some() { 100 } else { 0 },
            category_id: category.as_deref().map(category_id),
            revision: 0,
            created_at: Timestamp::now().as_millisecond(),
            note: None,
        })
    }

    async fn spending(&self) -> Result<Vec<Spending>, Failure> {
        let request = self.with_token(Method::GET, &["fetch-user-data"], Vec::new())?;
        let answer = self.call(request, Asks::ForData).await?;
        self.read(&answer, |bytes| body::spending(bytes, self.currency))
    }

    /// The month that such a server can speak of, if it is the one asked for.
    fn this_month(&self, asked: Option<Month>) -> Result<Month, Failure> {
        let current = Month::of(self.today);
        match asked {
            Some(month) if month != current => Err(Failure::Unsupported("looking at another month")),
            _ => Ok(current),
        }
    }

    /// A request with the session in its query, where these servers look for it.
    fn with_token(&self, method: Method, path: &[&str], rest: Vec<(&str, String)>) -> Result<RequestBuilder, Failure> {
        let token = self.token.ok_or(Failure::SignedOut)?.expose_secret().to_owned();
        let mut query = vec![("token", token)];
        query.extend(rest);
        Ok(self.http.request_with(method, path, &query))
    }

    async fn call(&self, request: RequestBuilder, asks: Asks) -> Result<Answer, Failure> {
        let answer = self.http.send(request).await?;
        if answer.status.is_success() {
            return Ok(answer);
        }
        let words = body::error_words(&answer.body).map(|words| shown(&words));
        let error = words.map(|message| ApiError::new(asks.code(answer.status.as_u16()), message));
        Err(answer::failure(self.http.server(), &answer, error))
    }

    fn read<T>(&self, answer: &Answer, parse: impl FnOnce(&[u8]) -> Result<T, BodyError>) -> Result<T, Failure> {
        parse(&answer.body).map_err(|error| {
            self.http.garbled(match error {
                BodyError::Json(error) => answer::not_json(&answer.body, &error),
                BodyError::Amount => format!("the answer holds {error}"),
            })
        })
    }

    fn account_of(&self, user: &str) -> Account {
        let zone = zone::local();
        Account {
            name: user.to_owned(),
            email: String::new(),
            currency: self.currency.code().to_owned(),
            time_zone: zone.iana_name().unwrap_or("UTC").to_owned(),
            calendar: Calendar::default(),
            revision: 0,
        }
    }

    /// The level is a guess, because the sentence does not tell; so is the month where there is no date.
    fn alert(&self, notice: Notice) -> Alert {
        let created = created_at(&notice.created_at);
        let midnight = self.today.to_zoned(TimeZone::UTC).map(|day| day.timestamp());
        let created_at = created.or(midnight.ok()).unwrap_or_default();
        let day = created.map_or(self.today, |time| time.to_zoned(zone::local()).date());
        Alert {
            id: Uuid::new_v5(
                &NAMESPACE,
                format!("alert\n{}\n{}", notice.message, notice.created_at).as_bytes(),
            ),
            category_id: Uuid::nil(),
            category: String::new(),
            month: Month::of(day),
            level: Level::Over,
            message: notice.message,
            spent_minor: 0,
            limit_minor: 0,
            cause: None,
            created_at: created_at.as_millisecond(),
            read: false,
            resolved_at: None,
            snoozed_until: None,
        }
    }
}

/// What a call is about, which decides what a refusal means.
#[derive(Clone, Copy)]
enum Asks {
    /// Sign-up and log-in: 401 means a wrong name or password.
    WhoYouAre,
    /// The other three: 401 means that the session has ended.
    ForData,
}

impl Asks {
    fn code(self, status: u16) -> ErrorCode {
        match (status, self) {
            (401, Self::WhoYouAre) => ErrorCode::BadCredentials,
            (401, Self::ForData) => ErrorCode::Unauthorized,
            (403, _) => ErrorCode::Forbidden,
            (404, _) => ErrorCode::NotFound,
            (409, _) => ErrorCode::Conflict,
            (500.., _) => ErrorCode::Internal,
            _ => ErrorCode::Invalid,
        }
    }
}

/// The id of the category called `name`.
fn category_id(name: &str) -> Uuid {
    Uuid::new_v5(&NAMESPACE, format!("category\n{name}").as_bytes())
}

/// One entry a category, in the order of the answer; rows of the same name are one category.
fn by_category(rows: &[Spending]) -> Vec<CategorySummary> {
    let mut categories: Vec<CategorySummary> = Vec::new();
    let mut places = HashMap::new();
    for row in rows {
        let Some(name) = &row.category else { continue };
        let id = category_id(name);
        let place = *places.entry(id).or_insert(categories.len());
        if let Some(known) = categories.get_mut(place) {
            known.spent_minor = known.spent_minor.saturating_add(row.spent_minor);
            known.limit_minor = known.limit_minor.or(row.limit_minor);
            continue;
        }
        categories.push(CategorySummary {
            category: Category::new(id, name.clone(), Kind::Flexible),
            spent_minor: row.spent_minor,
            count: 0,
            limit_minor: row.limit_minor,
            carried_minor: 0,
            past_minor: Vec::new(),
            past_limits_minor: Vec::new(),
            daily_minor: Vec::new(),
            forecast: None,
        });
    }
    categories
}

/// Reads `2026-11-22T08:00:00Z`, or a time without a zone, which databases write in UTC.
fn created_at(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if let Ok(time) = text.parse::<Timestamp>() {
        return Some(time);
    }
    let civil: DateTime = text.parse().ok()?;
    civil.to_zoned(TimeZone::UTC).ok().map(|time| time.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_databases_write_them() {
        let eight: Timestamp = "2026-11-22T08:00:00Z".parse().unwrap();
        for text in [
            "2026-11-22 08:00:00",
            "2026-11-22T08:00:00Z",
            "2026-11-22T09:00:00+01:00",
            "2026-11-22T08:00:00.000",
        ] {
            assert_eq!(created_at(text), Some(eight), "{text}");
        }
        assert_eq!(created_at("yesterday"), None);
    }

    #[test]
    fn ids_come_from_names_alone() {
        assert_eq!(category_id("Dining"), category_id("Dining"));
        assert_ne!(category_id("Dining"), category_id("dining"));
    }

    #[test]
    fn rows_of_one_name_are_one_category() {
        let row = |spent_minor, limit_minor| Spending {
            category: Some("Dining".to_owned()),
            spent_minor,
            limit_minor,
        };
        let categories = by_category(&[row(100, None), row(50, Some(500))]);
        assert_eq!(categories.len(), 1);
        assert_eq!((categories[0].spent_minor, categories[0].limit_minor), (150, Some(500)));
    }
}
