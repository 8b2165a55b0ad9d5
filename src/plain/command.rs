//! What people type: one command a line.

use crate::domain::nearest::nearest;
use crate::domain::{Month, day};

/// One line, understood.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Command {
    /// An empty line.
    Nothing,
    Overview,
    /// A line as [`crate::domain::entry`] reads it.
    Add(String),
    /// A filter, which may be empty, and how many rows at most.
    List(String, Option<u32>),
    /// The new alerts, or all of them.
    Alerts {
        all: bool,
    },
    /// Marks all alerts as read.
    Read,
    /// Quiet about the category of an alert, until a day if one is said.
    Snooze(usize, Option<String>),
    /// Another month, as [`month`] reads it.
    Month(String),
    /// A category and what its limit should be.
    Limit(String, String),
    /// A row of the last list and the category it belongs to.
    Category(usize, String),
    /// A row of the last list.
    Delete(usize),
    Undo,
    Refresh,
    LogIn(Option<String>),
    SignUp(Option<String>, Option<String>),
    Demo,
    LogOut,
    /// Where the user is logged in.
    Sessions,
    /// Ends a row of that list, or all sessions but this one.
    End(Option<usize>),
    Help,
    Quit,
}

/// Each command: its name, what follows it, and what it does.
pub(super) const HELP: [(&str, &str, &str); 20] = [
    ("overview", "", "the month: what is spent, what is left, each budget"),
    (
        "add",
        "coffee 4.20 yesterday #dining",
        "an expense; day and category may be left out",
    ),
    (
        "list",
        "",
        "the latest expenses; list 50, list coffee since:1sep amount>20",
    ),
    (
        "category",
        "2 groceries",
        "puts expense 2 of the last list into a category",
    ),
    ("delete", "2", "deletes expense 2 of the last list"),
    ("undo", "", "takes the last change back"),
    ("limit", "dining 150", "sets a limit; also +30, -10%, =avg or none"),
    (
        "alerts",
        "",
        "what is new with the budgets; alerts all tells the older ones, too",
    ),
    ("read", "", "marks all alerts as read"),
    ("snooze", "1", "no more of alert 1 until next month; snooze 1 friday"),
    ("month", "october", "another month; also 2026-10, back, next, now"),
    ("refresh", "", "asks the server now"),
    ("login", "ada", "logs in; the password is asked for"),
    ("signup", "ada ada@example.org", "makes an account"),
    ("demo", "", "looks around with sample data"),
    ("logout", "", "ends the session"),
    ("sessions", "", "where you are logged in"),
    (
        "end",
        "2",
        "ends session 2 of that list; end others ends all but this one",
    ),
    ("help", "", "this list"),
    ("quit", "", "leaves"),
];

/// Names that mean a command, too.
const ALIASES: [(&str, &str); 11] = [
    ("summary", "overview"),
    ("budgets", "overview"),
    ("ls", "list"),
    ("expenses", "list"),
    ("rm", "delete"),
    ("put", "category"),
    ("u", "undo"),
    ("?", "help"),
    ("q", "quit"),
    ("exit", "quit"),
    ("bye", "quit"),
];

