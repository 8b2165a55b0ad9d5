//! The model's file: what stands where, how it is checked, and how it is looked up without being unpacked.
//!
//! Little-endian throughout.
//!
//! | bytes | what |
//! | --- | --- |
//! | 8 | [`MAGIC`] |
//! | 4 | [`VERSION`] |
//! | 4 | [`checksum`] of everything behind it |
//! | 4 | number of slots |
//! | 4 | number of phrases |
//! | 4 | largest scale of a slot, `f32` |
//! | 4 | temperature of what people type, `f32` |
//! | 4 | temperature of what banks print, `f32` |
//! | 2 a slot | mark of the feature in it, 0 for none |
//! | 1 a slot | its scale: the square of this out of 255 of the largest one |
//! | 10 a slot | twenty weights of four bits, -7 to 7 times the scale |
//! | 4 × 257 | where phrases begin whose key has this first byte |
//! | 5 a phrase | the other three bytes of its key, then category, second category and kind in 5 + 5 + 4 bits |

use super::hash::Hash;
use super::phrases::{Phrase, Phrases};
use crate::domain::category::DEFAULTS;

/// The first bytes of the file.
pub const MAGIC: [u8; 8] = *b"BTCATEG\n";
/// The layout above.
pub const VERSION: u32 = 1;
/// Number of categories.
pub(in crate::categorize) const CLASSES: usize = DEFAULTS.len();

const HEADER: usize = 36;
const NIBBLES: usize = CLASSES / 2;
const STARTS: usize = 4 * 257;
const ENTRY: usize = 5;
/// Slots that a feature may be put in, counted from its own.
pub(in crate::categorize) const REACH: u32 = 24;

/// Why bytes are no model.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum AssetError {
    /// It is something else.
    #[error("This is no model of this program.")]
    Magic,
    /// It was made for another version of the program.
    #[error("The model has layout {0}; this program reads {VERSION}. Train it anew.")]
    Version(u32),
    /// Bytes are missing, or there are too many.
    #[error("The model is cut off. Train it anew.")]
    Length,
    /// Bytes were changed.
    #[error("The model is damaged: its checksum is another. Train it anew.")]
    Checksum,
}

/// A model in its file's own bytes.
#[derive(Clone, Copy, Debug)]
pub(in crate::categorize) struct Asset<'a> {
    slots: u32,
    largest: f32,
    /// What scores are divided by: of what people type, and of what banks print.
    pub temperatures: [f32; 2],
    marks: &'a [u8],
    scales: &'a [u8],
    weights: &'a [u8],
    starts: &'a [u8],
    entries: &'a [u8],
}

impl Asset<'static> {
    /// A model that knows nothing, so that a new one can be trained where the old one cannot be read.
    pub const EMPTY: Self = Self {
        slots: 1,
        largest: 0.0,
        temperatures: [1.0; 2],
        marks: &[0; 2],
        scales: &[0],
        weights: &[0; NIBBLES],
        starts: &[0; STARTS],
        entries: &[],
    };
}

impl<'a> Asset<'a> {
    /// Takes a file apart after checking all of it.
    pub fn checked(bytes: &'a [u8]) -> Result<Self, AssetError> {
        let asset = Self::new(bytes)?;
        if checksum(bytes) == word(bytes, 12) {
            Ok(asset)
        } else {
            Err(AssetError::Checksum)
        }
    }

    /// Takes a file apart after checking its heading and its length.
    pub const fn new(bytes: &'a [u8]) -> Result<Self, AssetError> {
        if bytes.len() < HEADER || !same(bytes, &MAGIC) {
            return Err(AssetError::Magic);
        }
        if word(bytes, 8) != VERSION {
            return Err(AssetError::Version(word(bytes, 8)));
        }
        let (slots, phrases) = (word(bytes, 16) as usize, word(bytes, 20) as usize);
        let length = HEADER + slots * (3 + NIBBLES) + STARTS + phrases * ENTRY;
        if bytes.len() != length || slots == 0 {
            return Err(AssetError::Length);
        }
        let (_, rest) = bytes.split_at(HEADER);
        let (marks, rest) = rest.split_at(slots * 2);
        let (scales, rest) = rest.split_at(slots);
        let (weights, rest) = rest.split_at(slots * NIBBLES);
        let (starts, entries) = rest.split_at(STARTS);
        Ok(Self {
            slots: word(bytes, 16),
            largest: f32::from_bits(word(bytes, 24)),
            temperatures: [f32::from_bits(word(bytes, 28)), f32::from_bits(word(bytes, 32))],
            marks,
            scales,
            weights,
            starts,
            entries,
        })
    }

