//! The themes there are: those of the program, and the files of the user's own.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

use toml::Value;

use crate::document::{Mistake, cannot_be, did_you_mean};
use crate::ui::{Scheme, Themes};

use super::{ConfigError, Origin, Settings, file};

const THEME: &str = "theme";

impl Settings {
    /// The themes there are, and the configured one chosen. Files of the user's own that are not chosen and have
    /// mistakes are left out.
    ///
    /// # Errors
    /// [`ConfigError`] when no theme has the configured name, or when its file cannot be read or has mistakes.
    pub fn themes(&self) -> Result<Themes, ConfigError> {
        let wanted = self.appearance.theme.as_str();
        let mut themes = Themes::default();
        for path in self.own_themes()? {
            match read(&path) {
                Ok(scheme) => themes.add(scheme),
                Err(error) if name_of(&path) == wanted => return Err(error),
                Err(error) => tracing::warn!(%error, "a theme is left out"),
            }
        }
        if !themes.choose(wanted) {
            let path = self.theme_path(wanted).ok_or_else(|| self.no_theme(&themes))?;
            let scheme = read(&path)?;
            let name = scheme.name().to_owned();
            themes.add(scheme);
            themes.choose(&name);
        }
        Ok(themes)
    }

    /// Checks every theme file of the user's own, and the configured theme.
    ///
    /// # Errors
    /// Those of [`Settings::themes`], for the first file that has mistakes.
    pub fn check_themes(&self) -> Result<(), ConfigError> {
        for path in self.own_themes()? {
            read(&path)?;
        }
        self.themes().map(drop)
    }

    /// The files in the folder of themes, by name.
    fn own_themes(&self) -> Result<Vec<PathBuf>, ConfigError> {
        let folder = self.folders.themes();
        let listed = match fs::read_dir(&folder) {
            Ok(entries) => entries.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => Err(error),
        };
        let mut paths = listed.map_err(|source| ConfigError::read(&folder, source))?;
        paths.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
        paths.sort();
        Ok(paths)
    }

    /// Where the file is, if the theme is named by one: from the folder of `config.toml`, or from home with `~/`.
    fn theme_path(&self, wanted: &str) -> Option<PathBuf> {
        let path = Path::new(wanted);
        if !wanted.contains('/') && path.extension() != Some(OsStr::new("toml")) {
            return None;
        }
        let home = wanted.strip_prefix("~/").zip(env::var_os("HOME"));
        Some(match home {
            Some((rest, home)) => Path::new(&home).join(rest),
            None => self.folders.config.join(path),
        })
    }

    fn no_theme(&self, themes: &Themes) -> ConfigError {
        let wanted = self.appearance.theme.as_str();
        let problem = cannot_be(&Value::from(wanted));
        let advice = did_you_mean(wanted, themes.names());
        match self.origins.get(THEME) {
            Some(Origin::Environment(name) | Origin::Flag(name)) => ConfigError::Given {
                name: name.clone(),
                problem,
                advice,
            },
            origin => ConfigError::Mistakes {
                path: self.folders.config_file(),
                mistakes: vec![Mistake {
                    line: match origin {
                        Some(Origin::File(line)) => *line,
                        _ => None,
                    },
                    key: THEME.to_owned(),
                    problem,
                    advice,
                }],
            },
        }
    }
}

fn name_of(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

fn read(path: &Path) -> Result<Scheme, ConfigError> {
    let document = file::read_document(path)?;
    Scheme::read(&name_of(path), &document).map_err(|mistakes| ConfigError::Mistakes {
        path: path.to_owned(),
        mistakes,
    })
}

#[cfg(test)]
mod tests {
    use super::super::{Config, Folders};
    use super::*;
    use crate::ui::{Depth, Look, Role, Theme};

    const LOOK: Look = Look {
        light: false,
        depth: Depth::True,
        ascii: false,
    };

    fn settings(home: &Path, theme: &str, origin: Option<Origin>) -> Settings {
        let folders = Folders {
            config: home.to_owned(),
            data: home.to_owned(),
            state: home.to_owned(),
        };
        let mut settings = Settings::new(folders, Config::default());
        theme.clone_into(&mut settings.appearance.theme);
        settings.origins.extend(origin.map(|origin| (THEME.to_owned(), origin)));
        settings
    }

    fn home(files: &[(&str, &str)]) -> tempfile::TempDir {
        let home = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let path = home.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        home
    }

    const MINE: &str = "[dark]\nok = \"#00ff00\"\n";

    #[test]
    fn a_theme_is_chosen_by_name_or_path() {
        let home = home(&[
            ("themes/mine.toml", MINE),
            ("other/yours.toml", MINE),
            ("themes/notes.txt", "x"),
        ]);
        for (wanted, name) in [
            ("auto", "auto"),
            ("high-contrast", "high-contrast"),
            ("mine", "mine"),
            ("themes/mine.toml", "mine"),
            ("other/yours.toml", "yours"),
            (home.path().join("other/yours.toml").to_str().unwrap(), "yours"),
        ] {
            let themes = settings(home.path(), wanted, None).themes().unwrap();
            assert_eq!(themes.name(), name);
            assert!(themes.names().any(|name| name == "mine") && !themes.names().any(|name| name == "notes"));
            let ours = themes.theme(LOOK).style(Role::Ok) == Theme::dark().style(Role::Ok);
            assert_eq!(ours, name == "auto");
        }
    }

    #[test]
    fn a_name_that_is_none_is_refused_where_it_was_said() {
        let home = home(&[("themes/mine.toml", MINE)]);
        let told = |theme: &str, origin| {
            let error = settings(home.path(), theme, Some(origin)).themes().unwrap_err();
            (error.to_string(), error.advice())
        };
        let (what, advice) = told("drak", Origin::File(Some(3)));
        assert!(
            what.ends_with("config.toml, line 3: \"theme\" cannot be \"drak\"."),
            "{what}"
        );
        assert_eq!(advice, "Did you mean \"dark\"?");
        let (what, advice) = told("mien", Origin::Flag("--theme".to_owned()));
        assert_eq!(what, "--theme cannot be \"mien\".");
        assert_eq!(advice, "Did you mean \"mine\"?");
        let (what, _) = told("no/such.toml", Origin::File(None));
        assert!(what.contains("no/such.toml"), "{what}");
    }

    #[test]
    fn a_bad_file_stops_whoever_chose_it_and_nobody_else() {
        let home = home(&[
            ("themes/bad.toml", "[dark]\n\ntext = \"#101010\"\n"),
            ("themes/broken.toml", "[dark"),
        ]);
        assert!(settings(home.path(), "dark", None).themes().is_ok());
        let error = settings(home.path(), "bad", None).themes().unwrap_err();
        let said = error.to_string();
        assert!(
            said.contains("themes/bad.toml, line 3: ") && said.contains("1.1:1"),
            "{said}"
        );
        assert!(matches!(
            settings(home.path(), "broken", None).themes(),
            Err(ConfigError::Syntax { .. })
        ));
        assert!(settings(home.path(), "dark", None).check_themes().is_err());
    }
}
