//! The tables of this version's schema, as its steps make them: what copies or looks through rows lists none by hand.

use std::sync::LazyLock;

use rusqlite::Connection;

use super::migrate;
use super::sqlite::error;
use super::tx::StoreError;

/// Rows that are read at a time.
pub(super) const PAGE: usize = 500;

/// The steps that a database has had; each database has its own.
const LEDGER: &str = "schema_migrations";

/// A table, and the statements that go through it.
pub(super) struct Table {
    /// Its name.
    pub(super) name: String,
    columns: Vec<String>,
    /// Places of the primary key's columns among the columns.
    pub(super) key: Vec<usize>,
    /// One row, if there is any.
    pub(super) any: String,
    /// All columns of the first [`PAGE`] rows by key.
    pub(super) first: String,
    /// Those of the rows after a key.
    pub(super) next: String,
    /// Stores a row of all columns.
    pub(super) insert: String,
    /// The highest revision of a user's rows; none where rows have no revision.
    pub(super) highest: Option<String>,
}

impl Table {
    /// Whether it has this column.
    pub(super) fn has(&self, column: &str) -> bool {
        self.columns.iter().any(|own| own == column)
    }
}

/// All tables with data; one that refers to another comes after it.
pub(super) fn tables() -> Result<&'static [Table], StoreError> {
    static TABLES: LazyLock<Result<Vec<Table>, StoreError>> = LazyLock::new(|| read(&newest()?));
    TABLES.as_ref().map(Vec::as_slice).map_err(Clone::clone)
}

/// An empty database of this version's schema.
fn newest() -> Result<Connection, StoreError> {
    let mut conn = Connection::open_in_memory().map_err(|e| error(&e))?;
    migrate::migrate(&mut conn, 0)?;
    Ok(conn)
}

/// The tables and indexes that this version's schema has and `conn` has not, or not as it should.
pub(super) fn missing(conn: &Connection) -> Result<Vec<String>, StoreError> {
    let there = objects(conn)?;
    let wanted = objects(&newest()?)?;
    let missing = wanted.into_iter().filter(|object| !there.contains(object));
    Ok(missing.map(|(name, _)| name).collect())
}

fn objects(conn: &Connection) -> Result<Vec<(String, Option<String>)>, StoreError> {
    let mut statement = conn
        .prepare("SELECT name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' AND name <> $1 ORDER BY name")
        .map_err(|e| error(&e))?;
    let rows = statement.query_map([LEDGER], |row| Ok((row.get(0)?, row.get(1)?)));
    rows.and_then(Iterator::collect).map_err(|e| error(&e))
}

fn read(conn: &Connection) -> Result<Vec<Table>, StoreError> {
    let sql = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name";
    let mut waiting: Vec<String> = strings(conn, sql, None)?;
    waiting.retain(|name| name != LEDGER);
    let mut tables: Vec<Table> = Vec::with_capacity(waiting.len());
    while !waiting.is_empty() {
        let before = waiting.len();
        for name in std::mem::take(&mut waiting) {
            let mut parents = strings(conn, "SELECT \"table\" FROM pragma_foreign_key_list($1)", Some(&name))?;
            parents.retain(|parent| *parent != name);
            if parents
                .iter()
                .all(|parent| tables.iter().any(|table| table.name == *parent))
            {
                tables.push(table(conn, name)?);
            } else {
                waiting.push(name);
            }
        }
        if waiting.len() == before {
            return Err(StoreError::Sql(format!("tables refer to each other: {waiting:?}")));
        }
    }
    Ok(tables)
}

fn table(conn: &Connection, name: String) -> Result<Table, StoreError> {
    let columns = strings(conn, "SELECT name FROM pragma_table_info($1) ORDER BY cid", Some(&name))?;
    let by_key = "SELECT name FROM pragma_table_info($1) WHERE pk > 0 ORDER BY pk";
    let key_names = strings(conn, by_key, Some(&name))?;
    let place = |column: &String| columns.iter().position(|own| own == column);
    let key: Vec<usize> = key_names.iter().filter_map(place).collect();
    let quoted = |names: &[String]| {
        let names: Vec<String> = names.iter().map(|name| format!("\"{name}\"")).collect();
        names.join(", ")
    };
    let values = |count: usize| {
        let values: Vec<String> = (1..=count).map(|number| format!("${number}")).collect();
        values.join(", ")
    };
    let (all, order) = (quoted(&columns), quoted(&key_names));
    let has = |column: &str| columns.iter().any(|own| own == column);
    let highest =
        (has("user_id") && has("revision")).then(|| format!("SELECT MAX(revision) FROM \"{name}\" WHERE user_id = $1"));
    Ok(Table {
        any: format!("SELECT 1 FROM \"{name}\" LIMIT 1"),
        first: format!("SELECT {all} FROM \"{name}\" ORDER BY {order} LIMIT {PAGE}"),
        next: format!(
            "SELECT {all} FROM \"{name}\" WHERE ({order}) > ({}) ORDER BY {order} LIMIT {PAGE}",
            values(key.len())
        ),
        insert: format!("INSERT INTO \"{name}\" ({all}) VALUES ({})", values(columns.len())),
        highest,
        key,
        columns,
        name,
    })
}

fn strings(conn: &Connection, sql: &str, about: Option<&str>) -> Result<Vec<String>, StoreError> {
    let mut statement = conn.prepare(sql).map_err(|e| error(&e))?;
    let rows = statement.query_map(rusqlite::params_from_iter(about), |row| row.get(0));
    rows.and_then(Iterator::collect).map_err(|e| error(&e))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_is_there_after_those_it_refers_to() {
        let tables = tables().unwrap();
        let place = |name: &str| tables.iter().position(|table| table.name == name).unwrap();
        assert!(place("users") < place("categories") && place("categories") < place("expenses"));
        assert!(tables.iter().all(|table| table.name != LEDGER && !table.key.is_empty()));
        assert!(tables[place("expenses")].highest.is_some() && tables[place("sessions")].highest.is_none());
    }

    #[test]
    fn an_index_that_went_is_missed() {
        let conn = newest().unwrap();
        assert_eq!(missing(&conn), Ok(Vec::new()));
        conn.execute("DROP INDEX expenses_by_day", []).unwrap();
        assert_eq!(missing(&conn), Ok(vec!["expenses_by_day".to_owned()]));
    }
}
