//! The user's categories.

use std::collections::HashMap;
use std::str::FromStr;
use std::sync::LazyLock;

use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::scope::Scope;
use super::tx::{Ask, Row, Several, StoreError, Tx};
use super::{accounts, alerts, judge, rules, tombstones};
use crate::api::{Category, NewCategory, Thing};
use crate::categorize::{Own, meanings};
use crate::domain::account::name_key;
use crate::domain::category::{DEFAULTS, Kind, NOT_NAMES};
use crate::domain::{AlertRules, Month};

/// Most categories of one user, hidden ones included.
const MAX_CATEGORIES: usize = 200;

/// A category with what only the store has to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// What the user sees of it.
    pub category: Category,
    /// What the model calls it: nothing when it does not know it, several names after others were merged into it.
    pub meanings: Vec<String>,
    /// The first month whose rest moves on.
    pub(super) carry_since: Option<Month>,
    /// The first month in which its limit does not count.
    pub(super) hidden_since: Option<Month>,
}

impl Kept {
    /// The category as predictions see it.
    pub(super) fn own(&self) -> Own<'_> {
        Own {
            name: &self.category.name,
            means: meanings(self.meanings.iter().map(String::as_str)),
            hidden: self.category.hidden,
        }
    }

    /// Whether a limit of this category counts in `month`.
    pub(super) fn takes_limit(&self, month: Month) -> bool {
        self.category.kind.is_spending() && self.hidden_since.is_none_or(|since| month < since)
    }
}

/// What changes in a category; every field has passed its check.
#[derive(Debug, Clone, Default)]
pub struct Change {
    /// A new name.
    pub name: Option<String>,
    /// How its money moves.
    pub kind: Option<Kind>,
    /// What the user is told about it.
    pub alert_at: Option<AlertRules>,
    /// Whether the rest of a limit moves to the next month.
    pub carry_over: Option<bool>,
    /// Whether it is out of use.
    pub hidden: Option<bool>,
}

/// Gives a new user the default categories, in their order.
pub(super) fn create_defaults(tx: &mut dyn Tx, user: Uuid) -> Result<(), StoreError> {
    for (sort, (name, kind)) in (0_i64..).zip(DEFAULTS) {
        tx.execute(
            "INSERT INTO categories (user_id, id, name, kind, sort, word_list) VALUES ($1, $2, $3, $4, $5, $3)",
            &[
                user.into(),
                Uuid::now_v7().into(),
                name.into(),
                kind.to_string().into(),
                sort.into(),
            ],
        )?;
    }
    Ok(())
}

/// All categories in display order, hidden ones too.
pub fn list(tx: &mut dyn Tx, scope: &Scope) -> Result<Vec<Category>, StoreError> {
    Ok(all(tx, scope)?.into_iter().map(|kept| kept.category).collect())
}

/// All categories in display order, with what only the store has to know.
pub fn all(tx: &mut dyn Tx, scope: &Scope) -> Result<Vec<Kept>, StoreError> {
    let (sql, params) = all_of(scope.user);
    read_all(&tx.query_all(sql, &params)?)
}

/// Asks for all categories of a user, in display order: [`read_all`] reads the answer.
pub(super) fn all_of(user: Uuid) -> Ask {
    (
        "SELECT id, name, kind, near_percent, tell_forecast, tell_over, carry_since, hidden_since, word_list
         FROM categories WHERE user_id = $1 ORDER BY sort, name",
        vec![user.into()],
    )
}

/// Reads what [`all_of`] found.
pub(super) fn read_all(rows: &[Row]) -> Result<Vec<Kept>, StoreError> {
    rows.iter().map(read).collect()
}

/// A category that expenses are put into or taken out of.
#[derive(Debug, Clone)]
pub(super) struct Target {
    pub(super) kept: Kept,
    /// Whether it has, or had, any limit or alert: without them there is nothing to judge in any month.
    pub(super) is_watched: bool,
}

static TARGETS: LazyLock<Several> = LazyLock::new(|| {
    Several::new(|categories| {
        let one = |place| format!("(c.user_id = ${} AND c.id = ${})", 2 * place + 1, 2 * place + 2);
        let those: Vec<String> = (0..categories).map(one).collect();
        format!(
            "SELECT c.id, c.name, c.kind, c.near_percent, c.tell_forecast, c.tell_over, c.carry_since, c.hidden_since,
                 c.word_list, c.user_id,
                 CASE WHEN EXISTS (SELECT 1 FROM budgets b WHERE b.user_id = c.user_id AND b.category_id = c.id)
                     OR EXISTS (SELECT 1 FROM budget_moves m WHERE m.user_id = c.user_id AND m.category_id = c.id)
                     OR EXISTS (SELECT 1 FROM alerts a WHERE a.user_id = c.user_id AND a.category_id = c.id)
                     THEN 1 ELSE 0 END
             FROM categories c WHERE {}",
            those.join(" OR ")
        )
    })
});