    /// The weights of a feature, one a category; `None` for a feature that says nothing.
    pub fn weights(&self, feature: u32) -> Option<[f32; CLASSES]> {
        let mark = mark(feature).to_le_bytes();
        let home = home(feature, self.slots);
        let slots = (home..home + REACH).map(|slot| (slot % self.slots) as usize);
        for slot in slots {
            let found = &self.marks[slot * 2..slot * 2 + 2];
            if found == mark {
                return Some(self.row(slot));
            }
            if found == [0, 0] {
                return None;
            }
        }
        None
    }

    fn row(&self, slot: usize) -> [f32; CLASSES] {
        let share = f32::from(self.scales[slot]) / 255.0;
        let scale = self.largest * share * share;
        let packed = &self.weights[slot * NIBBLES..(slot + 1) * NIBBLES];
        let mut row = [0.0; CLASSES];
        for (pair, &byte) in row.chunks_exact_mut(2).zip(packed) {
            pair[0] = (f32::from(byte & 15) - 8.0) * scale;
            pair[1] = (f32::from(byte >> 4) - 8.0) * scale;
        }
        row
    }
}

impl Phrases for Asset<'_> {
    fn find(&self, key: u32) -> Option<Phrase> {
        let [first, rest @ ..] = key.to_be_bytes();
        let start = |at: usize| word(self.starts, at * 4) as usize;
        let (mut low, mut high) = (start(usize::from(first)), start(usize::from(first) + 1));
        while low < high {
            let middle = low.midpoint(high);
            let entry = self.entries.get(middle * ENTRY..(middle + 1) * ENTRY)?;
            match entry[..3].cmp(&rest) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
                std::cmp::Ordering::Equal => return Some(unpacked(u16::from_le_bytes([entry[3], entry[4]]))),
            }
        }
        None
    }
}

/// Category, second category (31 for none) and kind in 14 bits.
fn unpacked(bits: u16) -> Phrase {
    let part = |shift: u32, mask: u16| u8::try_from((bits >> shift) & mask).unwrap_or(0);
    Phrase {
        category: part(0, 31).min(19),
        also: Some(part(5, 31)).filter(|&also| usize::from(also) < CLASSES),
        kind: part(10, 15),
    }
}

fn packed(phrase: Phrase) -> u16 {
    u16::from(phrase.category) | u16::from(phrase.also.unwrap_or(31)) << 5 | u16::from(phrase.kind) << 10
}

/// What tells a feature from others of its slot; never 0.
fn mark(feature: u32) -> u16 {
    let bits = (feature ^ (feature >> 16)) & 0xFFFF;
    u16::try_from(bits.max(1)).unwrap_or(1)
}

/// The slot that a feature belongs in.
fn home(feature: u32, slots: u32) -> u32 {
    let product = u64::from(feature) * u64::from(slots);
    u32::try_from(product >> 32).unwrap_or(0)
}

const fn word(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}

const fn same(bytes: &[u8], start: &[u8]) -> bool {
    let mut at = 0;
    while at < start.len() {
        if bytes[at] != start[at] {
            return false;
        }
        at += 1;
    }
    true
}

/// The checksum of a file, over everything behind the place where it stands.
fn checksum(bytes: &[u8]) -> u32 {
    let rest = bytes.get(16..).unwrap_or_default();
    let hash = rest
        .iter()
        .fold(Hash::of_kind(u8::MAX), |hash, &byte| hash.with(u32::from(byte)));
    hash.finish()
}

