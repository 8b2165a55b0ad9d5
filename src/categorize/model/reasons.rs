//! Which words decided.

use super::features::Made;
use super::{CLASSES, Opinion};
use crate::domain::category::DEFAULTS;

/// A second word is named beside the first when it counts at least this share as much.
const WORTH_NAMING: f32 = 0.4;

/// A word, or words that are known together, and how much they speak for a category.
#[derive(Clone, Debug, PartialEq)]
pub struct Reason {
    /// As they were written.
    pub words: String,
    /// How much they speak for the category, against the average of all; below 0 they speak against it.
    pub weight: f32,
    /// Whether they are known as words; else their letters resemble known ones.
    pub known: bool,
}

/// What each word of a name contributes.
#[derive(Clone, Copy, Default)]
struct Share {
    weight: f32,
    known: bool,
    /// The first word of the phrase that it belongs to.
    group: usize,
}

fn shares(opinion: &Opinion<'_>, category: usize) -> Vec<Share> {
    let mut shares: Vec<Share> = (0..opinion.parts.name.len())
        .map(|group| Share {
            group,
            ..Share::default()
        })
        .collect();
    for (feature, row) in &opinion.known {
        let (from, to) = (usize::from(feature.from), usize::from(feature.to).min(shares.len()));
        if from >= to {
            continue;
        }
        #[expect(clippy::cast_precision_loss, reason = "twenty categories, a few words")]
        let (mean, words) = (row.iter().sum::<f32>() / CLASSES as f32, (to - from) as f32);
        for share in &mut shares[from..to] {
            share.weight += (row[category] - mean) * feature.value / words;
            share.known |= matches!(feature.made, Made::Words | Made::Phrase);
            if feature.made == Made::Phrase {
                share.group = share.group.min(from);
            }
        }
    }
    shares
}

/// The words with their weight, words of one phrase together, the strongest first.
pub(super) fn weigh(opinion: &Opinion<'_>, category: usize) -> Vec<Reason> {
    let mut found: Vec<(f32, Reason)> = grouped(opinion, category)
        .into_iter()
        .map(|(from, to, share)| {
            let words = &opinion.parts.name;
            let reason = Reason {
                words: words[from].written_to(&words[to - 1]).to_lowercase(),
                weight: share.weight,
                known: share.known,
            };
            (share.weight.abs(), reason)
        })
        .collect();
    found.sort_by(|a, b| b.0.total_cmp(&a.0));
    found.into_iter().map(|(_, reason)| reason).collect()
}

/// Runs of words that belong together: `from..to` with what they contribute.
fn grouped(opinion: &Opinion<'_>, category: usize) -> Vec<(usize, usize, Share)> {
    let mut groups: Vec<(usize, usize, Share)> = Vec::new();
    for (at, share) in shares(opinion, category).into_iter().enumerate() {
        match groups.last_mut() {
            Some((from, to, sum)) if share.group <= *from && at > *from => {
                *to = at + 1;
                sum.weight += share.weight;
                sum.known |= share.known;
            }
            _ => groups.push((at, at + 1, share)),
        }
    }
    groups
}

/// Which words decided, as the user wrote them: `"lunch" and "chipotle" mean Dining`.
pub(super) fn because(opinion: &Opinion<'_>, category: usize) -> String {
    let name = DEFAULTS[category].0;
    let mut strongest: Vec<Reason> = Vec::new();
    for reason in weigh(opinion, category) {
        if reason.weight > 0.0 && strongest.len() < 2 && strongest.iter().all(|other| other.words != reason.words) {
            strongest.push(reason);
        }
    }
    match strongest.as_slice() {
        [first, second] if second.known && first.known && second.weight >= WORTH_NAMING * first.weight => {
            let (first, second) = in_order(opinion, first, second);
            format!("\"{first}\" and \"{second}\" mean {name}")
        }
        [first, ..] if first.known => format!("\"{}\" means {name}", first.words),
        [first, ..] => format!("\"{}\" looks like {name}", first.words),
        [] => format!("most descriptions like this are {name}"),
    }
}

/// Two reasons in the order in which they were written.
fn in_order<'r>(opinion: &Opinion<'_>, first: &'r Reason, second: &'r Reason) -> (&'r str, &'r str) {
    let words = &opinion.parts.name;
    let whole = words
        .first()
        .zip(words.last())
        .map(|(a, z)| a.written_to(z).to_lowercase())
        .unwrap_or_default();
    if whole.find(&first.words) <= whole.find(&second.words) {
        (&first.words, &second.words)
    } else {
        (&second.words, &first.words)
    }
}
