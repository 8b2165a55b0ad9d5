//! What a service is asked, how often, and what is done with its answer.

use budget_tracker::categorize::service::Ask;
use budget_tracker::server::backends::Asker;
use futures::FutureExt;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{LONG, UNHEARD_OF, asking, plan};
use crate::support::hostile::{Hostile, Step, whole};
use crate::support::service::{KEY, Mood, Tongue, answers, completion, is_strict, question, service};

#[tokio::test]
async fn the_service_decides_where_the_local_prediction_is_unsure() {
    let service = service(Tongue::Chat, |_| Mood::Well("gifts & donations"));
    let app = asking(&service, Ask::Unsure, LONG).await;
    let stored = app.add_twice(UNHEARD_OF).await;
    assert_eq!(app.name_of(&stored["category_id"]).await, "Gifts & Donations");
    assert_eq!(
        (&stored["category_source"], &stored["note"]),
        (&json!("openai"), &Value::Null)
    );
    let prediction = app.predict("ZORBLEQWX").await;
    assert_eq!(prediction["choices"][0]["category"], "Gifts & Donations");
    assert_eq!(
        (&prediction["source"], &prediction["because"]),
        (&json!("openai"), &json!("small says Gifts & Donations"))
    );
    assert!(prediction["choices"][0]["confidence"].as_u64().unwrap() >= 50);
    // What is sure here already, nobody is asked about.
    assert_ne!(app.predict("ramen house").await["source"], "openai");

    let exchanges = service.exchanges();
    assert_eq!(exchanges.len(), 1, "one merchant is asked about once: {exchanges:?}");
    let (head, body) = &exchanges[0];
    let head = head.to_ascii_lowercase();
    assert!(head.starts_with("post /v1/chat/completions http/1.1\r\n"), "{head}");
    for line in [
        format!("authorization: bearer {KEY}"),
        "content-type: application/json".to_owned(),
    ] {
        assert!(head.contains(&format!("{line}\r\n")), "{head}");
    }
    assert!(!head.contains("cookie") && !head.contains("ada"), "{head}");
    let names: Vec<String> = app.categories().await.into_iter().map(|(_, name)| name).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let sent = json!({"categories": names, "expenses": [{"number": 1, "description": "PP*# zorbleqwx"}]});
    assert_eq!(question(Tongue::Chat, body), sent);
    is_strict(body, &names);
    assert!(!String::from_utf8_lossy(body).contains("4471"));
}

#[tokio::test]
async fn a_server_without_schemas_is_asked_for_plain_json_from_then_on() {
    let service = Hostile::reading(|_, body| {
        let body: Value = serde_json::from_slice(body).unwrap();
        let refusal = |why: &str| vec![Step::Send(whole("400 Bad Request", "", why.as_bytes()))];
        if body.get("temperature").is_some() {
            return refusal("{\"error\": \"temperature does not support 0\"}");
        }
        if body["response_format"]["type"] == "json_schema" {
            return refusal("{\"error\": \"unknown response_format\"}");
        }
        let answer = completion(&format!("Here it is:\n```json\n{}\n```", answers(1, "Pets"))).to_string();
        vec![Step::Send(whole("200 OK", "", answer.as_bytes()))]
    });
    let app = asking(&service, Ask::Unsure, LONG).await;
    assert_eq!(app.predict("zorble one").await["source"], "openai");
    assert_eq!(service.requests().len(), 3);
    assert_eq!(app.predict("qwertle two").await["source"], "openai");
    assert_eq!(service.requests().len(), 1);
}

#[tokio::test]
async fn nobody_is_asked_about_every_letter() {
    let service = service(Tongue::Chat, |_| Mood::Well("Pets"));
    let app = asking(&service, Ask::Always, LONG).await;
    for letters in 1..UNHEARD_OF.len() {
        // Who types on drops the call.
        assert!(app.predict(&UNHEARD_OF[..letters]).now_or_never().is_none());
    }
    assert_eq!(app.predict(UNHEARD_OF).await["source"], "openai");
    assert_eq!(service.requests().len(), 1);
}

