//! A server in memory: it answers what the dashboard asks as the real one does.

use std::cmp::{Ordering, Reverse};

use jiff::civil::{Date, date};
use uuid::Uuid;

use super::Bench;
use super::data::{TODAY, prediction, refusal, summary};
use crate::api::{
    Bucket, Bulk, CategorySummary, Dialect, ErrorCode, Expense, ExpenseOrder, ExpensePage, ExpenseQuery, Failure,
    Found, NewRule, PlacedBy, Rule,
};
use crate::app::{Call, Reply, Rows, Snapshot};
use crate::domain::expense::{CategorySource, to_review};
use crate::domain::filter::{Filter, FilterRow};
use crate::domain::{Calendar, Currency, Month};

pub struct Store {
    pub rows: Vec<Expense>,
    deleted: Vec<Expense>,
    pub rules: Vec<Rule>,
    pub revision: i64,
    /// Answered calls of each kind, for tests that count.
    pub finds: usize,
}

/// `number` counts up with time of entry.
pub fn row(number: u128, day: Date, description: &str, category: Option<&str>, amount_minor: i64) -> Expense {
    let mut row = super::data::expense(number, 1, description, category, amount_minor);
    row.day = day;
    row
}

fn place(row: &mut Expense, category: Option<Uuid>, by: Option<PlacedBy>) {
    row.category_id = category;
    (row.category_source, row.confidence) = match (category, by) {
        (None, _) => (CategorySource::None, 0),
        (Some(_), None) => (CategorySource::You, 100),
        (Some(_), Some(by)) => (by.category_source, by.confidence),
    };
}

impl Store {
    pub fn new(rows: Vec<Expense>) -> Self {
        Self {
            rows,
            deleted: Vec::new(),
            rules: Vec::new(),
            revision: 10,
            finds: 0,
        }
    }

    /// `count` expenses, one a day or spread over a year, some in no category and some doubtful.
    pub fn filled(count: u128) -> Self {
        let names = [
            "Ramen House 東京",
            "Lidl",
            "Cinema Lumière",
            "PP*4421 XKCD STORE",
            "Shell 0088",
        ];
        let categories = [
            Some("Dining"),
            Some("Groceries"),
            None,
            Some("Shopping"),
            Some("Transport"),
        ];
        let rows = (0..count).map(|n| {
            let kind = usize::try_from(n % 5).unwrap();
            let back = i64::try_from((count - 1 - n) * 365 / count.max(365)).unwrap();
            let day = TODAY.checked_sub(jiff::Span::new().days(back)).unwrap();
            let amount = 100 + i64::try_from(n * 37 % 9000).unwrap();
            row(n, day, &format!("{} {n}", names[kind]), categories[kind], amount)
        });
        Self::new(rows.collect())
    }

    /// A dashboard that is logged in to this server, on the list of expenses.
    pub fn bench(&mut self, columns: u16, rows: u16) -> Bench {
        let mut bench = Bench::logged_in(columns, rows);
        bench.press("2 R");
        self.serve(&mut bench);
        bench.press("g");
        bench.model.toast = None;
        bench
    }

    /// Answers everything that is asked, until nothing is.
    #[track_caller]
    pub fn serve(&mut self, bench: &mut Bench) {
        for _ in 0..2000 {
            if bench.open.is_empty() {
                return;
            }
            self.answer_oldest(bench);
        }
        panic!("it never stops asking: {:?}", bench.open);
    }

    pub fn answer_oldest(&mut self, bench: &mut Bench) {
        let (id, call) = bench.open.remove(0);
        let reply = self.answer(&call);
        bench.send(crate::app::Msg::Reply(id, reply));
    }

