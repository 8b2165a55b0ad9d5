//! Whether what is derived from the data agrees with it: the sums, the counts, the revisions, what was learned.

use std::collections::{BTreeMap, HashMap};
use std::ops::ControlFlow;
use std::path::Path;

use serde::Serialize;
use strum::Display;
use uuid::Uuid;

use super::learned::{Chosen, counted_words};
use super::postgres::{Opening, Postgres};
use super::scope::day_of;
use super::sqlite::Sqlite;
use super::tables::tables;
use super::tx::{Columns, StoreError, Tx, Value};
use super::{Database, log};
use crate::categorize::merchant_key;
use crate::domain::Calendar;
use crate::domain::account::name_key;
use crate::domain::expense::UNSURE_BELOW;

/// What was looked at, and what is wrong with it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Users.
    pub users: u64,
    /// Expenses, also deleted ones.
    pub expenses: u64,
    /// What is wrong; nothing when all is well.
    pub findings: Vec<Finding>,
}

impl Report {
    /// The first sign that the file cannot be read as it should.
    pub(in crate::server) fn damage(&self) -> Option<&Finding> {
        self.findings.iter().find(|finding| finding.kind == Wrong::Damage)
    }

    /// The users of whom something can be made anew from their data, each once.
    pub(in crate::server) fn to_repair(&self) -> Vec<Uuid> {
        let repairable = self.findings.iter().filter(|finding| finding.is_repairable());
        let mut users: Vec<Uuid> = repairable.filter_map(|finding| finding.id).collect();
        users.dedup();
        users
    }
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The name of the user whom it concerns; none: all of them.
    pub user: Option<String>,
    #[serde(skip)]
    pub(super) id: Option<Uuid>,
    /// What kind of thing.
    pub kind: Wrong,
    /// What is wrong, a sentence.
    pub what: String,
}

/// What can be wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Display)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Wrong {
    /// The file cannot be read as it should.
    Damage,
    /// A row belongs to something that is not there.
    Reference,
    /// A table or an index is not as this version makes it.
    Schema,
    /// A user cannot be found by name.
    Name,
    /// A row is newer than its user.
    Revision,
    /// Sums of days.
    DaySums,
    /// Sums of months.
    MonthSums,
    /// What waits for a review.
    Reviews,
    /// What was learned from choices.
    Learned,
    /// Others on this machine can read a file.
    Exposed,
    /// An unfinished copy was left behind.
    Leftover,
    /// The write-ahead log has grown out of proportion.
    Log,
    /// There is hardly any space left on the disk.
    Space,
}

impl Finding {
    /// Whether `doctor` can put it right without losing anything.
    #[must_use]
    pub fn is_repairable(&self) -> bool {
        match self.kind {
            Wrong::Damage | Wrong::Reference | Wrong::Schema | Wrong::Name | Wrong::Space => false,
            Wrong::Revision
            | Wrong::DaySums
            | Wrong::MonthSums
            | Wrong::Reviews
            | Wrong::Learned
            | Wrong::Exposed
            | Wrong::Leftover
            | Wrong::Log => true,
        }
    }

    pub(in crate::server) fn of_all(kind: Wrong, what: String) -> Self {
        Self {
            user: None,
            id: None,
            kind,
            what,
        }
    }
}

/// Looks through a database without changing it.
///
/// # Errors
/// When it cannot be opened or has another schema; damage in a file is a finding.
pub fn verify(database: &Database) -> Result<Report, StoreError> {
    match database {
        Database::Sqlite(path) => file(path),
        Database::Postgres(address) => Postgres::open(address, Opening::AsIs, 0, Box::new(|_| {}))?.read(look),
    }
}

/// Looks through a SQLite file: its pages, its references, and what is derived. One of an older schema is looked at as
/// this version would see it.
pub(super) fn file(path: &Path) -> Result<Report, StoreError> {
    let faults = log::check(path).and_then(|()| Sqlite::open_existing(path)?.faults());
    let mut findings = match faults {
        Err(StoreError::Corrupt(reason)) => vec![damage(&reason)],
        found => found?,
    };
    if findings.iter().any(|finding| finding.kind == Wrong::Damage) {
        return Ok(Report {
            findings,
            ..Report::default()
        });
    }
    let looked = Sqlite::open_source(path).and_then(|mut db| {
        findings.extend(db.missing()?);
        db.run("BEGIN")?;
        look(&mut db)
    });
    let mut report = match looked {
        Err(StoreError::Corrupt(reason)) => Report {
            findings: vec![damage(&reason)],
            ..Report::default()
        },
        looked => looked?,
    };
    findings.append(&mut report.findings);
    Ok(Report { findings, ..report })
}

