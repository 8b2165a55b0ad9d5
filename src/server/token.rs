//! Session tokens: `bt1_<user id>_<32 random bytes>`. The server keeps only their SHA-256.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use uuid::Uuid;

const PREFIX: &str = "bt1_";
const SECRET_BYTES: usize = 32;

/// What a token says: whose it is, and the hash under which its session is kept.
#[derive(Clone, PartialEq, Eq)]
pub struct Token {
    /// Whose.
    pub user: Uuid,
    /// SHA-256 of the secret part.
    pub hash: [u8; 32],
}

impl Token {
    /// A new token for `user`: the text for the client, and what is kept of it.
    #[must_use]
    pub fn issue(user: Uuid) -> (String, Self) {
        let secret: [u8; SECRET_BYTES] = rand::random();
        let text = format!("{PREFIX}{}_{}", user.simple(), URL_SAFE_NO_PAD.encode(secret));
        let token = Self {
            user,
            hash: Sha256::digest(secret).into(),
        };
        (text, token)
    }

    /// Reads a token; `None` when it cannot be one of ours.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (user, secret) = text.strip_prefix(PREFIX)?.split_once('_')?;
        if user.len() != 32 {
            return None;
        }
        let secret: [u8; SECRET_BYTES] = URL_SAFE_NO_PAD.decode(secret).ok()?.try_into().ok()?;
        Some(Self {
            user: Uuid::try_parse(user).ok()?,
            hash: Sha256::digest(secret).into(),
        })
    }

    /// Whether `stored` is this token's hash, in a time that does not depend on the bytes.
    #[must_use]
    pub fn matches(&self, stored: &[u8]) -> bool {
        self.hash.as_slice().ct_eq(stored).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_leads_back_to_its_user_and_hash() {
        let user = Uuid::new_v4();
        let (text, issued) = Token::issue(user);
        let read = Token::parse(&text).unwrap();
        assert!(read == issued && read.matches(&issued.hash) && read.user == user);
        assert!(!read.matches(&[0; 32]) && !read.matches(&[]));
    }

    #[test]
    fn what_is_no_token_is_refused() {
        let (text, issued) = Token::issue(Uuid::new_v4());
        for bad in [
            "",
            "bt1_",
            "bt1__",
            &text[..text.len() - 1],
            &text.replace("bt1", "bt2"),
            &format!("{text}A"),
        ] {
            assert!(Token::parse(bad).is_none(), "{bad}");
        }
        let (other, _) = Token::issue(issued.user);
        assert!(Token::parse(&other).unwrap() != issued);
    }
}
