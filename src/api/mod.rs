//! The contract that client and server share: paths, bodies, errors. Data only.
//!
//! Amounts are whole minor units of the account's currency; days are local days (`2026-11-22`);
//! times are UTC milliseconds since 1970. Fields that a request does not know are refused.

mod access;
mod changes;
mod error;
mod failure;
mod ops;
mod totals;
mod types;

pub use access::*;
pub use changes::{CategoryRow, Change, ChangedRow, Changes, ChangesQuery, Gone, LimitRow, MovedRow, Thing};
pub use error::{ApiError, ErrorBody, ErrorCode};
pub use failure::{Dialect, Failure, LASTING, stream_pause};
pub use ops::{Deed, MAX_OPS, Op, OpResult, OpStatus, Ops, OpsDone};
pub use totals::Totals;
pub use types::*;

/// Where the REST API lives below the base URL.
pub const V1: &str = "/v1";

/// The `service` value that tells one of our servers from any other.
pub const SERVICE: &str = "budget-tracker";

/// Most rows in one page of expenses.
pub const MAX_PAGE: u32 = 1000;
