//! The state of the dashboard.

use std::collections::VecDeque;
use std::time::Duration;

use crossterm::event::KeyEvent;
use jiff::civil::{Date, DateTime};

use super::history::History;
use super::leaving::Leaving;
use super::notify::Told;
use super::palette::Palette;
use super::question::Question;
use super::settings::Settings;
use super::toast::Toast;
use super::{
    add_expense, alerts, budgets, chooser, expenses, help, likely, login, mouse, move_money, overview, review, session,
    sessions,
};
use crate::api::{Alert, CategorySummary, Dialect, Expense, Failure, Reopening, Summary, Totals};
use crate::domain::{Calendar, Currency, Kind, Locale, Month, Progress, Standing};
use crate::ui::Skin;

/// The screen in front.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Screen {
    /// Log in and sign up.
    LogIn,
    /// Budgets against spending.
    Overview,
    /// The month's expenses.
    Expenses,
    /// The month's limits.
    Budgets,
    /// What the user was told.
    Alerts,
}

/// The screens of a signed-in user, in the order of their number keys.
pub(super) const SCREENS: [Screen; 4] = [Screen::Overview, Screen::Expenses, Screen::Budgets, Screen::Alerts];

/// Who is logged in.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct User {
    /// The user name.
    pub name: String,
}

/// How it stands with the server.
#[derive(Clone, PartialEq, Debug)]
pub enum Link {
    /// Nothing has been heard yet.
    Connecting,
    /// The last call was answered at this moment.
    Live(DateTime),
    /// Calls fail; the numbers on the screen are the last known ones.
    Down {
        /// When the first of them failed.
        since: DateTime,
        /// What the last one said.
        failure: Failure,
        /// Failures in a row.
        tries: u32,
        /// How long the next try waits, before jitter.
        pause: Duration,
        /// When the next try is due, before jitter; UTC ms.
        due: i64,
    },
}

/// How news of changes come.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Stream {
    /// When the event stream was opened, UTC ms; without one, the server is polled.
    pub open_since: Option<i64>,
    /// When it is opened again after it broke off.
    pub again: Reopening,
}

/// The last known numbers of the month shown.
#[derive(Clone, PartialEq, Debug, Default)]
pub(super) struct Data {
    pub summary: Option<Summary>,
    pub expenses: Vec<Expense>,
    /// Where the next page of expenses begins.
    pub next: Option<String>,
    pub alerts: Vec<Alert>,
    /// The revision and month that the lists show.
    pub lists: Option<(Month, i64)>,
    /// The revision up to which it is known what gave way.
    pub seen: Option<i64>,
    /// Revisions of expenses that came of changes made here, the latest last.
    pub own: Vec<i64>,
}

