//! The password of a PostgreSQL database, from where its own tools take it: `PGPASSWORD`, or a file of passwords.

use std::fmt::Display;
use std::fs::{self, Metadata};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use tokio_postgres::Config;
use tokio_postgres::config::Host;

/// The password for an address that tells none; or why the file that should have it was not used.
pub(super) fn password(config: &Config, variable: &dyn Fn(&str) -> Option<String>) -> Result<Option<String>, String> {
    if let Some(password) = variable("PGPASSWORD").filter(|password| !password.is_empty()) {
        return Ok(Some(password));
    }
    let named = variable("PGPASSFILE").map(PathBuf::from);
    let Some(file) = named.or_else(|| Some(Path::new(&variable("HOME")?).join(".pgpass"))) else {
        return Ok(None);
    };
    let place = file.display();
    let unreadable = |why: &dyn Display| format!("The passwords in {place} are not used: {why}.");
    let metadata = match fs::metadata(&file) {
        // Few have one, and need one.
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        found => found.map_err(|error| unreadable(&error))?,
    };
    if !metadata.is_file() {
        return Err(unreadable(&"that is no plain file"));
    }
    if is_open_to_others(&metadata) {
        return Err(format!(
            "The passwords in {place} are not used, because others can read them. Run: chmod 600 {place}"
        ));
    }
    let text = fs::read_to_string(&file).map_err(|error| unreadable(&error))?;
    Ok(text.lines().find_map(|line| matching_password(line, config)))
}

#[cfg(unix)]
fn is_open_to_others(metadata: &Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt;
    metadata.permissions().mode() & 0o077 != 0
}

#[cfg(not(unix))]
fn is_open_to_others(_metadata: &Metadata) -> bool {
    false
}

/// The password of one line `HOST:PORT:DATABASE:USER:PASSWORD` of a password file, when it is about this database.
/// `*` stands for anything, and a backslash takes the next character as it is.
fn matching_password(line: &str, config: &Config) -> Option<String> {
    if line.starts_with('#') {
        return None;
    }
    let (mut fields, mut quoted) = (vec![String::new()], false);
    for letter in line.chars() {
        match letter {
            '\\' if !quoted => {
                quoted = true;
                continue;
            }
            ':' if !quoted && fields.len() < 5 => fields.push(String::new()),
            _ => fields.last_mut()?.push(letter),
        }
        quoted = false;
    }
    let [host, port, database, user, password] = <[String; 5]>::try_from(fields).ok()?;
    let is = |wanted: &str, value: &str| wanted == "*" || wanted == value;
    let ports = config.get_ports();
    let of_host = config.get_hosts().iter().enumerate().any(|(at, known)| {
        let name = match known {
            Host::Tcp(name) => name.clone(),
            Host::Unix(_) => "localhost".to_owned(),
        };
        let known_port = ports.get(at).or(ports.last()).copied().unwrap_or(5432);
        is(&host, &name) && is(&port, &known_port.to_string())
    });
    let name = config.get_dbname().or(config.get_user()).unwrap_or_default();
    let matches = of_host && is(&database, name) && is(&user, config.get_user().unwrap_or_default());
    matches.then_some(password)
}

#[cfg(test)]
mod tests {
    use super::super::address::Address;
    use crate::server::store::database::UnknownDatabase;

    fn address(text: &str, variables: &[(&str, &str)]) -> Result<Address, UnknownDatabase> {
        let variables: Vec<(String, String)> = variables.iter().map(|(n, v)| ((*n).into(), (*v).into())).collect();
        Address::parse(text, &move |name| {
            let found = variables.iter().find(|(known, _)| known == name);
            found.map(|(_, value)| value.clone())
        })
    }

    #[test]
    fn a_password_comes_from_the_environment_or_a_file_of_ones_own() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("passwords");
        std::fs::write(
            &file,
            "# ours\nother:*:*:*:no\ndb:5432:budget:ada:a\\:b:c\\\\\n*:*:*:*:rest\n",
        )
        .unwrap();
        let file = file.to_str().unwrap();
        let password = |text: &str, variables: &[(&str, &str)]| {
            let found = address(text, variables)?;
            assert!(!found.tells_password());
            let password = found
                .config()
                .get_password()
                .map(|bytes| String::from_utf8(bytes.to_vec()).unwrap());
            Ok::<_, UnknownDatabase>(password)
        };
        let own = "postgres://ada@db/budget";
        assert_eq!(password(own, &[]), Ok(None));
        assert_eq!(password(own, &[("PGPASSWORD", "x")]), Ok(Some("x".to_owned())));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let open = address(own, &[("PGPASSFILE", file)]).unwrap();
            let told = open.warning().unwrap();
            assert!(told.ends_with(&format!("Run: chmod 600 {file}")), "{told}");
            assert_eq!(open.config().get_password(), None, "it is left alone");
            std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o600)).unwrap();
        }
        assert_eq!(password(own, &[("PGPASSFILE", file)]), Ok(Some("a:b:c\\".to_owned())));
        assert_eq!(address(own, &[("PGPASSFILE", file)]).unwrap().warning(), None);
        assert_eq!(address(own, &[("PGPASSFILE", "/no/where")]).unwrap().warning(), None);
        let bob = "postgres://bob@db/budget";
        assert_eq!(password(bob, &[("PGPASSFILE", file)]), Ok(Some("rest".to_owned())));
    }

    #[test]
    fn a_file_that_is_not_used_is_told_of_without_what_is_in_it() {
        let folder = tempfile::tempdir().unwrap();
        let garbled = folder.path().join("garbled");
        std::fs::write(&garbled, b"db:*:*:*:s3cr3t\xff").unwrap();
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            std::fs::set_permissions(&garbled, std::fs::Permissions::from_mode(0o600)).unwrap();
        }
        for (file, why) in [(garbled.as_path(), "UTF-8"), (folder.path(), "no plain file")] {
            let file = file.to_str().unwrap();
            let found = address("postgres://ada@db/budget", &[("PGPASSFILE", file)]).unwrap();
            let told = found.warning().unwrap();
            assert!(
                told.contains(file) && told.contains(why) && !told.contains("s3cr3t"),
                "{told}"
            );
        }
    }
}
