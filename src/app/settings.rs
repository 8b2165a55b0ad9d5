//! What the shell knows before the first frame.

use std::time::Duration;

use super::keymap::Keymap;
use crate::domain::{Calendar, Level, QuietHours};
use crate::ui::{Depth, Glyphs, Look, Skin, Theme, Themes};

/// What the shell knows before the first frame.
#[derive(Clone, PartialEq, Debug)]
pub struct Settings {
    /// Where the numbers come from, in a person's words: `embedded (this machine)` or host and port.
    pub place: String,
    /// Time between two polls, before jitter.
    pub poll: Duration,
    /// Whether the sample user exists there.
    pub demo: bool,
    /// The name of the user whose session was kept, if one was.
    pub user: Option<String>,
    /// What is drawn with: it follows from the next two.
    pub skin: Skin,
    /// The themes there are, and the one chosen.
    pub themes: Themes,
    /// What the terminal can show.
    pub look: Look,
    /// What each key does.
    pub keys: Keymap,
    /// When nobody is told of anything outside the window.
    pub quiet: Option<QuietHours>,
    /// Which alerts are told outside the window.
    pub levels: Vec<Level>,
    /// Whether clicks and the wheel are taken from the terminal from the start.
    pub mouse: bool,
    /// When the user's months should begin; as the account has it when `None`.
    pub calendar: Option<Calendar>,
    /// Whether seconds are counted on the screen; without, its words stand still until something happens.
    pub motion: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            place: "embedded (this machine)".to_owned(),
            poll: Duration::from_secs(15),
            demo: true,
            user: None,
            skin: Skin::new(Theme::dark(), Glyphs::unicode()),
            themes: Themes::default(),
            look: Look {
                light: false,
                depth: Depth::True,
                ascii: false,
            },
            keys: Keymap::default(),
            quiet: None,
            levels: vec![Level::Near, Level::Forecast, Level::Over],
            mouse: false,
            calendar: None,
            motion: true,
        }
    }
}

impl Settings {
    /// Draws with the chosen theme from now on, in a terminal that looks like this.
    pub fn dress(&mut self, look: Look) {
        self.look = look;
        self.skin.put_on(&self.themes, look);
    }
}
