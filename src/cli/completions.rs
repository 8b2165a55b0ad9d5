//! `completions`: what a shell needs to complete the command line.

use clap::Args;
use clap_complete::Shell;

use super::error::CliError;
use super::{flags, output};

/// Print the completions for a shell.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  budget-tracker completions bash > ~/.local/share/bash-completion/completions/budget-tracker
  budget-tracker completions zsh > ~/.zfunc/_budget-tracker
  budget-tracker completions fish > ~/.config/fish/completions/budget-tracker.fish")]
pub(super) struct Arguments {
    /// Which shell.
    #[arg(value_name = "SHELL")]
    shell: Shell,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), CliError> {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut flags::command(), "budget-tracker", &mut script);
    output::print(&String::from_utf8_lossy(&script))
}
