//! What a server's answer means when it is no success.

use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use crate::api::{ApiError, ErrorBody, ErrorCode, Failure};
use crate::domain::text::printable;

use super::http::Answer;

/// Longest text of a server that is shown, in characters.
const MAX_TEXT: usize = 200;

/// Longest wait that a server can ask for.
const MAX_WAIT: Duration = Duration::from_hours(24);

/// A server's text as it may be shown: nothing that steers a terminal, and not long.
pub(super) fn shown(text: &str) -> String {
    printable(text.trim()).chars().take(MAX_TEXT).collect()
}

/// The error of a `/v1` answer, if its body has our shape.
pub(super) fn v1_error(body: &[u8]) -> Option<ApiError> {
    let ErrorBody { error } = serde_json::from_slice(body).ok()?;
    Some(ApiError {
        message: shown(&error.message),
        field: error.field.as_deref().map(shown),
        ..error
    })
}

/// What an answer that is no success means; `error` is what its body says, if that could be read.
pub(super) fn failure(server: &str, answer: &Answer, error: Option<ApiError>) -> Failure {
    let status = answer.status;
    let garbled = |reason: String| Failure::Garbled {
        server: server.to_owned(),
        reason,
    };
    match (status.as_u16(), error) {
        (401, Some(error)) if matches!(error.code, ErrorCode::BadCredentials | ErrorCode::SecondFactorNeeded) => {
            Failure::Rejected(error)
        }
        (401, _) => Failure::SignedOut,
        (code @ (408 | 429 | 500..), error) => Failure::Busy {
            status: code,
            message: error.map_or_else(
                || format!("{server} is busy or failing (status {code}). Try again in a moment."),
                |error| error.message,
            ),
            retry_after: answer.retry_after,
        },
        (400..=499, Some(error)) => Failure::Rejected(error),
        (300..=399, _) => garbled(match &answer.redirect {
            Some(target) => format!("it sends callers on to {target}"),
            None => format!("it sends callers on (status {status})"),
        }),
        _ => garbled(format!("it answered with status {status}")),
    }
}

/// Why a body that should be JSON is not what was expected.
pub(super) fn not_json(body: &[u8], error: &serde_json::Error) -> String {
    let start = body.trim_ascii_start().first();
    match start {
        None => "the answer is empty".to_owned(),
        Some(b'<') => "the answer is a web page".to_owned(),
        _ if error.is_data() => format!("the answer has another shape ({})", shown(&error.to_string())),
        _ => "the answer is not JSON".to_owned(),
    }
}

/// Reads `Retry-After`: seconds or an HTTP date (RFC 9110, 10.2.3), counted from `now`. A date that has
/// passed means at once; nothing waits longer than a day.
#[must_use]
pub fn parse_retry_after(value: &str, now: Timestamp) -> Option<Duration> {
    let value = value.trim();
    if !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit()) {
        // More digits than fit are more than a day.
        let wait = value.parse().map_or(MAX_WAIT, Duration::from_secs);
        return Some(wait.min(MAX_WAIT));
    }
    let wait = http_date(value)?.duration_since(now);
    Some(Duration::try_from(wait).unwrap_or_default().min(MAX_WAIT))
}

/// The three forms of RFC 9110, 5.6.7.
fn http_date(value: &str) -> Option<Timestamp> {
    if let Ok(zoned) = jiff::fmt::rfc2822::parse(value) {
        return Some(zoned.timestamp());
    }
    let other = ["%A, %d-%b-%y %H:%M:%S GMT", "%a %b %e %H:%M:%S %Y"];
    let civil = other.iter().find_map(|form| DateTime::strptime(form, value).ok())?;
    civil.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use reqwest::StatusCode;
    use rstest::rstest;

    fn answer(status: u16, body: &str) -> Answer {
        Answer {
            status: StatusCode::from_u16(status).unwrap(),
            retry_after: Some(Duration::from_secs(7)),
            redirect: None,
            body: body.into(),
        }
    }

    fn judged(status: u16, body: &str) -> Failure {
        let answer = answer(status, body);
        failure("host", &answer, v1_error(&answer.body))
    }

    #[test]
    fn each_status_has_its_failure() {
        let ours = |code: ErrorCode| format!(r#"{{"error":{{"code":"{code}","message":"No."}}}}"#);
        assert_eq!(judged(401, &ours(ErrorCode::Unauthorized)), Failure::SignedOut);
        assert_eq!(judged(401, "<html>"), Failure::SignedOut);
        let error = ApiError::new(ErrorCode::BadCredentials, "No.");
        assert_eq!(judged(401, &ours(ErrorCode::BadCredentials)), Failure::Rejected(error));
        assert!(matches!(judged(409, &ours(ErrorCode::Conflict)), Failure::Rejected(_)));
        assert!(matches!(judged(404, "<html>"), Failure::Garbled { .. }));
        assert!(matches!(judged(302, ""), Failure::Garbled { .. }));
        for status in [408, 429, 500, 503, 507] {
            let Failure::Busy { retry_after, .. } = judged(status, "<html>") else {
                panic!("{status}")
            };
            assert_eq!(retry_after, Some(Duration::from_secs(7)));
        }
    }

    #[test]
    fn a_servers_words_cannot_steer_the_terminal() {
        let long = "x".repeat(5000);
        let body = format!(r#"{{"error":{{"code":"invalid","message":"\u001b[31m{long}","field":"a\u009bb"}}}}"#);
        let Failure::Rejected(error) = judged(400, &body) else {
            panic!()
        };
        assert_eq!(error.message.chars().count(), MAX_TEXT);
        assert!(!error.message.contains('\u{1b}') && !error.field.unwrap().contains('\u{9b}'));
    }

    #[rstest]
    #[case("120", Some(120))]
    #[case(" 0 ", Some(0))]
    #[case("99999999999999999999999", Some(86_400))]
    #[case("Sun, 06 Nov 1994 08:49:37 GMT", Some(60))]
    #[case("Sunday, 06-Nov-94 08:49:37 GMT", Some(60))]
    #[case("Sun Nov  6 08:49:37 1994", Some(60))]
    #[case("Sun, 06 Nov 1994 08:00:00 GMT", Some(0))]
    #[case("Sat, 06 Nov 2094 08:00:00 GMT", Some(86_400))]
    #[case("-5", None)]
    #[case("1.5", None)]
    #[case("soon", None)]
    #[case("", None)]
    fn retry_after_is_read_in_every_form(#[case] value: &str, #[case] seconds: Option<u64>) {
        let now: Timestamp = "1994-11-06T08:48:37Z".parse().unwrap();
        assert_eq!(parse_retry_after(value, now), seconds.map(Duration::from_secs));
    }

    proptest! {
        #[test]
        fn any_retry_after_is_safe_and_bounded(value in "\\PC{0,40}") {
            let wait = parse_retry_after(&value, Timestamp::UNIX_EPOCH);
            prop_assert!(wait.is_none_or(|wait| wait <= MAX_WAIT));
        }

        #[test]
        fn seconds_lead_back(seconds in 0_u64..86_400) {
            let wait = parse_retry_after(&seconds.to_string(), Timestamp::UNIX_EPOCH);
            prop_assert_eq!(wait, Some(Duration::from_secs(seconds)));
        }

        #[test]
        fn any_body_is_judged(status in 300_u16..600, body in "\\PC{0,60}") {
            let _ = judged(status, &body);
        }
    }
}
