//! What each command does.

use uuid::Uuid;

use super::command::{self, Command, HELP};
use super::desk::{Desk, Done, Trouble, refused};
use super::lines::{Lines, Voice};
use super::news;
use super::words::counted;
use crate::api::{
    Alert, CategorySummary, Dialect, ErrorCode, Expense, ExpensePatch, ExpenseQuery, Failure, LogIn, NewExpense,
    SetBudget, SignUp, SignUpMode,
};
use crate::client::{Client, device_label};
use crate::config::Target;
use crate::domain::account::{self, DEMO_NAME, DEMO_PASSWORD};
use crate::domain::entry::{self, Question, find_category};
use crate::domain::limit::{self, Basis};
use crate::domain::text::{MAX_DESCRIPTION, clean};
use crate::domain::{Month, day};
use crate::zone;

/// Rows of a list when no number is said.
const ROWS: u32 = 10;
/// Most rows that are told at once.
const MOST_ROWS: u32 = 1000;
/// The password of a script, as the commands `login` and `signup` read it.
const PASSWORD: &str = "BUDGET_TRACKER_PASSWORD";

/// What a command comes to: lines to tell.
type Told = Result<Vec<String>, Trouble>;

impl Desk {
    /// Does what a command says; [`Command::Quit`] and [`Command::Nothing`] are for the caller.
    pub(super) async fn perform(&mut self, command: Command, lines: &mut Lines, voice: &mut Voice) -> Told {
        match command {
            Command::Nothing | Command::Quit => Ok(Vec::new()),
            Command::Help => Ok(help()),
            Command::Overview => self.overview().await,
            Command::Refresh => self.refresh_by_hand(lines.is_terminal).await,
            Command::Month(text) => self.go_to(&text).await,
            Command::Add(line) => self.add(&line).await,
            Command::List(filter, count) => self.list(filter, count).await,
            Command::Category(number, name) => self.place(number, &name).await,
            Command::Delete(number) => self.delete(number).await,
            Command::Undo => self.undo().await,
            Command::Limit(category, amount) => self.limit(&category, &amount).await,
            Command::Alerts { all } => self.alerts(all).await,
            Command::Read => self.read().await,
            Command::Snooze(number, until) => self.snooze(number, until.as_deref()).await,
            Command::LogIn(name) => self.log_in(name, lines, voice).await,
            Command::SignUp(name, email) => self.sign_up((name, email), lines, voice).await,
            Command::Demo => self.demo().await,
            Command::LogOut => self.log_out().await,
        }
    }

    pub(super) async fn overview(&mut self) -> Told {
        self.user()?;
        let words = self.words();
        let look = self.look().await?;
        Ok(words.overview(&look.summary, look.new_alerts(words)))
    }

    async fn refresh_by_hand(&mut self, people: bool) -> Told {
        let mut lines = self.refresh().await?;
        if lines.is_empty() {
            lines.push("Up to date.".to_owned());
            // A script hears nothing between its lines.
            if people {
                lines.push(self.news_words());
            }
        }
        Ok(lines)
    }

    async fn go_to(&mut self, text: &str) -> Told {
        let client = self.user()?;
        // The numbers tell when months begin.
        self.look().await?;
        let month = command::month(text, self.current_month(), self.shown_month()).map_err(Trouble::Said)?;
        if month.is_some() && client.dialect().await? == Dialect::Classic {
            return refused("This server tells the present month only.");
        }
        self.month = month;
        self.overview().await
    }

