//! The local model: multinomial logistic regression over words, letter groups and a list of phrases.
//!
//! Its weights are read where they lie in the program; nothing is unpacked, and nothing is kept in memory.

mod asset;
pub(in crate::categorize) mod features;
pub(in crate::categorize) mod hash;
pub(in crate::categorize) mod math;
pub(in crate::categorize) mod phrases;
mod reasons;

pub use asset::AssetError;
pub(in crate::categorize) use asset::{Asset, CLASSES, pack};
pub use reasons::Reason;

use crate::categorize::words::Parts;
use crate::categorize::{Categorizer, Guess, MAX_GUESSES, percent};
use crate::domain::category::DEFAULTS;
use crate::domain::expense::CategorySource;
use features::{Feature, Features, Made, features};
use math::{ln, softmax};

/// The weights that come with the program.
static BUILT_IN: &[u8] = include_bytes!("../../../assets/categorize/model.bin");

/// Least probability of a category that is worth showing beside another one.
const LEAST_BESIDE: f32 = 0.01;

/// A trained model.
#[derive(Clone, Copy, Debug)]
pub struct Model<'a> {
    asset: Asset<'a>,
}

/// What the model makes of a description.
#[derive(Debug)]
pub struct Opinion<'t> {
    parts: Parts<'t>,
    /// What is known of the description, with the weights.
    known: Vec<(Feature, [f32; CLASSES])>,
    probabilities: [f32; CLASSES],
}

impl Opinion<'_> {
    /// The probability of each default category; they add up to 1.
    #[must_use]
    pub fn probabilities(&self) -> &[f32; CLASSES] {
        &self.probabilities
    }

    /// The default categories, as indexes, the most likely first.
    #[must_use]
    pub fn order(&self) -> [usize; CLASSES] {
        let mut order = std::array::from_fn(|category| category);
        order.sort_by(|&a, &b| self.probabilities[b].total_cmp(&self.probabilities[a]));
        order
    }

    /// The words that speak for and against a default category, the strongest first.
    #[must_use]
    pub fn reasons(&self, category: usize) -> Vec<Reason> {
        reasons::weigh(self, category)
    }

    /// Which words decided, as a clause: `"lunch" and "chipotle" mean Dining`.
    #[must_use]
    pub fn because(&self, category: usize) -> String {
        reasons::because(self, category)
    }

    /// Whether any word of it is known, at least in part.
    fn has_evidence(&self) -> bool {
        self.known.iter().any(|(feature, _)| feature.made != Made::Form)
    }
}

impl Model<'static> {
    /// The model that comes with the program.
    #[must_use]
    pub fn shared() -> &'static Self {
        static SHARED: Model<'static> = match Asset::new(BUILT_IN) {
            Ok(asset) => Model { asset },
            // A test says that it is damaged; a program without it still starts, and still trains a new one.
            Err(_) => Model { asset: Asset::EMPTY },
        };
        &SHARED
    }

    /// Checks every byte of the model that comes with the program.
    pub fn check_built_in() -> Result<(), AssetError> {
        Asset::checked(BUILT_IN).map(|_| ())
    }
}

impl<'a> Model<'a> {
    /// A model from the bytes of its file.
    pub fn read(bytes: &'a [u8]) -> Result<Self, AssetError> {
        Asset::checked(bytes).map(|asset| Self { asset })
    }

    /// The probability of each default category; they add up to 1.
    #[must_use]
    pub fn probabilities(&self, description: &str) -> [f32; CLASSES] {
        self.opinion(description).probabilities
    }

    /// All that the model makes of a description.
    #[must_use]
    pub fn opinion<'t>(&self, description: &'t str) -> Opinion<'t> {
        let Features { parts, list } = features(description, &self.asset);
        let weighted = |feature: Feature| Some((feature, self.asset.weights(feature.id)?));
        let known: Vec<_> = list.into_iter().filter_map(weighted).collect();
        let mut scores = [0.0_f32; CLASSES];
        for (feature, row) in &known {
            for (score, weight) in scores.iter_mut().zip(row) {
                *score += weight * feature.value;
            }
        }
        let temperature = self.asset.temperatures[usize::from(parts.line)];
        Opinion {
            parts,
            known,
            probabilities: softmax(&scores.map(|score| score / temperature)),
        }
    }
}

impl Categorizer for Model<'_> {
    fn guess(&self, description: &str) -> Vec<Guess> {
        let opinion = self.opinion(description);
        if !opinion.has_evidence() {
            return Vec::new();
        }
        let chance = |category: usize| opinion.probabilities[category];
        let likely = opinion.order().into_iter().take(MAX_GUESSES);
        likely
            .filter(|&category| chance(category) >= LEAST_BESIDE)
            .map(|category| Guess {
                category: DEFAULTS[category].0.to_owned(),
                confidence: percent(f64::from(chance(category))),
                because: opinion.because(category),
                source: CategorySource::Model,
            })
            .collect()
    }

    fn log_probabilities(&self, description: &str) -> [f32; CLASSES] {
        self.probabilities(description)
            .map(|probability| ln(probability.clamp(1e-9, 1.0 - 1e-6)))
    }
}
