//! `POST /v1/ops`: changes that a device made on its own, each done exactly once.
//!
//! Each operation is a transaction of its own, in which the device's count moves on too: whatever an answer calls done
//! is on the disk, one that is refused takes nothing else with it, and a batch that is cut off anywhere can be sent
//! again as it was.

use std::time::{Duration, Instant};

use axum::Json;
use axum::extract::{DefaultBodyLimit, State};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::{Failures, Full};
use crate::api::{ApiError, ErrorCode, MAX_OPS, Op, OpResult, OpStatus, Ops, OpsDone};
use crate::server::deed::{self, Done};
use crate::server::error::ServerError;
use crate::server::extract::{Json as Body, Session};
use crate::server::state::AppState;
use crate::server::store::devices::{self, Turn};
use crate::server::store::{Scope, StoreError, expenses};

/// Largest batch, bytes.
const MAX_BATCH_BODY: usize = 1024 * 1024;
/// After this time the rest of a batch is left for the next one, so that there is an answer.
const TIME: Duration = Duration::from_secs(10);

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(perform))
        .layer(DefaultBodyLimit::max(MAX_BATCH_BODY))
}

/// Does what a device did while it was on its own, in its order: up to 500 operations in up to 1 MiB.
///
/// Every operation has the device's own count, from 1 on without a gap. One that was settled before is not done again:
/// send a batch again when its answer is lost. `refused` is settled too, so that one wrong operation never blocks those
/// after it; it is told for as long as the device has not sent a later batch. `not_yet` is not settled: the server is
/// busy (`unavailable`), or an operation before it is missing (`out_of_order`). `done` is on the server's disk.
///
/// Nobody is there to be asked when a change meets another one: in a field that both have changed the later one to
/// arrive here counts, and what it replaces without having seen it (`base_revision`) is kept in the history. Changes of
/// different fields are both kept.
#[utoipa::path(post, path = "/v1/ops", operation_id = "performOps", tag = "sync",
    request_body = Ops, security(("bearer" = [])),
    responses((status = 200, body = OpsDone, description = "What came of each."),
              Failures, Full))]
async fn perform(
    State(state): State<AppState>,
    session: Session,
    Body(batch): Body<Ops>,
) -> Result<Json<OpsDone>, ServerError> {
    check(&batch)?;
    let scope = session.scope;
    let mut device = Device {
        state: &state,
        scope,
        id: batch.device_id,
        own: Vec::new(),
    };
    let first = batch.ops.iter().map(|op| op.seq).min().unwrap_or_default();
    let mut last = device.begin(first).await?;
    let begun = Instant::now();
    let mut results = Vec::with_capacity(batch.ops.len());
    let mut broken = None;
    for op in &batch.ops {
        if begun.elapsed() > TIME {
            broken.get_or_insert_with(|| ServerError::Busy.to_api());
        }
        let result = match &broken {
            Some(error) if op.seq > last => not_yet(op.seq, error.clone()),
            _ => device.perform(op, last).await?,
        };
        match result.status {
            OpStatus::NotYet => {
                let passing = |error: &&ApiError| error.code.status() >= 500;
                broken = broken.or_else(|| result.error.as_ref().filter(passing).cloned());
            }
            _ => last = last.max(result.seq),
        }
        results.push(result);
    }
    Ok(Json(OpsDone {
        results,
        last_seq: last,
    }))
}

fn check(batch: &Ops) -> Result<(), ServerError> {
    if batch.device_id.is_nil() {
        return Err(ServerError::field("device_id", "Make a UUID for each device, once."));
    }
    if !(1..=MAX_OPS).contains(&batch.ops.len()) {
        let message = format!("Send 1 to {MAX_OPS} operations at a time.");
        return Err(ServerError::field("ops", message));
    }
    if batch.ops.iter().any(|op| op.seq < 1) {
        return Err(ServerError::field("seq", "Count the operations of a device from 1 on."));
    }
    Ok(())
}

/// A device whose operations are done.
struct Device<'a> {
    state: &'a AppState,
    scope: Scope,
    id: Uuid,
    /// The revisions that came of this batch so far: the device has not read them, and knows what it wrote.
    own: Vec<i64>,
}

