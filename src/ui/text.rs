//! Measuring and cutting text in terminal columns, grapheme by grapheme.
//!
//! Every function first makes the text [`drawn`], so a hostile description can neither steer the
//! terminal nor shift a column.

use std::borrow::Cow;

use ratatui::buffer::CellWidth;
use unicode_segmentation::UnicodeSegmentation;

use crate::domain::text::printable;

/// More characters than this for each column are never looked at, so that a huge text costs no more than its start.
const CHARS_IN_COLUMN: usize = 32;
/// The longest text that is broken into lines, in characters: more than any screen shows.
const WRAPPED_CHARS: usize = 8192;

/// The zero-width joiner.
const JOINER: char = '\u{200d}';

/// What a cut text ends with.
const ELLIPSIS: &str = "…";

/// The text as it is drawn: [`printable`], and each cluster whose width terminals do not agree on as its base alone.
///
/// Emoji that are joined (families) or changed by a skin tone or a variation selector become their first emoji, a
/// flag becomes its two letters. Letters that are joined, as in Indic scripts, stay.
#[must_use]
pub fn drawn(text: &str) -> Cow<'_, str> {
    if text.bytes().all(|b| matches!(b, b' '..=b'~')) {
        return Cow::Borrowed(text);
    }
    let text = printable(text);
    if text.chars().any(is_doubtful) {
        let bases: String = text.graphemes(true).flat_map(base).collect();
        // Without what it joined, a joiner is a hidden character.
        Cow::Owned(printable(&bases).into_owned())
    } else {
        text
    }
}

/// What may make the width of a cluster doubtful.
fn is_doubtful(c: char) -> bool {
    is_regional(c) || is_modifier(c) || c == JOINER
}

/// What all terminals draw alike of a cluster.
fn base(cluster: &str) -> impl Iterator<Item = char> {
    let letters = cluster.chars().next().is_some_and(char::is_alphabetic);
    let changes = move |c| is_modifier(c) || (c == JOINER && !letters);
    let kept = cluster
        .char_indices()
        // At the start there is nothing to change: a skin tone alone is a patch of colour.
        .find(|&(at, c)| at > 0 && changes(c))
        .map_or(cluster, |(at, _)| &cluster[..at]);
    kept.chars().map(|c| regional_letter(c).unwrap_or(c))
}

/// A skin tone, or the choice between text and emoji.
fn is_modifier(c: char) -> bool {
    matches!(c, '\u{1f3fb}'..='\u{1f3ff}' | '\u{fe0e}' | '\u{fe0f}')
}

fn is_regional(c: char) -> bool {
    matches!(c, '\u{1f1e6}'..='\u{1f1ff}')
}

/// `A` for the first half of a flag such as Austria's.
fn regional_letter(c: char) -> Option<char> {
    let place = is_regional(c).then(|| u32::from(c) - 0x1_f1e6)?;
    char::from_u32(u32::from('A') + place)
}

/// The letters of a cluster, each with the marks that stand on it.
#[must_use]
pub fn letters(cluster: &str) -> Vec<String> {
    let mut letters: Vec<String> = Vec::new();
    for c in cluster.chars() {
        let alone = c.encode_utf8(&mut [0; 4]).cell_width();
        match letters.last_mut() {
            Some(letter) if alone == 0 => letter.push(c),
            _ => letters.push(c.to_string()),
        }
    }
    letters
}

/// The columns that `text` takes up.
#[must_use]
pub fn width(text: &str) -> u16 {
    if let Some(columns) = plain_width(text) {
        return columns;
    }
    graphemes(&drawn(text)).fold(0, |sum, (_, columns)| sum.saturating_add(columns))
}

/// The columns of a text of letters that nothing combines with and that are one column wide everywhere: ASCII, and
/// what boxes, bars and charts are drawn with. It costs a fraction of looking at clusters.
fn plain_width(text: &str) -> Option<u16> {
    let plain = |c| matches!(c, ' '..='~' | '\u{2500}'..='\u{25fc}' | '\u{2800}'..='\u{28ff}');
    let mut columns = 0_usize;
    for c in text.chars() {
        if !plain(c) {
            return None;
        }
        columns += 1;
    }
    Some(u16::try_from(columns).unwrap_or(u16::MAX))
}

/// `text` in at most `width` columns; a longer one is cut between graphemes and ends with `…`.
#[must_use]
pub fn fit(text: &str, width: u16) -> String {
    fit_with(text, width, ELLIPSIS)
}

