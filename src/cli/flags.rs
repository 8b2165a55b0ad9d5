//! Flags that every command takes, and the commands to which they say nothing: hidden from their help, and a mistake on
//! their command line.

use clap::parser::ValueSource;
use clap::{ArgMatches, Command, CommandFactory};

use super::Cli;
use super::error::CliError;

/// Flags that say nothing to some commands.
struct Unused {
    commands: &'static [&'static str],
    /// By their ids, each with what to do instead.
    flags: &'static [(&'static str, &'static str)],
}

const OTHERWISE: &str = "Leave it out.";
const THE_DATABASE: &str = "It works on the database itself: name that with --database or --data-dir.";

static UNUSED: [Unused; 4] = [
    Unused {
        commands: &["backup", "restore", "verify", "doctor", "user", "invite"],
        flags: &[
            ("server", THE_DATABASE),
            ("server_fingerprint", THE_DATABASE),
            ("insecure_http", THE_DATABASE),
        ],
    },
    Unused {
        commands: &["serve"],
        flags: &[
            (
                "server_fingerprint",
                "Clients compare it; the server shows what --tls-cert names.",
            ),
            ("server", "Choose the address to listen on with --listen."),
            ("format", "Choose how the log is written with --log-format."),
        ],
    },
    Unused {
        commands: &["server-certificate", "categorize"],
        flags: &[
            ("server", OTHERWISE),
            ("server_fingerprint", OTHERWISE),
            ("insecure_http", OTHERWISE),
        ],
    },
    Unused {
        commands: &["openapi", "man", "completions"],
        flags: &[
            ("server", OTHERWISE),
            ("server_fingerprint", OTHERWISE),
            ("insecure_http", OTHERWISE),
            ("format", "Its output has one form."),
        ],
    },
];

/// The command line, where each command shows what it makes use of.
pub(super) fn command() -> Command {
    let mut cli = Cli::command();
    let all: Vec<_> = cli.get_arguments().cloned().collect();
    for unused in &UNUSED {
        for name in unused.commands {
            let hidden = all
                .iter()
                .filter(|flag| unused.flags.iter().any(|(id, _)| flag.get_id() == id));
            let hidden: Vec<_> = hidden.cloned().map(|flag| flag.hide(true)).collect();
            // What a command has under the same id stands in place of the flag of all.
            cli = cli.mut_subcommand(name, |command| command.args(hidden));
        }
    }
    cli
}

/// Refuses a command line with a flag that says nothing to its command.
pub(super) fn refuse_unused(matches: &ArgMatches) -> Result<(), CliError> {
    let Some((name, given)) = matches.subcommand() else {
        return Ok(());
    };
    let unused = UNUSED.iter().filter(|unused| unused.commands.contains(&name));
    let mut written = unused
        .flat_map(|unused| unused.flags)
        .filter(|(id, _)| given.value_source(id) == Some(ValueSource::CommandLine));
    match written.next() {
        Some((id, advice)) => {
            let flag = id.replace('_', "-");
            Err(CliError::usage(format!("--{flag} says nothing to {name}."), *advice))
        }
        None => Ok(()),
    }
}
