//! Codes that people copy from one place to another: invitations, recovery codes, passwords of the administrator.

use sha2::{Digest, Sha256};

/// Crockford's base 32: nothing in it looks like something else.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// A random code of so many groups of four characters, twenty bits each.
#[must_use]
pub fn fresh(groups: usize) -> String {
    let group = || -> String {
        let random: [u8; 4] = rand::random();
        // 256 is a multiple of 32: every character is as likely.
        random
            .iter()
            .map(|byte| char::from(ALPHABET[usize::from(byte % 32)]))
            .collect()
    };
    (0..groups).map(|_| group()).collect::<Vec<_>>().join("-")
}

/// What is kept of a code: the same for every way of writing it. A code has enough bits that its hash needs no salt.
#[must_use]
pub fn hash(code: &str) -> [u8; 32] {
    let plain: String = code
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '-')
        .map(|c| match c.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        })
        .collect();
    Sha256::digest(plain.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_known_however_it_is_written() {
        let code = fresh(5);
        assert_eq!(code.len(), 24);
        assert_ne!(code, fresh(5));
        let other = code
            .to_lowercase()
            .replace('-', " ")
            .replace('0', "o")
            .replace('1', "l");
        assert_eq!(hash(&code), hash(&other));
        assert_ne!(hash(&code), hash(&code[1..]));
    }
}
