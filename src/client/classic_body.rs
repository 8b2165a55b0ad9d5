//! The bodies of the five classic calls, in both shapes, with amounts as exact decimals.
//!
//! Amounts are JSON numbers or strings in major units. They are read digit by digit, never through a float.
//! More decimals than the currency has are rounded, halves away from zero: old servers add up floats and
//! answer `41.97000000000001`.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;
use thiserror::Error;

use crate::domain::Currency;

/// What was wrong with a classic body.
#[derive(Debug, Error)]
pub(super) enum BodyError {
    #[error(transparent)]
    Json(#[from] serde_json::Error),
    #[error("an amount that is no number")]
    Amount,
}

/// One category of the spending answer; amounts in minor units.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Spending {
    /// None for spending without a category.
    pub category: Option<String>,
    pub spent_minor: i64,
    pub limit_minor: Option<i64>,
}

/// One alert as it was sent.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
pub(super) struct Notice {
    #[serde(rename = "Message", default)]
    pub message: String,
    #[serde(rename = "CreatedAt", default)]
    pub created_at: String,
}

#[derive(Deserialize)]
struct Row<'a> {
    #[serde(rename = "CategoryName", borrow)]
    name: Option<Cow<'a, str>>,
    #[serde(rename = "TotalAmount", borrow)]
    total: Option<&'a RawValue>,
    #[serde(rename = "BudgetAmount", borrow, default)]
    budget: Option<&'a RawValue>,
}

/// `{"body": …}`; any other key is of no interest.
#[derive(Deserialize)]
struct Wrapper<'a> {
    #[serde(borrow, default)]
    body: Option<&'a RawValue>,
    #[serde(default)]
    message: Option<Cow<'a, str>>,
}

/// Reads the spending answer: rows, `{"message": …}` for none, and either of them wrapped in `body`.
pub(super) fn spending(body: &[u8], currency: Currency) -> Result<Vec<Spending>, BodyError> {
    let Some(text) = unwrapped(body)? else {
        return Ok(Vec::new());
    };
    if text.trim_start().starts_with('{') {
        let wrapper: Wrapper = serde_json::from_str(&text)?;
        if wrapper.message.is_some() {
            return Ok(Vec::new());
        }
    }
    let rows: Vec<Row> = serde_json::from_str(&text)?;
    rows.into_iter().map(|row| spending_row(row, currency)).collect()
}

fn spending_row(row: Row, currency: Currency) -> Result<Spending, BodyError> {
    let minor = |raw: &RawValue| amount(raw, currency);
    Ok(Spending {
        category: row.name.map(Cow::into_owned).filter(|name| !name.trim().is_empty()),
        // The sum of nothing is null in SQL.
        spent_minor: row.total.map(minor).transpose()?.unwrap_or(0),
        // No limit is below zero; an old server that says so has none.
        limit_minor: row.budget.map(minor).transpose()?.filter(|&limit| limit >= 0),
    })
}

/// Reads the alerts answer; a missing or empty `body` means none.
pub(super) fn notices(body: &[u8]) -> Result<Vec<Notice>, BodyError> {
    let Some(text) = unwrapped(body)? else {
        return Ok(Vec::new());
    };
    if text.trim_start().starts_with('{') {
        let _: Wrapper = serde_json::from_str(&text)?;
        return Ok(Vec::new());
    }
    Ok(serde_json::from_str(&text)?)
}

/// Reads a string field such as `token` or `category`, beside or inside `body`.
pub(super) fn field(body: &[u8], name: &str) -> Result<Option<String>, BodyError> {
    let Some(text) = unwrapped(body)? else {
        return Ok(None);
    };
    let object: serde_json::Map<String, serde_json::Value> = serde_json::from_str(&text)?;
    Ok(object.get(name).and_then(|value| value.as_str()).map(str::to_owned))
}

/// The words of an error answer: `{"error": …}`, or `{"message": …}` as gateways write it.
pub(super) fn error_words(body: &[u8]) -> Option<String> {
    let words = |name| field(body, name).ok().flatten().filter(|text| !text.trim().is_empty());
    words("error").or_else(|| words("message"))
}

