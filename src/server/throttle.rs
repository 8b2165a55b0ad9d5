//! How often one may try: by address for log-ins and sign-ups, by account for wrong passwords.

use std::collections::HashMap;
use std::hash::Hash;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::error::ServerError;

/// Log-ins from one address: ten at once, then one each six seconds.
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
/// A row of failures is forgotten after this time without one, and so is who came in from where.
const FORGET_MS: i64 = 24 * 60 * 60 * 1000;
/// Most entries in each table; beyond that the oldest half goes.
const MAX_ENTRIES: usize = 20_000;
/// Letters of a name that are looked at, more than any account's name has: whoever makes up long ones fills no memory.
const KEY_LETTERS: usize = 160;

struct Rate {
    burst: i64,
    each_ms: i64,
}

/// The tables, in memory: a restart forgives.
///
/// An account that is guessed at makes everybody wait who tries it, longer and longer, up to a minute. So that its
/// owner is not kept out by that, an address whose owner has come in before waits for its own failures only, and an
/// address that has not tried this account for a day may always try once. N addresses so have N tries of an account, and then
/// [`FREE_FAILURES`], one each after 1, 2, 4, 8, 16 and 32 s, and one a minute between them.
#[derive(Default)]
pub struct Throttle {
    log_ins: Mutex<HashMap<IpAddr, i64>>,
    sign_ups: Mutex<HashMap<IpAddr, i64>>,
    accounts: Mutex<Accounts>,
}

#[derive(Default)]
struct Accounts {
    /// By the account alone, whoever tries it.
    all: HashMap<String, Failures>,
    /// By account and address.
    visitors: HashMap<(String, IpAddr), Visitor>,
}

#[derive(Clone, Copy, Default)]
struct Failures {
    count: u32,
    last: i64,
}

#[derive(Clone, Copy, Default)]
struct Visitor {
    failures: Failures,
    /// Has come in with the right password.
    known: bool,
}

impl Failures {
    /// Says whether it is time for another try.
    fn check(&self, now: i64) -> Result<(), ServerError> {
        if self.count < FREE_FAILURES || now - self.last > FORGET_MS {
            return Ok(());
        }
        let doubled = 1000_i64.saturating_mul(1 << (self.count - FREE_FAILURES).min(6));
        wait_until(self.last + doubled.min(LONGEST_MS), now)
    }

    fn add(&mut self, now: i64) {
        if now - self.last > FORGET_MS {
            self.count = 0;
        }
        self.count = self.count.saturating_add(1);
        self.last = now;
    }

    fn take_back(&mut self, count: u32, from: i64, to: i64) {
        self.count = self.count.saturating_sub(count);
        if self.last == from {
            self.last = to;
        }
    }
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

    /// A try of an account, whether it exists or not, at `now` (UTC ms); an error when it is too early for one.
    ///
    /// It counts as failed from now on, so that tries at the same moment count too, until its end is told.
    pub fn attempt(&self, name_key: &str, peer: IpAddr, now: i64) -> Result<Attempt<'_>, ServerError> {
        let name_key: String = name_key.chars().take(KEY_LETTERS).collect();
        let name_key = name_key.as_str();
        let key = (name_key.to_owned(), site(peer));
        let mut accounts = self.lock();
        let Accounts { all, visitors } = &mut *accounts;
        let visitor = visitors.get(&key).filter(|v| now - v.failures.last <= FORGET_MS);
        let known = visitor.is_some_and(|visitor| visitor.known);
        match visitor {
            Some(visitor) if known => visitor.failures.check(now)?,
            Some(_) => all.get(name_key).map_or(Ok(()), |failures| failures.check(now))?,
            None => {}
        }
        make_room(visitors, |visitor| visitor.failures.last);
        let visitor = visitors.entry(key.clone()).or_default();
        visitor.known = known;
        let mut before = (visitor.failures.last, 0);
        visitor.failures.add(now);
        if !known {
            make_room(all, |failures| failures.last);
            let failures = all.entry(key.0.clone()).or_default();
            before.1 = failures.last;
            failures.add(now);
        }
        Ok(Attempt {
            throttle: self,
            key,
            at: now,
            before,
        })
    }

    fn lock(&self) -> MutexGuard<'_, Accounts> {
        self.accounts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One try of an account, which has failed unless something else is said of it.
pub struct Attempt<'a> {
    throttle: &'a Throttle,
    key: (String, IpAddr),
    at: i64,
    /// The last failures before it: of this visitor, and of all.
    before: (i64, i64),
}

