//! Generated people: where they shop, how they write it down, what they call it, and when they change their minds.

use super::{Entry, day_of};
use crate::dice::Dice;
use budget_tracker::domain::category::DEFAULTS;

/// Categories that each user has beside the default ones.
pub const OWN_CATEGORIES: [&str; 2] = ["Allotment", "Band practice"];

/// What shops are called, and where most people file them.
const KINDS: [(&str, &str); 40] = [
    ("Bakery", "Groceries"),
    ("Supermarket", "Groceries"),
    ("Deli", "Groceries"),
    ("Farm Shop", "Groceries"),
    ("Ramen", "Dining"),
    ("Pizzeria", "Dining"),
    ("Coffee", "Dining"),
    ("Bistro", "Dining"),
    ("Grill", "Dining"),
    ("Petrol", "Transport"),
    ("Parking", "Transport"),
    ("Taxi", "Transport"),
    ("Garage", "Transport"),
    ("Properties", "Housing"),
    ("Hardware", "Housing"),
    ("Energy", "Utilities"),
    ("Broadband", "Utilities"),
    ("Pharmacy", "Health"),
    ("Dental", "Health"),
    ("Optics", "Health"),
    ("Cinema", "Entertainment"),
    ("Arcade", "Entertainment"),
    ("Tickets", "Entertainment"),
    ("Outfitters", "Shopping"),
    ("Electronics", "Shopping"),
    ("Books", "Shopping"),
    ("Hotel", "Travel"),
    ("Airways", "Travel"),
    ("Streaming", "Subscriptions"),
    ("Cloud", "Subscriptions"),
    ("Academy", "Education"),
    ("Mutual", "Insurance"),
    ("Bank Fee", "Fees & Taxes"),
    ("Florist", "Gifts & Donations"),
    ("Barber", "Personal Care"),
    ("Cosmetics", "Personal Care"),
    ("Pet Supplies", "Pets"),
    ("Toys", "Kids"),
    ("Trading", "Other"),
    ("Store", "Other"),
];

const STARTS: [&str; 24] = [
    "Zor", "Bel", "Kra", "Vin", "Tam", "Olm", "Pes", "Rud", "Fal", "Gry", "Hob", "Jun", "Lir", "Mok", "Nes", "Quo",
    "Sal", "Tur", "Ulm", "Wex", "Yar", "Dro", "Cas", "Ema",
];
const ENDS: [&str; 16] = [
    "vax", "dora", "lin", "mond", "tesk", "rian", "bolt", "nara", "wick", "pert", "sun", "gard", "foss", "lax", "mina",
    "dorf",
];
const PLACES: [&str; 8] = [
    "BERLIN",
    "LEEDS",
    "AUSTIN TX",
    "LYON",
    "MADRID",
    "OSLO",
    "TORINO",
    "GHENT",
];
/// What people add when they write by hand.
const TAILS: [&str; 6] = [
    "with anna",
    "for the trip",
    "friday",
    "again",
    "on the way home",
    "late",
];

/// How a merchant's expenses are filed.
#[derive(Clone, Copy)]
enum Filing {
    /// Always alike.
    Alike(usize),
    /// Small amounts here, large ones there.
    ByAmount(usize, usize),
    /// Alike until the user changed his mind with the expense of this number.
    Until(usize, usize, usize),
    /// Now here, now there, the first more often.
    Mixed(usize, usize),
}

struct Merchant {
    name: String,
    typical: i64,
    filing: Filing,
    /// How often it is visited, beside others.
    visits: i64,
}

/// One person.
pub struct Habits {
    dice: Dice,
    merchants: Vec<Merchant>,
    /// Where this person files each of the [`KINDS`].
    taste: Vec<usize>,
    categories: i64,
}

impl Habits {
    pub fn new(seed: u64) -> Self {
        let mut dice = Dice::new(seed);
        let categories = i64::try_from(DEFAULTS.len() + OWN_CATEGORIES.len()).unwrap_or(0);
        // One kind of shop in five is filed as nobody else would.
        let taste = KINDS.map(|(_, usual)| {
            let usual = DEFAULTS.iter().position(|(name, _)| *name == usual).unwrap_or(0);
            if dice.chance(200) {
                place(&mut dice, categories)
            } else {
                usual
            }
        });
        let mut habits = Self {
            dice,
            merchants: Vec::new(),
            taste: taste.into(),
            categories,
        };
        for _ in 0..45 {
            habits.discover();
        }
        habits
    }

