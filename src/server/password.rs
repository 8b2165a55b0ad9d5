//! Password hashing: argon2id on the blocking pool, never more at once than there are cores.

mod memory;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use argon2::password_hash::phc::{Output, ParamsString, PasswordHash, Salt};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use secrecy::{ExposeSecret, SecretString};
use thiserror::Error;
use tokio::sync::Semaphore;

use memory::Memory;

/// Memory in KiB, passes and lanes: the first choice of the OWASP Password Storage Cheat Sheet.
const MEMORY_KIB: u32 = 47_104;
const PASSES: u32 = 1;
const LANES: u32 = 1;

/// Callers that may wait for a core; each running hash takes 46 MiB.
const MAX_WAITING: usize = 32;

/// A hash that no password has, checked when the user is unknown so that both cases take as long.
const NOBODY: &str =
    "$argon2id$v=19$m=47104,t=1,p=1$bm9ib2R5bm9ib2R5bm9ib2R5$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Why nothing was hashed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum PasswordError {
    /// Too many callers wait already.
    #[error("too many passwords wait to be checked")]
    Busy,
    /// The hash function failed.
    #[error("a password could not be hashed")]
    Failed,
}

/// What a check found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Not the password.
    Wrong,
    /// The password.
    Right,
    /// The password; its hash is weaker than hashes made today.
    RightButWeak,
}

/// Hashes and checks passwords.
pub struct Hasher {
    cores: Arc<Semaphore>,
    most: usize,
    waiting: AtomicUsize,
    runs: AtomicU64,
    memory: Memory,
}

impl Default for Hasher {
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self {
            cores: Arc::new(Semaphore::new(cores)),
            most: cores,
            waiting: AtomicUsize::new(0),
            runs: AtomicU64::new(0),
            memory: Memory::default(),
        }
    }
}

impl Hasher {
    /// How many passwords were hashed or checked so far.
    #[must_use]
    pub fn runs(&self) -> u64 {
        self.runs.load(Ordering::Relaxed)
    }

    /// The PHC string of `password`.
    pub async fn hash(&self, password: SecretString) -> Result<String, PasswordError> {
        self.run(move |memory| hash(password.expose_secret(), memory)).await?
    }

    /// Checks `password` against a PHC string; `None` stands for a user who does not exist.
    pub async fn verify(&self, password: SecretString, phc: Option<String>) -> Result<Verdict, PasswordError> {
        self.run(move |memory| {
            let Some(phc) = phc else {
                verify(password.expose_secret(), NOBODY, memory);
                return Verdict::Wrong;
            };
            verify(password.expose_secret(), &phc, memory)
        })
        .await
    }

    /// How many passwords wait for a core, and how many are on one.
    #[must_use]
    pub fn queue(&self) -> (usize, usize) {
        let running = self.most - self.cores.available_permits().min(self.most);
        (self.waiting.load(Ordering::Relaxed), running)
    }

    async fn run<R: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Vec<Block>) -> R + Send + 'static,
    ) -> Result<R, PasswordError> {
        let place = Waiting::enter(&self.waiting)?;
        let permit = Arc::clone(&self.cores).acquire_owned().await;
        drop(place);
        let permit = permit.map_err(|_| PasswordError::Failed)?;
        self.runs.fetch_add(1, Ordering::Relaxed);
        let memory = self.memory.clone();
        // The permit goes along: a caller who gives up must not make room while the hash still runs.
        tokio::task::spawn_blocking(move || {
            let result = memory.with(work);
            drop(permit);
            result
        })
        .await
        .map_err(|_| PasswordError::Failed)
    }
}

/// A place in the queue, given back when the caller goes on or gives up.
struct Waiting<'a>(&'a AtomicUsize);

