//! Where a PostgreSQL database is, who asks for it, and how the way there is protected.

use std::fmt::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use deadpool_postgres::ClientWrapper;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use rustls_platform_verifier::BuilderVerifierExt;
use tokio_postgres::config::{Host, SslMode};
use tokio_postgres::{Client, Config, Connection, Socket};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::super::database::UnknownDatabase;
use super::super::tx::StoreError;
use super::{error, password_file};

/// How long a connection may take to be made.
const CONNECT_TIME: Duration = Duration::from_secs(5);
/// What is sent must be acknowledged in this time, or the way to the database is broken.
const SILENCE: Duration = Duration::from_secs(10);

/// What every connection asks for: no statement and no lock is waited for longer than a request is, and a server
/// that hangs does not keep the rows of its users locked. Whoever allows answers before data is on the disk is
/// overruled; stronger promises stay as they are.
const SETTINGS: &str = "SET statement_timeout = '15s'; SET lock_timeout = '5s';
    SET idle_in_transaction_session_timeout = '20s';
    SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'";

/// The protected stream to the database.
pub(super) type Stream = <MakeRustlsConnect as tokio_postgres::tls::MakeTlsConnect<Socket>>::Stream;

/// A PostgreSQL database and the way there.
#[derive(Clone)]
pub struct Address {
    config: Config,
    trust: Trust,
    tells_password: bool,
    /// Why a file of passwords was not used, and what to do.
    warning: Option<String>,
}

/// Whose certificates are believed.
#[derive(Clone)]
enum Trust {
    /// None: the way is not encrypted.
    Unencrypted,
    /// Those that this machine believes.
    Machine,
    /// Those of a file.
    File(PathBuf),
}

impl Address {
    /// Reads `postgres://USER@HOST:PORT/DATABASE?…`. A password that it does not tell is taken from `PGPASSWORD`, or
    /// from the file that `PGPASSFILE` names, `~/.pgpass` without it. `variable` reads the environment. A file that
    /// others can read is left alone, as libpq does, and [`Address::warning`] says so.
    ///
    /// The way to other machines is encrypted, and their certificates are checked, unless `sslmode=disable`.
    pub(in crate::server::store) fn parse(
        text: &str,
        variable: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Self, UnknownDatabase> {
        let (place, query) = text.split_once('?').unwrap_or((text, ""));
        let (mut mode, mut roots, mut rest) = (None, None, Vec::new());
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            match pair.split_once('=') {
                Some(("sslmode", value)) => mode = Some(value),
                Some(("sslrootcert", value)) => roots = Some(decoded(value)).filter(|value| value != "system"),
                _ => rest.push(pair),
            }
        }
        // The parser's own error may repeat a part of the text, and so of the password.
        let mut config: Config = format!("{place}?{}", rest.join("&"))
            .parse()
            .map_err(|_| unreadable())?;
        if config.get_hosts().is_empty() {
            return Err(unreadable());
        }
        let trust = match mode {
            Some("disable") => Trust::Unencrypted,
            None if roots.is_none() && config.get_hosts().iter().all(is_here) => Trust::Unencrypted,
            None | Some("require" | "verify-ca" | "verify-full") => {
                roots.map_or(Trust::Machine, |file| Trust::File(file.into()))
            }
            Some(_) => {
                return Err(UnknownDatabase(
                    "sslmode is disable or verify-full: a way that is only sometimes encrypted protects nobody."
                        .to_owned(),
                ));
            }
        };
        config.ssl_mode(match trust {
            Trust::Unencrypted => SslMode::Disable,
            _ => SslMode::Require,
        });
        let tells_password = config.get_password().is_some();
        let mut warning = None;
        if !tells_password {
            match password_file::password(&config, variable) {
                Ok(Some(password)) => _ = config.password(password),
                Ok(None) => {}
                Err(why) => warning = Some(why),
            }
        }
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(CONNECT_TIME);
        }
        config.tcp_user_timeout(SILENCE).application_name("budget-tracker");
        Ok(Self {
            config,
            trust,
            tells_password,
            warning,
        })
    }

    /// Why the file of passwords was not used, and what to do; never a part of what is in it.
    pub(in crate::server::store) fn warning(&self) -> Option<&str> {
        self.warning.as_deref()
    }

    /// Whether the text had a password in it.
    pub(in crate::server::store) fn tells_password(&self) -> bool {
        self.tells_password
    }

    /// The settings of a connection, for the pool.
    pub(super) fn config(&self) -> Config {
        self.config.clone()
    }

    /// How the way is protected.
    pub(super) fn tls(&self) -> Result<MakeRustlsConnect, StoreError> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let fault = |reason: String| StoreError::File(format!("TLS to the database cannot be set up: {reason}."));
        let builder = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|e| fault(e.to_string()))?;
        let config = match &self.trust {
            Trust::Unencrypted => builder.with_root_certificates(RootCertStore::empty()),
            Trust::Machine => builder.with_platform_verifier().map_err(|e| fault(e.to_string()))?,
            Trust::File(file) => builder.with_root_certificates(certificates(file).map_err(fault)?),
        };
        Ok(MakeRustlsConnect::new(config.with_no_client_auth()))
    }

    /// Makes a connection of the tokio runtime that this runs in.
    pub(super) async fn connect(&self) -> Result<ClientWrapper, StoreError> {
        let (client, connection) = self.dial().await?;
        let carrier = tokio::spawn(async move {
            // Whoever waits for an answer learns of a broken connection by himself.
            let _ = connection.await;
        });
        Ok(ClientWrapper::new(client, carrier))
    }

    /// Makes a connection whose messages the caller looks after, without the usual settings.
    pub(super) async fn dial(&self) -> Result<(Client, Connection<Socket, Stream>), StoreError> {
        let dialled = self.config.connect(self.tls()?).await;
        dialled.map_err(|e| match error(&e) {
            StoreError::Sql(reason) => StoreError::Unavailable(reason),
            other => other,
        })
    }
}

