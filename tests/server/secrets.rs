//! What must not be found where it does not belong: in logs, on command lines, in numbers, in the database and its
//! backups.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::path::Path;
use std::process::Command;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::{Server, http};
use crate::support::authenticator::code;

const PASSWORD: &str = "canary-password-7a1f";
const WRONG: &str = "canary-wrong-password-7a1f";
const NEW: &str = "canary-new-password-7a1f";
const DESCRIPTION: &str = "canary-description-7a1f";

/// What was said to a server, and what must not be found.
struct Visit {
    http: reqwest::Client,
    base: String,
    /// Found nowhere.
    secrets: Vec<String>,
    /// Found in the database alone.
    private: Vec<String>,
}

impl Visit {
    async fn send(&mut self, method: &str, path: &str, token: &str, body: Value) -> (u16, Value) {
        let method = reqwest::Method::from_bytes(method.as_bytes()).unwrap();
        let mut request = self.http.request(method, format!("{}{path}", self.base)).json(&body);
        if !token.is_empty() {
            request = request.bearer_auth(token);
        }
        let answer = request.send().await.unwrap();
        let status = answer.status().as_u16();
        (status, answer.json().await.unwrap_or_default())
    }

    async fn post(&mut self, path: &str, token: &str, body: Value) -> Value {
        let (status, answer) = self.send("POST", path, token, body).await;
        assert!((200..300).contains(&status), "{path}: {status} {answer}");
        answer
    }

    fn keep(&mut self, secret: &Value) -> String {
        let secret = secret.as_str().unwrap().to_owned();
        self.secrets.push(secret.clone());
        secret
    }

    /// A session's token, whose secret part is looked for by itself and as bytes too.
    fn token(&mut self, session: &Value) -> String {
        let token = self.keep(&session["token"]);
        let secret = token.strip_prefix("bt1_").unwrap().split_once('_').unwrap().1;
        let bytes = URL_SAFE_NO_PAD.decode(secret).unwrap();
        self.secrets.push(secret.to_owned());
        let hex = bytes.iter().fold(String::new(), |mut hex, byte| {
            write!(hex, "{byte:02x}").unwrap();
            hex
        });
        self.secrets.push(hex);
        token
    }
}

/// What a command of the administrator prints.
fn administer(folder: &Path, arguments: &[&str]) -> Vec<u8> {
    let made = Command::new(env!("CARGO_BIN_EXE_budget-tracker"))
        .args(arguments)
        .arg("--data-dir")
        .arg(folder)
        .env("BUDGET_TRACKER_CONFIG_DIR", folder.join("config"))
        .env("BUDGET_TRACKER_LOG", "trace")
        .output()
        .unwrap();
    assert!(made.status.success() && made.stderr.is_empty(), "{made:?}");
    made.stdout
}

fn invite(folder: &Path) -> String {
    let made = administer(folder, &["invite", "--format", "json"]);
    let made: Value = serde_json::from_slice(&made).unwrap();
    made["code"].as_str().unwrap().to_owned()
}

