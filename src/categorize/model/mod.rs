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

use crate::categorize::{Categorizer, Guess, MAX_GUESSES, percent};
use crate::domain::category::DEFAULTS;
use crate::domain::expense::CategorySource;
use features::{Features, Made, features};
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
struct Judged<'t> {
    features: Features<'t>,
    probabilities: [f32; CLASSES],
    /// Whether any word of it is known, at least in part.
    evidence: bool,
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
        self.judge(description).probabilities
    }

    fn judge<'t>(&self, description: &'t str) -> Judged<'t> {
        let features = features(description, &self.asset);
        let mut scores = [0.0_f32; CLASSES];
        let mut evidence = false;
        for feature in &features.list {
            let Some(row) = self.asset.weights(feature.id) else {
                continue;
            };
            evidence |= feature.made != Made::Form;
            for (score, weight) in scores.iter_mut().zip(row) {
                *score += weight * feature.value;
            }
        }
        let temperature = self.asset.temperatures[usize::from(features.parts.line)];
        Judged {
            features,
            probabilities: softmax(&scores.map(|score| score / temperature)),
            evidence,
        }
    }

    /// The words of a description that speak for and against a default category, the strongest first.
    #[must_use]
    pub fn reasons(&self, description: &str, category: usize) -> Vec<Reason> {
        reasons::weigh(&self.asset, &features(description, &self.asset), category)
    }
}

impl Categorizer for Model<'_> {
    fn guess(&self, description: &str) -> Vec<Guess> {
        let judged = self.judge(description);
        if !judged.evidence {
            return Vec::new();
        }
        let mut order: Vec<usize> = (0..CLASSES).collect();
        let chance = |category: usize| judged.probabilities[category];
        order.sort_by(|&a, &b| chance(b).total_cmp(&chance(a)));
        order
            .into_iter()
            .take(MAX_GUESSES)
            .filter(|&category| chance(category) >= LEAST_BESIDE)
            .map(|category| Guess {
                category: DEFAULTS[category].0.to_owned(),
                confidence: percent(f64::from(chance(category))),
                because: reasons::because(&self.asset, &judged.features, category),
                source: CategorySource::Model,
            })
            .collect()
    }

    fn log_probabilities(&self, description: &str) -> [f32; CLASSES] {
        self.probabilities(description)
            .map(|probability| ln(probability.clamp(1e-9, 1.0 - 1e-6)))
    }
}
