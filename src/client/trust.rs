//! Whose certificates are believed: those that this machine believes, or one that is known by its fingerprint.

use std::fmt;
use std::io;
use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{
    AlertDescription, CertificateError, ClientConfig, DigitallySignedStruct, Error, OtherError, SignatureScheme,
};
use rustls_platform_verifier::Verifier;

use crate::domain::Fingerprint;
use crate::domain::text::printable;

/// TLS for a client that knows its server by `fingerprint`, or believes those that this machine believes.
pub(super) fn config(fingerprint: Option<Fingerprint>) -> Result<ClientConfig, Error> {
    let provider = Arc::new(ring::default_provider());
    let trust = match fingerprint {
        Some(fingerprint) => Trust::One(fingerprint),
        None => Trust::Machine(Verifier::new(Arc::clone(&provider))?),
    };
    let judge = Arc::new(Judge {
        trust,
        provider: Arc::clone(&provider),
    });
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .dangerous()
        .with_custom_certificate_verifier(judge)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
}

#[derive(Debug)]
enum Trust {
    Machine(Verifier),
    One(Fingerprint),
}

/// Judges a server's certificate.
#[derive(Debug)]
struct Judge {
    trust: Trust,
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for Judge {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        between: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let shown = Fingerprint::of(certificate);
        match &self.trust {
            // It says more than a name or a date could: whoever shows it and signs with its key is the server.
            Trust::One(known) if *known == shown => Ok(ServerCertVerified::assertion()),
            Trust::One(known) => Err(Doubt::Changed { known: *known, shown }.into()),
            Trust::Machine(verifier) => verifier
                .verify_server_cert(certificate, between, name, ocsp, now)
                .map_err(|error| Doubt::of(error, shown)),
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(
            message,
            certificate,
            signed,
            &self.provider.signature_verification_algorithms,
        )
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(
            message,
            certificate,
            signed,
            &self.provider.signature_verification_algorithms,
        )
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

/// Why a certificate is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Doubt {
    /// Nobody vouches for it whom this machine believes.
    Unknown(Fingerprint),
    /// Its time is over.
    Expired,
    /// Its time has not come.
    NotYet,
    /// It is for other hosts.
    OtherHost,
    /// It was taken back by whoever made it.
    Revoked,
    /// It is not the one that is known.
    Changed {
        /// The one that is known.
        known: Fingerprint,
        /// The one that was shown.
        shown: Fingerprint,
    },
    /// It is no certificate, or one that is not understood.
    Broken,
}

impl Doubt {
    fn of(error: Error, shown: Fingerprint) -> Error {
        use CertificateError as E;
        let Error::InvalidCertificate(why) = error else {
            return error;
        };
        match why {
            E::Expired | E::ExpiredContext { .. } => Self::Expired,
            E::NotValidYet | E::NotValidYetContext { .. } => Self::NotYet,
            E::NotValidForName | E::NotValidForNameContext { .. } => Self::OtherHost,
            E::Revoked => Self::Revoked,
            E::BadEncoding => Self::Broken,
            _ => Self::Unknown(shown),
        }
        .into()
    }
}

impl From<Doubt> for Error {
    fn from(doubt: Doubt) -> Self {
        Self::InvalidCertificate(CertificateError::Other(OtherError(Arc::new(doubt))))
    }
}

impl std::error::Error for Doubt {}

impl fmt::Display for Doubt {
    /// What is wrong, and what to do: whole sentences behind the server's name.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown(shown) => write!(
                f,
                "shows a certificate that nobody vouches for. Its fingerprint is {shown}. If the server printed the \
                 same, set server_fingerprint to it (--server-fingerprint, or in config.toml); otherwise somebody else \
                 answers, so do not log in."
            ),
            Self::Expired => f.write_str(
                "shows a certificate that has expired. Check the date of this computer, or ask whoever runs the server \
                 to renew it.",
            ),
            Self::NotYet => f.write_str(
                "shows a certificate that does not hold yet. Check the date of this computer, or ask whoever runs the \
                 server.",
            ),
            Self::OtherHost => f.write_str(
                "shows a certificate for another host. Write the name that the certificate has, or ask whoever runs the \
                 server.",
            ),
            Self::Revoked => f.write_str(
                "shows a certificate that was revoked. Do not log in, and ask whoever runs the server.",
            ),
            Self::Changed { known, shown } => write!(
                f,
                "shows another certificate than the one that you trust. Somebody else may answer in its place: you trust \
                 {known}, and it showed {shown}. If the server has a new one, compare what it printed and change \
                 server_fingerprint; otherwise do not log in."
            ),
            Self::Broken => f.write_str(
                "shows a certificate that cannot be read. Ask whoever runs the server to replace it.",
            ),
        }
    }
}

/// What TLS said, in an error of a connection.
pub(super) fn tls_error<'a>(error: &'a (dyn std::error::Error + 'static)) -> Option<&'a Error> {
    let mut cause = Some(error);
    while let Some(next) = cause {
        if let Some(found) = next.downcast_ref() {
            return Some(found);
        }
        // What an I/O error wraps is not among its sources.
        let wrapped = next.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        cause = wrapped
            .map(|inner| inner as &(dyn std::error::Error + 'static))
            .or_else(|| next.source());
    }
    None
}

/// The fingerprint of a certificate for which nobody vouches, if that is what went wrong.
pub(super) fn unknown(error: &Error) -> Option<Fingerprint> {
    match doubt(error) {
        Some(Doubt::Unknown(shown)) => Some(shown),
        _ => None,
    }
}

/// Why a certificate was not believed, if that is what went wrong.
fn doubt(error: &Error) -> Option<Doubt> {
    match error {
        Error::InvalidCertificate(CertificateError::Other(OtherError(inner))) => inner.downcast_ref().copied(),
        _ => None,
    }
}

/// What TLS said, as whole sentences behind the server's name.
pub(super) fn words(error: &Error) -> String {
    if let Some(doubt) = doubt(error) {
        return doubt.to_string();
    }
    match error {
        Error::InvalidMessage(_) => {
            "does not speak TLS. Check its address: it may want http:// or another port.".to_owned()
        }
        Error::PeerIncompatible(_)
        | Error::AlertReceived(
            AlertDescription::ProtocolVersion
            | AlertDescription::HandshakeFailure
            | AlertDescription::InsufficientSecurity,
        ) => "only speaks an encryption that is too old. It must offer TLS 1.2 or 1.3; ask whoever runs it.".to_owned(),
        Error::AlertReceived(alert) => format!(
            "ended the encrypted connection ({alert:?}). Check its address, and ask whoever runs it if that goes on."
        ),
        other => format!(
            "could not agree on encryption ({}). Check its address, and ask whoever runs it if that goes on.",
            printable(&other.to_string())
        ),
    }
}
