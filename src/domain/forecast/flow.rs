//! What is bought through the month, once the bills are taken out.

use super::amount;
use super::history::{History, Span};
use crate::domain::category::Kind;

/// Weight of a month against the one after it: habits change. Twelve months weigh as much as seven full ones.
const MONTH_DECAY: f64 = 0.9;
/// A day's purchases above this many times the upper quartile are no pace: one sofa is not the first of many.
const DAY_CAP: f64 = 2.0;
/// A month above this many times the median month is no habit either: a holiday.
const MONTH_CAP: f64 = 3.0;
/// Days with purchases that have to be seen before weekdays are half believed to differ.
const WEEKDAY_EVIDENCE: f64 = 4.0;
/// The same for early and late days of the month.
const SHAPE_EVIDENCE: f64 = 30.0;
/// How far the median of a sum of purchases lies below its mean, in parts of the size-weighted mean purchase. For
/// purchases by pure chance it is 1/6 (Cornish and Fisher's first term); people are more regular than that.
const MEDIAN_GAP: f64 = 0.1;
/// How much one month differs from another beyond chance, as part of its amount.
const MONTHS_DIFFER: f64 = 0.2;
/// Days without a large purchase that are believed in before any is known.
const LARGE_EVIDENCE: f64 = 90.0;

/// What the days after today will bring, bills left out.
#[derive(Default)]
pub(super) struct Flow {
    /// As many months come to less as to more.
    pub(super) likely: f64,
    /// The mean over months.
    pub(super) average: f64,
    /// The variance over months.
    pub(super) variance: f64,
    /// The part that each day after today has in it.
    pub(super) shares: Vec<f64>,
}

/// Money on a number of days; a day counts as much as its weekday usually does.
#[derive(Clone, Copy, Default)]
struct Part {
    money: f64,
    days: f64,
}

impl Part {
    fn rate(self) -> f64 {
        if self.days > 0.0 { self.money / self.days } else { 0.0 }
    }

    fn plus(self, other: Self, weight: f64) -> Self {
        Self {
            money: self.money + weight * other.money,
            days: self.days + weight * other.days,
        }
    }
}

/// A month before, split where as many days were left as are left now.
struct Past {
    weight: f64,
    before: Part,
    after: Part,
}

/// What is left of a month of `kind` after the day at place `today`.
pub(super) fn rest(kind: Kind, history: &History, today: usize, amounts: &[f64]) -> Flow {
    if today + 1 >= history.now.end() {
        return Flow::default();
    }
    let everyday = Everyday::new(kind, history, today, amounts);
    match kind {
        Kind::Fixed => everyday.irregular_bills(),
        _ => everyday.purchases(),
    }
}

struct Everyday<'a> {
    history: &'a History,
    today: usize,
    amounts: &'a [f64],
    /// The days with purchases, sorted by what they cost.
    sizes: Vec<f64>,
    /// The highest amount of a day that counts as everyday.
    cap: f64,
    /// How much is spent on each weekday against the mean: Monday first.
    weekdays: [f64; 7],
}

impl<'a> Everyday<'a> {
    fn new(kind: Kind, history: &'a History, today: usize, amounts: &'a [f64]) -> Self {
        let mut this = Self {
            history,
            today,
            amounts,
            sizes: Vec::new(),
            cap: f64::MAX,
            weekdays: [1.0; 7],
        };
        if kind != Kind::Fixed {
            let bought = this.known().flat_map(|(span, until)| &amounts[span.known()..until]);
            let mut sizes: Vec<f64> = bought.copied().filter(|size| *size > 0.0).collect();
            sizes.sort_by(f64::total_cmp);
            // Never measured by the largest one itself.
            let quartile = (sizes.len() * 3 / 4).min(sizes.len().saturating_sub(2));
            this.cap = sizes.get(quartile).map_or(f64::MAX, |size| DAY_CAP * size);
            this.sizes = sizes;
            this.weekdays = this.weekdays();
        }
        this
    }