fn damage(reason: &str) -> Finding {
    Finding::of_all(Wrong::Damage, format!("The file is damaged: {reason}."))
}

/// Looks through the data of one moment.
pub(super) fn look(tx: &mut dyn Tx) -> Result<Report, StoreError> {
    let mut names: HashMap<Uuid, Vec<String>> = HashMap::new();
    for row in tx.query_all("SELECT user_id, name_key FROM usernames", &[])? {
        names.entry(row.id(0)?).or_default().push(row.text(1)?.to_owned());
    }
    let mut report = Report::default();
    let users = tx.query_all(
        "SELECT id, name, revision, to_review, month_start FROM users ORDER BY id",
        &[],
    )?;
    for row in &users {
        let user = Subject {
            id: row.id(0)?,
            name: row.text(1)?.to_owned(),
            revision: row.int(2)?,
            to_review: row.int(3)?,
            calendar: u8::try_from(row.int(4)?)
                .ok()
                .and_then(|start| Calendar::new(start).ok()),
        };
        report.users += 1;
        if names.get(&user.id).map(Vec::as_slice) != Some(&[name_key(&user.name)]) {
            let what = "Nobody can log in under this name.".to_owned();
            report.findings.push(user.finding(Wrong::Name, what));
        }
        user.revisions(tx, &mut report)?;
        user.sums(tx, &mut report)?;
        user.reviews(tx, &mut report)?;
        user.learned(tx, &mut report)?;
    }
    Ok(report)
}

/// By day or month and category, nil being none: what was spent, and how many expenses.
type Sums = BTreeMap<(i64, Uuid), (i64, i64)>;

/// A user who is looked at.
struct Subject {
    id: Uuid,
    name: String,
    revision: i64,
    to_review: i64,
    calendar: Option<Calendar>,
}

impl Subject {
    fn finding(&self, kind: Wrong, what: String) -> Finding {
        Finding {
            user: Some(self.name.clone()),
            id: Some(self.id),
            kind,
            what,
        }
    }

    fn revisions(&self, tx: &mut dyn Tx, report: &mut Report) -> Result<(), StoreError> {
        let highest = highest_revision(tx, self.id)?;
        if highest > self.revision {
            let what = format!(
                "The revision is {}, and there is a row of revision {highest}.",
                self.revision
            );
            report.findings.push(self.finding(Wrong::Revision, what));
        }
        Ok(())
    }

    fn sums(&self, tx: &mut dyn Tx, report: &mut Report) -> Result<(), StoreError> {
        let days = read_sums(tx, COUNTED_DAYS, self.id)?;
        let mut months = Sums::new();
        for ((day, category), (spent, n)) in &days {
            let month = day_of(*day)
                .ok()
                .zip(self.calendar)
                .map(|(day, calendar)| calendar.month_of(day));
            let Some(month) = month else {
                let what = format!("An expense or the calendar has no such day as number {day}.");
                report.findings.push(self.finding(Wrong::Damage, what));
                return Ok(());
            };
            let sum = months.entry((month.index(), *category)).or_default();
            *sum = (sum.0.saturating_add(*spent), sum.1 + n);
        }
        let kept_days = read_sums(
            tx,
            "SELECT day, category_id, spent, n FROM day_sums WHERE user_id = $1",
            self.id,
        )?;
        let kept_months = read_sums(
            tx,
            "SELECT month, category_id, spent, n FROM rollups WHERE user_id = $1",
            self.id,
        )?;
        for (kind, name, wrong) in [
            (Wrong::DaySums, "days", differing(&days, &kept_days)),
            (Wrong::MonthSums, "months", differing(&months, &kept_months)),
        ] {
            if wrong > 0 {
                let what = format!("{wrong} of the sums of {name} are not those of the expenses.");
                report.findings.push(self.finding(kind, what));
            }
        }
        Ok(())
    }