    fn answer(&mut self, call: &Call) -> Reply {
        match call {
            Call::Refresh { month, .. } => Reply::Refreshed(Box::new(Ok(self.snapshot(*month)))),
            Call::Find(query) => {
                self.finds += 1;
                Reply::Found(Ok(self.page(query)))
            }
            Call::Predict(text, _) if text.is_empty() => Reply::Predicted(Ok(prediction(&[]))),
            Call::Predict(..) => Reply::Predicted(Ok(prediction(&[("Dining", 62), ("Shopping", 31), ("Health", 4)]))),
            Call::Delete(id) => Reply::Done(self.bulk(&Bulk::Delete { ids: vec![*id] })),
            Call::Restore(id) => Reply::Stored(
                self.bulk(&Bulk::Restore { ids: vec![*id] })
                    .map(|()| self.rows.iter().find(|row| row.id == *id).unwrap().clone()),
            ),
            Call::AddRule(new) => Reply::RuleMade(Ok(self.rule(new))),
            Call::RemoveRule(id) => {
                self.rules.retain(|rule| rule.id != *id);
                Reply::Done(Ok(()))
            }
            Call::Both(first, second) => {
                let answer = self.answer(first);
                self.answer(second);
                answer
            }
            Call::Bulk(bulk) => Reply::Done(self.bulk(bulk)),
            Call::Edit(id, patch) => {
                self.revision += 1;
                let row = self.rows.iter_mut().find(|row| row.id == *id).unwrap();
                row.day = patch.day.unwrap_or(row.day);
                row.amount_minor = patch.amount_minor.unwrap_or(row.amount_minor);
                row.description = patch.description.clone().unwrap_or_else(|| row.description.clone());
                if let Some(category) = patch.category_id {
                    place(row, category, patch.placed_by);
                }
                Reply::Stored(Ok(row.clone()))
            }
            other => panic!("nobody answers {other:?}"),
        }
    }

    fn bulk(&mut self, bulk: &Bulk) -> Result<(), Failure> {
        let known = |rows: &[Expense], id: Uuid| rows.iter().any(|row| row.id == id);
        let missing = || refusal(ErrorCode::NotFound, "There is no such expense.");
        match bulk {
            Bulk::Delete { ids } => {
                if !ids.iter().all(|id| known(&self.rows, *id)) {
                    return Err(missing());
                }
                let (gone, rest) = self.rows.drain(..).partition(|row| ids.contains(&row.id));
                self.rows = rest;
                self.deleted.extend::<Vec<_>>(gone);
            }
            Bulk::Restore { ids } => {
                if !ids.iter().all(|id| known(&self.deleted, *id)) {
                    return Err(missing());
                }
                let (back, rest) = self.deleted.drain(..).partition(|row| ids.contains(&row.id));
                self.deleted = rest;
                self.rows.extend::<Vec<_>>(back);
            }
            Bulk::Place { places } => {
                if !places.iter().all(|place| known(&self.rows, place.id)) {
                    return Err(missing());
                }
                for wish in places {
                    let row = self.rows.iter_mut().find(|row| row.id == wish.id).unwrap();
                    place(row, wish.category_id, wish.placed_by);
                }
            }
        }
        self.revision += 1;
        Ok(())
    }

    fn rule(&mut self, new: &NewRule) -> Rule {
        let place = self.rules.iter().position(|rule| rule.pattern == new.pattern);
        let replaced = place.map(|at| self.rules.remove(at).category_id);
        let rule = Rule {
            id: new.id,
            pattern: new.pattern.clone(),
            category_id: new.category_id,
            category: String::new(),
            hits: 0,
            replaced: None,
        };
        self.rules.push(rule.clone());
        Rule { replaced, ..rule }
    }

    fn waits(row: &Expense) -> bool {
        to_review(row.category_id.is_some(), row.category_source, row.confidence)
    }

    pub fn waiting(&self) -> usize {
        self.rows.iter().filter(|row| Self::waits(row)).count()
    }

