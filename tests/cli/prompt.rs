//! Passwords that are typed at a terminal.

use std::io::{Read, Write};

use portable_pty::{CommandBuilder, MasterPty, PtySize, native_pty_system};
use rstest::rstest;

use crate::server::Server;
use crate::support::five_calls::{FiveCalls, PLAIN};
use crate::support::program::{Home, outcome};

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
        let asked = shown.matches("Password").count() + shown.matches("[y/N]").count();
        while prompts < asked && shown.trim_end().ends_with([':', ']']) {
            prompts += 1;
            // The prompt for a password is written just before the echo is turned off.
            while shown.trim_end().ends_with(':') && echoes(&*terminal.master) {
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

#[test]
fn a_certificate_is_compared_once_and_then_known() {
    let home = Home::new();
    let (server, fingerprint) = Server::with_own_certificate(&home);
    let sign_up = format!("signup ada --email a@b.org --server {}", server.url);
    let (shown, exit) = typed(&home, &sign_up, &["n"]);
    assert_eq!(exit, 1, "{shown}");
    assert!(
        shown.contains(&fingerprint) && shown.contains("nothing was sent"),
        "{shown}"
    );
    assert!(!home.path("config/config.toml").exists());
    let (shown, exit) = typed(&home, &sign_up, &["y", "correct horse", "correct horse"]);
    assert_eq!(exit, 0, "{shown}");
    assert!(
        shown.contains("Welcome, ada.") && !shown.contains("correct horse"),
        "{shown}"
    );
    let kept = std::fs::read_to_string(home.path("config/config.toml")).unwrap();
    assert!(
        kept.contains(&format!("server_fingerprint = \"{fingerprint}\"")),
        "{kept}"
    );
    // From now on nobody is asked.
    assert_eq!(outcome(&mut home.run("add coffee 4.20")).code, 0);
    let (shown, exit) = typed(&home, "login ada", &["correct horse"]);
    assert_eq!(exit, 0, "{shown}");
    assert!(!shown.contains("[y/N]"), "{shown}");
}

#[test]
fn a_fingerprint_of_the_command_line_is_known_after_the_log_in_with_it() {
    let home = Home::new();
    let (server, fingerprint) = Server::with_own_certificate(&home);
    let config = home.path("config/config.toml");
    let run = |line: &str, password: &str| outcome(home.run(line).write_stdin(password));
    let given = format!("--server {} --server-fingerprint {fingerprint}", server.url);
    let made = run(
        &format!("signup ada --email a@b.org --password-stdin {given}"),
        "correct horse",
    );
    assert_eq!(made.code, 0, "{}", made.err);
    assert!(made.err.contains("is remembered"), "{}", made.err);
    let line = format!("server_fingerprint = \"{fingerprint}\"");
    assert!(std::fs::read_to_string(&config).unwrap().contains(&line));
    assert_eq!(run("add coffee 4.20", "").code, 0);

    // Nothing is kept of a log-in that fails, and nothing is said that is known already.
    std::fs::remove_file(&config).unwrap();
    assert_eq!(
        run(&format!("login ada --password-stdin {given}"), "wrong horse").code,
        1
    );
    assert!(!config.exists());
    let again = run(&format!("login ada --password-stdin {given}"), "correct horse");
    assert_eq!(again.code, 0, "{}", again.err);
    assert!(std::fs::read_to_string(&config).unwrap().contains(&line));
    let known = run(&format!("login ada --password-stdin {given}"), "correct horse");
    assert_eq!((known.code, known.err.as_str()), (0, ""));

    // It stands beside its own server only.
    std::fs::write(&config, "server = \"https://budget.example.org\"\n").unwrap();
    let other = run(&format!("login ada --password-stdin {given}"), "correct horse");
    assert!(other.err.contains("names another server"), "{}", other.err);
    assert!(!std::fs::read_to_string(&config).unwrap().contains("fingerprint"));
}
