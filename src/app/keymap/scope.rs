//! Where keys hold.

/// Where a binding holds; the first scope of a [`Focus`] that knows a key wins.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, strum::EnumIter, strum::EnumString, strum::IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
pub enum Scope {
    /// Screens with a list.
    Lists,
    /// Every screen outside text fields.
    Everywhere,
    /// Everywhere, in text fields too.
    Always,
    /// The overview.
    Overview,
    /// The list of expenses.
    Expenses,
    /// The budgets.
    Budgets,
    /// The alerts.
    Alerts,
    /// Log in and sign up.
    LogIn,
    /// The form of an expense.
    ExpenseForm,
    /// At the end of a description that can be completed.
    Completion,
    /// On the box that makes a rule of a choice.
    AlwaysBox,
    /// A row with an unsaved limit.
    LimitDraft,
    /// Typing a limit.
    LimitField,
    /// Typing the name of a category.
    NameField,
    /// Typing the name of a new category.
    CategoryField,
    /// Typing what is worth an alert.
    RulesField,
    /// Moving money from one limit to another.
    MoveForm,
    /// Typing a filter.
    FilterField,
    /// Choosing a category.
    Chooser,
    /// The review.
    Review,
    /// The list of sessions.
    Sessions,
    /// A question.
    Question,
    /// The help.
    Help,
    /// The palette.
    Palette,
}

impl Scope {
    /// Its name in the configuration: `expenses`, `expense-form`.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// What the help and the manual call it.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Lists => "Lists",
            Self::Everywhere => "Everywhere",
            Self::Always => "In text fields too",
            Self::Overview => "Overview",
            Self::Expenses => "Expenses",
            Self::Budgets => "Budgets",
            Self::Alerts => "Alerts",
            Self::LogIn => "Log in and sign up",
            Self::ExpenseForm => "Add or edit an expense",
            Self::Completion => "At a suggested text",
            Self::AlwaysBox => "At the box of a rule",
            Self::LimitDraft => "An unsaved limit",
            Self::LimitField => "Typing a limit",
            Self::NameField => "Renaming a category",
            Self::CategoryField => "A new category",
            Self::RulesField => "Typing when to alert",
            Self::MoveForm => "Moving money",
            Self::FilterField => "Typing a filter",
            Self::Chooser => "Choosing a category",
            Self::Review => "Review",
            Self::Sessions => "Sessions",
            Self::Question => "Answering a question",
            Self::Help => "Help",
            Self::Palette => "Commands",
        }
    }

    /// Whether it is in force somewhere where letters are text.
    #[must_use]
    pub fn meets_text(self) -> bool {
        use strum::IntoEnumIterator;
        Focus::iter().any(|focus| focus.takes_text() && focus.scopes().contains(&self))
    }
}

/// What has the keyboard.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, strum::EnumIter)]
pub enum Focus {
    /// The log-in or sign-up form.
    LogIn,
    /// The overview.
    Overview,
    /// The list of expenses.
    Expenses,
    /// The budgets.
    Budgets,
    /// The alerts.
    Alerts,
    /// The form of an expense.
    ExpenseForm,
    /// The end of a description that can be completed.
    Completion,
    /// The box that makes a rule of a choice.
    AlwaysBox,
    /// A row of the budgets with an unsaved limit.
    LimitDraft,
    /// The field of a limit.
    LimitField,
    /// The field of a category's name.
    NameField,
    /// The field of a new category.
    CategoryField,
    /// The field of what is worth an alert.
    RulesField,
    /// The dialog that moves money.
    MoveForm,
    /// The field of a filter.
    FilterField,
    /// The list of categories to choose from.
    Chooser,
    /// The review.
    Review,
    /// The list of sessions.
    Sessions,
    /// A question.
    Question,
    /// The help.
    Help,
    /// The palette.
    Palette,
}

impl Focus {
    /// The scopes that see a key, the innermost first.
    #[must_use]
    pub const fn scopes(self) -> &'static [Scope] {
        use Scope::{Always, Everywhere, Lists};
        match self {
            Self::LogIn => &[Scope::LogIn, Always],
            Self::Overview => &[Scope::Overview, Lists, Everywhere, Always],
            Self::Expenses => &[Scope::Expenses, Lists, Everywhere, Always],
            Self::Budgets => &[Scope::Budgets, Lists, Everywhere, Always],
            Self::Alerts => &[Scope::Alerts, Lists, Everywhere, Always],
            Self::ExpenseForm => &[Scope::ExpenseForm, Always],
            Self::Completion => &[Scope::Completion, Scope::ExpenseForm, Always],
            Self::AlwaysBox => &[Scope::AlwaysBox, Scope::ExpenseForm, Always],
            Self::LimitDraft => &[Scope::LimitDraft, Scope::Budgets, Lists, Everywhere, Always],
            Self::LimitField => &[Scope::LimitField, Always],
            Self::NameField => &[Scope::NameField, Always],
            Self::CategoryField => &[Scope::CategoryField, Always],
            Self::RulesField => &[Scope::RulesField, Always],
            Self::MoveForm => &[Scope::MoveForm, Always],
            Self::FilterField => &[Scope::FilterField, Always],
            Self::Chooser => &[Scope::Chooser, Always],
            Self::Review => &[Scope::Review, Always],
            Self::Sessions => &[Scope::Sessions, Lists, Always],
            Self::Question => &[Scope::Question, Always],
            Self::Help => &[Scope::Help, Always],
            Self::Palette => &[Scope::Palette, Always],
        }
    }

    /// Whether letters are text here.
    #[must_use]
    pub const fn takes_text(self) -> bool {
        match self {
            Self::LogIn
            | Self::ExpenseForm
            | Self::Completion
            | Self::LimitField
            | Self::NameField
            | Self::CategoryField
            | Self::RulesField
            | Self::MoveForm
            | Self::FilterField
            | Self::Chooser
            | Self::Help
            | Self::Palette => true,
            Self::AlwaysBox
            | Self::Overview
            | Self::Expenses
            | Self::Budgets
            | Self::LimitDraft
            | Self::Alerts
            | Self::Review
            | Self::Sessions
            | Self::Question => false,
        }
    }
}