/// Reads a line.
///
/// # Errors
/// A sentence that says what to type instead.
pub(super) fn parse(line: &str) -> Result<Command, String> {
    let line = line.trim();
    let (word, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    let (word, rest) = (word.to_lowercase(), rest.trim());
    let name = ALIASES
        .iter()
        .find(|(alias, _)| *alias == word)
        .map_or(word.as_str(), |(_, name)| name);
    let optional = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    match name {
        "" => Ok(Command::Nothing),
        "overview" => Ok(Command::Overview),
        "add" if rest.is_empty() => Err("Say what and how much, for example: add coffee 4.20".to_owned()),
        "add" => Ok(Command::Add(rest.to_owned())),
        "list" => Ok(list(rest)),
        "alerts" => match rest {
            "" => Ok(Command::Alerts { all: false }),
            "all" => Ok(Command::Alerts { all: true }),
            _ => Err("alerts tells the new ones, alerts all tells all.".to_owned()),
        },
        "read" => Ok(Command::Read),
        "snooze" => numbered(rest, "Say which alert, for example: snooze 1")
            .map(|(number, until)| Command::Snooze(number, optional(until))),
        "month" => Ok(Command::Month(rest.to_owned())),
        "limit" => limit(rest),
        "category" => match numbered(rest, CATEGORY)? {
            (_, "") => Err(CATEGORY.to_owned()),
            (number, name) => Ok(Command::Category(number, name.to_owned())),
        },
        "delete" => match numbered(rest, DELETE)? {
            (number, "") => Ok(Command::Delete(number)),
            _ => Err(DELETE.to_owned()),
        },
        "undo" => Ok(Command::Undo),
        "refresh" => Ok(Command::Refresh),
        "login" => Ok(Command::LogIn(optional(rest))),
        "signup" => {
            let (user, email) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
            Ok(Command::SignUp(optional(user), optional(email.trim())))
        }
        "demo" => Ok(Command::Demo),
        "logout" => Ok(Command::LogOut),
        "sessions" => Ok(Command::Sessions),
        "end" if rest == "others" => Ok(Command::End(None)),
        "end" => match numbered(rest, END)? {
            (number, "") => Ok(Command::End(Some(number))),
            _ => Err(END.to_owned()),
        },
        "help" => Ok(Command::Help),
        "quit" => Ok(Command::Quit),
        _ => Err(unknown(&word)),
    }
}

const CATEGORY: &str = "Say which expense of the last list and its category, for example: category 2 groceries";
const END: &str = "Say which session of the list, for example: end 2. Or: end others";
const DELETE: &str = "Say which expense of the last list, for example: delete 2";

fn unknown(word: &str) -> String {
    let names = HELP.iter().map(|(name, _, _)| *name);
    match nearest(word, names) {
        Some(name) => format!("There is no command \"{word}\". Did you mean {name}? help lists them all."),
        None => format!("There is no command \"{word}\". help lists them all."),
    }
}

/// `list`, `list 50`, `list coffee`, `list 50 coffee`.
fn list(rest: &str) -> Command {
    let (first, filter) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
    match first.parse() {
        Ok(count) if count > 0 => Command::List(filter.trim().to_owned(), Some(count)),
        _ => Command::List(rest.to_owned(), None),
    }
}

/// The number of a row, counted from 1, and what follows it.
fn numbered<'a>(rest: &'a str, advice: &str) -> Result<(usize, &'a str), String> {
    let (number, rest) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
    match number.trim_end_matches('.').parse() {
        Ok(number) if number > 0 => Ok((number, rest.trim())),
        _ => Err(advice.to_owned()),
    }
}

/// `limit personal care 150`: the last word is the limit.
fn limit(rest: &str) -> Result<Command, String> {
    match rest.rsplit_once(char::is_whitespace) {
        Some((category, amount)) => Ok(Command::Limit(category.trim().to_owned(), amount.to_owned())),
        None => Err("Say the category and its limit, for example: limit dining 150".to_owned()),
    }
}

/// `october`, `oct 2025`, `2026-10`, `back`, `next`, `now`; a name alone is the latest one that is not ahead. None is
/// the current month.
///
/// # Errors
/// A sentence that says what to type instead.
pub(super) fn month(rest: &str, current: Month, shown: Month) -> Result<Option<Month>, String> {
    let words = rest.to_lowercase();
    let month = match words.as_str() {
        "" | "now" | "this" | "current" => return Ok(None),
        "back" | "previous" | "last" | "-" => shown.plus(-1),
        "next" | "forward" | "+" => shown.plus(1),
        _ => named(&words, current).or_else(|| words.parse().ok()).ok_or_else(|| {
            format!("\"{rest}\" is not a month. Write october, october 2025, 2026-10, back, next or now.")
        })?,
    };
    Ok(Some(month).filter(|month| *month != current))
}

