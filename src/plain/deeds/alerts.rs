//! What the commands about alerts do.

use super::{MOST_ROWS, Told};
use crate::api::Alert;
use crate::domain::day;
use crate::plain::desk::{Desk, Trouble, refused};
use crate::plain::news;

impl Desk {
    pub(super) async fn alerts(&mut self, all: bool) -> Told {
        self.user()?;
        let words = self.words();
        let look = self.look().await?;
        let new = |alert: &&Alert| all || news::is_new(alert, words);
        let alerts: Vec<&Alert> = look.alerts.iter().filter(new).take(MOST_ROWS as usize).collect();
        let older = look.alerts.len() - alerts.len();
        let mut lines: Vec<String> = alerts
            .iter()
            .zip(1..)
            .map(|(alert, number)| format!("{number}. {}", words.alert(alert)))
            .collect();
        if lines.is_empty() {
            lines.push(if all { "No alerts." } else { "No new alerts." }.to_owned());
        }
        if older > 0 && !all {
            lines.push(format!("{older} older: alerts all tells them, too."));
        }
        self.told = alerts.iter().map(|alert| alert.id).collect();
        Ok(lines)
    }

    pub(super) async fn read(&mut self) -> Told {
        self.user()?.mark_all_read().await?;
        let mut lines = vec!["All alerts are read.".to_owned()];
        lines.extend(self.refresh().await?);
        Ok(lines)
    }

    pub(super) async fn snooze(&mut self, number: usize, until: Option<&str>) -> Told {
        let client = self.user()?;
        let Some(id) = self.told.get(number - 1).copied() else {
            return refused("There is no alert with this number. alerts lists them.");
        };
        let today = Self::today();
        let until = match until {
            None => self.calendar().first_day(self.current_month().plus(1)),
            Some(text) => {
                let parsed = day::parse(text, today).map_err(|error| Trouble::Said(error.to_string()))?;
                // A weekday's name means the one before; here the one to come is meant.
                let weekday = text.chars().all(char::is_alphabetic);
                let coming = if weekday && parsed <= today {
                    parsed.checked_add(jiff::Span::new().days(7))
                } else {
                    Ok(parsed)
                };
                match coming {
                    Ok(day) if day > today => day,
                    _ => {
                        return refused(format!(
                            "{} is over already. Say a day to come.",
                            self.words().day(parsed)
                        ));
                    }
                }
            }
        };
        client.snooze(id, Some(until)).await?;
        let mut lines = vec![format!("Quiet until {}.", self.words().day(until))];
        lines.extend(self.refresh().await?);
        Ok(lines)
    }
}
