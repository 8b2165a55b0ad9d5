//! What stands under the list: which limit would fit, what can be typed, what is wrong.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use uuid::Uuid;

use super::row::{Columns, carry_words, kind_word};
use super::selected_name;
use crate::api::{CategorySummary, Dialect};
use crate::app::budgets::field::{Field, What};
use crate::app::budgets::{drafts, find, selected, suggestion};
use crate::app::footer::key_of;
use crate::app::keymap::{Action, Scope};
use crate::app::model::Model;
use crate::domain::{Money, limit};
use crate::ui::{self, Role};

pub(super) fn draw(model: &Model, buf: &mut Buffer, area: Rect) {
    let skin = model.skin();
    let first = advice(model);
    let lines = match (area.height, second(model, area.width)) {
        (0, _) => return,
        // One line says what matters now.
        (1, Some((line, true))) => vec![line],
        (2.., Some((line, _))) => vec![first, line],
        _ => vec![first],
    };
    for (y, line) in (0..).zip(lines) {
        let clipped = ui::clip(line.spans, area.width, skin);
        ui::put(buf, ui::row(area, y), &Line::from(clipped));
    }
}

/// What the months before call for.
fn advice(model: &Model) -> Line<'static> {
    let theme = &model.skin().theme;
    let muted = |text: String| Span::styled(text, theme.style(Role::Muted));
    if model.dialect == Dialect::Classic {
        let words = "This server only knows the five classic calls: its limits can be seen, not changed.";
        return Line::from(muted(words.to_owned()));
    }
    let Some(row) = selected(model) else {
        return Line::default();
    };
    let mut spans = match suggestion(model, row) {
        Some(found) => {
            let take = Money::new(found.take, model.currency()).short_symbol();
            let words = found.words(&row.category.name, model.currency());
            let mut spans = vec![
                muted("Suggestion: ".to_owned()),
                Span::styled(format!("{words}; "), theme.style(Role::Text)),
            ];
            if model.budgets.field.is_none() {
                let key = key_of(model, Scope::Budgets, Action::TakeSuggestion);
                spans.push(Span::styled(key, theme.bold(Role::Accent)));
                spans.push(Span::styled(format!(" take {take}."), theme.style(Role::Text)));
            } else {
                spans.push(Span::styled(format!("{take} would fit."), theme.style(Role::Text)));
            }
            spans
        }
        None => vec![muted(past_words(model, row))],
    };
    if drafts::of(model, row.category.id).is_some() {
        spans.push(muted("  Nothing is sent before Enter.".to_owned()));
    }
    Line::from(spans)
}

fn past_words(model: &Model, row: &CategorySummary) -> String {
    let name = &row.category.name;
    let months = limit::counted(&row.past_minor).len();
    match limit::average(&row.past_minor) {
        _ if !row.category.kind.is_spending() => format!("{name} takes no limit: its money is not spent."),
        Some(mean) if months > 1 => {
            let mean = Money::new(mean, model.currency()).whole();
            format!("{name} averaged {mean} for {months} months; its limit fits.")
        }
        Some(mean) => format!(
            "{name} came to {} last month.",
            Money::new(mean, model.currency()).whole()
        ),
        None => format!("{name}: nothing was spent in the six months before."),
    }
}

/// What can be typed, or what is wrong with it; and whether that matters more than the advice.
fn second(model: &Model, width: u16) -> Option<(Line<'static>, bool)> {
    let skin = model.skin();
    let theme = &skin.theme;
    let muted = |text: String| Line::from(Span::styled(text, theme.style(Role::Muted)));
    if model.dialect == Dialect::Classic {
        return None;
    }
    if let Some(why) = model.budgets.field.as_ref().and_then(Field::error) {
        let words = format!("{} {why}", skin.glyphs.cross);
        return Some((Line::from(Span::styled(words, theme.style(Role::Over))), true));
    }
    let words = match &model.budgets.field {
        Some(Field::Limit { category_id, .. }) => low_words(model, *category_id)
            .unwrap_or_else(|| "type a number, or  +30  -10%  =avg  =last  120+30  none".to_owned()),
        Some(Field::Text {
            what: What::Rules(_), ..
        }) => "80 at 80%, 100 when it is passed, fc when the forecast passes it; or none".to_owned(),
        Some(Field::Text {
            what: What::Name(_), ..
        }) => {
            format!("a new name for {}", selected_name(model).unwrap_or_default())
        }
        Some(Field::Text {
            what: What::New(_, kind),
            ..
        }) => format!(
            "the name of a new category; {} changes its kind: {}",
            key_of(model, Scope::CategoryField, Action::NextChoice),
            kind_word(*kind)
        ),
        None => return Some((muted(rest(model, width)), false)),
    };
    Some((muted(words), true))
}

/// That a limit is typed which is passed already.
fn low_words(model: &Model, category_id: Uuid) -> Option<String> {
    let row = find(model, category_id)?;
    let limit = drafts::of(model, category_id)?.reading().ok()??;
    let low = row.spent_minor > limit.saturating_add(row.carried_minor);
    let spent = Money::new(row.spent_minor, model.currency());
    low.then(|| format!("low: {} has spent {spent} this month", row.category.name))
}

/// What the columns have no room for; else how long a limit holds.
fn rest(model: &Model, width: u16) -> String {
    let holds = "A limit holds from this month on, until the next change.".to_owned();
    let Some(row) = selected(model).filter(|row| row.category.kind.is_spending()) else {
        return holds;
    };
    let texts = [
        format!("alert at {}", row.category.alert_at),
        kind_word(row.category.kind).to_owned(),
        format!("carry over {}", carry_words(model, row)),
    ];
    let shown = Columns::fit(width).has();
    let hidden: Vec<String> = texts
        .into_iter()
        .zip(shown)
        .filter(|(_, shown)| !shown)
        .map(|(text, _)| text)
        .collect();
    if hidden.is_empty() {
        holds
    } else {
        format!("{}: {}.", row.category.name, hidden.join(", "))
    }
}