#[tokio::test]
async fn what_the_user_chose_is_asked_about_no_more() {
    let service = service(Tongue::Chat, |_| Mood::Well("Pets"));
    let app = asking(&service, Ask::Always, LONG).await;
    let kids = app
        .categories()
        .await
        .into_iter()
        .find(|(_, name)| name == "Kids")
        .unwrap()
        .0;
    let body = json!({"id": Uuid::now_v7(), "description": UNHEARD_OF, "amount_minor": 1, "category_id": kids});
    let (_, stored) = app.call("POST", "/v1/expenses", Some(body)).await;
    assert_eq!(stored["category_source"], "you");
    assert_eq!(app.predict(UNHEARD_OF).await["choices"][0]["category"], "Kids");
    assert_eq!(service.requests().len(), 0);
    // Another description of an expense whose category nobody chose is asked about.
    let predicted = app.add("mystery thing").await;
    let path = format!("/v1/expenses/{}", predicted["id"].as_str().unwrap());
    let (_, changed) = app
        .call("PATCH", &path, Some(json!({"description": "another mystery"})))
        .await;
    assert_eq!(changed["category_source"], "openai", "{changed}");
    assert_eq!(service.requests().len(), 2);
}

#[tokio::test]
async fn hidden_and_renamed_categories_are_sent_as_the_user_has_them() {
    let service = service(Tongue::Chat, |_| Mood::Well("Tiere"));
    let app = asking(&service, Ask::Unsure, LONG).await;
    for (id, name) in app.categories().await {
        let patch = match name.as_str() {
            "Pets" => json!({"name": "Tiere"}),
            "Kids" => json!({"hidden": true}),
            _ => continue,
        };
        let (status, _) = app.call("PATCH", &format!("/v1/categories/{id}"), Some(patch)).await;
        assert_eq!(status, 200);
    }
    assert_eq!(app.predict(UNHEARD_OF).await["choices"][0]["category"], "Tiere");
    let (_, body) = service.exchanges().remove(0);
    let categories = question(Tongue::Chat, &body)["categories"].clone();
    let has = |name: &str| categories.as_array().unwrap().iter().any(|category| category == name);
    assert!(has("Tiere") && !has("Pets") && !has("Kids"), "{categories}");
}

#[tokio::test]
async fn what_waits_together_goes_together_and_the_same_merchant_once() {
    let service = service(Tongue::Chat, |_| Mood::Well("Dining"));
    let asker = Asker::new(plan(&service, Ask::Always, LONG));
    let categories = ["Dining".to_owned(), "Pets".to_owned()];
    let (user, other) = (Uuid::now_v7(), Uuid::now_v7());
    let merchants: Vec<String> = ('a'..='z')
        .flat_map(|a| ["x", "y"].map(|b| format!("shop {a}{a}{b}{b}")))
        .collect();
    let mut descriptions: Vec<&str> = merchants.iter().map(String::as_str).collect();
    descriptions.push("SQ *SHOP AAXX 0421 OAKLAND CA");
    let (mine, others) = tokio::join!(
        asker.ask(user, &categories, &descriptions),
        asker.ask(other, &categories, &["cinema"])
    );
    assert_eq!(others, [Ok("Dining".to_owned())]);
    assert_eq!(mine.len(), 53);
    assert!(mine.iter().all(|answer| answer.as_deref() == Ok("Dining")), "{mine:?}");
    let sizes = |service: &Hostile| {
        let size = |body: &[u8]| question(Tongue::Chat, body)["expenses"].as_array().unwrap().len();
        let mut sizes: Vec<usize> = service.exchanges().iter().map(|(_, body)| size(body)).collect();
        sizes.sort_unstable();
        sizes
    };
    assert_eq!(sizes(&service), [1, 20, 32]);
    // What one user was told is nothing to another, nor to the same user with other categories.
    asker.ask(other, &categories, &["shop aaxx"]).await;
    asker.ask(user, &categories[..1], &["shop aaxx"]).await;
    asker.ask(user, &categories, &["shop aaxx"]).await;
    assert_eq!(sizes(&service), [1, 1]);
}
