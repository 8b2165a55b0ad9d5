//! How numbers, amounts and days are written where the user lives.
//!
//! The forms are those of the Unicode CLDR, with a plain no-break space and a plain apostrophe where it has
//! typographic ones, which not every terminal font draws. Words stay English.

use std::fmt::Write;

use jiff::civil::Date;

/// Where digits are grouped, counted from the decimal mark.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Grouping {
    /// Every three: `12,345,678`.
    Thousands,
    /// Three, then every two: `1,23,45,678`.
    Indian,
}

/// Where a currency's symbol stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SymbolPlace {
    /// `€5`
    Before,
    /// `€ 5`
    BeforeSpaced,
    /// `5 €`
    After,
}

/// How a number is written, and an amount of money.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Numbers {
    /// Before the decimals.
    pub decimal: char,
    /// Between groups of digits.
    pub group: char,
    /// Where the groups are.
    pub grouping: Grouping,
    /// Where the currency stands.
    pub symbol: SymbolPlace,
    /// Whether the user or the environment says so. If not, an amount such as `1.234` or `1,234` is taken for a
    /// thousand and more, whichever its mark.
    pub stated: bool,
}

/// In which order a day is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DayOrder {
    /// `22 Nov 2026`
    DayFirst,
    /// `Nov 22, 2026`
    MonthFirst,
    /// `2026 Nov 22`
    YearFirst,
}

/// The habits of a place.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Locale {
    /// How numbers are written.
    pub numbers: Numbers,
    /// How days are written.
    pub days: DayOrder,
}

impl Default for Locale {
    fn default() -> Self {
        Self::ENGLISH
    }
}

impl Default for Numbers {
    fn default() -> Self {
        Self::ENGLISH
    }
}

const POINT: Numbers = numbers('.', ',', SymbolPlace::Before);
const INDIAN: Numbers = Numbers {
    grouping: Grouping::Indian,
    ..POINT
};
const COMMA: Numbers = numbers(',', '.', SymbolPlace::After);
const COMMA_BEFORE: Numbers = numbers(',', '.', SymbolPlace::Before);
const COMMA_SPACED: Numbers = numbers(',', '.', SymbolPlace::BeforeSpaced);
const SPACE: Numbers = numbers(',', NO_BREAK, SymbolPlace::After);
const SPACE_BEFORE: Numbers = numbers(',', NO_BREAK, SymbolPlace::Before);
const SWISS: Numbers = numbers('.', '\'', SymbolPlace::BeforeSpaced);
const SWISS_FRENCH: Numbers = numbers('.', NO_BREAK, SymbolPlace::After);

/// A space that no line is broken at.
const NO_BREAK: char = '\u{a0}';

/// Languages, and languages in one region that differ from the rest. The first entry that fits holds.
const FORMS: [(&str, Numbers, DayOrder); 20] = [
    ("en-US en-CA en-PH", POINT, DayOrder::MonthFirst),
    ("en-IN", INDIAN, DayOrder::DayFirst),
    ("en-CH de-CH de-LI it-CH", SWISS, DayOrder::DayFirst),
    ("en-ZA", SPACE_BEFORE, DayOrder::DayFirst),
    ("fr-CH", SWISS_FRENCH, DayOrder::DayFirst),
    ("de-AT nl es-AR es-CO", COMMA_SPACED, DayOrder::DayFirst),
    ("es-US es-PR", POINT, DayOrder::MonthFirst),
    (
        "es-MX es-GT es-HN es-NI es-PA es-PE es-SV es-DO",
        POINT,
        DayOrder::DayFirst,
    ),
    ("es-CL", COMMA_BEFORE, DayOrder::DayFirst),
    ("pt-PT pt-AO pt-MZ pt-CV", SPACE, DayOrder::DayFirst),
    ("pt id", COMMA_SPACED, DayOrder::DayFirst),
    ("tr az", COMMA_BEFORE, DayOrder::DayFirst),
    ("eu", COMMA, DayOrder::YearFirst),
    (
        "de es it da el hr sl sr bs mk ro is gl ca vi",
        COMMA,
        DayOrder::DayFirst,
    ),
    ("hu lt", SPACE, DayOrder::YearFirst),
    (
        "fr cs sk pl ru uk be bg fi sv nb no nn lv et kk ka hy sq",
        SPACE,
        DayOrder::DayFirst,
    ),
    ("hi bn ta te mr gu kn ml pa", INDIAN, DayOrder::DayFirst),
    ("ja zh ko mn", POINT, DayOrder::YearFirst),
    ("en he ms th fil sw ur ga mt cy", POINT, DayOrder::DayFirst),
    ("fa ar am ne si", POINT, DayOrder::DayFirst),
];

