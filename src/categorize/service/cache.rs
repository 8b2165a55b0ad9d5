//! Answers that need not be asked for again, in memory and bounded.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use uuid::Uuid;

use super::super::merchant_key;

/// Answers that are kept, at most, over all users.
const MOST: usize = 8192;

/// What an answer belongs to: a user, the user's categories, a merchant.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Key {
    user: Uuid,
    categories: u64,
    merchant: String,
}

impl Key {
    /// The key of `description` for a user who has these categories.
    #[must_use]
    pub fn new(user: Uuid, categories: &[String], description: &str) -> Self {
        let mut hash = DefaultHasher::new();
        categories.hash(&mut hash);
        Self {
            user,
            categories: hash.finish(),
            merchant: merchant_key(description),
        }
    }

    /// What questions have in common that can be asked together.
    #[must_use]
    pub fn group(&self) -> (Uuid, u64) {
        (self.user, self.categories)
    }
}

/// The answers, by two generations: what is not asked for while the younger one fills up is forgotten.
pub struct Cache<V> {
    young: HashMap<Key, V>,
    old: HashMap<Key, V>,
    most: usize,
}

impl<V> Default for Cache<V> {
    fn default() -> Self {
        Self::holding(MOST)
    }
}

impl<V> Cache<V> {
    /// A cache of at most `most` answers.
    #[must_use]
    pub fn holding(most: usize) -> Self {
        Self {
            young: HashMap::new(),
            old: HashMap::new(),
            most,
        }
    }

    /// The answer that is known.
    pub fn get(&mut self, key: &Key) -> Option<&V> {
        if let Some(value) = self.old.remove(key) {
            self.put(key.clone(), value);
        }
        self.young.get(key)
    }

    /// Keeps an answer.
    pub fn put(&mut self, key: Key, value: V) {
        if self.young.len() * 2 >= self.most {
            self.old = std::mem::take(&mut self.young);
        }
        self.old.remove(&key);
        self.young.insert(key, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(user: u128, categories: &[&str], description: &str) -> Key {
        let categories: Vec<String> = categories.iter().map(|name| (*name).to_owned()).collect();
        Key::new(Uuid::from_u128(user), &categories, description)
    }

    #[test]
    fn one_merchant_of_one_user_with_the_same_categories_is_asked_about_once() {
        let mut cache = Cache::default();
        cache.put(key(1, &["Fun", "Food"], "SQ *BLUE BOTTLE 0421 OAKLAND CA"), "Food");
        assert_eq!(cache.get(&key(1, &["Fun", "Food"], "Blue Bottle")), Some(&"Food"));
        assert_eq!(cache.get(&key(2, &["Fun", "Food"], "Blue Bottle")), None);
        assert_eq!(cache.get(&key(1, &["Fun", "Meals"], "Blue Bottle")), None);
        assert_eq!(cache.get(&key(1, &["Fun", "Food"], "Red Bottle")), None);
    }

    #[test]
    fn it_stays_small_and_keeps_what_is_used() {
        let mut cache = Cache::holding(8);
        let wanted = key(1, &[], "kept");
        cache.put(wanted.clone(), 0);
        for number in 0..100_u32 {
            cache.put(
                key(1, &[], &format!("shop {}", char::from_u32(0x4e00 + number).unwrap())),
                1,
            );
            assert_eq!(cache.get(&wanted), Some(&0), "{number}");
            assert!(cache.young.len() + cache.old.len() <= 8);
        }
    }
}
