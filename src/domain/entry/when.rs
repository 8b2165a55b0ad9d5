//! The day in a line.

use std::ops::Range;

use jiff::civil::Date;

use super::Question;
use super::amount;
use super::words::Word;
use crate::domain::day;

/// A number of four digits behind a day and a month is a year when it is at most this many years away.
const YEARS: i16 = 10;

/// The words of the last day in the line, and the day.
pub(super) fn find(
    words: &[Word<'_>],
    free: usize,
    tag: Option<usize>,
    question: Question,
) -> Option<(Range<usize>, Date)> {
    if !question.day {
        return None;
    }
    let mut last = None;
    let mut at = free;
    while at < words.len() {
        if let Some((count, day)) = starting_at(words, at, tag, question) {
            let on = at > free && words[at - 1].text.eq_ignore_ascii_case("on");
            last = Some((at - usize::from(on)..at + count, day));
            at += count;
        } else {
            at += 1;
        }
    }
    last
}

/// The day that begins with word `at`, and the number of its words.
fn starting_at(words: &[Word<'_>], at: usize, tag: Option<usize>, question: Question) -> Option<(usize, Date)> {
    let read = |count: usize, text: &str| day::parse(text, question.today).ok().map(|day| (count, day));
    if let Some(day) = is_one_word(&words[at]).and_then(|text| read(1, text)) {
        return Some(day);
    }
    if day::weekday(words[at].bare(), question.today).is_some() && ends_the_text(words, at, tag, question) {
        return read(1, words[at].bare());
    }
    let text = |count: usize| {
        let some = words.get(at..at + count)?;
        Some(some.iter().map(Word::bare).collect::<Vec<_>>().join(" ").to_lowercase())
    };
    if let Some(three) = text(3).filter(|text| text.ends_with(" ago")) {
        return read(3, &three);
    }
    if let Some(two) = text(2).filter(|text| text.starts_with("last ")) {
        return read(2, &two);
    }
    let pair = day_and_month(&words[at], words.get(at + 1)?)?;
    if let Some(year) = words.get(at + 2).and_then(|word| year(word, question.today))
        && is_a_number_elsewhere(words, at, question)
        && let Some(day) = read(3, &format!("{pair} {year}"))
    {
        return Some(day);
    }
    read(2, &pair)
}

/// A word that is nothing but a day.
pub(super) fn is_one_word<'a>(word: &Word<'a>) -> Option<&'a str> {
    let (bare, pointed) = (word.bare(), word.pointed());
    if ["today", "yesterday", "tomorrow"]
        .iter()
        .any(|day| bare.eq_ignore_ascii_case(day))
    {
        return Some(bare);
    }
    let parts = |text: &'a str, mark: char| text.split(mark).map(digits).collect::<Vec<_>>();
    if let [1 | 2, 1 | 2] | [1 | 2, 1 | 2, 4] = parts(bare, '/')[..] {
        return Some(bare);
    }
    match (&parts(bare, '-')[..], &parts(pointed, '.')[..]) {
        ([4, 2, 2], _) | (_, [1 | 2, 1 | 2, 4]) => Some(bare),
        // Without the second point it is an amount.
        (_, [1 | 2, 1 | 2, 0]) if pointed.ends_with('.') => Some(pointed),
        _ => None,
    }
}

/// The number of digits, if there is nothing else; 9 otherwise.
fn digits(text: &str) -> usize {
    if text.bytes().all(|b| b.is_ascii_digit()) {
        text.len()
    } else {
        9
    }
}

/// `1 nov` of `1 nov`, `1st nov`, `nov 1` or `Nov. 1st,`.
fn day_and_month(first: &Word<'_>, second: &Word<'_>) -> Option<String> {
    let pair = |number: &Word<'_>, month: &Word<'_>| {
        let number = ordinal(number.bare())?;
        day::month_number(&month.bare().to_lowercase())?;
        Some(format!("{number} {}", month.bare()))
    };
    pair(first, second).or_else(|| pair(second, first))
}

/// `1` of `1` or `1st`.
fn ordinal(text: &str) -> Option<&str> {
    let count = text.bytes().take_while(u8::is_ascii_digit).count();
    let ends = ["", "st", "nd", "rd", "th"]
        .iter()
        .any(|end| text[count..].eq_ignore_ascii_case(end));
    ((1..=2).contains(&count) && ends).then_some(&text[..count])
}

fn year(word: &Word<'_>, today: Date) -> Option<i16> {
    let text = word.bare();
    let year: i16 = text.parse().ok().filter(|_| digits(text) == 4)?;
    (today.year().saturating_sub(year).abs() <= YEARS).then_some(year)
}

/// Whether another word than the three from `at` on may be the amount: else the year is rather that.
fn is_a_number_elsewhere(words: &[Word<'_>], at: usize, question: Question) -> bool {
    let outside = |&(other, _): &(usize, &Word<'_>)| !(at..at + 3).contains(&other);
    !question.amount
        || words
            .iter()
            .enumerate()
            .filter(outside)
            .any(|(_, word)| amount::may_be(word, question.currency))
}

/// Whether nothing but an amount and a category follow word `at`, and some text stands before it.
fn ends_the_text(words: &[Word<'_>], at: usize, tag: Option<usize>, question: Question) -> bool {
    let is_text = |&(other, word): &(usize, &Word<'_>)| {
        Some(other) != tag
            && !amount::may_be(word, question.currency)
            && !amount::is_own_mark(word.bare(), question.currency)
    };
    let mut texts = words.iter().enumerate().filter(is_text);
    let (mut before, mut after) = (false, false);
    for (other, _) in texts.by_ref() {
        before |= other < at;
        after |= other > at;
    }
    before && !after
}