/// Asks for categories, each with its user; [`read_targets`] reads the answers.
pub(super) fn targets(categories: &[(Uuid, Uuid)]) -> Vec<Ask> {
    TARGETS.asks(categories.to_vec(), |few| {
        few.into_iter()
            .flat_map(|(user, id)| [user.into(), id.into()])
            .collect()
    })
}

/// The wanted categories by their users, each of which must be one of the user's own.
pub(super) fn read_targets(
    found: &[Vec<Row>],
    wanted: &[(Uuid, Uuid)],
) -> Result<HashMap<Uuid, HashMap<Uuid, Target>>, StoreError> {
    let mut targets: HashMap<Uuid, HashMap<Uuid, Target>> = HashMap::new();
    for row in found.iter().flatten() {
        let target = Target {
            kept: read(row)?,
            is_watched: row.flag(10)?,
        };
        targets.entry(row.id(9)?).or_default().insert(row.id(0)?, target);
    }
    let is_there = |(user, id): &(Uuid, Uuid)| targets.get(user).is_some_and(|own| own.contains_key(id));
    if wanted.iter().all(is_there) {
        Ok(targets)
    } else {
        Err(unknown())
    }
}

/// A category that a request names, which must be one of the user's own.
pub(super) fn target(tx: &mut dyn Tx, user: Uuid, id: Uuid) -> Result<Target, StoreError> {
    let wanted = [(user, id)];
    let found = tx.query_many(&targets(&wanted))?;
    let target = read_targets(&found, &wanted)?
        .remove(&user)
        .and_then(|mut own| own.remove(&id));
    target.ok_or_else(unknown)
}

fn unknown() -> StoreError {
    StoreError::invalid("category_id", "You have no such category. Choose one of the list.")
}

/// The category that a request names, which must be one of the user's own.
pub fn chosen(tx: &mut dyn Tx, scope: &Scope, id: Uuid) -> Result<Kept, StoreError> {
    get(tx, scope, id)?.ok_or_else(unknown)
}

/// One category, if the user has it.
pub fn get(tx: &mut dyn Tx, scope: &Scope, id: Uuid) -> Result<Option<Kept>, StoreError> {
    let row = tx.query_opt(
        "SELECT id, name, kind, near_percent, tell_forecast, tell_over, carry_since, hidden_since, word_list
         FROM categories WHERE user_id = $1 AND id = $2",
        &[scope.user.into(), id.into()],
    )?;
    row.as_ref().map(read).transpose()
}

/// The category of this name, if the user has it.
pub fn named(tx: &mut dyn Tx, scope: &Scope, name: &str) -> Result<Option<Kept>, StoreError> {
    Ok(all(tx, scope)?.into_iter().find(|kept| kept.category.name == name))
}

/// Makes a category; the flag says whether it is new. Sent again, it is the one that is there already.
pub fn add(tx: &mut dyn Tx, scope: &Scope, new: &NewCategory) -> Result<(Category, bool), StoreError> {
    let fingerprint = fingerprint(new);
    let made = tx.query_opt(
        "SELECT fingerprint FROM categories WHERE user_id = $1 AND id = $2",
        &[scope.user.into(), new.id.into()],
    )?;
    if let Some(row) = made {
        return match get(tx, scope, new.id)? {
            Some(kept) if row.opt_bytes(0)? == Some(&fingerprint) => Ok((kept.category, false)),
            _ => Err(StoreError::conflict(
                "id",
                "Another category has this id already. Send a new id.",
            )),
        };
    }
    let others = all(tx, scope)?;
    check_name(&others, new.id, &new.name)?;
    if others.len() >= MAX_CATEGORIES {
        return Err(StoreError::invalid(
            "name",
            format!("You have {MAX_CATEGORIES} categories already. Rename one that you do not need."),
        ));
    }
    if tombstones::is_gone(tx, scope, (Thing::Category, new.id))? {
        return Err(StoreError::conflict(
            "id",
            "The category with this id was merged into another one. Send a new id.",
        ));
    }
    let revision = accounts::bump(tx, scope.user)?;
    tx.execute(
        "INSERT INTO categories (user_id, id, name, kind, sort, fingerprint, revision)
         VALUES ($1, $2, $3, $4, (SELECT MAX(sort) + 1 FROM categories WHERE user_id = $1), $5, $6)",
        &[
            scope.user.into(),
            new.id.into(),
            new.name.as_str().into(),
            new.kind.to_string().into(),
            fingerprint.as_slice().into(),
            revision.into(),
        ],
    )?;
    let category = Category::new(new.id, new.name.clone(), new.kind);
    Ok((category, true))
}

