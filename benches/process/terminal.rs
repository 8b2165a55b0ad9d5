//! A program on a terminal of its own, and what the system says of it.

use std::ffi::OsStr;
use std::fs;
use std::io::{Read, Write};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

use super::Outcome;
use super::home::Home;

/// A program on a terminal of its own, 120 columns by 36 rows.
pub struct OnTerminal {
    child: Box<dyn Child + Send + Sync>,
    bytes: Receiver<Vec<u8>>,
    keyboard: Box<dyn Write + Send>,
    started: Instant,
    _terminal: Box<dyn MasterPty + Send>,
}

impl OnTerminal {
    pub fn start(program: impl AsRef<OsStr>, home: &Home) -> Outcome<Self> {
        let size = PtySize {
            rows: 36,
            cols: 120,
            pixel_width: 0,
            pixel_height: 0,
        };
        let pair = native_pty_system().openpty(size)?;
        let mut command = CommandBuilder::new(program);
        command.env("TERM", "xterm-256color");
        command.env("COLORTERM", "truecolor");
        command.env("LANG", "C.UTF-8");
        command.env("HOME", home.path());
        command.env("BUDGET_TRACKER_DATA_DIR", home.data());
        command.env("BUDGET_TRACKER_CONFIG_DIR", home.config());
        command.env("XDG_STATE_HOME", home.path());
        let mut reader = pair.master.try_clone_reader()?;
        let keyboard = pair.master.take_writer()?;
        let started = Instant::now();
        let child = pair.slave.spawn_command(command)?;
        drop(pair.slave);
        let (sender, bytes) = channel();
        std::thread::spawn(move || {
            let mut buffer = vec![0; 65536];
            while let Ok(read @ 1..) = reader.read(&mut buffer) {
                if sender.send(buffer[..read].to_vec()).is_err() {
                    return;
                }
            }
        });
        Ok(Self {
            child,
            bytes,
            keyboard,
            started,
            _terminal: pair.master,
        })
    }

    /// Time from exec until `text` has been written.
    pub fn until(&self, text: &str) -> Outcome<Duration> {
        let mut seen = Vec::new();
        loop {
            seen.extend(self.bytes.recv_timeout(Duration::from_secs(20))?);
            if seen.windows(text.len()).any(|window| window == text.as_bytes()) {
                return Ok(self.started.elapsed());
            }
        }
    }

    /// Waits until nothing has been written for `pause`, at most 100 pauses.
    pub fn settle(&self, pause: Duration) {
        for _ in 0..100 {
            if self.bytes.recv_timeout(pause).is_err() {
                return;
            }
        }
    }

    /// Time from a key to the first byte that it changes on the screen.
    pub fn press(&mut self, key: &str) -> Outcome<Duration> {
        let start = Instant::now();
        self.keyboard.write_all(key.as_bytes())?;
        self.bytes
            .recv_timeout(Duration::from_secs(5))
            .map_err(|_| format!("the key {key:?} changed nothing"))?;
        let took = start.elapsed();
        self.settle(Duration::from_millis(30));
        Ok(took)
    }

    /// Number of bytes written since they were last looked at.
    pub fn bytes_now(&self) -> usize {
        self.bytes.try_iter().map(|part| part.len()).sum()
    }

    pub fn id(&self) -> Outcome<u32> {
        Ok(self.child.process_id().ok_or("no process id")?)
    }

    pub fn end(mut self) -> Outcome {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }
}

/// Resident memory of a process, MiB.
pub fn resident(id: u32) -> Outcome<f64> {
    let status = fs::read_to_string(format!("/proc/{id}/status"))?;
    let line = status
        .lines()
        .find(|line| line.starts_with("VmRSS"))
        .unwrap_or_default();
    let kib: f64 = line.split_whitespace().nth(1).unwrap_or_default().parse()?;
    Ok(kib / 1024.0)
}

/// User and system time of a process, in hundredths of a second.
pub fn cpu_ticks(id: u32) -> Outcome<u32> {
    let stat = fs::read_to_string(format!("/proc/{id}/stat"))?;
    let fields: Vec<&str> = stat.rsplit(") ").next().unwrap_or_default().split(' ').collect();
    Ok(fields[11].parse::<u32>()? + fields[12].parse::<u32>()?)
}
