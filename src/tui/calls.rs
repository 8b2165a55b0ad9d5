//! Calls of the state machine, carried out with the client.

use std::path::Path;

use super::connection::Connection;
use crate::api::{Dialect, ErrorCode, Expense, ExpensePage, ExpenseQuery, Failure, LogIn, Session, SignUp};
use crate::app::{Call, Reply, Rows, Snapshot};
use crate::chart::{self, Chart};
use crate::client::{Client, device_label};
use crate::domain::Month;
use crate::zone;

/// Expenses in the first page of a month: more than any screen shows.
const FIRST_PAGE: u32 = 200;
/// Values that gave way of which a refresh tells.
const NEWS: u32 = 20;

/// Where `p` writes its picture: the current folder.
const PICTURE: &str = "budget_vs_spending.png";

pub(super) async fn perform(connection: &Connection, call: Call) -> Reply {
    match call {
        Call::LogIn {
            name,
            password,
            code,
            keep,
        } => {
            let body = visitor(name, password, code);
            Reply::LoggedIn(enter(connection, keep, async |client| client.log_in(&body).await).await)
        }
        Call::SignUp {
            name,
            email,
            password,
            invite,
            keep,
        } => {
            let body = newcomer(connection, name, email, password, invite);
            Reply::LoggedIn(enter(connection, keep, async |client| client.sign_up(&body).await).await)
        }
        Call::SignUpMode => Reply::SignUpMode(with(connection, async |client| client.sign_up_mode().await).await),
        Call::LogOut => log_out(connection).await,
        Call::Refresh { month, known, seen } => {
            Reply::Refreshed(Box::new(refresh(connection, month, known, seen).await))
        }
        Call::Predict(text, amount) => {
            Reply::Predicted(with(connection, async |client| client.predict(&text, amount).await).await)
        }
        Call::Add(new) => stored(connection, async |client| client.add_expense(&new).await).await,
        Call::Edit(id, patch) => stored(connection, async |client| client.edit_expense(id, &patch).await).await,
        Call::Restore(id) => stored(connection, async |client| client.restore_expense(id).await).await,
        Call::Delete(id) => done(connection, async |client| client.delete_expense(id).await).await,
        Call::Find(query) => Reply::Found(with(connection, async |client| client.expenses(&query).await).await),
        Call::Bulk(bulk) => done(connection, async |client| client.change_many(&bulk).await).await,
        Call::History(id) => Reply::History(with(connection, async |client| client.expense_history(id).await).await),
        Call::Categories => Reply::Categories(with(connection, async |client| client.categories().await).await),
        Call::EditAccount(patch) => done(connection, async |client| client.edit_account(&patch).await).await,
        Call::AddCategory(new) => done(connection, async |client| client.add_category(&new).await).await,
        Call::EditCategory(id, patch) => done(connection, async |client| client.edit_category(id, &patch).await).await,
        Call::MergeCategory(from, into) => {
            done(connection, async |client| client.merge_category(from, into).await).await
        }
        Call::AddRule(new) => Reply::RuleMade(with(connection, async |client| client.add_rule(&new).await).await),
        Call::RemoveRule(id) => done(connection, async |client| gone(client.remove_rule(id).await)).await,
        Call::Both(first, second) => both(connection, *first, *second).await,
        Call::SetBudget(month, id, body) => {
            done(connection, async |client| client.set_budget(month, id, body).await).await
        }
        Call::MoveBudget(month, body) => done(connection, async |client| client.move_budget(month, body).await).await,
        Call::Snooze(id, until) => done(connection, async |client| client.snooze(id, until).await).await,
        Call::ClearBudget(month, id, base) => {
            done(connection, async |client| client.clear_budget(month, id, base).await).await
        }
        Call::MarkRead(id) => done(connection, async |client| client.mark_read(id).await).await,
        Call::MarkAllRead => done(connection, async |client| client.mark_all_read().await).await,
        Call::Sessions => Reply::Sessions(with(connection, async |client| client.sessions().await).await),
        Call::EndSession(id) => done(connection, async |client| client.end_session(id).await).await,
        Call::EndOtherSessions => done(connection, async |client| client.end_other_sessions().await).await,
        Call::SaveChart(summary, currency) => Reply::ChartSaved(save_chart(Chart::of(&summary, currency)).await),
    }
}

/// What somebody shows who logs in on this machine.
fn visitor(name: String, password: String, code: Option<String>) -> LogIn {
    LogIn {
        name,
        password,
        code,
        label: device_label(),
    }
}

/// What a new account is made of: the user's words, and what this machine knows.
fn newcomer(connection: &Connection, name: String, email: String, password: String, invite: Option<String>) -> SignUp {
    SignUp {
        name,
        email,
        password,
        currency: Some(connection.currency().code().to_owned()),
        time_zone: zone::local_name(),
        // An older server may refuse what it does not know: the first numbers settle it.
        month_start: None,
        invite,
        label: device_label(),
    }
}

