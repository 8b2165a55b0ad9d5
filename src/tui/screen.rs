//! What the loop needs of a terminal.

use std::io;

use super::input::Answer;
use crate::app::{Model, Notice};
use crate::ui::Look;

/// Something to draw on that can be stopped, told and asked. The loop knows no more of the terminal than this, so
/// that tests drive it without one.
pub(super) trait Screen {
    /// Columns and rows.
    fn size(&self) -> io::Result<(u16, u16)>;

    /// Draws the model; writes nothing when the screen shows it already, or while the terminal is given back.
    fn draw(&mut self, model: &Model) -> io::Result<()>;

    /// Forgets what is on the screen, so that the next frame is drawn whole.
    fn redraw(&mut self) -> io::Result<()>;

    /// The theme follows the terminal's background from now on: asks for it where that has not been done.
    fn follow_background(&mut self) -> io::Result<()>;

    /// Takes in what the terminal says of itself; the look that follows from it, when that is another one.
    fn hear(&mut self, answer: Answer) -> Option<Look>;

    /// Puts a text on the clipboard of the machine in front of which the user sits.
    fn copy(&mut self, text: String) -> io::Result<()>;

    /// Tells somebody who looks elsewhere.
    fn notify(&mut self, notice: &Notice) -> io::Result<()>;

    /// Whether clicks and the wheel are reported.
    fn set_mouse(&mut self, on: bool) -> io::Result<()>;

    /// Gives the terminal back and stops the whole job, as ^Z does. It is taken again by [`Screen::resume`].
    fn suspend(&mut self) -> io::Result<()>;

    /// Takes the terminal again after a stop, also after one that nobody announced (`kill -STOP`): whoever had the
    /// terminal meanwhile left it as it liked.
    fn resume(&mut self) -> io::Result<()>;
}
