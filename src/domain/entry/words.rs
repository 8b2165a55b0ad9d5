//! The words of a line.

/// One word and where it begins.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Word<'a> {
    pub text: &'a str,
    /// Byte of the line.
    pub start: usize,
}

impl<'a> Word<'a> {
    /// The word without what ends a clause or a sentence.
    pub(super) fn bare(&self) -> &'a str {
        self.text.trim_end_matches([',', ';', ':', '.', '!', '?'])
    }

    /// The word without commas at its end: a point may belong to a day.
    pub(super) fn pointed(&self) -> &'a str {
        self.text.trim_end_matches([',', ';', ':'])
    }
}

/// Splits at white space.
pub(super) fn split(line: &str) -> Vec<Word<'_>> {
    let mut words = Vec::new();
    let mut start = None;
    for (at, c) in line.char_indices().chain([(line.len(), ' ')]) {
        match (c.is_whitespace(), start) {
            (true, Some(from)) => {
                words.push(Word {
                    text: &line[from..at],
                    start: from,
                });
                start = None;
            }
            (false, None) => start = Some(at),
            _ => {}
        }
    }
    words
}