fn named(words: &str, current: Month) -> Option<Month> {
    let (name, year) = words.split_once(' ').unwrap_or((words, ""));
    let number = day::month_number(name)?;
    if !year.is_empty() {
        return format!("{}-{number:02}", year.trim()).parse().ok();
    }
    let year = current.first_day().year();
    let this: Month = format!("{year}-{number:02}").parse().ok()?;
    Some(if this > current { this.plus(-12) } else { this })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    fn month_of(text: &str) -> Month {
        text.parse().unwrap()
    }

    fn read_month(text: &str) -> Result<Option<Month>, String> {
        month(text, month_of("2026-11"), month_of("2026-11"))
    }

    #[rstest]
    #[case("", Command::Nothing)]
    #[case("  Overview ", Command::Overview)]
    #[case("add coffee 4.20 yesterday", Command::Add("coffee 4.20 yesterday".to_owned()))]
    #[case("list", Command::List(String::new(), None))]
    #[case("list 50", Command::List(String::new(), Some(50)))]
    #[case("list 50 coffee", Command::List("coffee".to_owned(), Some(50)))]
    #[case("ls coffee since:1sep", Command::List("coffee since:1sep".to_owned(), None))]
    #[case("limit personal care +10%", Command::Limit("personal care".to_owned(), "+10%".to_owned()))]
    #[case("category 2 fun", Command::Category(2, "fun".to_owned()))]
    #[case("delete 3.", Command::Delete(3))]
    #[case("snooze 1 1 dec", Command::Snooze(1, Some("1 dec".to_owned())))]
    #[case("alerts", Command::Alerts { all: false })]
    #[case("alerts all", Command::Alerts { all: true })]
    #[case("month October", Command::Month("October".to_owned()))]
    #[case("signup ada ada@example.org", Command::SignUp(Some("ada".to_owned()), Some("ada@example.org".to_owned())))]
    #[case("login", Command::LogIn(None))]
    #[case("sessions", Command::Sessions)]
    #[case("end 2", Command::End(Some(2)))]
    #[case("end others", Command::End(None))]
    #[case("exit", Command::Quit)]
    fn lines_are_understood(#[case] line: &str, #[case] command: Command) {
        assert_eq!(parse(line), Ok(command), "{line}");
    }

    #[rstest]
    #[case("", None)]
    #[case("October", Some("2026-10"))]
    #[case("dec", Some("2025-12"))]
    #[case("nov", None)]
    #[case("march 2024", Some("2024-03"))]
    #[case("2026-09", Some("2026-09"))]
    #[case("back", Some("2026-10"))]
    #[case("next", Some("2026-12"))]
    fn months_are_understood(#[case] text: &str, #[case] wanted: Option<&str>) {
        assert_eq!(read_month(text), Ok(wanted.map(month_of)), "{text}");
    }

    #[rstest]
    #[case("13")]
    #[case("oct 20x")]
    fn what_is_no_month_is_told(#[case] text: &str) {
        assert!(read_month(text).unwrap_err().contains("is not a month"));
    }

    #[rstest]
    #[case("ad", "Did you mean add?")]
    #[case("overviw", "Did you mean overview?")]
    #[case("xyzzy", "help lists them all")]
    #[case("alerts some", "alerts all")]
    #[case("add", "add coffee 4.20")]
    #[case("limit dining", "limit dining 150")]
    #[case("delete", "delete 2")]
    #[case("delete 0", "delete 2")]
    #[case("delete 1 2", "delete 2")]
    #[case("end", "end others")]
    #[case("end 1 2", "end 2")]
    #[case("category 2", "category 2 groceries")]
    fn mistakes_are_told_with_what_to_type(#[case] line: &str, #[case] advice: &str) {
        let told = parse(line).unwrap_err();
        assert!(told.contains(advice), "{told}");
    }

    #[test]
    fn what_the_help_shows_is_understood() {
        for (name, example, _) in HELP {
            assert!(parse(&format!("{name} {example}")).is_ok(), "{name} {example}");
        }
        for (alias, name) in ALIASES {
            assert!(HELP.iter().any(|(known, _, _)| *known == name), "{alias}");
        }
    }

    proptest! {
        #[test]
        fn any_line_is_safe(line in any::<String>()) {
            let _ = parse(&line);
        }

        #[test]
        fn any_month_is_safe(text in "(jan|oct|2026-|[a-z]{0,9}|[0-9]{0,5}| ){0,4}") {
            let _ = read_month(&text);
        }
    }
}
