//! `serve`: the server for others.

mod notify;

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use ipnet::IpNet;
use rustix::process::{Resource, Rlimit, Signal, setrlimit};
use tokio::runtime;
use tokio::signal::unix::{SignalKind, signal};

use crate::api::SignUpMode;
use crate::config::Settings;
use crate::config::server::{ServerFile, network};
use crate::server::{self, ForwardedHeader, Limits, Listening, Proxies, ServeOptions, TlsFiles};

use super::check_backend;
use super::database::DatabaseArguments;
use super::error::CliError;
use super::logging::{self, LogFormat};
use super::output;

/// Where the server listens when nobody says where.
const LISTEN: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 8080);

/// Run a server that dashboards and command lines on other computers use.
///
/// It prints its address when it is ready, and ends in order on ^C or SIGTERM. Beyond this computer it speaks TLS: with
/// --tls-cert and --tls-key, which are read anew on SIGHUP, or by a proxy in front of it.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  budget-tracker serve
  budget-tracker serve --listen 0.0.0.0:8443 --tls-cert cert.pem --tls-key key.pem
  budget-tracker serve --listen 127.0.0.1:9000 --data-dir /srv/budget --trusted-proxy 127.0.0.1
  budget-tracker serve --database postgres://budget@db.example.org/budget
  budget-tracker serve --config /etc/budget-tracker/server.toml
  budget-tracker serve --demo --classic-api

A certificate of its own: budget-tracker server-certificate --host budget.example.org")]
pub(super) struct Arguments {
    /// Address and port to listen on, 127.0.0.1:8080 when left out; port 0 takes a free one.
    #[arg(long, value_name = "ADDRESS", env = "BUDGET_TRACKER_LISTEN")]
    listen: Option<SocketAddr>,
    #[command(flatten)]
    database: DatabaseArguments,
    /// Certificate in PEM, with those between it and the root; HTTPS is spoken instead of HTTP.
    #[arg(long, value_name = "FILE", env = "BUDGET_TRACKER_TLS_CERT")]
    tls_cert: Option<PathBuf>,
    /// Its private key in PEM, which other users of this computer cannot read.
    #[arg(long, value_name = "FILE", env = "BUDGET_TRACKER_TLS_KEY")]
    tls_key: Option<PathBuf>,
    /// A proxy, by address or network, whose word counts when it says who asks; may be given several times.
    #[arg(long, value_name = "CIDR", env = "BUDGET_TRACKER_TRUSTED_PROXIES", value_delimiter = ',', value_parser = proxy)]
    trusted_proxy: Vec<IpNet>,
    /// The header in which trusted proxies say who asks: x-forwarded-for when left out, or forwarded.
    #[arg(long, value_name = "HEADER", env = "BUDGET_TRACKER_FORWARDED_HEADER")]
    forwarded_header: Option<ForwardedHeader>,
    /// Address and port where Prometheus asks for /metrics, for example 127.0.0.1:9090.
    #[arg(long, value_name = "ADDRESS", env = "BUDGET_TRACKER_METRICS")]
    metrics: Option<SocketAddr>,
    /// Add the sample user (newuser, password123) with eight months of expenses; on loopback only.
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    demo: Option<bool>,
    /// Answer the five classic calls too, whose session travels in the address.
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    classic_api: Option<bool>,
    /// Who may make an account; without it, everybody on loopback and nobody beyond. See also: invite.
    #[arg(long, value_name = "MODE", value_enum, env = "BUDGET_TRACKER_SIGNUP")]
    signup: Option<SignUps>,
    /// Ask the service that [categorize] names two questions, print answers and times, and end.
    #[arg(long, conflicts_with_all = ["demo", "classic_api"])]
    check_backend: bool,
    /// How the log on the standard error is written: text when left out.
    #[arg(long, value_enum, env = "BUDGET_TRACKER_LOG_FORMAT")]
    log_format: Option<LogFormat>,
}

/// Who may make an account.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum SignUps {
    /// Nobody.
    Closed,
    /// Whoever has a code of `budget-tracker invite`.
    Invite,
    /// Everybody who reaches the server.
    Open,
}

impl From<SignUps> for SignUpMode {
    fn from(mode: SignUps) -> Self {
        match mode {
            SignUps::Closed => Self::Closed,
            SignUps::Invite => Self::Invite,
            SignUps::Open => Self::Open,
        }
    }
}

/// `insecure_http` is the flag alone: what the configuration allows a client says nothing about a server.
pub(super) fn run(arguments: Arguments, settings: &Settings, insecure_http: bool) -> Result<(), CliError> {
    let file = arguments.database.file()?;
    if arguments.check_backend {
        let outside = file.outside.unwrap_or_else(|| settings.outside())?;
        let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
        return runtime.block_on(check_backend::run(outside));
    }
    let named = file
        .log_format
        .as_deref()
        .and_then(|word| ValueEnum::from_str(word, true).ok());
    logging::to_stderr(arguments.log_format.or(named).unwrap_or_default());
    logging::panics_by_place();
    leave_no_core_dump()?;
    let options = options(arguments, settings, file, insecure_http)?;
    let runtime = runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let stop = stop_signal()?;
        survive_file_limit()?;
        server::serve(options, stop, announce)
            .await
            .map_err(|error| CliError::failed(error, "See: budget-tracker serve --help"))
    })
}

