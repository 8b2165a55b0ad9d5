//! Encryption: who is believed, who is refused and with which words, and a new certificate in a running server.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use budget_tracker::server::{Limits, TlsFiles, certificate};
use rcgen::{CertificateParams, ExtendedKeyUsagePurpose, date_time_ymd};
use rstest::rstest;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::{PASSWORD, Server};
use crate::support::certificates::Authority;
use crate::support::hostile::Hostile;
use crate::support::program::{Home, Outcome, outcome};
use crate::support::running::Running;

/// Long enough for a slow machine; only reached when the test fails.
const PATIENCE: Duration = Duration::from_secs(30);

/// A home, an authority that its programs believe, and a folder for a server.
struct World {
    home: Home,
    folder: tempfile::TempDir,
    authority: Authority,
    roots: PathBuf,
}

impl World {
    fn new() -> Self {
        let (folder, authority) = (tempfile::tempdir().unwrap(), Authority::new());
        let roots = authority.write(folder.path());
        Self {
            home: Home::new(),
            folder,
            authority,
            roots,
        }
    }

    fn vouched(&self, host: &str, change: impl FnOnce(&mut CertificateParams)) -> TlsFiles {
        self.authority.vouch(self.folder.path(), "server", host, change)
    }

    fn own(&self) -> TlsFiles {
        own(self.folder.path())
    }

    async fn serve(&self, files: TlsFiles) -> Running {
        Running::start(&self.folder.path().join("data"), |options| options.tls = Some(files)).await
    }

    /// `signup` with further arguments.
    async fn sign_up(&self, arguments: String) -> Outcome {
        let mut command = self.home.run(&format!(
            "signup ada --email ada@example.org --password-stdin {arguments}"
        ));
        command.env("SSL_CERT_FILE", &self.roots).write_stdin(PASSWORD);
        tokio::task::spawn_blocking(move || outcome(&mut command))
            .await
            .unwrap()
    }
}

/// A certificate that a server signs for itself.
fn own(folder: &Path) -> TlsFiles {
    let files = TlsFiles {
        certificate: folder.join("own.pem"),
        key: folder.join("own.key"),
    };
    let _ = fs::remove_file(&files.certificate);
    let _ = fs::remove_file(&files.key);
    certificate::make(&["localhost".to_owned(), "127.0.0.1".to_owned()], &files).unwrap();
    files
}

#[track_caller]
fn refused(outcome: &Outcome, what: &str, advice: &str) {
    assert_eq!(outcome.code, 1, "{}", outcome.err);
    assert!(
        outcome.err.contains(what) && outcome.err.contains(advice),
        "{}",
        outcome.err
    );
    assert!(
        !outcome.err.contains(PASSWORD) && !outcome.err.contains("Other("),
        "{}",
        outcome.err
    );
}

fn expired(params: &mut CertificateParams) {
    params.not_after = date_time_ymd(2021, 1, 1);
}

fn not_yet(params: &mut CertificateParams) {
    params.not_before = date_time_ymd(2089, 1, 1);
}

fn for_clients(params: &mut CertificateParams) {
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
}

