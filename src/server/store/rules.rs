//! Rules of the user: descriptions that always belong to one category.

use uuid::Uuid;

use super::accounts;
use super::categories::{self, Kept};
use super::scope::Scope;
use super::tombstones;
use super::tx::{Row, StoreError, Tx};
use crate::api::{Expense, NewRule, Rule, Thing};
use crate::categorize::{self, Pattern, deciding_rule};

/// Most rules of one user: every prediction looks at all of them.
const MAX_RULES: usize = 500;

const COLUMNS: &str = "SELECT r.id, r.pattern, r.category_id, c.name, r.hits FROM rules r
    JOIN categories c ON c.user_id = r.user_id AND c.id = r.category_id WHERE r.user_id = $1 ORDER BY r.pattern";

/// What changes in a rule; every field has passed its check.
#[derive(Debug, Clone, Default)]
pub struct Change {
    /// Other words.
    pub pattern: Option<Pattern>,
    /// Another category.
    pub category: Option<Uuid>,
}

/// All rules, by their words.
pub fn list(tx: &mut dyn Tx, scope: &Scope) -> Result<Vec<Rule>, StoreError> {
    tx.query_all(COLUMNS, &[scope.user.into()])?.iter().map(read).collect()
}

/// Makes a rule; the flag says whether it is new. It takes the place of a rule of the same words.
pub fn add(tx: &mut dyn Tx, scope: &Scope, new: &NewRule, pattern: &Pattern) -> Result<(Rule, bool), StoreError> {
    let category = categories::chosen(tx, scope, new.category_id)?;
    let rules = list(tx, scope)?;
    let pattern = pattern.to_string();
    if let Some(same) = rules.iter().find(|rule| rule.pattern == pattern) {
        let rule = Rule {
            id: new.id,
            category_id: new.category_id,
            category: category.category.name,
            ..same.clone()
        };
        if rule != *same {
            check_id(&rules, new.id, &pattern)?;
            take_over(tx, scope, same.id, &rule)?;
        }
        return Ok((rule, false));
    }
    check_id(&rules, new.id, &pattern)?;
    if rules.len() >= MAX_RULES {
        return Err(StoreError::invalid(
            "pattern",
            format!("You have {MAX_RULES} rules already. Remove one that you do not need."),
        ));
    }
    let rule = Rule {
        id: new.id,
        pattern,
        category_id: new.category_id,
        category: category.category.name,
        hits: 0,
    };
    store(tx, scope, &rule)?;
    Ok((rule, true))
}

/// Changes the given fields.
pub fn change(tx: &mut dyn Tx, scope: &Scope, id: Uuid, change: &Change) -> Result<Rule, StoreError> {
    let rules = list(tx, scope)?;
    let old = rules
        .iter()
        .find(|rule| rule.id == id)
        .ok_or(StoreError::NotFound("rule"))?;
    let mut new = old.clone();
    if let Some(category) = change.category {
        new.category = categories::chosen(tx, scope, category)?.category.name;
        new.category_id = category;
    }
    if let Some(pattern) = &change.pattern {
        new.pattern = pattern.to_string();
    }
    if rules.iter().any(|rule| rule.id != id && rule.pattern == new.pattern) {
        return Err(StoreError::conflict(
            "pattern",
            "Another rule has these words already. Change that one.",
        ));
    }
    if new != *old {
        store(tx, scope, &new)?;
    }
    Ok(new)
}

/// Takes a rule away. What it has put into its category stays there.
pub fn remove(tx: &mut dyn Tx, scope: &Scope, id: Uuid) -> Result<(), StoreError> {
    let gone = tx.execute(
        "DELETE FROM rules WHERE user_id = $1 AND id = $2",
        &[scope.user.into(), id.into()],
    )?;
    if gone == 0 {
        return Err(StoreError::NotFound("rule"));
    }
    let revision = accounts::bump(tx, scope.user)?;
    tombstones::bury(tx, scope, (Thing::Rule, id), revision)
}

