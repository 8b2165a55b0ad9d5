//! The dashboard in words, for screen readers and terminals that cannot place a cursor: one thing a line, a prompt
//! that takes commands, and what happens meanwhile as it happens. In a pipe it reads commands until its input ends.
//!
//! Nothing here draws, moves or rewrites: every byte goes to the end of what was said before.

mod command;
mod deeds;
mod desk;
mod lines;
mod news;
mod words;

use std::io::{self, IsTerminal};
use std::time::Duration;

use futures::StreamExt;
use thiserror::Error;
use tokio::runtime;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::AbortHandle;
use tokio::time::{Instant, sleep, sleep_until};

use crate::api::{Between, Failure, Reopening};
use crate::client::{Client, News};
use crate::config::Settings;
use command::Command;
use desk::{Desk, Trouble};
use lines::{Lines, Voice};

const PROMPT: &str = "> ";

/// Why the conversation did not begin.
#[derive(Debug, Error)]
pub enum PlainError {
    /// The runtime or the signals.
    #[error("This computer refused: {0}.")]
    Io(#[from] io::Error),
    /// The configuration, or a server that does not start; the sentence says what to do.
    #[error("{0}")]
    Said(String),
}

/// How a conversation ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Ended {
    /// A person left, or every line of a script did what it said.
    Well,
    /// A line of a script did not; the standard error says which.
    WithTrouble,
}

/// Talks until the user leaves or the input ends. Starts its own runtime.
///
/// # Errors
/// [`PlainError`] when the configuration cannot be read or the embedded server does not start.
pub fn run(settings: &Settings) -> Result<Ended, PlainError> {
    let runtime = runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    let ended = runtime.block_on(converse(settings));
    // The thread that waits for a line cannot be waited for.
    runtime.shutdown_background();
    ended
}

async fn converse(settings: &Settings) -> Result<Ended, PlainError> {
    let mut signals = Signals::new()?;
    let (mut lines, mut voice) = (Lines::start(), Voice::default());
    let desk = Desk::open(settings.clone()).await;
    let mut desk = desk.map_err(|trouble| PlainError::Said(sentence(&trouble)))?;
    let ended = tokio::select! {
        ended = talk(&mut desk, &mut lines, &mut voice) => ended,
        () = signals.end() => {
            // The shell's prompt gets a line of its own.
            if lines.is_terminal {
                voice.tell("");
            }
            Ended::Well
        }
    };
    desk.close().await;
    Ok(ended)
}

async fn talk(desk: &mut Desk, lines: &mut Lines, voice: &mut Voice) -> Ended {
    let prompts = lines.is_terminal && io::stdout().is_terminal();
    let mut ended = Ended::Well;
    let mut watch = Watch::default();
    if lines.is_terminal {
        greet(desk, voice).await;
    }
    while !voice.is_closed {
        watch.follow(desk);
        desk.remarks.drain(..).for_each(|line| voice.tell(&line));
        if prompts {
            voice.prompt(PROMPT);
        }
        let Some(line) = listen(desk, lines, voice, &mut watch, prompts).await else {
            if prompts {
                voice.tell("");
            }
            break;
        };
        voice.answered();
        let line_number = lines.count;
        let command = command::parse(&line);
        if command == Ok(Command::Quit) {
            break;
        }
        let told = match command {
            Ok(command) => desk.perform(command, lines, voice).await,
            Err(advice) => Err(Trouble::Said(advice)),
        };
        match told {
            Ok(told) => told.iter().for_each(|line| voice.tell(line)),
            Err(trouble) => {
                if lines.is_terminal {
                    voice.complain(&sentence(&trouble));
                } else {
                    voice.complain(&format!("Line {line_number}: {}", sentence(&trouble)));
                    ended = Ended::WithTrouble;
                }
            }
        }
    }
    ended
}

/// The first words to a person.
async fn greet(desk: &mut Desk, voice: &mut Voice) {
    voice.tell(concat!(
        "Budget Tracker ",
        env!("CARGO_PKG_VERSION"),
        ". help lists the commands, quit leaves."
    ));
    if desk.session.is_none() {
        voice.tell("You are not logged in. Type login, signup, or demo for sample data.");
        return;
    }
    match desk.overview().await {
        Ok(told) => told.iter().for_each(|line| voice.tell(line)),
        Err(trouble) => voice.complain(&sentence(&trouble)),
    }
}

/// Waits for a line, and tells what happens meanwhile.
async fn listen(
    desk: &mut Desk,
    lines: &mut Lines,
    voice: &mut Voice,
    watch: &mut Watch,
    prompts: bool,
) -> Option<String> {
    loop {
        let next_look = Instant::now() + desk.pause();
        let is_user = desk.session.is_some();
        tokio::select! {
            biased;
            line = lines.next() => return line,
            heard = watch.next(), if is_user => {
                desk.live = heard != Heard::Lost;
                if heard == Heard::Open || desk.revision().is_some_and(|seen| heard == Heard::Revision(seen)) {
                    continue;
                }
            }
            () = sleep_until(next_look), if is_user => {}
        }
        let news = desk.look_round().await;
        watch.looked(desk.is_answered());
        if news.is_empty() {
            continue;
        }
        for line in &news {
            voice.tell(line);
        }
        if prompts {
            voice.prompt(PROMPT);
        }
    }
}

