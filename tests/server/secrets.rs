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
use crate::support::program::{Home, outcome};

const PASSWORD: &str = "canary-password-7a1f";
const WRONG: &str = "canary-wrong-password-7a1f";
const NEW: &str = "canary-new-password-7a1f";
const DESCRIPTION: &str = "canary-description-7a1f";
/// What a stranger types for a name; it might be a password in the wrong field.
const STRANGER: &str = "canary-stranger-7a1f";

/// What is in the log after [`talk`], and whether it says whose account it is about.
const EVENTS: [(&str, bool); 18] = [
    ("signed up by invitation", true),
    ("sign-up refused: invitation", false),
    ("sign-up must wait", false),
    ("logged in", true),
    ("log-in refused", true),
    ("log-in refused", false),
    ("log-in refused: code", true),
    ("log-in needs a code", true),
    ("log-in must wait", true),
    ("log-in must wait", false),
    ("password refused", true),
    ("password changed", true),
    ("second factor on", true),
    ("second factor refused", true),
    ("second factor off", true),
    ("other sessions ended", true),
    ("session ended", true),
    ("logged out", true),
];

/// What was said to a server, and what must not be found.
struct Visit {
    http: reqwest::Client,
    base: String,
    /// Whom a proxy says it asks for.
    from: Option<&'static str>,
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
        if let Some(from) = self.from {
            request = request.header("x-forwarded-for", from);
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
    let wrong = json!({"password": NEW, "code": "canary-code-7a1f"});
    assert_eq!(visit.send("POST", "/v1/second-factor/off", &first, wrong).await.0, 400);
    let without = json!({"name": "ada", "password": NEW});
    assert_eq!(visit.send("POST", "/v1/login", "", without).await.0, 401);
    let change = json!({"old_password": WRONG, "new_password": PASSWORD});
    assert_eq!(visit.send("POST", "/v1/password", &first, change).await.0, 400);
    let off = json!({"password": NEW, "code": recovery[1]});
    visit.post("/v1/second-factor/off", &first, off).await;
    let session = visit
        .post("/v1/login", "", json!({"name": "ada", "password": NEW}))
        .await;
    let third = visit.token(&session);
    let (_, listed) = visit.send("GET", "/v1/sessions", &third, json!({})).await;
    let sessions = listed.as_array().unwrap();
    let other = sessions.iter().find(|session| session["current"] == false).unwrap();
    let path = format!("/v1/sessions/{}", other["id"].as_str().unwrap());
    assert_eq!(visit.send("DELETE", &path, &third, json!({})).await.0, 204);
    visit.post("/v1/logout", &third, json!({})).await;
    be_a_nuisance(visit).await;
}

/// Tries until it must wait: with the password of somebody, with names of nobody, and for accounts.
async fn be_a_nuisance(visit: &mut Visit) {
    while visit
        .send("POST", "/v1/login", "", json!({"name": "ada", "password": WRONG}))
        .await
        .0
        != 429
    {}
    visit.from = Some("192.0.2.7");
    for number in 0.. {
        let who = json!({"name": format!("{STRANGER}-{number}"), "password": WRONG});
        if visit.send("POST", "/v1/login", "", who).await.0 == 429 {
            break;
        }
    }
    let wish = json!({"name": STRANGER, "email": "a@example.org", "password": PASSWORD, "invite": WRONG});
    while visit.send("POST", "/v1/signup", "", wish.clone()).await.0 != 429 {}
}

/// The events of a log in JSON: what, whose, from where.
fn events(log: &str) -> Vec<Value> {
    let lines = log.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    lines.filter(|line| line["fields"]["event"].is_string()).collect()
}

#[track_caller]
fn are_there(events: &[Value], user: &str) {
    for (name, known) in EVENTS {
        let whose = if known { json!(user) } else { Value::Null };
        let there = events.iter().any(|line| {
            let fields = &line["fields"];
            fields["event"] == name
                && fields["user"] == whose
                && fields["address"].is_string()
                && line["span"]["id"].as_str().is_some_and(|id| id.len() == 32)
        });
        assert!(there, "{name} of {whose} is not in the log: {events:#?}");
    }
    let refused = events.iter().filter(|line| {
        let event = line["fields"]["event"].as_str().unwrap();
        event.contains("refused") || event.contains("wait")
    });
    assert!(refused.clone().count() > 10 && refused.clone().all(|line| line["level"] == "WARN"));
}

#[tokio::test]
async fn no_secret_is_found_in_logs_command_lines_numbers_the_database_or_its_backup() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("log");
    let mut command = Server::command("127.0.0.1:0", folder.path());
    command
        .args(["--signup", "invite", "--classic-api", "--log-format", "json"])
        .args(["--metrics", "127.0.0.1:0"])
        .args(["--trusted-proxy", "127.0.0.1"])
        .env("BUDGET_TRACKER_LOG", "trace")
        .stderr(File::create(&log).unwrap());
    let server = Server::listening(&mut command);
    let secrets = [PASSWORD, WRONG, NEW, "canary-code-7a1f"];
    let mut visit = Visit {
        http: http(),
        base: server.url.clone(),
        from: None,
        secrets: secrets.map(str::to_owned).to_vec(),
        private: vec![DESCRIPTION.to_owned(), STRANGER.to_owned()],
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
    let whose = visit
        .secrets
        .iter()
        .find_map(|secret| secret.strip_prefix("bt1_"))
        .unwrap();
    are_there(&events(&String::from_utf8_lossy(&log)), &whose[..32]);
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

#[test]
fn what_the_administrator_does_is_in_a_log_without_names_and_secrets() {
    let home = Home::new();
    let run = |line: &str, input: &str| {
        let run = outcome(home.run(line).write_stdin(input));
        assert_eq!((run.code, run.err.as_str()), (0, ""), "{line}");
        run.out
    };
    run("signup ada --email a@example.org --password-stdin", PASSWORD);
    run("logout", "");
    let made: Value = serde_json::from_str(&run("invite --format json", "")).unwrap();
    run(&format!("invite revoke {}", made["id"].as_str().unwrap()), "");
    run("user disable ada", "");
    run("user enable ada", "");
    run("user reset-password ada --password-stdin", NEW);
    let reset: Value = serde_json::from_str(&run("user reset-password ada --format json", "")).unwrap();
    run("user reset-password ada --without-second-factor --password-stdin", NEW);
    run("backup copy.db", "");
    run("restore copy.db --data-dir elsewhere", "");
    run("user delete ada --yes", "");
    let file = home.path(".local/state/budget-tracker/budget-tracker.log");
    let log = fs::read_to_string(&file).unwrap();
    for (event, times) in [
        ("event=\"invitation made\"", 1),
        ("event=\"invitation taken back\"", 1),
        ("event=\"user disabled\" user=", 2),
        ("event=\"user enabled\" user=", 1),
        ("event=\"password reset\" user=", 2),
        ("event=\"password reset, second factor off\" user=", 1),
        ("event=\"user deleted\" user=", 1),
        ("event=\"backup made\"", 1),
        ("event=\"backup restored\"", 1),
    ] {
        assert_eq!(log.matches(event).count(), times, "{event}: {log}");
    }
    let (code, password) = (made["code"].as_str().unwrap(), reset["password"].as_str().unwrap());
    for secret in [PASSWORD, NEW, code, password, "ada"] {
        assert!(!log.contains(secret), "{secret}: {log}");
    }
    let permissions = std::os::unix::fs::PermissionsExt::mode(&fs::metadata(&file).unwrap().permissions());
    assert_eq!(permissions & 0o777, 0o600);
}
