//! Files that only their owner may read, replaced as a whole.

use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use serde::Serialize;
use uuid::Uuid;

use super::ConfigError;

/// The permission bits of the group and of others.
const OTHERS: u32 = 0o077;

/// Writes `value` as TOML, see [`replace`].
pub(super) fn write(path: &Path, value: &impl Serialize) -> Result<(), ConfigError> {
    replace(path, |temporary| {
        confy::store_path_perms(temporary, value, Permissions::from_mode(0o600))
            .map_err(|error| ConfigError::confy(temporary, error))
    })
}

/// Writes `text`, see [`replace`].
pub(super) fn write_text(path: &Path, text: &str) -> Result<(), ConfigError> {
    replace(path, |temporary| {
        fs::write(temporary, text).map_err(|source| ConfigError::write(temporary, source))
    })
}

/// Writes a file beside `path` first, then renames it over that, so that a reader and a crash see the old file
/// or the new one. Folders that are missing are made for the owner alone.
fn replace(path: &Path, fill: impl FnOnce(&Path) -> Result<(), ConfigError>) -> Result<(), ConfigError> {
    make_folder(path)?;
    let temporary = temporary(path);
    let written = store(&temporary, fill)
        .and_then(|()| fs::rename(&temporary, path).map_err(|source| ConfigError::write(path, source)));
    if written.is_err() {
        // Nothing more can be done about a file that cannot be removed either.
        let _ = fs::remove_file(&temporary);
    }
    written
}

fn store(temporary: &Path, fill: impl FnOnce(&Path) -> Result<(), ConfigError>) -> Result<(), ConfigError> {
    let failed = |source| ConfigError::write(temporary, source);
    // Made here with its mode, so that it is never open to others, not even for a moment.
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(temporary)
        .map_err(failed)?;
    fill(temporary)?;
    File::open(temporary).and_then(|file| file.sync_all()).map_err(failed)
}

/// Refuses a file that the group or others may read or write. A file that is not there is fine.
pub(super) fn check(path: &Path) -> Result<bool, ConfigError> {
    let mode = match fs::metadata(path) {
        Ok(metadata) => metadata.permissions().mode() & 0o777,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(false),
        Err(source) => return Err(ConfigError::read(path, source)),
    };
    if mode & OTHERS != 0 {
        return Err(ConfigError::Exposed {
            path: path.to_owned(),
            mode,
        });
    }
    Ok(true)
}

/// Holds off other processes that change `path`, until the file that is returned is dropped.
pub(super) fn lock(path: &Path) -> Result<File, ConfigError> {
    make_folder(path)?;
    let lock = path.with_extension("lock");
    let failed = |source| ConfigError::write(&lock, source);
    let file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(&lock)
        .map_err(failed)?;
    file.lock().map_err(failed)?;
    Ok(file)
}

fn make_folder(path: &Path) -> Result<(), ConfigError> {
    let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) else {
        return Ok(());
    };
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
        .map_err(|source| ConfigError::write(folder, source))
}

fn temporary(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}.{}.tmp", Uuid::new_v4()))
}
