//! Finds expenses: passes over the rows that a filter can let through, once, keeping no more than a page.
//!
//! The totals of a first page need every row, so a row must cost little: it is looked at where SQLite has it,
//! and only the rows of the page are read out.

use std::collections::BinaryHeap;
use std::ops::ControlFlow::{Break, Continue};
use std::str::FromStr;

use uuid::Uuid;

use super::pages::{PageQuery, Place, span_by_day};
use super::rollups;
use super::scope::{Scope, day_number, day_of};
use super::tx::{Columns, StoreError, Tx, Value};
use super::{categories, expenses};
use crate::api::{ExpenseOrder, ExpensePage, Found};
use crate::domain::expense::CategorySource;
use crate::domain::text::fold;
use crate::domain::{Filter, FilterRow};

/// A row that is found through an index costs as much as this many that follow each other in the table.
const LOOK_UP_COST: i64 = 3;

macro_rules! rows {
    ($rest:literal) => {
        concat!(
            "SELECT id, day, seq, amount_minor, description, category_id, category_source, confidence FROM expenses
             WHERE user_id = $1 AND deleted = 0 AND ",
            $rest
        )
    };
}

/// All rows, as they lie in the table. The plus keeps the index on days out of it.
const ALL: &str = rows!("+day BETWEEN $2 AND $3 AND amount_minor BETWEEN $4 AND $5 ORDER BY id");
const OF_DAYS: &str = rows!("day BETWEEN $2 AND $3 AND amount_minor BETWEEN $4 AND $5");
const OF_CATEGORY: &str = rows!("day BETWEEN $2 AND $3 AND amount_minor BETWEEN $4 AND $5 AND category_id = $6");
const OF_NO_CATEGORY: &str = rows!("day BETWEEN $2 AND $3 AND amount_minor BETWEEN $4 AND $5 AND category_id IS NULL");
const TO_REVIEW: &str = rows!("day BETWEEN $2 AND $3 AND amount_minor BETWEEN $4 AND $5 AND to_review = 1");
/// The rest of a list by day, which can end as soon as the page is full.
const REST_BY_DAY: &str =
    rows!("day >= $2 AND (day, seq) < ($3, $4) AND amount_minor BETWEEN $5 AND $6 ORDER BY day DESC, seq DESC");

/// One page of what `query` finds.
pub(super) fn page(tx: &mut dyn Tx, scope: &Scope, query: &PageQuery) -> Result<ExpensePage, StoreError> {
    let mut search = Search::new(tx, scope, query)?;
    match search.way(tx, scope)? {
        Way::Table if query.after.is_some() && query.order == ExpenseOrder::Day => search.rest_by_day(tx, scope)?,
        way => search.all(tx, scope, way)?,
    }
    search.into_page(tx, scope)
}

/// What is known of a category, or of being in none.
struct Known {
    id: Option<Uuid>,
    /// Folded, so that a name in ASCII is compared as it is.
    name: Option<String>,
    is_spending: bool,
    /// Whether the query can let its rows through.
    admitted: bool,
}

/// How to come by the rows.
#[derive(Clone, Copy)]
enum Way {
    /// All of them, as they lie in the table.
    Table,
    /// Those of the days in question.
    Days,
    /// Those of the categories in question.
    Categories,
    /// Those that wait for a review.
    Review,
}

struct Search<'a> {
    query: &'a PageQuery,
    filter: Filter,
    /// By id.
    known: Vec<Known>,
    /// The rows of the page and one more, the last one on top.
    best: BinaryHeap<(Place, Uuid)>,
    found: Found,
}

impl<'a> Search<'a> {
    fn new(tx: &mut dyn Tx, scope: &Scope, query: &'a PageQuery) -> Result<Self, StoreError> {
        let filter = query.filter.clone().unwrap_or_default();
        let admitted = |id: Option<Uuid>, name: Option<&str>| {
            (query.category.is_none() || query.category == id) && filter.admits_category(name)
        };
        let mut known = vec![Known {
            id: None,
            name: None,
            is_spending: true,
            admitted: admitted(None, None),
        }];
        known.extend(categories::list(tx, scope)?.into_iter().map(|category| Known {
            id: Some(category.id),
            name: Some(fold(&category.name).into_owned()),
            is_spending: category.kind.is_spending(),
            admitted: admitted(Some(category.id), Some(&category.name)),
        }));
        known.sort_by_key(|known| known.id);
        Ok(Self {
            query,
            filter,
            known,
            best: BinaryHeap::new(),
            found: Found::default(),
        })
    }

    /// Counts all rows, and chooses the cheapest way to those that can be let through.
    fn way(&mut self, tx: &mut dyn Tx, scope: &Scope) -> Result<Way, StoreError> {
        let (first, last) = self.query.days(scope.calendar);
        let months = scope.calendar.month_of(first)..=scope.calendar.month_of(last);
        let (mut all, mut of_days, mut of_categories) = (0, 0, 0);
        rollups::counts(tx, scope, &mut |month, category, n| {
            all += n;
            if months.contains(&month) {
                of_days += n;
                let id = (!category.is_nil()).then_some(category);
                if self.known(id).is_some_and(|known| known.admitted) {
                    of_categories += n;
                }
            }
        })?;
        self.found.of = all;
        Ok(match of_days.min(of_categories) * LOOK_UP_COST {
            _ if self.query.review => Way::Review,
            cost if cost >= all => Way::Table,
            _ if of_categories < of_days => Way::Categories,
            _ => Way::Days,
        })
    }

