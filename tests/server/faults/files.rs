//! Damage to the files beside the database, each at many places: what cannot be used is refused with what to do, is
//! left as it is, and nobody starts to believe something else.

use std::fmt::Write as _;
use std::fs::{self, Permissions};
use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};

use budget_tracker::server::{Database, care};
use jiff::Timestamp;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use rstest::rstest;
use uuid::Uuid;

use super::super::{PASSWORD, Server, http, sign_up};
use super::add;
use super::damage::damage;
use crate::support::program::{Home, Outcome, outcome};

/// Places of each file that are damaged, one after the other.
const PLACES: u64 = 24;
/// Places of a backup.
const BACKUP_PLACES: u64 = 200;
const EXPENSES: i64 = 60;

/// Damages the file at each place in turn and runs the program over it; how often it refused.
///
/// What it accepts it must have read: `accepted` looks at what came of it.
fn damaged(file: &Path, run: &dyn Fn() -> Outcome, accepted: &dyn Fn(&Outcome)) -> usize {
    let sound = fs::read(file).unwrap();
    let before = run();
    assert_eq!(before.code, 0, "{}", before.err);
    accepted(&before);
    let mut told = 0;
    for seed in 0..PLACES {
        let (mut bytes, dice) = (sound.clone(), &mut StdRng::seed_from_u64(seed));
        if seed % 2 == 0 {
            damage(&mut bytes, dice);
        } else {
            // One bit, which leaves text text.
            let place = dice.random_range(0..bytes.len());
            bytes[place] ^= 1 << dice.random_range(0..7);
        }
        fs::write(file, &bytes).unwrap();
        let run = run();
        let whose = format!("{} {seed}: {}", file.display(), run.err);
        assert!(!run.err.contains("panicked") && run.code != 101, "{whose}");
        if run.code == 0 {
            accepted(&run);
        } else {
            // What is wrong, and below it what to do.
            assert!(
                run.err.starts_with("error: ") && run.err.lines().count() >= 2,
                "{whose}"
            );
            told += 1;
        }
        assert_eq!(fs::read(file).unwrap(), bytes, "{whose}: the file was changed");
    }
    fs::write(file, sound).unwrap();
    told
}

/// As [`damaged`], of a file that cannot lose much without being noticed.
fn is_told(file: &Path, run: &dyn Fn() -> Outcome) {
    let told = damaged(file, run, &|_| ());
    println!("{}: {told} of {PLACES} told", file.display());
    assert!(told > 3, "{}: only {told} were told: the test is blind", file.display());
}

/// A home where somebody is logged in.
fn logged_in() -> Home {
    let home = Home::new();
    let mut signing_up = home.run("signup ada --email ada@example.org");
    let signed_up = outcome(signing_up.env("BUDGET_TRACKER_PASSWORD", PASSWORD));
    assert_eq!(signed_up.code, 0, "{}", signed_up.err);
    home
}

/// Makes the file at `path` one that its owner alone can read.
fn close(path: &Path) {
    fs::set_permissions(path, Permissions::from_mode(0o600)).unwrap();
}

#[test]
fn a_damaged_session_is_told() {
    let home = logged_in();
    is_told(&home.path("config/session.toml"), &|| outcome(&mut home.run("list")));
}

#[rstest]
#[case::configuration("config.toml", "config --check")]
#[case::theme("themes/mine.toml", "config --check")]
#[case::key("openai.key", "config --check")]
fn damage_to_what_somebody_configured_is_told(#[case] name: &str, #[case] line: &str) {
    let home = logged_in();
    home.configure(
        "theme = \"mine\"\npoll_seconds = 30\nlocale = \"de-DE\"\nbell = false\n[keys]\nquit = \"Q\"\n\
         [categorize]\nbackend = \"openai\"\nbase_url = \"http://127.0.0.1:1/v1\"\nmodel = \"small\"\n\
         key_file = \"openai.key\"\n",
    );
    fs::create_dir(home.path("config/themes")).unwrap();
    let theme = "[dark]\nok = \"#00ff00\"\naccent = \"#40a0ff\"\n\n[light]\nok = \"#006000\"\n";
    fs::write(home.path("config/themes/mine.toml"), theme).unwrap();
    // What is no letter, digit or mark cannot be sent; what is, only the service can tell.
    fs::write(home.path("config/openai.key"), "sk-test-4471-".repeat(6)).unwrap();
    close(&home.path("config/openai.key"));
    is_told(&home.path("config").join(name), &|| outcome(&mut home.run(line)));
}

