//! What a search finds is what looking at every expense finds.

use proptest::test_runner::TestRunner;

use super::*;
use crate::api::{ExpensePage, Found};
use crate::domain::expense::CategorySource;
use crate::domain::{Filter, FilterRow};
use crate::server::store::pages::{Place, page};

const DESCRIPTIONS: [&str; 8] = [
    "Ramen House 東京",
    "REWE sagt Danke 0421",
    "Café Nero",
    "Uber trip",
    "Spotify",
    "cafe nero",
    "Rent",
    "Zürich HB",
];

/// Three hundred expenses of two years, in every state.
async fn filled() -> (Fixture, Vec<Category>) {
    let fixture = Fixture::new().await;
    let (scope, categories) = (fixture.scope, fixture.categories());
    let drafts: Vec<Draft> = (0..300_i64)
        .map(|i| {
            let category = choice(&categories, usize::try_from(i * 7 % 4).unwrap());
            let placing = match (category, i % 3) {
                (Some(category), 0) => Placing {
                    category: Some(category),
                    source: CategorySource::Lexicon,
                    confidence: u8::try_from(40 + i % 50).unwrap(),
                },
                (category, _) => category.map_or(Placing::NONE, Placing::by_user),
            };
            Draft {
                description: DESCRIPTIONS[usize::try_from(i * 5 % 8).unwrap()].to_owned(),
                placing,
                ..draft(None, 100 + i * 37 % 4000, TODAY - (i * 11 % 700).days())
            }
        })
        .collect();
    let gone: Vec<Uuid> = drafts.iter().step_by(9).map(|draft| draft.id).collect();
    fixture
        .store
        .write(move |tx| {
            for draft in &drafts {
                expenses::add(tx, &scope, draft)?;
            }
            gone.iter().try_for_each(|id| expenses::delete(tx, &scope, *id))
        })
        .await
        .unwrap();
    (fixture, categories)
}

/// What the query should find, in order, and the totals.
fn expected(
    rows: &[Expense],
    seqs: &HashMap<Uuid, i64>,
    categories: &[Category],
    query: &PageQuery,
) -> (Vec<Expense>, Found) {
    let category = |expense: &Expense| categories.iter().find(|c| Some(c.id) == expense.category_id);
    let mut found: Vec<Expense> = rows
        .iter()
        .filter(|expense| {
            let row = FilterRow {
                day: expense.day,
                description: &expense.description,
                amount_minor: expense.amount_minor,
                category: category(expense).map(|c| c.name.as_str()),
                source: expense.category_source,
                confidence: expense.confidence,
            };
            let waits = to_review(
                expense.category_id.is_some(),
                expense.category_source,
                expense.confidence,
            );
            query.filter.as_ref().is_none_or(|filter| filter.matches(&row))
                && query.month.is_none_or(|month| month.contains(expense.day))
                && (query.category.is_none() || query.category == expense.category_id)
                && (!query.review || waits)
        })
        .cloned()
        .collect();
    found.sort_by_cached_key(|e| {
        Place::of(
            query.order,
            day_number(e.day),
            seqs[&e.id],
            e.amount_minor,
            &e.description,
        )
    });
    let is_spending = |e: &&Expense| category(e).is_none_or(|c| c.kind.is_spending());
    let totals = Found {
        count: i64::try_from(found.len()).unwrap(),
        spent_minor: found.iter().filter(is_spending).map(|e| e.amount_minor).sum(),
        of: i64::try_from(rows.len()).unwrap(),
    };
    (found, totals)
}

fn pages(fixture: &Fixture, query: &PageQuery) -> (Vec<Expense>, Option<Found>) {
    let mut query = query.clone();
    let (mut all, mut totals) = (Vec::new(), None);
    loop {
        let ExpensePage { expenses, found, next } = fixture.store.read(|tx| page(tx, &fixture.scope, &query)).unwrap();
        assert!(expenses.len() <= query.limit as usize);
        assert!(query.after.is_none() || found.is_none());
        totals = totals.or(found);
        all.extend(expenses);
        let Some(next) = next else { return (all, totals) };
        query.after = Some(Place::parse(query.order, &next).unwrap());
    }
}

fn query(categories: &[Category]) -> impl Strategy<Value = PageQuery> + use<> {
    const TERMS: [&str; 16] = [
        "",
        "cafe",
        "rw",
        "trip",
        "cat:din",
        "cat:none",
        "-cat:h",
        "amount>20",
        "amount:5-9",
        "since:1sep",
        "until:30sep",
        "month:last",
        "on:zzz",
        "is:unsure",
        "is:mine",
        "-is:uncategorised",
    ];
    let terms = prop::collection::vec(prop::sample::select(TERMS.to_vec()), 0..3);
    let filter = prop::option::of(
        terms.prop_map(|terms| Filter::parse(&terms.join(" "), TODAY, Calendar::default(), Currency::USD)),
    );
    let month = prop::option::weighted(0.3, (0_i64..24).prop_map(|back| Month::of(TODAY).plus(-back)));
    let category = (0..3_usize).prop_map({
        let categories = categories.to_vec();
        move |which| choice(&categories, which)
    });
    let order = prop::sample::select(vec![ExpenseOrder::Day, ExpenseOrder::Amount, ExpenseOrder::Description]);
    (
        filter,
        month,
        prop::option::weighted(0.3, category),
        prop::bool::weighted(0.3),
        order,
        5_u32..120,
    )
        .prop_map(|(filter, month, category, review, order, limit)| PageQuery {
            month,
            category: category.flatten(),
            filter,
            review,
            order,
            limit,
            after: None,
        })
}

#[tokio::test]
async fn a_search_finds_what_looking_at_everything_finds() {
    let (fixture, categories) = filled().await;
    let rows = live(&fixture.store, &fixture.scope);
    let seqs = fixture.store.read(|tx| {
        let rows = tx.query_all("SELECT id, seq FROM expenses", &[])?;
        rows.iter()
            .map(|row| Ok((row.id(0)?, row.int(1)?)))
            .collect::<Result<HashMap<_, _>, _>>()
    });
    let seqs = seqs.unwrap();
    let run = TestRunner::default().run(&query(&categories), |query| {
        let (found, totals) = pages(&fixture, &query);
        let (wanted, wanted_totals) = expected(&rows, &seqs, &categories, &query);
        let asked = query.filter.is_some() || query.review;
        prop_assert_eq!(found, wanted);
        prop_assert_eq!(totals, asked.then_some(wanted_totals));
        Ok(())
    });
    run.unwrap();
}

#[tokio::test]
async fn rows_are_come_by_as_it_is_meant() {
    if TestDatabase::is_postgres() {
        return;
    }
    let fixture = Fixture::new().await;
    let db = rusqlite::Connection::open(fixture.place.file()).unwrap();
    for (sql, wanted) in super::super::search::statements() {
        let mut plan = db.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
        let parameters = plan.parameter_count();
        let lines = plan
            .query_map(rusqlite::params_from_iter(vec![0_i64; parameters]), |row| {
                row.get::<_, String>(3)
            })
            .unwrap();
        let lines: Vec<String> = lines.map(Result::unwrap).collect();
        assert_eq!(lines.len(), 1, "{lines:?}");
        assert!(lines[0].contains(wanted), "{sql}: {lines:?}");
    }
}
