//! Text that people and banks write: what is accepted, and what is safe to print.

use std::borrow::Cow;

use thiserror::Error;
use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::UnicodeSegmentation;

/// Longest description, in characters (Unicode scalar values).
pub const MAX_DESCRIPTION: usize = 256;
/// Longest user name and category name, in characters.
pub const MAX_NAME: usize = 64;

/// Why a text is not accepted.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum TextError {
    /// Nothing but spaces.
    #[error("Write something here.")]
    Empty,
    /// Longer than the field allows.
    #[error("Too long: {0} characters at most.")]
    TooLong(usize),
    /// A control, bidirectional or invisible character.
    #[error("It holds an invisible or control character (U+{0:04X}). Type it again without.")]
    Hidden(u32),
}

/// Normalises (NFC), trims and checks a text for storing.
///
/// # Errors
/// [`TextError`] when it is empty, longer than `max` characters, or holds a hidden character.
pub fn clean(text: &str, max: usize) -> Result<String, TextError> {
    // Checked before normalising, so that a huge text costs nothing.
    if text.chars().take(max * 4 + 64).count() > max * 4 + 32 {
        return Err(TextError::TooLong(max));
    }
    let text: String = text.trim().nfc().collect();
    if let Some(hidden) = hidden_in(&text) {
        return Err(TextError::Hidden(u32::from(hidden)));
    }
    if text.is_empty() {
        return Err(TextError::Empty);
    }
    if text.chars().count() > max {
        return Err(TextError::TooLong(max));
    }
    Ok(text)
}

/// The text with every character that could steer a terminal or reorder a line replaced by `U+FFFD`,
/// for printing anything that came from a server, a file or a person.
#[must_use]
pub fn printable(text: &str) -> Cow<'_, str> {
    // Nearly every text; what follows looks at clusters, which costs much more.
    if !text.chars().any(is_hidden) || hidden_in(text).is_none() {
        return Cow::Borrowed(text);
    }
    let mut shown = without_hidden(text);
    // What is replaced parts a cluster, and may leave a joiner there with nothing to join.
    while hidden_in(&shown).is_some() {
        shown = without_hidden(&shown);
    }
    Cow::Owned(shown)
}

fn without_hidden(text: &str) -> String {
    let shown = |cluster: &str| -> String {
        cluster
            .char_indices()
            .map(|(at, c)| if is_hidden_in(cluster, at, c) { '\u{fffd}' } else { c })
            .collect()
    };
    text.graphemes(true).map(shown).collect()
}

/// The text as a search compares it: lower case, without accents, `ß` as `ss`.
#[must_use]
pub fn fold(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        let lower = !text.bytes().any(|b| b.is_ascii_uppercase());
        return if lower {
            Cow::Borrowed(text)
        } else {
            Cow::Owned(text.to_ascii_lowercase())
        };
    }
    let mut folded = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_ascii() {
            folded.push(c.to_ascii_lowercase());
        } else {
            // The order of accents, which is all that a letter's neighbours decide, does not count here.
            fold_letter(c, &mut folded);
        }
    }
    Cow::Owned(folded)
}

fn fold_letter(letter: char, folded: &mut String) {
    for c in std::iter::once(letter).nfkd().flat_map(char::to_lowercase) {
        match c {
            'ß' => folded.push_str("ss"),
            'æ' => folded.push_str("ae"),
            'œ' => folded.push_str("oe"),
            'ø' => folded.push('o'),
            'đ' => folded.push('d'),
            'ł' => folded.push('l'),
            'ı' => folded.push('i'),
            c if unicode_normalization::char::is_combining_mark(c) => {}
            c => folded.push(c),
        }
    }
}

/// The first character that must not be stored or printed, if there is one.
fn hidden_in(text: &str) -> Option<char> {
    text.graphemes(true).find_map(|cluster| {
        let mut found = cluster.char_indices().filter(|&(at, c)| is_hidden_in(cluster, at, c));
        found.next().map(|(_, c)| c)
    })
}

