//! An endpoint of AWS `SageMaker` that is asked for categories, by the real program with credentials in its
//! environment: against moto, which checks the signature, and against servers that fail in every way.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use rstest::rstest;
use serde_json::{Value, json};
use tempfile::TempDir;
use uuid::Uuid;

use super::{Server, http, sign_up};
use crate::support::service::{Mood, Tongue, answers, question, service};

const REGION: &str = "eu-central-1";
const ACCESS_KEY: &str = "AKIAIOSFODNN7EXAMPLE";
const SECRET: &str = "wJalrXUtnFEMI-never-told";
/// Never reached unless a test fails, and short.
const LONG: &str = "10000";
const SHORT: &str = "150";

/// The program with a user, asking an endpoint at `url`.
struct Program {
    server: Server,
    client: reqwest::Client,
    token: String,
    _folder: TempDir,
}

impl Program {
    async fn start(url: &str, variables: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let usual = [
            ("BUDGET_TRACKER_CATEGORIZE_BACKEND", "sagemaker"),
            ("BUDGET_TRACKER_CATEGORIZE_ASK", "always"),
            ("BUDGET_TRACKER_CATEGORIZE_WAIT_MS", LONG),
            ("BUDGET_TRACKER_CATEGORIZE_ENDPOINT", "budget-categories"),
            ("BUDGET_TRACKER_CATEGORIZE_REGION", REGION),
            ("AWS_ENDPOINT_URL", url),
            ("AWS_ACCESS_KEY_ID", ACCESS_KEY),
            ("AWS_SECRET_ACCESS_KEY", SECRET),
            ("AWS_EC2_METADATA_DISABLED", "true"),
        ];
        let mut command = Server::command("127.0.0.1:0", folder.path());
        command.env("HOME", folder.path()).envs(usual).stderr(Stdio::null());
        for (name, value) in variables {
            if value.is_empty() {
                command.env_remove(name);
            } else {
                command.env(name, value);
            }
        }
        let server = Server::listening(&mut command);
        let client = http();
        let token = sign_up(&client, &server, "ada").await;
        Self {
            server,
            client,
            token,
            _folder: folder,
        }
    }

    async fn call(&self, method: &str, path: &str, body: Option<&Value>) -> Value {
        let method = reqwest::Method::from_bytes(method.as_bytes()).unwrap();
        let mut request = self
            .client
            .request(method, format!("{}{path}", self.server.url))
            .bearer_auth(&self.token);
        if let Some(body) = body {
            request = request.json(body);
        }
        let answer = request.send().await.unwrap();
        assert!(answer.status().is_success(), "{}", answer.status());
        answer.json().await.unwrap()
    }

    /// Adds an expense, twice with the same id, and checks that it is stored once.
    async fn add(&self, description: &str) -> Value {
        let body = json!({"id": Uuid::now_v7(), "description": description, "amount_minor": 1250});
        let stored = self.call("POST", "/v1/expenses", Some(&body)).await;
        let again = self.call("POST", "/v1/expenses", Some(&body)).await;
        assert_eq!(again["id"], stored["id"]);
        let page = self.call("GET", "/v1/expenses", None).await;
        assert_eq!(page["expenses"].as_array().unwrap().len(), 1);
        assert_eq!(page["expenses"][0]["category_id"], stored["category_id"]);
        stored
    }

    async fn category_of(&self, expense: &Value) -> String {
        let list = self.call("GET", "/v1/categories", None).await;
        let found = list
            .as_array()
            .unwrap()
            .iter()
            .find(|c| c["id"] == expense["category_id"]);
        found.unwrap()["name"].as_str().unwrap().to_owned()
    }
}

