//! How much a connection may ask for, and how long it may take.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// The limits of a listener; the usual ones suit the internet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Most connections at once, in all.
    pub connections: usize,
    /// Most connections at once from one address (IPv6: from one /64 network) beyond loopback.
    pub connections_per_address: usize,
    /// Most requests that are worked on at once; event streams that are open do not count.
    pub requests: usize,
    /// A TLS handshake must be complete in this time.
    pub handshake_time: Duration,
    /// A header must be complete in this time, and an idle connection is closed after it.
    pub header_time: Duration,
    /// A piece of an answer must be taken in this time.
    pub write_time: Duration,
    /// Who is refused because too many requests run is told so after this time, and its connection ends.
    pub refusal_pause: Duration,
    /// Largest header, bytes.
    pub header_bytes: usize,
    /// Most fields in a header.
    pub header_fields: usize,
    /// Requests that run when the server stops have this long to end.
    pub drain_time: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 12_000,
            connections_per_address: 256,
            requests: crate::server::load::USUAL,
            handshake_time: Duration::from_secs(10),
            header_time: Duration::from_secs(10),
            write_time: Duration::from_secs(10),
            refusal_pause: Duration::from_millis(250),
            header_bytes: 16 * 1024,
            header_fields: 64,
            drain_time: Duration::from_secs(10),
        }
    }
}

/// How many connections each address has.
#[derive(Debug, Clone, Default)]
pub(super) struct Addresses(Arc<Mutex<HashMap<IpAddr, usize>>>);

/// One of the connections that an address may have; given back when dropped.
#[derive(Debug)]
pub(super) struct Place {
    addresses: Addresses,
    address: IpAddr,
}

impl Addresses {
    /// A place for one more connection; `None` when `address` has `most` already.
    pub(super) fn take(&self, address: IpAddr, most: usize) -> Option<Place> {
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = open.entry(address).or_default();
        if *count >= most {
            return None;
        }
        *count += 1;
        Some(Place {
            addresses: self.clone(),
            address,
        })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut open = self.addresses.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = open.get_mut(&self.address) {
            *count -= 1;
            if *count == 0 {
                open.remove(&self.address);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_its_places_and_gives_them_back() {
        let (addresses, one, other) = (Addresses::default(), [192, 0, 2, 1].into(), [192, 0, 2, 2].into());
        let first = addresses.take(one, 2).unwrap();
        let _second = addresses.take(one, 2).unwrap();
        assert!(addresses.take(one, 2).is_none());
        let elsewhere = addresses.take(other, 2);
        assert!(elsewhere.is_some());
        drop(first);
        assert!(addresses.take(one, 2).is_some());
        drop(elsewhere);
        assert!(!addresses.0.lock().unwrap().contains_key(&other));
    }
}
