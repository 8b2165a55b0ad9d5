//! Reads the session of the program that came before: `blueseave-<username>-config.ini`.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use secrecy::SecretString;

use super::{ConfigError, Target};

/// More than any such file holds.
const MAX_FILE: u64 = 64 * 1024;

const SECTION: &str = "client";

/// What such a file says.
#[derive(Debug)]
pub struct Imported {
    /// The server.
    pub target: Target,
    /// The session's token.
    pub token: SecretString,
    /// The user, from the file's name.
    pub name: Option<String>,
}

/// Reads section `[client]`, keys `webservice` and `token`.
///
/// # Errors
/// [`ConfigError`] when the file cannot be read or a key is missing or cannot be used.
pub fn import_ini(path: &Path) -> Result<Imported, ConfigError> {
    let mut text = String::new();
    File::open(path)
        .and_then(|file| file.take(MAX_FILE).read_to_string(&mut text))
        .map_err(|source| ConfigError::read(path, source))?;
    let need = |key: &str| {
        value(&text, key).filter(|value| !value.is_empty()).ok_or_else(|| {
            let advice = format!("The file needs a section [{SECTION}] with the keys webservice and token.");
            ConfigError::key(path, key, "is missing", advice)
        })
    };
    let address = need("webservice")?;
    Ok(Imported {
        target: Target::parse(address)
            .map_err(|advice| ConfigError::key(path, "webservice", "is not an address", advice))?,
        token: need("token")?.to_owned().into(),
        name: user_in(path),
    })
}

/// The value of `key` in `[client]`; keys are the same in any case, the last one counts.
fn value<'a>(text: &'a str, key: &str) -> Option<&'a str> {
    let mut found = None;
    let mut inside = false;
    for line in text.lines().map(str::trim) {
        if let Some(section) = line.strip_prefix('[') {
            inside = section.trim_end_matches(']').trim() == SECTION;
        } else if inside
            && !line.starts_with(['#', ';'])
            && let Some((name, value)) = line.split_once(['=', ':'])
            && name.trim().eq_ignore_ascii_case(key)
        {
            found = Some(value.trim());
        }
    }
    found
}

fn user_in(path: &Path) -> Option<String> {
    let name = path.file_name()?.to_str()?;
    let user = name.strip_prefix("blueseave-")?.strip_suffix("-config.ini")?;
    (!user.is_empty()).then(|| user.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use secrecy::ExposeSecret;

    fn import(text: &str) -> Result<Imported, ConfigError> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("blueseave-ada-config.ini");
        std::fs::write(&path, text).unwrap();
        import_ini(&path)
    }

    #[test]
    fn reads_server_token_and_user() {
        let imported =
            import("; old\n[other]\ntoken = no\n[client]\nWebservice = https://host/prod\ntoken = a=b:c\n").unwrap();
        assert_eq!(imported.target.key(), "https://host/prod");
        assert_eq!(imported.token.expose_secret(), "a=b:c");
        assert_eq!(imported.name.as_deref(), Some("ada"));
    }

    #[test]
    fn says_what_is_missing() {
        for text in [
            "",
            "[client]\nwebservice = https://host\n",
            "[client]\nwebservice = host\ntoken = t\n",
            "token = t",
        ] {
            let error = import(text).unwrap_err();
            assert!(
                !error.advice().is_empty() && error.to_string().contains("config.ini"),
                "{error}"
            );
        }
    }
}
