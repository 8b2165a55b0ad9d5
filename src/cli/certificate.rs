//! `server-certificate`: a certificate for a server that nobody else vouches for.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use crate::server::TlsFiles;
use crate::server::certificate;

use super::error::CliError;
use super::output::{self, Field, Format};

/// Make a certificate for a server of your own, signed by itself, and print its fingerprint.
///
/// Clients that know the fingerprint accept this certificate and no other. The key is written for your eyes only;
/// nothing is overwritten.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  budget-tracker server-certificate --host budget.example.org
  budget-tracker server-certificate --host budget.lan --host 192.168.1.20 --folder /etc/budget-tracker")]
pub(super) struct Arguments {
    /// A name or an address of the server; may be given several times.
    #[arg(long, value_name = "NAME", required = true)]
    host: Vec<String>,
    /// Where cert.pem and key.pem are written.
    #[arg(long, value_name = "DIR", default_value = ".")]
    folder: PathBuf,
}

pub(super) fn run(arguments: &Arguments, format: Format) -> Result<(), CliError> {
    let files = TlsFiles {
        certificate: arguments.folder.join("cert.pem"),
        key: arguments.folder.join("key.pem"),
    };
    let fingerprint = certificate::make(&arguments.host, &files)
        .map_err(|error| CliError::failed(error, "See: budget-tracker server-certificate --help"))?
        .to_string();
    let (cert, key) = (files.certificate.display().to_string(), files.key.display().to_string());
    output::print(&match format {
        Format::Table => {
            let host = arguments.host.first().map_or("HOST", String::as_str);
            let host = if host.contains(':') {
                format!("[{host}]")
            } else {
                host.to_owned()
            };
            format!(
                "Wrote {cert} and {key}.\n\
                 Fingerprint: {fingerprint}\n\n\
                 Start the server, and invite somebody from another terminal:\n  \
                 budget-tracker serve --listen 0.0.0.0:8443 --tls-cert {cert} --tls-key {key} --signup invite\n  \
                 budget-tracker invite --label NAME\n\
                 On each computer that uses it, where the fingerprint is asked about once:\n  \
                 budget-tracker signup NAME --email EMAIL --invite CODE --server https://{host}:8443\n"
            )
        }
        Format::Json => output::json(&json!({"certificate": cert, "key": key, "fingerprint": fingerprint}))?,
        Format::Csv => output::csv(
            &["certificate", "key", "fingerprint"],
            &[vec![Field::text(cert), Field::text(key), Field::text(fingerprint)]],
        )?,
    })
}
