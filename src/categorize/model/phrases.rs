//! The list of known phrases: what the model may ask of it.

/// What the list says about a phrase.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::categorize) struct Phrase {
    /// Index into [`DEFAULTS`](crate::domain::category::DEFAULTS).
    pub category: u8,
    /// A second category where the sources disagree.
    pub also: Option<u8>,
    /// Where it is from, 0 to 7: as far as it can be trusted.
    pub kind: u8,
}

/// A list of phrases.
pub(in crate::categorize) trait Phrases {
    /// What the list says about the phrase filed under `key`.
    fn find(&self, key: u32) -> Option<Phrase>;
}
