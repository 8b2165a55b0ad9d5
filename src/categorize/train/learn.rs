//! Multinomial logistic regression, one row at a time, with a step of its own for every weight.

use crate::categorize::model::CLASSES;
use crate::categorize::model::math::softmax;

/// Weights while they are learned.
#[derive(Clone, Debug)]
pub(in crate::categorize) struct Weights {
    /// One row of weights a feature.
    pub rows: Vec<[f32; CLASSES]>,
    /// Sums of squared slopes (Duchi, Hazan, Singer: Adaptive subgradient methods, 2011).
    slopes: Vec<[f32; CLASSES]>,
    /// Sums of weights that were kept, and how many.
    kept: Vec<[f32; CLASSES]>,
    times: f32,
}

/// How strongly learning pulls.
#[derive(Clone, Copy, Debug)]
pub(in crate::categorize) struct Pull {
    /// Length of a step.
    pub rate: f32,
    /// Pull towards zero.
    pub shrink: f32,
}

impl Weights {
    pub fn new(features: usize) -> Self {
        Self {
            rows: vec![[0.0; CLASSES]; features],
            slopes: vec![[1e-4; CLASSES]; features],
            kept: vec![[0.0; CLASSES]; features],
            times: 0.0,
        }
    }

    /// Keeps the weights as they are for an average.
    pub fn keep(&mut self) {
        self.times += 1.0;
        for (kept, row) in self.kept.iter_mut().flatten().zip(self.rows.iter().flatten()) {
            *kept += row;
        }
    }

    /// Puts the average of what was kept in place of the weights.
    pub fn average(&mut self) {
        if self.times > 0.0 {
            for (kept, row) in self.kept.iter().flatten().zip(self.rows.iter_mut().flatten()) {
                *row = kept / self.times;
            }
        }
    }

    /// The scores of a description with these features.
    pub fn scores(&self, features: &[(u32, f32)]) -> [f32; CLASSES] {
        let mut scores = [0.0; CLASSES];
        for &(at, value) in features {
            for (score, weight) in scores.iter_mut().zip(&self.rows[at as usize]) {
                *score += weight * value;
            }
        }
        scores
    }

    /// The weights of a feature without what they have in common, which decides nothing.
    pub fn centred(&self, at: u32) -> [f32; CLASSES] {
        let row = self.rows[at as usize];
        #[expect(clippy::cast_precision_loss, reason = "twenty")]
        let mean = row.iter().sum::<f32>() / CLASSES as f32;
        row.map(|weight| weight - mean)
    }

    /// How much would be lost without a feature: its spread over the categories, more where it was seen more.
    pub fn importance(&self, at: u32) -> f32 {
        let spread: f32 = self.centred(at).iter().map(|weight| weight * weight).sum();
        let seen: f32 = self.slopes[at as usize].iter().sum();
        spread * seen.sqrt()
    }

    /// One step towards `category`.
    pub fn step(&mut self, features: &[(u32, f32)], category: u8, weight: f32, pull: Pull) {
        let mut slope = softmax(&self.scores(features));
        slope[usize::from(category)] -= 1.0;
        for slope in &mut slope {
            *slope *= weight;
        }
        for &(at, value) in features {
            let (row, squares) = (&mut self.rows[at as usize], &mut self.slopes[at as usize]);
            for class in 0..CLASSES {
                let down = slope[class] * value + pull.shrink * weight * row[class];
                squares[class] += down * down;
                row[class] -= pull.rate * down / squares[class].sqrt();
            }
        }
    }
}
