//! An authenticator app.

use totp_rs::{Builder, Secret};

/// The code that an app with this secret, in base 32, shows now.
pub fn code(secret: &str) -> String {
    let secret = Secret::try_from_base32(secret).unwrap();
    let app = Builder::new().with_secret(secret).build().unwrap();
    let now = jiff::Timestamp::now().as_second();
    app.generate(now.try_into().unwrap()).to_string()
}