    fn reviews(&self, tx: &mut dyn Tx, report: &mut Report) -> Result<(), StoreError> {
        let row = tx.query_opt(
            "SELECT COUNT(*), COUNT(CASE WHEN deleted = 0 AND to_review = 1 THEN 1 END),
                 COUNT(CASE WHEN to_review <> CASE WHEN category_id IS NULL
                     OR (category_source <> 'you' AND confidence < $1) THEN 1 ELSE 0 END THEN 1 END)
             FROM expenses WHERE user_id = $2",
            &[i64::from(UNSURE_BELOW).into(), self.id.into()],
        )?;
        let (all, waiting, marks) = row.map_or(Ok((0, 0, 0)), |row| {
            Ok::<_, StoreError>((row.int(0)?, row.int(1)?, row.int(2)?))
        })?;
        report.expenses += u64::try_from(all).unwrap_or_default();
        if waiting != self.to_review || marks != 0 {
            let kept = self.to_review;
            let what =
                format!("{waiting} expenses are marked for a review and {kept} are counted; {marks} marks are wrong.");
            report.findings.push(self.finding(Wrong::Reviews, what));
        }
        Ok(())
    }

    fn learned(&self, tx: &mut dyn Tx, report: &mut Report) -> Result<(), StoreError> {
        let (taught, strangers) = taught(tx, self.id)?;
        let mut kept = Words::new();
        tx.query_each(
            "SELECT word, category_id, weight FROM learned WHERE user_id = $1",
            &[self.id.into()],
            &mut |row| {
                kept.insert((row.text(0)?.to_owned(), row.id(1)?), row.int(2)?);
                Ok(ControlFlow::Continue(()))
            },
        )?;
        let wrong = differing(&taught, &kept) + strangers.len();
        if wrong > 0 {
            let what = format!("{wrong} of the things learned are not those that the expenses teach.");
            report.findings.push(self.finding(Wrong::Learned, what));
        }
        Ok(())
    }
}

/// How much each word speaks for a category.
pub(super) type Words = BTreeMap<(String, Uuid), i64>;

/// What a user's choices teach, and those whose merchant is not the one of their description: with the right one.
pub(super) fn taught(tx: &mut dyn Tx, user: Uuid) -> Result<(Words, Vec<(Uuid, String)>), StoreError> {
    let (mut words, mut strangers) = (Words::new(), Vec::new());
    tx.query_each(
        "SELECT id, description, category_id, chosen_day, chosen_weight, COALESCE(merchant, ''), deleted FROM expenses
         WHERE user_id = $1 AND chosen_at IS NOT NULL AND category_id IS NOT NULL",
        &[user.into()],
        &mut |row: &dyn Columns| {
            let description = row.text(1)?;
            let merchant = merchant_key(description);
            if merchant != row.text(5)? {
                strangers.push((row.id(0)?, merchant));
            }
            if row.int(6)? == 0 {
                let (category, day, weight) = (row.id(2)?, row.int(3)?, row.int(4)?);
                let counts = Chosen { at: 0, day, weight }.counts();
                for word in counted_words(description) {
                    *words.entry((word, category)).or_default() += counts;
                }
            }
            Ok(ControlFlow::Continue(()))
        },
    )?;
    Ok((words, strangers))
}

/// The highest revision of a user's rows.
pub(super) fn highest_revision(tx: &mut dyn Tx, user: Uuid) -> Result<i64, StoreError> {
    let mut highest = 0;
    for sql in tables()?.iter().filter_map(|table| table.highest.as_deref()) {
        let row = tx.query_opt(sql, &[user.into()])?;
        let own = row.map_or(Ok(None), |row| row.opt_int(0))?;
        highest = highest.max(own.unwrap_or_default());
    }
    Ok(highest)
}

const COUNTED_DAYS: &str = "SELECT day, category_id, CAST(SUM(amount_minor) AS BIGINT), COUNT(*) FROM expenses
    WHERE user_id = $1 AND deleted = 0 GROUP BY day, category_id";

fn read_sums(tx: &mut dyn Tx, sql: &'static str, user: Uuid) -> Result<Sums, StoreError> {
    let mut sums = Sums::new();
    tx.query_each(sql, &[Value::from(user)], &mut |row| {
        let sum = (row.int(2)?, row.int(3)?);
        // A sum of nothing may stand there or not.
        if sum != (0, 0) {
            sums.insert((row.int(0)?, row.opt_id(1)?.unwrap_or_default()), sum);
        }
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(sums)
}

/// How many entries differ or are in one of them only.
fn differing<K: Ord, V: PartialEq>(counted: &BTreeMap<K, V>, kept: &BTreeMap<K, V>) -> usize {
    let wrong = counted
        .iter()
        .filter(|(key, value)| kept.get(key) != Some(value))
        .count();
    wrong + kept.keys().filter(|key| !counted.contains_key(key)).count()
}
