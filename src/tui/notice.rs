//! Notices outside the window: on the desktop, where the terminal passes them on, and the bell.

use super::env::Env;
use super::mux::through_tmux;
use crate::app::Notice;
use crate::config::{self, Notify};
use crate::domain::text::printable;

const BELL: char = '\x07';

/// How a terminal is asked for a notice on the desktop.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Protocol {
    /// `OSC 9`: one text (iTerm2).
    Osc9,
    /// `OSC 777 ; notify`: title and text (urxvt, foot, `WezTerm`, Ghostty, Konsole, VTE).
    Osc777,
    /// `OSC 99`: title and text (kitty).
    Osc99,
}

/// How notices leave this terminal.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Notices {
    protocol: Option<Protocol>,
    bell: bool,
    tmux: bool,
}

impl Notices {
    /// As the user has chosen, or as the environment tells the terminal.
    pub(super) fn of(env: &Env, chosen: &config::Notices) -> Self {
        Self {
            protocol: match chosen.method {
                Notify::Auto => protocol(env),
                Notify::Osc9 => Some(Protocol::Osc9),
                Notify::Osc777 => Some(Protocol::Osc777),
                Notify::Osc99 => Some(Protocol::Osc99),
                Notify::Off => None,
            },
            bell: chosen.bell,
            tmux: env.has("TMUX"),
        }
    }

    /// What is written for `notice`.
    pub(super) fn sequence(&self, notice: &Notice) -> String {
        let mut sequence = match self.protocol {
            Some(protocol) if self.tmux => through_tmux(&protocol.sequence(notice)),
            Some(protocol) => protocol.sequence(notice),
            None => String::new(),
        };
        if self.bell {
            sequence.push(BELL);
        }
        sequence
    }
}

impl Protocol {
    fn sequence(self, notice: &Notice) -> String {
        let (title, text) = (printable(&notice.title), printable(&notice.text));
        match self {
            Self::Osc9 => format!("\x1b]9;{title}: {text}\x07"),
            // A semicolon ends the title.
            Self::Osc777 => format!("\x1b]777;notify;{};{text}\x07", title.replace(';', ",")),
            Self::Osc99 => {
                format!("\x1b]99;i=budget:d=0:p=title;{title}\x1b\\\x1b]99;i=budget:d=1:p=body;{text}\x1b\\")
            }
        }
    }
}

/// The protocol of the terminal; none where it is not known to have one, as a few print what they do not know.
fn protocol(env: &Env) -> Option<Protocol> {
    let (term, program) = (env.get("TERM"), env.get("TERM_PROGRAM"));
    if env.has("ZELLIJ") || env.has("STY") {
        // Neither hands such a sequence on.
        None
    } else if env.has("KITTY_WINDOW_ID") || term.contains("kitty") {
        Some(Protocol::Osc99)
    } else if program == "iTerm.app" || env.get("LC_TERMINAL") == "iTerm2" {
        Some(Protocol::Osc9)
    } else if matches!(program, "WezTerm" | "ghostty")
        || ["WEZTERM_PANE", "KONSOLE_VERSION", "VTE_VERSION"]
            .iter()
            .any(|name| env.has(name))
        || ["foot", "rxvt", "ghostty"].iter().any(|name| term.contains(name))
    {
        Some(Protocol::Osc777)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    fn notice() -> Notice {
        Notice {
            title: "Budget; Tracker".to_owned(),
            text: "Dining is over\x1b]52;c;x\x07 its limit.".to_owned(),
        }
    }

    fn of(env: &Env) -> Notices {
        Notices::of(env, &config::Notices::default())
    }

    #[test]
    fn the_user_may_turn_off_both() {
        let silent = config::Notices {
            method: Notify::Off,
            bell: false,
            ..config::Notices::default()
        };
        let env = Env::from([("TERM", "xterm-kitty")]);
        assert_eq!(Notices::of(&env, &silent).sequence(&notice()), "");
        let bell = config::Notices { bell: true, ..silent };
        assert_eq!(Notices::of(&env, &bell).sequence(&notice()), "\x07");
        let chosen = config::Notices {
            method: Notify::Osc9,
            ..config::Notices::default()
        };
        assert!(Notices::of(&env, &chosen).sequence(&notice()).starts_with("\x1b]9;"));
    }

    #[rstest]
    #[case(Env::from([("KITTY_WINDOW_ID", "1"), ("TERM", "xterm-kitty")]), Some(Protocol::Osc99))]
    #[case(Env::from([("TERM_PROGRAM", "iTerm.app")]), Some(Protocol::Osc9))]
    #[case(Env::from([("TERM_PROGRAM", "WezTerm")]), Some(Protocol::Osc777))]
    #[case(Env::from([("TERM", "foot")]), Some(Protocol::Osc777))]
    #[case(Env::from([("VTE_VERSION", "7402")]), Some(Protocol::Osc777))]
    #[case(Env::from([("TERM", "xterm-256color")]), None)]
    #[case(Env::from([("ZELLIJ", "0"), ("KITTY_WINDOW_ID", "1")]), None)]
    fn each_terminal_has_its_protocol(#[case] env: Env, #[case] wanted: Option<Protocol>) {
        assert_eq!(protocol(&env), wanted);
        assert!(of(&env).sequence(&notice()).ends_with(BELL));
    }

    #[test]
    fn the_words_of_a_server_steer_nothing() {
        for protocol in [Protocol::Osc9, Protocol::Osc777, Protocol::Osc99] {
            let sequence = protocol.sequence(&notice());
            let inside = &sequence[1..sequence.len() - 2];
            assert!(!inside.contains("\x1b]52") && !inside.contains(BELL), "{sequence:?}");
        }
        let title = Protocol::Osc777.sequence(&notice());
        assert!(title.starts_with("\x1b]777;notify;Budget, Tracker;Dining"), "{title:?}");
    }

    #[test]
    fn tmux_hands_it_on_and_rings() {
        let inside = of(&Env::from([("TMUX", "x"), ("KITTY_WINDOW_ID", "1")])).sequence(&notice());
        assert!(
            inside.starts_with("\x1bPtmux;\x1b\x1b]99;") && inside.ends_with("\x1b\\\x07"),
            "{inside:?}"
        );
    }
}
