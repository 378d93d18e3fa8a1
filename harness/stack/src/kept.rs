//! Tenants that are kept up for somebody to work with: how the command that takes them down finds them.
//!
//! Whoever keeps one up leaves a folder with its mark and a word for people; whoever takes them down looks for such
//! folders whose owner is alive, tells each to stop, and waits until its folder is gone. No secret is written there.

use std::fs;
use std::io::{Read, Result};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use crate::place::{self, OwnFolder};

/// The folders' kind, and the file in them.
const KIND: &str = "up";
const FILE: &str = "told.txt";

/// A longer word is none of ours.
const MAX_WORD_BYTES: u64 = 4096;

/// The pause between two looks whether a tenant is down.
const PAUSE: Duration = Duration::from_millis(20);

/// A sign that something is kept up; gone with its owner.
pub struct KeptSign {
    #[expect(dead_code, reason = "held, not read")]
    folder: OwnFolder,
}

impl KeptSign {
    /// Leaves a sign with a word for people: what is kept up, and where.
    ///
    /// # Errors
    /// Where the system's folder for temporary files can't be written.
    pub fn leave(word: &str) -> Result<Self> {
        let folder = OwnFolder::create(KIND)?;
        fs::write(folder.path().join(FILE), word)?;
        Ok(Self { folder })
    }
}

/// Something that is kept up by a process that is alive.
#[derive(Clone, Debug)]
pub struct KeptUp {
    /// The process.
    pub pid: u32,
    /// Its word for people.
    pub word: String,
    folder: PathBuf,
}

impl KeptUp {
    /// Everything that is kept up on this machine. Where processes can't be told apart (no `/proc`) nothing is found.
    pub fn all() -> Vec<Self> {
        place::of_the_living(KIND).into_iter().filter_map(|(pid, folder)| Self::read(pid, folder)).collect()
    }

    fn read(pid: u32, folder: PathBuf) -> Option<Self> {
        let mut word = String::new();
        fs::File::open(folder.join(FILE)).ok()?.take(MAX_WORD_BYTES).read_to_string(&mut word).ok()?;
        Some(Self { pid, word, folder })
    }

    /// Tells its process to stop, and waits until it is gone; `false` where it took too long.
    pub async fn take_down(&self, within: Duration) -> bool {
        if let Some(pid) = i32::try_from(self.pid).ok().and_then(Pid::from_raw) {
            kill_process(pid, Signal::TERM).ok();
        }
        let began = Instant::now();
        while self.folder.exists() {
            if began.elapsed() >= within {
                return false;
            }
            tokio::time::sleep(PAUSE).await;
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sign_is_found_as_long_as_it_is_held() {
        let word = format!("a test of process {}", std::process::id());
        let is_there =
            || KeptUp::all().iter().any(|kept| kept.word == word && kept.pid == std::process::id());
        let sign = KeptSign::leave(&word).unwrap();
        assert!(is_there());
        drop(sign);
        assert!(!is_there());
    }
}
