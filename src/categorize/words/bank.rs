//! What banks print round the name of a shop, and cutting it off.

use super::Word;

/// Payment processors that banks print before a `*` and the real merchant.
const PROCESSORS: [&str; 27] = [
    "sq", "tst", "paypal", "pp", "sumup", "sp", "iz", "zettle", "ztl", "izettle", "py", "wpy", "fsp", "bt", "cke",
    "dri", "drg", "pas", "eb", "ppl", "stripe", "toast", "clover", "square", "adyen", "payu", "klarna",
];

/// Processors that are no word of any language, so they go even without the `*`.
const BARE_PROCESSORS: [&str; 5] = ["sq", "tst", "sumup", "ztl", "izettle"];

/// What banks print before the merchant, longest first where one begins another.
const PREAMBLES: [&[&str]; 22] = [
    &["recurring", "payment", "authorized", "on"],
    &["purchase", "authorized", "on"],
    &["recurring", "card", "purchase"],
    &["debit", "card", "purchase"],
    &["visa", "debit", "purchase"],
    &["pos", "debit", "purchase"],
    &["card", "payment", "to"],
    &["card", "purchase"],
    &["pos", "purchase"],
    &["pos", "debit"],
    &["pos", "withdrawal"],
    &["visa", "purchase"],
    &["debit", "purchase"],
    &["contactless", "payment"],
    &["card", "payment"],
    &["checkcard"],
    &["dbt", "purchase"],
    &["kartenzahlung"],
    &["lastschrift"],
    &["paiement", "par", "carte"],
    &["pago", "con", "tarjeta"],
    &["pos"],
];

/// Words that say how was paid, not to whom: a number after them is no store number.
const GENERIC: [&str; 14] = [
    "payment",
    "purchase",
    "card",
    "debit",
    "credit",
    "transfer",
    "online",
    "check",
    "ach",
    "withdrawal",
    "deposit",
    "visa",
    "ref",
    "invoice",
];

/// Postal codes of the states of the USA and the provinces of Canada.
pub(super) const STATES: [&str; 64] = [
    "AL", "AK", "AZ", "AR", "CA", "CO", "CT", "DE", "FL", "GA", "HI", "ID", "IL", "IN", "IA", "KS", "KY", "LA", "ME",
    "MD", "MA", "MI", "MN", "MS", "MO", "MT", "NE", "NV", "NH", "NJ", "NM", "NY", "NC", "ND", "OH", "OK", "OR", "PA",
    "RI", "SC", "SD", "TN", "TX", "UT", "VT", "VA", "WA", "WV", "WI", "WY", "DC", "PR", "ON", "QC", "BC", "AB", "MB",
    "SK", "NS", "NB", "NL", "PE", "USA", "GBR",
];

/// First words of place names of two words.
const PLACE_STARTS: [&str; 32] = [
    "san", "los", "new", "las", "fort", "ft", "st", "saint", "santa", "el", "palo", "mountain", "north", "south",
    "east", "west", "port", "mount", "mt", "lake", "grand", "long", "cape", "beverly", "baton", "des", "little",
    "kansas", "oklahoma", "redwood", "menlo", "salt",
];

/// Whether a description looks printed by a bank: letters, all of them capitals.
pub(super) fn is_bank_line(description: &str) -> bool {
    let capitals = description.chars().filter(|c| c.is_uppercase()).count();
    capitals >= 3 && !description.chars().any(char::is_lowercase)
}

/// Cuts `SQ *`, `PAYPAL *`, `DRI*DRG*` and the like off the front.
pub(super) fn strip_processor(mut text: &str) -> &str {
    while let Some((head, rest)) = text.split_once('*') {
        if !PROCESSORS.contains(&head.trim().to_lowercase().as_str()) || !rest.chars().any(char::is_alphanumeric) {
            break;
        }
        text = rest;
    }
    text
}

/// Cuts processors without a star, preambles and long numbers off the front, as long as words remain.
pub(super) fn strip_lead<'a>(words: &mut Vec<Word<'a>>) -> Vec<Word<'a>> {
    let mut lead = Vec::new();
    loop {
        let bare = words
            .first()
            .is_some_and(|w| BARE_PROCESSORS.contains(&w.text.as_str()));
        let number = words.first().is_some_and(|w| w.is_code() && !w.can_lead());
        let preamble = PREAMBLES
            .iter()
            .find(|lead| words.len() > lead.len() && words.iter().zip(**lead).all(|(w, l)| w.text == *l))
            .map_or(0, |lead| lead.len());
        let cut = preamble.max(usize::from(bare || number));
        if cut == 0 || words.len() <= cut {
            return lead;
        }
        lead.extend(words.drain(..cut));
    }
}

/// Cuts a store number and the place behind it.
pub(super) fn cut_after_store_number<'a>(words: &mut Vec<Word<'a>>) -> Vec<Word<'a>> {
    let named = |word: &Word<'_>| !word.is_code() && !GENERIC.contains(&word.text.as_str());
    let Some(first) = words.iter().position(named) else {
        return Vec::new();
    };
    let number = |word: &Word<'_>| word.compound || (word.is_number() && (word.marked || word.text.len() >= 3));
    match words.iter().skip(first).position(number) {
        Some(at) => words.split_off(first + at),
        None => Vec::new(),
    }
}

/// Cuts the last word, a place, and the word before it where places begin that way; one word stays.
pub(super) fn cut_place(words: &mut Vec<Word<'_>>) {
    if words.len() < 2 {
        return;
    }
    words.pop();
    if words.len() > 1 && words.last().is_some_and(|w| PLACE_STARTS.contains(&w.text.as_str())) {
        words.pop();
    }
}
