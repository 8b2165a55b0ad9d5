//! The clipboard of the machine in front of which the user sits.
//!
//! The terminal is asked first (OSC 52), as that works over ssh too. It may refuse without a word, so a tool of
//! this machine gets the text as well, where there is one that reaches the same clipboard.

use std::io::Write;
use std::process::{Command, Stdio};

use base64::prelude::{BASE64_STANDARD, Engine as _};

use super::env::Env;
use super::mux::through_tmux;

/// What the terminal is told.
pub(super) fn sequence(text: &str, env: &Env) -> String {
    let plain = format!("\x1b]52;c;{}\x07", BASE64_STANDARD.encode(text));
    if env.has("TMUX") {
        // Which of the two tmux takes depends on its settings.
        format!("{plain}{}", through_tmux(&plain))
    } else {
        plain
    }
}

/// The command that takes the text from its standard input, if there is one.
pub(super) fn tool(env: &Env) -> Option<&'static [&'static str]> {
    if env.has("TMUX") {
        // tmux gives it to its own terminal, wherever that is.
        Some(&["tmux", "load-buffer", "-w", "-"])
    } else if env.is_remote() {
        None
    } else if cfg!(target_os = "macos") {
        Some(&["pbcopy"])
    } else if env.has("WAYLAND_DISPLAY") {
        Some(&["wl-copy"])
    } else if env.has("DISPLAY") {
        Some(&["xclip", "-selection", "clipboard"])
    } else {
        None
    }
}

/// Runs the tool. It may not exist, or fail: the terminal has been asked already.
pub(super) fn run(tool: &[&str], text: &str) {
    let Some((program, arguments)) = tool.split_first() else {
        return;
    };
    let started = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    let result = started.and_then(|mut child| {
        if let Some(mut stdin) = child.stdin.take() {
            stdin.write_all(text.as_bytes())?;
        }
        child.wait()
    });
    if let Err(error) = result {
        tracing::debug!(%error, program, "the clipboard tool did not run");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_terminal_is_told_inside_tmux_too() {
        assert_eq!(sequence("hi", &Env::default()), "\x1b]52;c;aGk=\x07");
        let inside = sequence("hi", &Env::from([("TMUX", "/tmp/tmux-0/default,1,0")]));
        assert_eq!(inside, "\x1b]52;c;aGk=\x07\x1bPtmux;\x1b\x1b]52;c;aGk=\x07\x1b\\");
    }

    #[test]
    fn the_tool_is_one_that_reaches_the_users_clipboard() {
        let program = |env: Env| tool(&env).map(|tool| tool[0]);
        assert_eq!(program(Env::from([("TMUX", "x"), ("SSH_TTY", "y")])), Some("tmux"));
        assert_eq!(program(Env::from([("DISPLAY", ":0"), ("SSH_TTY", "y")])), None);
        if cfg!(target_os = "linux") {
            assert_eq!(program(Env::from([("DISPLAY", ":0")])), Some("xclip"));
            assert_eq!(
                program(Env::from([("DISPLAY", ":0"), ("WAYLAND_DISPLAY", "w")])),
                Some("wl-copy")
            );
            assert_eq!(program(Env::default()), None);
        }
    }

    #[test]
    fn a_tool_that_does_not_exist_is_no_harm() {
        run(&["no-such-clipboard-tool"], "hi");
        run(&["true"], &"x".repeat(1_000_000));
    }
}