/// [`fit`] with another ellipsis, for terminals that draw only ASCII.
#[must_use]
pub fn fit_with(text: &str, limit: u16, ellipsis: &str) -> String {
    let (head, whole) = start(text, usize::from(limit) * CHARS_IN_COLUMN + CHARS_IN_COLUMN);
    let text = drawn(head);
    if whole && width(&text) <= limit {
        return text.into_owned();
    }
    let mut kept = take(&text, limit.saturating_sub(width(ellipsis)));
    loop {
        let cut = format!("{kept}{ellipsis}");
        if width(&cut) <= limit {
            return cut;
        }
        // A few letters join with what follows them and make it wider than its parts.
        let Some((at, _)) = kept.grapheme_indices(true).next_back() else {
            return String::new();
        };
        kept.truncate(at);
    }
}

/// `text` cut to `width` columns and filled with spaces on the right.
#[must_use]
pub fn pad(text: &str, width: u16) -> String {
    let mut text = fit(text, width);
    text.push_str(&blanks(&text, width));
    text
}

/// `text` cut to `width` columns and filled with spaces on the left: for numbers.
#[must_use]
pub fn pad_left(text: &str, width: u16) -> String {
    let text = fit(text, width);
    blanks(&text, width) + &text
}

/// The columns from `skip` on, at most `width` of them. Half of a wide grapheme at the left edge becomes a space.
#[must_use]
pub fn slice(text: &str, skip: u16, width: u16) -> String {
    let text = drawn(text);
    let mut column = 0_u16;
    let mut shown = String::new();
    let mut rest = "";
    for (at, grapheme) in text.grapheme_indices(true) {
        if column >= skip {
            rest = &text[at..];
            break;
        }
        column = column.saturating_add(columns(grapheme));
    }
    for _ in skip..column {
        shown.push(' ');
    }
    let left = width.saturating_sub(column.saturating_sub(skip));
    shown.push_str(&take(rest, left));
    take(&shown, width)
}

/// Breaks `text` at spaces into lines of at most `width` columns; a longer word is broken where it must be.
#[must_use]
pub fn wrap(text: &str, width: u16) -> Vec<String> {
    let text = drawn(start(text, WRAPPED_CHARS).0);
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let joined = if line.is_empty() {
            word.to_owned()
        } else {
            format!("{line} {word}")
        };
        if self::width(&joined) <= width {
            line = joined;
            continue;
        }
        if !line.is_empty() {
            lines.push(line);
        }
        line = break_word(word, width, &mut lines);
    }
    if !line.is_empty() {
        lines.push(line);
    }
    lines
}

/// Pushes the full lines of a word and returns its end; a letter wider than a line is left out.
fn break_word(word: &str, limit: u16, lines: &mut Vec<String>) -> String {
    let mut line = String::new();
    let mut used = 0;
    for (grapheme, columns) in graphemes(word).filter(|&(_, columns)| columns <= limit) {
        if used + columns > limit {
            lines.push(std::mem::take(&mut line));
            used = 0;
        }
        line.push_str(grapheme);
        used += columns;
    }
    line
}

/// The first `chars` characters of `text`, and whether that is all of it.
fn start(text: &str, chars: usize) -> (&str, bool) {
    text.char_indices()
        .nth(chars)
        .map_or((text, true), |(at, _)| (&text[..at], false))
}

/// The longest start of `text` that fits into `limit` columns.
fn take(text: &str, limit: u16) -> String {
    let mut used = 0_u16;
    let mut kept = String::new();
    for (grapheme, columns) in graphemes(text) {
        used = used.saturating_add(columns);
        if used > limit {
            break;
        }
        kept.push_str(grapheme);
    }
    kept
}

fn blanks(text: &str, limit: u16) -> String {
    " ".repeat(usize::from(limit.saturating_sub(width(text))))
}

fn graphemes(text: &str) -> impl Iterator<Item = (&str, u16)> {
    text.graphemes(true).map(|grapheme| (grapheme, columns(grapheme)))
}

