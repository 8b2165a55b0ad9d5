//! A server that nobody asks anything, how soon it is there, and what a log-in costs.

use std::time::{Duration, Instant};

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use budget_tracker::server::store::AtClose;

use super::data::{self, Folder};
use super::http::Connection;
use super::process::{self, Server};
use super::report::{Goal, count, figure, judged, median, percentile};
use super::summary::quiet;
use super::{Options, Outcome, http, load};

const ROWS: u32 = 1_000_000;
const PASSWORD: &str = "kitchen lamp nine";

pub fn idle(options: &Options) -> Outcome {
    let (folder, runtime) = (Folder::new()?, load::runtime()?);
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(47_104, 1, 1, None)?);
    let phc = argon2.hash_password(PASSWORD.as_bytes())?.to_string();
    let file = folder.file("served.db");
    let stored = phc.clone();
    let user = runtime.block_on(async {
        let store = data::open(&file)?;
        let user = store.write(move |tx| data::user(tx, "ada", &stored)).await?;
        store.close(AtClose::EmptyLog).await;
        Outcome::Ok(user)
    })?;
    let rows = if options.quick { 10_000 } else { ROWS };
    data::fill(&file, &user, rows)?;
    let filled = data::open(&file)?;
    runtime.block_on(filled.close(AtClose::EmptyLog));

    let (mut starts, mut resident) = (Vec::new(), Vec::new());
    for _ in 0..options.windows(9) {
        let begun = Instant::now();
        let server = Server::start(&folder, "served.db")?;
        runtime.block_on(ready(&server))?;
        starts.push(begun.elapsed());
        if resident.len() < 3 {
            quiet(&server)?;
            resident.push(server.resident()?);
        }
    }
    judged(
        &format!("from its start to ready, {rows} expenses"),
        percentile(&mut starts, 50),
        "ms",
        &Goal::AtMost(150.0),
    );
    judged("memory of an idle server", median(resident), "MiB", &Goal::AtMost(20.0));
    log_ins(options, &folder, &runtime, &phc)
}

async fn ready(server: &Server) -> Outcome {
    let status = Connection::open(server.address)
        .await?
        .ask(&http::get("/readyz", None))
        .await?;
    if status == 200 {
        Ok(())
    } else {
        Err(format!("not ready: {status}").into())
    }
}

/// Processor time of a log-in beside that of the check of its password alone.
fn log_ins(options: &Options, folder: &Folder, runtime: &tokio::runtime::Runtime, phc: &str) -> Outcome {
    let server = Server::start(folder, "served.db")?;
    quiet(&server)?;
    let request = http::post(
        "/v1/login",
        None,
        &format!(r#"{{"name":"ada","password":"{PASSWORD}"}}"#),
    );
    let each = if options.quick { 5 } else { 25 };
    let parsed = PasswordHash::new(phc)?;
    let (mut bare, mut ours) = (Vec::new(), Vec::new());
    for _ in 0..options.windows(5) {
        let before = process::cpu("self")?;
        for _ in 0..each {
            Argon2::default().verify_password(PASSWORD.as_bytes(), &parsed)?;
        }
        bare.push(ms(process::cpu("self")?.saturating_sub(before)) / count(each));
        let before = server.cpu()?;
        runtime.block_on(async {
            let mut connection = Connection::open(server.address).await?;
            for _ in 0..each {
                let status = connection.ask(&request).await?;
                if status != 200 {
                    return Err(format!("the log-in answered {status}").into());
                }
            }
            Outcome::Ok(())
        })?;
        ours.push(ms(server.cpu()?.saturating_sub(before)) / count(each));
    }
    let (bare, ours) = (median(bare), median(ours));
    figure("processor time of the bare password check", bare, "ms");
    figure("processor time of the server for a log-in", ours, "ms");
    judged(
        "a log-in, times its password check",
        ours / bare,
        "",
        &Goal::AtMost(1.15),
    );
    Ok(())
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}
