//! The encrypted way to the database: only a certificate that is believed, of the host that was asked for, will do.

use std::net::TcpListener;
use std::path::Path;
use std::process::Stdio;

use super::*;

/// An authority and a certificate that it made for `localhost`.
struct Certificates {
    folder: tempfile::TempDir,
}

impl Certificates {
    fn new(authority: &str) -> Self {
        let this = Self {
            folder: tempfile::tempdir().unwrap(),
        };
        std::fs::write(this.path("names"), "subjectAltName=DNS:localhost").unwrap();
        let authority = format!(
            "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN={authority}
            -addext basicConstraints=critical,CA:TRUE -keyout ca.key -out ca.pem"
        );
        let request = "req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=localhost
            -keyout server.key -out server.csr";
        let signed = "x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile names
            -out server.pem";
        for arguments in [authority.as_str(), request, signed] {
            let mut command = Command::new("openssl");
            command
                .args(arguments.split_whitespace())
                .current_dir(this.folder.path());
            let output = command.stdin(Stdio::null()).output().unwrap();
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        }
        this
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.folder.path().join(name)
    }

    fn read(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.path(name)).unwrap()
    }
}

/// Why the program does not start over this database.
fn refusal(database: &str, folder: &Path) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_budget-tracker"));
    command
        .args(["serve", "--listen", "127.0.0.1:0", "--database", database])
        .env("BUDGET_TRACKER_CONFIG_DIR", folder.join("config"))
        .stdin(Stdio::null());
    let output = command.output().unwrap();
    assert!(!output.status.success(), "{database}");
    String::from_utf8(output.stderr).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_a_certificate_that_is_believed_and_of_this_host_will_do() {
    let Some(mut cluster) = Cluster::start(false) else {
        return;
    };
    let (own, foreign) = (Certificates::new("ours"), Certificates::new("theirs"));
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let settings = [
        "listen_addresses=127.0.0.1",
        "ssl=on",
        "ssl_cert_file=server.pem",
        "ssl_key_file=server.key",
    ];
    let mut settings: Vec<String> = settings.map(str::to_owned).into();
    settings.push(format!("port={port}"));
    let rules = b"hostssl all all 127.0.0.1/32 trust\n";
    cluster.configure(
        &settings,
        &[
            ("server.pem", &own.read("server.pem")),
            ("server.key", &own.read("server.key")),
            ("pg_hba.conf", rules),
        ],
    );
    let folder = tempfile::tempdir().unwrap();
    let at = |host: &str, certificates: &Certificates| {
        let roots = certificates.path("ca.pem").to_str().unwrap().replace('/', "%2F");
        format!("postgres://postgres@{host}:{port}/postgres?sslrootcert={roots}")
    };
    let server = Server::over(&at("localhost", &own), folder.path());
    let client = http();
    sign_up(&client, &server, "ada").await;
    let ready = client.get(format!("{}/readyz", server.url)).send().await.unwrap();
    assert_eq!(ready.status(), 200);
    assert!(server.terminate());
    for (database, why) in [
        (at("localhost", &foreign), "invalid peer certificate: UnknownIssuer"),
        (at("127.0.0.1", &own), "not valid for name"),
        // Nobody vouches for it on this machine.
        (
            format!("postgres://postgres@localhost:{port}/postgres?sslmode=verify-full"),
            "certificate",
        ),
        // The server does not take what is not encrypted.
        (
            format!("postgres://postgres@localhost:{port}/postgres?sslmode=disable"),
            "pg_hba.conf",
        ),
    ] {
        let told = refusal(&database, folder.path());
        assert!(told.contains(why), "{database}: {told}");
    }
}