#[rstest]
#[case::expired("localhost", expired, "has expired", "Check the date of this computer")]
#[case::not_yet("localhost", not_yet, "does not hold yet", "Check the date of this computer")]
#[case::other_host("budget.example.org", |_: &mut CertificateParams| (), "for another host", "Write the name")]
#[case::other_use("localhost", for_clients, "nobody vouches for", "do not log in")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_certificate_that_does_not_hold_is_refused(
    #[case] host: &str,
    #[case] change: fn(&mut CertificateParams),
    #[case] what: &str,
    #[case] advice: &str,
) {
    let world = World::new();
    let server = world.serve(world.vouched(host, change)).await;
    let port = server.listening.address.port();
    let outcome = world.sign_up(format!("--server https://localhost:{port}")).await;
    refused(&outcome, what, advice);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_certificate_that_somebody_vouches_for_is_believed_unless_another_one_is_known() {
    let world = World::new();
    let server = world.serve(world.vouched("localhost", |_| ())).await;
    let url = format!("https://localhost:{}", server.listening.address.port());
    let pinned = format!("--server {url} --server-fingerprint {}", "5a".repeat(32));
    refused(
        &world.sign_up(pinned).await,
        "shows another certificate",
        "otherwise do not log in",
    );
    let outcome = world.sign_up(format!("--server {url}")).await;
    assert_eq!(outcome.code, 0, "{}", outcome.err);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_certificate_of_its_own_is_believed_by_its_fingerprint_only() {
    let world = World::new();
    let server = world.serve(world.own()).await;
    let fingerprint = server.listening.fingerprint.unwrap();
    let url = format!("https://127.0.0.1:{}", server.listening.address.port());
    let unknown = world.sign_up(format!("--server {url}")).await;
    refused(
        &unknown,
        "nobody vouches for",
        &format!("Its fingerprint is {fingerprint}"),
    );
    assert!(unknown.err.contains("--server-fingerprint"), "{}", unknown.err);
    let garbled = world
        .sign_up(format!("--server {url} --server-fingerprint sha256:12"))
        .await;
    assert_eq!(garbled.code, 2, "{}", garbled.err);
    assert!(
        garbled.err.contains("the fingerprint that the server printed"),
        "{}",
        garbled.err
    );
    let known = world
        .sign_up(format!("--server {url} --server-fingerprint {fingerprint}"))
        .await;
    assert_eq!(known.code, 0, "{}", known.err);
    // In the configuration it belongs to the server beside it, and to no other.
    world
        .home
        .configure(&format!("server = \"{url}\"\nserver_fingerprint = \"{fingerprint}\"\n"));
    let summary = || {
        let mut command = world.home.run("summary");
        tokio::task::spawn_blocking(move || outcome(&mut command))
    };
    assert_eq!(summary().await.unwrap().code, 0);
    let other = world
        .sign_up(format!(
            "--server https://localhost:{}",
            server.listening.address.port()
        ))
        .await;
    refused(&other, "nobody vouches for", "--server-fingerprint");
    server.stop().await;
    let server = world.serve(world.own()).await;
    let moved = format!("https://localhost:{}", server.listening.address.port());
    world.home.configure(&format!(
        "server = \"{moved}\"\nserver_fingerprint = \"{fingerprint}\"\n"
    ));
    let changed = world.sign_up(String::new()).await;
    refused(
        &changed,
        "shows another certificate",
        &server.listening.fingerprint.unwrap().to_string(),
    );
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_authority_that_nobody_knows_is_nobody() {
    let world = World::new();
    let stranger = tempfile::tempdir().unwrap();
    let files = Authority::new().vouch(stranger.path(), "server", "localhost", |_| ());
    let server = world.serve(files).await;
    let port = server.listening.address.port();
    let outcome = world.sign_up(format!("--server https://localhost:{port}")).await;
    refused(&outcome, "nobody vouches for", "otherwise somebody else answers");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_not_encrypted_as_it_must_be_is_refused() {
    let world = World::new();
    let plain = Running::start(&world.folder.path().join("plain"), |_| ()).await;
    let spoken = format!("--server https://{}", plain.listening.address);
    refused(&world.sign_up(spoken).await, "does not speak TLS", "Check its address");
    let beyond = world.sign_up("--server http://192.0.2.1:8080".to_owned()).await;
    refused(&beyond, "is not encrypted", "--insecure-http");
    let server = world.serve(world.vouched("localhost", |_| ())).await;
    let port = server.listening.address.port();
    let turned = world.sign_up(format!("--server http://localhost:{port}")).await;
    refused(&turned, "This server speaks HTTPS", "Write https://");
    plain.stop().await;
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_is_sent_on_to_another_address() {
    let world = World::new();
    let elsewhere = Hostile::answering("200 OK", "", "{}");
    let redirect = format!("Location: {}v1/signup\r\n", elsewhere.url);
    let server = Hostile::answering("308 Permanent Redirect", &redirect, "");
    let outcome = world.sign_up(format!("--server {}", server.url)).await;
    refused(&outcome, "it sends callers on to http://127.0.0.1", "Check its address");
    assert!(elsewhere.requests().is_empty());
    assert!(!format!("{:?}", server.exchanges()).contains(PASSWORD));
}

/// The beginning of a handshake in TLS 1.1: version, random, no session, two old ciphers, no compression.
fn old_hello() -> Vec<u8> {
    let mut body = vec![3, 2];
    body.extend([7; 32]);
    body.extend([0, 0, 4, 0, 0x2f, 0, 0x35, 1, 0]);
    let mut message = vec![1, 0, 0, u8::try_from(body.len()).unwrap()];
    message.extend(body);
    record(&message)
}

/// The answer of a server that knows nothing newer.
fn old_answer() -> Vec<u8> {
    let mut body = vec![3, 2];
    body.extend([9; 32]);
    body.extend([0, 0, 0x2f, 0]);
    let mut message = vec![2, 0, 0, u8::try_from(body.len()).unwrap()];
    message.extend(body);
    record(&message)
}

fn record(message: &[u8]) -> Vec<u8> {
    let mut record = vec![0x16, 3, 2, 0, u8::try_from(message.len()).unwrap()];
    record.extend(message);
    record
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tls_1_1_is_spoken_by_neither_side() {
    let world = World::new();
    let server = world.serve(world.vouched("localhost", |_| ())).await;
    let mut stream = TcpStream::connect(server.listening.address).await.unwrap();
    stream.write_all(&old_hello()).await.unwrap();
    let mut answer = Vec::new();
    let _ = tokio::time::timeout(PATIENCE, stream.read_to_end(&mut answer))
        .await
        .unwrap();
    // A fatal alert: handshake failure, or protocol version.
    assert!(answer.len() == 7 && answer[0] == 0x15 && answer[5] == 2, "{answer:?}");
    assert!([40, 70].contains(&answer[6]), "{answer:?}");
    server.stop().await;
    let old = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = old.local_addr().unwrap().port();
    let answering = tokio::spawn(async move {
        loop {
            let (mut stream, _) = old.accept().await.unwrap();
            let mut hello = [0; 2048];
            if stream.read(&mut hello).await.is_ok() {
                let _ = stream.write_all(&old_answer()).await;
                let _ = stream.read(&mut hello).await;
            }
        }
    });
    let outcome = world.sign_up(format!("--server https://localhost:{port}")).await;
    refused(&outcome, "too old", "TLS 1.2 or 1.3");
    answering.abort();
}

#[tokio::test]
async fn a_handshake_has_its_time() {
    let world = World::new();
    let files = world.own();
    let server = Running::start(&world.folder.path().join("data"), |options| {
        options.tls = Some(files);
        options.limits = Limits {
            handshake_time: Duration::from_millis(200),
            ..Limits::default()
        };
    })
    .await;
    for begun in [&[][..], &old_hello()[..6]] {
        let mut stream = TcpStream::connect(server.listening.address).await.unwrap();
        stream.write_all(begun).await.unwrap();
        let mut answer = Vec::new();
        let ended = tokio::time::timeout(PATIENCE, stream.read_to_end(&mut answer)).await;
        assert!(ended.is_ok(), "the server waits for ever");
    }
    server.stop().await;
}

/// A client that believes the certificate in `file` and no other.
fn believing(file: &Path) -> reqwest::Client {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let pem = fs::read(file).unwrap();
    reqwest::Client::builder()
        .no_proxy()
        .tls_certs_only([reqwest::Certificate::from_pem(&pem).unwrap()])
        .build()
        .unwrap()
}

/// Sends SIGHUP.
fn hang_up(server: &Server) {
    let id = rustix::process::Pid::from_child(&server.process);
    rustix::process::kill_process(id, rustix::process::Signal::HUP).unwrap();
}

#[tokio::test]
async fn a_new_certificate_is_taken_while_connections_stay_and_a_bad_one_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let files = own(folder.path());
    let mut command = Server::command("127.0.0.1:0", &folder.path().join("data"));
    command
        .arg("--tls-cert")
        .arg(&files.certificate)
        .arg("--tls-key")
        .arg(&files.key);
    let mut server = Server::listening(command.stderr(Stdio::piped()));
    let mut log = BufReader::new(server.process.stderr.take().unwrap())
        .lines()
        .map_while(Result::ok);
    let first = believing(&files.certificate);
    let wish = json!({"name": "ada", "email": "a@example.org", "password": PASSWORD});
    let url = |path: &str| format!("{}{path}", server.url);
    let session = first.post(url("/v1/signup")).json(&wish).send().await.unwrap();
    let session: serde_json::Value = session.json().await.unwrap();
    let token = session["token"].as_str().unwrap().to_owned();
    let mut events = first.get(url("/v1/events")).bearer_auth(&token).send().await.unwrap();
    assert!(events.chunk().await.unwrap().is_some());

    own(folder.path());
    let second = believing(&files.certificate);
    assert!(second.get(url("/healthz")).send().await.is_err());
    hang_up(&server);
    assert!(log.any(|line| line.contains("was read anew")));
    fs::write(&files.certificate, "nonsense").unwrap();
    hang_up(&server);
    assert!(log.any(|line| line.contains("stays as it was") && line.contains("own.pem")));

    let expense = json!({"id": uuid::Uuid::now_v7(), "description": "lunch", "amount_minor": 500});
    let added = second.post(url("/v1/expenses")).bearer_auth(&token).json(&expense);
    assert_eq!(added.send().await.unwrap().status(), 201);
    let told = tokio::time::timeout(PATIENCE, events.chunk()).await.unwrap();
    assert!(told.unwrap().is_some(), "the connection from before lives");
    drop(log);
}
