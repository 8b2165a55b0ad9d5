//! Pages of expenses: in three orders, filtered or not.

use std::cmp::Reverse;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use jiff::civil::Date;
use uuid::Uuid;

use super::scope::{Scope, day_number};
use super::tx::{StoreError, Tx};
use super::{expenses, search};
use crate::api::{ExpenseOrder, ExpensePage};
use crate::domain::text::fold;
use crate::domain::{Calendar, Filter, Month};

/// What a page of expenses holds and where it begins.
#[derive(Debug, Clone)]
pub struct PageQuery {
    /// Only this month.
    pub month: Option<Month>,
    /// Only this category.
    pub category: Option<Uuid>,
    /// Only what this lets through.
    pub filter: Option<Filter>,
    /// Only what waits for a review.
    pub review: bool,
    /// What comes first.
    pub order: ExpenseOrder,
    /// Most rows.
    pub limit: u32,
    /// Only what comes after this place, which is one of the same order.
    pub after: Option<Place>,
}

impl PageQuery {
    /// Whether the page is read in time that depends on its own length alone.
    #[must_use]
    pub fn is_short(&self) -> bool {
        self.filter.is_none() && !self.review && self.order == ExpenseOrder::Day
    }

    /// First and last day that a row can have, when months begin as `calendar` says.
    pub(super) fn days(&self, calendar: Calendar) -> (Date, Date) {
        let (first, last) = self.filter.as_ref().map_or((Date::MIN, Date::MAX), Filter::days);
        match self.month {
            Some(month) => (first.max(calendar.first_day(month)), last.min(calendar.last_day(month))),
            None => (first, last),
        }
    }
}

/// A place in a list of expenses. What comes first in the list is the lesser one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// Newest day first, within a day last stored first.
    Day(Reverse<(i64, i64)>),
    /// Largest amount first, then as by day.
    Amount(Reverse<(i64, i64, i64)>),
    /// By the folded description, A to Z, then as by day.
    Description(String, Reverse<(i64, i64)>),
}

impl Place {
    /// The place of an expense of the day `day` (a [`day_number`]) that was stored at the revision `seq`.
    pub(super) fn of(order: ExpenseOrder, day: i64, seq: i64, amount: i64, description: &str) -> Self {
        match order {
            ExpenseOrder::Day => Self::Day(Reverse((day, seq))),
            ExpenseOrder::Amount => Self::Amount(Reverse((amount, day, seq))),
            ExpenseOrder::Description => Self::Description(fold(description).into_owned(), Reverse((day, seq))),
        }
    }

    /// Reads what [`Place`] prints; `None` when it is no place of this order.
    #[must_use]
    pub fn parse(order: ExpenseOrder, text: &str) -> Option<Self> {
        let mut parts = text.split('.');
        let mut number = || parts.next()?.parse().ok();
        let place = match order {
            ExpenseOrder::Day => Self::Day(Reverse((number()?, number()?))),
            ExpenseOrder::Amount => Self::Amount(Reverse((number()?, number()?, number()?))),
            ExpenseOrder::Description => {
                let (day, seq) = (number()?, number()?);
                let folded = BASE64_URL_SAFE_NO_PAD.decode(parts.next()?).ok()?;
                Self::Description(String::from_utf8(folded).ok()?, Reverse((day, seq)))
            }
        };
        parts.next().is_none().then_some(place)
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Day(Reverse((day, seq))) => write!(f, "{day}.{seq}"),
            Self::Amount(Reverse((amount, day, seq))) => write!(f, "{amount}.{day}.{seq}"),
            Self::Description(folded, Reverse((day, seq))) => {
                write!(f, "{day}.{seq}.{}", BASE64_URL_SAFE_NO_PAD.encode(folded))
            }
        }
    }
}

const PAGE: &str = "SELECT id, day, description, amount_minor, category_id, category_source, confidence,
    revision, created_at, seq FROM expenses
    WHERE user_id = $1 AND deleted = 0 AND day >= $2 AND (day, seq) < ($3, $4)
    ORDER BY day DESC, seq DESC LIMIT $5";
const PAGE_OF_CATEGORY: &str = "SELECT id, day, description, amount_minor, category_id, category_source, confidence,
    revision, created_at, seq FROM expenses
    WHERE user_id = $1 AND deleted = 0 AND day >= $2 AND (day, seq) < ($3, $4) AND category_id = $5
    ORDER BY day DESC, seq DESC LIMIT $6";

/// One page of the expenses that are not deleted.
pub fn page(tx: &mut dyn Tx, scope: &Scope, query: &PageQuery) -> Result<ExpensePage, StoreError> {
    if !query.is_short() {
        return search::page(tx, scope, query);
    }
    let (first, after) = span_by_day(scope, query);
    let limit = i64::from(query.limit);
    let mut params = vec![scope.user.into(), first.into(), after.0.into(), after.1.into()];
    let mut rows = if let Some(category) = query.category {
        params.extend([category.into(), (limit + 1).into()]);
        tx.query_all(PAGE_OF_CATEGORY, &params)?
    } else {
        params.push((limit + 1).into());
        tx.query_all(PAGE, &params)?
    };
    let more = rows.len() > query.limit as usize;
    rows.truncate(query.limit as usize);
    let next = match rows.last().filter(|_| more) {
        Some(row) => Some(Place::Day(Reverse((row.int(1)?, row.int(9)?))).to_string()),
        None => None,
    };
    Ok(ExpensePage {
        expenses: rows.iter().map(expenses::read).collect::<Result<_, _>>()?,
        found: None,
        next,
    })
}

/// For a list by day: its first day, and the day and revision before which the page begins.
pub(super) fn span_by_day(scope: &Scope, query: &PageQuery) -> (i64, (i64, i64)) {
    let (first, last) = query.days(scope.calendar);
    let end = (day_number(last), i64::MAX);
    let after = match query.after {
        Some(Place::Day(Reverse(after))) => after.min(end),
        _ => end,
    };
    (day_number(first), after)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn order() -> impl Strategy<Value = ExpenseOrder> {
        prop::sample::select(vec![ExpenseOrder::Day, ExpenseOrder::Amount, ExpenseOrder::Description])
    }

    proptest! {
        #[test]
        fn a_printed_place_leads_back(order in order(), day: i64, seq: i64, amount: i64, text in "\\PC{0,12}") {
            let place = Place::of(order, day, seq, amount, &text);
            prop_assert_eq!(Place::parse(order, &place.to_string()), Some(place));
        }

        #[test]
        fn any_text_is_safe(order in order(), text in "[-0-9.A-Za-z]{0,30}") {
            let _ = Place::parse(order, &text);
        }
    }
}
