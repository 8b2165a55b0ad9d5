//! By what a server's certificate is known to somebody who compares it by eye.

use std::fmt::{self, Write};
use std::str::FromStr;

use sha2::{Digest, Sha256};
use thiserror::Error;

const BYTES: usize = 32;
const NAME: &str = "sha256:";

/// SHA-256 of a certificate in DER, as `openssl x509 -fingerprint -sha256` prints it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Fingerprint([u8; BYTES]);

/// A text that is no fingerprint.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Error)]
#[error("A fingerprint is sha256: and 64 digits from 0 to 9 and a to f, as the server printed it.")]
pub struct NoFingerprint;

impl Fingerprint {
    /// The fingerprint of a certificate in DER.
    #[must_use]
    pub fn of(certificate: &[u8]) -> Self {
        Self(Sha256::digest(certificate).into())
    }
}

impl fmt::Display for Fingerprint {
    /// `sha256:` and 64 digits.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(NAME)?;
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl FromStr for Fingerprint {
    type Err = NoFingerprint;

    /// Reads 64 hexadecimal digits, in either case, with or without colons between them and `sha256:` or
    /// `sha256 Fingerprint=` before them.
    fn from_str(text: &str) -> Result<Self, NoFingerprint> {
        let text = text.trim().to_ascii_lowercase();
        let begins = [NAME, "sha256 fingerprint="];
        let digits = begins.iter().find_map(|name| text.strip_prefix(name)).unwrap_or(&text);
        let mut plain = String::new();
        for (at, byte) in digits.split(':').enumerate() {
            // Colons stand between bytes, or nowhere.
            if at > 0 && byte.len() != 2 {
                return Err(NoFingerprint);
            }
            plain.write_str(byte).map_err(|_| NoFingerprint)?;
        }
        if plain.len() != 2 * BYTES || !plain.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return Err(NoFingerprint);
        }
        let mut bytes = [0; BYTES];
        for (at, byte) in bytes.iter_mut().enumerate() {
            *byte = u8::from_str_radix(&plain[2 * at..2 * at + 2], 16).map_err(|_| NoFingerprint)?;
        }
        Ok(Self(bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_usual_way_to_write_it_is_read() {
        let known = Fingerprint::of(b"a certificate");
        let text = known.to_string();
        assert!(text.starts_with("sha256:") && text.len() == 7 + 64, "{text}");
        let digits = &text[7..];
        let pairs: Vec<&str> = (0..32).map(|at| &digits[2 * at..2 * at + 2]).collect();
        let colons = pairs.join(":");
        for written in [
            text.clone(),
            format!("  {digits}\n"),
            digits.to_uppercase(),
            format!("SHA256:{}", colons.to_uppercase()),
            format!("sha256 Fingerprint={colons}"),
        ] {
            assert_eq!(written.parse(), Ok(known), "{written}");
        }
        for wrong in [
            "",
            "sha256:",
            &digits[1..],
            &format!("{digits}0"),
            &colons[1..],
            "sha1:00",
        ] {
            assert_eq!(wrong.parse::<Fingerprint>(), Err(NoFingerprint), "{wrong}");
        }
        assert_ne!(Fingerprint::of(b"another"), known);
    }

    proptest! {
        #[test]
        fn any_text_is_safe(text in "\\PC{0,80}|([0-9a-f]{2}:?){31,33}") {
            if let Ok(read) = text.parse::<Fingerprint>() {
                prop_assert_eq!(read.to_string().parse(), Ok(read));
            }
        }
    }
}
