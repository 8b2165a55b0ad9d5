//! One hash for features and phrases: the same on every machine, in every version of the compiler.

const STEP: u64 = 0x9E37_79B9_7F4A_7C15;

/// A hash that is fed letter by letter.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::categorize) struct Hash(u64);

impl Hash {
    /// The start of hashes of one kind; kinds do not meet.
    pub const fn of_kind(kind: u8) -> Self {
        Self((kind as u64 + 1).wrapping_mul(STEP))
    }

    /// With a number more.
    pub const fn with(self, value: u32) -> Self {
        let mixed = (self.0 ^ value as u64).wrapping_mul(STEP);
        Self(mixed ^ (mixed >> 29))
    }

    /// With a text more.
    pub fn text(self, text: &str) -> Self {
        text.chars().fold(self, |hash, c| hash.with(u32::from(c)))
    }

    /// The 32 bits that are kept.
    pub const fn finish(self) -> u32 {
        let mixed = (self.0 ^ (self.0 >> 32)).wrapping_mul(0xD6E8_FEB8_6659_FD93);
        (mixed >> 32) as u32
    }
}
