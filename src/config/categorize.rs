//! `[categorize]`: who decides on a category where the local prediction is not enough.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use secrecy::SecretString;
use url::Url;

use crate::categorize::service::{Ask, Backend, Plan, Service};
use crate::domain::address::is_loopback;

use super::{ConfigError, Origin, Origins, private};

/// The variable that holds the key of the service.
pub const KEY_VARIABLE: &str = "BUDGET_TRACKER_OPENAI_KEY";

/// The keys of `[categorize]`; an empty text is one that is not set.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Categorize {
    /// Who is asked.
    pub backend: Backend,
    /// When.
    pub ask: Ask,
    /// Below this local confidence, percent.
    pub threshold: u8,
    /// The longest time that a request waits, ms.
    pub wait_ms: u16,
    /// Where a server of chat completions is.
    pub base_url: String,
    /// Its model.
    pub model: String,
    /// The file with its key.
    pub key_file: String,
    /// Whether plain `http://` to it is allowed beyond this machine.
    pub insecure_base_url: bool,
    /// The name of a `SageMaker` endpoint.
    pub endpoint: String,
    /// Its region.
    pub region: String,
}

impl Default for Categorize {
    fn default() -> Self {
        Self {
            backend: Backend::default(),
            ask: Ask::default(),
            threshold: Plan::THRESHOLD,
            wait_ms: Plan::WAIT_MS,
            base_url: String::new(),
            model: String::new(),
            key_file: String::new(),
            insecure_base_url: false,
            endpoint: String::new(),
            region: String::new(),
        }
    }
}

/// Reads the address of a service: `http` or `https`, with nothing in it but host, port and path.
pub(super) fn address(text: &str) -> Option<Url> {
    let bare = |url: &Url| {
        url.username().is_empty() && url.password().is_none() && url.query().is_none() && url.fragment().is_none()
    };
    let url = Url::parse(text).ok()?;
    (matches!(url.scheme(), "http" | "https") && url.has_host() && bare(&url)).then_some(url)
}

impl Categorize {
    /// What follows for a server: whom to ask, or nobody. The key comes from the environment, or from its file.
    ///
    /// # Errors
    /// [`ConfigError`] when a key is missing, an address is not safe, or the file of the service's key cannot be read
    /// or is open to others.
    pub(super) fn plan(
        &self,
        folder: &Path,
        variable: impl Fn(&str) -> Option<String>,
        origins: &Origins,
    ) -> Result<Option<Plan>, ConfigError> {
        let service = match self.backend {
            Backend::Local => return Ok(None),
            Backend::Openai => self.openai(folder, variable, origins)?,
            Backend::Sagemaker => self.sagemaker()?,
        };
        Ok(Some(Plan {
            service,
            ask: self.ask,
            threshold: self.threshold,
            wait: Duration::from_millis(self.wait_ms.into()),
        }))
    }

    fn openai(
        &self,
        folder: &Path,
        variable: impl Fn(&str) -> Option<String>,
        origins: &Origins,
    ) -> Result<Service, ConfigError> {
        let example = "base_url = \"https://api.openai.com/v1\", or \"http://127.0.0.1:11434/v1\" for Ollama";
        let base = address(&self.base_url).ok_or_else(|| self.missing("base_url", example))?;
        if base.scheme() == "http" && !self.insecure_base_url && !is_loopback(&base) {
            return Err(unsafe_address(&base, origins));
        }
        if self.model.is_empty() {
            return Err(self.missing("model", "model = \"gpt-4o-mini\""));
        }
        Ok(Service::Openai {
            base,
            model: self.model.clone(),
            key: self.key(folder, variable)?,
        })
    }

    fn sagemaker(&self) -> Result<Service, ConfigError> {
        if !cfg!(feature = "sagemaker") {
            return Err(ConfigError::Given {
                name: "categorize.backend".to_owned(),
                problem: "cannot be \"sagemaker\" here: this program was built without it".to_owned(),
                advice: "Build it with the feature sagemaker, or write backend = \"local\".".to_owned(),
            });
        }
        if self.endpoint.is_empty() {
            return Err(self.missing("endpoint", "endpoint = \"budget-categories\""));
        }
        Ok(Service::Sagemaker {
            endpoint: self.endpoint.clone(),
            region: Some(self.region.clone()).filter(|region| !region.is_empty()),
        })
    }

    fn missing(&self, key: &str, example: &str) -> ConfigError {
        ConfigError::Given {
            name: format!("categorize.{key}"),
            problem: format!("is missing, and backend = \"{}\" needs it", self.backend),
            advice: format!("Write it under [categorize], for example {example}."),
        }
    }

    /// The key, if there is one: a server on this machine may want none.
    fn key(
        &self,
        folder: &Path,
        variable: impl Fn(&str) -> Option<String>,
    ) -> Result<Option<SecretString>, ConfigError> {
        if let Some(key) = variable(KEY_VARIABLE).filter(|key| !key.trim().is_empty()) {
            return Ok(Some(usable(&key).ok_or_else(|| ConfigError::Given {
                name: KEY_VARIABLE.to_owned(),
                problem: "holds characters that no key has".to_owned(),
                advice: "Copy the key again: letters, digits and marks on one line.".to_owned(),
            })?));
        }
        if self.key_file.is_empty() {
            return Ok(None);
        }
        let path = folder.join(PathBuf::from(&self.key_file));
        // Refuses what others can read; without the file, reading says so.
        private::check(&path)?;
        let text = fs::read_to_string(&path).map_err(|source| ConfigError::read(&path, source))?;
        let key = usable(&text).ok_or(ConfigError::NoKey { path });
        key.map(Some)
    }
}

