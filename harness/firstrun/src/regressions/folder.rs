//! The folder of kept cases: one file a case.

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use document::{Problem, Source};

use super::kept::Kept;
use crate::run::{FolderError, write_whole};

/// More files than this are no list that anybody reads.
const MAX_KEPT: usize = 10_000;

/// A larger file is no kept case.
const MAX_FILE_BYTES: u64 = 1 << 20;

/// A folder of kept cases.
#[derive(Clone, Debug)]
pub(crate) struct KeptFolder {
    root: PathBuf,
}

/// What can't be read, written or dropped.
#[derive(Debug, thiserror::Error)]
pub(crate) enum KeptFolderError {
    /// The folder or a file can't be reached.
    #[error("{act} {path}: {source}")]
    Reach {
        /// What was tried.
        act: &'static str,
        /// Where.
        path: String,
        /// What the file system says.
        source: io::Error,
    },
    /// Files that are no kept cases.
    #[error("{}", document::render_all(.0))]
    Invalid(Vec<Problem>),
    /// A file can't be written.
    #[error(transparent)]
    Write(#[from] FolderError),
    /// A case can't be put into words.
    #[error(transparent)]
    Text(#[from] document::WriteError),
}

fn reach(act: &'static str, path: &Path, source: io::Error) -> KeptFolderError {
    KeptFolderError::Reach { act, path: path.display().to_string(), source }
}

impl KeptFolder {
    /// A folder that may not be there yet.
    pub(crate) fn at(root: &Path) -> Self {
        Self { root: root.to_owned() }
    }

    /// Every kept case with the name of its file, by name.
    pub(crate) fn read(&self) -> Result<Vec<(String, Kept)>, KeptFolderError> {
        if !self.root.exists() {
            return Ok(Vec::new());
        }
        if !self.root.is_dir() {
            let problem = Problem::in_file(self.root.display().to_string(), "this is no folder");
            return Err(KeptFolderError::Invalid(vec![
                problem.with_hint("name a folder for the kept cases"),
            ]));
        }
        let entries = fs::read_dir(&self.root).map_err(|source| reach("read", &self.root, source))?;
        let mut names: Vec<String> = entries
            .filter_map(Result::ok)
            .map(|entry| entry.file_name().to_string_lossy().into_owned())
            .filter(|name| name.ends_with(".yaml") && !name.starts_with('.'))
            .collect();
        names.sort();
        if names.len() > MAX_KEPT {
            let text = format!("{} cases are kept here, where {MAX_KEPT} are the bound", names.len());
            let problem = Problem::in_file(self.root.display().to_string(), text);
            return Err(KeptFolderError::Invalid(vec![problem.with_hint("drop what nobody will mend")]));
        }
        let mut kept = Vec::new();
        let mut problems = Vec::new();
        for name in names {
            let source = self.source(&name)?;
            match source.and_then(|source| Kept::read(&source)) {
                Ok(one) => kept.push((name, one)),
                Err(problem) => problems.push(problem),
            }
        }
        if problems.is_empty() { Ok(kept) } else { Err(KeptFolderError::Invalid(problems)) }
    }

    /// Writes a case, and answers the name of its file.
    pub(crate) fn write(&self, kept: &Kept) -> Result<String, KeptFolderError> {
        let name = format!("{}.yaml", kept.planned().id);
        self.write_as(&name, kept)?;
        Ok(name)
    }

    pub(crate) fn write_as(&self, name: &str, kept: &Kept) -> Result<(), KeptFolderError> {
        fs::create_dir_all(&self.root).map_err(|source| reach("write", &self.root, source))?;
        Ok(write_whole(&self.root.join(name), &kept.text()?)?)
    }

    /// Drops a file.
    pub(crate) fn drop_file(&self, name: &str) -> Result<(), KeptFolderError> {
        let path = self.root.join(name);
        fs::remove_file(&path).map_err(|source| reach("drop", &path, source))
    }

    fn source(&self, name: &str) -> Result<Result<Source, Problem>, KeptFolderError> {
        let path = self.root.join(name);
        if !path.is_file() {
            let problem = Problem::in_file(path.display().to_string(), "this is no file that can be read");
            return Ok(Err(problem.with_hint("a kept case is a plain file; move everything else away")));
        }
        let mut bytes = Vec::new();
        let file = fs::File::open(&path).map_err(|source| reach("read", &path, source))?;
        file.take(MAX_FILE_BYTES + 1)
            .read_to_end(&mut bytes)
            .map_err(|source| reach("read", &path, source))?;
        Ok(Source::from_utf8(path.display().to_string(), bytes))
    }
}
