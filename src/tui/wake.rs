//! What wakes the loop: the terminal, the signals, and the tasks through their messages.

use std::io;

use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::mpsc::UnboundedSender;

use super::input::Answer;
use crate::app::Msg;

/// One reason to wake up.
#[derive(Debug)]
pub(super) enum Wake {
    Message(Msg),
    /// The terminal said something of itself.
    Answer(Answer),
    /// The terminal is gone, or somebody wants the program to end.
    End,
    /// The terminal has another size.
    Resized,
    /// Somebody else sent SIGTSTP.
    Stop,
    /// SIGCONT: the program was stopped and goes on.
    Resumed,
}

/// The signals that are taken in. From the moment this exists none of them ends the program at once.
pub(crate) struct Signals {
    terminate: Signal,
    hang_up: Signal,
    interrupt: Signal,
    resize: Signal,
    stop: Signal,
    resume: Signal,
}

impl Signals {
    /// Needs a runtime to be entered.
    pub(crate) fn new() -> io::Result<Self> {
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

    /// Sends them on until nobody listens.
    pub(super) async fn forward(mut self, sender: UnboundedSender<Wake>) {
        while sender.send(self.next().await).is_ok() {}
    }

    async fn next(&mut self) -> Wake {
        tokio::select! {
            _ = self.terminate.recv() => Wake::End,
            _ = self.hang_up.recv() => Wake::End,
            _ = self.interrupt.recv() => Wake::End,
            _ = self.resize.recv() => Wake::Resized,
            _ = self.stop.recv() => Wake::Stop,
            _ = self.resume.recv() => Wake::Resumed,
        }
    }
}