/// Sets what every connection asks for.
pub(super) async fn set_up(client: &Client) -> Result<(), tokio_postgres::Error> {
    client.batch_execute(SETTINGS).await
}

/// Without the password.
impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("postgres://")?;
        if let Some(user) = self.config.get_user() {
            write!(f, "{user}@")?;
        }
        for (at, host) in self.config.get_hosts().iter().enumerate() {
            if at > 0 {
                f.write_char(',')?;
            }
            match host {
                Host::Tcp(name) => f.write_str(name)?,
                Host::Unix(folder) => folder.display().fmt(f)?,
            }
            let ports = self.config.get_ports();
            let port = ports.get(at).or(ports.last()).copied().unwrap_or(5432);
            write!(f, ":{port}")?;
        }
        write!(f, "/{}", self.config.get_dbname().unwrap_or_default())
    }
}

fn unreadable() -> UnknownDatabase {
    UnknownDatabase(
        "This address of a PostgreSQL database cannot be read. Write postgres://USER@HOST:5432/DATABASE, and special \
         characters as %XX."
            .to_owned(),
    )
}

/// Whether what is sent to `host` never leaves this machine.
fn is_here(host: &Host) -> bool {
    match host {
        Host::Unix(_) => true,
        Host::Tcp(name) => name == "localhost" || name.parse().is_ok_and(|ip: std::net::IpAddr| ip.is_loopback()),
    }
}

fn decoded(text: &str) -> String {
    let pair = format!("x={}", text.replace('+', "%2B"));
    let first = url::form_urlencoded::parse(pair.as_bytes()).next();
    first.map(|(_, value)| value.into_owned()).unwrap_or_default()
}

fn certificates(file: &Path) -> Result<RootCertStore, String> {
    let fault = |reason: &dyn fmt::Display| format!("the certificates {} cannot be read: {reason}", file.display());
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_file_iter(file).map_err(|e| fault(&e))? {
        roots.add(certificate.map_err(|e| fault(&e))?).map_err(|e| fault(&e))?;
    }
    if roots.is_empty() {
        return Err(fault(&"there is none in it"));
    }
    Ok(roots)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str, variables: &[(&str, &str)]) -> Result<Address, UnknownDatabase> {
        let variables: Vec<(String, String)> = variables.iter().map(|(n, v)| ((*n).into(), (*v).into())).collect();
        Address::parse(text, &move |name| {
            let found = variables.iter().find(|(known, _)| known == name);
            found.map(|(_, value)| value.clone())
        })
    }

    fn is_encrypted(text: &str) -> bool {
        !matches!(parse(text, &[]).unwrap().trust, Trust::Unencrypted)
    }

    #[test]
    fn the_way_to_other_machines_is_encrypted() {
        assert!(is_encrypted("postgres://a@db.example.org/a"));
        assert!(is_encrypted("postgres://a@db.example.org,localhost/a"));
        assert!(is_encrypted("postgres://a@localhost/a?sslmode=verify-full"));
        assert!(is_encrypted("postgres://a@localhost/a?sslrootcert=%2Fetc%2Fca.pem"));
        assert!(!is_encrypted("postgres://a@localhost/a"));
        assert!(!is_encrypted("postgres://a@127.0.0.1:5433/a?sslmode=disable"));
        assert!(!is_encrypted("postgres://a@%2Frun%2Fpostgresql/a"));
        assert!(!is_encrypted("postgres://a@db.example.org/a?sslmode=disable"));
        for half in ["prefer", "allow", "maybe"] {
            let error = parse(&format!("postgres://a@h/a?sslmode={half}"), &[]).err().unwrap();
            assert!(error.to_string().contains("verify-full"), "{error}");
        }
    }

    #[test]
    fn certificates_that_cannot_be_read_are_told() {
        let address = parse("postgres://a@h/a?sslrootcert=/no/where.pem", &[]).unwrap();
        let Err(error) = address.tls() else {
            panic!("certificates out of nothing")
        };
        assert!(error.to_string().contains("/no/where.pem"), "{error}");
    }
}
