//! Passwords: from a prompt, the standard input or the environment, never from an argument.

use std::io::{self, BufRead, Read, Write};

use clap::Args;

use super::error::CliError;

const VARIABLE: &str = "BUDGET_TRACKER_PASSWORD";

/// More than any password that is accepted.
const MAX_LINE: u64 = 4096;

#[derive(Debug, Args)]
pub(super) struct PasswordSource {
    /// Read the password from the first line of the standard input instead of asking.
    #[arg(long)]
    password_stdin: bool,
}

impl PasswordSource {
    /// Reads it; `twice` asks again, so that a slip does not become the password.
    pub fn read(&self, twice: bool) -> Result<String, CliError> {
        if self.password_stdin {
            return from_stdin();
        }
        if let Some(password) = std::env::var_os(VARIABLE).filter(|value| !value.is_empty()) {
            return password
                .into_string()
                .map_err(|_| CliError::usage(format!("{VARIABLE} is not UTF-8 text."), "Set it again."));
        }
        if twice { ask_new("Password") } else { ask("Password: ") }
    }
}

/// A password from the first line of the standard input, or from the next one after another.
pub(super) fn from_stdin() -> Result<String, CliError> {
    first_line(io::stdin().lock())
}

/// A new password from the terminal, asked twice so that a slip does not become it.
pub(super) fn ask_new(what: &str) -> Result<String, CliError> {
    let password = ask(&format!("{what}: "))?;
    if ask(&format!("{what} again: "))? != password {
        return Err(CliError::usage("The two passwords differ.", "Run the command again."));
    }
    Ok(password)
}

/// A code, which is no secret for long: asked at the terminal, or the next line of the standard input.
pub(super) fn ask_code(prompt: &str) -> Result<String, CliError> {
    // A closed standard error shows no prompt; the answer is read all the same.
    let mut err = io::stderr().lock();
    let _ = write!(err, "{prompt}").and_then(|()| err.flush());
    drop(err);
    let mut line = String::new();
    let read = io::stdin().lock().take(MAX_LINE).read_line(&mut line);
    match read {
        Ok(_) if !line.trim().is_empty() => Ok(line.trim().to_owned()),
        _ => Err(CliError::usage(
            "There is no code.",
            "Type the one that your authenticator app shows, or a recovery code.",
        )),
    }
}

pub(super) fn ask(prompt: &str) -> Result<String, CliError> {
    rpassword::prompt_password(prompt).map_err(|_| {
        CliError::usage(
            "There is no terminal to ask for the password.",
            format!("Use --password-stdin, or set {VARIABLE}."),
        )
    })
}

fn first_line(input: impl BufRead) -> Result<String, CliError> {
    let mut line = String::new();
    input.take(MAX_LINE).read_line(&mut line).map_err(|error| {
        CliError::usage(
            format!("The password could not be read: {error}."),
            "Send one line of text.",
        )
    })?;
    let line = line.strip_suffix('\n').unwrap_or(&line);
    let password = line.strip_suffix('\r').unwrap_or(line);
    if password.is_empty() {
        return Err(CliError::usage(
            "The standard input holds no password.",
            "Send it as one line.",
        ));
    }
    Ok(password.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_is_the_password() {
        for text in ["pass word\n", "pass word\r\nmore", "pass word"] {
            assert_eq!(first_line(text.as_bytes()).unwrap(), "pass word");
        }
        assert!(first_line(&b"\n"[..]).is_err());
        assert!(first_line(&b"\xff\n"[..]).is_err());
    }
}
