//! Chance that repeats: whole numbers only, the same on every platform.

/// `SplitMix64` (Steele, Lea, Flood 2014).
pub struct Dice(u64);

/// Ten steps of a skewed distribution round 1000: half of what is drawn lies below, a tenth above 2400.
const SKEWED: [i64; 11] = [250, 450, 580, 700, 840, 1000, 1190, 1430, 1770, 2400, 4200];

impl Dice {
    /// Dice that always fall the same for the same `seed`.
    pub fn new(seed: u64) -> Self {
        let mut dice = Self(seed.wrapping_mul(0x2545_f491_4f6c_dd1d));
        dice.next();
        dice
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from `low` to `high`, both included.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        let span = high.saturating_sub(low).max(0).unsigned_abs() + 1;
        low + (self.next() % span).cast_signed()
    }

    /// True `permille` times in a thousand.
    pub fn chance(&mut self, permille: i64) -> bool {
        self.between(0, 999) < permille
    }

    /// `typical` times a factor that is often below one and now and then far above.
    pub fn skewed(&mut self, typical: i64) -> i64 {
        let place = self.between(0, 9999);
        let step = usize::try_from(place / 1000).unwrap_or(0);
        let (low, high) = (SKEWED[step], SKEWED[step + 1]);
        (typical * (low + (high - low) * (place % 1000) / 1000) / 1000).max(1)
    }

    /// `middle` permille with a spread of about `spread` permille: the sum of three even draws.
    pub fn around(&mut self, middle: i64, spread: i64) -> i64 {
        let draws: i64 = (0..3).map(|_| self.between(-spread, spread)).sum();
        (middle + draws).max(middle / 4)
    }
}