/// Has the rules of a category count as changed: they tell its name.
pub(super) fn stamp(tx: &mut dyn Tx, scope: &Scope, category: Uuid, revision: i64) -> Result<(), StoreError> {
    tx.change(
        "UPDATE rules SET revision = $1 WHERE user_id = $2 AND category_id = $3",
        &[revision.into(), scope.user.into(), category.into()],
    )
}

/// Counts an expense that a rule has put into its category.
pub(super) fn count_hit(tx: &mut dyn Tx, scope: &Scope, expense: &Expense) -> Result<(), StoreError> {
    let categories = categories::all(tx, scope)?;
    let (ids, rules): (Vec<_>, Vec<_>) = readable(tx, scope, &categories)?.into_iter().unzip();
    let own: Vec<_> = categories.iter().map(Kept::own).collect();
    let decided = deciding_rule(&rules, &own, &expense.description);
    let place = decided.and_then(|rule| rules.iter().position(|other| other == rule));
    if let Some(id) = place.and_then(|place| ids.get(place)) {
        tx.execute(
            "UPDATE rules SET hits = hits + 1, revision = $1 WHERE user_id = $2 AND id = $3",
            &[expense.revision.into(), scope.user.into(), (*id).into()],
        )?;
    }
    Ok(())
}

/// The rules as predictions see them, with their ids; `categories` are all of the user's.
pub(super) fn readable(
    tx: &mut dyn Tx,
    scope: &Scope,
    categories: &[Kept],
) -> Result<Vec<(Uuid, categorize::Rule)>, StoreError> {
    let rules = list(tx, scope)?;
    let readable = |rule: Rule| {
        let category = categories
            .iter()
            .position(|kept| kept.category.id == rule.category_id)?;
        let pattern = Pattern::parse(&rule.pattern).ok()?;
        Some((rule.id, categorize::Rule { pattern, category }))
    };
    Ok(rules.into_iter().filter_map(readable).collect())
}

fn check_id(rules: &[Rule], id: Uuid, pattern: &str) -> Result<(), StoreError> {
    if rules.iter().any(|rule| rule.id == id && rule.pattern != pattern) {
        return Err(StoreError::conflict(
            "id",
            "Another rule has this id already. Send a new id.",
        ));
    }
    Ok(())
}

fn take_over(tx: &mut dyn Tx, scope: &Scope, old: Uuid, rule: &Rule) -> Result<(), StoreError> {
    let revision = accounts::bump(tx, scope.user)?;
    tx.execute(
        "UPDATE rules SET id = $1, category_id = $2, revision = $3 WHERE user_id = $4 AND id = $5",
        &[
            rule.id.into(),
            rule.category_id.into(),
            revision.into(),
            scope.user.into(),
            old.into(),
        ],
    )?;
    if rule.id != old {
        tombstones::bury(tx, scope, (Thing::Rule, old), revision)?;
    }
    Ok(())
}

fn store(tx: &mut dyn Tx, scope: &Scope, rule: &Rule) -> Result<(), StoreError> {
    let revision = accounts::bump(tx, scope.user)?;
    tx.execute(
        "INSERT INTO rules (user_id, id, pattern, category_id, revision) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (user_id, id) DO UPDATE
         SET pattern = excluded.pattern, category_id = excluded.category_id, revision = excluded.revision",
        &[
            scope.user.into(),
            rule.id.into(),
            rule.pattern.as_str().into(),
            rule.category_id.into(),
            revision.into(),
        ],
    )?;
    Ok(())
}

/// Reads the first five columns of `row`: those of [`list`].
pub(super) fn read(row: &Row) -> Result<Rule, StoreError> {
    Ok(Rule {
        id: row.id(0)?,
        pattern: row.text(1)?.to_owned(),
        category_id: row.id(2)?,
        category: row.text(3)?.to_owned(),
        hits: row.int(4)?,
    })
}
