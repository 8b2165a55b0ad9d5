//! What is to be known of cases before they are judged: a few statements ask for all of them, however many users they
//! are of.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::LazyLock;

use jiff::civil::Date;
use uuid::Uuid;

use super::Case;
use super::rows::{Existing, read_existing};
use crate::domain::Kind;
use crate::domain::Month;
use crate::domain::alert::{Facts, Level};
use crate::domain::forecast::{History, Known, month_end};
use crate::server::store::days;
use crate::server::store::limits::{Limits, look_back};
use crate::server::store::rollups::{self, Sums};
use crate::server::store::scope::day_number;
use crate::server::store::tx::{Ask, Row, Several, StoreError, Tx, Value, in_rows};

static CHANGES: LazyLock<Several> = LazyLock::new(|| {
    any_of(
        "SELECT category_id, month, limit_minor, user_id FROM budgets WHERE",
        &["user_id =", "category_id =", "month <="],
        "ORDER BY month",
    )
});
static MOVES: LazyLock<Several> = LazyLock::new(|| {
    any_of(
        "SELECT category_id, month, moved, user_id FROM budget_moves WHERE",
        &["user_id =", "category_id =", "month <="],
        "",
    )
});
static ALERTS: LazyLock<Several> = LazyLock::new(|| {
    any_of(
        "SELECT level, id, resolved_at, spent, limit_minor, forecast_minor, user_id, category_id, month FROM alerts WHERE",
        &["user_id =", "month =", "category_id ="],
        "",
    )
});
static SUMS: LazyLock<Several> = LazyLock::new(|| {
    any_of(
        "SELECT month, category_id, spent, n, user_id FROM rollups WHERE",
        &["user_id =", "month >=", "month <=", "category_id ="],
        "",
    )
});
static DAYS: LazyLock<Several> = LazyLock::new(|| {
    any_of(
        "SELECT day, spent, user_id, category_id FROM day_sums WHERE",
        &["user_id =", "category_id =", "day >=", "day <="],
        "",
    )
});
static MONTHS: LazyLock<Several> = LazyLock::new(|| {
    any_of(
        "SELECT DISTINCT month, user_id FROM rollups WHERE n > 0 AND (",
        &["user_id =", "month >=", "month <="],
        ")",
    )
});
static FIRST_DAYS: LazyLock<Several> = LazyLock::new(|| {
    any_of(
        "SELECT (SELECT MIN(day) FROM day_sums WHERE user_id = users.id), id FROM users WHERE",
        &["id ="],
        "",
    )
});