#[tokio::test]
async fn the_endpoint_is_asked_with_a_signature_and_nothing_more_than_it_needs() {
    let service = service(Tongue::SageMaker, |_| Mood::Well("Pets"));
    let program = Program::start(service.url.as_str(), &[]).await;
    let stored = program.add("PP*4471 zorbleqwx").await;
    assert_eq!(program.category_of(&stored).await, "Pets");
    assert_eq!(
        (&stored["category_source"], &stored["note"]),
        (&json!("sagemaker"), &Value::Null)
    );
    let prediction = program
        .call("POST", "/v1/predict", Some(&json!({"description": "zorbleqwx"})))
        .await;
    assert_eq!(prediction["because"], "budget-categories says Pets");

    let exchanges = service.exchanges();
    assert_eq!(exchanges.len(), 1);
    let (head, body) = &exchanges[0];
    let lower = head.to_ascii_lowercase();
    assert!(
        lower.starts_with("post /endpoints/budget-categories/invocations http/1.1\r\n"),
        "{head}"
    );
    let signature = format!(
        "authorization: aws4-hmac-sha256 credential={}/",
        ACCESS_KEY.to_ascii_lowercase()
    );
    for part in [
        signature.as_str(),
        "/eu-central-1/sagemaker/aws4_request",
        "\r\nx-amz-date: ",
        "content-type: application/json",
    ] {
        assert!(lower.contains(part), "{part} is not in {head}");
    }
    assert!(!head.contains(SECRET), "{head}");
    let asked = question(Tongue::SageMaker, body);
    assert_eq!(
        asked["expenses"],
        json!([{"number": 1, "description": "PP*# zorbleqwx"}])
    );
    assert_eq!(asked["categories"].as_array().unwrap().len(), 20);
}

#[rstest]
#[case::hangs(Mood::Hangs, SHORT, "too_slow")]
#[case::hangs_halfway(Mood::HangsHalfway, SHORT, "too_slow")]
#[case::garbage(Mood::Garbage, LONG, "unreadable")]
#[case::elsewhere(Mood::Elsewhere, LONG, "unreadable")]
#[case::foreign(Mood::Well("Yachts"), LONG, "unknown_category")]
#[case::huge(Mood::Huge, LONG, "unreadable")]
#[case::drops(Mood::Drops, LONG, "unreachable")]
#[case::busy(Mood::Status("429 Too Many Requests", "Retry-After: 120\r\n"), LONG, "busy")]
#[case::fails(Mood::Status("500 Internal Server Error", ""), LONG, "failed")]
#[case::model_fails(
    Mood::Status("424 Failed Dependency", "x-amzn-errortype: ModelError\r\n"),
    LONG,
    "failed"
)]
#[case::refuses(Mood::Status("403 Forbidden", ""), LONG, "refused")]
#[case::no_endpoint(
    Mood::Status("400 Bad Request", "x-amzn-errortype: ValidationError\r\n"),
    LONG,
    "refused"
)]
#[tokio::test]
async fn the_local_answer_stands_and_the_note_says_why(#[case] mood: Mood, #[case] wait: &str, #[case] code: &str) {
    let service = service(Tongue::SageMaker, move |_| mood);
    let program = Program::start(service.url.as_str(), &[("BUDGET_TRACKER_CATEGORIZE_WAIT_MS", wait)]).await;
    let stored = program.add("ramen house").await;
    assert_eq!(program.category_of(&stored).await, "Dining");
    assert_eq!(stored["note"]["code"], code, "{stored}");
    let message = stored["note"]["message"].as_str().unwrap();
    assert!(
        message.starts_with("SageMaker ") && message.ends_with(", so the local model decided."),
        "{message}"
    );
}

#[rstest]
#[case::credentials(&[("AWS_ACCESS_KEY_ID", ""), ("AWS_SECRET_ACCESS_KEY", "")])]
#[case::region(&[("BUDGET_TRACKER_CATEGORIZE_REGION", ""), ("AWS_REGION", ""), ("AWS_DEFAULT_REGION", "")])]
#[tokio::test]
async fn without_credentials_or_region_the_note_says_so(#[case] variables: &[(&str, &str)]) {
    let service = service(Tongue::SageMaker, |_| Mood::Well("Pets"));
    let program = Program::start(service.url.as_str(), variables).await;
    let stored = program.add("ramen house").await;
    assert_eq!(program.category_of(&stored).await, "Dining");
    assert_eq!(stored["note"]["code"], "refused");
    let message = stored["note"]["message"].as_str().unwrap();
    assert!(message.contains("no credentials or region"), "{message}");
    assert_eq!(service.requests().len(), 0);
}

/// A running moto that lets nobody in whose signature is wrong; it is killed when dropped.
struct Moto {
    process: Child,
    url: String,
}

