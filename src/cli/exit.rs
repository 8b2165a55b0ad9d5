//! How a command ends, as a number for scripts. `--help` and README say the same in words.

use std::process::ExitCode;

/// The exit codes; there are no others.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Exit {
    /// Done.
    Done = 0,
    /// Not done, or something is wrong with what was looked through: the server, a file or the data is in the way, or
    /// what the command line names is not there.
    Failed = 1,
    /// The command line is wrong, or the password or code that was given with it: nothing was done, and the same would
    /// be wrong everywhere.
    Usage = 2,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}