/// Everything the screens are drawn from.
#[derive(Clone, Debug)]
pub struct Model {
    pub(super) settings: Settings,
    pub(super) size: (u16, u16),
    /// Wall clock of the last message.
    pub(super) now: DateTime,
    pub(super) unix_ms: i64,
    /// Whether the terminal window has the focus.
    pub(super) focused: bool,
    pub(super) screen: Screen,
    /// The form over the screen.
    pub(super) form: Option<Box<add_expense::Form>>,
    /// The dialog over the screen that moves money between limits.
    pub(super) moving: Option<Box<move_money::MoveMoney>>,
    /// The list of categories over the screen.
    pub(super) chooser: Option<Box<chooser::Chooser>>,
    /// The review over the screen.
    pub(super) review: Option<Box<review::Review>>,
    /// The list of sessions over the screen.
    pub(super) sessions: sessions::Sessions,
    /// What fits the expense in question.
    pub(super) likely: likely::Likely,
    /// The help over everything.
    pub(super) help: Option<help::Help>,
    /// Where the user was when the session ended.
    pub(super) parked: Option<session::Parked>,
    /// What was typed into the form of a new expense when it was closed.
    pub(super) draft: Option<Box<add_expense::Form>>,
    pub(super) user: Option<User>,
    pub(super) dialect: Dialect,
    pub(super) link: Link,
    pub(super) stream: Stream,
    /// The month asked for; the current one when `None`. Until its numbers arrive, the old ones stay on the screen.
    pub(super) month: Option<Month>,
    pub(super) data: Data,
    pub(super) toast: Option<Toast>,
    /// What can be taken back and done again.
    pub(super) history: History,
    /// Deleted expenses whose rows are still shown.
    pub(super) leaving: Vec<Leaving>,
    /// The palette over everything.
    pub(super) palette: Option<Palette>,
    /// The questions over everything but help and palette, the one to answer first.
    pub(super) questions: VecDeque<Question>,
    /// The alerts that were told already.
    pub(super) told: Told,
    /// Whether clicks and the wheel are reported, and the last click.
    pub(super) mouse: mouse::State,
    /// Changes that are under way, by request number.
    pub(super) changes: Vec<(u64, super::changes::Change)>,
    pub(super) pending: Pending,
    pub(super) login: login::LogIn,
    pub(super) overview: overview::Overview,
    pub(super) expenses: expenses::Expenses,
    pub(super) budgets: budgets::Budgets,
    pub(super) alerts: alerts::Alerts,
    /// Keys typed while the form is on its way: they are meant for what comes after it.
    pub(super) ahead: Vec<KeyEvent>,
    pub(super) quit: bool,
    last_request: u64,
}

/// The numbers of the requests whose answers are still wanted.
#[derive(Clone, PartialEq, Debug, Default)]
pub(super) struct Pending {
    pub session: Option<u64>,
    /// How long the log-in is under way, seconds.
    pub session_seconds: u32,
    pub refresh: Option<u64>,
    pub chart: Option<u64>,
    /// Ask again when the present refresh has answered.
    pub again: bool,
    /// The revision that the stream announced while a refresh was under way.
    pub announced: Option<i64>,
    /// Whether the user asked for the refresh and waits to hear of it.
    pub by_hand: bool,
    /// Whether a change was made since the refresh under way was asked for: its answer may not know of it.
    pub outdated: bool,
    /// When the account was asked to begin its months, if it was: it is asked once.
    pub calendar: Option<Calendar>,
}

impl Model {
    /// The state before the first message.
    #[must_use]
    pub fn new(settings: Settings, size: (u16, u16), now: DateTime) -> Self {
        let user = settings.user.clone().map(|name| User { name });
        let screen = if user.is_some() {
            Screen::Overview
        } else {
            Screen::LogIn
        };
        Self {
            settings,
            size,
            now,
            unix_ms: 0,
            focused: true,
            screen,
            form: None,
            moving: None,
            chooser: None,
            review: None,
            sessions: sessions::Sessions::default(),
            likely: likely::Likely::default(),
            help: None,
            parked: None,
            draft: None,
            user,
            dialect: Dialect::V1,
            link: Link::Connecting,
            stream: Stream::default(),
            month: None,
            data: Data::default(),
            toast: None,
            history: History::default(),
            leaving: Vec::new(),
            palette: None,
            questions: VecDeque::new(),
            told: Told::default(),
            mouse: mouse::State::default(),
            changes: Vec::new(),
            pending: Pending::default(),
            login: login::LogIn::default(),
            overview: overview::Overview::default(),
            expenses: expenses::Expenses::default(),
            budgets: budgets::Budgets::default(),
            alerts: alerts::Alerts::default(),
            ahead: Vec::new(),
            quit: false,
            last_request: 0,
        }
    }

    /// Whether the loop should end.
    #[must_use]
    pub fn wants_quit(&self) -> bool {
        self.quit
    }

    /// What the terminal window is called.
    #[must_use]
    pub fn title(&self) -> String {
        let new = self.unread();
        let alerts = if new > 0 {
            format!(" {}{new}", self.skin().glyphs.over)
        } else {
            String::new()
        };
        let used = self
            .totals()
            .and_then(|t| t.used())
            .map_or(String::new(), |percent| format!(": {percent}%"));
        format!("budget{used}{alerts}")
    }

