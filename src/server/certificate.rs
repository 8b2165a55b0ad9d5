//! A certificate that a server signs for itself, for those who compare its fingerprint.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use rcgen::{CertificateParams, DnType, ExtendedKeyUsagePurpose, KeyPair, KeyUsagePurpose, date_time_ymd};
use thiserror::Error;

use super::serve::TlsFiles;
use crate::domain::Fingerprint;

/// How long it holds, in years: it is renewed when its key may be known, not by the calendar.
const YEARS: i32 = 10;

/// Why there is no new certificate.
#[derive(Debug, Error)]
pub enum CertificateError {
    /// A name or address that no certificate can have.
    #[error("\"{0}\" is no host name and no address. Write names such as budget.example.org or 192.0.2.7.")]
    Name(String),
    /// A file is there already.
    #[error("{} is there already. Move it away first, or choose another folder with --folder.", .0.display())]
    Exists(PathBuf),
    /// The system refused.
    #[error("{} cannot be written: {reason}. Check that you may write there.", path.display())]
    Unwritable {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        reason: String,
    },
    /// The key or the signature could not be made.
    #[error("The certificate cannot be made: {0}.")]
    Failed(String),
}

/// Makes a key (0600) and a certificate for it that names `hosts`, in files that are not there yet.
///
/// # Errors
/// [`CertificateError`]; then neither file was made.
pub fn make(hosts: &[String], files: &TlsFiles) -> Result<Fingerprint, CertificateError> {
    let failed = |error: rcgen::Error| CertificateError::Failed(error.to_string());
    let key = KeyPair::generate().map_err(failed)?;
    let certificate = params(hosts)?.self_signed(&key).map_err(failed)?;
    create(&files.key, 0o600, &key.serialize_pem())?;
    if let Err(error) = create(&files.certificate, 0o644, &certificate.pem()) {
        // A key without its certificate is of no use, and would be in the way the next time.
        let _ = fs::remove_file(&files.key);
        return Err(error);
    }
    Ok(Fingerprint::of(certificate.der()))
}

fn params(hosts: &[String]) -> Result<CertificateParams, CertificateError> {
    for host in hosts {
        if !is_host(host) {
            return Err(CertificateError::Name(host.clone()));
        }
    }
    let mut params = CertificateParams::new(hosts).map_err(|error| CertificateError::Failed(error.to_string()))?;
    let name = hosts.first().map_or("budget-tracker", String::as_str);
    params.distinguished_name.push(DnType::CommonName, name);
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    let today = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date();
    // The day before: the clocks of clients are not all right. No 29 February, which most years do not have.
    let first = today.yesterday().unwrap_or(today);
    let (month, day) = (first.month().unsigned_abs(), first.day().unsigned_abs().min(28));
    params.not_before = date_time_ymd(first.year().into(), month, day);
    params.not_after = date_time_ymd(i32::from(first.year()) + YEARS, month, day);
    Ok(params)
}

/// Whether `host` is an address, or a name of labels with letters, digits and hyphens; `*.` may begin it.
fn is_host(host: &str) -> bool {
    if host.parse::<std::net::IpAddr>().is_ok() {
        return true;
    }
    let name = host.strip_prefix("*.").unwrap_or(host);
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    // Four numbers that are no address would only be a slip of the hand.
    let digits = name.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    name.len() <= 253 && !digits && name.split('.').all(label)
}

fn create(path: &Path, mode: u32, text: &str) -> Result<(), CertificateError> {
    let fault = |error: io::Error| match error.kind() {
        io::ErrorKind::AlreadyExists => CertificateError::Exists(path.to_owned()),
        _ => CertificateError::Unwritable {
            path: path.to_owned(),
            reason: error.to_string(),
        },
    };
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(mode)
        .open(path)
        .map_err(fault)?;
    let written = file.write_all(text.as_bytes()).and_then(|()| file.sync_all());
    written.map_err(|error| {
        let _ = fs::remove_file(path);
        fault(error)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    fn files(folder: &Path) -> TlsFiles {
        TlsFiles {
            certificate: folder.join("cert.pem"),
            key: folder.join("key.pem"),
        }
    }

    #[test]
    fn nothing_is_overwritten_and_the_key_is_private() {
        let folder = tempfile::tempdir().unwrap();
        let files = files(folder.path());
        let hosts = [
            "budget.example.org".to_owned(),
            "192.0.2.7".to_owned(),
            "::1".to_owned(),
        ];
        make(&hosts, &files).unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&files.key), 0o600);
        let key = fs::read(&files.key).unwrap();
        assert!(matches!(make(&hosts, &files), Err(CertificateError::Exists(_))));
        assert_eq!(fs::read(&files.key).unwrap(), key);
        fs::remove_file(&files.key).unwrap();
        assert!(matches!(make(&hosts, &files), Err(CertificateError::Exists(_))));
        assert!(!files.key.exists(), "a key without a certificate is left");
    }

    #[test]
    fn only_hosts_are_named() {
        for host in [
            "localhost",
            "a-b.example.org",
            "*.example.org",
            "192.0.2.7",
            "2001:db8::1",
        ] {
            assert!(is_host(host), "{host}");
        }
        let long = "a".repeat(64);
        for wrong in [
            "",
            "a b",
            "https://host",
            "host:443",
            "-a.org",
            "a..b",
            "300.1.1.1",
            "bücher.de",
            "a/b",
            &long,
        ] {
            assert!(!is_host(wrong), "{wrong}");
        }
    }
}