/// The JSON inside `{"body": …}`, which may be a string of JSON; the text itself when there is no such wrapper,
/// and nothing when `body` is null or an empty text.
fn unwrapped(body: &[u8]) -> Result<Option<Cow<'_, str>>, serde_json::Error> {
    let whole: &RawValue = serde_json::from_slice(body)?;
    if !whole.get().starts_with('{') {
        return Ok(Some(Cow::Borrowed(whole.get())));
    }
    let keys: serde_json::Map<String, serde_json::Value> = serde_json::from_str(whole.get())?;
    if !keys.contains_key("body") {
        return Ok(Some(Cow::Borrowed(whole.get())));
    }
    let Wrapper { body: Some(inner), .. } = serde_json::from_str(whole.get())? else {
        return Ok(None);
    };
    if !inner.get().starts_with('"') {
        return Ok(Some(Cow::Borrowed(inner.get())));
    }
    let text: String = serde_json::from_str(inner.get())?;
    Ok((!text.trim().is_empty()).then_some(Cow::Owned(text)))
}

/// A JSON number, or a string that holds one, in minor units.
fn amount(raw: &RawValue, currency: Currency) -> Result<i64, BodyError> {
    let text = match raw.get().strip_prefix('"') {
        Some(_) => serde_json::from_str::<String>(raw.get())?,
        None => raw.get().to_owned(),
    };
    minor_units(text.trim(), currency.decimals()).ok_or(BodyError::Amount)
}

