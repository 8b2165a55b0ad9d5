//! How often one may try: by address for log-ins and sign-ups, by account for wrong passwords.

use std::collections::HashMap;
use std::hash::Hash;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use super::error::ServerError;

/// Log-ins from one address: ten at once, then one each six seconds (SERVER.md 3.6).
const LOG_IN: Rate = Rate {
    burst: 10,
    each_ms: 6_000,
};
/// Sign-ups from one address: five an hour.
const SIGN_UP: Rate = Rate {
    burst: 5,
    each_ms: 720_000,
};
/// Wrong passwords in a row before an account makes its callers wait.
const FREE_FAILURES: u32 = 5;
/// The longest wait of an account: nobody is locked out.
const LONGEST_MS: i64 = 60_000;
/// A row of failures is forgotten after this time without one.
const FORGET_MS: i64 = 24 * 60 * 60 * 1000;
/// Most entries in each table; beyond that the oldest half goes.
const MAX_ENTRIES: usize = 20_000;

struct Rate {
    burst: i64,
    each_ms: i64,
}

/// The tables, in memory: a restart forgives.
#[derive(Default)]
pub struct Throttle {
    log_ins: Mutex<HashMap<IpAddr, i64>>,
    sign_ups: Mutex<HashMap<IpAddr, i64>>,
    accounts: Mutex<HashMap<String, Failures>>,
}

#[derive(Clone, Copy, Default)]
struct Failures {
    count: u32,
    last: i64,
}

impl Throttle {
    /// Counts a log-in from `peer` at `now` (UTC ms).
    pub fn log_in(&self, peer: IpAddr, now: i64) -> Result<(), ServerError> {
        take(&self.log_ins, peer, &LOG_IN, now)
    }

    /// Counts a sign-up from `peer` at `now` (UTC ms).
    pub fn sign_up(&self, peer: IpAddr, now: i64) -> Result<(), ServerError> {
        take(&self.sign_ups, peer, &SIGN_UP, now)
    }

    /// Says whether the account may be tried at `now` (UTC ms), whether it exists or not.
    pub fn account(&self, name_key: &str, now: i64) -> Result<(), ServerError> {
        let accounts = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(failures) = accounts.get(name_key).filter(|f| f.count >= FREE_FAILURES) else {
            return Ok(());
        };
        let doubled = 1000_i64.saturating_mul(1 << (failures.count - FREE_FAILURES).min(6));
        wait_until(failures.last + doubled.min(LONGEST_MS), now)
    }

    /// Remembers a wrong password.
    pub fn failed(&self, name_key: &str, now: i64) {
        let mut accounts = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
        make_room(&mut accounts, |failures| failures.last);
        let failures = accounts.entry(name_key.to_owned()).or_default();
        if now - failures.last > FORGET_MS {
            failures.count = 0;
        }
        failures.count = failures.count.saturating_add(1);
        failures.last = now;
    }

    /// Forgets the wrong passwords of an account whose owner came in.
    pub fn succeeded(&self, name_key: &str) {
        let mut accounts = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
        accounts.remove(name_key);
    }
}

/// A token bucket kept as one number: the time at which it will be full again.
fn take(table: &Mutex<HashMap<IpAddr, i64>>, peer: IpAddr, rate: &Rate, now: i64) -> Result<(), ServerError> {
    let peer = subscriber(peer);
    if peer.is_loopback() {
        return Ok(());
    }
    let mut table = table.lock().unwrap_or_else(PoisonError::into_inner);
    make_room(&mut table, |full| *full);
    let full = table.entry(peer).or_insert(now);
    let next = (*full).max(now) + rate.each_ms;
    wait_until(next - rate.burst * rate.each_ms, now)?;
    *full = next;
    Ok(())
}

fn wait_until(time: i64, now: i64) -> Result<(), ServerError> {
    match u64::try_from(time - now) {
        Ok(wait) if wait > 0 => Err(ServerError::TooMany(Duration::from_millis(wait))),
        _ => Ok(()),
    }
}

/// What one subscriber controls: an IPv4 address, or the /64 network of an IPv6 one.
pub fn subscriber(peer: IpAddr) -> IpAddr {
    match peer.to_canonical() {
        IpAddr::V6(v6) if !v6.is_loopback() => {
            let network = v6.to_bits() & !u128::from(u64::MAX);
            IpAddr::V6(Ipv6Addr::from_bits(network))
        }
        other => other,
    }
}

fn make_room<K: Hash + Eq + Clone, V>(table: &mut HashMap<K, V>, time: impl Fn(&V) -> i64) {
    if table.len() < MAX_ENTRIES {
        return;
    }
    let mut times: Vec<i64> = table.values().map(&time).collect();
    times.sort_unstable();
    let middle = times[times.len() / 2];
    table.retain(|_, value| time(value) > middle);
}

#[cfg(test)]
mod tests {
    use super::*;

    const PEER: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 7));

    #[test]
    fn ten_log_ins_at_once_then_one_each_six_seconds() {
        let throttle = Throttle::default();
        for _ in 0..10 {
            throttle.log_in(PEER, 1000).unwrap();
        }
        let refused = throttle.log_in(PEER, 1000).unwrap_err();
        assert_eq!(refused.retry_after(), Some(Duration::from_secs(6)));
        throttle.log_in(PEER, 7000).unwrap();
        assert!(throttle.log_in(PEER, 7001).is_err());
        throttle.log_in("192.0.2.8".parse().unwrap(), 7001).unwrap();
    }

    #[test]
    fn loopback_has_no_bucket_and_ipv6_counts_by_network() {
        let throttle = Throttle::default();
        for _ in 0..50 {
            throttle.sign_up("127.0.0.1".parse().unwrap(), 1).unwrap();
            throttle.sign_up("::1".parse().unwrap(), 1).unwrap();
        }
        for host in 0..5 {
            throttle
                .sign_up(format!("2001:db8::{host}").parse().unwrap(), 1)
                .unwrap();
        }
        assert!(throttle.sign_up("2001:db8::99".parse().unwrap(), 1).is_err());
    }

    #[test]
    fn an_account_waits_longer_and_longer_but_never_beyond_a_minute() {
        let throttle = Throttle::default();
        let waits: Vec<u64> = (0..14)
            .map(|_| {
                throttle.failed("ada", 0);
                let wait = throttle.account("ada", 0).err().and_then(|e| e.retry_after());
                wait.unwrap_or_default().as_secs()
            })
            .collect();
        assert_eq!(waits, [0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60, 60]);
        throttle.account("ada", 60_000).unwrap();
        throttle.account("bob", 0).unwrap();
        throttle.succeeded("ada");
        throttle.account("ada", 0).unwrap();
    }

    #[test]
    fn the_tables_do_not_grow_without_end() {
        let throttle = Throttle::default();
        for i in 0..40_000 {
            throttle.failed(&i.to_string(), i);
        }
        assert!(throttle.accounts.lock().unwrap().len() <= MAX_ENTRIES);
    }
}