fn sentence(trouble: &Trouble) -> String {
    match trouble {
        Trouble::Said(why) => why.clone(),
        Trouble::Failed(failure) => desk::told(failure),
    }
}

/// The event stream of whoever is logged in.
#[derive(Default)]
struct Watch {
    /// For which log-in it is open.
    entered: Option<u64>,
    task: Option<AbortHandle>,
    heard: Option<UnboundedReceiver<Heard>>,
    /// Whether the looks at the server are answered.
    looks: Option<UnboundedSender<bool>>,
}

impl Watch {
    /// Follows another user when another one has logged in.
    fn follow(&mut self, desk: &Desk) {
        let entered = desk.session.as_ref().map(|_| desk.entered);
        if entered == self.entered {
            return;
        }
        if let Some(task) = self.task.take() {
            task.abort();
        }
        self.heard = None;
        self.looks = None;
        if entered.is_some() {
            let (sender, receiver) = unbounded_channel();
            let (looked, looks) = unbounded_channel();
            let watching = watch(desk.client(), desk.revision(), sender, looks);
            self.task = Some(tokio::spawn(watching).abort_handle());
            self.heard = Some(receiver);
            self.looks = Some(looked);
        }
        self.entered = entered;
    }

    /// The server was looked at, and answered or not.
    fn looked(&self, answered: bool) {
        if let Some(looks) = &self.looks {
            // Where there is no stream, nobody listens.
            let _ = looks.send(answered);
        }
    }

    /// What the stream tells next. Never anything, where there is none.
    async fn next(&mut self) -> Heard {
        match self.heard.as_mut() {
            Some(heard) => match heard.recv().await {
                Some(heard) => heard,
                None => std::future::pending().await,
            },
            None => std::future::pending().await,
        }
    }
}

/// What the event stream tells.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Heard {
    /// It is open.
    Open,
    /// The user's data has this revision now.
    Revision(i64),
    /// It broke off; polling covers the time until it is open again.
    Lost,
}

async fn watch(
    client: Client,
    mut known: Option<i64>,
    sender: UnboundedSender<Heard>,
    mut looks: UnboundedReceiver<bool>,
) {
    let mut again = Reopening::default();
    loop {
        let mut events = client.events(known);
        let (mut opened, mut why) = (None, None);
        while let Some(event) = events.next().await {
            let heard = match event {
                Ok(News::Open) => {
                    opened = Some(Instant::now());
                    Heard::Open
                }
                Ok(News::Revision(revision)) => {
                    known = Some(revision);
                    Heard::Revision(revision)
                }
                // There is no stream: then the server is polled.
                Err(Failure::Unsupported(_)) => return,
                Err(failure) => {
                    why = Some(failure);
                    break;
                }
            };
            if sender.send(heard).is_err() {
                return;
            }
        }
        if opened.is_some() && sender.send(Heard::Lost).is_err() {
            return;
        }
        // What was seen while the stream was open says nothing about now.
        while looks.try_recv().is_ok() {}
        let pause = again.lost(opened.map(|opened| opened.elapsed()), why.as_ref());
        rest(pause, &mut again, &mut looks).await;
    }
}

/// Waits until it is time to open the stream again: sooner, when a look at the server is answered meanwhile.
async fn rest(pause: Between, again: &mut Reopening, looks: &mut UnboundedReceiver<bool>) {
    let end = sleep(any_of(pause));
    tokio::pin!(end);
    loop {
        tokio::select! {
            () = &mut end => return,
            Some(answered) = looks.recv() => {
                if !answered {
                    again.server_is_away();
                } else if let Some(soon) = again.server_answers() {
                    let sooner = (Instant::now() + any_of(soon)).min(end.deadline());
                    end.as_mut().reset(sooner);
                }
            }
        }
    }
}

/// Any length between two, each as likely.
fn any_of((least, most): Between) -> Duration {
    least + most.saturating_sub(least).mul_f64(rand::random::<f64>())
}

/// What ends the program in order.
struct Signals([Signal; 3]);

impl Signals {
    fn new() -> io::Result<Self> {
        Ok(Self([
            signal(SignalKind::interrupt())?,
            signal(SignalKind::terminate())?,
            signal(SignalKind::hangup())?,
        ]))
    }

    async fn end(&mut self) {
        let [interrupt, terminate, hang_up] = &mut self.0;
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
            _ = hang_up.recv() => {}
        }
    }
}
