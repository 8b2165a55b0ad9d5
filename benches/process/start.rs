//! How long it takes to start, and to do one thing and end.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::home::Home;
use super::terminal::OnTerminal;
use super::{Outcome, PROGRAM, median};

const RUNS: usize = 9;

/// Exec to first drawn frame, in turn with the smallest ratatui program.
pub fn first_frame(home: &Home) -> Outcome {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let built = Command::new(cargo)
        .args(["build", "--quiet", "--release", "--example", "smallest"])
        .status()?;
    let target = Path::new(PROGRAM).parent().ok_or("the program has no folder")?;
    let smallest = target.join("examples/smallest");
    if !built.success() || !smallest.exists() {
        return Err("the example `smallest` could not be built".into());
    }
    let (mut ours, mut theirs, mut numbers) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..RUNS {
        let program = OnTerminal::start(&smallest, home)?;
        theirs.push(program.until("hello")?);
        program.end()?;
        let program = OnTerminal::start(PROGRAM, home)?;
        ours.push(program.until("Budgets")?);
        numbers.push(program.until(" used")?);
        program.end()?;
    }
    let (ours, theirs, numbers) = (median(ours), median(theirs), median(numbers));
    println!(
        "first frame        {ours:7.2} ms   smallest ratatui program {theirs:.2} ms   ratio {:.2}",
        ours / theirs
    );
    println!("first numbers      {numbers:7.2} ms   (100,000 expenses, embedded server started, summary drawn)");
    Ok(())
}

/// `add` and `summary` against the database shell's start.
pub fn commands(home: &Home) -> Outcome {
    let file = home.data().join("budget.db");
    let time = |command: &mut Command| -> Outcome<Duration> {
        let start = Instant::now();
        let status = command.status()?;
        if !status.success() {
            return Err("a command failed".into());
        }
        Ok(start.elapsed())
    };
    let shell = || {
        let mut command = Command::new("sqlite3");
        command.arg(&file).arg("select 1").stdout(Stdio::null());
        command
    };
    let (mut add, mut summary, mut bare) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..RUNS {
        bare.push(time(&mut shell()).map_err(|error| format!("sqlite3 is needed: {error}"))?);
        add.push(time(&mut home.command(&["add", "uber to airport", "31.50"]))?);
        summary.push(time(&mut home.command(&["summary"]))?);
    }
    let (add, summary, bare) = (median(add), median(summary), median(bare));
    println!(
        "add                {add:7.2} ms   sqlite3 'select 1' {bare:.2} ms   difference {:.2} ms",
        add - bare
    );
    println!(
        "summary            {summary:7.2} ms   sqlite3 'select 1' {bare:.2} ms   difference {:.2} ms",
        summary - bare
    );
    Ok(())
}