/// Puts the command line and the environment over the file over what is usual.
fn options(
    arguments: Arguments,
    settings: &Settings,
    file: ServerFile,
    insecure_http: bool,
) -> Result<ServeOptions, CliError> {
    let database = arguments.database.resolve(settings)?;
    let tls = pair(arguments.tls_cert.or(file.tls_cert), arguments.tls_key.or(file.tls_key))?;
    let signup = file
        .signup
        .as_deref()
        .and_then(|word| SignUps::from_str(word, true).ok());
    let header = file.forwarded_header.as_deref().and_then(|word| word.parse().ok());
    let networks = if arguments.trusted_proxy.is_empty() {
        file.trusted_proxies
    } else {
        arguments.trusted_proxy
    };
    let usual = Limits::default();
    Ok(ServeOptions {
        tls,
        metrics: arguments.metrics.or(file.metrics),
        proxies: Proxies {
            networks,
            header: arguments.forwarded_header.or(header).unwrap_or_default(),
        },
        limits: Limits {
            connections: file.max_connections.unwrap_or(usual.connections),
            connections_per_address: file
                .max_connections_per_address
                .unwrap_or(usual.connections_per_address),
            requests: file.max_requests.unwrap_or(usual.requests),
            ..usual
        },
        sign_up: arguments.signup.or(signup).map(Into::into),
        demo: arguments.demo.or(file.demo).unwrap_or_default(),
        classic_api: arguments.classic_api.or(file.classic_api).unwrap_or_default(),
        insecure_http: insecure_http || file.insecure_http.unwrap_or_default(),
        outside: file.outside.unwrap_or_else(|| settings.outside())?,
        ..ServeOptions::new(arguments.listen.or(file.listen).unwrap_or(LISTEN), database)
    })
}

fn pair(certificate: Option<PathBuf>, key: Option<PathBuf>) -> Result<Option<TlsFiles>, CliError> {
    match (certificate, key) {
        (Some(certificate), Some(key)) => Ok(Some(TlsFiles { certificate, key })),
        (None, None) => Ok(None),
        (certificate, _) => {
            let (there, missing) = if certificate.is_some() {
                ("certificate", "--tls-key")
            } else {
                ("key", "--tls-cert")
            };
            Err(CliError::usage(
                format!("TLS needs a certificate and its key, and there is only a {there}."),
                format!("Add {missing} FILE. To make both: budget-tracker server-certificate --host NAME"),
            ))
        }
    }
}

fn proxy(text: &str) -> Result<IpNet, String> {
    network(text).ok_or_else(|| "write an address or a network, for example 127.0.0.1 or 10.0.0.0/8".to_owned())
}

fn announce(listening: Listening) {
    let certificate = listening.fingerprint.map(|print| format!("Certificate {print}\n"));
    let metrics = listening.metrics.map(|at| format!("Metrics on http://{at}/metrics\n"));
    let lines = format!(
        "Listening on {}\n{}{}",
        listening.url(),
        certificate.unwrap_or_default(),
        metrics.unwrap_or_default()
    );
    // Scripts read the port from the first line; a closed output must not end a server.
    let _ = output::print(&lines);
    notify::ready();
}

/// Ends on the first of SIGINT and SIGTERM. The handlers are set before the server starts.
fn stop_signal() -> Result<impl Future<Output = ()>, CliError> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
        notify::stopping();
    })
}

/// A crash must not write down the passwords and tokens that are in memory.
fn leave_no_core_dump() -> Result<(), CliError> {
    let nothing = Rlimit {
        current: Some(0),
        maximum: Some(0),
    };
    Ok(setrlimit(Resource::Core, nothing).map_err(std::io::Error::from)?)
}

/// A file that may not grow any more is an error of the write, not the end of the process.
fn survive_file_limit() -> Result<(), CliError> {
    // Once somebody listened, the signal does nothing by itself.
    let _listener = signal(SignalKind::from_raw(Signal::XFSZ.as_raw()))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::server::{FORWARDED_HEADERS, LOG_FORMATS, SIGN_UPS};
    use strum::VariantNames;

    fn words<T: ValueEnum>() -> Vec<String> {
        let values = T::value_variants().iter().filter_map(T::to_possible_value);
        values.map(|value| value.get_name().to_owned()).collect()
    }

    #[test]
    fn the_file_and_the_flags_know_the_same_words() {
        assert_eq!(ForwardedHeader::VARIANTS, FORWARDED_HEADERS);
        assert_eq!(words::<LogFormat>(), LOG_FORMATS);
        assert_eq!(words::<SignUps>(), SIGN_UPS);
    }

    #[test]
    fn a_proxy_is_an_address_or_a_network() {
        assert_eq!(proxy("127.0.0.1").unwrap().to_string(), "127.0.0.1/32");
        assert_eq!(proxy("fd00::/8").unwrap().to_string(), "fd00::/8");
        for wrong in ["", "localhost", "10.0.0.0/33", "*"] {
            assert!(proxy(wrong).is_err(), "{wrong}");
        }
    }
}
