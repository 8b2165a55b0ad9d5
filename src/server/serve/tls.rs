//! TLS: certificate and key from two files, read anew on request without a connection noticing.

use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use thiserror::Error;
use tokio_rustls::TlsAcceptor;

use crate::domain::Fingerprint;

/// The permission bits of others: the group may be one that is made for keys.
const OTHERS: u32 = 0o007;

/// Where certificate and key are, in PEM.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlsFiles {
    /// The certificate, and those between it and the root.
    pub certificate: PathBuf,
    /// Its private key, which nobody else can read.
    pub key: PathBuf,
}

/// Why certificate and key cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum TlsError {
    /// The system refused.
    #[error("{} cannot be read: {reason}. Check the path and its permissions.", path.display())]
    Unreadable {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        reason: String,
    },
    /// No certificate in the file.
    #[error("{} holds no certificate in PEM. It must have a line -----BEGIN CERTIFICATE-----.", .0.display())]
    NoCertificate(PathBuf),
    /// No key in the file.
    #[error("{} holds no private key in PEM. It must have a line -----BEGIN PRIVATE KEY-----.", .0.display())]
    NoKey(PathBuf),
    /// Others can read the key.
    #[error("{} can be used by every user of this computer (mode {mode:03o}). Run: chmod 600 {}", path.display(), path.display())]
    Exposed {
        /// Which file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// They do not fit each other, or nobody could use them.
    #[error("{} and {} cannot be used together: {reason}. Name a certificate and the key that it was made for.",
        files.certificate.display(), files.key.display())]
    Unfit {
        /// Which files.
        files: Box<TlsFiles>,
        /// What is wrong.
        reason: String,
    },
}

/// What the listener shows to whoever connects.
pub(super) struct Tls {
    files: TlsFiles,
    current: RwLock<Shown>,
}

#[derive(Clone)]
struct Shown {
    config: Arc<ServerConfig>,
    fingerprint: Fingerprint,
}

impl Tls {
    /// Reads the files.
    pub(super) fn load(files: TlsFiles) -> Result<Self, TlsError> {
        let current = RwLock::new(read(&files)?);
        Ok(Self { files, current })
    }

    /// For one connection.
    pub(super) fn acceptor(&self) -> TlsAcceptor {
        TlsAcceptor::from(self.shown().config)
    }

    /// By which clients may know the certificate.
    pub(super) fn fingerprint(&self) -> Fingerprint {
        self.shown().fingerprint
    }

    /// Reads the files anew for the connections to come. What cannot be used changes nothing.
    pub(super) fn reload(&self) -> Result<(), TlsError> {
        let shown = read(&self.files)?;
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = shown;
        Ok(())
    }

    fn shown(&self) -> Shown {
        self.current.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

fn read(files: &TlsFiles) -> Result<Shown, TlsError> {
    let chain = certificates(&files.certificate)?;
    let key = key(&files.key)?;
    let Some(first) = chain.first() else {
        return Err(TlsError::NoCertificate(files.certificate.clone()));
    };
    let fingerprint = Fingerprint::of(first);
    let unfit = |error: rustls::Error| TlsError::Unfit {
        files: files.clone().into(),
        reason: match error {
            rustls::Error::InconsistentKeys(_) => "the key belongs to another certificate".to_owned(),
            other => other.to_string(),
        },
    };
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(unfit)?
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .map_err(unfit)?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Shown {
        config: Arc::new(config),
        fingerprint,
    })
}

fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    let pem = fs::read(path).map_err(|error| unreadable(path, &error))?;
    let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&pem).collect();
    match chain {
        Ok(chain) if !chain.is_empty() => Ok(chain),
        _ => Err(TlsError::NoCertificate(path.to_owned())),
    }
}