impl Device<'_> {
    /// The last operation that is settled. What was refused before `first` is known to the device.
    async fn begin(&self, first: i64) -> Result<i64, ServerError> {
        let (scope, id) = (self.scope, self.id);
        let (last, known) = self.state.store.read(|tx| {
            let known = devices::has_refusals(tx, &scope, id, first)?;
            Ok((devices::last_seq(tx, &scope, id)?, known))
        })?;
        if known {
            self.state
                .store
                .write_for(scope, move |tx, scope| devices::forget_refusals(tx, scope, id, first))
                .await?;
        }
        Ok(last)
    }

    /// Does one operation if it is its turn, which the transaction asks for once more: the same batch may be under way
    /// twice.
    async fn perform(&mut self, op: &Op, last: i64) -> Result<OpResult, ServerError> {
        let (turn, outcome) = match Turn::of(op.seq, last) {
            Turn::Now => match self.attempt(op).await {
                Ok((turn, done)) if done.deleted => (turn, Err(ServerError::Deleted.to_api())),
                Ok((turn, done)) => {
                    self.own.extend(done.wrote);
                    (turn, Ok(done.expense))
                }
                Err(error) if is_passing(&error) => return Ok(not_yet(op.seq, told(&error))),
                Err(error) => {
                    let error = told(&error);
                    match self.refuse(op.seq, error.clone()).await {
                        Ok(turn) => (turn, Err(error)),
                        Err(failure) if is_passing(&failure) => return Ok(not_yet(op.seq, told(&failure))),
                        Err(failure) => return Err(failure),
                    }
                }
            },
            turn => (turn, Ok(None)),
        };
        match (turn, outcome) {
            (Turn::After(last), _) => Ok(not_yet(op.seq, ServerError::OutOfOrder { last }.to_api())),
            (Turn::Past, _) => self.look_back(op),
            (Turn::Now, Ok(expense)) => Ok(OpResult {
                seq: op.seq,
                status: OpStatus::Done,
                expense,
                error: None,
            }),
            (Turn::Now, Err(error)) => Ok(refused(op.seq, error)),
        }
    }

    async fn attempt(&self, op: &Op) -> Result<(Turn, Done), ServerError> {
        let deed = op.read().map_err(|error| ServerError::Invalid {
            field: Some("do"),
            message: format!("The operation cannot be read: {error}."),
        })?;
        let work = deed::prepare(self.state, &self.scope, deed, &self.own).await?;
        let (id, seq) = (self.id, op.seq);
        let done = self
            .state
            .store
            .write_for(self.scope, move |tx, scope| {
                let turn = devices::settle(tx, scope, id, seq)?;
                if turn != Turn::Now {
                    return Ok((turn, Done::default()));
                }
                let done = work(tx, scope)?;
                if done.deleted {
                    devices::remember(tx, scope, id, seq, &ServerError::Deleted.to_api())?;
                }
                Ok((turn, done))
            })
            .await?;
        Ok(done)
    }

    async fn refuse(&self, seq: i64, error: ApiError) -> Result<Turn, ServerError> {
        let id = self.id;
        let turn = self
            .state
            .store
            .write_for(self.scope, move |tx, scope| devices::refuse(tx, scope, id, seq, &error))
            .await?;
        Ok(turn)
    }

    /// What came of an operation that was settled before.
    fn look_back(&self, op: &Op) -> Result<OpResult, ServerError> {
        let about = op.read().ok().as_ref().and_then(deed::expense_of);
        let (error, expense) = self.state.store.read(|tx| {
            let error = devices::refusal(tx, &self.scope, self.id, op.seq)?;
            let expense = match about {
                Some(id) if error.is_none() => match expenses::get(tx, &self.scope, id) {
                    Err(StoreError::NotFound(_)) => None,
                    found => Some(found?),
                },
                _ => None,
            };
            Ok((error, expense))
        })?;
        Ok(match error {
            Some(error) => refused(op.seq, error),
            None => OpResult {
                seq: op.seq,
                status: OpStatus::DoneBefore,
                expense,
                error: None,
            },
        })
    }
}

/// Whether the same operation may be done later.
fn is_passing(error: &ServerError) -> bool {
    error.to_api().code.status() >= 500
}

/// The error as the device reads it; a fault of the server's own is in its log.
fn told(error: &ServerError) -> ApiError {
    error.log();
    error.to_api()
}

fn refused(seq: i64, error: ApiError) -> OpResult {
    OpResult {
        seq,
        status: match error.code {
            ErrorCode::Deleted => OpStatus::Deleted,
            _ => OpStatus::Refused,
        },
        expense: None,
        error: Some(error),
    }
}

fn not_yet(seq: i64, error: ApiError) -> OpResult {
    OpResult {
        seq,
        status: OpStatus::NotYet,
        expense: None,
        error: Some(error),
    }
}