/// A key as it can be sent: one line of visible ASCII.
fn usable(text: &str) -> Option<SecretString> {
    let key = text.trim();
    let visible = !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_graphic());
    visible.then(|| key.into())
}

fn unsafe_address(base: &Url, origins: &Origins) -> ConfigError {
    let name = match origins.get("categorize.base_url") {
        Some(Origin::Environment(name) | Origin::Flag(name)) => name.clone(),
        _ => "categorize.base_url".to_owned(),
    };
    ConfigError::Given {
        name,
        problem: format!("cannot be {base}: without encryption, descriptions and the key can be read on the way"),
        advice: "Write https://, or accept the risk with insecure_base_url = true under [categorize].".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;
    use secrecy::ExposeSecret;
    use std::os::unix::fs::PermissionsExt;

    fn openai() -> Categorize {
        Categorize {
            backend: Backend::Openai,
            base_url: "https://llm.example.org/v1".to_owned(),
            model: "small".to_owned(),
            ..Categorize::default()
        }
    }

    fn plan(of: &Categorize, folder: &Path, key: &str) -> Result<Option<Plan>, ConfigError> {
        let variable = |name: &str| (name == KEY_VARIABLE).then(|| key.to_owned());
        of.plan(folder, variable, &Origins::new())
    }

    fn key_of(plan: Option<Plan>) -> Option<String> {
        match plan.unwrap().service {
            Service::Openai { key, .. } => key.map(|key| key.expose_secret().to_owned()),
            Service::Sagemaker { .. } => None,
        }
    }

    fn refused(of: &Categorize) -> (String, String) {
        let error = plan(of, Path::new("/"), "").unwrap_err();
        (error.to_string(), error.advice())
    }

    #[test]
    fn nobody_is_asked_unless_a_back_end_is_named() {
        let complete = Categorize {
            backend: Backend::Local,
            ..openai()
        };
        assert!(plan(&complete, Path::new("/"), "sk-1").unwrap().is_none());
        assert!(plan(&openai(), Path::new("/"), "").unwrap().is_some());
    }

    #[rstest]
    #[case("base_url", Categorize { base_url: String::new(), ..openai() })]
    #[case("model", Categorize { model: String::new(), ..openai() })]
    #[case("endpoint", Categorize { backend: Backend::Sagemaker, ..openai() })]
    fn what_a_back_end_needs_is_asked_for(#[case] key: &str, #[case] of: Categorize) {
        let (problem, advice) = refused(&of);
        assert!(
            problem.starts_with(&format!("categorize.{key} is missing")),
            "{problem}"
        );
        assert!(advice.contains(&format!("{key} = ")), "{advice}");
    }

    #[rstest]
    #[case("http://127.0.0.1:11434/v1", true)]
    #[case("http://localhost:11434/v1", true)]
    #[case("http://[::1]/v1", true)]
    #[case("http://192.0.2.1/v1", false)]
    #[case("http://localhost.example.org/v1", false)]
    fn plain_http_stays_on_this_machine(#[case] base: &str, #[case] fine: bool) {
        let of = Categorize {
            base_url: base.to_owned(),
            ..openai()
        };
        assert_eq!(plan(&of, Path::new("/"), "").is_ok(), fine);
        if !fine {
            assert!(refused(&of).1.contains("insecure_base_url = true"));
        }
        let allowed = Categorize {
            insecure_base_url: true,
            ..of
        };
        assert!(plan(&allowed, Path::new("/"), "").is_ok());
    }

    #[rstest]
    #[case("https://ada:secret@host/v1")]
    #[case("https://host/v1?key=1")]
    #[case("ftp://host/v1")]
    #[case("host:80")]
    fn an_address_is_an_address_and_nothing_else(#[case] text: &str) {
        assert_eq!(address(text), None);
    }

    #[test]
    fn a_key_comes_from_the_environment_or_a_file_of_ones_own() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("openai.key");
        let of = Categorize {
            key_file: "openai.key".to_owned(),
            ..openai()
        };
        assert!(
            plan(&of, folder.path(), "")
                .unwrap_err()
                .to_string()
                .contains("openai.key")
        );
        fs::write(&path, "sk-file\n").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        let error = plan(&of, folder.path(), "").unwrap_err();
        assert_eq!(error.advice(), format!("Run: chmod 600 {}", path.display()));
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        assert_eq!(key_of(plan(&of, folder.path(), "").unwrap()).unwrap(), "sk-file");
        assert_eq!(key_of(plan(&of, folder.path(), "sk-env").unwrap()).unwrap(), "sk-env");
        fs::write(&path, "two lines\nsecret").unwrap();
        let error = plan(&of, folder.path(), "").unwrap_err();
        assert!(!error.to_string().contains("secret"), "{error}");
        let error = plan(&openai(), folder.path(), "sk\u{7f}-secret").unwrap_err();
        assert!(error.to_string().starts_with(KEY_VARIABLE) && !error.to_string().contains("secret"));
    }
}
