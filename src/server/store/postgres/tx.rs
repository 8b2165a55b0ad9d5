//! A transaction on one connection: the store's blocking calls over a driver that does not block.
//!
//! Every statement costs a journey to the database and back. What nobody waits for is therefore sent along with
//! the next statement, and the answers come in the same order.

use std::error::Error;
use std::future::Future;
use std::ops::ControlFlow;
use std::pin::{Pin, pin};

use bytes::BytesMut;
use deadpool_postgres::ClientWrapper;
use futures::{StreamExt, poll};
use tokio::runtime::Runtime;
use tokio_postgres::types::{FromSql, IsNull, ToSql, Type, to_sql_checked};
use uuid::Uuid;

use super::super::tx::{Ask, Columns, Each, Row, StoreError, Tx, Value, unexpected};
use super::{Fault, error};

/// Who moves the bytes of a connection.
#[derive(Clone, Copy)]
pub(super) enum Drive<'a> {
    /// The thread that waits for the answers, which is the fastest.
    Here(&'a Runtime),
    /// A thread of the pool's.
    Elsewhere,
}

impl Drive<'_> {
    /// Waits for `future` on this thread.
    pub(super) fn wait<F: Future>(self, future: F) -> F::Output {
        match self {
            Self::Here(runtime) => runtime.block_on(future),
            Self::Elsewhere => wait(future),
        }
    }
}

/// Waits on a thread that may be one of a runtime's. What tokio would have give way to other tasks after a while must
/// not: no task runs here before this is over.
pub(super) fn wait<F: Future>(future: F) -> F::Output {
    futures::executor::block_on(tokio::task::unconstrained(future))
}

/// What is sent along with the next statement.
enum Waiting {
    /// Something without values, such as `BEGIN`; several in one text.
    Plain(String),
    /// A statement, prepared, and its values.
    Prepared(tokio_postgres::Statement, Vec<Value>),
}

/// A transaction; it begins with its first statement.
pub(super) struct PgTx<'a> {
    client: &'a ClientWrapper,
    drive: Drive<'a>,
    waiting: Vec<Waiting>,
    /// What went wrong in a way that ends the whole transaction.
    pub(super) fault: Option<Fault>,
    /// Who has reached which revision.
    pub(super) noted: Vec<(Uuid, i64)>,
}

type Answer = Result<(), tokio_postgres::Error>;

impl<'a> PgTx<'a> {
    pub(super) fn new(client: &'a ClientWrapper, drive: Drive<'a>) -> Self {
        Self {
            client,
            drive,
            waiting: Vec::new(),
            fault: None,
            noted: Vec::new(),
        }
    }

    /// Has `sql` run before the next statement.
    pub(super) fn along(&mut self, sql: &'static str) {
        match self.waiting.last_mut() {
            Some(Waiting::Plain(before)) => {
                before.push_str("; ");
                before.push_str(sql);
            }
            _ => self.waiting.push(Waiting::Plain(sql.to_owned())),
        }
    }

    /// Whether a statement waits whose failure would be the fault of whoever asked for it.
    pub(super) fn has_waiting_changes(&self) -> bool {
        self.waiting.iter().any(|one| matches!(one, Waiting::Prepared(..)))
    }

    /// Does not send the changes that wait: they are to be undone anyway.
    pub(super) fn forget_changes(&mut self) {
        self.waiting.retain(|one| matches!(one, Waiting::Plain(_)));
    }

    /// Sends what waits and looks at the answers.
    pub(super) fn flush(&mut self) -> Result<(), StoreError> {
        self.together(|_| async { Ok(()) })
    }

    /// Sends what waits and does not look at the answers.
    pub(super) fn flush_unseen(&mut self) {
        let waiting = std::mem::take(&mut self.waiting);
        self.drive.wait(async {
            for one in &waiting {
                // Once polled it is on its way.
                let mut sent = pin!(run(self.client, one));
                let _ = poll!(&mut sent);
            }
        });
    }

