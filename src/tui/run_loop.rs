//! The loop: wait for a message, take in what has come, draw once.

use jiff::Timestamp;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::time::{Duration, sleep};
use uuid::Uuid;

use super::TuiError;
use super::connection::Connection;
use super::effects::Tasks;
use super::screen::Screen;
use super::wake::Wake;
use crate::app::{Effect, Model, Msg, Stamp, update};
use crate::zone;

/// Runs until the user leaves or `input` ends.
pub(super) async fn run<S: Screen>(
    screen: &mut S,
    model: &mut Model,
    connection: &Connection,
    mut input: UnboundedReceiver<Wake>,
) -> Result<(), TuiError> {
    let (sender, mut answers) = unbounded_channel();
    let mut shell = Loop {
        screen,
        model,
        tasks: Tasks::new(connection.clone(), sender),
        over: false,
    };
    shell.take(Msg::Start)?;
    while !shell.is_over() {
        shell.screen.draw(shell.model)?;
        let woken = wake(&mut input, &mut answers).await;
        shell.on_wake(woken)?;
        // Everything that is here already is taken in first, so that a burst costs one frame.
        while let (false, Some(more)) = (shell.is_over(), ready(&mut input, &mut answers)) {
            shell.on_wake(more)?;
        }
    }
    Ok(())
}

async fn wake(input: &mut UnboundedReceiver<Wake>, answers: &mut UnboundedReceiver<Msg>) -> Wake {
    tokio::select! {
        wake = input.recv() => wake.unwrap_or(Wake::End),
        Some(msg) = answers.recv() => Wake::Message(msg),
        () = sleep(to_next_minute()) => Wake::Message(Msg::Minute),
    }
}

fn ready(input: &mut UnboundedReceiver<Wake>, answers: &mut UnboundedReceiver<Msg>) -> Option<Wake> {
    let answer = |_| answers.try_recv().map(Wake::Message);
    input.try_recv().or_else(answer).ok()
}

struct Loop<'a, S> {
    screen: &'a mut S,
    model: &'a mut Model,
    tasks: Tasks,
    over: bool,
}

impl<S: Screen> Loop<'_, S> {
    fn is_over(&self) -> bool {
        self.over || self.model.wants_quit()
    }

    fn on_wake(&mut self, wake: Wake) -> Result<(), TuiError> {
        match wake {
            Wake::Message(msg) => self.take(msg)?,
            Wake::Answer(answer) => {
                if let Some(look) = self.screen.hear(answer) {
                    self.take(Msg::Look(look))?;
                }
            }
            Wake::End => self.over = true,
            Wake::Resized => self.resize()?,
            Wake::Stop => self.screen.suspend()?,
            Wake::Resumed => {
                self.screen.resume()?;
                self.resize()?;
                self.take(Msg::Resumed)?;
            }
        }
        Ok(())
    }

    fn resize(&mut self) -> Result<(), TuiError> {
        let (columns, rows) = self.screen.size()?;
        self.take(Msg::Resize(columns, rows))
    }

    fn take(&mut self, msg: Msg) -> Result<(), TuiError> {
        for effect in update(self.model, msg, stamp()) {
            match effect {
                Effect::Call { id, slot, call } => self.tasks.call(id, slot, call),
                Effect::Cancel(slot) => self.tasks.cancel(slot),
                Effect::Wait { timer, after, jitter } => self.tasks.wait(timer, after, jitter),
                Effect::Stop(timer) => self.tasks.stop(timer),
                Effect::WaitBetween { timer, least, most } => self.tasks.wait_between(timer, least, most),
                Effect::OpenStream(last) => self.tasks.open_stream(last),
                Effect::CloseStream => self.tasks.close_stream(),
                Effect::ForgetSession => self.tasks.forget_session(),
                Effect::Copy(text) => self.screen.copy(text)?,
                Effect::Notify(notice) => self.screen.notify(&notice)?,
                Effect::Mouse(on) => self.screen.set_mouse(on)?,
                Effect::FollowBackground => self.screen.follow_background()?,
                Effect::Redraw => self.screen.redraw()?,
                Effect::Suspend => self.screen.suspend()?,
                Effect::Quit => {}
            }
        }
        Ok(())
    }
}

/// This moment, and an id nobody has used.
pub(crate) fn stamp() -> Stamp {
    let now = zone::now();
    Stamp {
        unix_ms: now.timestamp().as_millisecond(),
        local: now.datetime(),
        id: Uuid::now_v7(),
    }
}

/// The clock in the header shows minutes.
fn to_next_minute() -> Duration {
    let into = Timestamp::now().as_millisecond().rem_euclid(60_000);
    Duration::from_millis(u64::try_from(60_000 - into).unwrap_or(60_000))
}
