//! `config`: what is configured, who said so, and where the files are.

use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use crate::config::{self, Folders, Origin, Overrides, Setting, Settings, schema};

use crate::ui::theme;

use super::error::CliError;
use super::output::{self, Field, Format};

/// Show what is configured: each key, its value, and where that comes from.
///
/// A flag is stronger than the environment (`BUDGET_TRACKER_THEME` for theme, and so on), which is stronger than
/// config.toml, which is stronger than the usual value.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  budget-tracker config
  budget-tracker config --init
  budget-tracker config --check
  budget-tracker config --theme-file > ~/.config/budget-tracker/themes/mine.toml
  budget-tracker config --schema > ~/.config/budget-tracker/schema.json")]
#[group(multiple = false)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a flag of its own on the command line"
)]
pub(super) struct Arguments {
    /// Write config.toml with every key in it, explained; one that is there is kept.
    #[arg(long)]
    init: bool,
    /// Look for mistakes in config.toml and in your themes.
    #[arg(long)]
    check: bool,
    /// Print where config.toml is.
    #[arg(long)]
    path: bool,
    /// Print a theme file with every role in it, explained.
    #[arg(long)]
    theme_file: bool,
    /// Print the JSON schema of config.toml, for editors that check it.
    #[arg(long)]
    schema: bool,
}

pub(super) fn run(arguments: &Arguments, flags: &Overrides, format: Format) -> Result<(), CliError> {
    let path = Folders::find()?.config_file();
    if arguments.schema {
        return output::print(&output::json(&schema::json_schema())?);
    }
    if arguments.theme_file {
        return output::print(theme::EXAMPLE);
    }
    if arguments.path {
        return output::print(&format!("{}\n", path.display()));
    }
    if arguments.init {
        config::init(&path)?;
        return output::print(&format!("Wrote {}. Every key in it is explained.\n", path.display()));
    }
    let settings = Settings::load(flags)?;
    settings.check_keys()?;
    settings.outside()?;
    if arguments.check {
        settings.check_themes()?;
        return output::print(&format!("{}: no mistakes.\n", path.display()));
    }
    // What cannot be used is not shown as if it held.
    settings.themes()?;
    let (shown, paths) = (config::explain(flags)?, Paths::of(&settings));
    output::print(&match format {
        Format::Table => table(&shown, &paths),
        Format::Json => output::json(&Report {
            keys: shown.iter().map(Entry::of).collect(),
            paths,
        })?,
        Format::Csv => output::csv(&["key", "value", "from"], &rows(&shown))?,
    })
}

fn table(shown: &[Setting], paths: &Paths) -> String {
    let files: Vec<Vec<Field>> = paths
        .named()
        .map(|(name, path)| vec![Field::plain(name), Field::text(path.display().to_string())])
        .into();
    let keys = output::table(&["Key", "Value", "From"], &[], &rows(shown));
    let files = output::table(&["File", "Path"], &[], &files);
    format!("{keys}\n{files}")
}

fn rows(shown: &[Setting]) -> Vec<Vec<Field>> {
    let row = |setting: &Setting| {
        vec![
            Field::text(&setting.key),
            Field::text(setting.value.to_string()),
            Field::text(told(&setting.origin)),
        ]
    };
    shown.iter().map(row).collect()
}

/// Where a value comes from, in words.
fn told(origin: &Origin) -> String {
    match origin {
        Origin::Default => "default".to_owned(),
        Origin::File(Some(line)) => format!("config.toml line {line}"),
        Origin::File(None) => "config.toml".to_owned(),
        Origin::Environment(name) | Origin::Flag(name) => name.clone(),
    }
}

#[derive(Serialize)]
struct Report {
    keys: Vec<Entry>,
    paths: Paths,
}

/// One key for programs.
#[derive(Serialize)]
struct Entry {
    key: String,
    value: toml::Value,
    /// `default`, `file`, `environment` or `flag`.
    origin: &'static str,
    /// The line of the file, counted from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u32>,
    /// The variable or flag.
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
}

impl Entry {
    fn of(setting: &Setting) -> Self {
        let (origin, line, name) = match &setting.origin {
            Origin::Default => ("default", None, None),
            Origin::File(line) => ("file", *line, None),
            Origin::Environment(name) => ("environment", None, Some(name.clone())),
            Origin::Flag(name) => ("flag", None, Some(name.clone())),
        };
        Self {
            key: setting.key.clone(),
            value: setting.value.clone(),
            origin,
            line,
            name,
        }
    }
}

/// Where everything is, whether it is there or not.
#[derive(Serialize)]
struct Paths {
    configuration: PathBuf,
    themes: PathBuf,
    session: PathBuf,
    data: PathBuf,
    log: PathBuf,
}

impl Paths {
    fn of(settings: &Settings) -> Self {
        let folders = &settings.folders;
        Self {
            configuration: folders.config_file(),
            themes: folders.themes(),
            session: folders.session_file(),
            data: folders.data.clone(),
            log: folders.log_file(),
        }
    }

    fn named(&self) -> [(&'static str, &PathBuf); 5] {
        [
            ("configuration", &self.configuration),
            ("themes", &self.themes),
            ("session", &self.session),
            ("data", &self.data),
            ("log", &self.log),
        ]
    }
}
