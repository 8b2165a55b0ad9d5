//! A file that is written under a name of its own and takes its place once it is whole and on the disk.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How the names of unfinished files end.
pub(in crate::server) const SUFFIX: &str = ".copying";
/// An unfinished file that nobody has written to for so long was left by a process that is no more.
pub(in crate::server) const LEFT_AFTER: Duration = Duration::from_hours(1);

/// An unfinished file; it goes when this is dropped before its time.
pub(super) struct Partial {
    file: File,
    path: PathBuf,
    place: PathBuf,
}

impl Partial {
    /// Makes an empty file beside `place` that nobody but its owner can read, and takes away those of earlier attempts.
    pub(super) fn beside(place: &Path) -> io::Result<Self> {
        for old in left_beside(place)? {
            fs::remove_file(old)?;
        }
        let mut name = place.file_name().unwrap_or_default().to_owned();
        name.push(format!(".{:08x}{SUFFIX}", rand::random::<u32>()));
        let path = place.with_file_name(name);
        let mut options = OpenOptions::new();
        options.read(true).write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        Ok(Self {
            file: options.open(&path)?,
            path,
            place: place.to_owned(),
        })
    }

    /// Where it is now.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Its length, bytes.
    pub(super) fn length(&self) -> io::Result<u64> {
        Ok(self.file.metadata()?.len())
    }

    /// Puts it into its place, whatever is there. When this returns, it is there even if the power fails.
    pub(super) fn take_place(self) -> io::Result<()> {
        self.file.sync_all()?;
        fs::rename(&self.path, &self.place)?;
        let folder = self.place.parent().filter(|folder| !folder.as_os_str().is_empty());
        File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        // It is not there any more once it has taken its place; else whoever looks later finds it.
        let _ = fs::remove_file(&self.path);
    }
}

/// The unfinished files beside `place` that nobody writes to any more.
pub(in crate::server) fn left_beside(place: &Path) -> io::Result<Vec<PathBuf>> {
    let Some(own) = place.file_name() else {
        return Ok(Vec::new());
    };
    let folder = place.parent().filter(|folder| !folder.as_os_str().is_empty());
    let mut left = Vec::new();
    for entry in fs::read_dir(folder.unwrap_or(Path::new(".")))? {
        let entry = entry?;
        let modified = entry.metadata().and_then(|found| found.modified());
        let is_old = modified.is_ok_and(|at| at.elapsed().is_ok_and(|age| age > LEFT_AFTER));
        if is_old && is_unfinished(&entry.file_name(), own) {
            left.push(entry.path());
        }
    }
    Ok(left)
}

fn is_unfinished(name: &OsString, place: &std::ffi::OsStr) -> bool {
    let (name, place) = (name.to_string_lossy(), place.to_string_lossy());
    let rest = name.strip_prefix(&*place).and_then(|rest| rest.strip_suffix(SUFFIX));
    rest.is_some_and(|middle| middle.is_empty() || middle.starts_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::SystemTime;

    #[test]
    fn what_is_not_finished_goes_and_only_old_rests_are_taken_away() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("copy");
        let rest = |name: &str, age: Duration| {
            let path = folder.path().join(name);
            fs::write(&path, "half").unwrap();
            let at = SystemTime::now() - age;
            File::options()
                .write(true)
                .open(&path)
                .unwrap()
                .set_modified(at)
                .unwrap();
            path
        };
        let old = rest("copy.0001.copying", 2 * LEFT_AFTER);
        let running = rest("copy.0002.copying", Duration::ZERO);
        let other = rest("copy2.copying", 2 * LEFT_AFTER);
        let partial = Partial::beside(&place).unwrap();
        let path = partial.path().to_owned();
        assert!(path.exists() && !old.exists() && running.exists() && other.exists());
        drop(partial);
        assert!(!path.exists() && !place.exists());
        fs::write(&place, "before").unwrap();
        let partial = Partial::beside(&place).unwrap();
        fs::write(partial.path(), "after").unwrap();
        partial.take_place().unwrap();
        assert_eq!(fs::read_to_string(&place).unwrap(), "after");
    }
}