/// Everything that a user does with secrets, and some of what goes wrong.
async fn talk(visit: &mut Visit, invite: &str) {
    visit.secrets.push(invite.to_owned());
    let wish = json!({"name": "ada", "email": "a@example.org", "password": PASSWORD, "invite": invite});
    let session = visit.post("/v1/signup", "", wish.clone()).await;
    let first = visit.token(&session);
    assert_eq!(visit.send("POST", "/v1/signup", "", wish).await.0, 400);
    let log_in = |password: &str| json!({"name": "ada", "password": password});
    assert_eq!(visit.send("POST", "/v1/login", "", log_in(WRONG)).await.0, 401);
    assert_eq!(
        visit
            .send("POST", "/v1/login", "", json!({"name": PASSWORD, "passwort": PASSWORD}))
            .await
            .0,
        400
    );
    let session = visit.post("/v1/login", "", log_in(PASSWORD)).await;
    let second = visit.token(&session);
    let spent = json!({"id": uuid::Uuid::now_v7(), "description": DESCRIPTION, "amount_minor": 100});
    visit.post("/v1/expenses", &first, spent.clone()).await;
    assert_eq!(visit.send("POST", "/v1/expenses", "bt1_nobody_x", spent).await.0, 401);
    visit
        .send("GET", &format!("/v1/expenses?filter={DESCRIPTION}"), &first, json!({}))
        .await;
    visit
        .send("GET", &format!("/{PASSWORD}?token={first}"), &first, json!({}))
        .await;
    visit
        .send("GET", &format!("/fetch-user-data?token={first}"), "", json!({}))
        .await;
    let classic = format!("/new-expense?token={first}&description={DESCRIPTION}&amount=1");
    visit.send("GET", &classic, "", json!({})).await;
    visit.send("POST", &classic, "", json!({})).await;
    let change = json!({"old_password": PASSWORD, "new_password": NEW});
    visit.post("/v1/password", &first, change).await;
    assert_eq!(visit.send("GET", "/v1/account", &second, json!({})).await.0, 401);
    let begun = visit.post("/v1/second-factor", &first, json!({"password": NEW})).await;
    let secret = visit.keep(&begun["secret"]);
    visit.keep(&begun["uri"]);
    let on = visit
        .post("/v1/second-factor/confirm", &first, json!({"code": code(&secret)}))
        .await;
    let recovery: Vec<String> = on["recovery_codes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|code| visit.keep(code))
        .collect();
    let visit_with = |code: &str| json!({"name": "ada", "password": NEW, "code": code});
    assert_eq!(
        visit
            .send("POST", "/v1/login", "", visit_with("canary-code-7a1f"))
            .await
            .0,
        401
    );
    let session = visit.post("/v1/login", "", visit_with(&recovery[0])).await;
    visit.token(&session);
    visit.send("DELETE", "/v1/sessions", &first, json!({})).await;
    let off = json!({"password": NEW, "code": recovery[1]});
    visit.post("/v1/second-factor/off", &first, off).await;
    visit.post("/v1/logout", &first, json!({})).await;
}

#[tokio::test]
async fn no_secret_is_found_in_logs_command_lines_numbers_the_database_or_its_backup() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("log");
    let mut command = Server::command("127.0.0.1:0", folder.path());
    command
        .args(["--signup", "invite", "--classic-api", "--log-format", "json"])
        .args(["--metrics", "127.0.0.1:0"])
        .env("BUDGET_TRACKER_LOG", "trace")
        .stderr(File::create(&log).unwrap());
    let server = Server::listening(&mut command);
    let secrets = [PASSWORD, WRONG, NEW, "canary-code-7a1f"];
    let mut visit = Visit {
        http: http(),
        base: server.url.clone(),
        secrets: secrets.map(str::to_owned).to_vec(),
        private: vec![DESCRIPTION.to_owned()],
    };
    talk(&mut visit, &invite(folder.path())).await;
    let of_process = |name: &str| fs::read(format!("/proc/{}/{name}", server.process.id())).unwrap_or_default();
    let called = of_process("cmdline");
    let numbers = visit
        .http
        .get(server.metrics())
        .send()
        .await
        .unwrap()
        .bytes()
        .await
        .unwrap();
    let copy = folder.path().join("copy.db");
    let mut told = administer(folder.path(), &["backup", copy.to_str().unwrap()]);
    for command in ["verify", "doctor", "user list"] {
        let words: Vec<_> = command.split(' ').collect();
        told.extend(administer(folder.path(), &words));
    }
    // The write-ahead log is looked at while it is full.
    let kept: Vec<u8> = ["budget.db", "budget.db-wal"]
        .iter()
        .flat_map(|name| fs::read(folder.path().join(name)).unwrap())
        .collect();
    let limits = String::from_utf8(of_process("limits")).unwrap();
    assert!(server.terminate());
    let (log, copy) = (fs::read(log).unwrap(), fs::read(copy).unwrap());
    let has = |text: &[u8], secret: &str| text.windows(secret.len()).any(|part| part == secret.as_bytes());
    assert!(has(&log, "/v1/second-factor/confirm"), "each request is in the log");
    assert!(
        has(&numbers, "/v1/second-factor/confirm"),
        "each route is in the numbers"
    );
    for (what, text) in [("the database", &kept), ("the backup", &copy)] {
        assert!(has(text, DESCRIPTION) && has(text, "$argon2id$"), "{what} is the one");
    }
    let open: [(&str, &[u8]); 4] = [
        ("the log", &log),
        ("the command line", &called),
        ("the numbers", &numbers),
        ("what the administrator is told", &told),
    ];
    let closed: [(&str, &[u8]); 2] = [("the database", &kept), ("the backup", &copy)];
    for secret in &visit.secrets {
        for (what, text) in open.iter().chain(&closed) {
            assert!(!has(text, secret), "{secret} is in {what}");
        }
    }
    for private in &visit.private {
        for (what, text) in &open {
            assert!(!has(text, private), "{private} is in {what}");
        }
    }
    if cfg!(target_os = "linux") {
        let core = limits
            .lines()
            .find(|line| line.starts_with("Max core file size"))
            .unwrap();
        let sizes: Vec<_> = core.split_whitespace().skip(4).take(2).collect();
        assert_eq!(sizes, ["0", "0"], "what is in memory is never written down");
    }
}
