//! A folder of the run's own, below the system's folder for such: named after its owner, so that the next run finds what
//! a killed one left.

use std::fs;
use std::io::Result;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::orphans;

/// What the names of such folders begin with.
const PREFIX: &str = "firstrun-";

/// A folder that is removed when this is dropped.
pub(crate) struct OwnFolder(TempDir);

impl OwnFolder {
    /// A new, empty folder for `what`.
    pub(crate) fn create(what: &str) -> Result<Self> {
        let mark = orphans::mark().unwrap_or_default();
        let prefix = format!("{PREFIX}{mark}-{}-{what}-", orphans::host());
        tempfile::Builder::new().prefix(&prefix).tempdir().map(Self)
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }
}

/// Removes the folders whose owner is gone, and answers how many these were.
pub(crate) fn sweep() -> usize {
    let Ok(entries) = fs::read_dir(std::env::temp_dir()) else { return 0 };
    let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
    paths.filter(|path| is_left(path) && fs::remove_dir_all(path).is_ok()).count()
}

/// The folders of this kind that this user's processes left and are alive, each with its process. Anybody may make a
/// folder of any name there.
pub(crate) fn of_the_living(kind: &str) -> Vec<(u32, PathBuf)> {
    let Ok(entries) = fs::read_dir(std::env::temp_dir()) else { return Vec::new() };
    let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
    let living = paths.filter_map(|path| {
        let (mark, named) = parts(&path)?;
        let pid = mark.split_once('.')?.0.parse().ok()?;
        let is_own = is_of_this_user(&path) && is_of_this_user(Path::new(&format!("/proc/{pid}")));
        (named == kind && is_own && orphans::is_alive(mark)).then(|| (pid, path.clone()))
    });
    living.collect()
}

fn is_of_this_user(path: &Path) -> bool {
    let own = rustix::process::geteuid().as_raw();
    fs::symlink_metadata(path).is_ok_and(|found| found.uid() == own)
}

/// A folder without an owner's mark is none of ours to judge.
fn is_left(path: &Path) -> bool {
    parts(path).is_some_and(|(mark, _)| !orphans::is_alive(mark)) && path.is_dir()
}

/// The owner's mark and the kind in the name of a folder of this machine.
fn parts(path: &Path) -> Option<(&str, &str)> {
    let mut parts = path.file_name()?.to_str()?.strip_prefix(PREFIX)?.split('-');
    let (mark, host, kind) = (parts.next()?, parts.next()?, parts.next()?);
    (orphans::is_mark(mark) && host == orphans::host()).then_some((mark, kind))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_left_when_its_owner_is_gone_and_no_other_is() {
        let place = tempfile::tempdir().unwrap();
        let make = |name: &str| {
            let path = place.path().join(name);
            fs::create_dir(&path).unwrap();
            path
        };
        let Some(own) = orphans::mark() else { return };
        let host = orphans::host();
        assert!(is_left(&make(&format!("firstrun-4194399.77-{host}-postgres-x"))));
        assert!(!is_left(&make(&format!("firstrun-{own}-{host}-postgres-x"))));
        assert!(!is_left(&make("firstrun-4194399.77-elsewhere-postgres-x")));
        assert!(!is_left(&make("firstrun-notes")));
        assert!(!is_left(&make("other-4194399.77-x")));
    }

    #[test]
    fn a_folder_is_gone_with_its_owner() {
        let folder = OwnFolder::create("test").unwrap();
        let path = folder.path().to_owned();
        assert!(path.is_dir() && !is_left(&path));
        drop(folder);
        assert!(!path.exists());
    }
}
