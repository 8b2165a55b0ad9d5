//! What an administrator uses: the file of the server, its log, its numbers.

use std::fs::{self, Permissions};
use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use super::{PASSWORD, Server, http, sign_up};
use crate::support::program::{Home, outcome};

/// `serve --config` over a file with this text.
fn configured(folder: &Path, text: &str) -> Command {
    let file = folder.join("server.toml");
    fs::write(&file, text).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_budget-tracker"));
    command
        .args(["serve", "--config"])
        .arg(file)
        .env("BUDGET_TRACKER_CONFIG_DIR", folder.join("config"))
        .env("HOME", folder)
        .env_remove("BUDGET_TRACKER_DATA_DIR")
        .stderr(Stdio::null());
    command
}

#[tokio::test]
async fn a_server_is_set_up_by_its_file_and_the_command_line_is_stronger() {
    let folder = tempfile::tempdir().unwrap();
    let text = "listen = \"127.0.0.1:1\"\ndata_dir = \"data\"\nclassic_api = true\nlog_format = \"json\"\n";
    let mut command = configured(folder.path(), text);
    let mut server = Server::listening(command.args(["--listen", "127.0.0.1:0"]).stderr(Stdio::piped()));
    let log = server.process.stderr.take().unwrap();
    let client = http();
    sign_up(&client, &server, "ada").await;
    assert!(folder.path().join("data/budget.db").exists());
    let classic = client
        .post(format!("{}/login", server.url))
        .json(&json!({"username": "ada", "password": PASSWORD}))
        .send()
        .await
        .unwrap();
    assert_eq!(classic.status(), 200);
    let id = classic.headers()["x-request-id"].to_str().unwrap().to_owned();
    assert!(server.terminate());
    let lines: Vec<Value> = BufReader::new(log)
        .lines()
        .map(|line| serde_json::from_str(&line.unwrap()).unwrap())
        .collect();
    let about = lines.iter().find(|line| line["fields"]["id"] == id.as_str()).unwrap();
    assert_eq!(about["fields"]["route"], "/login");
    assert_eq!(about["fields"]["method"], "POST");
    assert_eq!(about["fields"]["status"], 200);
    assert!(about["timestamp"].is_string() && about["level"] == "INFO", "{about}");
    let mut command = configured(folder.path(), text);
    let server = Server::listening(command.args(["--listen", "127.0.0.1:0", "--classic-api=false"]));
    let classic = client
        .get(format!("{}/fetch-user-data", server.url))
        .send()
        .await
        .unwrap();
    assert_eq!(classic.status(), 404);
    let mut command = configured(folder.path(), text);
    command.env("BUDGET_TRACKER_LISTEN", "127.0.0.1:0");
    let other = folder.path().join("other");
    let moved = Server::listening(command.env("BUDGET_TRACKER_DATA_DIR", &other));
    assert!(other.join("budget.db").exists(), "{}", moved.url);
}

#[test]
fn mistakes_in_the_file_are_told_with_their_line() {
    let home = Home::new();
    let serve = |text: &str| {
        fs::write(home.path("server.toml"), text).unwrap();
        outcome(
            home.run("serve --config server.toml --listen 127.0.0.1:0")
                .env_remove("BUDGET_TRACKER_DATA_DIR"),
        )
    };
    let slip = serve("listen = \"127.0.0.1:0\"\ndata_dri = \"x\"\n");
    assert_eq!(slip.code, 1);
    assert!(
        slip.err.contains("server.toml, line 2: \"data_dri\" is not a key"),
        "{}",
        slip.err
    );
    assert!(slip.err.contains("Did you mean \"data_dir\"?"), "{}", slip.err);
    let alone = serve("tls_cert = \"cert.pem\"\n");
    assert!(alone.code == 2 && alone.err.contains("--tls-key"), "{}", alone.err);
    let both = serve("data_dir = \"x\"\ndatabase = \"sqlite:y\"\n");
    assert!(
        both.code == 1 && both.err.contains("Leave one of them out"),
        "{}",
        both.err
    );
    let public = serve("metrics = \"0.0.0.0:0\"\n");
    assert!(
        public.code == 1 && public.err.contains("--metrics 127.0.0.1"),
        "{}",
        public.err
    );
}

#[test]
fn a_password_in_the_file_must_be_the_owners_secret() {
    let home = Home::new();
    let file = home.path("server.toml");
    fs::write(&file, "database = \"postgres://budget:s3cr3t@127.0.0.1:1/budget\"\n").unwrap();
    fs::set_permissions(&file, Permissions::from_mode(0o644)).unwrap();
    let serve = || {
        let mut command = home.run("serve --config server.toml --listen 127.0.0.1:0");
        // It is stronger than the file.
        outcome(command.env_remove("BUDGET_TRACKER_DATA_DIR"))
    };
    let open = serve();
    assert!(
        open.err.contains("can be read by other users") && open.err.contains("chmod 600"),
        "{}",
        open.err
    );
    fs::set_permissions(&file, Permissions::from_mode(0o600)).unwrap();
    let private = serve();
    // Nobody listens there; what matters is that it was tried.
    assert!(
        private.err.contains("postgres://budget@127.0.0.1:1/budget"),
        "{}",
        private.err
    );
    assert!(!format!("{}{}", open.err, private.err).contains("s3cr3t"));
}

#[tokio::test]
async fn the_numbers_name_routes_and_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = Server::command("127.0.0.1:0", folder.path());
    command.args(["--metrics", "127.0.0.1:0"]).stderr(Stdio::null());
    let server = Server::listening(&mut command);
    let metrics = server.metrics();
    let client = http();
    let token = sign_up(&client, &server, "ada").await;
    let wrong = client
        .post(format!("{}/v1/login", server.url))
        .json(&json!({"name": "ada", "password": "canary-of-a-password"}))
        .send()
        .await
        .unwrap();
    assert_eq!(wrong.status(), 401);
    let mut events = client
        .get(format!("{}/v1/events", server.url))
        .bearer_auth(&token)
        .send()
        .await
        .unwrap();
    events.chunk().await.unwrap();
    let made_up = format!("{}/canary/of/a/path?token=canary", server.url);
    client.get(made_up).send().await.unwrap();
    let answer = client.get(metrics).send().await.unwrap();
    assert!(
        answer.headers()["content-type"]
            .to_str()
            .unwrap()
            .starts_with("application/openmetrics-text")
    );
    let text = answer.text().await.unwrap();
    for line in [
        "budget_tracker_requests_total{method=\"POST\",route=\"/v1/signup\",status=\"201\"} 1",
        "budget_tracker_requests_total{method=\"GET\",route=\"-\",status=\"404\"} 1",
        "budget_tracker_request_seconds_count{method=\"POST\",route=\"/v1/login\"} 1",
        "budget_tracker_failed_log_ins_total 1",
        "budget_tracker_event_streams 1",
        "budget_tracker_database_damaged 0",
        "budget_tracker_waiting_writes 0",
    ] {
        assert!(text.lines().any(|found| found == line), "{line} is missing in\n{text}");
    }
    for secret in ["ada", "canary", "example.org", token.as_str()] {
        assert!(!text.contains(secret), "{secret} is in\n{text}");
    }
    // Nowhere but at the operator's own address.
    let public = client.get(format!("{}/metrics", server.url)).send().await.unwrap();
    assert_eq!(public.status(), 404);
    let api = metrics.replace("/metrics", "/v1/account");
    assert_eq!(client.get(api).send().await.unwrap().status(), 404);
}
