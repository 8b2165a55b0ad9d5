//! What each command does.

use super::command::{self, Command, HELP};
use super::desk::{Desk, Done, Trouble, refused};
use super::lines::{Lines, Voice};
use super::words::counted;
use crate::api::{CategorySummary, Dialect, ExpensePatch};
use crate::client::Client;
use crate::domain::entry::find_category;

mod alerts;
mod budgets;
mod expenses;
mod session;
mod sessions;

use budgets::set_limit;

/// Most rows that are told at once.
const MOST_ROWS: u32 = 1000;

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
            Command::Sessions => self.sessions().await,
            Command::End(number) => self.end(number).await,
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
                placed_by: before.placed_by(),
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
