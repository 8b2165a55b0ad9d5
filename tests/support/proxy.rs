//! A server between the program and a real one, which turns hostile and honest again at the test's word.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use url::Url;

use super::hostile::{Hostile, Step};

/// The running proxy; it ends when dropped.
pub struct Proxy {
    hostile: Hostile,
    honest: Vec<Step>,
    present: Arc<Mutex<Vec<Step>>>,
}

impl Proxy {
    /// In front of the server at `url`; texts in its answers are replaced by others.
    pub fn to(url: &str, replaced: &[(&str, &str)]) -> Self {
        let url: Url = url.parse().unwrap();
        let server = SocketAddr::new(url.host_str().unwrap().parse().unwrap(), url.port().unwrap());
        let replaced = replaced.iter().map(|(from, to)| ((*from).to_owned(), (*to).to_owned()));
        let honest = vec![Step::Forward(server, replaced.collect())];
        let present = Arc::new(Mutex::new(honest.clone()));
        let shared = Arc::clone(&present);
        let hostile = Hostile::start(move |_| shared.lock().unwrap().clone());
        Self {
            hostile,
            honest,
            present,
        }
    }

    pub fn url(&self) -> &Url {
        &self.hostile.url
    }

    /// Every answer consists of these steps from now on.
    pub fn answer(&self, steps: Vec<Step>) {
        *self.present.lock().unwrap() = steps;
    }

    /// Every answer is the real server's again.
    pub fn be_honest(&self) {
        self.answer(self.honest.clone());
    }
}