    /// Each month with the place where what is known of it ends.
    fn known(&self) -> impl Iterator<Item = (Span, usize)> + use<'_, 'a> {
        let now = (self.history.now, self.today + 1);
        std::iter::once(now)
            .chain(self.history.past.iter().map(|span| (*span, span.end())))
            .filter(|(span, until)| span.known() < *until)
    }

    /// Compares the weekdays, each as far as what is known of it goes.
    fn weekdays(&self) -> [f64; 7] {
        let (mut parts, mut all, mut seen) = ([Part::default(); 7], Part::default(), 0.0);
        for (span, until) in self.known() {
            let weight = weight(span);
            for place in span.known()..until {
                let money = self.amounts[place].min(self.cap);
                let day = Part { money, days: 1.0 };
                let part = &mut parts[self.history.weekday(place)];
                *part = part.plus(day, weight);
                all = all.plus(day, weight);
                seen += if money > 0.0 { weight } else { 0.0 };
            }
        }
        if all.money <= 0.0 {
            return [1.0; 7];
        }
        let belief = WEEKDAY_EVIDENCE * all.days / seen;
        parts.map(|part| (part.money + belief * all.rate()) / ((part.days + belief) * all.rate()))
    }

    fn part(&self, from: usize, until: usize) -> Part {
        (from..until).fold(Part::default(), |part, place| Part {
            money: part.money + self.amounts[place].min(self.cap),
            days: part.days + self.weekdays[self.history.weekday(place)],
        })
    }

    /// Place of the day of a month from which on as many days were left as are left now.
    fn cut(&self, span: &Span) -> usize {
        let left = self.history.now.end() - self.today - 1;
        span.end() - left.min(span.length)
    }

    /// The months before, none of them larger than a few usual ones.
    fn past(&self) -> Vec<Past> {
        let split = |span: &Span| {
            let cut = self.cut(span).max(span.known());
            Past {
                weight: weight(*span),
                before: self.part(span.known(), cut),
                after: self.part(cut, span.end()),
            }
        };
        let mut months: Vec<Past> = self.history.past.iter().map(split).collect();
        let whole = |month: &Past| month.before.plus(month.after, 1.0);
        let usual = median(months.iter().map(|month| (whole(month).rate(), 1.0)).collect());
        for month in &mut months {
            let (money, most) = (whole(month).money, MONTH_CAP * usual * whole(month).days);
            if money > most {
                month.before.money *= most / money;
                month.after.money *= most / money;
            }
        }
        months
    }

    /// What is left of a category of bills when the regular ones are taken out: what was left in other months.
    fn irregular_bills(&self) -> Flow {
        let left = self.history.now.end() - self.today - 1;
        let known = self.history.past.iter().filter(|span| self.cut(span) >= span.known());
        let rest = |span: &Span| self.amounts[self.cut(span)..span.end()].iter().sum();
        let rests: Vec<(f64, f64)> = known.map(|span| (rest(span), weight(*span))).collect();
        let weights: f64 = rests.iter().map(|(_, weight)| weight).sum();
        let mean =
            |of: &dyn Fn(f64) -> f64| rests.iter().map(|(rest, weight)| weight * of(*rest)).sum::<f64>() / weights;
        if weights <= 0.0 {
            return Flow::default();
        }
        let average = mean(&|rest| rest);
        Flow {
            likely: median(rests.clone()),
            average,
            variance: mean(&|rest| (rest - average) * (rest - average)),
            shares: vec![1.0 / count(left); left],
        }
    }

