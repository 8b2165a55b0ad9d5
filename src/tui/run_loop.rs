//! The loop: wait for a message, take in what has come, draw once.

use std::io;
use std::thread;

use crossterm::event::{Event, EventStream};
use futures::StreamExt;
use jiff::Timestamp;
use rustix::event::{PollFd, PollFlags, poll};
use rustix::io::Errno;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::sync::oneshot;
use tokio::time::{Duration, sleep};
use uuid::Uuid;

use super::TuiError;
use super::connection::Connection;
use super::effects::Tasks;
use super::terminal::{self, Terminal};
use crate::app::{Effect, Model, Msg, Stamp, update};
use crate::zone;

/// What woke the loop.
enum Wake {
    Message(Msg),
    /// The terminal is gone, or somebody wants the program to end.
    End,
    /// The terminal has another size.
    Resized,
    /// Somebody else sent SIGTSTP.
    Stop,
    /// SIGCONT: the program was stopped and goes on.
    Resumed,
}

pub(super) async fn run(
    terminal: &mut Terminal,
    model: &mut Model,
    connection: &Connection,
    mut signals: Signals,
) -> Result<(), TuiError> {
    let (sender, mut receiver) = unbounded_channel();
    let mut tasks = Tasks::new(connection.clone(), sender);
    let mut input = read_terminal();
    take(model, Msg::Start, &mut tasks, terminal)?;
    while !model.wants_quit() {
        terminal.draw(model)?;
        match wake(&mut input, &mut receiver, &mut signals).await {
            Wake::Message(msg) => take(model, msg, &mut tasks, terminal)?,
            Wake::End => return Ok(()),
            Wake::Resized => resize(model, &mut tasks, terminal)?,
            Wake::Stop => terminal::suspend()?,
            Wake::Resumed => {
                terminal.resume()?;
                resize(model, &mut tasks, terminal)?;
                take(model, Msg::Resumed, &mut tasks, terminal)?;
            }
        }
        // Everything that is here already is taken in first, so that a burst costs one frame.
        while let (false, Ok(msg)) = (model.wants_quit(), input.try_recv().or_else(|_| receiver.try_recv())) {
            take(model, msg, &mut tasks, terminal)?;
        }
    }
    Ok(())
}

/// Reads the terminal in a task of its own; the channel closes when the terminal is gone.
///
/// The stream must be polled by one task only: it remembers the first waker it was given.
fn read_terminal() -> UnboundedReceiver<Msg> {
    let (sender, receiver) = unbounded_channel();
    let (hung_up, mut gone) = oneshot::channel();
    thread::spawn(move || {
        if wait_for_hang_up() {
            let _ = hung_up.send(());
        }
    });
    tokio::spawn(async move {
        let mut events = EventStream::new();
        loop {
            let event = tokio::select! {
                event = events.next() => event,
                Ok(()) = &mut gone => return,
            };
            let Some(Ok(event)) = event else { return };
            if message(event).is_some_and(|msg| sender.send(msg).is_err()) {
                return;
            }
        }
    });
    receiver
}

/// Waits until the other end of the terminal is closed; whether it was.
///
/// A terminal that controls this program sends SIGHUP; of any other, the event stream never tells.
fn wait_for_hang_up() -> bool {
    let stdin = io::stdin();
    loop {
        // Hanging up is reported without being asked for.
        let mut watched = [PollFd::new(&stdin, PollFlags::empty())];
        match poll(&mut watched, None) {
            Err(Errno::INTR) => {}
            Ok(_) => return watched[0].revents().intersects(PollFlags::HUP | PollFlags::ERR),
            Err(_) => return false,
        }
    }
}

async fn wake(
    input: &mut UnboundedReceiver<Msg>,
    receiver: &mut UnboundedReceiver<Msg>,
    signals: &mut Signals,
) -> Wake {
    tokio::select! {
        msg = input.recv() => msg.map_or(Wake::End, Wake::Message),
        Some(msg) = receiver.recv() => Wake::Message(msg),
        () = sleep(to_next_minute()) => Wake::Message(Msg::Minute),
        _ = signals.terminate.recv() => Wake::End,
        _ = signals.hang_up.recv() => Wake::End,
        _ = signals.interrupt.recv() => Wake::End,
        _ = signals.resize.recv() => Wake::Resized,
        _ = signals.stop.recv() => Wake::Stop,
        _ = signals.resume.recv() => Wake::Resumed,
    }
}

fn take(model: &mut Model, msg: Msg, tasks: &mut Tasks, terminal: &mut Terminal) -> Result<(), TuiError> {
    for effect in update(model, msg, stamp()) {
        match effect {
            Effect::Call { id, slot, call } => tasks.call(id, slot, call),
            Effect::Cancel(slot) => tasks.cancel(slot),
            Effect::Wait { timer, after, jitter } => tasks.wait(timer, after, jitter),
            Effect::Stop(timer) => tasks.stop(timer),
            Effect::OpenStream => tasks.open_stream(),
            Effect::CloseStream => tasks.close_stream(),
            Effect::ForgetSession => tasks.forget_session(),
            Effect::Copy(text) => terminal::copy(&text)?,
            Effect::Redraw => terminal.redraw()?,
            Effect::Suspend => terminal::suspend()?,
            Effect::Quit => {}
        }
    }
    Ok(())
}

fn resize(model: &mut Model, tasks: &mut Tasks, terminal: &mut Terminal) -> Result<(), TuiError> {
    let (columns, rows) = terminal.size()?;
    take(model, Msg::Resize(columns, rows), tasks, terminal)
}

fn stamp() -> Stamp {
    let now = zone::now();
    Stamp {
        unix_ms: now.timestamp().as_millisecond(),
        local: now.datetime(),
        id: Uuid::now_v7(),
    }
}

fn message(event: Event) -> Option<Msg> {
    match event {
        Event::Key(key) => Some(Msg::Key(key)),
        Event::Paste(text) => Some(Msg::Paste(text)),
        Event::FocusGained => Some(Msg::Focus(true)),
        Event::FocusLost => Some(Msg::Focus(false)),
        // Resizing has a signal of its own, which comes even while half a key sequence is being read.
        Event::Mouse(_) | Event::Resize(..) => None,
    }
}

/// The clock in the header shows minutes.
fn to_next_minute() -> Duration {
    let into = Timestamp::now().as_millisecond().rem_euclid(60_000);
    Duration::from_millis(u64::try_from(60_000 - into).unwrap_or(60_000))
}

/// The signals that are taken in. From the moment this exists none of them ends the program at once.
pub(super) struct Signals {
    terminate: Signal,
    hang_up: Signal,
    interrupt: Signal,
    resize: Signal,
    stop: Signal,
    resume: Signal,
}

impl Signals {
    /// Needs a runtime to be entered.
    pub(super) fn new() -> io::Result<Self> {
        // The numbers of these two differ between Linux, the BSDs and macOS.
        let raw = |of: rustix::process::Signal| signal(SignalKind::from_raw(of.as_raw()));
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            hang_up: signal(SignalKind::hangup())?,
            interrupt: signal(SignalKind::interrupt())?,
            resize: signal(SignalKind::window_change())?,
            stop: raw(rustix::process::Signal::TSTP)?,
            resume: raw(rustix::process::Signal::CONT)?,
        })
    }
}
