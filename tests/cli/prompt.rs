//! Passwords that are typed at a terminal.

use std::io::{Read, Write};

use portable_pty::{CommandBuilder, MasterPty, PtySize, native_pty_system};
use rstest::rstest;

use crate::support::five_calls::{FiveCalls, PLAIN};
use crate::support::program::Home;

/// Runs the program in a terminal of its own and answers each prompt with the next line; what was shown, and
/// the exit code.
fn typed(home: &Home, line: &str, answers: &[&str]) -> (String, u32) {
    let terminal = native_pty_system().openpty(PtySize::default()).unwrap();
    let prepared = home.run(line);
    let mut command = CommandBuilder::new(prepared.get_program());
    command.env_clear();
    command.args(prepared.get_args());
    for (name, value) in prepared.get_envs() {
        command.env(name, value.unwrap_or_default());
    }
    let mut child = terminal.slave.spawn_command(command).unwrap();
    drop(terminal.slave);
    let (mut reader, mut writer) = (
        terminal.master.try_clone_reader().unwrap(),
        terminal.master.take_writer().unwrap(),
    );
    let (mut shown, mut piece, mut answers) = (String::new(), [0; 1024], answers.iter());
    let mut prompts = 0;
    // Reading a terminal whose program has ended is an error on some systems, the end of the file on others.
    while let Ok(count @ 1..) = reader.read(&mut piece) {
        shown.push_str(&String::from_utf8_lossy(&piece[..count]));
        while prompts < shown.matches("Password").count() && shown.trim_end().ends_with(':') {
            prompts += 1;
            // The prompt is written just before the echo is turned off.
            while echoes(&*terminal.master) {
                std::thread::yield_now();
            }
            writer
                .write_all(format!("{}\n", answers.next().unwrap()).as_bytes())
                .unwrap();
        }
    }
    (shown, child.wait().unwrap().exit_code())
}

/// Whether the terminal shows what is typed: the ECHO flag of POSIX.
fn echoes(terminal: &dyn MasterPty) -> bool {
    const ECHO: u64 = 0x8;
    terminal
        .get_termios()
        .is_some_and(|modes| u64::from(modes.local_flags.bits()) & ECHO != 0)
}

#[rstest]
#[case(&["correct horse", "correct horse"], 0, "Welcome, ada.")]
#[case(&["correct horse", "correct house"], 2, "The two passwords differ.")]
#[case(&["short", "short"], 2, "8 to 128 characters")]
fn a_new_password_is_typed_twice_and_never_shown(#[case] answers: &[&str], #[case] code: u32, #[case] words: &str) {
    let server = FiveCalls::start(PLAIN);
    let home = Home::new();
    let (shown, exit) = typed(
        &home,
        &format!("signup ada --email a@b.org --server {}", server.url),
        answers,
    );
    assert_eq!(exit, code, "{shown}");
    assert!(shown.contains(words), "{shown}");
    assert!(answers.iter().all(|answer| !shown.contains(answer)), "{shown}");
}
