//! What comes back: an amount seen in most months round one day, or every second, third, fourth or sixth month.

use super::amount;
use super::history::{History, Span};
use crate::domain::category::Kind;

/// Days between a bill's day and the day on which it is booked, early or late: a weekend and a holiday.
const DAYS_APART: usize = 4;
/// How far the bill of the running month may be ahead of its day, or behind it, and still be that bill.
const PAID_APART: (usize, usize) = (6, 10);
/// Days that a bill of a flexible category is waited for; a category of bills waits until the month ends.
const PATIENCE: usize = 5;
/// Months whose spending is looked at for bills; what is in none of them has ended.
const SEEDS: u8 = 6;
/// Every how many months a bill may come that does not come every month.
const RHYTHMS: [u8; 4] = [2, 3, 4, 6];
/// The newest payment weighs as much as all before it together.
const PAYMENT_DECAY: f64 = 0.5;

/// A bill that is still to come in the month in question.
pub(super) struct Due {
    /// Place of the day on which it is expected: today at the earliest.
    pub(super) place: usize,
    /// What it usually comes to.
    pub(super) amount: f64,
    /// Mean difference of its payments from that.
    pub(super) spread: f64,
}

/// How alike amounts must be to be one bill, as parts of the amount.
#[derive(Clone, Copy)]
struct Alike {
    /// From month to month.
    series: f64,
    /// In the month in question, where a new price is no surprise.
    paid: f64,
}

impl Alike {
    /// Where everything is a bill, the day alone tells which one; elsewhere the amount has to.
    fn of(kind: Kind) -> Self {
        match kind {
            Kind::Fixed => Self { series: 0.5, paid: 0.6 },
            _ => Self {
                series: 0.03,
                paid: 0.1,
            },
        }
    }
}

/// A day in every month. Months that begin on pay day differ in length before a bill of the first, but not after it.
#[derive(Clone, Copy)]
enum BillDay {
    /// The `day`, counted from 0, of a month, or its last one; and so many days after that, or before it.
    FromStart { day: usize, later: isize },
    /// So many days before the month ends; after that when negative.
    BeforeEnd(isize),
}

impl BillDay {
    /// From the payments of a series, each with its month; `day` is that of the payment that led to the others.
    fn of(found: &[(Span, usize)], day: usize) -> Self {
        let later = Usual::of(found, |span, place| place.cast_signed() - on(span, day).cast_signed());
        let before = Usual::of(found, |span, place| span.end().cast_signed() - place.cast_signed());
        if before.spread < later.spread {
            Self::BeforeEnd(before.middle)
        } else {
            Self::FromStart {
                day,
                later: later.middle,
            }
        }
    }

    /// Its place in a month.
    fn place(self, span: Span) -> Option<usize> {
        match self {
            Self::FromStart { day, later } => on(span, day).checked_add_signed(later),
            Self::BeforeEnd(days) => span.end().checked_add_signed(-days),
        }
    }
}

/// Where some numbers lie.
struct Usual {
    middle: isize,
    spread: isize,
}

impl Usual {
    fn of(found: &[(Span, usize)], number: impl Fn(Span, usize) -> isize) -> Self {
        let mut numbers: Vec<isize> = found.iter().map(|(span, place)| number(*span, *place)).collect();
        numbers.sort_unstable();
        let (first, last) = (numbers.first().copied(), numbers.last().copied());
        Self {
            middle: numbers.get(numbers.len() / 2).copied().unwrap_or_default(),
            spread: last.unwrap_or_default() - first.unwrap_or_default(),
        }
    }
}

/// The payments of one bill.
struct Series {
    /// Places of the payments, newest first.
    places: Vec<usize>,
    /// The day on which it is usually booked.
    day: BillDay,
    amount: f64,
    spread: f64,
}

/// Takes all bills out of `amounts` and says which are still to come after the day at place `today`.
pub(super) fn take_out(kind: Kind, history: &History, today: usize, amounts: &mut [f64]) -> Vec<Due> {
    let mut bills = Vec::new();
    for span in history.past.iter().filter(|span| span.back <= SEEDS) {
        for seed in span.known()..span.end() {
            if let Some(series) = series(kind, history, amounts, *span, seed) {
                series.places.iter().for_each(|place| amounts[*place] = 0.0);
                bills.push(series);
            }
        }
    }
    let now = history.now;
    unpaid(kind, now, amounts, &bills)
        .into_iter()
        .filter(|(place, _)| *place >= now.known() && (kind == Kind::Fixed || today <= place + PATIENCE))
        .map(|(place, bill)| Due {
            place: if place < today { today + 1 } else { place }.min(now.end() - 1),
            amount: bill.amount,
            spread: bill.spread,
        })
        .collect()
}

