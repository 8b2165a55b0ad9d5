//! The same phrase as banks print it and as people type it.

use super::corpus::{Origin, Row};
use super::dice::Dice;

const PLACES: [&str; 72] = [
    "AUSTIN TX",
    "SEATTLE WA",
    "CHICAGO IL",
    "NEW YORK NY",
    "SAN JOSE CA",
    "OAKLAND CA",
    "DENVER CO",
    "MIAMI FL",
    "ATLANTA GA",
    "PORTLAND OR",
    "BROOKLYN NY",
    "LOS ANGELES CA",
    "HOUSTON TX",
    "PHOENIX AZ",
    "NASHVILLE TN",
    "COLUMBUS OH",
    "RALEIGH NC",
    "LONDON",
    "LONDON GB",
    "LEEDS",
    "MANCHESTER",
    "BRISTOL GB",
    "GLASGOW",
    "EDINBURGH",
    "CARDIFF",
    "BIRMINGHAM",
    "YORK GBR",
    "DUBLIN IE",
    "CORK",
    "TORONTO ON",
    "VANCOUVER BC",
    "CALGARY AB",
    "OTTAWA",
    "MONTREAL QC",
    "SYDNEY",
    "SYDNEY AU",
    "MELBOURNE VIC",
    "BRISBANE QLD",
    "PERTH WA AU",
    "AUCKLAND NZ",
    "BERLIN",
    "BERLIN DE",
    "HAMBURG",
    "MUENCHEN",
    "KOELN",
    "WIEN",
    "ZUERICH CH",
    "PARIS",
    "PARIS FR",
    "LYON",
    "MARSEILLE",
    "MADRID",
    "MADRID ES",
    "BARCELONA",
    "ROMA",
    "MILANO IT",
    "AMSTERDAM",
    "UTRECHT NL",
    "BRUSSEL",
    "STOCKHOLM",
    "OSLO",
    "KOBENHAVN",
    "HELSINKI",
    "WARSZAWA",
    "PRAHA",
    "LISBOA PT",
    "MUMBAI",
    "BENGALURU IN",
    "NEW DELHI",
    "SINGAPORE",
    "CAPE TOWN",
    "DUBAI",
];
const NAMES: [&str; 60] = [
    "anna",
    "ben",
    "sarah",
    "tom",
    "maria",
    "priya",
    "lukas",
    "emma",
    "dad",
    "mum",
    "mom",
    "grandma",
    "nephew",
    "wife",
    "husband",
    "kids",
    "friends",
    "julia",
    "omar",
    "chen",
    "sofia",
    "james",
    "lucy",
    "max",
    "nina",
    "paul",
    "rosa",
    "sam",
    "team",
    "colleagues",
    "my sister",
    "my brother",
    "the boys",
    "the girls",
    "family",
    "lena",
    "jan",
    "pierre",
    "carlos",
    "ravi",
    "alex",
    "kate",
    "mike",
    "olivia",
    "noah",
    "zoe",
    "hannah",
    "david",
    "leo",
    "ella",
    "tim",
    "office",
    "roommate",
    "flatmate",
    "girlfriend",
    "boyfriend",
    "cousin",
    "aunt",
    "uncle",
    "daughter",
];
const OWNERS: [&str; 84] = [
    "tony's",
    "joe's",
    "maria's",
    "blue",
    "golden",
    "royal",
    "union square",
    "harbor",
    "harbour",
    "sunrise",
    "green",
    "red",
    "black",
    "white",
    "old town",
    "village",
    "city",
    "downtown",
    "central",
    "corner",
    "main street",
    "high street",
    "riverside",
    "lakeside",
    "mountain",
    "ocean",
    "star",
    "lucky",
    "happy",
    "little",
    "big",
    "new",
    "first",
    "national",
    "american",
    "united",
    "royal oak",
    "king",
    "queen",
    "st",
    "san",
    "north",
    "south",
    "east",
    "west",
    "park",
    "hill",
    "valley",
    "bay",
    "island",
    "oak",
    "maple",
    "cedar",
    "lion",
    "eagle",
    "bear",
    "fox",
    "rose",
    "lotus",
    "dragon",
    "tiger",
    "moon",
    "sun",
    "silver",
    "diamond",
    "crystal",
    "sri",
    "shree",
    "om",
    "chez",
    "le",
    "la",
    "el",
    "los",
    "il",
    "zum",
    "am markt",
    "de",
    "pat's",
    "sam's",
    "anna's",
    "metro",
    "express",
    "premier",
];
const LEADS: [&str; 26] = [
    "POS ",
    "POS PURCHASE ",
    "DEBIT CARD PURCHASE ",
    "CARD PAYMENT TO ",
    "CHECKCARD 0412 ",
    "VISA PURCHASE ",
    "PURCHASE ",
    "CONTACTLESS ",
    "DBT PURCHASE ",
    "KARTENZAHLUNG ",
    "LASTSCHRIFT ",
    "GIROCARD ",
    "CB ",
    "CARTE 12/03 ",
    "PAIEMENT CB ",
    "COMPRA ",
    "PAGO EN ",
    "COMPRA TARJ ",
    "BETAALPAS ",
    "BEA, ",
    "KORTKOB ",
    "KORTKÖP ",
    "PLATBA KARTOU ",
    "UPI-",
    "VPS ",
    "EFTPOS ",
];
const FIRMS: [&str; 22] = [
    " INC",
    " LLC",
    " LTD",
    " CO",
    " GMBH",
    " SA",
    " SARL",
    " SRL",
    " SPA",
    " BV",
    " AB",
    " AS",
    " PLC",
    " PTY LTD",
    " PVT LTD",
    " CORP",
    " INTL",
    " ONLINE",
    " GROUP",
    " SERVICES",
    " & CO",
    " STORE",
];
const MONTHS: [&str; 16] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "q1",
    "2024",
    "today",
    "last week",
];
/// How banks print that a bill is paid by itself.
const ORDERS: [&str; 16] = [
    " DD",
    " DD",
    " DIRECT DEBIT",
    " DDR",
    " AUTOPAY",
    " AUTO PAY",
    " BILL PAY",
    " BILLPAY",
    " WEB PAY",
    " ACH DEBIT",
    " PPD",
    " E-PAYMENT",
    " SEPA",
    " SO",
    " STANDING ORDER",
    " RECURRING",
];
/// Words before and behind a phrase that say nothing about its category.
const BEFORE: [&str; 26] = [
    "new ", "monthly ", "paid ", "bought ", "buy ", "the ", "my ", "a ", "some ", "2 ", "3 ", "12 ", "extra ",
    "weekly ", "big ", "small ", "more ", "half ", "2x ", "annual ", "yearly ", "pay ", "for ", "cheap ", "used ",
    "second ",
];
const BEHIND: [&str; 30] = [
    " x2",
    " today",
    " payment",
    " bill",
    " for the week",
    " 2 pcs",
    " (2)",
    " 1 kg",
    " 500 g",
    " for work",
    " for home",
    " for me",
    " again",
    " at last",
    " for trip",
    " online",
    " shop",
    " store",
    " 50%",
    " half",
    " deposit",
    " cost",
    " 3 months",
    " - nov",
    " yesterday",
    " etc",
    " stuff",
    " for the house",
    " on sale",
    " order",
];