#[test]
fn a_damaged_file_of_a_server_is_told() {
    let home = Home::new();
    let file = home.path("server.toml");
    fs::create_dir(home.path("data")).unwrap();
    Server::start(&home.path("data"), &[]).kill();
    let text = "listen = \"127.0.0.1:8080\"\ndata_dir = \"data\"\nsignup = \"invite\"\nmax_requests = 1000\n\
        trusted_proxies = [\"127.0.0.1\"]\nlog_format = \"json\"\n";
    fs::write(&file, text).unwrap();
    let verify = format!("verify --config {}", file.display());
    is_told(&file, &|| {
        outcome(home.run(&verify).env_remove("BUDGET_TRACKER_DATA_DIR"))
    });
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_damaged_session_of_the_program_before_is_told() {
    let home = Home::new();
    let server = Server::start(&home.path("data"), &[]);
    let token = sign_up(&http(), &server, "ada").await;
    let file = home.path("blueseave-ada-config.ini");
    fs::write(
        &file,
        format!("[client]\nwebservice = {}\ntoken = {token}\n", server.url),
    )
    .unwrap();
    let import = format!("login --import {}", file.display());
    is_told(&file, &|| {
        // Each time as if it were the first.
        let _ = fs::remove_dir_all(home.path("config"));
        let run = outcome(&mut home.run(&import));
        // A refusal leaves nothing behind that looks like a session.
        assert_eq!(run.code == 0, home.path("config/session.toml").exists(), "{}", run.err);
        run
    });
}

#[test]
fn a_damaged_table_is_read_row_by_row_or_told() {
    let home = Home::new();
    let file = home.path("bank.csv");
    let mut text = "id,description,amount\n".to_owned();
    for row in 0..40 {
        writeln!(text, "{row},Nakamura ramen {row},12.50").unwrap();
    }
    fs::write(&file, text).unwrap();
    let line = format!("categorize --format csv --csv {}", file.display());
    let whole = |run: &Outcome| {
        // One answer for each row that there is now: none is passed over.
        let mut table = csv::ReaderBuilder::new().flexible(true).from_path(&file).unwrap();
        let rows = table.records().flatten();
        let mut answers = csv::Reader::from_reader(run.out.as_bytes());
        assert_eq!(answers.records().count(), rows.count(), "{}", run.err);
    };
    let told = damaged(&file, &|| outcome(&mut home.run(&line)), &whole);
    assert!(told > 3, "only {told} were told");
}

/// Starts a server and ends it; without one, why there is none.
fn start(home: &Home, flags: &[&str]) -> Outcome {
    let mut command = Command::new(env!("CARGO_BIN_EXE_budget-tracker"));
    command
        .env_clear()
        .envs(home.variables())
        .args(["serve", "--listen", "127.0.0.1:0"])
        .args(flags)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut process = command.spawn().unwrap();
    let mut out = String::new();
    BufReader::new(process.stdout.take().unwrap())
        .read_line(&mut out)
        .unwrap();
    let listens = out.starts_with("Listening");
    if listens {
        process.kill().unwrap();
    }
    let ended = process.wait_with_output().unwrap();
    Outcome {
        code: if listens { 0 } else { ended.status.code().unwrap_or(-1) },
        out,
        err: String::from_utf8(ended.stderr).unwrap(),
    }
}

#[rstest]
#[case::certificate("cert.pem")]
#[case::key("key.pem")]
fn a_damaged_certificate_starts_no_server(#[case] name: &str) {
    let home = Home::new();
    let (certificate, key) = (home.path("cert.pem"), home.path("key.pem"));
    let (certificate, key) = (certificate.to_str().unwrap(), key.to_str().unwrap());
    let made = outcome(&mut home.run("server-certificate --host localhost"));
    assert_eq!(made.code, 0, "{}", made.err);
    is_told(&home.path(name), &|| {
        start(&home, &["--tls-cert", certificate, "--tls-key", key])
    });
}

/// What a database holds: expenses, and what they come to.
fn content(file: &Path) -> (i64, i64) {
    let db = rusqlite::Connection::open(file).unwrap();
    let both = "SELECT COUNT(*), COALESCE(SUM(amount_minor), 0) FROM expenses WHERE deleted = 0";
    db.query_row(both, [], |row| Ok((row.get(0)?, row.get(1)?))).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_damaged_backup_is_restored_whole_or_not_at_all() {
    let folder = tempfile::tempdir().unwrap();
    let (client, server) = (http(), Server::start(folder.path(), &[]));
    let token = sign_up(&client, &server, "ada").await;
    for amount in 1..=EXPENSES {
        let added = add(&client, &server.url, &token, Uuid::now_v7(), amount).await;
        assert_eq!(added, Some(201));
    }
    let copy = folder.path().join("copy.db");
    care::backup(&Database::in_folder(folder.path()), &copy, false).unwrap();
    assert!(server.terminate());
    let sound = fs::read(&copy).unwrap();
    let (mut told, mut whole) = (0, 0);
    for seed in 0..BACKUP_PLACES {
        let mut bytes = sound.clone();
        damage(&mut bytes, &mut StdRng::seed_from_u64(seed));
        fs::write(&copy, &bytes).unwrap();
        let data = tempfile::tempdir().unwrap();
        let place = data.path().join("budget.db");
        match care::restore(&copy, Database::from(&place), Timestamp::now()).await {
            Ok(report) => {
                assert_eq!(report.findings, [], "{seed}");
                assert_eq!(content(&place), (EXPENSES, EXPENSES * (EXPENSES + 1) / 2), "{seed}");
                whole += 1;
            }
            Err(error) => {
                assert!(error.to_string().len() > 20, "{seed}: {error}");
                let left = if place.exists() {
                    care::verify(&Database::from(&place)).unwrap().expenses
                } else {
                    0
                };
                assert_eq!(left, 0, "{seed}: a part of the backup was restored");
                told += 1;
            }
        }
        assert_eq!(fs::read(&copy).unwrap(), bytes, "{seed}: the backup was changed");
    }
    println!("{told} backups told, {whole} restored whole");
    assert!(told > BACKUP_PLACES / 10, "only {told} were told: the test is blind");
}