/// The bill that was paid at place `seed` in `span`, if that was a bill.
fn series(kind: Kind, history: &History, amounts: &[f64], span: Span, seed: usize) -> Option<Series> {
    let price = amounts[seed];
    if price <= 0.0 {
        return None;
    }
    let (day, alike) = (seed - span.start, Alike::of(kind).series);
    let payment = |span: &Span| {
        let (place, _) = nearest(amounts, on(*span, day), (DAYS_APART, DAYS_APART), price, alike)?;
        Some((*span, place))
    };
    let found: Vec<(Span, usize)> = history.past.iter().filter_map(payment).collect();
    let places: Vec<usize> = found.iter().map(|(_, place)| *place).collect();
    let backs: Vec<u8> = found.iter().map(|(span, _)| span.back).collect();
    if !comes_back(kind, history, day, &backs) || (kind != Kind::Fixed && is_habit(history, amounts, &places, price)) {
        return None;
    }
    let (mut sum, mut weights, mut weight) = (0.0, 0.0, 1.0);
    for place in &places {
        sum += weight * amounts[*place];
        weights += weight;
        weight *= PAYMENT_DECAY;
    }
    let mean = sum / weights;
    let away: f64 = places.iter().map(|place| (amounts[*place] - mean).abs()).sum();
    Some(Series {
        day: BillDay::of(&found, day),
        amount: mean,
        spread: away / count(places.len()),
        places,
    })
}

/// Whether payments in the months `backs`, newest first, are those of a bill that goes on.
fn comes_back(kind: Kind, history: &History, day: usize, backs: &[u8]) -> bool {
    let (Some(&newest), Some(&oldest)) = (backs.first(), backs.last()) else {
        return false;
    };
    if history.past.iter().filter(|span| span.unknown <= day).count() == 1 {
        // One month is known. In a category of bills, all of it is bills.
        return kind == Kind::Fixed && newest <= 2;
    }
    let seen = backs.len();
    let since = history.past.iter().filter(|span| span.back <= oldest).count();
    let goes_on = newest == 1 || (newest == 2 && seen >= 4);
    if seen >= 2 && goes_on && seen * 3 >= since * 2 {
        return true;
    }
    RHYTHMS
        .iter()
        .any(|every| backs.starts_with(&[*every, 2 * every]) && backs.iter().all(|back| back % every == 0))
}

/// Whether amounts like these are bought on any day, or were too few and too different to be a bill.
fn is_habit(history: &History, amounts: &[f64], places: &[usize], price: f64) -> bool {
    let like = |part: f64| move |amount: f64| amount > 0.0 && (amount - price).abs() <= part * price;
    let exactly = places.iter().filter(|place| like(0.005)(amounts[**place])).count();
    let anywhere = amounts[..history.now.start]
        .iter()
        .filter(|amount| like(0.03)(**amount))
        .count();
    (places.len() < 3 && exactly < 2) || 2 * anywhere > 3 * places.len() + 1
}

/// The bills of the month `now` that have not been paid, with the places of their days. Payments are taken out.
fn unpaid<'a>(kind: Kind, now: Span, amounts: &mut [f64], bills: &'a [Series]) -> Vec<(usize, &'a Series)> {
    // Next month's bill may be booked in this one.
    let next = Span {
        start: now.end(),
        ..now
    };
    let days = |bill: &'a Series| {
        let places = [now, next].into_iter().filter_map(|span| bill.day.place(span));
        places.map(move |place| (place, bill))
    };
    let counted = |place: usize, bill: &Series| bill.places.iter().any(|paid| paid.abs_diff(place) <= DAYS_APART);
    let due = bills.iter().flat_map(days);
    let mut open: Vec<_> = due
        .filter(|(place, bill)| *place < now.end() && !counted(*place, bill))
        .collect();
    // The payment that fits best is settled first, so that no bill takes another one's.
    let alike = Alike::of(kind).paid;
    while let Some((settled, payment, _)) = open
        .iter()
        .enumerate()
        .filter_map(|(number, (place, bill))| {
            let (payment, misfit) = nearest(amounts, *place, PAID_APART, bill.amount, alike)?;
            Some((number, payment, misfit))
        })
        .min_by(|a, b| a.2.total_cmp(&b.2))
    {
        amounts[payment] = 0.0;
        open.remove(settled);
    }
    // Some may have been paid on a day on which something else was bought too.
    open.retain(|(place, bill)| {
        let mut around = place.saturating_sub(1)..(place + 2).min(amounts.len());
        let shared = around.find(|place| amounts[*place] > bill.amount);
        if let Some(shared) = shared {
            amounts[shared] -= bill.amount;
        }
        shared.is_none()
    });
    open
}

/// Place of the `day` of a month, counted from 0; of its last day when the month is shorter.
fn on(span: Span, day: usize) -> usize {
    span.start + day.min(span.length - 1)
}

/// The place round `day`, up to `apart` days before and after it, whose amount fits `price` and day best, and how badly
/// it fits.
fn nearest(amounts: &[f64], day: usize, apart: (usize, usize), price: f64, alike: f64) -> Option<(usize, f64)> {
    let misfit = |place: usize| {
        let amount = amounts[place];
        count(place.abs_diff(day)) / count(DAYS_APART) + (amount - price).abs() / (price * alike)
    };
    let fits =
        |place: &usize| amounts[*place] > 0.0 && (amounts[*place] - price).abs() <= alike * price.max(amounts[*place]);
    (day.saturating_sub(apart.0)..(day + apart.1 + 1).min(amounts.len()))
        .filter(fits)
        .map(|place| (place, misfit(place)))
        .min_by(|a, b| a.1.total_cmp(&b.1))
}

fn count(number: usize) -> f64 {
    amount(i64::try_from(number).unwrap_or(i64::MAX))
}