/// Processors that print themselves before a shop of this category.
fn processors(category: u8) -> &'static [&'static str] {
    match category {
        1 => &[
            "TST* ", "TST* ", "TST*", "SQ *", "SQ *", "SQ *", "SUMUP *", "IZ *", "ZETTLE *", "TOAST ", "CLOVER* ",
            "DD *",
        ],
        0 => &["SQ *", "SQ *", "SUMUP *", "IZ *", "SP ", "CLOVER* ", "PAYPAL *"],
        2 => &["PAYPAL *", "SQ *", "PAS*", "SUMUP *", "PP*"],
        6 => &["SQ *", "EB *", "PAYPAL *", "SUMUP *", "TM *", "FSP*"],
        7 => &[
            "PAYPAL *", "PAYPAL *", "PP*", "SP ", "SP * ", "SQ *", "AMZ*", "KLARNA*", "DRI*", "STRIPE *", "ETSY*",
        ],
        9 => &[
            "PAYPAL *",
            "PAYPAL *",
            "PP*",
            "FS *",
            "FSPRG ",
            "GOOGLE *",
            "DRI*",
            "PADDLE.NET* ",
            "APL*",
        ],
        13 => &["PAYPAL *", "SP ", "SQ *", "PP*"],
        14 => &["SQ *", "SQ *", "SUMUP *", "IZ *", "SP "],
        _ => &["PAYPAL *", "SQ *", "PP*", "SUMUP *", "STRIPE *"],
    }
}

