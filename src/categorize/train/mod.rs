//! Makes the model: files of phrases in, the bytes of `assets/categorize/model.bin` out, the same bytes every time.
//!
//! Every phrase is learned several times, each time written differently: as banks print it, as people type it, and as
//! it is. Mostly its own entry in the list of phrases is hidden then, so that the model learns how far the list can be
//! trusted where it knows only a part of a description. All chance comes from fixed seeds, all arithmetic is
//! addition, multiplication, division and square root in a fixed order, and one thread does it.

pub mod corpus;
mod dice;
mod learn;
mod noise;

use std::collections::HashMap;

use super::model::features::{Feature, Made, features};
use super::model::{CLASSES, pack};
use corpus::{Origin, Phrasebook, Row, Source, Without};
use dice::Dice;
use learn::{Pull, Weights};

/// What share of all expenses belongs to each category, about, in the order of
/// [`DEFAULTS`](crate::domain::category::DEFAULTS): what is more frequent is more likely when nothing else is known.
const USUAL: [f32; CLASSES] = [
    0.13, 0.20, 0.11, 0.07, 0.04, 0.06, 0.06, 0.10, 0.06, 0.05, 0.025, 0.02, 0.03, 0.025, 0.045, 0.025, 0.025, 0.02,
    0.025, 0.02,
];

/// Most that one row counts.
const HEAVIEST: f32 = 6.0;

/// How the model is made.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// Where chance begins.
    pub seed: u64,
    /// How often every row is learned.
    pub epochs: usize,
    /// Epochs at the end whose weights are averaged.
    pub averaged: usize,
    /// Length of a step at the beginning; it falls to a tenth.
    pub rate: f32,
    /// Pull of weights towards zero.
    pub shrink: f32,
    /// Rows that a feature must stand in.
    pub least_rows: u32,
    /// How often a row's own phrase is hidden from the list, percent.
    pub hide: usize,
    /// How often a row is learned without its whole words, percent.
    pub letters_only: usize,
    /// How far the categories' weights are moved towards the usual shares, 0 to 1.
    pub prior: f32,
    /// Lines with names that say nothing, for each thousand rows.
    pub silent: usize,
    /// How much rows count, by [`Origin`].
    pub trust: [f32; Origin::COUNT],
    /// Most features in the file, and slots for them.
    pub keep: usize,
    /// Slots for them in the file; a little more than features, so that each finds one near its own.
    pub slots: u32,
    /// What scores of what people type and of what banks print are divided by, so that probabilities are right as
    /// often as they say. Measured on some 1,500 descriptions that are not learned.
    pub temperatures: [f32; 2],
}

impl Default for Plan {
    fn default() -> Self {
        Self {
            seed: 1000,
            epochs: 6,
            averaged: 3,
            rate: 0.08,
            shrink: 1e-5,
            least_rows: 2,
            hide: 70,
            letters_only: 30,
            prior: 0.7,
            silent: 100,
            trust: [1.0, 1.0, 0.5, 0.5, 0.3, 0.5, 0.5, 0.7, 2.0],
            keep: 140_000,
            slots: 150_000,
            temperatures: [0.9, 0.7],
        }
    }
}

/// Trains on the rows of all sources; returns the file.
#[must_use]
pub fn train(sources: &[Source<'_>], plan: &Plan) -> Vec<u8> {
    let rows = corpus::rows(sources);
    Learned::from(&rows, plan).pack(plan)
}

/// What was learned: the weights of features, which are found by id.
pub(in crate::categorize) struct Learned {
    pub index: HashMap<u32, u32>,
    pub weights: Weights,
    pub book: Phrasebook,
}

/// What training reads.
struct Lessons<'a> {
    rows: &'a [Row],
    /// Rows by category that others are joined with.
    mates: Vec<Vec<usize>>,
    /// Things to eat.
    foods: Vec<usize>,
    book: &'a Phrasebook,
    plan: &'a Plan,
}

impl Learned {
    pub fn from(rows: &[Row], plan: &Plan) -> Self {
        let book = Phrasebook::new(rows);
        let lessons = Lessons::new(rows, &book, plan);
        let ids = lessons.frequent();
        let index: HashMap<u32, u32> = (0..).zip(&ids).map(|(at, &id)| (id, at)).collect();
        let mut weights = Weights::new(ids.len());
        let row_weights = row_weights(rows, plan);
        let mut order: Vec<usize> = (0..rows.len()).collect();
        for epoch in 0..plan.epochs {
            let mut dice = Dice::new(plan.seed + epoch as u64);
            dice.shuffle(&mut order);
            #[expect(clippy::cast_precision_loss, reason = "a handful of epochs")]
            let pull = Pull {
                rate: plan.rate * (1.0 - 0.9 * epoch as f32 / plan.epochs as f32),
                shrink: plan.shrink,
            };
            for &at in &order {
                let found = lessons.example(&rows[at], &mut dice);
                weights.step(&known(&found, &index), rows[at].category, row_weights[at], pull);
                if dice.below(1000) < plan.silent {
                    let (found, category) = lessons.silent(&mut dice);
                    weights.step(&known(&found, &index), category, 1.0, pull);
                }
            }
            if epoch + plan.averaged >= plan.epochs {
                weights.keep();
            }
        }
        weights.average();
        Self { index, weights, book }
    }

