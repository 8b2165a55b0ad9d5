//! Whether a summary knows how many expenses there are.

use std::time::Instant;

use budget_tracker::client::Client;
use budget_tracker::config::{Sessions, Target};
use budget_tracker::server::embedded;

use super::home::Home;
use super::{Outcome, median};

/// A summary over a million expenses against one over a thousand, asked in turn.
pub fn summaries() -> Outcome {
    let homes = [Home::with(1000)?, Home::with(1_000_000)?];
    let mut clients = Vec::new();
    for home in &homes {
        let session = Sessions::new(home.config().join("session.toml")).get(&Target::Embedded)?;
        let token = session.map(|session| session.token);
        let server = home.client_of.block_on(embedded::start(&home.data()))?;
        clients.push((home, Client::new(server.base_url.clone(), token)?, server));
    }
    let mut times = [Vec::new(), Vec::new()];
    for round in 0..1200 {
        for (which, (home, client, _)) in clients.iter().enumerate() {
            let start = Instant::now();
            home.client_of.block_on(client.summary(None))?;
            if round >= 200 {
                times[which].push(start.elapsed());
            }
        }
    }
    let [small, large] = times.map(median);
    println!(
        "summary over HTTP  {large:7.3} ms with 1,000,000 expenses   {small:.3} ms with 1,000   ratio {:.2}",
        large / small
    );
    for (home, _, server) in clients {
        home.client_of.block_on(server.shutdown());
    }
    Ok(())
}
