//! Against a server that knows only the five calls, in every form of its answers.

use budget_tracker::api::{
    Dialect, ErrorCode, ExpensePatch, ExpenseQuery, Failure, LogIn, NewExpense, Recategorize, SetBudget, SignUp,
};
use budget_tracker::client::{Client, ClientOptions};
use budget_tracker::domain::{Level, Month};
use futures::StreamExt;
use jiff::civil::date;
use rstest::rstest;
use uuid::Uuid;

use crate::support::five_calls::{FiveCalls, OLD, PLAIN, Shape};

fn client(server: &FiveCalls) -> Client {
    let options = ClientOptions {
        today: Some(date(2026, 11, 22)),
        ..ClientOptions::default()
    };
    Client::with_options(server.url.clone(), None, options).unwrap()
}

fn ada() -> SignUp {
    SignUp {
        name: "ada".to_owned(),
        email: "ada@example.org".to_owned(),
        password: "correct horse".to_owned(),
        currency: None,
        time_zone: None,
        month_start: None,
        invite: None,
        label: None,
    }
}

async fn signed_up(server: &FiveCalls) -> Client {
    let client = client(server);
    let session = client.sign_up(&ada()).await.unwrap();
    client.with_token(Some(session.token.into())).for_user("ada")
}

fn expense(description: &str, amount_minor: i64) -> NewExpense {
    NewExpense {
        id: Uuid::now_v7(),
        day: None,
        description: description.to_owned(),
        amount_minor,
        category_id: None,
    }
}

#[rstest]
#[case(PLAIN)]
#[case(OLD)]
#[case(Shape { wrapped: true, strings: false })]
#[case(Shape { wrapped: false, strings: true })]
#[tokio::test]
async fn the_whole_job_in_every_shape(#[case] shape: Shape) {
    let server = FiveCalls::start(shape);
    let client = signed_up(&server).await;
    assert_eq!(client.dialect().await, Ok(Dialect::Classic));
    assert_eq!(client.account().await.unwrap().name, "ada");
    assert_eq!(client.summary(None).await.unwrap().categories, vec![]);
    assert_eq!(client.alerts(None).await, Ok(vec![]));

    let lunch = client
        .add_expense(&expense("lunch & drinks: 50 % off?", 6010))
        .await
        .unwrap();
    client.add_expense(&expense("uber", 33)).await.unwrap();
    let summary = client.summary(None).await.unwrap();
    let rows: Vec<_> = summary
        .categories
        .iter()
        .map(|row| (row.category.name.as_str(), row.spent_minor, row.limit_minor))
        .collect();
    assert_eq!(rows, [("Dining", 6010, Some(5000)), ("Transport", 33, None)]);
    assert_eq!(lunch.category_id, Some(summary.categories[0].category.id));
    assert_eq!(
        (summary.month.to_string().as_str(), summary.currency.as_str()),
        ("2026-11", "USD")
    );
    assert_eq!(
        (summary.months[0].spent_minor, summary.months[0].limit_minor),
        (6043, 5000)
    );
    assert_eq!(client.categories().await.unwrap().len(), 2);
    assert_eq!(client.budgets(summary.month).await.unwrap().len(), 1);

    let alerts = client.alerts(None).await.unwrap();
    assert_eq!(
        (alerts[0].message.as_str(), alerts[0].level),
        ("Dining is over its budget.", Level::Over)
    );
    assert_eq!(client.alerts(Some(summary.month)).await.unwrap()[0].id, alerts[0].id);
    assert_eq!(client.log_out().await, Ok(()));
}

#[tokio::test]
async fn refusals_come_in_the_servers_words() {
    let server = FiveCalls::start(PLAIN);
    let client = signed_up(&server).await;
    let Err(Failure::Rejected(error)) = client.sign_up(&ada()).await else {
        panic!()
    };
    assert_eq!(error.message, "This name is taken. Choose another.");
    let wrong = LogIn {
        name: "ada".to_owned(),
        password: "wrong".to_owned(),
        code: None,
        label: None,
    };
    let Err(Failure::Rejected(error)) = client.log_in(&wrong).await else {
        panic!()
    };
    assert_eq!(
        (error.code, error.message.as_str()),
        (ErrorCode::BadCredentials, "Wrong name or password.")
    );
    let stranger = client.with_token(Some("token-of-nobody".into()));
    assert_eq!(stranger.summary(None).await, Err(Failure::SignedOut));
    assert_eq!(stranger.account().await, Err(Failure::SignedOut));
    assert_eq!(
        stranger.add_expense(&expense("lunch", 1)).await,
        Err(Failure::SignedOut)
    );
    assert_eq!(client.with_token(None).alerts(None).await, Err(Failure::SignedOut));
}

#[tokio::test]
async fn what_such_a_server_cannot_do_is_said_without_asking_it() {
    let server = FiveCalls::start(PLAIN);
    let client = signed_up(&server).await;
    let (id, month): (_, Month) = (Uuid::now_v7(), "2026-11".parse().unwrap());
    let seen = server.seen_tokens().len();
    let unsupported =
        |failure: Option<Failure>| assert!(matches!(failure, Some(Failure::Unsupported(_))), "{failure:?}");
    unsupported(client.summary(Some(month.plus(-1))).await.err());
    unsupported(client.alerts(Some(month.plus(-1))).await.err());
    unsupported(client.expenses(&ExpenseQuery::default()).await.err());
    unsupported(client.edit_expense(id, &ExpensePatch::default()).await.err());
    unsupported(client.delete_expense(id).await.err());
    unsupported(client.restore_expense(id).await.err());
    let body = SetBudget {
        limit_minor: 100,
        base_revision: None,
    };
    unsupported(client.set_budget(month, id, body).await.err());
    unsupported(client.clear_budget(month, id, None).await.err());
    unsupported(client.mark_read(id).await.err());
    unsupported(client.mark_all_read().await.err());
    unsupported(client.predict("lunch", None).await.err());
    unsupported(client.rules().await.err());
    unsupported(client.remove_rule(id).await.err());
    unsupported(client.merge_category(id, id).await.err());
    unsupported(client.recategorize(&Recategorize::default()).await.err());
    unsupported(client.events(None).next().await.and_then(Result::err));
    let mut chosen = expense("lunch", 100);
    chosen.category_id = Some(id);
    unsupported(client.add_expense(&chosen).await.err());
    let mut earlier = expense("lunch", 100);
    earlier.day = Some(date(2026, 11, 21));
    unsupported(client.add_expense(&earlier).await.err());
    assert_eq!(server.seen_tokens().len(), seen);
}
