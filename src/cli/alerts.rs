//! `alerts`: what the budgets have to say.

use clap::Args;
use jiff::Timestamp;

use crate::api::Alert;
use crate::domain::Month;
use crate::zone;

use super::connection::Connection;
use super::error::CliError;
use super::output::{self, Field, Format};

/// Show the alerts, newest first.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  budget-tracker alerts
  budget-tracker alerts --month 2026-11 --read")]
pub(super) struct Arguments {
    /// Only this month, for example 2026-11.
    #[arg(long, value_name = "MONTH")]
    month: Option<Month>,
    /// Mark all alerts as read after they are shown.
    #[arg(long)]
    read: bool,
}

pub(super) async fn run(arguments: &Arguments, to: &Connection, format: Format) -> Result<(), CliError> {
    let alerts = to.client.alerts(arguments.month).await?;
    output::print(&match format {
        Format::Table if alerts.is_empty() => "No alerts.\n".to_owned(),
        Format::Table => table(&alerts),
        Format::Json => output::json(&alerts)?,
        Format::Csv => csv(&alerts)?,
    })?;
    if arguments.read {
        to.client.mark_all_read().await?;
    }
    Ok(())
}

fn table(alerts: &[Alert]) -> String {
    let row = |alert: &Alert| {
        vec![
            Field::plain(when(alert)),
            Field::plain(state(alert)),
            Field::text(&alert.message),
        ]
    };
    let rows: Vec<_> = alerts.iter().map(row).collect();
    output::table(&["When", "State", "Alert"], &[], &rows)
}

fn csv(alerts: &[Alert]) -> Result<String, CliError> {
    let header = ["id", "when", "month", "category", "level", "state", "message"];
    let row = |alert: &Alert| {
        vec![
            Field::plain(alert.id),
            Field::plain(when(alert)),
            Field::plain(alert.month),
            Field::text(&alert.category),
            Field::plain(alert.level),
            Field::plain(state(alert)),
            Field::text(&alert.message),
        ]
    };
    let rows: Vec<_> = alerts.iter().map(row).collect();
    output::csv(&header, &rows)
}

/// The local time, to the minute; nothing for a time that no calendar has.
fn when(alert: &Alert) -> String {
    Timestamp::from_millisecond(alert.created_at)
        .map(|time| time.to_zoned(zone::local()).strftime("%Y-%m-%d %H:%M").to_string())
        .unwrap_or_default()
}

fn state(alert: &Alert) -> &'static str {
    match (alert.resolved_at, alert.read) {
        (Some(_), _) => "resolved",
        (None, true) => "read",
        (None, false) => "new",
    }
}