    /// The file: the most important features, and the phrases.
    pub fn pack(&self, plan: &Plan) -> Vec<u8> {
        let mut rows: Vec<_> = self
            .index
            .iter()
            .map(|(&id, &at)| (self.weights.importance(at), id, at))
            .collect();
        rows.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let features: Vec<_> = rows
            .iter()
            .take(plan.keep)
            .map(|&(_, id, at)| (id, self.weights.centred(at)))
            .collect();
        let phrases: Vec<_> = self.book.entries().collect();
        pack(&features, &phrases, plan.slots, plan.temperatures)
    }
}

impl<'a> Lessons<'a> {
    fn new(rows: &'a [Row], book: &'a Phrasebook, plan: &'a Plan) -> Self {
        let mut mates = vec![Vec::new(); CLASSES];
        for (at, row) in rows.iter().enumerate() {
            if row.origin <= Origin::Place {
                mates[usize::from(row.category)].push(at);
            }
        }
        let food = |&at: &usize| rows[at].category == 0 && matches!(rows[at].origin, Origin::Term | Origin::Noun);
        Self {
            rows,
            mates,
            foods: (0..rows.len()).filter(food).collect(),
            book,
            plan,
        }
    }

    /// The features of a row as it is written this time.
    fn example(&self, row: &Row, dice: &mut Dice) -> Vec<Feature> {
        let mates = &self.mates[usize::from(row.category)];
        let mate = if mates.is_empty() {
            row
        } else {
            &self.rows[mates[dice.below(mates.len())]]
        };
        let stranger = &self.rows[dice.below(self.rows.len())];
        let (text, mut hidden) = noise::written(row, mate, stranger, dice);
        if !dice.chance(self.plan.hide) {
            hidden.clear();
        }
        let letters_only = dice.chance(self.plan.letters_only);
        let phrases = Without {
            inner: self.book,
            hidden: &hidden,
        };
        let mut list = features(&text, &phrases).list;
        list.retain(|feature| !(letters_only && matches!(feature.made, Made::Words | Made::Bones)));
        list
    }

    /// The features of a line that says nothing, and the category it happens to be of.
    fn silent(&self, dice: &mut Dice) -> (Vec<Feature>, u8) {
        let any = |dice: &mut Dice| &self.rows[dice.below(self.rows.len())];
        let food = |dice: &mut Dice| match self.foods.len() {
            0 => any(dice),
            count => &self.rows[self.foods[dice.below(count)]],
        };
        let (text, category) = noise::silent(any, food, dice);
        (features(&text, self.book).list, category)
    }

    /// The features that stand in enough rows, by id.
    fn frequent(&self) -> Vec<u32> {
        let mut counts: HashMap<u32, (u32, u32)> = HashMap::new();
        for pass in 0..2 {
            let mut dice = Dice::new(pass);
            for (at, row) in (1..).zip(self.rows) {
                let list = if pass == 0 {
                    features(&row.text, self.book).list
                } else {
                    self.example(row, &mut dice)
                };
                for feature in list {
                    let (stands, before) = counts.entry(feature.id).or_default();
                    if *before != at {
                        (*stands, *before) = (*stands + 1, at);
                    }
                }
            }
        }
        let enough = |(id, (count, _)): (u32, (u32, u32))| (count >= self.plan.least_rows).then_some(id);
        let mut ids: Vec<u32> = counts.into_iter().filter_map(enough).collect();
        ids.sort_unstable();
        ids
    }
}

/// The features that are learned, by place.
fn known(list: &[Feature], index: &HashMap<u32, u32>) -> Vec<(u32, f32)> {
    list.iter()
        .filter_map(|feature| Some((*index.get(&feature.id)?, feature.value)))
        .collect()
}

/// How much each row counts: as far as its source can be trusted, and so that the categories come near the usual shares.
fn row_weights(rows: &[Row], plan: &Plan) -> Vec<f32> {
    let trusted = |row: &Row| row.weight * plan.trust[row.origin as usize];
    let mut sums = [0.0_f32; CLASSES];
    for row in rows {
        sums[usize::from(row.category)] += trusted(row);
    }
    let total: f32 = sums.iter().sum();
    rows.iter()
        .map(|row| {
            let class = usize::from(row.category);
            let factor = 1.0 - plan.prior + plan.prior * (USUAL[class] * total / sums[class]).sqrt();
            (trusted(row) * factor).min(HEAVIEST)
        })
        .collect()
}