    /// Sends what waits and then what `last` does, and waits for all answers.
    fn together<R, F>(&mut self, last: impl FnOnce(&'a ClientWrapper) -> F) -> Result<R, StoreError>
    where
        F: Future<Output = Result<R, tokio_postgres::Error>>,
    {
        let waiting = std::mem::take(&mut self.waiting);
        let client = self.client;
        let done = self.drive.wait(async {
            let mut before: Vec<Pin<Box<dyn Future<Output = Answer>>>> = Vec::with_capacity(waiting.len());
            let mut failed = None;
            for one in &waiting {
                let mut sent: Pin<Box<dyn Future<Output = Answer>>> = Box::pin(run(client, one));
                match poll!(&mut sent) {
                    std::task::Poll::Pending => before.push(sent),
                    std::task::Poll::Ready(answer) => failed = failed.or(answer.err()),
                }
            }
            let mut last = pin!(last(client));
            let early = poll!(&mut last);
            for sent in before {
                let answer = sent.await;
                failed = failed.or(answer.err());
            }
            let answer = match early {
                std::task::Poll::Ready(answer) => answer,
                std::task::Poll::Pending => last.await,
            };
            failed.map_or(answer, Err)
        });
        done.map_err(|e| self.failed(&e))
    }

    fn prepare(&mut self, sql: &'static str) -> Result<tokio_postgres::Statement, StoreError> {
        let prepared = self.drive.wait(self.client.prepare_cached(sql));
        prepared.map_err(|e| self.failed(&e))
    }

    fn failed(&mut self, e: &tokio_postgres::Error) -> StoreError {
        self.fault = self.fault.or_else(|| Some(Fault::of(e)));
        error(e)
    }
}

async fn run(client: &ClientWrapper, one: &Waiting) -> Answer {
    match one {
        Waiting::Plain(sql) => client.batch_execute(sql).await,
        Waiting::Prepared(statement, params) => client.execute_raw(statement, params).await.map(|_| ()),
    }
}

impl Tx for PgTx<'_> {
    fn query_all(&mut self, sql: &'static str, params: &[Value]) -> Result<Vec<Row>, StoreError> {
        let statement = self.prepare(sql)?;
        self.together(async |client| rows(client, &statement, params).await)
    }

    fn query_many(&mut self, asks: &[Ask]) -> Result<Vec<Vec<Row>>, StoreError> {
        if asks.is_empty() {
            return Ok(Vec::new());
        }
        let client = self.client;
        let prepared = self.drive.wait(async {
            let mut statements = Vec::with_capacity(asks.len());
            for (sql, _) in asks {
                statements.push(client.prepare_cached(sql).await?);
            }
            Ok(statements)
        });
        let statements = prepared.map_err(|e| self.failed(&e))?;
        self.together(async |client| {
            let mut sent = Vec::with_capacity(asks.len());
            for (statement, (_, params)) in statements.iter().zip(asks) {
                let mut one = Box::pin(rows(client, statement, params));
                // Once polled it is on its way.
                let early = poll!(&mut one);
                sent.push((one, early));
            }
            let mut all = Vec::with_capacity(asks.len());
            for (one, early) in sent {
                all.push(match early {
                    std::task::Poll::Ready(rows) => rows?,
                    std::task::Poll::Pending => one.await?,
                });
            }
            Ok(all)
        })
    }

    fn query_each(&mut self, sql: &'static str, params: &[Value], each: &mut Each<'_>) -> Result<(), StoreError> {
        let statement = self.prepare(sql)?;
        let mut verdict = Ok(());
        self.together(async |client| {
            let mut rows = pin!(client.query_raw(&statement, params).await?);
            while let Some(row) = rows.next().await {
                match each(&row?) {
                    Ok(ControlFlow::Continue(())) => {}
                    Ok(ControlFlow::Break(())) => break,
                    Err(refusal) => {
                        verdict = Err(refusal);
                        break;
                    }
                }
            }
            Ok(())
        })?;
        verdict
    }

    fn execute(&mut self, sql: &'static str, params: &[Value]) -> Result<u64, StoreError> {
        let statement = self.prepare(sql)?;
        self.together(async |client| client.execute_raw(&statement, params).await)
    }

    fn change(&mut self, sql: &'static str, params: &[Value]) -> Result<(), StoreError> {
        let statement = self.prepare(sql)?;
        self.waiting.push(Waiting::Prepared(statement, params.to_vec()));
        Ok(())
    }

    fn hold(&mut self, user: Uuid) -> Result<(), StoreError> {
        self.change("SELECT 1 FROM users WHERE id = $1 FOR NO KEY UPDATE", &[user.into()])
    }

    fn note_revision(&mut self, user: Uuid, revision: i64) {
        self.noted.push((user, revision));
    }
}

async fn rows(
    client: &ClientWrapper,
    statement: &tokio_postgres::Statement,
    params: &[Value],
) -> Result<Vec<Row>, tokio_postgres::Error> {
    let mut rows = pin!(client.query_raw(statement, params).await?);
    let mut all = Vec::new();
    while let Some(row) = rows.next().await {
        all.push(own(&row?)?);
    }
    Ok(all)
}

fn own(row: &tokio_postgres::Row) -> Result<Row, tokio_postgres::Error> {
    let columns = 0..row.len();
    columns
        .map(|column| row.try_get(column))
        .collect::<Result<_, _>>()
        .map(Row::new)
}

impl Columns for tokio_postgres::Row {
    fn int(&self, column: usize) -> Result<i64, StoreError> {
        match self.try_get(column) {
            Ok(Value::Int(value)) => Ok(value),
            _ => Err(unexpected(column)),
        }
    }

    fn text(&self, column: usize) -> Result<&str, StoreError> {
        self.try_get(column).map_err(|_| unexpected(column))
    }

    fn opt_id(&self, column: usize) -> Result<Option<Uuid>, StoreError> {
        let bytes: Option<&[u8]> = self.try_get(column).map_err(|_| unexpected(column))?;
        let id = bytes.map(Uuid::from_slice).transpose();
        id.map_err(|_| unexpected(column))
    }
}

impl ToSql for Value {
    fn to_sql(&self, kind: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        match self {
            Self::Null => Ok(IsNull::Yes),
            Self::Int(value) if *kind == Type::INT8 => value.to_sql(kind, out),
            Self::Int(value) if *kind == Type::INT4 => i32::try_from(*value)?.to_sql(kind, out),
            Self::Text(value) if *kind == Type::TEXT => value.to_sql(kind, out),
            Self::Bytes(value) if *kind == Type::BYTEA => value.to_sql(kind, out),
            _ => Err(format!("a value of another type than {kind}").into()),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

impl<'a> FromSql<'a> for Value {
    fn from_sql(kind: &Type, raw: &'a [u8]) -> Result<Self, Box<dyn Error + Sync + Send>> {
        match *kind {
            Type::INT8 => i64::from_sql(kind, raw).map(Self::Int),
            Type::INT4 => i32::from_sql(kind, raw).map(|value| Self::Int(value.into())),
            Type::BYTEA => Ok(Self::Bytes(raw.to_vec())),
            _ => String::from_sql(kind, raw).map(Self::Text),
        }
    }

    fn from_sql_null(_: &Type) -> Result<Self, Box<dyn Error + Sync + Send>> {
        Ok(Self::Null)
    }

    fn accepts(kind: &Type) -> bool {
        [Type::INT8, Type::INT4, Type::BYTEA, Type::TEXT].contains(kind)
    }
}