    /// What is still bought: the usual pace, corrected by this month's own as far as there is evidence for it.
    fn purchases(&self) -> Flow {
        let now = self.history.now;
        let past = self.past();
        let sum = |of: fn(&Past) -> Part| {
            past.iter()
                .fold(Part::default(), |sum, month| sum.plus(of(month), month.weight))
        };
        let (before, after) = (sum(|month| month.before), sum(|month| month.after));
        let all = before.plus(after, 1.0);
        let gone = self.part(now.known().min(self.today + 1), self.today + 1);
        let left = self.part(self.today + 1, now.end()).days;
        let shape = self.shape(after, all.rate());
        let rate = if all.days > 0.0 {
            // What the other days of the month have more, the days gone have less.
            let early = if gone.days > 0.0 {
                ((gone.days + left - shape * left) / gone.days).max(0.25)
            } else {
                1.0
            };
            (all.money + gone.money) / (all.days + gone.days * early)
        } else {
            self.first_pace(gone)
        };
        let everyday = rate * left * shape;
        let [mean, squares, cubes] = self.moments();
        let grain = if mean > 0.0 { squares / mean } else { 0.0 };
        let gap = if squares > 0.0 {
            MEDIAN_GAP * cubes / squares
        } else {
            0.0
        };
        let evidence = (all.days + gone.days).max(1.0);
        let differ = MONTHS_DIFFER * everyday;
        let weight = |place: usize| self.weekdays[self.history.weekday(place)] / left;
        Flow {
            likely: (everyday - gap).max(0.0),
            average: everyday + self.large() * left,
            // Chance in the purchases to come and in those that the pace was taken from; then, months differ.
            variance: everyday * grain * (1.0 + left / evidence) + differ * differ,
            shares: (self.today + 1..now.end()).map(weight).collect(),
        }
    }

    /// How much more is usually spent on the days that are left than on others.
    fn shape(&self, after: Part, rate: f64) -> f64 {
        let usual = rate * after.days;
        if usual <= 0.0 {
            return 1.0;
        }
        let bought = |span: &Span| {
            let days = &self.amounts[self.cut(span)..span.end()];
            days.iter().filter(|day| **day > 0.0).count()
        };
        let seen = count(self.history.past.iter().map(bought).sum());
        (seen * after.money / usual + SHAPE_EVIDENCE) / (seen + SHAPE_EVIDENCE)
    }

    /// The pace of somebody's first month: one purchase is no pace, two are half of one.
    fn first_pace(&self, gone: Part) -> f64 {
        let seen = count(self.sizes.len());
        if seen > 0.0 {
            gone.rate() * (seen - 1.0) / seen
        } else {
            0.0
        }
    }

    /// What large purchases cost beyond everyday ones, on a mean day of the months before.
    fn large(&self) -> f64 {
        let days = self
            .history
            .past
            .iter()
            .flat_map(|span| &self.amounts[span.known()..span.end()]);
        let (beyond, number) = days.fold((0.0, 0.0), |(beyond, number), day| {
            (beyond + (day - self.cap).max(0.0), number + 1.0)
        });
        beyond / (number + LARGE_EVIDENCE)
    }

    /// Sums of the everyday purchases, of their squares and of their cubes.
    fn moments(&self) -> [f64; 3] {
        self.sizes.iter().fold([0.0; 3], |[one, two, three], size| {
            let size = size.min(self.cap);
            [one + size, two + size * size, three + size * size * size]
        })
    }
}

fn weight(span: Span) -> f64 {
    MONTH_DECAY.powi(i32::from(span.back) - 1)
}

/// The value in the middle of (value, weight) pairs; between two of the same weight, their mean. Zero of nothing.
fn median(mut values: Vec<(f64, f64)>) -> f64 {
    values.sort_by(|a, b| a.0.total_cmp(&b.0));
    let half = values.iter().map(|(_, weight)| weight).sum::<f64>() / 2.0;
    let mut sum = 0.0;
    for (place, (value, weight)) in values.iter().enumerate() {
        sum += weight;
        if sum > half {
            return *value;
        }
        if sum >= half {
            return values
                .get(place + 1)
                .map_or(*value, |(next, _)| f64::midpoint(*value, *next));
        }
    }
    0.0
}

fn count(number: usize) -> f64 {
    amount(i64::try_from(number).unwrap_or(i64::MAX))
}