    fn snapshot(&self, month: Option<Month>) -> Snapshot {
        let month = month.unwrap_or_else(|| Month::of(TODAY));
        let mut summary = summary(self.revision);
        summary.month = month;
        let mine: Vec<&Expense> = self.rows.iter().filter(|row| month.contains(row.day)).collect();
        let count = |id: Option<Uuid>| mine.iter().filter(|row| row.category_id == id).count();
        let number = |id| i64::try_from(count(id)).unwrap();
        let fill = |c: &mut CategorySummary| c.count = number(Some(c.category.id));
        summary.categories.iter_mut().for_each(fill);
        summary.uncategorised = Bucket {
            spent_minor: 0,
            count: number(None),
        };
        summary.to_review = i64::try_from(self.waiting()).unwrap();
        let query = ExpenseQuery {
            month: Some(month),
            limit: Some(200),
            ..ExpenseQuery::default()
        };
        Snapshot {
            summary,
            rows: Some(Rows {
                expenses: self.page(&query),
                alerts: Vec::new(),
                history: Vec::new(),
            }),
            dialect: Dialect::V1,
        }
    }

    /// What a query finds, in its order.
    pub fn found(&self, query: &ExpenseQuery) -> Vec<Expense> {
        let filter = Filter::parse(
            query.filter.as_deref().unwrap_or_default(),
            TODAY,
            Calendar::default(),
            Currency::USD,
        );
        let names = summary(1).categories;
        let passes = |row: &&Expense| {
            let category = names.iter().find(|c| Some(c.category.id) == row.category_id);
            let seen = FilterRow {
                day: row.day,
                description: &row.description,
                amount_minor: row.amount_minor,
                category: category.map(|c| c.category.name.as_str()),
                source: row.category_source,
                confidence: row.confidence,
            };
            query.month.is_none_or(|month| month.contains(row.day))
                && (query.review != Some(true) || Self::waits(row))
                && filter.matches(&seen)
        };
        let mut rows: Vec<Expense> = self.rows.iter().filter(passes).cloned().collect();
        rows.sort_by(|a, b| order(a, b, query.order.unwrap_or_default()));
        rows
    }

    fn page(&self, query: &ExpenseQuery) -> ExpensePage {
        let found = self.found(query);
        let counted = (query.filter.is_some() || query.review.is_some()) && query.cursor.is_none();
        let counted = counted.then(|| Found {
            count: i64::try_from(found.len()).unwrap(),
            spent_minor: found.iter().map(|row| row.amount_minor).sum(),
            of: i64::try_from(self.rows.len()).unwrap(),
        });
        let place = query.cursor.as_deref().map(read_cursor);
        let after = |row: &Expense| {
            place
                .as_ref()
                .is_none_or(|place| order(place, row, query.order.unwrap_or_default()) == Ordering::Less)
        };
        let mut rest = found.into_iter().filter(after);
        let expenses: Vec<Expense> = rest.by_ref().take(query.limit.unwrap_or(100) as usize).collect();
        let more = rest.next().is_some();
        let next = expenses.last().filter(|_| more).map(cursor);
        ExpensePage {
            expenses,
            found: counted,
            next,
        }
    }
}

fn order(a: &Expense, b: &Expense, order: ExpenseOrder) -> Ordering {
    let newest = |row: &Expense| Reverse((row.day, row.id));
    match order {
        ExpenseOrder::Day => newest(a).cmp(&newest(b)),
        ExpenseOrder::Amount => (Reverse(a.amount_minor), newest(a)).cmp(&(Reverse(b.amount_minor), newest(b))),
        ExpenseOrder::Description => (&a.description, newest(a)).cmp(&(&b.description, newest(b))),
    }
}

fn cursor(row: &Expense) -> String {
    format!("{}|{}|{}|{}", row.day, row.amount_minor, row.id, row.description)
}

fn read_cursor(text: &str) -> Expense {
    let mut parts = text.splitn(4, '|');
    let mut part = || parts.next().unwrap();
    let mut place = row(0, date(2026, 1, 1), "", None, 0);
    place.day = part().parse().unwrap();
    place.amount_minor = part().parse().unwrap();
    place.id = part().parse().unwrap();
    part().clone_into(&mut place.description);
    place
}

/// The id of the row that [`Store::filled`] made with this number.
pub fn id(number: u128) -> Uuid {
    row(number, TODAY, "", None, 0).id
}
