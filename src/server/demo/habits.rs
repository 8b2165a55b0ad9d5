//! Who the sample user is: what is paid every month, and where the rest of the money goes.

/// What is paid at a fixed time.
pub(super) struct Bill {
    /// One of the default categories.
    pub category: &'static str,
    /// As the bank prints it.
    pub description: &'static str,
    /// Day of the month; 31 is its last day.
    pub day: i8,
    /// Lowest and highest amount, cents; equal for a fixed price.
    pub amount: (i64, i64),
    /// Calendar months in which it is due; all of them when empty.
    pub months: &'static [i8],
}

/// A merchant with the lowest and highest amount, in cents.
pub(super) type Shop = (&'static str, i64, i64);

/// What is bought through the month, at one of several merchants.
pub(super) struct Habit {
    /// One of the default categories.
    pub category: &'static str,
    /// Least and most purchases in a full month.
    pub times: (i64, i64),
    /// Where; visited in turn, beginning anywhere.
    pub shops: &'static [Shop],
}

const fn bill(category: &'static str, description: &'static str, day: i8, amount: (i64, i64)) -> Bill {
    Bill {
        category,
        description,
        day,
        amount,
        months: &[],
    }
}

const fn due(mut bill: Bill, months: &'static [i8]) -> Bill {
    bill.months = months;
    bill
}

pub(super) const RENT: i64 = 145_000;

pub(super) const BILLS: [Bill; 23] = [
    bill("Housing", "Rent Maple Street 12", 1, (RENT, RENT)),
    bill("Utilities", "Comcast Xfinity", 5, (5999, 5999)),
    bill("Utilities", "T-Mobile", 12, (4500, 4500)),
    bill("Utilities", "City Water", 18, (2200, 2800)),
    // On the last day, so that the running month still waits for it.
    bill("Utilities", "PG&E WEBRECURRING", 31, (4800, 6000)),
    bill("Subscriptions", "Spotify", 3, (1099, 1099)),
    bill("Subscriptions", "Netflix.com", 7, (1549, 1549)),
    bill("Subscriptions", "APPLE.COM/BILL iCloud", 11, (299, 299)),
    bill("Subscriptions", "New York Times", 15, (400, 400)),
    bill("Subscriptions", "Adobe Creative Cloud", 21, (999, 999)),
    bill("Health", "Planet Fitness", 10, (2900, 2900)),
    bill("Kids", "After-school club", 4, (9000, 9000)),
    bill("Income", "ACME CORP PAYROLL", 15, (214_000, 214_000)),
    bill("Income", "ACME CORP PAYROLL", 31, (214_000, 214_000)),
    bill("Transfers", "Transfer to savings", 2, (30_000, 30_000)),
    bill("Transfers", "Vanguard", 16, (15_000, 15_000)),
    due(
        bill("Insurance", "GEICO auto insurance", 20, (28_640, 28_640)),
        &[2, 5, 8, 11],
    ),
    due(
        bill("Insurance", "Lemonade renters insurance", 9, (4500, 4500)),
        &[1, 4, 7, 10],
    ),
    due(
        bill("Fees & Taxes", "IRS USATAXPYMT", 15, (18_000, 18_000)),
        &[1, 4, 6, 9],
    ),
    due(bill("Fees & Taxes", "DMV registration", 6, (6800, 6800)), &[3]),
    bill("Fees & Taxes", "Chase ATM fee", 23, (300, 350)),
    due(bill("Gifts & Donations", "Red Cross", 8, (2500, 2500)), &[3, 6, 9, 12]),
    bill("Gifts & Donations", "Doctors Without Borders", 19, (1500, 1500)),
];

pub(super) const HABITS: [Habit; 13] = [
    Habit {
        category: "Groceries",
        times: (8, 10),
        shops: &[
            ("Trader Joe's", 2800, 5200),
            ("WHOLEFDS SMV #10511 OAKLAND CA", 2400, 6100),
            ("Safeway", 3300, 7200),
            ("Berkeley Bowl farmers market", 1400, 3200),
            ("Aldi", 2600, 5600),
            ("COSTCO WHSE #0423", 5200, 8800),
        ],
    },
    Habit {
        category: "Dining",
        times: (13, 14),
        shops: &[
            ("SQ *BLUE BOTTLE 0421 OAKLAND CA", 475, 875),
            ("Chipotle", 1095, 1485),
            ("Café Nero", 420, 790),
            ("Ramen House 東京", 1650, 2180),
            ("TST* THAI BASIL - BERKELEY", 1290, 1890),
            ("Philz Coffee", 450, 680),
            ("Sweetgreen", 1295, 1595),
        ],
    },
    Habit {
        category: "Transport",
        times: (9, 11),
        shops: &[
            ("Shell 0088", 3600, 4800),
            ("BART CLIPPER", 500, 1000),
            ("Uber trip", 980, 1690),
            ("Parking meter", 250, 600),
            ("Lyft ride", 890, 1450),
        ],
    },
    Habit {
        category: "Health",
        times: (2, 3),
        shops: &[
            ("CVS PHARMACY #04421", 640, 1690),
            ("Walgreens", 520, 1480),
            ("Copay Dr Alvarez", 1500, 1500),
        ],
    },
    Habit {
        category: "Entertainment",
        times: (3, 5),
        shops: &[
            ("Cinema Lumière", 1250, 2400),
            ("Steam games", 999, 1999),
            ("Oakland Zoo", 1800, 2600),
            ("Bowling with Sam", 1400, 2200),
            ("Museum of Modern Art", 1900, 2500),
        ],
    },
    Habit {
        category: "Shopping",
        times: (4, 5),
        shops: &[
            ("AMZN Mktp US*2K4RT", 1190, 4480),
            ("TARGET 00012345 OAKLAND CA", 1490, 4680),
            ("Uniqlo", 1990, 4970),
            ("Powell's Books", 890, 2790),
            ("Best Buy", 1999, 5499),
        ],
    },
    Habit {
        category: "Personal Care",
        times: (2, 3),
        shops: &[
            ("Great Clips", 2200, 2600),
            ("Sephora", 1200, 2400),
            ("Dry cleaning", 900, 1700),
        ],
    },
    Habit {
        category: "Pets",
        times: (2, 3),
        shops: &[
            ("PP*CHEWY INC", 2190, 3480),
            ("Petco", 890, 1990),
            ("Dog groomer", 3200, 3800),
        ],
    },
    Habit {
        category: "Kids",
        times: (3, 4),
        shops: &[
            ("LEGO store", 1999, 3999),
            ("Carter's kids clothes", 1650, 3480),
            ("School trip", 1200, 1800),
            ("Swim lessons kids", 2400, 2400),
        ],
    },
    Habit {
        category: "Gifts & Donations",
        times: (1, 2),
        shops: &[
            ("Birthday gift for Maya", 2200, 3900),
            ("1-800-FLOWERS", 3490, 4490),
            ("Wedding gift", 3500, 4500),
        ],
    },
    Habit {
        category: "Travel",
        times: (0, 1),
        shops: &[("Amtrak", 2900, 5800), ("Hostel Point Reyes", 5400, 7200)],
    },
    Habit {
        category: "Other",
        times: (1, 2),
        shops: &[("USPS PO 0541", 480, 1350), ("FedEx Office printing", 320, 980)],
    },
    Habit {
        category: "Income",
        times: (0, 1),
        shops: &[("Refund Best Buy", 1999, 4999)],
    },
];

/// A holiday, five days from the given day of its month.
pub(super) const TRIP_DAY: i8 = 11;
pub(super) const TRIP: [(i8, Shop); 8] = [
    (0, ("Uber to airport", 3890, 3890)),
    (0, ("Airport lounge", 3200, 3200)),
    (0, ("HERTZ RENT-A-CAR LISBOA", 18_450, 18_450)),
    (1, ("Pastéis de Belém", 1480, 1480)),
    (2, ("Surf school Ericeira", 6500, 6500)),
    (3, ("Museu Nacional do Azulejo", 1600, 1600)),
    (4, ("Hotel Alfama 4 nights", 48_800, 48_800)),
    (5, ("City tax Lisbon", 1600, 1600)),
];
/// The flight, booked the month before.
pub(super) const FLIGHT: (i8, Shop) = (14, ("TAP AIR PORTUGAL", 61_240, 61_240));

/// Courses, taken now and then: months before the running one, day and merchant.
pub(super) const COURSES: [(i64, i8, Shop); 3] = [
    (2, 9, ("Udemy", 1999, 1999)),
    (5, 13, ("Coursera", 4900, 4900)),
    (7, 17, ("Language course Portuguese", 6800, 6800)),
];

/// A dinner that took one past month over its limit.
pub(super) const PARTY: (i8, Shop) = (24, ("Ristorante Da Nino", 6480, 6480));

/// What waits in no category in the running month.
pub(super) const UNKNOWN: [Shop; 2] = [("MARIGOLD LLC 7731", 2360, 2360), ("QX 88120", 2050, 2050)];

/// What the word list is unsure of.
pub(super) const UNSURE: Shop = ("PP*4421 XKCD STORE", 3100, 3100);

/// Limits in cents, in force from the first month.
pub(super) const LIMITS: [(&str, i64); 12] = [
    ("Groceries", 52_000),
    ("Dining", DINING_LIMIT),
    ("Transport", TRANSPORT_LIMIT),
    ("Housing", RENT),
    ("Utilities", 19_500),
    ("Health", 10_000),
    ("Entertainment", 12_000),
    ("Shopping", 22_000),
    ("Subscriptions", 4500),
    ("Education", 10_000),
    ("Personal Care", 9000),
    ("Pets", 11_000),
];
pub(super) const DINING_LIMIT: i64 = 18_000;
pub(super) const TRANSPORT_LIMIT: i64 = 16_000;
/// A saver's limit for the running month, below what the bills usually come to.
pub(super) const UTILITIES_NOW: i64 = 16_000;
/// What the running month's dining comes to on every day of it.
pub(super) const DINING_NOW: i64 = 18_580;