    fn known(&self, id: Option<Uuid>) -> Option<&Known> {
        let at = self.known.binary_search_by_key(&id, |known| known.id).ok()?;
        self.known.get(at)
    }

    /// Looks at every row that can be let through.
    fn all(&mut self, tx: &mut dyn Tx, scope: &Scope, way: Way) -> Result<(), StoreError> {
        let (first, last) = self.query.days(scope.calendar);
        let amounts = self.filter.amounts();
        let mut params: Vec<Value> = vec![
            scope.user.into(),
            day_number(first).into(),
            day_number(last).into(),
            (*amounts.start()).into(),
            (*amounts.end()).into(),
        ];
        let mut look = |sql, params: &[Value], this: &mut Self| {
            tx.query_each(sql, params, &mut |row| this.look_at(row).map(Continue))
        };
        let sql = match way {
            Way::Table => ALL,
            Way::Days => OF_DAYS,
            Way::Review => TO_REVIEW,
            Way::Categories => {
                let admitted: Vec<_> = self
                    .known
                    .iter()
                    .filter(|known| known.admitted)
                    .map(|known| known.id)
                    .collect();
                for id in admitted {
                    let Some(id) = id else {
                        look(OF_NO_CATEGORY, &params, self)?;
                        continue;
                    };
                    params.push(id.into());
                    look(OF_CATEGORY, &params, self)?;
                    params.pop();
                }
                return Ok(());
            }
        };
        look(sql, &params, self)
    }

    /// Looks at the rows in the order of their days, from where the page begins until it is full.
    fn rest_by_day(&mut self, tx: &mut dyn Tx, scope: &Scope) -> Result<(), StoreError> {
        let (first, after) = span_by_day(scope, self.query);
        let amounts = self.filter.amounts();
        let params: [Value; 6] = [
            scope.user.into(),
            first.into(),
            after.0.into(),
            after.1.into(),
            (*amounts.start()).into(),
            (*amounts.end()).into(),
        ];
        tx.query_each(REST_BY_DAY, &params, &mut |row| {
            self.look_at(row)?;
            let full = self.best.len() > self.limit();
            Ok(if full { Break(()) } else { Continue(()) })
        })
    }

    /// Counts a row that is let through, and keeps it when it belongs to the page.
    fn look_at(&mut self, row: &dyn Columns) -> Result<(), StoreError> {
        let (day, amount, description) = (row.int(1)?, row.int(3)?, row.text(4)?);
        let Some(known) = self.known(row.opt_id(5)?).filter(|known| known.admitted) else {
            return Ok(());
        };
        if !self.filter.is_empty() {
            let seen = FilterRow {
                day: day_of(day)?,
                description,
                amount_minor: amount,
                category: known.name.as_deref(),
                source: CategorySource::from_str(row.text(6)?).map_err(|e| StoreError::Sql(e.to_string()))?,
                confidence: u8::try_from(row.int(7)?).unwrap_or_default(),
            };
            if !self.filter.matches(&seen) {
                return Ok(());
            }
        }
        let spent = if known.is_spending { amount } else { 0 };
        self.found.count += 1;
        self.found.spent_minor = self.found.spent_minor.saturating_add(spent);
        let place = Place::of(self.query.order, day, row.int(2)?, amount, description);
        if self.query.after.as_ref().is_none_or(|after| place > *after) {
            self.keep((place, row.id(0)?));
        }
        Ok(())
    }

    fn keep(&mut self, row: (Place, Uuid)) {
        if self.best.len() <= self.limit() {
            self.best.push(row);
        } else if self.best.peek().is_some_and(|last| row < *last) {
            self.best.pop();
            self.best.push(row);
        }
    }

    fn limit(&self) -> usize {
        self.query.limit as usize
    }

    fn into_page(self, tx: &mut dyn Tx, scope: &Scope) -> Result<ExpensePage, StoreError> {
        let limit = self.limit();
        let asked = self.query.filter.is_some() || self.query.review;
        let mut rows = self.best.into_sorted_vec();
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = rows.last().filter(|_| more).map(|(place, _)| place.to_string());
        let ids: Vec<Uuid> = rows.iter().map(|(_, id)| *id).collect();
        Ok(ExpensePage {
            expenses: expenses::some(tx, scope, &ids)?,
            found: Some(self.found).filter(|_| asked && self.query.after.is_none()),
            next,
        })
    }
}

/// The statements, and what their plans must name.
#[cfg(test)]
pub(super) fn statements() -> [(&'static str, &'static str); 6] {
    [
        (ALL, "USING PRIMARY KEY (user_id=?)"),
        (OF_DAYS, "USING INDEX expenses_by_day (user_id=? AND day>? AND day<?)"),
        (
            OF_CATEGORY,
            "USING INDEX expenses_by_category (user_id=? AND category_id=? AND day>? AND day<?)",
        ),
        (
            OF_NO_CATEGORY,
            "USING INDEX expenses_by_category (user_id=? AND category_id=? AND day>? AND day<?)",
        ),
        (
            TO_REVIEW,
            "USING INDEX expenses_to_review (user_id=? AND day>? AND day<?)",
        ),
        (REST_BY_DAY, "USING INDEX expenses_by_day (user_id=? AND day>?"),
    ]
}
