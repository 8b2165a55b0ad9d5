//! What the commands about sessions do.

use jiff::Timestamp;

use super::Told;
use crate::api::SessionEntry;
use crate::domain::text::printable;
use crate::plain::desk::{Desk, refused};
use crate::plain::words::{Words, counted};
use crate::zone;

impl Desk {
    pub(super) async fn sessions(&mut self) -> Told {
        let mut sessions = self.user()?.sessions().await?;
        sessions.sort_by_key(|session| !session.current);
        let words = self.words();
        let numbered = sessions.iter().zip(1..);
        let mut lines: Vec<String> = numbered
            .map(|(session, number)| format!("{number}. {}", told(session, words)))
            .collect();
        if sessions.len() > 1 {
            lines.push("end 2 ends session 2, end others all but the first.".to_owned());
        }
        self.sessions = sessions;
        Ok(lines)
    }

    /// Ends one session of the last list, or all but this one.
    pub(super) async fn end(&mut self, number: Option<usize>) -> Told {
        let client = self.user()?;
        let Some(number) = number else {
            let sessions = client.sessions().await?;
            client.end_other_sessions().await?;
            self.sessions.clear();
            let count = sessions.iter().filter(|session| !session.current).count();
            return Ok(vec![match i64::try_from(count).unwrap_or(i64::MAX) {
                0 => "There is no other session.".to_owned(),
                1 => "The other session has ended.".to_owned(),
                count => format!("{} have ended.", counted(count, "session", "sessions")),
            }]);
        };
        let Some(session) = self.sessions.get(number - 1) else {
            return refused("There is no session with this number. sessions lists them.");
        };
        if session.current {
            return refused("This is the session you are in: logout ends it.");
        }
        client.end_session(session.id).await?;
        Ok(vec![format!("The session of {} has ended.", name(session))])
    }
}

fn name(session: &SessionEntry) -> String {
    let label = session.label.as_deref();
    label.map_or_else(|| "an unnamed device".to_owned(), |label| printable(label).into_owned())
}

/// `ada-laptop from 192.0.2.7, last used 22 November at 08:10.`
fn told(session: &SessionEntry, words: Words) -> String {
    let from = session.address.as_deref().map(printable);
    let from = from.map_or(String::new(), |from| format!(" from {from}"));
    let used = match Timestamp::from_millisecond(session.last_seen) {
        _ if session.current => ", this session".to_owned(),
        Ok(at) => {
            let at = at.to_zoned(zone::local());
            format!(", last used {} at {}", words.day(at.date()), at.strftime("%H:%M"))
        }
        Err(_) => String::new(),
    };
    format!("{}{from}{used}.", name(session))
}
