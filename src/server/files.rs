//! The data folder and the database file in it, for the owner's eyes only.

use std::fs::{self, DirBuilder, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use super::store::{StoreError, database};

/// Makes the folder (0700) and the file in it (0600) where they are missing; returns the file's path.
pub fn prepare(folder: &Path) -> Result<PathBuf, StoreError> {
    let file = folder.join(database::FILE);
    let advice = "Check its permissions or choose another folder with BUDGET_TRACKER_DATA_DIR.";
    make(folder, &file, advice)?;
    Ok(file)
}

/// Makes `file` (0600) and its folder (0700) where they are missing.
pub fn prepare_file(file: &Path) -> Result<(), StoreError> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    let advice = "Check its permissions or choose another file with --database.";
    make(folder.unwrap_or(Path::new(".")), file, advice)
}

fn make(folder: &Path, file: &Path, advice: &str) -> Result<(), StoreError> {
    let fault = |what: &Path, error: &io::Error| {
        StoreError::File(format!("{} cannot be used: {error}. {advice}", what.display()))
    };
    private_folder(folder).map_err(|e| fault(folder, &e))?;
    private_file(file).map_err(|e| fault(file, &e))
}

#[cfg(unix)]
fn private_folder(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

#[cfg(not(unix))]
fn private_folder(folder: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).create(folder)
}

/// Before SQLite makes it, because SQLite gives its logs the permissions of the main file.
#[cfg(unix)]
fn private_file(file: &Path) -> io::Result<()> {
    use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
    let open = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(file)?;
    if open.metadata()?.permissions().mode() & 0o077 != 0 {
        fs::set_permissions(file, fs::Permissions::from_mode(0o600))?;
    }
    Ok(())
}

#[cfg(not(unix))]
fn private_file(file: &Path) -> io::Result<()> {
    let options = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(file);
    options.map(|_| ())
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn only_the_owner_can_read() {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("a/b");
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        let file = prepare(&folder).unwrap();
        assert_eq!((mode(&folder), mode(&file)), (0o700, 0o600));
        fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
        prepare(&folder).unwrap();
        assert_eq!(mode(&file), 0o600);
    }

    #[test]
    fn a_folder_that_is_a_file_is_told() {
        let root = tempfile::tempdir().unwrap();
        fs::write(root.path().join("data"), "").unwrap();
        let error = prepare(&root.path().join("data")).unwrap_err();
        assert!(error.to_string().contains("BUDGET_TRACKER_DATA_DIR"), "{error}");
    }
}
