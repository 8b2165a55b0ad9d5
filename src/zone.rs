//! Time zones, found quickly.
//!
//! `jiff` lists the whole time zone database before it reads the first zone, which takes longer than all the
//! rest of a short command. Here the one file is read by its name; what is not found that way is left to `jiff`.

use std::collections::HashMap;
use std::fs;
use std::path::Path;
use std::sync::{LazyLock, PoisonError, RwLock};

use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

const DATABASE: &str = "/usr/share/zoneinfo";

/// Zones that were read already; there are a few hundred at most.
static KNOWN: LazyLock<RwLock<HashMap<String, TimeZone>>> = LazyLock::new(RwLock::default);

/// The zone with an IANA name such as `Europe/Berlin`; `None` when this machine does not know it.
#[must_use]
pub fn named(name: &str) -> Option<TimeZone> {
    if matches!(name, "UTC" | "Etc/UTC") {
        return Some(TimeZone::UTC);
    }
    if let Some(zone) = KNOWN.read().unwrap_or_else(PoisonError::into_inner).get(name) {
        return Some(zone.clone());
    }
    let zone = from_file(name).or_else(|| TimeZone::get(name).ok())?;
    KNOWN
        .write()
        .unwrap_or_else(PoisonError::into_inner)
        .insert(name.to_owned(), zone.clone());
    Some(zone)
}

/// The zone of this machine: `TZ`, else what `/etc/localtime` points to.
#[must_use]
pub fn local() -> TimeZone {
    if std::env::var_os("TZ").is_some() {
        return TimeZone::system();
    }
    let name = fs::read_link("/etc/localtime").ok().and_then(|target| {
        let target = target.to_str()?.to_owned();
        target.split_once("zoneinfo/").map(|(_, name)| name.to_owned())
    });
    name.and_then(|name| named(&name)).unwrap_or_else(TimeZone::system)
}

/// This moment on the wall clock of this machine.
#[must_use]
pub fn now() -> Zoned {
    Timestamp::now().to_zoned(local())
}

/// The IANA name of this machine's zone, if it has one.
#[must_use]
pub fn local_name() -> Option<String> {
    let zone = local();
    let name = if zone == TimeZone::UTC {
        Some("UTC")
    } else {
        zone.iana_name()
    };
    name.map(str::to_owned)
}

fn from_file(name: &str) -> Option<TimeZone> {
    // The name may come from a request: it stays below the folder.
    let plain = |part: &str| {
        !part.is_empty()
            && part
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'+'))
    };
    if !name.split('/').all(plain) {
        return None;
    }
    let bytes = fs::read(Path::new(DATABASE).join(name)).ok()?;
    TimeZone::tzif(name, &bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_zone_read_by_its_file_is_the_zone() {
        for name in ["Europe/Berlin", "America/Argentina/Buenos_Aires", "Asia/Kolkata", "UTC"] {
            let (ours, theirs) = (named(name).unwrap(), TimeZone::get(name).unwrap());
            for month in 1..=12 {
                let noon = date(2026, month, 15).at(12, 0, 0, 0);
                let at = |zone: &TimeZone| noon.to_zoned(zone.clone()).unwrap().timestamp();
                assert_eq!(at(&ours), at(&theirs), "{name}");
            }
        }
    }

    #[test]
    fn names_cannot_leave_the_folder() {
        for name in [
            "../../etc/passwd",
            "/etc/passwd",
            "Europe/../../x",
            "",
            "Mars/Olympus",
            "Europe//Berlin",
            ".",
        ] {
            assert!(named(name).is_none(), "{name}");
        }
    }
}
