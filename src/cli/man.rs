//! `man`: the manual page, with the keys of the dashboard as they are bound here.

use clap::Args;
use clap_mangen::Man;
use strum::IntoEnumIterator;

use crate::app::keymap::{Binding, Keymap, Scope};
use crate::config::Settings;

use super::error::CliError;
use super::{flags, output};

/// Print the manual page, the dashboard's keys included.
///
/// It is written for man(1): your own keys stand in it as you have bound them.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  budget-tracker man | man -l -
  budget-tracker man > ~/.local/share/man/man1/budget-tracker.1")]
pub(super) struct Arguments;

pub(super) fn run(settings: &Settings) -> Result<(), CliError> {
    // What is printed is what holds.
    settings.check_keys()?;
    output::print(&String::from_utf8_lossy(&page(&settings.keys)?))
}

/// The page in the language of man(1).
fn page(keys: &Keymap) -> Result<Vec<u8>, CliError> {
    let mut page = Vec::new();
    let man = Man::new(flags::command());
    man.render_title(&mut page)?;
    man.render_name_section(&mut page)?;
    man.render_synopsis_section(&mut page)?;
    man.render_description_section(&mut page)?;
    man.render_options_section(&mut page)?;
    page.extend(command_section().into_bytes());
    page.extend(key_section(keys).into_bytes());
    // The examples keep their lines.
    page.extend(b".nf\n");
    man.render_extra_section(&mut page)?;
    page.extend(b".fi\n");
    man.render_version_section(&mut page)?;
    Ok(page)
}

/// Every command with its first sentence; the rest is told by its `--help`.
fn command_section() -> String {
    let mut section = String::from(".SH COMMANDS\n");
    section.extend(flags::command().get_subcommands().map(|command| {
        let about = command.get_about().map(ToString::to_string).unwrap_or_default();
        let (name, about) = (escaped(command.get_name()), escaped(&about));
        format!(".TP\n\\fB{name}\\fR\n{about}\n")
    }));
    section
}

/// Every key, scope by scope.
fn key_section(keys: &Keymap) -> String {
    let mut section = String::from(
        ".SH KEYS\n\
         The dashboard is used with these keys. The name in brackets binds others in config.toml,\n\
         under [keys]: a list of keys such as [\"a\", \"ctrl\\-n\", \"F5\"], or an empty one.\n\
         A name with its scope in front, such as \"expenses.delete\", is for that scope only.\n\
         Esc, ^C, F1 and the arrows stay what they are.\n",
    );
    for scope in Scope::iter() {
        let (title, name) = (escaped(scope.title()), escaped(scope.name()));
        section.extend([format!(".SS \"{title} ({name})\"\n")]);
        section.extend(keys.of_scope(scope).map(key_entry));
    }
    section
}

fn key_entry(binding: &Binding) -> String {
    let keys: Vec<String> = binding.keys.iter().map(|key| escaped(&key.label())).collect();
    let keys = if keys.is_empty() {
        "no key".to_owned()
    } else {
        keys.join(" ")
    };
    let (help, name) = (escaped(binding.help), escaped(binding.action.name()));
    format!(".TP\n\\fB{keys}\\fR\n{help} [{name}]\n")
}

/// Text that man(1) shows as it is.
fn escaped(text: &str) -> String {
    let text = text.replace('\\', "\\e").replace('-', "\\-").replace('^', "\\(ha");
    // A line that begins with these would be a command.
    if text.starts_with(['.', '\'']) {
        format!("\\&{text}")
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_has_every_key_with_its_words_and_its_name() {
        let keys = Keymap::default();
        let page = String::from_utf8(page(&keys).unwrap()).unwrap();
        for binding in keys.bindings() {
            assert!(page.contains(&key_entry(binding)), "{binding:?}");
        }
        for part in [
            ".SH NAME",
            ".SH KEYS",
            "Overview (overview)",
            ".SH COMMANDS",
            "\\fBserve\\fR",
        ] {
            assert!(page.contains(part), "{part} is missing\n{page}");
        }
    }

    #[test]
    fn the_page_has_the_keys_that_the_user_bound() {
        let own = [("add".to_owned(), vec!["Insert".to_owned()])];
        let keys = Keymap::with(&own.into()).unwrap();
        let page = String::from_utf8(page(&keys).unwrap()).unwrap();
        assert!(page.contains("\\fBInsert\\fR\nadd an expense [add]\n"), "{page}");
    }

    #[test]
    fn a_key_is_no_command_of_the_page() {
        assert_eq!(escaped("."), "\\&.");
        assert_eq!(escaped("'\\-^"), "\\&'\\e\\-\\(ha");
    }
}