impl Drop for Moto {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Moto {
    /// Nothing, and how to get it, where it is not installed; CI must have it.
    fn start() -> Option<Self> {
        let started = Command::new("moto_server")
            .args(["-H", "127.0.0.1", "-p", "0"])
            // The user below is made by three calls without a signature.
            .env("INITIAL_NO_AUTH_ACTION_COUNT", "3")
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn();
        let Ok(mut process) = started else {
            assert!(std::env::var_os("CI").is_none(), "moto_server is missing");
            eprintln!("moto_server is missing, so signatures are not checked here: pip install 'moto[server]'");
            return None;
        };
        let mut lines = BufReader::new(process.stderr.take().unwrap())
            .lines()
            .map_while(Result::ok);
        let url = lines
            .find_map(|line| Some(line.split_once("Running on ")?.1.trim().to_owned()))
            .unwrap();
        // It stops when nobody reads what it says.
        std::thread::spawn(move || lines.for_each(drop));
        Some(Self { process, url })
    }

    async fn identity(&self, client: &reqwest::Client, action: &str, more: &[(&str, &str)]) -> String {
        let body: String = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("Action", action)
            .append_pair("Version", "2010-05-08")
            .append_pair("UserName", "budget")
            .extend_pairs(more)
            .finish();
        let scope =
            "AWS4-HMAC-SHA256 Credential=x/20260101/us-east-1/iam/aws4_request, SignedHeaders=host, Signature=x";
        let request = client.post(&self.url).header("authorization", scope);
        let request = request
            .header("content-type", "application/x-www-form-urlencoded")
            .body(body);
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), 200, "{action}");
        answer.text().await.unwrap()
    }

    /// A user who may invoke endpoints: access key and secret.
    async fn user(&self, client: &reqwest::Client) -> (String, String) {
        let may = json!({"Effect": "Allow", "Action": "sagemaker:InvokeEndpoint", "Resource": "*"});
        let policy = json!({"Version": "2012-10-17", "Statement": [may]}).to_string();
        self.identity(client, "CreateUser", &[]).await;
        let document = [("PolicyName", "ask"), ("PolicyDocument", policy.as_str())];
        self.identity(client, "PutUserPolicy", &document).await;
        let made = self.identity(client, "CreateAccessKey", &[]).await;
        let part = |name: &str| {
            let (_, rest) = made.split_once(&format!("<{name}>")).unwrap();
            rest.split_once('<').unwrap().0.to_owned()
        };
        (part("AccessKeyId"), part("SecretAccessKey"))
    }

    /// What the endpoint answers next.
    async fn will_answer(&self, client: &reqwest::Client, body: &str) {
        let result = json!({"Body": body, "ContentType": "application/json", "InvokedProductionVariant": "all",
            "CustomAttributes": ""});
        let all = json!({"region": REGION, "results": [result]});
        let url = format!("{}/moto-api/static/sagemaker/endpoint-results", self.url);
        assert_eq!(client.post(url).json(&all).send().await.unwrap().status(), 201);
    }
}

#[tokio::test]
async fn moto_takes_the_signature_and_refuses_a_wrong_one() {
    let Some(moto) = Moto::start() else { return };
    let client = http();
    let (access_key, secret) = moto.user(&client).await;
    moto.will_answer(&client, &answers(1, "Pets").to_string()).await;
    let right = [
        ("AWS_ACCESS_KEY_ID", access_key.as_str()),
        ("AWS_SECRET_ACCESS_KEY", secret.as_str()),
    ];
    let program = Program::start(&moto.url, &right).await;
    let stored = program.add("zorbleqwx").await;
    assert_eq!(program.category_of(&stored).await, "Pets", "{stored}");
    assert_eq!(
        (&stored["category_source"], &stored["note"]),
        (&json!("sagemaker"), &Value::Null)
    );
    // What moto answers when nothing was agreed on is no JSON.
    let unread = program
        .call("POST", "/v1/predict", Some(&json!({"description": "ramen house"})))
        .await;
    assert_eq!(unread["note"]["code"], "unreadable");

    let wrong = [
        ("AWS_ACCESS_KEY_ID", access_key.as_str()),
        ("AWS_SECRET_ACCESS_KEY", SECRET),
    ];
    let program = Program::start(&moto.url, &wrong).await;
    let stored = program.add("ramen house").await;
    assert_eq!(program.category_of(&stored).await, "Dining");
    assert_eq!(stored["note"]["code"], "refused");
    assert!(
        stored["note"]["message"].as_str().unwrap().contains("(status 403)"),
        "{stored}"
    );
}
