//! What this computer calls itself in the list of a user's sessions.

/// `Budget Tracker on HOST`, as long as a session's label may be; without the host where it does not say its name.
#[must_use]
pub fn label() -> Option<String> {
    const LONGEST: usize = 64;
    let host = host().filter(|host| !host.is_empty());
    let label = host.map_or_else(
        || "Budget Tracker".to_owned(),
        |host| format!("Budget Tracker on {host}"),
    );
    // A host may call itself what it likes; a server only takes what can be shown.
    let plain = label.chars().filter(|c| c.is_ascii_graphic() || *c == ' ');
    Some(plain.take(LONGEST).collect())
}

#[cfg(unix)]
fn host() -> Option<String> {
    let name = rustix::system::uname();
    name.nodename().to_str().ok().map(str::to_owned)
}

#[cfg(not(unix))]
fn host() -> Option<String> {
    std::env::var("COMPUTERNAME").ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::text::clean;

    #[test]
    fn every_server_takes_the_label() {
        let label = label().unwrap();
        assert!(label.starts_with("Budget Tracker"));
        assert_eq!(clean(&label, 64).unwrap(), label);
    }
}