/// Reads `-12.5`, `1e3` or `41.97000000000001` with `decimals` decimals kept, halves away from zero.
/// None for any other text and for what does not fit.
fn minor_units(text: &str, decimals: u32) -> Option<i64> {
    let (sign, text) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let exponent: i64 = exponent.parse().ok().filter(|exp: &i64| exp.abs() <= 400)?;
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let is_digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || !is_digits(whole) || !is_digits(fraction) || mantissa.ends_with('.') {
        return None;
    }
    let digits: Vec<u8> = whole.bytes().chain(fraction.bytes()).map(|b| b - b'0').collect();
    // How many of the digits stand before the end of the smallest unit.
    let kept = i64::try_from(whole.len()).ok()? + exponent + i64::from(decimals);
    let digit = |at: i64| {
        usize::try_from(at)
            .ok()
            .and_then(|at| digits.get(at))
            .copied()
            .unwrap_or(0)
    };
    let mut minor: i64 = 0;
    for at in 0..kept.max(0) {
        minor = minor.checked_mul(10)?.checked_add(i64::from(digit(at)))?;
    }
    if digit(kept) >= 5 {
        minor = minor.checked_add(1)?;
    }
    Some(sign * minor)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    fn row(category: &str, spent_minor: i64, limit_minor: Option<i64>) -> Spending {
        Spending {
            category: Some(category.to_owned()),
            spent_minor,
            limit_minor,
        }
    }

    #[test]
    fn both_shapes_and_numbers_as_strings_are_one() {
        let rows = r#"[{"CategoryName":"Dining","TotalAmount":125.8,"BudgetAmount":"120.00"},{"CategoryName":"Pets","TotalAmount":"9","BudgetAmount":null}]"#;
        let quoted = serde_json::to_string(rows).unwrap();
        let wanted = vec![row("Dining", 12_580, Some(12_000)), row("Pets", 900, None)];
        for body in [
            rows.to_owned(),
            format!(r#"{{"body":{rows}}}"#),
            format!(r#" {{"statusCode":200,"body":{quoted}}}"#),
        ] {
            assert_eq!(spending(body.as_bytes(), Currency::USD).unwrap(), wanted, "{body}");
        }
    }

    #[rstest]
    #[case("[]")]
    #[case(r#"{"message":"No data available for this user."}"#)]
    #[case(r#"{"body":"{\"message\":\"No data available for this user.\"}"}"#)]
    #[case(r#"{"body":"[]"}"#)]
    #[case(r#"{"body":null}"#)]
    #[case(r#"{"body":""}"#)]
    fn no_data_is_no_rows(#[case] body: &str) {
        assert_eq!(spending(body.as_bytes(), Currency::USD).unwrap(), vec![]);
    }

    #[rstest]
    #[case("<html>")]
    #[case("")]
    #[case("7")]
    #[case(r#"{"rows":[]}"#)]
    #[case(r#"{"body":7}"#)]
    #[case(r#"{"body":"<html>"}"#)]
    #[case(r#"[{"CategoryName":"Dining","TotalAmount":true}]"#)]
    #[case(r#"[{"CategoryName":7,"TotalAmount":1}]"#)]
    #[case(r#"[{"CategoryName":"Dining","TotalAmount":"1,5"}]"#)]
    #[case(r#"[{"CategoryName":"Dining","TotalAmount":1e300}]"#)]
    fn wrong_shapes_are_errors(#[case] body: &str) {
        assert!(spending(body.as_bytes(), Currency::USD).is_err());
    }

    #[test]
    fn alerts_in_every_shape() {
        let list = r#"[{"Message":"Dining is over.","CreatedAt":"2026-11-22 08:00:00"}]"#;
        let quoted = serde_json::to_string(list).unwrap();
        for body in [
            format!(r#"{{"body":{list}}}"#),
            format!(r#"{{"body":{quoted}}}"#),
            list.to_owned(),
        ] {
            assert_eq!(
                notices(body.as_bytes()).unwrap()[0].message,
                "Dining is over.",
                "{body}"
            );
        }
        for none in [r#"{"body":[]}"#, "{}", r#"{"body":null}"#, r#"{"message":"none"}"#] {
            assert_eq!(notices(none.as_bytes()).unwrap(), vec![], "{none}");
        }
        assert!(notices(br#"{"body":"soon"}"#).is_err());
    }

    #[test]
    fn fields_and_error_words() {
        assert_eq!(field(br#"{"token":"t"}"#, "token").unwrap().as_deref(), Some("t"));
        assert_eq!(
            field(br#"{"body":"{\"token\":\"t\"}"}"#, "token").unwrap().as_deref(),
            Some("t")
        );
        assert_eq!(field(br#"{"token":7}"#, "token").unwrap(), None);
        assert_eq!(error_words(br#"{"error":"No."}"#).as_deref(), Some("No."));
        assert_eq!(error_words(br#"{"message":"Forbidden"}"#).as_deref(), Some("Forbidden"));
        assert_eq!(error_words(b"<html>"), None);
    }

    #[rstest]
    #[case("12.5", 2, Some(1250))]
    #[case("-12.5", 2, Some(-1250))]
    #[case("0", 2, Some(0))]
    #[case("-0.0", 2, Some(0))]
    #[case("41.97000000000001", 2, Some(4197))]
    #[case("41.965", 2, Some(4197))]
    #[case("0.004999", 2, Some(0))]
    #[case("0.5", 0, Some(1))]
    #[case("-0.005", 2, Some(-1))]
    #[case("1.5e3", 2, Some(150_000))]
    #[case("15E-1", 2, Some(150))]
    #[case("1e-400", 2, Some(0))]
    #[case("0e400", 2, Some(0))]
    #[case("1.2345", 3, Some(1235))]
    #[case("92233720368547758.07", 2, Some(i64::MAX))]
    #[case("92233720368547758.08", 2, None)]
    #[case("1e18", 2, None)]
    #[case("", 2, None)]
    #[case(".5", 2, None)]
    #[case("5.", 2, None)]
    #[case("1e", 2, None)]
    #[case("NaN", 2, None)]
    #[case("1e999999999999", 2, None)]
    fn amounts_are_exact_decimals(#[case] text: &str, #[case] decimals: u32, #[case] minor: Option<i64>) {
        assert_eq!(minor_units(text, decimals), minor);
    }

    proptest! {
        #[test]
        fn what_money_prints_is_read_back(minor in any::<i64>(), code in prop::sample::select(vec!["USD", "JPY", "KWD"])) {
            let money = crate::domain::Money::new(minor, Currency::from_code(code).unwrap());
            prop_assert_eq!(minor_units(&money.decimal(), money.currency.decimals()), (minor > i64::MIN).then_some(minor));
        }

        #[test]
        fn any_body_is_safe(body in "\\PC{0,60}", rest in prop::collection::vec(any::<u8>(), 0..60)) {
            let _ = (spending(body.as_bytes(), Currency::USD), notices(body.as_bytes()));
            let _ = (spending(&rest, Currency::USD), notices(&rest), field(&rest, "token"));
            let _ = minor_units(&body, 2);
        }
    }
}