const fn numbers(decimal: char, group: char, symbol: SymbolPlace) -> Numbers {
    Numbers {
        decimal,
        group,
        grouping: Grouping::Thousands,
        symbol,
        stated: true,
    }
}

impl Locale {
    /// English forms, days first: for everybody who says nothing.
    pub const ENGLISH: Self = Self {
        numbers: Numbers::ENGLISH,
        days: DayOrder::DayFirst,
    };

    /// Reads a tag such as `de-DE`, `de_DE.UTF-8@euro` or `de`; `None` for a language that is not known.
    #[must_use]
    pub fn from_tag(tag: &str) -> Option<Self> {
        let tag = tag.split(['.', '@']).next().unwrap_or_default();
        let mut parts = tag.split(['-', '_']);
        let language = parts.next()?.to_ascii_lowercase();
        // A script, as in zh-Hant-TW, stands between the two.
        let region = parts.find(|part| part.len() == 2).map(str::to_ascii_uppercase);
        let full = format!("{language}-{}", region.as_deref().unwrap_or_default());
        let form = |wanted: &str| FORMS.iter().find(|(tags, ..)| has(tags, wanted));
        let &(_, numbers, days) = form(&full).or_else(|| form(&language))?;
        Some(Self { numbers, days })
    }

    /// From the values of `LC_ALL`, `LC_NUMERIC` and `LANG`, where the first that is not empty counts; `C`,
    /// `POSIX` and languages that are not known say nothing.
    #[must_use]
    pub fn from_environment(lc_all: &str, lc_numeric: &str, lang: &str) -> Self {
        let said = [lc_all, lc_numeric, lang].into_iter().find(|value| !value.is_empty());
        said.and_then(Self::from_tag).unwrap_or_default()
    }

    /// A format of [`Date::strftime`] that has the day before the month, such as `%-d %b %Y`, in the order of the
    /// place: `%b %-d, %Y`, `%Y %b %-d`. It is as wide as it was, but for the comma.
    #[must_use]
    pub fn order(&self, day_first: &str) -> String {
        if self.days == DayOrder::DayFirst {
            return day_first.to_owned();
        }
        let mut format = day_first.to_owned();
        for (day, month) in [("%-d", "%b"), ("%d", "%b"), ("%-d", "%B"), ("%d", "%B")] {
            let year_too = match self.days {
                DayOrder::YearFirst => format!("%Y {month} {day}"),
                _ => format!("{month} {day}, %Y"),
            };
            format = format
                .replace(&format!("{day} {month} %Y"), &year_too)
                .replace(&format!("{day} {month}"), &format!("{month} {day}"));
        }
        format
    }

    /// A day, from a format that has the day before the month: see [`Locale::order`].
    #[must_use]
    pub fn day(&self, day: Date, day_first: &str) -> String {
        day.strftime(&self.order(day_first)).to_string()
    }
}

impl Numbers {
    /// Those of everybody who says nothing: `1,234.50`.
    pub const ENGLISH: Self = Self { stated: false, ..POINT };

    /// A plain decimal such as `-1234.50` with these marks: `-1.234,50`.
    #[must_use]
    pub fn write(&self, plain: &str) -> String {
        let (sign, digits) = plain.strip_prefix('-').map_or(("", plain), |rest| ("-", rest));
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let mut out = String::with_capacity(plain.len() * 2);
        out.push_str(sign);
        for (at, digit) in whole.char_indices() {
            if at > 0 && self.breaks_before(whole.len() - at) {
                out.push(self.group);
            }
            out.push(digit);
        }
        if !fraction.is_empty() {
            // Writing to a string cannot fail.
            let _ = write!(out, "{}{fraction}", self.decimal);
        }
        out
    }

    /// Whether digits before the decimal mark, cut at their group marks, are groups that people write.
    #[must_use]
    pub fn are_groups(&self, parts: &[&str]) -> bool {
        let [first, rest @ ..] = parts else { return false };
        let Some((last, middle)) = rest.split_last() else {
            return true;
        };
        let all = |length: usize| middle.iter().all(|part| part.len() == length);
        let indian = self.grouping == Grouping::Indian && first.len() <= 2 && all(2);
        !first.is_empty() && last.len() == 3 && ((first.len() <= 3 && all(3)) || indian)
    }

    /// Whether a group begins `left` digits before the decimal mark.
    const fn breaks_before(&self, left: usize) -> bool {
        match self.grouping {
            Grouping::Thousands => left.is_multiple_of(3),
            Grouping::Indian => left == 3 || (left > 3 && !left.is_multiple_of(2)),
        }
    }
}