/// How often a shop of this category lets a processor take the money, percent.
fn processed(category: u8) -> usize {
    match category {
        1 => 35,
        7 | 9 | 14 => 25,
        6 | 13 => 20,
        0 => 6,
        _ => 10,
    }
}

/// A row as somebody might write it, and the keys of the phrases it was made of.
pub(super) fn written(row: &Row, other: &Row, stranger: &Row, dice: &mut Dice) -> (String, Vec<u32>) {
    let line = match row.origin {
        Origin::Merchant | Origin::Brand => 55,
        Origin::Common | Origin::Place | Origin::Code => 35,
        Origin::Term => 22,
        Origin::Noun | Origin::Guessed => 10,
        Origin::Head => 100,
    };
    let way = dice.below(100);
    if way < line {
        (bank_line(row, stranger, dice), vec![row.key])
    } else if way < line + (100 - line) / 2 {
        note(row, other, dice)
    } else {
        (row.text.clone(), vec![row.key])
    }
}

fn bank_line(row: &Row, stranger: &Row, dice: &mut Dice) -> String {
    let mut name = row.text.clone();
    let local = matches!(row.origin, Origin::Term | Origin::Place | Origin::Common | Origin::Head);
    if local && dice.chance(75) {
        name = match dice.below(10) {
            0 | 1 => format!("{} {name}", dice.one(&OWNERS)),
            2 => format!("{}s {name}", dice.one(&SURNAMES)),
            3 => format!("{} {name}", dice.one(&SURNAMES)),
            4 => format!("{} {name}", invented(dice)),
            5 => format!("{} {}", dice.one(&PLACES).split(' ').next().unwrap_or_default(), name),
            _ => format!("{} {name}", few_words(&stranger.text, dice)),
        };
    }
    let mut name = name.to_uppercase();
    if dice.chance(8) {
        name = without_vowels(&name, dice);
    }
    if dice.chance(8) {
        name.retain(|c| c != ' ');
    }
    if dice.chance(14) {
        name.push_str(dice.one(&FIRMS));
    }
    if dice.chance(7) {
        name.retain(|c| c != ' ');
        name.push_str(dice.one(&[".COM", ".COM", ".CO.UK", ".DE", ".FR", ".IN", ".NET"]));
    }
    if dice.chance(20) {
        let length = dice.one(&[15, 18, 20, 22, 25]);
        name = name.chars().take(length).collect();
    }
    if dice.chance(40) {
        name.push_str(&store_number(dice));
    }
    if dice.chance(35) {
        name = format!("{name} {}", dice.one(&PLACES));
    }
    if matches!(row.category, 3 | 4 | 9..=13) && dice.chance(20) {
        name.push_str(dice.one(&ORDERS));
    }
    if dice.chance(processed(row.category)) {
        name = format!("{}{name}", dice.one(processors(row.category)));
    } else if dice.chance(15) {
        name = format!("{}{name}", dice.one(&LEADS));
    }
    if dice.chance(25) {
        let length = dice.one(&[22, 23, 25, 28, 32]);
        name = name.chars().take(length).collect();
    }
    if dice.chance(20) { title(&name) } else { name }
}

fn store_number(dice: &mut Dice) -> String {
    let number = dice.below(99_999);
    match dice.below(6) {
        0 => format!(" #{}", number % 9_999),
        1 => format!(" {number:05}"),
        2 => format!(" {:04}", number % 9_999),
        3 => format!(" F{number}"),
        4 => format!("*{number:05}X{}", number % 9),
        _ if dice.chance(40) => format!("{number}{number:03}"),
        _ => format!(" {:03}", number % 999),
    }
}