/// The answer to `call` when carrying it out panics.
pub(super) fn failed(call: &Call) -> Reply {
    const WORDS: &str = "That failed by a fault of this program; its log says more. Try again.";
    let failure = Failure::Local(WORDS.to_owned());
    match call {
        Call::LogIn { .. } | Call::SignUp { .. } => Reply::LoggedIn(Err(failure)),
        Call::SignUpMode => Reply::SignUpMode(Err(failure)),
        Call::LogOut => Reply::LoggedOut,
        Call::Refresh { .. } => Reply::Refreshed(Box::new(Err(failure))),
        Call::Predict(..) => Reply::Predicted(Err(failure)),
        Call::Add(_) | Call::Edit(..) | Call::Restore(_) => Reply::Stored(Err(failure)),
        Call::Find(_) => Reply::Found(Err(failure)),
        Call::History(_) => Reply::History(Err(failure)),
        Call::Categories => Reply::Categories(Err(failure)),
        Call::Sessions => Reply::Sessions(Err(failure)),
        Call::AddRule(_) => Reply::RuleMade(Err(failure)),
        Call::Both(first, _) => failed(first),
        Call::Delete(_)
        | Call::Bulk(_)
        | Call::EditAccount(_)
        | Call::AddCategory(_)
        | Call::EditCategory(..)
        | Call::MergeCategory(..)
        | Call::RemoveRule(_)
        | Call::SetBudget(..)
        | Call::ClearBudget(..)
        | Call::MoveBudget(..)
        | Call::Snooze(..)
        | Call::MarkRead(_)
        | Call::MarkAllRead
        | Call::EndSession(_)
        | Call::EndOtherSessions => Reply::Done(Err(failure)),
        Call::SaveChart(..) => Reply::ChartSaved(Err(WORDS.to_owned())),
    }
}

async fn with<T>(connection: &Connection, call: impl AsyncFnOnce(Client) -> Result<T, Failure>) -> Result<T, Failure> {
    call(connection.client().await?).await
}

/// A call whose answer is not needed.
async fn done<T>(connection: &Connection, call: impl AsyncFnOnce(Client) -> Result<T, Failure>) -> Reply {
    Reply::Done(with(connection, call).await.map(|_| ()))
}

/// What is gone already need not be taken away.
fn gone(result: Result<(), Failure>) -> Result<(), Failure> {
    match result {
        Err(Failure::Rejected(error)) if error.code == ErrorCode::NotFound => Ok(()),
        other => other,
    }
}

/// One call after the other; the second is not made when the first fails.
async fn both(connection: &Connection, first: Call, second: Call) -> Reply {
    let done = Box::pin(perform(connection, first)).await;
    if matches!(done, Reply::Stored(Err(_)) | Reply::Done(Err(_))) {
        return done;
    }
    match (Box::pin(perform(connection, second)).await, done) {
        (Reply::Done(Err(failure)) | Reply::RuleMade(Err(failure)), Reply::Stored(_)) => Reply::Stored(Err(failure)),
        (Reply::Done(Err(failure)) | Reply::RuleMade(Err(failure)), _) => Reply::Done(Err(failure)),
        (_, done) => done,
    }
}

/// A call that answers with an expense as it is stored.
async fn stored(connection: &Connection, call: impl AsyncFnOnce(Client) -> Result<Expense, Failure>) -> Reply {
    Reply::Stored(with(connection, call).await)
}

async fn log_out(connection: &Connection) -> Reply {
    let client = connection.client().await;
    connection.forget();
    if let Ok(client) = client {
        // The session is gone here; the server forgets it in time if it cannot be told now.
        let _ = client.log_out().await;
    }
    Reply::LoggedOut
}

async fn enter(
    connection: &Connection,
    keep: bool,
    call: impl AsyncFnOnce(&Client) -> Result<Session, Failure>,
) -> Result<(Session, Dialect), Failure> {
    let client = connection.client().await?.with_token(None);
    let session = call(&client).await?;
    let dialect = client.dialect().await?;
    for replaced in connection.logged_in(&session, keep)? {
        let client = client.with_token(Some(replaced.token));
        // Beside the first numbers; the server ends it in time if it cannot be told now.
        tokio::spawn(async move { client.log_out().await });
    }
    Ok((session, dialect))
}

/// The month's numbers; the lists only when something changed since `known`, with what gave way after `seen`.
async fn refresh(
    connection: &Connection,
    month: Option<Month>,
    known: Option<i64>,
    seen: Option<i64>,
) -> Result<Snapshot, Failure> {
    let client = connection.client().await?;
    let dialect = client.dialect().await?;
    let summary = client.summary(month).await?;
    let rows = match dialect {
        Dialect::V1 if known == Some(summary.revision) => None,
        Dialect::V1 => {
            let query = ExpenseQuery {
                month: Some(summary.month),
                limit: Some(FIRST_PAGE),
                ..ExpenseQuery::default()
            };
            let gave_way = async {
                match seen.filter(|seen| *seen < summary.revision) {
                    Some(seen) => client.history(seen, NEWS).await,
                    None => Ok(Vec::new()),
                }
            };
            let (expenses, alerts, history) = tokio::try_join!(client.expenses(&query), client.alerts(None), gave_way)?;
            Some(Rows {
                expenses,
                alerts,
                history,
            })
        }
        Dialect::Classic => {
            let expenses = ExpensePage {
                expenses: Vec::new(),
                found: None,
                next: None,
            };
            Some(Rows {
                expenses,
                alerts: client.alerts(None).await?,
                history: Vec::new(),
            })
        }
    };
    Ok(Snapshot { summary, rows, dialect })
}

async fn save_chart(chart: Chart) -> Result<String, String> {
    let written = tokio::task::spawn_blocking(move || chart::write_png(Path::new(PICTURE), &chart)).await;
    match written {
        Ok(Ok(())) => Ok(std::env::current_dir().map_or_else(
            |_| PICTURE.to_owned(),
            |folder| folder.join(PICTURE).display().to_string(),
        )),
        Ok(Err(error)) => Err(error.to_string()),
        Err(_) => Err("The picture could not be drawn; the log says why.".to_owned()),
    }
}
