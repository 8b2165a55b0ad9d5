//! Everything a key can do.

/// What a key can do. The name of an action in the configuration, in kebab case, never changes.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, strum::EnumIter, strum::EnumString, strum::IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
#[expect(
    missing_docs,
    reason = "the table of keys says what each one does, in the words the user reads"
)]
pub enum Action {
    Quit,
    Suspend,
    Redraw,
    Help,
    AllKeys,
    Palette,
    ShowOverview,
    ShowExpenses,
    ShowBudgets,
    ShowAlerts,
    NextPane,
    PreviousPane,
    NextScreen,
    PreviousScreen,
    Add,
    Undo,
    Redo,
    Retry,
    PreviousMonth,
    NextMonth,
    ThisMonth,
    SaveChart,
    Mouse,
    Theme,
    LogOut,
    Back,
    Down,
    Up,
    PageDown,
    PageUp,
    First,
    Last,
    Open,
    EditLimit,
    ClearLimit,
    TakeSuggestion,
    CopyLimits,
    SaveAll,
    NewCategory,
    Rename,
    HideCategory,
    MergeCategory,
    SwitchKind,
    EditRules,
    CarryOver,
    MoveMoney,
    Snooze,
    FilterAlerts,
    Sort,
    #[strum(serialize = "edit")]
    EditExpense,
    #[strum(serialize = "delete")]
    DeleteExpense,
    #[strum(serialize = "category")]
    Categorise,
    Copy,
    Mark,
    MarkRange,
    MarkAll,
    NextMatch,
    PreviousMatch,
    Review,
    TakeFirst,
    TakeSecond,
    TakeThird,
    Always,
    Skip,
    Filter,
    TakeHint,
    MarkRead,
    MarkAllRead,
    Submit,
    SubmitAndNew,
    Discard,
    Cancel,
    NextField,
    PreviousField,
    NextChoice,
    PreviousChoice,
    TakeCompletion,
    ShowPassword,
    SwitchForm,
    Demo,
    KeepFilter,
    ClearFilter,
    Yes,
    No,
    FirstAnswer,
    SecondAnswer,
    ThirdAnswer,
}

impl Action {
    /// Its name in the configuration: `add`, `mark-all-read`.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.into()
    }
}
