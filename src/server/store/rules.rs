//! Rules of the user: descriptions that always belong to one category.

use std::collections::BTreeMap;

use uuid::Uuid;

use super::accounts;
use super::categories::{self, Kept};
use super::scope::Scope;
use super::tombstones;
use super::tx::{Ask, Row, StoreError, Tx};
use crate::api::{Category, Expense, NewRule, Rule, Thing};
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
    let category = categories::chosen(tx, scope, new.category_id)?.category;
    let rules = list(tx, scope)?;
    let pattern = pattern.to_string();
    if let Some(same) = rules.iter().find(|rule| rule.pattern == pattern) {
        let rule = Rule {
            id: new.id,
            category_id: new.category_id,
            category: category.name.clone(),
            ..same.clone()
        };
        if rule == *same {
            return Ok((rule, false));
        }
        refuse_hidden(&category)?;
        check_id(&rules, new.id, &pattern)?;
        take_over(tx, scope, same.id, &rule)?;
        let replaced = Some(same.category_id);
        return Ok((Rule { replaced, ..rule }, false));
    }
    refuse_hidden(&category)?;
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
        category: category.name,
        hits: 0,
        replaced: None,
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
        let chosen = categories::chosen(tx, scope, category)?.category;
        if category != old.category_id {
            refuse_hidden(&chosen)?;
        }
        new.category = chosen.name;
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
    let mut hits = Hits::read(&tx.query_many(&hit_asks(scope.user))?)?;
    hits.hit(expense);
    hits.count(tx, scope)
}

/// Asks for what says which rule puts an expense into its category: [`Hits::read`] reads the answers.
pub(super) fn hit_asks(user: Uuid) -> [Ask; 2] {
    [categories::all_of(user), (COLUMNS, vec![user.into()])]
}

/// The rules of a user, and how many expenses they have put into their categories since.
pub(super) struct Hits {
    categories: Vec<Kept>,
    ids: Vec<Uuid>,
    rules: Vec<categorize::Rule>,
    /// By the place of the rule: how often, and the last revision.
    counts: BTreeMap<usize, (i64, i64)>,
}

impl Hits {
    /// Reads what [`hit_asks`] found.
    pub(super) fn read(found: &[Vec<Row>]) -> Result<Self, StoreError> {
        let [categories, rules] = found else {
            return Err(StoreError::Sql("an answer is missing".to_owned()));
        };
        let categories = categories::read_all(categories)?;
        let rules = rules.iter().map(read).collect::<Result<_, _>>()?;
        let (ids, rules) = of_categories(rules, &categories).into_iter().unzip();
        Ok(Self {
            categories,
            ids,
            rules,
            counts: BTreeMap::new(),
        })
    }

    /// Notes an expense that one of them has placed.
    pub(super) fn hit(&mut self, expense: &Expense) {
        let own: Vec<_> = self.categories.iter().map(Kept::own).collect();
        let decided = deciding_rule(&self.rules, &own, &expense.description);
        if let Some(place) = decided.and_then(|rule| self.rules.iter().position(|other| other == rule)) {
            let (count, revision) = self.counts.entry(place).or_default();
            *count += 1;
            *revision = expense.revision.max(*revision);
        }
    }

    /// Writes down what was noted.
    pub(super) fn count(self, tx: &mut dyn Tx, scope: &Scope) -> Result<(), StoreError> {
        self.counts.into_iter().try_for_each(|(place, (count, revision))| {
            tx.change(
                "UPDATE rules SET hits = hits + $1, revision = $2 WHERE user_id = $3 AND id = $4",
                &[count.into(), revision.into(), scope.user.into(), self.ids[place].into()],
            )
        })
    }
}

/// The rules as predictions see them, with their ids; `categories` are all of the user's.
pub(super) fn readable(
    tx: &mut dyn Tx,
    scope: &Scope,
    categories: &[Kept],
) -> Result<Vec<(Uuid, categorize::Rule)>, StoreError> {
    Ok(of_categories(list(tx, scope)?, categories))
}

fn of_categories(rules: Vec<Rule>, categories: &[Kept]) -> Vec<(Uuid, categorize::Rule)> {
    let readable = |rule: Rule| {
        let category = categories
            .iter()
            .position(|kept| kept.category.id == rule.category_id)?;
        let pattern = Pattern::parse(&rule.pattern).ok()?;
        Some((rule.id, categorize::Rule { pattern, category }))
    };
    rules.into_iter().filter_map(readable).collect()
}

/// A rule of a category that is out of use would never hold.
fn refuse_hidden(category: &Category) -> Result<(), StoreError> {
    if !category.hidden {
        return Ok(());
    }
    let name = &category.name;
    Err(StoreError::invalid(
        "category_id",
        format!(
            "{name} is hidden, so nothing is put there by a rule. Show {name} again first, or choose another category."
        ),
    ))
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
        replaced: None,
    })
}
