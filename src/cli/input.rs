//! What people write for days, months, amounts and categories.

use jiff::civil::Date;

use crate::api::Category;
use crate::domain::day::{self, DayError};
use crate::domain::nearest::nearest;
use crate::domain::text::printable;
use crate::domain::{Currency, Money};
use crate::zone;

use super::error::CliError;

/// Reads a day as the dashboard does, on this computer's calendar.
pub(super) fn day(text: &str) -> Result<Date, DayError> {
    day::parse(text, zone::now().date())
}

pub(super) fn amount(text: &str, currency: Currency) -> Result<Money, CliError> {
    Money::parse_sum(text, currency)
        .and_then(Money::positive)
        .map_err(|error| CliError::wrong("AMOUNT", error))
}

/// Finds a category by its name, in any case.
pub(super) fn category<'a>(name: &str, categories: &'a [Category]) -> Result<&'a Category, CliError> {
    let wanted = name.trim().to_lowercase();
    let found = categories
        .iter()
        .find(|category| category.name.to_lowercase() == wanted);
    found.ok_or_else(|| {
        let names = || categories.iter().map(|category| category.name.as_str());
        let advice = match nearest(name, names()) {
            Some(known) => format!("Did you mean \"{known}\"?"),
            None => format!("The categories are: {}.", names().collect::<Vec<_>>().join(", ")),
        };
        CliError::local(format!("There is no category \"{}\".", printable(name)), advice)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Kind;
    use rstest::rstest;
    use uuid::Uuid;

    #[rstest]
    #[case("2026-11-22", true)]
    #[case(" Today ", true)]
    #[case("yesterday", true)]
    #[case("2026-13-01", false)]
    #[case("2026-02-30", false)]
    #[case("20261122", false)]
    #[case("22.11.2026", true)]
    #[case("3/4", false)]
    #[case("2026-11-22T10:00", false)]
    #[case("tomorrow", true)]
    #[case("someday", false)]
    fn days_are_read_or_refused(#[case] text: &str, #[case] good: bool) {
        assert_eq!(day(text).is_ok(), good, "{text}");
    }

    #[test]
    fn categories_are_found_in_any_case_or_suggested() {
        let categories = ["Dining", "Fees & Taxes"].map(|name| Category::new(Uuid::nil(), name, Kind::Flexible));
        assert_eq!(category("dIning ", &categories).unwrap().name, "Dining");
        let report = |name| format!("{:?}", category(name, &categories).unwrap_err());
        assert!(
            report("dinning").contains("Did you mean \\\"Dining\\\"?"),
            "{}",
            report("dinning")
        );
        assert!(report("rocket").contains("Fees & Taxes"));
    }
}