fn key(path: &Path) -> Result<PrivateKeyDer<'static>, TlsError> {
    let mode = fs::metadata(path)
        .map_err(|error| unreadable(path, &error))?
        .permissions()
        .mode()
        & 0o777;
    if mode & OTHERS != 0 {
        return Err(TlsError::Exposed {
            path: path.to_owned(),
            mode,
        });
    }
    let pem = fs::read(path).map_err(|error| unreadable(path, &error))?;
    // What the parser says could repeat a part of the key.
    PrivateKeyDer::from_pem_slice(&pem).map_err(|_| TlsError::NoKey(path.to_owned()))
}

fn unreadable(path: &Path, error: &io::Error) -> TlsError {
    TlsError::Unreadable {
        path: path.to_owned(),
        reason: error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::certificate;
    use std::fs::Permissions;

    struct Pair {
        folder: tempfile::TempDir,
    }

    impl Pair {
        fn new() -> Self {
            let folder = tempfile::tempdir().unwrap();
            let pair = Self { folder };
            pair.renew();
            pair
        }

        fn files(&self) -> TlsFiles {
            TlsFiles {
                certificate: self.folder.path().join("cert.pem"),
                key: self.folder.path().join("key.pem"),
            }
        }

        fn renew(&self) {
            let files = self.files();
            let _ = fs::remove_file(&files.certificate);
            let _ = fs::remove_file(&files.key);
            certificate::make(&["localhost".to_owned()], &files).unwrap();
        }
    }

    fn refused(files: TlsFiles) -> TlsError {
        Tls::load(files).err().unwrap()
    }

    #[test]
    fn a_key_that_everybody_can_read_is_refused() {
        let pair = Pair::new();
        let files = pair.files();
        assert!(Tls::load(files.clone()).is_ok());
        for (mode, fine) in [
            (0o640, true),
            (0o604, false),
            (0o602, false),
            (0o644, false),
            (0o400, true),
        ] {
            fs::set_permissions(&files.key, Permissions::from_mode(mode)).unwrap();
            assert_eq!(Tls::load(files.clone()).is_ok(), fine, "{mode:o}");
        }
        fs::set_permissions(&files.key, Permissions::from_mode(0o644)).unwrap();
        let said = refused(files.clone()).to_string();
        assert!(
            said.ends_with(&format!("Run: chmod 600 {}", files.key.display())),
            "{said}"
        );
    }

    #[test]
    fn what_is_wrong_with_the_files_is_told_and_no_key_is() {
        let (pair, other) = (Pair::new(), Pair::new());
        let files = pair.files();
        let swapped = TlsFiles {
            key: other.files().key,
            ..files.clone()
        };
        let said = refused(swapped).to_string();
        assert!(said.contains("belongs to another certificate"), "{said}");
        let turned = TlsFiles {
            certificate: files.key.clone(),
            key: files.key.clone(),
        };
        assert_eq!(refused(turned), TlsError::NoCertificate(files.key.clone()));
        let missing = TlsFiles {
            key: pair.folder.path().join("none.pem"),
            ..files.clone()
        };
        assert!(matches!(refused(missing), TlsError::Unreadable { .. }));
        fs::write(&files.key, "-----BEGIN PRIVATE KEY-----\ns3cr3t\n").unwrap();
        let said = refused(files.clone());
        assert_eq!(said, TlsError::NoKey(files.key));
        assert!(!format!("{said} {said:?}").contains("s3cr3t"));
    }

    #[test]
    fn a_new_pair_is_taken_and_a_bad_one_changes_nothing() {
        let pair = Pair::new();
        let tls = Tls::load(pair.files()).unwrap();
        let first = tls.fingerprint();
        pair.renew();
        assert_eq!(tls.fingerprint(), first);
        tls.reload().unwrap();
        let second = tls.fingerprint();
        assert_ne!(second, first);
        fs::write(pair.files().certificate, "half a certif").unwrap();
        assert!(tls.reload().is_err());
        assert_eq!(tls.fingerprint(), second);
    }
}
