//! Users who are logged in already, without the work of a password for each.

use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use budget_tracker::domain::{Calendar, Currency};
use budget_tracker::server::store::{AtClose, Store, accounts, local_day, sessions};
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// Makes a database with so many users; their tokens.
pub async fn users(file: &Path, count: usize) -> Vec<String> {
    let store = Store::open(file, 0, Box::new(|_| {})).unwrap();
    let made = store.write(move |tx| {
        let now = Timestamp::now();
        let mut tokens = Vec::with_capacity(count);
        for number in 0..count {
            let user = accounts::NewUser {
                id: Uuid::new_v4(),
                name: format!("user{number}"),
                email: "user@example.org".to_owned(),
                password: "none".to_owned(),
                currency: Currency::USD,
                time_zone: "UTC".to_owned(),
                calendar: Calendar::default(),
                demo: false,
            };
            accounts::create(tx, &user, local_day("UTC", now), now.as_millisecond())?;
            let secret: [u8; 32] = rand::random();
            let from = sessions::Origin::default();
            sessions::begin(tx, user.id, &Sha256::digest(secret), &from, now.as_millisecond())?;
            tokens.push(format!("bt1_{}_{}", user.id.simple(), URL_SAFE_NO_PAD.encode(secret)));
        }
        Ok(tokens)
    });
    let tokens = made.await.unwrap();
    store.close(AtClose::EmptyLog).await;
    tokens
}