/// Whether `word` is one of `words`, which are separated by spaces.
fn has(words: &str, word: &str) -> bool {
    words.split(' ').any(|known| known == word)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;
    use rstest::rstest;

    #[rstest]
    #[case("en", "1,234,567.50", "3 Nov 2026")]
    #[case("en-US", "1,234,567.50", "Nov 3, 2026")]
    #[case("en_GB.UTF-8", "1,234,567.50", "3 Nov 2026")]
    #[case("en-IN", "12,34,567.50", "3 Nov 2026")]
    #[case("hi", "12,34,567.50", "3 Nov 2026")]
    #[case("de-DE", "1.234.567,50", "3 Nov 2026")]
    #[case("de_DE@euro", "1.234.567,50", "3 Nov 2026")]
    #[case("DE", "1.234.567,50", "3 Nov 2026")]
    #[case("de-CH", "1'234'567.50", "3 Nov 2026")]
    #[case("fr-FR", "1\u{a0}234\u{a0}567,50", "3 Nov 2026")]
    #[case("fr-CH", "1\u{a0}234\u{a0}567.50", "3 Nov 2026")]
    #[case("pt-BR", "1.234.567,50", "3 Nov 2026")]
    #[case("pt-PT", "1\u{a0}234\u{a0}567,50", "3 Nov 2026")]
    #[case("zh-Hant-TW", "1,234,567.50", "2026 Nov 3")]
    #[case("hu", "1\u{a0}234\u{a0}567,50", "2026 Nov 3")]
    fn a_place_has_its_forms(#[case] tag: &str, #[case] number: &str, #[case] day: &str) {
        let locale = Locale::from_tag(tag).unwrap();
        assert_eq!(locale.numbers.write("1234567.50"), number);
        assert_eq!(locale.day(date(2026, 11, 3), "%-d %b %Y"), day);
        assert!(locale.numbers.stated);
    }

    #[test]
    fn every_tag_of_the_table_is_found() {
        for (tags, numbers, days) in FORMS {
            for tag in tags.split(' ') {
                let locale = Locale::from_tag(tag).unwrap();
                assert_eq!((locale.numbers, locale.days), (numbers, days), "{tag}");
            }
        }
    }

    #[rstest]
    #[case("%a %-d %b", "Tue Nov 3", "Tue Nov 3")]
    #[case("%d %b '%y", "Nov 03 '26", "Nov 03 '26")]
    #[case("%-d %B %Y", "November 3, 2026", "2026 November 3")]
    #[case("%-d %b %H:%M", "Nov 3 00:00", "Nov 3 00:00")]
    #[case("%B %Y", "November 2026", "November 2026")]
    fn every_format_takes_the_order_of_the_place(#[case] format: &str, #[case] us: &str, #[case] japan: &str) {
        let at = date(2026, 11, 3).at(0, 0, 0, 0);
        let shown = |tag| at.strftime(&Locale::from_tag(tag).unwrap().order(format)).to_string();
        assert_eq!((shown("en-US").as_str(), shown("ja-JP").as_str()), (us, japan));
        assert_eq!(Locale::default().order(format), format);
    }

    #[rstest]
    #[case(["", "", "de_DE.UTF-8"], ',')]
    #[case(["", "fr_FR.UTF-8", "en_US.UTF-8"], ',')]
    #[case(["C", "de_DE", "de_DE"], '.')]
    #[case(["", "", "POSIX"], '.')]
    #[case(["", "", ""], '.')]
    fn the_first_variable_that_is_set_counts(#[case] values: [&str; 3], #[case] decimal: char) {
        let [all, numeric, lang] = values;
        assert_eq!(Locale::from_environment(all, numeric, lang).numbers.decimal, decimal);
    }

    #[test]
    fn c_says_nothing() {
        assert_eq!(Locale::from_environment("C.UTF-8", "", ""), Locale::default());
        assert_eq!(Locale::from_tag("tlh"), None);
    }

    #[test]
    fn small_and_negative_numbers_are_not_grouped_wrongly() {
        let locale = Locale::default();
        for (plain, shown) in [("0.05", "0.05"), ("-999", "-999"), ("-1000", "-1,000"), ("100", "100")] {
            assert_eq!(locale.numbers.write(plain), shown);
        }
    }

    proptest! {
        #[test]
        fn any_tag_is_safe(tag in "\\PC{0,16}") {
            let _ = Locale::from_tag(&tag);
        }

        #[test]
        fn days_in_a_list_have_one_width(day in 1_i8..29, month in 1_i8..13, at in 0..FORMS.len()) {
            let locale = Locale { days: FORMS[at].2, ..Locale::default() };
            prop_assert_eq!(locale.day(date(2026, month, day), "%d %b").len(), 6);
        }
    }
}