/// Changes the given fields.
pub fn change(tx: &mut dyn Tx, scope: &Scope, id: Uuid, change: &Change) -> Result<Category, StoreError> {
    let old = get(tx, scope, id)?.ok_or(StoreError::NotFound("category"))?;
    let mut new = old.clone();
    if let Some(name) = &change.name {
        check_name(&all(tx, scope)?, id, name)?;
        new.category.name.clone_from(name);
    }
    new.category.kind = change.kind.unwrap_or(old.category.kind);
    new.category.alert_at = change.alert_at.unwrap_or(old.category.alert_at);
    let since = |wish: Option<bool>, before: Option<Month>| match wish {
        Some(true) => before.or(Some(scope.month())),
        Some(false) => None,
        None => before,
    };
    new.carry_since = since(change.carry_over, old.carry_since);
    new.hidden_since = since(change.hidden, old.hidden_since);
    new.category.carry_over = new.carry_since.is_some();
    new.category.hidden = new.hidden_since.is_some();
    if new == old {
        return Ok(old.category);
    }
    let revision = accounts::bump(tx, scope.user)?;
    store(tx, scope, &new, revision)?;
    if new.category.name != old.category.name {
        alerts::stamp(tx, scope, id, revision)?;
        rules::stamp(tx, scope, id, revision)?;
    }
    judge::judge_settings(tx, scope, &old, &new)?;
    Ok(new.category)
}

fn store(tx: &mut dyn Tx, scope: &Scope, kept: &Kept, revision: i64) -> Result<(), StoreError> {
    let rules = kept.category.alert_at;
    tx.execute(
        "UPDATE categories SET name = $1, kind = $2, near_percent = $3, tell_forecast = $4, tell_over = $5,
             carry_since = $6, hidden_since = $7, revision = $8 WHERE user_id = $9 AND id = $10",
        &[
            kept.category.name.as_str().into(),
            kept.category.kind.to_string().into(),
            rules.near_percent.map(i64::from).into(),
            rules.forecast.into(),
            rules.over.into(),
            kept.carry_since.map(Month::index).into(),
            kept.hidden_since.map(Month::index).into(),
            revision.into(),
            scope.user.into(),
            kept.category.id.into(),
        ],
    )?;
    Ok(())
}

/// Lets `target` mean what `source` meant too, which is gone.
pub(super) fn take_meanings(
    tx: &mut dyn Tx,
    scope: &Scope,
    source: &Kept,
    mut target: Kept,
) -> Result<Kept, StoreError> {
    target.meanings.extend(source.meanings.iter().cloned());
    if !source.meanings.is_empty() {
        tx.execute(
            "UPDATE categories SET word_list = $1 WHERE user_id = $2 AND id = $3",
            &[
                target.meanings.join("\n").into(),
                scope.user.into(),
                target.category.id.into(),
            ],
        )?;
    }
    Ok(target)
}

/// What tells a request that is sent again from another one with the same id.
fn fingerprint(request: &NewCategory) -> [u8; 16] {
    let mut hash = Sha256::new();
    hash.update(request.kind.to_string().as_bytes());
    hash.update([0]);
    hash.update(request.name.as_bytes());
    let mut short = [0; 16];
    short.copy_from_slice(&hash.finalize()[..16]);
    short
}

/// Whether the category `id` may have this name.
fn check_name(all: &[Kept], id: Uuid, name: &str) -> Result<(), StoreError> {
    let key = name_key(name);
    if NOT_NAMES.contains(&key.as_str()) {
        return Err(StoreError::conflict(
            "name",
            "This name stands for expenses without a category. Choose another.",
        ));
    }
    let taken = |kept: &&Kept| kept.category.id != id && name_key(&kept.category.name) == key;
    match all.iter().find(taken) {
        None => Ok(()),
        Some(kept) if kept.category.hidden => Err(StoreError::conflict(
            "name",
            format!(
                "The hidden category {} has this name. Show that one again, or choose another name.",
                kept.category.name
            ),
        )),
        Some(kept) => Err(StoreError::conflict(
            "name",
            format!(
                "There is a category {} already. Choose another name.",
                kept.category.name
            ),
        )),
    }
}

/// Reads the first nine columns of `row`: those of [`all`].
pub(super) fn read(row: &Row) -> Result<Kept, StoreError> {
    let near = row.opt_int(3)?.map(u8::try_from).transpose();
    let alert_at = AlertRules {
        near_percent: near.map_err(|e| StoreError::Sql(e.to_string()))?,
        forecast: row.flag(4)?,
        over: row.flag(5)?,
    };
    let (carry_since, hidden_since) = (row.opt_int(6)?, row.opt_int(7)?);
    Ok(Kept {
        category: Category {
            id: row.id(0)?,
            name: row.text(1)?.to_owned(),
            kind: Kind::from_str(row.text(2)?).map_err(|e| StoreError::Sql(e.to_string()))?,
            alert_at,
            carry_over: carry_since.is_some(),
            hidden: hidden_since.is_some(),
        },
        meanings: row
            .opt_text(8)?
            .into_iter()
            .flat_map(str::lines)
            .map(str::to_owned)
            .collect(),
        carry_since: carry_since.map(Month::from_index),
        hidden_since: hidden_since.map(Month::from_index),
    })
}