/// `WHOLE FOODS` as `WHOLE FDS`.
fn without_vowels(name: &str, dice: &mut Dice) -> String {
    let words: Vec<&str> = name.split(' ').collect();
    let which = dice.below(words.len());
    let mut shortened = Vec::with_capacity(words.len());
    for (at, word) in words.iter().enumerate() {
        let mut letters = word.chars();
        let first: String = letters.by_ref().take(1).collect();
        if at == which && word.chars().count() >= 5 {
            shortened.push(first + &letters.filter(|c| !"AEIOU".contains(*c)).collect::<String>());
        } else {
            shortened.push((*word).to_owned());
        }
    }
    shortened.join(" ")
}

fn title(name: &str) -> String {
    let mut before = ' ';
    let mut text = String::with_capacity(name.len());
    for c in name.chars() {
        if before.is_alphanumeric() {
            text.extend(c.to_lowercase());
        } else {
            text.push(c);
        }
        before = c;
    }
    text
}

fn note(row: &Row, other: &Row, dice: &mut Dice) -> (String, Vec<u32>) {
    let mut keys = vec![row.key];
    let mut text = if dice.chance(80) {
        row.text.to_lowercase()
    } else {
        row.text.clone()
    };
    let with_other = |gap: &str, text: &mut String, keys: &mut Vec<u32>| {
        text.push_str(gap);
        text.push_str(&other.text.to_lowercase());
        keys.push(other.key);
    };
    match dice.below(14) {
        0 => text = format!("{text} for {}", dice.one(&NAMES)),
        1 => text = format!("{text} with {}", dice.one(&NAMES)),
        2 => text = format!("{} {text}", dice.one(&NAMES)),
        3 | 4 => text = format!("{}{text}", dice.one(&BEFORE)),
        5 | 6 => text.push_str(dice.one(&BEHIND)),
        7 => text = format!("{text} {}", dice.one(&MONTHS)),
        8 => with_other(dice.one(&[" + ", " and ", " & ", ", ", " "]), &mut text, &mut keys),
        9 => with_other(dice.one(&[" + ", " and ", " at ", " from ", " "]), &mut text, &mut keys),
        10 => text = format!("{text} in {}", dice.one(&PLACES).to_lowercase()),
        11 => text = format!("{} {text}", 1 + dice.below(20)),
        12 => text = format!("{text} {}", 1 + dice.below(200)),
        _ => {}
    }
    if dice.chance(12) {
        text = mistyped(&text, dice);
    }
    (text, keys)
}

/// With one letter too many, too few, or two in the wrong order.
fn mistyped(text: &str, dice: &mut Dice) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    if letters.len() < 5 {
        return text.to_owned();
    }
    let at = 1 + dice.below(letters.len() - 2);
    match dice.below(3) {
        0 => letters.swap(at, at + 1),
        1 => letters.insert(at, letters[at]),
        _ => {
            letters.remove(at);
        }
    }
    letters.into_iter().collect()
}

const SURNAMES: [&str; 64] = [
    "smith",
    "jones",
    "miller",
    "davis",
    "garcia",
    "wilson",
    "moore",
    "taylor",
    "thomas",
    "martin",
    "lee",
    "clark",
    "lewis",
    "walker",
    "hall",
    "young",
    "wright",
    "scott",
    "nguyen",
    "baker",
    "adams",
    "nelson",
    "carter",
    "mitchell",
    "roberts",
    "turner",
    "phillips",
    "campbell",
    "parker",
    "evans",
    "edwards",
    "collins",
    "murphy",
    "kelly",
    "obrien",
    "patel",
    "khan",
    "singh",
    "sharma",
    "kumar",
    "mueller",
    "schmidt",
    "weber",
    "fischer",
    "rossi",
    "bianchi",
    "dubois",
    "moreau",
    "silva",
    "santos",
    "lopez",
    "hernandez",
    "kowalski",
    "novak",
    "hansen",
    "larsen",
    "johansson",
    "virtanen",
    "de vries",
    "jansen",
    "yilmaz",
    "tanaka",
    "kim",
    "wong",
];

/// The first word or two.
fn few_words(text: &str, dice: &mut Dice) -> String {
    let words: Vec<&str> = text.split(' ').take(1 + dice.below(2)).collect();
    words.join(" ")
}

