//! What a dashboard costs in a minute in which nothing happens, beside btop and htop where they are installed.

use std::process::Command;
use std::time::{Duration, Instant};

use super::home::Home;
use super::terminal::{OnTerminal, cpu_ticks, resident};
use super::{Outcome, PROGRAM};

/// Long enough for the clock in the header to turn once.
const IDLE: Duration = Duration::from_mins(1);

/// One minute in which nobody does anything, for all programs at once.
pub fn idle(home: &Home) -> Outcome {
    let mut programs = vec![("budget-tracker", OnTerminal::start(PROGRAM, home)?)];
    for name in ["htop", "btop"] {
        if Command::new(name).arg("--version").output().is_ok() {
            programs.push((name, OnTerminal::start(name, home)?));
        }
    }
    std::thread::sleep(Duration::from_secs(8));
    for (_, program) in &programs {
        program.bytes_now();
    }
    let ticks = |programs: &[(&str, OnTerminal)]| -> Outcome<Vec<u32>> {
        programs.iter().map(|(_, program)| cpu_ticks(program.id()?)).collect()
    };
    let before = ticks(&programs)?;
    let start = Instant::now();
    std::thread::sleep(IDLE);
    let after = ticks(&programs)?;
    let seconds = start.elapsed().as_secs_f64();
    for ((name, program), (before, after)) in programs.iter().zip(before.into_iter().zip(after)) {
        println!(
            "idle {:>3.0} s {name:<16} {:6} bytes   {:.3} % CPU (ticks of 10 ms)   {:.1} MiB resident",
            seconds,
            program.bytes_now(),
            f64::from(after - before) / seconds,
            resident(program.id()?)?
        );
    }
    programs.into_iter().try_for_each(|(_, program)| program.end())
}
