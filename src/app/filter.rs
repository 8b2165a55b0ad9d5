//! The filter language, spoken by the dashboard: it reads rows at hand just as the server reads all.

use super::model::Model;
use crate::api::Expense;
use crate::domain::filter::{Filter, FilterRow};
use crate::domain::{Currency, Month};

/// Reads what was typed as the server will, which does not know how amounts are written where the user lives.
pub(super) fn parse(model: &Model, text: &str) -> Filter {
    let currency = Currency::from_code(model.currency().code()).unwrap_or(Currency::USD);
    Filter::parse(text, model.today(), model.calendar(), currency)
}

/// Whether `filter` lets an expense through.
pub(super) fn lets_through(model: &Model, filter: &Filter, expense: &Expense) -> bool {
    filter.matches(&FilterRow {
        day: expense.day,
        description: &expense.description,
        amount_minor: expense.amount_minor,
        category: model.category_name(expense.category_id),
        source: expense.category_source,
        confidence: expense.confidence,
    })
}

/// What is typed to see one category's month.
pub(super) fn of_category(name: &str, month: Month) -> String {
    format!("{} {}", Filter::of_category(name), month_term(month))
}

fn month_term(month: Month) -> String {
    format!("month:{month}")
}

/// `text` with the month `to` where it names `from`; none where it does not.
pub(super) fn with_month(text: &str, from: Month, to: Month) -> Option<String> {
    let (old, new) = (month_term(from), month_term(to));
    let named = text.split_whitespace().any(|term| term == old);
    let terms = text
        .split_whitespace()
        .map(|term| if term == old { &new } else { term });
    named.then(|| terms.collect::<Vec<_>>().join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_follows_the_month_it_names() {
        let [october, november]: [Month; 2] = ["2026-10", "2026-11"].map(|month| month.parse().unwrap());
        let typed = of_category("Fees & Taxes", november);
        assert_eq!(typed, "cat:fees&taxes month:2026-11");
        let moved = with_month(&typed, november, october);
        assert_eq!(moved.as_deref(), Some("cat:fees&taxes month:2026-10"));
        assert_eq!(with_month("coffee", november, october), None);
    }
}