/// A name that nobody knows.
fn invented(dice: &mut Dice) -> String {
    const STARTS: [&str; 28] = [
        "b", "br", "c", "ch", "d", "f", "fl", "g", "gr", "h", "j", "k", "l", "m", "n", "p", "pr", "qu", "r", "s", "sh",
        "st", "t", "tr", "v", "w", "y", "z",
    ];
    const MIDDLES: [&str; 12] = ["a", "e", "i", "o", "u", "a", "o", "ee", "ou", "ai", "ia", "y"];
    const ENDS: [&str; 14] = ["", "", "", "n", "r", "l", "s", "m", "x", "ck", "ng", "t", "nd", "z"];
    let mut name = String::new();
    for _ in 0..2 + dice.below(2) {
        name.push_str(dice.one(&STARTS));
        name.push_str(dice.one(&MIDDLES));
    }
    name + dice.one(&ENDS)
}

/// Of a hundred bank lines whose words say nothing, how many belong to each category, about.
const SILENT: [(u8, usize); 14] = [
    (1, 46),
    (7, 18),
    (0, 8),
    (6, 5),
    (8, 4),
    (2, 4),
    (14, 3),
    (3, 3),
    (9, 3),
    (5, 2),
    (13, 1),
    (16, 1),
    (10, 1),
    (19, 1),
];

/// `office to airport`: a note of a way, whatever lies at its ends.
fn way<'a>(any: impl Fn(&mut Dice) -> &'a Row, dice: &mut Dice) -> String {
    const ENDS: [&str; 24] = [
        "home",
        "work",
        "office",
        "airport",
        "station",
        "hotel",
        "college",
        "school",
        "market",
        "mall",
        "hospital",
        "university",
        "downtown",
        "city",
        "beach",
        "temple",
        "church",
        "gym",
        "stadium",
        "museum",
        "bus stand",
        "hostel",
        "clinic",
        "park",
    ];
    let end = |dice: &mut Dice| match dice.below(4) {
        0 => few_words(&any(dice).text.to_lowercase(), dice),
        1 => dice.one(&PLACES).split(' ').next().unwrap_or_default().to_lowercase(),
        2 => invented(dice),
        _ => dice.one(&ENDS).to_owned(),
    };
    let (from, to) = (end(dice), end(dice));
    let lead = dice.one(&["", "", "", "", "2 ", "auto ", "from ", "train "]);
    let back = dice.one(&["", "", "", "", " return", " and back"]);
    format!("{lead}{from} to {to}{back}")
}

/// A bank line with a name that says nothing, and a category that such lines have.
pub(super) fn silent<'a>(
    any: impl Fn(&mut Dice) -> &'a Row,
    food: impl Fn(&mut Dice) -> &'a Row,
    dice: &mut Dice,
) -> (String, u8) {
    let mut left = dice.below(SILENT.iter().map(|(_, share)| share).sum());
    let mut category = 1;
    for (class, share) in SILENT {
        if left < share {
            category = class;
            break;
        }
        left -= share;
    }
    if dice.chance(8) {
        return (way(any, dice), 2);
    }
    let word = |dice: &mut Dice| match dice.below(5) {
        0 => invented(dice),
        1 => dice.one(&SURNAMES).to_owned(),
        // Food in the name of a shop is mostly food on its tables.
        2 | 3 if category == 1 => food(dice).text.clone(),
        _ => few_words(&any(dice).text, dice),
    };
    let (a, b) = (word(dice), word(dice));
    let name = match (category, dice.below(10)) {
        (_, 0) => format!("{a} {b}"),
        (1, 3) => format!("{b} & {a}"),
        (1, 4) => format!("{a} and {b}"),
        (1, 5) => format!("{a}'s"),
        (7 | 9, 1..=4) => format!("{a}.com"),
        (_, 1) | (1, 2) => format!("the {a}"),
        (_, 2) => format!("{a} & {b}"),
        _ => a,
    };
    let row = Row {
        text: name,
        category,
        origin: Origin::Brand,
        weight: 1.0,
        key: 0,
    };
    (bank_line(&row, &row, dice), category)
}