/// A query for the rows of any of some places; each is told by a value behind each of `terms`.
fn any_of(before: &'static str, terms: &'static [&'static str], after: &'static str) -> Several {
    Several::new(|places| {
        let place = |place: usize| {
            let terms = terms.iter().zip(place * terms.len() + 1..);
            let terms: Vec<String> = terms.map(|(term, value)| format!("{term} ${value}")).collect();
            format!("({})", terms.join(" AND "))
        };
        let places: Vec<String> = (0..places).map(place).collect();
        format!("{before} {} {after}", places.join(" OR "))
    })
}

/// The rows that some groups of queries find, which travel together.
fn find<const GROUPS: usize>(tx: &mut dyn Tx, groups: [Vec<Ask>; GROUPS]) -> Result<[Vec<Row>; GROUPS], StoreError> {
    let counts = groups.each_ref().map(Vec::len);
    let asks: Vec<Ask> = groups.into_iter().flatten().collect();
    let mut found = tx.query_many(&asks)?.into_iter();
    Ok(counts.map(|count| found.by_ref().take(count).flatten().collect()))
}

/// Rows by what `key` reads in them, each group in their order.
fn grouped<K: std::hash::Hash + Eq>(
    rows: Vec<Row>,
    key: impl Fn(&Row) -> Result<K, StoreError>,
) -> Result<HashMap<K, Vec<Row>>, StoreError> {
    let mut groups: HashMap<K, Vec<Row>> = HashMap::new();
    for row in rows {
        groups.entry(key(&row)?).or_default().push(row);
    }
    Ok(groups)
}

/// A category of a user.
type Place = (Uuid, Uuid);

fn place(case: &Case<'_>) -> Place {
    (case.scope.user, case.kept.category.id)
}

/// Limits and alerts: without both there is nothing to judge.
pub(super) struct Watched {
    limits: HashMap<Uuid, Limits>,
    /// By user, category and month.
    alerts: HashMap<(Uuid, Uuid, i64), Vec<Row>>,
}

impl Watched {
    pub(super) fn find(tx: &mut dyn Tx, cases: &[Case<'_>]) -> Result<Self, StoreError> {
        // Each limit is read once, however many months of its category are judged.
        let mut last: BTreeMap<Place, i64> = BTreeMap::new();
        for case in cases {
            let last = last.entry(place(case)).or_insert(i64::MIN);
            *last = (*last).max(case.month.index());
        }
        let up_to = || -> Vec<Vec<Value>> {
            let values =
                |((user, category), month): (&Place, &i64)| vec![(*user).into(), (*category).into(), (*month).into()];
            last.iter().map(values).collect()
        };
        let months = cases.iter().map(|case| {
            let (user, category) = place(case);
            vec![user.into(), case.month.index().into(), category.into()]
        });
        let [changes, moves, alerts] = find(
            tx,
            [
                CHANGES.asks(up_to(), in_rows),
                MOVES.asks(up_to(), in_rows),
                ALERTS.asks(months.collect(), in_rows),
            ],
        )?;
        let mut changes = grouped(changes, |row| row.id(3))?;
        let mut moves = grouped(moves, |row| row.id(3))?;
        let users: BTreeSet<Uuid> = last.keys().map(|(user, _)| *user).collect();
        let limits = users.into_iter().map(|user| {
            let of_user = |rows: &mut HashMap<Uuid, Vec<Row>>| rows.remove(&user).unwrap_or_default();
            Ok((user, Limits::read(&of_user(&mut changes), &of_user(&mut moves))?))
        });
        Ok(Self {
            limits: limits.collect::<Result<_, StoreError>>()?,
            alerts: grouped(alerts, |row| Ok((row.id(6)?, row.id(7)?, row.int(8)?)))?,
        })
    }

    /// The limits of the user of a case.
    pub(super) fn limits(&self, case: &Case<'_>) -> Option<&Limits> {
        self.limits.get(&case.scope.user)
    }

    /// The alerts of a case.
    pub(super) fn alerts(&self, case: &Case<'_>) -> Result<HashMap<Level, Existing>, StoreError> {
        let (user, category) = place(case);
        let rows = self.alerts.get(&(user, category, case.month.index()));
        read_existing(rows.map_or(&[], Vec::as_slice))
    }
}

/// What was spent in the months and on the days that cases are judged by.
pub(super) struct Spent {
    sums: HashMap<Uuid, Sums>,
    days: HashMap<Place, Vec<(Date, i64)>>,
    /// What each user has written down, for the forecast of the month that runs.
    known: HashMap<Uuid, Known>,
}

impl Spent {
    pub(super) fn find(tx: &mut dyn Tx, cases: &[&Case<'_>]) -> Result<Self, StoreError> {
        let running = || cases.iter().filter(|case| case.is_running());
        let mut months: BTreeMap<Place, (Month, Month)> = BTreeMap::new();
        for case in cases {
            let span = months.entry(place(case)).or_insert((case.month, case.month));
            *span = (span.0.min(case.first_month()), span.1.max(case.month));
        }
        let sums = months.into_iter().map(|((user, category), (from, to))| {
            vec![user.into(), from.index().into(), to.index().into(), category.into()]
        });
        // Of each user one month runs, so no place comes twice.
        let days = running().map(|case| {
            let ((user, category), calendar) = (place(case), case.scope.calendar);
            let from = day_number(calendar.first_day(days::oldest(case.month)));
            let to = day_number(calendar.last_day(case.month));
            vec![user.into(), category.into(), from.into(), to.into()]
        });
        let users: BTreeMap<Uuid, Month> = running().map(|case| (case.scope.user, case.month)).collect();
        let written = users.iter().map(|(user, month)| {
            vec![
                (*user).into(),
                days::oldest(*month).index().into(),
                month.index().into(),
            ]
        });
        let [sums, days, written, first] = find(
            tx,
            [
                SUMS.asks(sums.collect(), in_rows),
                DAYS.asks(days.collect(), in_rows),
                MONTHS.asks(written.collect(), in_rows),
                FIRST_DAYS.asks(users.keys().map(|user| vec![(*user).into()]).collect(), in_rows),
            ],
        )?;
        let (mut written, mut first) = (grouped(written, |row| row.id(1))?, grouped(first, |row| row.id(1))?);
        let known = users.into_keys().map(|user| {
            let of_user = |rows: &mut HashMap<Uuid, Vec<Row>>| rows.remove(&user).unwrap_or_default();
            Ok((user, days::read_known(&of_user(&mut written), &of_user(&mut first))?))
        });
        let known = known.collect::<Result<_, StoreError>>()?;
        let sums = grouped(sums, |row| row.id(4))?.into_iter();
        let days = grouped(days, |row| Ok((row.id(2)?, row.id(3)?)))?.into_iter();
        let read = |rows: Vec<Row>| rows.iter().map(days::read).collect::<Result<_, _>>();
        Ok(Self {
            sums: sums
                .map(|(user, rows)| Ok((user, rollups::sums(&rows)?)))
                .collect::<Result<_, StoreError>>()?,
            days: days
                .map(|(place, rows)| Ok((place, read(rows)?)))
                .collect::<Result<_, StoreError>>()?,
            known,
        })
    }

    /// What a case is judged by.
    pub(super) fn facts(&self, case: &Case<'_>, limits: &Limits) -> Facts {
        let (category, month) = (&case.kept.category, case.month);
        let none = Sums::default();
        let sums = self.sums.get(&case.scope.user).unwrap_or(&none);
        let progress = case.scope.progress(month);
        let known = self.known.get(&case.scope.user).filter(|_| progress.running());
        let forecast = known.and_then(|known| {
            let spent = self.days.get(&place(case)).cloned().unwrap_or_default();
            let history = History::new(case.scope.calendar, month, known, spent);
            month_end(category.kind, progress, &history)
        });
        Facts {
            spent: sums.get(month, category.id).spent_minor,
            limit: limits.in_force(case.kept, month, sums).map(|limit| limit.minor),
            forecast,
            closed: progress.closed,
            fixed: category.kind == Kind::Fixed,
            rules: category.alert_at,
        }
    }
}

impl Case<'_> {
    fn is_running(&self) -> bool {
        self.scope.progress(self.month).running()
    }

    /// The first month that has a bearing on the limit in force.
    fn first_month(&self) -> Month {
        self.kept.carry_since.map_or(self.month, |_| look_back(self.month))
    }
}