    async fn add(&mut self, line: &str) -> Told {
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

    async fn list(&mut self, filter: String, count: Option<u32>) -> Told {
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

    async fn place(&mut self, number: usize, name: &str) -> Told {
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

    async fn delete(&mut self, number: usize) -> Told {
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

    async fn undo(&mut self) -> Told {
        let client = self.user()?;
        let Some(last) = self.done.last().cloned() else {
            return refused("Nothing to undo.");
        };
        let told = take_back(&client, &last).await?;
        self.done.pop();
        let mut lines = vec![told];
        lines.extend(self.refresh().await?);
        Ok(lines)
    }

    async fn limit(&mut self, name: &str, amount: &str) -> Told {
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

    async fn alerts(&mut self, all: bool) -> Told {
        self.user()?;
        let words = self.words();
        let look = self.look().await?;
        let new = |alert: &&Alert| all || news::is_new(alert, words);
        let alerts: Vec<&Alert> = look.alerts.iter().filter(new).take(MOST_ROWS as usize).collect();
        let older = look.alerts.len() - alerts.len();
        let mut lines: Vec<String> = alerts
            .iter()
            .zip(1..)
            .map(|(alert, number)| format!("{number}. {}", words.alert(alert)))
            .collect();
        if lines.is_empty() {
            lines.push(if all { "No alerts." } else { "No new alerts." }.to_owned());
        }
        if older > 0 && !all {
            lines.push(format!("{older} older: alerts all tells them, too."));
        }
        self.told = alerts.iter().map(|alert| alert.id).collect();
        Ok(lines)
    }

    async fn read(&mut self) -> Told {
        self.user()?.mark_all_read().await?;
        let mut lines = vec!["All alerts are read.".to_owned()];
        lines.extend(self.refresh().await?);
        Ok(lines)
    }

    async fn snooze(&mut self, number: usize, until: Option<&str>) -> Told {
        let client = self.user()?;
        let Some(id) = self.told.get(number - 1).copied() else {
            return refused("There is no alert with this number. alerts lists them.");
        };
        let today = Self::today();
        let until = match until {
            None => self.calendar().first_day(self.current_month().plus(1)),
            Some(text) => {
                let parsed = day::parse(text, today).map_err(|error| Trouble::Said(error.to_string()))?;
                // A weekday's name means the one before; here the one to come is meant.
                let weekday = text.chars().all(char::is_alphabetic);
                let coming = if weekday && parsed <= today {
                    parsed.checked_add(jiff::Span::new().days(7))
                } else {
                    Ok(parsed)
                };
                match coming {
                    Ok(day) if day > today => day,
                    _ => {
                        return refused(format!(
                            "{} is over already. Say a day to come.",
                            self.words().day(parsed)
                        ));
                    }
                }
            }
        };
        client.snooze(id, Some(until)).await?;
        let mut lines = vec![format!("Quiet until {}.", self.words().day(until))];
        lines.extend(self.refresh().await?);
        Ok(lines)
    }

    async fn log_in(&mut self, name: Option<String>, lines: &mut Lines, voice: &mut Voice) -> Told {
        let name = match name {
            Some(name) => name,
            None => answer(lines.ask(voice, "User name: ").await)?,
        };
        let password = password(lines, voice, "Password: ").await?;
        let mut body = LogIn {
            name,
            password,
            code: None,
            label: device_label(),
        };
        let client = self.client().with_token(None);
        let session = match client.log_in(&body).await {
            Err(Failure::Rejected(error)) if error.code == ErrorCode::SecondFactorNeeded => {
                body.code = Some(answer(lines.ask(voice, "Code of your authenticator app: ").await)?);
                client.log_in(&body).await?
            }
            other => other?,
        };
        self.welcome(session).await
    }

    async fn sign_up(
        &mut self,
        (name, email): (Option<String>, Option<String>),
        lines: &mut Lines,
        voice: &mut Voice,
    ) -> Told {
        let wrong = |error: account::AccountError| Trouble::Said(error.to_string());
        let mode = self.client().sign_up_mode().await?;
        if mode == SignUpMode::Closed {
            return refused(account::SIGN_UP_CLOSED);
        }
        let name = match name {
            Some(name) => name,
            None => answer(lines.ask(voice, "User name: ").await)?,
        };
        account::check_name(&name).map_err(wrong)?;
        let email = match email {
            Some(email) => email,
            None => answer(lines.ask(voice, "Email: ").await)?,
        };
        account::check_email(&email).map_err(wrong)?;
        let invite = match mode {
            SignUpMode::Invite => Some(answer(lines.ask(voice, "Invitation code: ").await)?),
            _ => None,
        };
        let password_once = password(lines, voice, "Password: ").await?;
        account::check_password(&password_once).map_err(wrong)?;
        if lines.is_terminal && password(lines, voice, "Password again: ").await? != password_once {
            return refused("The two passwords differ. Type signup again.");
        }
        let body = SignUp {
            name,
            email,
            password: password_once,
            currency: Some(self.settings.currency.code().to_owned()),
            time_zone: zone::local_name(),
            // An older server may refuse what it does not know: the first look settles it.
            month_start: None,
            invite,
            label: device_label(),
        };
        let session = self.client().with_token(None).sign_up(&body).await?;
        self.welcome(session).await
    }

    async fn demo(&mut self) -> Told {
        if self.settings.target != Target::Embedded {
            return refused("The sample user exists only in the embedded server.");
        }
        let body = LogIn {
            name: DEMO_NAME.to_owned(),
            password: DEMO_PASSWORD.to_owned(),
            code: None,
            label: device_label(),
        };
        let session = self.client().with_token(None).log_in(&body).await?;
        self.welcome(session).await
    }

    async fn welcome(&mut self, session: crate::api::Session) -> Told {
        let mut lines = vec![format!("Welcome, {}.", session.account.name)];
        self.enter(session).await?;
        lines.extend(self.overview().await?);
        Ok(lines)
    }

    async fn log_out(&mut self) -> Told {
        let client = self.user()?;
        self.leave()?;
        // The session is gone here; the server forgets it in time if it cannot be told now.
        let _ = client.log_out().await;
        Ok(vec!["Logged out.".to_owned()])
    }

    fn row(&self, number: usize) -> Result<Expense, Trouble> {
        match self.listed.get(number - 1) {
            Some(expense) => Ok(expense.clone()),
            None => refused("There is no expense with this number. list numbers them."),
        }
    }

    /// The category that `name` means.
    async fn category(&mut self, name: &str) -> Result<CategorySummary, Trouble> {
        let rows = &self.look().await?.summary.categories;
        let names = || rows.iter().map(|row| row.category.name.as_str());
        if let Some(at) = find_category(name, names()) {
            return Ok(rows[at].clone());
        }
        let all = names().collect::<Vec<_>>().join(", ");
        refused(format!("There is no category \"{name}\". There are: {all}."))
    }
}

fn help() -> Vec<String> {
    let mut lines: Vec<String> = HELP
        .iter()
        .map(|(name, example, does)| match *example {
            "" => format!("{name}: {does}."),
            example => format!("{name} {example}: {does}."),
        })
        .collect();
    lines.push(counted(i64::try_from(HELP.len()).unwrap_or(0), "command", "commands") + ", one a line.");
    lines
}

async fn take_back(client: &Client, last: &Done) -> Result<String, Trouble> {
    Ok(match last {
        Done::Added(expense) => {
            client.delete_expense(expense.id).await?;
            format!("Took back: added {}.", expense.description)
        }
        Done::Deleted(expense) => {
            client.restore_expense(expense.id).await?;
            format!("{} is back.", expense.description)
        }
        Done::Placed(before) => {
            let patch = ExpensePatch {
                category_id: Some(before.category_id),
                ..ExpensePatch::default()
            };
            client.edit_expense(before.id, &patch).await?;
            format!("{} is in its category of before.", before.description)
        }
        Done::Limit {
            month,
            category_id,
            category,
            before,
        } => {
            set_limit(client, *month, *category_id, *before).await?;
            format!("{category}: limit as it was.")
        }
    })
}

async fn set_limit(client: &Client, month: Month, category: Uuid, limit: Option<i64>) -> Result<(), Trouble> {
    match limit {
        Some(limit_minor) => {
            let body = SetBudget {
                limit_minor,
                base_revision: None,
            };
            Ok(client.set_budget(month, category, body).await?)
        }
        None => Ok(client.clear_budget(month, category).await?),
    }
}

/// What was answered to a question.
fn answer(line: Option<String>) -> Result<String, Trouble> {
    match line.map(|line| line.trim().to_owned()) {
        Some(line) if !line.is_empty() => Ok(line),
        _ => refused("Cancelled."),
    }
}

/// From the terminal, without showing it; in a script from the environment, else the next line.
async fn password(lines: &mut Lines, voice: &mut Voice, question: &str) -> Result<String, Trouble> {
    let given = std::env::var(PASSWORD).ok().filter(|given| !given.is_empty());
    match given {
        Some(given) if !lines.is_terminal => Ok(given),
        _ => match lines.secret(voice, question).await {
            Some(line) if !line.is_empty() => Ok(line),
            _ => refused("Cancelled."),
        },
    }
}
