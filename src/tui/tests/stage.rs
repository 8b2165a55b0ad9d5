//! A screen of cells, and a server with the sample user.

use std::io;
use std::path::Path;
use std::time::Duration;

use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;
use tempfile::TempDir;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::time::timeout;

use crate::api::LogIn;
use crate::app::{self, Model, Msg, Notice};
use crate::client::Client;
use crate::config::{Config, Folders, SavedSession, Settings, Target};
use crate::domain::Currency;
use crate::domain::account::{DEMO_NAME, DEMO_PASSWORD};
use crate::server::embedded::{self, Embedded};
use crate::tui::connection::Connection;
use crate::tui::input::Answer;
use crate::tui::run_loop;
use crate::tui::screen::Screen;
use crate::tui::wake::Wake;
use crate::ui::Look;
use crate::zone;

/// Far more than anything takes.
const PATIENCE: Duration = Duration::from_mins(1);

/// The server that all loops of a test talk to.
pub struct Theatre {
    server: Embedded,
    folder: TempDir,
}

impl Theatre {
    pub async fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let server = embedded::start(folder.path()).await.unwrap();
        Self { server, folder }
    }

    pub async fn close(self) {
        self.server.shutdown().await;
        drop(self.folder);
    }

    /// A way to the server for one user, logged in as the sample user.
    pub async fn enter(&self) -> (Connection, TempDir) {
        let home = tempfile::tempdir().unwrap();
        let settings = self.settings(home.path());
        let client = Client::new(self.server.base_url.clone(), None).unwrap();
        let body = LogIn {
            name: DEMO_NAME.to_owned(),
            password: DEMO_PASSWORD.to_owned(),
            code: None,
            label: None,
        };
        let session = client.log_in(&body).await.unwrap();
        let saved = SavedSession {
            name: session.account.name,
            token: session.token.into(),
            currency: Currency::USD,
        };
        settings.sessions().put(&settings.target, &saved).unwrap();
        (Connection::new(settings, Some(saved)), home)
    }

    fn settings(&self, home: &Path) -> Settings {
        let folders = Folders {
            config: home.join("config"),
            data: home.join("data"),
            state: home.join("state"),
        };
        Settings {
            target: Target::Remote(self.server.base_url.clone()),
            ..Settings::new(folders, Config::default())
        }
    }
}

/// What a person does between two frames.
pub type Burst = Vec<Wake>;

/// Sees a frame and says what comes next.
type User<'a> = dyn FnMut(&Buffer) -> Option<Burst> + 'a;

/// A terminal whose user acts whenever a frame is there.
pub struct Stage<'a> {
    terminal: Terminal<TestBackend>,
    user: Box<User<'a>>,
    sender: UnboundedSender<Wake>,
}

impl<'a> Stage<'a> {
    /// `user` sees each frame and says what comes next; nothing more when the user is content to wait.
    pub fn new(
        (columns, rows): (u16, u16),
        user: impl FnMut(&Buffer) -> Option<Burst> + 'a,
    ) -> (Self, UnboundedReceiver<Wake>) {
        let (sender, receiver) = unbounded_channel();
        let stage = Self {
            terminal: Terminal::new(TestBackend::new(columns, rows)).unwrap(),
            user: Box::new(user),
            sender,
        };
        (stage, receiver)
    }

    /// Runs the loop on it until the user leaves.
    pub async fn play(mut self, receiver: UnboundedReceiver<Wake>, connection: &Connection, user: Option<&str>) {
        let settings = app::Settings {
            user: user.map(str::to_owned),
            ..app::Settings::default()
        };
        let size = self.size().unwrap();
        let mut model = Model::new(settings, size, zone::now().datetime());
        let run = run_loop::run(&mut self, &mut model, connection, receiver);
        timeout(PATIENCE, run).await.expect("the loop is stuck").unwrap();
    }
}

impl Screen for Stage<'_> {
    fn size(&self) -> io::Result<(u16, u16)> {
        let area = self.terminal.backend().buffer().area;
        Ok((area.width, area.height))
    }

    fn draw(&mut self, model: &Model) -> io::Result<()> {
        self.terminal.draw(|frame| app::view(model, frame)).unwrap();
        for wake in (self.user)(self.terminal.backend().buffer()).unwrap_or_default() {
            // The size changes at once, and the program hears of it later, as with a window.
            if let Wake::Message(Msg::Resize(columns, rows)) = wake {
                self.terminal.backend_mut().resize(columns, rows);
                self.sender.send(Wake::Resized).unwrap();
            } else {
                self.sender.send(wake).unwrap();
            }
        }
        Ok(())
    }

    fn redraw(&mut self) -> io::Result<()> {
        self.terminal.clear().unwrap();
        Ok(())
    }

    fn follow_background(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn hear(&mut self, _: Answer) -> Option<Look> {
        None
    }

    fn copy(&mut self, _: String) -> io::Result<()> {
        Ok(())
    }

    fn notify(&mut self, _: &Notice) -> io::Result<()> {
        Ok(())
    }

    fn set_mouse(&mut self, _: bool) -> io::Result<()> {
        Ok(())
    }

    fn suspend(&mut self) -> io::Result<()> {
        self.sender.send(Wake::Resumed).unwrap();
        Ok(())
    }

    fn resume(&mut self) -> io::Result<()> {
        self.redraw()
    }
}