    /// The expense `number` of this person, counted from zero.
    pub fn entry(&mut self, number: usize) -> Entry {
        // Somewhere new, now and then.
        if self.dice.chance(60) {
            self.discover();
        }
        let merchant = self.visited();
        let (filing, typical) = (self.merchants[merchant].filing, self.merchants[merchant].typical);
        let amount_minor = self.dice.skewed(typical);
        let (category, amount_minor) = match filing {
            Filing::Alike(always) => (always, amount_minor),
            Filing::Until(change, before, after) => (if number < change { before } else { after }, amount_minor),
            Filing::Mixed(often, seldom) => (if self.dice.chance(700) { often } else { seldom }, amount_minor),
            Filing::ByAmount(small, large) => {
                if self.dice.chance(400) {
                    (large, amount_minor * 9)
                } else {
                    (small, amount_minor)
                }
            }
        };
        // A slip of the hand, one time in a hundred.
        let category = if self.dice.chance(10) {
            place(&mut self.dice, self.categories)
        } else {
            category
        };
        Entry {
            description: self.written(merchant),
            amount_minor,
            category,
            day: day_of(number),
        }
    }

    /// One more merchant; one in four belongs to a chain that is known already.
    fn discover(&mut self) {
        let kind = usize::try_from(self.dice.between(0, 39)).unwrap_or(0);
        let name = format!("{}{}", pick(&mut self.dice, &STARTS), pick(&mut self.dice, &ENDS));
        let usual = if self.dice.chance(150) {
            place(&mut self.dice, self.categories)
        } else {
            self.taste[kind]
        };
        let other = place(&mut self.dice, self.categories);
        let filing = match self.dice.between(0, 99) {
            0..=75 => Filing::Alike(usual),
            76..=85 => Filing::ByAmount(usual, other),
            86..=96 => {
                let change = usize::try_from(self.dice.between(50, 700)).unwrap_or(0);
                Filing::Until(change, usual, other)
            }
            _ => Filing::Mixed(usual, other),
        };
        let visits = self.dice.skewed(100);
        let mut merchant = Merchant {
            name: format!("{name} {}", KINDS[kind].0),
            typical: self.dice.skewed(2000),
            filing,
            visits,
        };
        if !self.merchants.is_empty() && self.dice.chance(250) {
            let known =
                &self.merchants[usize::try_from(self.dice.between(0, 9_999)).unwrap_or(0) % self.merchants.len()];
            let branch = pick(&mut self.dice, &ENDS);
            merchant.name = format!("{} {branch}", known.name);
            merchant.filing = known.filing;
        }
        self.merchants.push(merchant);
    }

    fn visited(&mut self) -> usize {
        let all: i64 = self.merchants.iter().map(|merchant| merchant.visits).sum();
        let mut left = self.dice.between(0, all - 1);
        for (place, merchant) in self.merchants.iter().enumerate() {
            left -= merchant.visits;
            if left < 0 {
                return place;
            }
        }
        0
    }

    /// As a bank prints it, as a person writes it, or as a person who says more.
    fn written(&mut self, merchant: usize) -> String {
        let name = &self.merchants[merchant].name;
        match self.dice.around(500, 250) {
            ..=430 => {
                let store = self.dice.between(1000, 9999);
                format!("{} {store} {}", name.to_uppercase(), pick(&mut self.dice, &PLACES))
            }
            431..=850 => name.to_lowercase(),
            _ => format!("{} {}", name.to_lowercase(), pick(&mut self.dice, &TAILS)),
        }
    }
}

fn place(dice: &mut Dice, categories: i64) -> usize {
    usize::try_from(dice.between(0, categories - 1)).unwrap_or(0)
}

fn pick(dice: &mut Dice, words: &[&'static str]) -> &'static str {
    let last = i64::try_from(words.len()).unwrap_or(1) - 1;
    words[usize::try_from(dice.between(0, last)).unwrap_or(0)]
}
