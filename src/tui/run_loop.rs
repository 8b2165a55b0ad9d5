//! The loop: wait for a message, take in what has come, draw once.

use crossterm::event::{Event, EventStream};
use futures::{FutureExt, StreamExt};
use jiff::{Timestamp, Zoned};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::time::{Duration, sleep};
use uuid::Uuid;

use super::TuiError;
use super::connection::Connection;
use super::effects::Tasks;
use super::terminal::Terminal;
use crate::app::{Effect, Model, Msg, Stamp, update};

/// What woke the loop.
enum Wake {
    Message(Msg),
    /// The terminal is gone, or somebody wants the program to end.
    End,
    /// Somebody else sent SIGTSTP.
    Stop,
    Nothing,
}

pub(super) async fn run(terminal: &mut Terminal, model: &mut Model, connection: &Connection) -> Result<(), TuiError> {
    let (sender, mut receiver) = unbounded_channel();
    let mut tasks = Tasks::new(connection.clone(), sender);
    let mut events = EventStream::new();
    let mut signals = Signals::new()?;
    take(model, Msg::Start, &mut tasks, terminal)?;
    while !model.wants_quit() {
        terminal.draw(model)?;
        match wake(&mut events, &mut receiver, &mut signals).await {
            Wake::Message(msg) => take(model, msg, &mut tasks, terminal)?,
            Wake::End => return Ok(()),
            Wake::Stop => suspend(model, &mut tasks, terminal)?,
            Wake::Nothing => {}
        }
        drain(model, &mut events, &mut receiver, &mut tasks, terminal)?;
    }
    Ok(())
}

async fn wake(events: &mut EventStream, receiver: &mut UnboundedReceiver<Msg>, signals: &mut Signals) -> Wake {
    tokio::select! {
        event = events.next() => match event {
            Some(Ok(event)) => message(event).map_or(Wake::Nothing, Wake::Message),
            Some(Err(_)) | None => Wake::End,
        },
        Some(msg) = receiver.recv() => Wake::Message(msg),
        () = sleep(to_next_minute()) => Wake::Message(Msg::Minute),
        _ = signals.terminate.recv() => Wake::End,
        _ = signals.hang_up.recv() => Wake::End,
        _ = signals.interrupt.recv() => Wake::End,
        _ = signals.stop.recv() => Wake::Stop,
    }
}

/// Takes in everything that is here already, so that a burst costs one frame.
fn drain(
    model: &mut Model,
    events: &mut EventStream,
    receiver: &mut UnboundedReceiver<Msg>,
    tasks: &mut Tasks,
    terminal: &mut Terminal,
) -> Result<(), TuiError> {
    while !model.wants_quit() {
        if let Ok(msg) = receiver.try_recv() {
            take(model, msg, tasks, terminal)?;
        } else if let Some(Some(Ok(event))) = events.next().now_or_never() {
            if let Some(msg) = message(event) {
                take(model, msg, tasks, terminal)?;
            }
        } else {
            return Ok(());
        }
    }
    Ok(())
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
    let now = Zoned::now();
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