impl<'a> Waiting<'a> {
    fn enter(count: &'a AtomicUsize) -> Result<Self, PasswordError> {
        let before = count.fetch_add(1, Ordering::Relaxed);
        let place = Self(count);
        if before >= MAX_WAITING {
            Err(PasswordError::Busy)
        } else {
            Ok(place)
        }
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

fn params() -> Result<Params, PasswordError> {
    Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(|_| PasswordError::Failed)
}

fn hash(password: &str, memory: &mut Vec<Block>) -> Result<String, PasswordError> {
    let (algorithm, version, params) = (Algorithm::Argon2id, Version::V0x13, params()?);
    let salt = Salt::generate();
    let argon2 = Argon2::new(algorithm, version, params.clone());
    let phc = PasswordHash {
        algorithm: algorithm.ident(),
        version: Some(version.into()),
        params: ParamsString::try_from(&params).map_err(|_| PasswordError::Failed)?,
        hash: Some(digest(&argon2, password, &salt, memory).ok_or(PasswordError::Failed)?),
        salt: Some(salt),
    };
    Ok(phc.to_string())
}

fn verify(password: &str, phc: &str, memory: &mut Vec<Block>) -> Verdict {
    let Ok(parsed) = PasswordHash::new(phc) else {
        return Verdict::Wrong;
    };
    match matches(password, &parsed, memory) {
        Some(used) if used.m_cost() >= MEMORY_KIB && used.t_cost() >= PASSES && used.p_cost() >= LANES => {
            Verdict::Right
        }
        Some(_) => Verdict::RightButWeak,
        None => Verdict::Wrong,
    }
}

/// The parameters of the hash, if this is its password.
fn matches(password: &str, phc: &PasswordHash, memory: &mut Vec<Block>) -> Option<Params> {
    let algorithm = Algorithm::try_from(phc.algorithm.as_str()).ok()?;
    let version = phc.version.map_or(Ok(Version::default()), Version::try_from).ok()?;
    let params = Params::try_from(phc).ok()?;
    let argon2 = Argon2::new(algorithm, version, params.clone());
    // Both are compared in constant time.
    (digest(&argon2, password, phc.salt.as_ref()?, memory)? == phc.hash?).then_some(params)
}

/// The hash alone, made in this memory; more is taken where it is too small.
fn digest(argon2: &Argon2<'_>, password: &str, salt: &Salt, memory: &mut Vec<Block>) -> Option<Output> {
    let (params, mut bytes) = (argon2.params(), [0; Output::MAX_LENGTH]);
    let bytes = bytes.get_mut(..params.output_len().unwrap_or(Params::DEFAULT_OUTPUT_LEN))?;
    if memory.len() < params.block_count() {
        memory.resize(params.block_count(), Block::new());
    }
    argon2
        .hash_password_into_with_memory(password.as_bytes(), salt, bytes, memory)
        .ok()?;
    Output::new(bytes).ok()
}

#[cfg(test)]
mod tests {
    use argon2::password_hash::{PasswordHasher, PasswordVerifier};

    use super::*;

    fn hash(password: &str) -> String {
        super::hash(password, &mut Vec::new()).unwrap()
    }

    fn verify(password: &str, phc: &str) -> Verdict {
        super::verify(password, phc, &mut Vec::new())
    }

    #[test]
    fn a_hash_knows_its_password() {
        let phc = hash("kitchen lamp nine");
        let parsed = PasswordHash::new(&phc).unwrap();
        assert!(Argon2::default().verify_password(b"kitchen lamp nine", &parsed).is_ok());
        assert!(phc.starts_with("$argon2id$v=19$m=47104,t=1,p=1$"));
        assert_eq!(verify("kitchen lamp nine", &phc), Verdict::Right);
        assert_eq!(verify("kitchen lamp ten", &phc), Verdict::Wrong);
        assert_eq!(verify("anything", "not a hash"), Verdict::Wrong);
    }

    #[test]
    fn a_weak_hash_is_told_apart() {
        let weak = Argon2::new(
            Algorithm::Argon2id,
            Version::V0x13,
            Params::new(8192, 1, 1, None).unwrap(),
        )
        .hash_password(b"kitchen lamp nine")
        .unwrap()
        .to_string();
        assert_eq!(verify("kitchen lamp nine", &weak), Verdict::RightButWeak);
    }

    #[test]
    fn nobody_costs_what_somebody_costs() {
        let parsed = PasswordHash::new(NOBODY).unwrap();
        let used = Params::try_from(&parsed).unwrap();
        assert_eq!(
            (used.m_cost(), used.t_cost(), used.p_cost()),
            (MEMORY_KIB, PASSES, LANES)
        );
        assert_eq!(verify("", NOBODY), Verdict::Wrong);
    }

    #[tokio::test]
    async fn a_full_queue_is_told() {
        let hasher = Hasher {
            cores: Arc::new(Semaphore::new(0)),
            most: 0,
            waiting: AtomicUsize::new(MAX_WAITING),
            runs: AtomicU64::new(0),
            memory: Memory::default(),
        };
        assert_eq!(hasher.hash("x".into()).await, Err(PasswordError::Busy));
        assert_eq!(hasher.waiting.load(Ordering::Relaxed), MAX_WAITING);
    }
}