    /// Everything that belongs to the present user goes.
    pub(super) fn forget_user(&mut self) {
        let settings = Settings {
            user: None,
            ..self.settings.clone()
        };
        *self = Self {
            unix_ms: self.unix_ms,
            focused: self.focused,
            mouse: self.mouse,
            last_request: self.last_request,
            ..Self::new(settings, self.size, self.now)
        };
    }

    pub(super) fn next_request(&mut self) -> u64 {
        self.last_request += 1;
        self.last_request
    }

    /// The user's local day.
    pub(super) fn today(&self) -> Date {
        self.now.date()
    }

    /// The month that the numbers on the screen belong to.
    pub(super) fn shown_month(&self) -> Month {
        self.data
            .summary
            .as_ref()
            .map_or_else(|| self.wanted_month(), |summary| summary.month)
    }

    /// The month that the user wants to see.
    pub(super) fn wanted_month(&self) -> Month {
        self.month.unwrap_or_else(|| self.current_month())
    }

    /// When the user's months begin.
    pub(super) fn calendar(&self) -> Calendar {
        self.data
            .summary
            .as_ref()
            .map_or_else(Calendar::default, |s| s.calendar)
    }

    /// The month that holds the user's local day.
    pub(super) fn current_month(&self) -> Month {
        self.calendar().month_of(self.today())
    }

    /// How far a month has come.
    pub(super) fn progress(&self, month: Month) -> Progress {
        self.calendar().progress(month, self.today())
    }

    /// Whether a day lies in the month shown.
    pub(super) fn shows(&self, day: Date) -> bool {
        self.calendar().contains(self.shown_month(), day)
    }

    /// The month that was asked for and is not here yet.
    pub(super) fn awaited_month(&self) -> Option<Month> {
        self.month.filter(|month| *month != self.shown_month())
    }

    /// A count as people write it where the user lives: `12,345`.
    pub(super) fn number(&self, count: usize) -> String {
        self.locale().numbers.write(&count.to_string())
    }

    /// How days and amounts are written.
    pub(super) fn locale(&self) -> &Locale {
        &self.settings.skin.locale
    }

    pub(super) fn currency(&self) -> Currency {
        self.data
            .summary
            .as_ref()
            .and_then(|s| Currency::from_code(&s.currency).ok())
            .unwrap_or(Currency::USD)
            .written(self.locale())
    }

    /// Alerts that are news: not read, not solved, not silenced.
    pub(super) fn unread(&self) -> usize {
        self.data.alerts.iter().filter(|alert| self.is_news(alert)).count()
    }

    pub(super) fn is_news(&self, alert: &Alert) -> bool {
        alerts::state(self, alert) == alerts::State::New
    }

    pub(super) fn skin(&self) -> &Skin {
        &self.settings.skin
    }

    /// Whether this category, if any, is money that comes in.
    pub(super) fn is_income(&self, id: Option<uuid::Uuid>) -> bool {
        let mut categories = self.categories().iter();
        categories.any(|row| Some(row.category.id) == id && row.category.kind == Kind::Income)
    }

    pub(super) fn category_name(&self, id: Option<uuid::Uuid>) -> Option<&str> {
        let id = id?;
        self.data
            .summary
            .as_ref()?
            .categories
            .iter()
            .find(|c| c.category.id == id)
            .map(|c| c.category.name.as_str())
    }

    pub(super) fn categories(&self) -> &[CategorySummary] {
        self.data.summary.as_ref().map_or(&[], |summary| &summary.categories)
    }

    /// How a category stands in the month shown.
    pub(super) fn standing<'a>(&self, category: &'a CategorySummary) -> Standing<'a> {
        category.standing(self.calendar(), self.shown_month(), self.today())
    }

    /// The month's totals over everything that is spending.
    pub(super) fn totals(&self) -> Option<Totals> {
        self.data.summary.as_ref().map(Summary::totals)
    }
}
