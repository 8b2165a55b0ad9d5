//! From a key to the first byte that it paints.

use std::time::Duration;

use super::home::Home;
use super::terminal::OnTerminal;
use super::{Outcome, PROGRAM};

const ROUNDS: usize = 100;

/// From a key to the first byte, for each thing that a person does all the time.
pub fn keys(home: &Home) -> Outcome {
    let mut program = OnTerminal::start(PROGRAM, home)?;
    program.until(" used")?;
    program.settle(Duration::from_millis(500));
    program.press("2")?;
    program.settle(Duration::from_millis(500));

    let mut moves = Vec::new();
    for key in ["j", "j", "j", "k", "\x04", "\x15"].iter().cycle().take(6 * ROUNDS) {
        moves.push(program.press(key)?);
    }
    report("moving in the list", moves);

    let mut screens = Vec::new();
    for key in ["3", "4", "1", "2"].iter().cycle().take(4 * ROUNDS) {
        screens.push(program.press(key)?);
    }
    report("switching screens", screens);

    let mut letters = Vec::new();
    for _ in 0..ROUNDS / 5 {
        program.press("/")?;
        for key in ["s", "h", "o", "p", " ", "1", "2", "\x7f"] {
            letters.push(program.press(key)?);
        }
        program.press("\x1b")?;
    }
    report("typing a filter", letters);
    program.end()
}

fn report(what: &str, mut times: Vec<Duration>) {
    times.sort_unstable();
    let at = |percent: usize| times[(times.len() * percent / 100).min(times.len() - 1)].as_secs_f64() * 1000.0;
    println!(
        "{what:<20} median {:5.2} ms   p99 {:5.2} ms   most {:5.2} ms   ({} keys)",
        at(50),
        at(99),
        at(100),
        times.len()
    );
}