/// Packs features, the most important first, and phrases, by key, into a file.
///
/// Features that find no slot within reach are left out.
pub(in crate::categorize) fn pack(
    features: &[(u32, [f32; CLASSES])],
    phrases: &[(u32, Phrase)],
    slots: u32,
    temperatures: [f32; 2],
) -> Vec<u8> {
    let largest = features
        .iter()
        .map(|(_, row)| scale_of(row))
        .fold(f32::MIN_POSITIVE, f32::max);
    let count = slots as usize;
    let (mut marks, mut scales) = (vec![0_u16; count], vec![0_u8; count]);
    let mut weights = vec![0x88_u8; count * NIBBLES];
    for (feature, row) in features {
        let home = home(*feature, slots);
        let free = (home..home + REACH)
            .map(|slot| (slot % slots) as usize)
            .find(|&slot| marks[slot] == 0 || marks[slot] == mark(*feature));
        let Some(slot) = free.filter(|&slot| marks[slot] == 0) else {
            continue;
        };
        marks[slot] = mark(*feature);
        scales[slot] = pack_row(row, largest, &mut weights[slot * NIBBLES..(slot + 1) * NIBBLES]);
    }
    let mut bytes = Vec::with_capacity(HEADER + count * (3 + NIBBLES) + STARTS + phrases.len() * ENTRY);
    bytes.extend(MAGIC);
    let phrase_count = u32::try_from(phrases.len()).unwrap_or(u32::MAX);
    let [typed, printed] = temperatures.map(f32::to_bits);
    for value in [VERSION, 0, slots, phrase_count, largest.to_bits(), typed, printed] {
        bytes.extend(value.to_le_bytes());
    }
    bytes.extend(marks.iter().flat_map(|mark| mark.to_le_bytes()));
    bytes.extend(scales);
    bytes.extend(weights);
    for first in 0..=256_u64 {
        let start = phrases.partition_point(|(key, _)| u64::from(*key) < first << 24);
        bytes.extend(u32::try_from(start).unwrap_or(u32::MAX).to_le_bytes());
    }
    for (key, phrase) in phrases {
        bytes.extend(&key.to_be_bytes()[1..]);
        bytes.extend(packed(*phrase).to_le_bytes());
    }
    let sum = checksum(&bytes);
    bytes[12..16].copy_from_slice(&sum.to_le_bytes());
    bytes
}

/// The step between two weights of a row.
fn scale_of(row: &[f32; CLASSES]) -> f32 {
    row.iter().fold(0.0_f32, |most, weight| most.max(weight.abs())) / 7.0
}

/// Packs one row; returns its scale.
fn pack_row(row: &[f32; CLASSES], largest: f32, into: &mut [u8]) -> u8 {
    let share = (scale_of(row) / largest).sqrt();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 255")]
    let scale = (share * 255.0).ceil().clamp(1.0, 255.0) as u8;
    let step = largest * (f32::from(scale) / 255.0) * (f32::from(scale) / 255.0);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "1 to 15")]
    let nibble = |weight: f32| (weight / step).round().clamp(-7.0, 7.0) as i8 as u8;
    for (byte, pair) in into.iter_mut().zip(row.chunks_exact(2)) {
        let (low, high) = (nibble(pair[0]).wrapping_add(8), nibble(pair[1]).wrapping_add(8));
        *byte = low | high << 4;
    }
    scale
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn phrase(category: u8, also: Option<u8>, kind: u8) -> Phrase {
        Phrase { category, also, kind }
    }

    #[test]
    fn phrases_are_found_by_key_and_others_are_not() {
        let keys = [0, 1, 0x00FF_FFFF, 0x0100_0000, 0x7FFF_0001, u32::MAX];
        let phrases: Vec<_> = (0..)
            .zip(keys)
            .map(|(at, key)| (key, phrase(at, (at > 2).then_some(19), at)))
            .collect();
        let bytes = pack(&[], &phrases, 8, [1.0; 2]);
        let asset = Asset::checked(&bytes).unwrap();
        for (key, expected) in phrases {
            assert_eq!(asset.find(key), Some(expected));
        }
        for key in [2, 0x0100_0001, 0x7FFF_0000, u32::MAX - 1] {
            assert_eq!(asset.find(key), None);
        }
    }

    #[test]
    fn what_finds_no_slot_is_left_out() {
        let features: Vec<_> = (1..100_u32)
            .map(|id| (id.wrapping_mul(0x9E37_79B9), [1.0; CLASSES]))
            .collect();
        let bytes = pack(&features, &[], 10, [1.0; 2]);
        let asset = Asset::checked(&bytes).unwrap();
        let found = features.iter().filter(|(id, _)| asset.weights(*id).is_some()).count();
        assert_eq!(found, 10);
    }

    proptest! {
        #[test]
        fn weights_come_back_to_within_half_a_step(rows in prop::collection::btree_map(any::<u32>(), prop::array::uniform20(-9.0_f32..9.0), 1..60)) {
            let features: Vec<_> = rows.into_iter().collect();
            let bytes = pack(&features, &[], 200, [0.5, 2.0]);
            let asset = Asset::checked(&bytes).unwrap();
            prop_assert!(asset.temperatures[0] < 0.6 && asset.temperatures[1] > 1.9);
            for (id, row) in &features {
                let found = asset.weights(*id).unwrap();
                let step = scale_of(row).mul_add(1.1, 0.02);
                prop_assert!(found.iter().zip(row).all(|(a, b)| (a - b).abs() <= step), "{found:?} {row:?}");
            }
        }
    }
}
