//! A service that puts descriptions into categories: it checks what it is asked, and answers as a test wants it.

use serde_json::{Value, json};
use url::Url;

use super::hostile::{Hostile, Step, head, whole};

/// The key that the service wants.
pub const KEY: &str = "sk-test-4471-never-told";

/// What the service does with a question.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mood {
    /// Answers with this category.
    Well(&'static str),
    /// Never answers.
    Hangs,
    /// Begins an answer and never ends it.
    HangsHalfway,
    /// Answers with something else.
    Garbage,
    /// Answers in the right form that nobody asked about.
    Elsewhere,
    /// Closes the connection.
    Drops,
    /// Ten MiB.
    Huge,
    /// An answer with this status and these headers; its body repeats the key, as careless servers do.
    Status(&'static str, &'static str),
}

/// How a service is spoken to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Tongue {
    /// Chat completions.
    Chat,
    /// `InvokeEndpoint` of `SageMaker`.
    #[cfg_attr(
        not(feature = "sagemaker"),
        expect(dead_code, reason = "nobody asks it without the feature")
    )]
    SageMaker,
}

/// Starts a service in a mood that may change with each request, which is counted from 0.
pub fn service(tongue: Tongue, mood: impl Fn(usize) -> Mood + Send + Sync + 'static) -> Hostile {
    let asked = std::sync::atomic::AtomicUsize::new(0);
    Hostile::reading(move |_, body| {
        let number = asked.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        steps(tongue, mood(number), body)
    })
}

/// Where the service's chat completions are.
pub fn base(service: &Hostile) -> Url {
    service.url.join("/v1").unwrap()
}

fn steps(tongue: Tongue, mood: Mood, body: &[u8]) -> Vec<Step> {
    let json = "Content-Type: application/json\r\n";
    let ok = |answer: &Value| {
        let answer = match tongue {
            Tongue::Chat => completion(&answer.to_string()),
            Tongue::SageMaker => answer.clone(),
        };
        vec![Step::Send(whole("200 OK", json, answer.to_string().as_bytes()))]
    };
    match mood {
        Mood::Well(category) => ok(&answers(
            question(tongue, body)["expenses"].as_array().unwrap().len(),
            category,
        )),
        Mood::Elsewhere => ok(&json!({"answers": [{"number": 99, "category": "Dining"}]})),
        Mood::Garbage => vec![Step::Send(whole(
            "200 OK",
            json,
            b"{\"choices\": [{\"message\": {\"content\": \"Dining, I think",
        ))],
        Mood::Hangs => vec![Step::Hang],
        Mood::HangsHalfway => vec![
            Step::Send(head("200 OK", &format!("{json}Content-Length: 4000\r\n"))),
            Step::Send(b"{\"choices\": [".to_vec()),
            Step::Hang,
        ],
        Mood::Drops => Vec::new(),
        Mood::Huge => vec![
            Step::Send(head("200 OK", json)),
            Step::Repeat(vec![b' '; 64 * 1024], 160),
        ],
        Mood::Status(status, headers) => {
            let refusal = json!({"error": {"message": format!("no, {KEY}")}}).to_string();
            vec![Step::Send(whole(status, headers, refusal.as_bytes()))]
        }
    }
}

/// A chat completion with this content.
pub fn completion(content: &str) -> Value {
    json!({"id": "x", "object": "chat.completion", "choices": [
        {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": content}}]})
}

/// `category` for each of so many expenses.
pub fn answers(count: usize, category: &str) -> Value {
    let all: Vec<Value> = (1..=count)
        .map(|number| json!({"number": number, "category": category}))
        .collect();
    json!({ "answers": all })
}

/// The question in a body, after checking that nothing else is in it.
#[track_caller]
pub fn question(tongue: Tongue, body: &[u8]) -> Value {
    let body: Value = serde_json::from_slice(body).unwrap();
    let question: Value = match tongue {
        Tongue::Chat => {
            assert_eq!(names(&body), ["messages", "model", "response_format", "temperature"]);
            assert_eq!(body["temperature"], 0);
            let messages = body["messages"].as_array().unwrap();
            assert_eq!(messages.len(), 2);
            assert_eq!(messages[0]["role"], "system");
            assert_eq!(messages[1]["role"], "user");
            serde_json::from_str(messages[1]["content"].as_str().unwrap()).unwrap()
        }
        Tongue::SageMaker => body,
    };
    assert_eq!(names(&question), ["categories", "expenses"]);
    for expense in question["expenses"].as_array().unwrap() {
        assert_eq!(names(expense), ["description", "number"]);
    }
    question
}

/// Checks that the answer is held to a strict schema of exactly these categories.
#[track_caller]
pub fn is_strict(body: &[u8], categories: &[&str]) {
    let body: Value = serde_json::from_slice(body).unwrap();
    let format = &body["response_format"];
    assert_eq!(format["type"], "json_schema");
    assert_eq!(format["json_schema"]["strict"], true);
    let schema = &format["json_schema"]["schema"];
    let closed = |object: &Value, keys: &[&str]| {
        assert_eq!(object["additionalProperties"], false);
        assert_eq!(object["required"], json!(keys));
        let mut sorted = keys.to_vec();
        sorted.sort_unstable();
        assert_eq!(names(&object["properties"]), sorted);
    };
    closed(schema, &["answers"]);
    let item = &schema["properties"]["answers"]["items"];
    closed(item, &["number", "category"]);
    assert_eq!(item["properties"]["category"]["enum"], json!(categories));
}

/// The names in an object, sorted.
fn names(object: &Value) -> Vec<&str> {
    let mut names: Vec<&str> = object.as_object().unwrap().keys().map(String::as_str).collect();
    names.sort_unstable();
    names
}
