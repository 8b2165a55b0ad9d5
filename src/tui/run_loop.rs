//! The loop: wait for a message, take in what has come, draw once.

use crossterm::event::{Event, EventStream};
use futures::StreamExt;
use jiff::Timestamp;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::time::{Duration, sleep};
use uuid::Uuid;

use super::TuiError;
use super::connection::Connection;
use super::effects::Tasks;
use super::terminal::Terminal;
use crate::app::{Effect, Model, Msg, Stamp, update};
use crate::zone;

/// What woke the loop.
enum Wake {
    Message(Msg),
    /// The terminal is gone, or somebody wants the program to end.
    End,
    /// Somebody else sent SIGTSTP.
    Stop,
}

pub(super) async fn run(terminal: &mut Terminal, model: &mut Model, connection: &Connection) -> Result<(), TuiError> {
    let (sender, mut receiver) = unbounded_channel();
    let mut tasks = Tasks::new(connection.clone(), sender);
    let mut input = read_terminal();
    let mut signals = Signals::new()?;
    take(model, Msg::Start, &mut tasks, terminal)?;
    while !model.wants_quit() {
        terminal.draw(model)?;
        match wake(&mut input, &mut receiver, &mut signals).await {
            Wake::Message(msg) => take(model, msg, &mut tasks, terminal)?,
            Wake::End => return Ok(()),
            Wake::Stop => suspend(model, &mut tasks, terminal)?,
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
    tokio::spawn(async move {
        let mut events = EventStream::new();
        while let Some(Ok(event)) = events.next().await {
            if message(event).is_some_and(|msg| sender.send(msg).is_err()) {
                return;
            }
        }
    });
    receiver
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
        _ = signals.stop.recv() => Wake::Stop,
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
            Effect::Redraw => terminal.redraw()?,
            Effect::Suspend => suspend(model, tasks, terminal)?,
            Effect::Quit => {}
        }
    }
    Ok(())
}

fn suspend(model: &mut Model, tasks: &mut Tasks, terminal: &mut Terminal) -> Result<(), TuiError> {
    terminal.suspend()?;
    let (columns, rows) = terminal.size()?;
    take(model, Msg::Resize(columns, rows), tasks, terminal)?;
    take(model, Msg::Resumed, tasks, terminal)
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
        Event::Resize(columns, rows) => Some(Msg::Resize(columns, rows)),
        Event::FocusGained => Some(Msg::Focus(true)),
        Event::FocusLost => Some(Msg::Focus(false)),
        Event::Mouse(_) => None,
    }
}

/// The clock in the header shows minutes.
fn to_next_minute() -> Duration {
    let into = Timestamp::now().as_millisecond().rem_euclid(60_000);
    Duration::from_millis(u64::try_from(60_000 - into).unwrap_or(60_000))
}

struct Signals {
    terminate: Signal,
    hang_up: Signal,
    interrupt: Signal,
    stop: Signal,
}

impl Signals {
    fn new() -> std::io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            hang_up: signal(SignalKind::hangup())?,
            interrupt: signal(SignalKind::interrupt())?,
            // SIGTSTP is 20 on Linux and 18 on the BSDs and macOS.
            stop: signal(SignalKind::from_raw(rustix::process::Signal::TSTP.as_raw()))?,
        })
    }
}
