//! Where a run's records land.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use journal::{JOURNAL_FORMAT, Journal, JourneyId, ReadError, RunRecord};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Where runs land when nothing else is asked for.
const DEFAULT_PLACE: &str = "reports";

/// What shrinking left of the failing cases.
pub(crate) const MINIMAL: &str = "minimal.json";

/// What became of the kept cases.
pub(crate) const KEPT: &str = "kept.json";

/// More runs than this in one place are swept by hand.
const MAX_RUNS: u32 = 100_000;

/// A run's folder: `run.json`, `journeys/`, and the reports made from them.
#[derive(Clone, Debug)]
pub struct RunFolder {
    root: PathBuf,
}

/// What can't be written or read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FolderError {
    /// A file or folder can't be written.
    #[error("write {path}: {source}")]
    Write {
        /// Where.
        path: String,
        /// What the file system says.
        source: io::Error,
    },
    /// The folder holds a run already.
    #[error("write {path}: the folder holds another run")]
    Taken {
        /// Where.
        path: String,
    },
    /// A file can't be read.
    #[error("read {path}: {why}")]
    Read {
        /// Where.
        path: String,
        /// What is wrong.
        why: String,
    },
    /// A journal can't be read.
    #[error(transparent)]
    Journal(#[from] ReadError),
}

impl RunFolder {
    /// A new folder: the given one, or the next numbered one below `reports/`.
    pub(crate) fn create(out: Option<&Path>) -> Result<Self, FolderError> {
        let root = match out {
            Some(path) => path.to_owned(),
            None => next_numbered(Path::new(DEFAULT_PLACE))?,
        };
        let folder = Self { root };
        let journeys = folder.root.join("journeys");
        fs::create_dir_all(&journeys).map_err(|source| write_error(&journeys, source))?;
        if folder.root.join("run.json").exists() {
            return Err(FolderError::Taken { path: folder.root.display().to_string() });
        }
        Ok(folder)
    }

    /// The folder of an earlier run: a path, or a name below `reports/`.
    pub(crate) fn open(name: &str) -> Result<Self, FolderError> {
        let candidates = [PathBuf::from(name), Path::new(DEFAULT_PLACE).join(name)];
        let found = candidates.into_iter().find(|root| root.join("run.json").is_file());
        let root = found.ok_or_else(|| FolderError::Read {
            path: name.to_owned(),
            why: "no run.json is there; name a folder that `firstrun run` wrote".to_owned(),
        })?;
        Ok(Self { root })
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    pub(crate) fn journal_path(&self, journey: &JourneyId) -> PathBuf {
        self.root.join("journeys").join(format!("{journey}.jsonl"))
    }

    /// Where the simplest scenario that fails like a journey stands.
    pub(crate) fn minimal_path(&self, journey: &JourneyId) -> PathBuf {
        self.root.join("minimal").join(format!("{journey}.yaml"))
    }

    pub(crate) fn write_minimal(&self, journey: &JourneyId, text: &str) -> Result<(), FolderError> {
        let folder = self.root.join("minimal");
        fs::create_dir_all(&folder).map_err(|source| write_error(&folder, source))?;
        write_whole(&self.minimal_path(journey), text)
    }

    /// A list that a run may have written beside its records; nothing where it wrote none.
    pub(crate) fn read_list<T: DeserializeOwned>(&self, name: &str) -> Result<Vec<T>, FolderError> {
        let path = self.root.join(name);
        if !path.is_file() {
            return Ok(Vec::new());
        }
        let unreadable = |why: String| FolderError::Read { path: path.display().to_string(), why };
        let text = fs::read_to_string(&path).map_err(|error| unreadable(error.to_string()))?;
        serde_json::from_str(&text).map_err(|error| unreadable(error.to_string()))
    }

    pub(crate) fn write_run(&self, run: &RunRecord) -> Result<(), FolderError> {
        self.write_json("run.json", run)
    }

    pub(crate) fn write_json(&self, name: &str, value: &impl Serialize) -> Result<(), FolderError> {
        let mut text = serde_json::to_string_pretty(value)
            .map_err(|error| write_error(&self.root.join(name), io::Error::other(error)))?;
        text.push('\n');
        self.write_text(name, &text)
    }

    /// Writes a file whole or not at all: beside its place first, then renamed.
    pub(crate) fn write_text(&self, name: &str, text: &str) -> Result<(), FolderError> {
        write_whole(&self.root.join(name), text)
    }

    pub(crate) fn read_run(&self) -> Result<RunRecord, FolderError> {
        let path = self.root.join("run.json");
        let unreadable = |why: String| FolderError::Read { path: path.display().to_string(), why };
        let text = fs::read_to_string(&path).map_err(|error| unreadable(error.to_string()))?;
        let run: RunRecord = serde_json::from_str(&text).map_err(|error| unreadable(error.to_string()))?;
        if run.format == JOURNAL_FORMAT {
            return Ok(run);
        }
        Err(unreadable(format!("its format is {}, this firstrun reads {JOURNAL_FORMAT}", run.format)))
    }

    /// A journey's journal; `None` where none was written.
    pub(crate) fn read_journal(&self, journey: &JourneyId) -> Result<Option<Journal>, FolderError> {
        let path = self.journal_path(journey);
        if !path.is_file() {
            return Ok(None);
        }
        Ok(Some(Journal::read(&path)?))
    }
}

/// Writes a file whole or not at all.
pub(crate) fn write_whole(path: &Path, text: &str) -> Result<(), FolderError> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let beside = path.with_file_name(format!(".{name}.part"));
    fs::write(&beside, text).map_err(|source| write_error(path, source))?;
    fs::rename(&beside, path).map_err(|source| write_error(path, source))
}

fn next_numbered(place: &Path) -> Result<PathBuf, FolderError> {
    fs::create_dir_all(place).map_err(|source| write_error(place, source))?;
    let entries = fs::read_dir(place).map_err(|source| write_error(place, source))?;
    let numbers =
        entries.filter_map(Result::ok).filter_map(|entry| number_of(&entry.file_name().to_string_lossy()));
    let first = numbers.max().unwrap_or(0) + 1;
    for number in first..MAX_RUNS {
        let path = place.join(format!("run-{number:04}"));
        match fs::create_dir(&path) {
            Ok(()) => return Ok(path),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(source) => return Err(write_error(&path, source)),
        }
    }
    Err(write_error(place, io::Error::other("too many runs are kept here")))
}

fn number_of(name: &str) -> Option<u32> {
    name.strip_prefix("run-")?.parse().ok()
}

fn write_error(path: &Path, source: io::Error) -> FolderError {
    FolderError::Write { path: path.display().to_string(), source }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_numbered_one_after_the_other() {
        let place = tempfile::tempdir().unwrap();
        let first = next_numbered(place.path()).unwrap();
        let second = next_numbered(place.path()).unwrap();
        assert!(first.ends_with("run-0001") && second.ends_with("run-0002"));
    }

    #[test]
    fn a_folder_that_holds_a_run_is_not_written_over() {
        let place = tempfile::tempdir().unwrap();
        fs::write(place.path().join("run.json"), "{}").unwrap();
        let error = RunFolder::create(Some(place.path())).unwrap_err();
        assert!(matches!(error, FolderError::Taken { .. }), "{error}");
    }
}