impl Attempt<'_> {
    /// The owner came in: what failed from this address does not count any more.
    pub fn succeeded(self) {
        let mut accounts = self.throttle.lock();
        let Accounts { all, visitors } = &mut *accounts;
        let visitor = visitors.entry(self.key.clone()).or_default();
        let own = std::mem::take(&mut visitor.failures.count);
        visitor.failures.last = self.at;
        if !std::mem::replace(&mut visitor.known, true)
            && let Some(failures) = all.get_mut(&self.key.0)
        {
            failures.take_back(own, self.at, self.before.1);
            if failures.count == 0 {
                all.remove(&self.key.0);
            }
        }
    }

    /// Nothing was learned from it: it does not count.
    pub fn undo(self) {
        let mut accounts = self.throttle.lock();
        let Accounts { all, visitors } = &mut *accounts;
        let known = visitors.get_mut(&self.key).is_some_and(|visitor| {
            visitor.failures.take_back(1, self.at, self.before.0);
            visitor.known
        });
        if !known && let Some(failures) = all.get_mut(&self.key.0) {
            failures.take_back(1, self.at, self.before.1);
        }
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

/// What one customer of a network is given: an IPv4 address, or a /48 network of IPv6, which holds 65,536 subscribers'
/// networks.
fn site(peer: IpAddr) -> IpAddr {
    match subscriber(peer) {
        IpAddr::V6(v6) if !v6.is_loopback() => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() >> 80 << 80)),
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
    use std::net::Ipv4Addr;

    const PEER: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 7));

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

    /// Seconds until `throttle` allows another try of ada from `peer`; 0 when it did allow this one, which fails.
    fn tried(throttle: &Throttle, peer: IpAddr, now: i64) -> u64 {
        match throttle.attempt("ada", peer, now) {
            Ok(_) => 0,
            Err(refused) => refused
                .retry_after()
                .unwrap()
                .as_millis()
                .div_ceil(1000)
                .try_into()
                .unwrap(),
        }
    }

    #[test]
    fn the_networks_of_one_customer_have_one_free_try_together() {
        let throttle = Throttle::default();
        for host in 0..20 {
            let _ = throttle.attempt("ada", format!("2001:db8:1::{host}").parse().unwrap(), 0);
        }
        assert!(tried(&throttle, "2001:db8:1:77::1".parse().unwrap(), 0) > 0);
        assert_eq!(tried(&throttle, "2001:db8:2::1".parse().unwrap(), 0), 0);
    }

    #[test]
    fn a_long_name_takes_little_memory() {
        let throttle = Throttle::default();
        drop(throttle.attempt(&"x".repeat(700_000), PEER, 0));
        let accounts = throttle.lock();
        let longest = accounts
            .all
            .keys()
            .chain(accounts.visitors.keys().map(|(name, _)| name));
        assert_eq!(longest.map(String::len).max(), Some(KEY_LETTERS));
    }

    fn address(number: u32) -> IpAddr {
        Ipv4Addr::from_bits(0xC633_6400 + number).into()
    }

    #[test]
    fn an_account_waits_longer_and_longer_but_never_beyond_a_minute() {
        let throttle = Throttle::default();
        let mut now = 0;
        let mut waits = Vec::new();
        for _ in 0..14 {
            assert_eq!(tried(&throttle, PEER, now), 0);
            let wait = tried(&throttle, PEER, now);
            if wait == 0 {
                // Two were free, and the second counts too.
                waits.push(0);
                continue;
            }
            waits.push(wait);
            now += i64::try_from(wait).unwrap() * 1000;
        }
        assert_eq!(waits, [0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60, 60, 60, 60]);
        throttle.attempt("bob", PEER, 0).unwrap();
        throttle.attempt("ada", PEER, now).unwrap().succeeded();
        assert_eq!(tried(&throttle, PEER, now), 0);
    }

    #[test]
    fn tries_at_the_same_moment_count_before_they_end() {
        let throttle = Throttle::default();
        let open: Vec<_> = (0..20).filter_map(|_| throttle.attempt("ada", PEER, 0).ok()).collect();
        assert_eq!(open.len(), 5);
        for attempt in open {
            attempt.undo();
        }
        assert_eq!(tried(&throttle, PEER, 0), 0, "what was taken back does not count");
    }

    #[test]
    fn a_crowd_has_one_try_each_and_the_owner_comes_in() {
        let throttle = Throttle::default();
        let (home, abroad) = (address(201), address(202));
        throttle.attempt("ada", home, 0).unwrap().succeeded();
        let mut reached = 0;
        for number in 0..2000 {
            let now = 1000 + i64::from(number) * 30;
            reached += u32::from(tried(&throttle, address(number % 200), now) == 0);
            if number == 1900 {
                throttle.attempt("ada", home, now).unwrap().succeeded();
                throttle.attempt("ada", abroad, now).unwrap().succeeded();
            }
        }
        assert!((200..=212).contains(&reached), "{reached}");
        // Whoever slipped once abroad waits a minute at most, and no longer once the crowd has gone.
        assert_eq!(tried(&throttle, address(203), 61_000), 0);
        let wait = tried(&throttle, address(203), 61_000);
        assert!((1..=60).contains(&wait), "{wait}");
        assert_eq!(tried(&throttle, address(203), 121_000), 0);
        assert_eq!(tried(&throttle, home, 121_000), 0);
    }

    #[test]
    fn the_tables_do_not_grow_without_end() {
        let throttle = Throttle::default();
        for i in 0..40_000 {
            throttle.attempt(&i.to_string(), PEER, i).unwrap();
        }
        let accounts = throttle.lock();
        assert!(accounts.all.len() <= MAX_ENTRIES && accounts.visitors.len() <= MAX_ENTRIES);
    }
}
