//! What the store's logic asks of a database: three calls inside one transaction.
//!
//! The calls block on purpose. The logic is a sequence of statements that depend on each other, and
//! SQLite answers in microseconds; for PostgreSQL the same logic runs on threads of its own.

use std::borrow::Cow;
use std::ops::ControlFlow;

use thiserror::Error;
use uuid::Uuid;

/// A value of the portable column types.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// SQL NULL.
    Null,
    /// A whole number.
    Int(i64),
    /// Text.
    Text(String),
    /// Bytes; an id is its sixteen bytes.
    Bytes(Vec<u8>),
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Int(i64::from(value))
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}

impl From<String> for Value {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}

impl From<Uuid> for Value {
    fn from(value: Uuid) -> Self {
        Self::Bytes(value.as_bytes().to_vec())
    }
}

impl From<&[u8]> for Value {
    fn from(value: &[u8]) -> Self {
        Self::Bytes(value.to_vec())
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// One row of an answer; columns are asked for by their place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row(Vec<Value>);

impl Row {
    /// A row of these columns.
    #[must_use]
    pub fn new(columns: Vec<Value>) -> Self {
        Self(columns)
    }

    /// All columns.
    pub(super) fn values(&self) -> &[Value] {
        &self.0
    }

    /// A whole number.
    pub fn int(&self, column: usize) -> Result<i64, StoreError> {
        self.opt_int(column)?.ok_or_else(|| unexpected(column))
    }

    /// A whole number or NULL.
    pub fn opt_int(&self, column: usize) -> Result<Option<i64>, StoreError> {
        match self.0.get(column) {
            Some(Value::Int(value)) => Ok(Some(*value)),
            Some(Value::Null) => Ok(None),
            _ => Err(unexpected(column)),
        }
    }

    /// A yes or no, kept as 1 or 0.
    pub fn flag(&self, column: usize) -> Result<bool, StoreError> {
        Ok(self.int(column)? != 0)
    }

    /// A text.
    pub fn text(&self, column: usize) -> Result<&str, StoreError> {
        self.opt_text(column)?.ok_or_else(|| unexpected(column))
    }

    /// A text or NULL.
    pub fn opt_text(&self, column: usize) -> Result<Option<&str>, StoreError> {
        match self.0.get(column) {
            Some(Value::Text(value)) => Ok(Some(value)),
            Some(Value::Null) => Ok(None),
            _ => Err(unexpected(column)),
        }
    }

    /// Bytes.
    pub fn bytes(&self, column: usize) -> Result<&[u8], StoreError> {
        match self.0.get(column) {
            Some(Value::Bytes(value)) => Ok(value),
            _ => Err(unexpected(column)),
        }
    }

    /// Bytes or NULL.
    pub fn opt_bytes(&self, column: usize) -> Result<Option<&[u8]>, StoreError> {
        match self.0.get(column) {
            Some(Value::Null) => Ok(None),
            _ => self.bytes(column).map(Some),
        }
    }

    /// An id.
    pub fn id(&self, column: usize) -> Result<Uuid, StoreError> {
        self.opt_id(column)?.ok_or_else(|| unexpected(column))
    }

    /// An id or NULL.
    pub fn opt_id(&self, column: usize) -> Result<Option<Uuid>, StoreError> {
        match self.0.get(column) {
            Some(Value::Null) => Ok(None),
            _ => Uuid::from_slice(self.bytes(column)?)
                .map(Some)
                .map_err(|_| unexpected(column)),
        }
    }
}

/// The columns of a row that passes by; they are asked for by their place.
pub trait Columns {
    /// A whole number.
    fn int(&self, column: usize) -> Result<i64, StoreError>;
    /// A text.
    fn text(&self, column: usize) -> Result<&str, StoreError>;
    /// An id or NULL.
    fn opt_id(&self, column: usize) -> Result<Option<Uuid>, StoreError>;

    /// An id.
    fn id(&self, column: usize) -> Result<Uuid, StoreError> {
        self.opt_id(column)?.ok_or_else(|| unexpected(column))
    }
}

pub(super) fn unexpected(column: usize) -> StoreError {
    StoreError::Sql(format!("unexpected value in column {column}"))
}

/// Looks at one row; says whether there shall be another.
pub type Each<'a> = dyn FnMut(&dyn Columns) -> Result<ControlFlow<()>, StoreError> + 'a;

/// Ids that one statement can ask for: a journey to the database for each would be slow.
pub(super) const TOGETHER: usize = 32;

/// `first` and then some of the `ids`, of which there are 1 to [`TOGETHER`], always as many values: the last id fills
/// the places that are left.
pub(super) fn together(first: &[Value], ids: &[Uuid]) -> Vec<Value> {
    let last = ids.last().copied().unwrap_or_default();
    let mut params: Vec<Value> = first.to_vec();
    params.extend(ids.iter().map(|id| Value::from(*id)));
    params.resize_with(first.len() + TOGETHER, || last.into());
    params
}

/// A query, or a change that returns rows, and its values.
pub type Ask = (&'static str, Vec<Value>);

/// A statement about several rows at once, in a text for each power of two up to the most.
pub(super) struct Several([(usize, String); 7]);

impl Several {
    /// `text` says what the statement is for so many rows.
    pub(super) fn new(text: impl Fn(usize) -> String) -> Self {
        Self([64, 32, 16, 8, 4, 2, 1].map(|rows| (rows, text(rows))))
    }

    /// `INSERT INTO table (columns) VALUES … tail`; each row has a value for each of the columns.
    pub(super) fn insert(table: &str, columns: &[&str], tail: &str) -> Self {
        Self::new(|rows| {
            let place = |row: usize, column: usize| format!("${}", row * columns.len() + column + 1);
            let row = |row: usize| {
                let places: Vec<String> = (0..columns.len()).map(|column| place(row, column)).collect();
                format!("({})", places.join(", "))
            };
            let values: Vec<String> = (0..rows).map(row).collect();
            format!(
                "INSERT INTO {table} ({}) VALUES {} {tail}",
                columns.join(", "),
                values.join(", ")
            )
        })
    }

    /// The statements for all `rows`, in their order; `params` gives the values for those of one statement.
    pub(super) fn asks<R>(&'static self, rows: Vec<R>, params: impl Fn(Vec<R>) -> Vec<Value>) -> Vec<Ask> {
        let (mut rows, mut asks) = (rows.into_iter(), Vec::new());
        for (count, text) in &self.0 {
            while rows.len() >= *count {
                asks.push((text.as_str(), params(rows.by_ref().take(*count).collect())));
            }
        }
        asks
    }
}

/// The values of rows, one row after the other.
pub(super) fn in_rows(rows: Vec<Vec<Value>>) -> Vec<Value> {
    rows.into_iter().flatten().collect()
}

/// A transaction. Statements are constants in the SQL that SQLite and PostgreSQL share, with `$1`,
/// `$2` … in the order of their first use.
pub trait Tx {
    /// All rows of a query.
    fn query_all(&mut self, sql: &'static str, params: &[Value]) -> Result<Vec<Row>, StoreError>;

    /// Shows `each` the rows of a query one by one, without keeping any, until it breaks off.
    fn query_each(&mut self, sql: &'static str, params: &[Value], each: &mut Each<'_>) -> Result<(), StoreError>;

    /// The first row of a query, if there is one.
    fn query_opt(&mut self, sql: &'static str, params: &[Value]) -> Result<Option<Row>, StoreError> {
        Ok(self.query_all(sql, params)?.into_iter().next())
    }

    /// The rows of several queries that do not need each other's answers, in their order. Where every query is a
    /// journey, they travel together.
    fn query_many(&mut self, asks: &[Ask]) -> Result<Vec<Vec<Row>>, StoreError> {
        asks.iter().map(|(sql, params)| self.query_all(sql, params)).collect()
    }

    /// Runs a statement and says how many rows it changed.
    fn execute(&mut self, sql: &'static str, params: &[Value]) -> Result<u64, StoreError>;

    /// Runs a statement of which nobody has to know how many rows it changes. Where every statement is a journey, it
    /// travels with the next one; so may its failure, which undoes the transaction all the same.
    fn change(&mut self, sql: &'static str, params: &[Value]) -> Result<(), StoreError> {
        self.execute(sql, params).map(|_| ())
    }

    /// Has everybody else who writes for `user` wait until this transaction has ended. The first call of one that
    /// reads what it changes.
    fn hold(&mut self, user: Uuid) -> Result<(), StoreError>;

    /// Remembers that `user` reached `revision`, to be told to listeners once it is committed.
    fn note_revision(&mut self, user: Uuid, revision: i64);
}

/// Why the store did not do what was asked; nothing of it was applied.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum StoreError {
    /// No such thing for this user.
    #[error("There is no such {0}.")]
    NotFound(&'static str),
    /// One of several things is not there for this user.
    #[error("There is no {what} with the id {id}. Nothing was changed.")]
    Missing {
        /// What was looked for.
        what: &'static str,
        /// Its id.
        id: Uuid,
    },
    /// A change is based on something that was changed in the meantime.
    #[error("{0}")]
    Outdated(String),
    /// Not all of what has changed since then is known any more.
    #[error("What was deleted since then is no longer known. Ask with since=0, and replace what you have by it.")]
    TooOld,
    /// Something else holds this name or id.
    #[error("{message}")]
    Conflict {
        /// The field at fault.
        field: &'static str,
        /// What to do.
        message: Cow<'static, str>,
    },
    /// A value that the data does not allow.
    #[error("{message}")]
    Invalid {
        /// The field at fault.
        field: &'static str,
        /// What to do.
        message: Cow<'static, str>,
    },
    /// Busy, closing, or the disk failed for now.
    #[error("The store is not available: {0}")]
    Unavailable(String),
    /// No space left for the data.
    #[error("The disk is full. Free some space and try again.")]
    StorageFull,
    /// The file is damaged; nothing more is written to it.
    #[error("The database file is damaged: {0}. Restore a backup; nothing more is written to it.")]
    Corrupt(String),
    /// The disk did not keep what was written; nothing more is written until the program is started anew.
    #[error(
        "The disk failed to keep what was written ({0}). Check the disk, start again, and run budget-tracker verify; \
         nothing more is written until then."
    )]
    DiskFailed(String),
    /// The file was made by a newer version.
    #[error(
        "This data was written by a newer version (schema {found}; this one knows {known}). Update budget-tracker."
    )]
    NewerSchema {
        /// Schema version in the file.
        found: i64,
        /// Newest version known here.
        known: i64,
    },
    /// A migration in the file is not the one that this version would have applied.
    #[error("Schema step {0} of this file is not the one that budget-tracker made. Restore a backup.")]
    ForeignSchema(i64),
    /// A file or folder cannot be used.
    #[error("{0}")]
    File(String),
    /// A fault in a statement or an unexpected value.
    #[error("database error: {0}")]
    Sql(String),
}

impl StoreError {
    /// The same, naming the one of several that is not there.
    #[must_use]
    pub(super) fn about(self, id: Uuid) -> Self {
        match self {
            Self::NotFound(what) => Self::Missing { what, id },
            other => other,
        }
    }

    /// Something else holds this name or id.
    pub(super) fn conflict(field: &'static str, message: impl Into<Cow<'static, str>>) -> Self {
        Self::Conflict {
            field,
            message: message.into(),
        }
    }

    /// A value that the data does not allow.
    pub(super) fn invalid(field: &'static str, message: impl Into<Cow<'static, str>>) -> Self {
        Self::Invalid {
            field,
            message: message.into(),
        }
    }
}
