//! The way to the server that the settings name; the embedded one is started on the way.

use crate::api::{Dialect, Failure};
use crate::client::{Client, ClientOptions};
use crate::config::{Settings, Target};
use crate::domain::Currency;
use crate::server::embedded::{self, Embedded};

/// A client without a session, and the embedded server when that is the one; whoever asks ends it.
///
/// `currency` is the one of a classic server's amounts, which name none.
///
/// # Errors
/// [`Failure::Local`] when the embedded server does not start or the address cannot be used.
pub async fn open(settings: &Settings, currency: Currency) -> Result<(Client, Option<Embedded>), Failure> {
    let mut options = ClientOptions {
        insecure_http: settings.insecure_http,
        fingerprint: settings.fingerprint,
        currency,
        ..ClientOptions::default()
    };
    let url = match &settings.target {
        Target::Remote(url) => url,
        Target::Embedded => {
            options.dialect = Some(Dialect::V1);
            let data = &settings.folders.data;
            let outside = settings
                .outside()
                .map_err(|error| Failure::Local(format!("{error} {}", error.advice())))?;
            let server = embedded::start_asking(data, outside).await.map_err(|error| {
                Failure::Local(format!(
                    "The embedded server did not start: {error} The data is in {}.",
                    data.display()
                ))
            })?;
            let client = Client::with_options(server.base_url.clone(), None, options)?;
            return Ok((client, Some(server)));
        }
    };
    Ok((Client::with_options(url.clone(), None, options)?, None))
}
