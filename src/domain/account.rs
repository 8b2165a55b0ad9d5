//! What a user name, an email address and a password may be. Shared by the forms and the server.

use thiserror::Error;

use super::text::{self, MAX_NAME, TextError};

/// Shortest and longest password, in characters (OWASP ASVS 5.0, 6.2.1 and 6.2.9).
pub const PASSWORD_LENGTH: std::ops::RangeInclusive<usize> = 8..=128;

/// The sample user of the embedded server and of `serve --demo`.
pub const DEMO_NAME: &str = "newuser";
/// The sample user's password; refused for everybody else because it is a common one.
pub const DEMO_PASSWORD: &str = "password123";

/// What somebody is told where nobody signs up.
pub const SIGN_UP_CLOSED: &str = "Sign-up is closed on this server. Ask whoever runs it for an account.";

/// What somebody is told who came in with a password that the administrator has made.
pub const TEMPORARY_PASSWORD: &str = "Temporary password. Choose your own: budget-tracker account password";

/// Why a sign-up field is not accepted; the text stands under that field.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum AccountError {
    /// The name is empty, too long or holds a hidden character.
    #[error("{0}")]
    Name(#[from] TextError),
    /// A name with spaces inside.
    #[error("A user name has no spaces. Try joining the words with a dot or a hyphen.")]
    NameSpaces,
    /// Not of the form name@host.
    #[error("Write an email address such as ada@example.org.")]
    Email,
    /// Outside [`PASSWORD_LENGTH`].
    #[error("Use 8 to 128 characters; several words make a good password.")]
    PasswordLength,
    /// A password that many people use.
    #[error("This password is among the most common ones. Choose another.")]
    PasswordCommon,
    /// The user's own name, or this program's.
    #[error("A password that is a name is guessed first. Choose another.")]
    PasswordName,
}

/// Checks a user name and returns it as it is stored.
///
/// # Errors
/// [`AccountError::Name`] or [`AccountError::NameSpaces`].
pub fn check_name(name: &str) -> Result<String, AccountError> {
    let name = text::clean(name, MAX_NAME)?;
    if name.chars().any(char::is_whitespace) {
        return Err(AccountError::NameSpaces);
    }
    Ok(name)
}

/// What two spellings of one user name have in common: the key that is unique.
#[must_use]
pub fn name_key(name: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    name.trim().nfkc().collect::<String>().to_lowercase()
}

/// Checks an email address loosely: one `@` with text round it and no spaces.
///
/// # Errors
/// [`AccountError::Email`].
pub fn check_email(email: &str) -> Result<String, AccountError> {
    let email = text::clean(email, 254).map_err(|_| AccountError::Email)?;
    let (local, host) = email.rsplit_once('@').ok_or(AccountError::Email)?;
    let odd = |c: char| c.is_whitespace() || matches!(c, '<' | '>' | ',' | ';' | '"' | '@');
    if local.is_empty() || host.is_empty() || email.chars().filter(|&c| c != '@').any(odd) || local.contains('@') {
        return Err(AccountError::Email);
    }
    Ok(email)
}

/// Checks a new password's length and that it is not a common one. Nothing is trimmed or cut.
///
/// # Errors
/// [`AccountError::PasswordLength`] or [`AccountError::PasswordCommon`].
pub fn check_password(password: &str) -> Result<(), AccountError> {
    if !PASSWORD_LENGTH.contains(&password.chars().count()) {
        return Err(AccountError::PasswordLength);
    }
    if is_common(password) {
        return Err(AccountError::PasswordCommon);
    }
    Ok(())
}

/// Checks a new password of the user with this name: besides [`check_password`], it is not the name.
///
/// # Errors
/// As [`check_password`], and [`AccountError::PasswordName`].
pub fn check_own_password(password: &str, name: &str) -> Result<(), AccountError> {
    check_password(password)?;
    let plain = |text: &str| -> String { name_key(text).chars().filter(|c| c.is_alphanumeric()).collect() };
    let password = plain(password);
    if password == plain(name) || password == "budgettracker" {
        return Err(AccountError::PasswordName);
    }
    Ok(())
}

fn is_common(password: &str) -> bool {
    const COMMON: &str = include_str!("../../assets/common_passwords.txt");
    let lower = password.to_lowercase();
    let mut chars = lower.chars();
    let first = chars.next();
    chars.all(|c| Some(c) == first) || COMMON.lines().any(|line| line == lower)
}

/// How good a password is, 0 (refused) to 4 (excellent): length first, variety second.
#[must_use]
pub fn password_strength(password: &str) -> u8 {
    if check_password(password).is_err() {
        return 0;
    }
    let variety = [
        char::is_lowercase as fn(char) -> bool,
        char::is_uppercase,
        |c| c.is_ascii_digit(),
        |c| !c.is_alphanumeric(),
    ]
    .iter()
    .filter(|kind| password.chars().any(kind))
    .count();
    match (password.chars().count(), variety) {
        (20.., _) | (14.., 3..) => 4,
        (14.., _) | (11.., 3..) => 3,
        (10.., 2..) => 2,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_keep_their_spelling_and_share_a_key() {
        assert_eq!(check_name(" Ada ").unwrap(), "Ada");
        assert_eq!(name_key("ADA"), name_key("ada"));
        assert!(check_name("ada lovelace").is_err());
        assert!(check_name("").is_err());
    }

    #[test]
    fn emails_need_two_sides() {
        assert!(check_email("ada@example.org").is_ok());
        for bad in ["", "ada", "@x", "ada@", "a b@c", "a@b@c", "a@b, c@d"] {
            assert!(check_email(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn passwords_are_long_enough_and_not_common() {
        assert_eq!(
            check_own_password("Ada.Love-Lace", "ada lovelace"),
            Err(AccountError::PasswordName)
        );
        assert_eq!(
            check_own_password("Budget-Tracker", "ada"),
            Err(AccountError::PasswordName)
        );
        assert!(check_own_password("correct horse battery", "ada").is_ok());
        assert!(check_password("correct horse battery").is_ok());
        assert_eq!(check_password("short"), Err(AccountError::PasswordLength));
        assert_eq!(check_password(DEMO_PASSWORD), Err(AccountError::PasswordCommon));
        assert_eq!(check_password("Password1"), Err(AccountError::PasswordCommon));
        assert_eq!(check_password("aaaaaaaaaaaa"), Err(AccountError::PasswordCommon));
        assert!(check_password(&"ä".repeat(3).repeat(50)).is_err());
    }

    #[test]
    fn strength_grows_with_length_and_variety() {
        assert_eq!(password_strength("password"), 0);
        assert!(password_strength("kitchen-lamp-9") > password_strength("kitchenlamp"));
        assert_eq!(password_strength("correct horse battery staple"), 4);
    }
}
