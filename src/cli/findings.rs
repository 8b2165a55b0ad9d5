//! What is wrong with a database, as the commands that look through one print it.

use crate::server::care::{Finding, Report};

use super::error::CliError;
use super::output::{self, Field};

/// How much a database holds, in words.
pub(super) fn contents(report: &Report) -> String {
    let many = |count: u64, one: &str| format!("{count} {one}{}", if count == 1 { "" } else { "s" });
    format!("{}, {}", many(report.users, "user"), many(report.expenses, "expense"))
}

/// Findings as a table.
pub(super) fn table(findings: &[Finding]) -> String {
    let row = |finding: &Finding| {
        let user = finding.user.as_deref().unwrap_or("all");
        vec![Field::text(user), Field::text(&finding.what)]
    };
    let rows: Vec<Vec<Field>> = findings.iter().map(row).collect();
    output::table(&["User", "What is wrong"], &[], &rows)
}

/// Findings as CSV.
pub(super) fn csv(findings: &[Finding]) -> Result<String, CliError> {
    let row = |finding: &Finding| {
        let user = finding.user.as_deref().unwrap_or_default();
        let kind = finding.kind.to_string();
        vec![Field::text(user), Field::plain(kind), Field::text(&finding.what)]
    };
    let rows: Vec<Vec<Field>> = findings.iter().map(row).collect();
    output::csv(&["user", "kind", "what"], &rows)
}

/// The failure of a command that has told findings, if there are any.
pub(super) fn verdict(findings: &[Finding], advice: &str) -> Result<(), CliError> {
    match findings.len() {
        0 => Ok(()),
        1 => Err(CliError::local("One thing is wrong with the data.", advice)),
        many => Err(CliError::local(
            format!("{many} things are wrong with the data."),
            advice,
        )),
    }
}
