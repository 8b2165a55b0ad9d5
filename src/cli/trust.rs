//! The first meeting with a server that signs its own certificate: whoever compares the fingerprint may trust it.

use std::io::{self, BufRead, IsTerminal, Write};

use crate::api::Failure;
use crate::config::{Kept, Settings, Target};
use crate::domain::Fingerprint;
use crate::domain::text::printable;

use super::connection::Needs;
use super::error::CliError;
use super::output::note;

/// Greets the server before a password is typed. In a terminal, a certificate that nobody vouches for is shown to be
/// compared; who says yes has it remembered. Without a terminal it is refused.
pub(super) async fn meet(settings: Settings) -> Result<Settings, CliError> {
    let unknown_yet = matches!(&settings.target, Target::Remote(url) if url.scheme() == "https");
    if !unknown_yet || settings.fingerprint.is_some() || !io::stdin().is_terminal() || !io::stderr().is_terminal() {
        return Ok(settings);
    }
    let greeted = super::with(settings.clone(), Needs::Nothing, async |to| {
        Ok(to.client.dialect().await)
    })
    .await?;
    let Err(Failure::Untrusted {
        server,
        fingerprint: Some(fingerprint),
        ..
    }) = greeted
    else {
        // Every other failure is told by the call that follows.
        return Ok(settings);
    };
    if !confirms(&server, fingerprint)? {
        return Err(CliError::local(
            "The certificate is not trusted, and nothing was sent.",
            "Ask whoever runs the server for its fingerprint, then run the command again.",
        ));
    }
    remember(&settings, fingerprint)?;
    Ok(Settings {
        fingerprint: Some(fingerprint),
        ..settings
    })
}

fn confirms(server: &str, fingerprint: Fingerprint) -> Result<bool, CliError> {
    let mut err = io::stderr().lock();
    write!(
        err,
        "{} shows a certificate that nobody vouches for. Its fingerprint is\n  {fingerprint}\n\
         Compare it with the one that the server printed. Is it the same? [y/N] ",
        printable(server)
    )?;
    err.flush()?;
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer)?;
    Ok(matches!(answer.trim().to_lowercase().as_str(), "y" | "yes"))
}

/// Keeps the fingerprint beside the server in the configuration, where the server is the usual one.
fn remember(settings: &Settings, fingerprint: Fingerprint) -> Result<(), CliError> {
    tell(settings, settings.remember(fingerprint)?);
    Ok(())
}

/// Keeps a fingerprint that the command line named, once a log-in has shown that it is the server's. The session
/// stands, whatever becomes of the file.
pub(super) fn keep(settings: &Settings) {
    match settings.keep_fingerprint() {
        Ok(Some(kept)) => tell(settings, kept),
        Ok(None) => {}
        Err(error) => note(&format!(
            "The certificate is not remembered: {error} {}",
            error.advice()
        )),
    }
}

fn tell(settings: &Settings, kept: Kept) {
    let path = settings.folders.config_file();
    match kept {
        Kept::BesideItsServer => note(&format!("Its certificate is remembered (in {}).", path.display())),
        Kept::OtherServer(fingerprint) => note(&format!(
            "{} names another server, so give this one's fingerprint each time: --server-fingerprint {fingerprint}",
            path.display()
        )),
    }
}