/// What ratatui gives a grapheme; the same rule, or columns would drift apart.
fn columns(grapheme: &str) -> u16 {
    grapheme.cell_width()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use ratatui::buffer::Buffer;
    use ratatui::layout::Rect;
    use rstest::rstest;

    #[rstest]
    #[case("Dining", 6, "Dining")]
    #[case("Dining", 5, "Dini…")]
    #[case("東京タワー", 10, "東京タワー")]
    #[case("東京タワー", 9, "東京タワ…")]
    #[case("東京タワー", 8, "東京タ…")]
    #[case("Cafe\u{301} No", 5, "Cafe\u{301}…")]
    #[case("Dining", 1, "…")]
    #[case("Dining", 0, "")]
    #[case("a\u{1b}[31m", 9, "a\u{fffd}[31m")]
    fn cuts_between_letters(#[case] text: &str, #[case] limit: u16, #[case] expected: &str) {
        assert_eq!(fit(text, limit), expected);
    }

    #[test]
    fn pads_to_columns_not_characters() {
        assert_eq!(pad("東京", 6), "東京  ");
        assert_eq!(pad_left("9.50", 6), "  9.50");
        assert_eq!(pad("abcdef", 3), "ab…");
        assert_eq!(fit_with("abcdef", 3, "~"), "ab~");
    }

    #[rstest]
    #[case("👩‍👩‍👧‍👦 zoo", "👩 zoo", 6)]
    #[case("👍🏽!", "👍!", 3)]
    #[case("🏽", "🏽", 2)]
    #[case("❤\u{fe0f} 1\u{fe0f}\u{20e3}", "❤ 1", 3)]
    #[case("🇦🇹 🇩🇪", "AT DE", 5)]
    #[case("🏳\u{fe0f}‍🌈", "🏳", 1)]
    #[case("क्\u{200d}ष", "क्\u{200d}ष", 2)]
    #[case("🎉 Café 東京", "🎉 Café 東京", 12)]
    fn clusters_of_doubtful_width_are_drawn_as_their_base(
        #[case] text: &str,
        #[case] shown: &str,
        #[case] columns: u16,
    ) {
        assert_eq!((&*drawn(text), width(text)), (shown, columns));
        assert_eq!(fit(text, columns), shown);
        assert_eq!(slice(text, 0, columns), shown);
        assert_eq!(pad(text, columns + 1), format!("{shown} "));
        assert_eq!(pad_left(text, columns + 1), format!(" {shown}"));
        assert_eq!(wrap(text, columns), [shown]);
    }

    #[test]
    fn a_slice_starts_in_the_middle() {
        assert_eq!(slice("abcdef", 2, 3), "cde");
        assert_eq!(slice("東京タワー", 1, 4), " 京 ".trim_end());
        assert_eq!(slice("abc", 9, 4), "");
    }

    #[test]
    fn wraps_at_spaces() {
        assert_eq!(wrap("one two  three", 7), ["one two", "three"]);
        assert_eq!(wrap("abcdefgh ij", 3), ["abc", "def", "gh", "ij"]);
        assert_eq!(wrap("東京", 1), Vec::<String>::new());
        assert_eq!(wrap("a東b", 1), ["a", "b"]);
        assert_eq!(wrap("", 10), Vec::<String>::new());
    }

    #[test]
    fn a_huge_text_costs_no_more_than_its_start() {
        let huge = "界".repeat(4_000_000);
        assert_eq!(fit(&huge, 5), "界界…");
        assert!(wrap(&huge, 80).len() < 300);
        let marks = format!("a{}", "\u{301}".repeat(4_000_000));
        assert!(fit(&marks, 5).len() < 1000);
    }

    proptest! {
        #[test]
        fn nothing_is_wider_than_asked(text in any::<String>(), limit in 0_u16..40, skip in 0_u16..40) {
            for ellipsis in ["…", "~"] {
                let cut = fit_with(&text, limit, ellipsis);
                prop_assert!(width(&cut) <= limit, "{cut:?}");
                prop_assert!(!cut.chars().any(char::is_control));
            }
            prop_assert!(width(&slice(&text, skip, limit)) <= limit);
            prop_assert!(wrap(&text, limit).iter().all(|line| width(line) <= limit));
        }

        #[test]
        fn what_is_drawn_is_drawn_the_same_again(text in "[ -~é東क्षष\u{200d}\u{fe0f}👩👧👍🏽🇦🇹❤]{0,12}") {
            let shown = drawn(&text);
            prop_assert_eq!(drawn(&shown), shown.clone());
            prop_assert_eq!(width(&shown), width(&text));
        }

        #[test]
        fn padding_fills_exactly(text in "[ -~é東한ｶﾞ🎉]{0,30}", limit in 0_u16..40) {
            prop_assert_eq!(width(&pad(&text, limit)), limit);
            prop_assert_eq!(width(&pad_left(&text, limit)), limit);
        }

        #[test]
        fn plain_text_is_measured_as_all_other_is(text in "[ -~▆▅│─╭◆●▲◇▷⠁⣿éé東]{0,40}") {
            let clusters = graphemes(&text).map(|(_, columns)| columns).sum::<u16>();
            prop_assert!(plain_width(&text).is_none_or(|columns| columns == clusters));
            prop_assert_eq!(width(&text), clusters);
        }

        #[test]
        fn every_plain_letter_is_one_column_wide(c in prop::char::ranges(vec!['\u{2500}'..='\u{25fc}', '\u{2800}'..='\u{28ff}'].into())) {
            prop_assert_eq!(columns(c.encode_utf8(&mut [0; 4])), 1);
        }

        #[test]
        fn width_is_what_the_buffer_uses(text in any::<String>()) {
            let shown = drawn(&text);
            let mut buf = Buffer::empty(Rect::new(0, 0, 400, 1));
            let (end, _) = buf.set_stringn(0, 0, shown.as_ref(), 400, ratatui::style::Style::new());
            prop_assert_eq!(end, width(&text).min(400));
        }
    }
}
