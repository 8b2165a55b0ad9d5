//! The program itself, run in a home of its own.

use std::path::PathBuf;

use assert_cmd::Command;
use tempfile::TempDir;

/// A home folder with nothing in it.
pub struct Home {
    folder: TempDir,
}

impl Home {
    pub fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The program with `arguments`, words separated by spaces, in this home and no other.
    pub fn run(&self, arguments: &str) -> Command {
        let mut command = Command::cargo_bin("budget-tracker").unwrap();
        command
            .env_clear()
            .envs(self.variables())
            .current_dir(self.folder.path())
            .args(arguments.split_whitespace())
            .timeout(std::time::Duration::from_mins(1));
        command
    }

    /// What keeps the program in this home.
    pub fn variables(&self) -> [(&'static str, PathBuf); 4] {
        [
            ("HOME", self.path("")),
            ("TZ", "UTC".into()),
            ("BUDGET_TRACKER_CONFIG_DIR", self.path("config")),
            ("BUDGET_TRACKER_DATA_DIR", self.path("data")),
        ]
    }

    /// Writes `config.toml`.
    pub fn configure(&self, text: &str) {
        std::fs::create_dir_all(self.path("config")).unwrap();
        std::fs::write(self.path("config/config.toml"), text).unwrap();
    }
}

/// What a run came to.
pub struct Outcome {
    pub code: i32,
    pub out: String,
    pub err: String,
}

/// Runs to the end.
pub fn outcome(command: &mut Command) -> Outcome {
    let output = command.output().unwrap();
    Outcome {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}