/// Whether the character at this place of a cluster must not be there. A zero-width joiner that joins is part of the
/// letter: one between two that are to be seen (family signs), or behind a mark (scripts of India and Sri Lanka).
fn is_hidden_in(cluster: &str, at: usize, c: char) -> bool {
    if c != '\u{200d}' {
        return is_hidden(c);
    }
    let before = cluster[..at].chars().next_back();
    let behind = cluster[at + c.len_utf8()..].chars().next();
    let seen = |c: Option<char>| c.is_some_and(|c| !is_hidden(c));
    let joins = before.is_some_and(unicode_normalization::char::is_combining_mark) || (seen(before) && seen(behind));
    !joins
}

/// C0, C1, DEL, line separators, bidirectional controls, and unpaired zero-width characters.
fn is_hidden(c: char) -> bool {
    if matches!(c, ' '..='~') {
        return false;
    }
    c.is_control()
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{ad}' | '\u{61c}' | '\u{180e}')
        || matches!(c, '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn ordinary_text_is_kept_and_normalised() {
        assert_eq!(clean("  Cafe\u{301} 東京 ", 20), Ok("Café 東京".to_owned()));
        for joined in ["क्\u{200d}ष", "ශ්\u{200d}රී", "👩\u{200d}👧"] {
            assert_eq!(clean(joined, 20), Ok(joined.to_owned()));
        }
    }

    #[test]
    fn hidden_characters_are_refused_and_never_printed() {
        for bad in [
            "\u{1b}[31mred",
            "a\u{9b}31m",
            "a\u{202e}b",
            "a\u{200b}b",
            "line\nbreak",
            "\u{7}",
            "a\u{2028}b",
            "a\u{200d}",
            "a\u{200d}b",
            "東\u{200d}\u{200d}\u{200d}",
        ] {
            assert!(matches!(clean(bad, 40), Err(TextError::Hidden(_))), "{bad:?}");
            assert!(hidden_in(&printable(bad)).is_none(), "{bad:?}");
        }
        assert_eq!(clean("   ", 20), Err(TextError::Empty));
        assert_eq!(clean(&"x".repeat(21), 20), Err(TextError::TooLong(20)));
        assert_eq!(clean(&"x".repeat(1_000_000), 20), Err(TextError::TooLong(20)));
    }

    #[test]
    fn folding_forgets_case_and_accents() {
        for (text, folded) in [
            ("Café", "cafe"),
            ("STRASSE", "strasse"),
            ("Straße", "strasse"),
            ("Łódź", "lodz"),
            ("İstanbul", "istanbul"),
            ("東京", "東京"),
        ] {
            assert_eq!(fold(text), folded);
        }
    }

    proptest! {
        #[test]
        fn folding_twice_is_folding_once(text in "\\PC{0,40}") {
            let once = fold(&text).into_owned();
            prop_assert_eq!(fold(&once).into_owned(), once.clone());
        }

        #[test]
        fn printable_text_never_steers_a_terminal(text in any::<String>()) {
            let shown = printable(&text);
            prop_assert!(!shown.chars().any(char::is_control));
            prop_assert_eq!(printable(&shown).into_owned(), shown.clone().into_owned());
        }

        #[test]
        fn joiners_are_judged_alike_twice(text in "[a東क\u{94d}ष\u{200d}\u{fe0f}\u{e0041}👩🏽]{0,12}") {
            let shown = printable(&text).into_owned();
            prop_assert_eq!(printable(&shown).into_owned(), shown);
        }

        #[test]
        fn what_is_accepted_is_stable(text in any::<String>()) {
            if let Ok(kept) = clean(&text, 64) {
                prop_assert_eq!(clean(&kept, 64), Ok(kept.clone()));
                prop_assert_eq!(printable(&kept).into_owned(), kept);
            }
        }
    }
}
