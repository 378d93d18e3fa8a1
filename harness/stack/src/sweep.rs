//! What dead runs left, ended and removed before a run begins.
//!
//! To add what a stack can leave: mark it with its owner ([`crate::orphans::mark`]), and count it here.

use std::fmt;
use std::ops::Add;

use crate::file::StackFile;
use crate::{containers, orphans, place};

/// How much of dead runs was ended or removed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// Servers, and what they had started.
    pub processes: usize,
    /// Folders of services.
    pub folders: usize,
    /// Containers.
    pub containers: usize,
    /// Networks of containers.
    pub networks: usize,
    /// Images that were built.
    pub images: usize,
    /// Rows of a target.
    pub rows: usize,
}

impl Swept {
    /// Whether dead runs had left nothing.
    pub fn is_nothing(&self) -> bool {
        *self == Self::default()
    }
}

impl Add for Swept {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            processes: self.processes + other.processes,
            folders: self.folders + other.folders,
            containers: self.containers + other.containers,
            networks: self.networks + other.networks,
            images: self.images + other.images,
            rows: self.rows + other.rows,
        }
    }
}

impl fmt::Display for Swept {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counts = [
            (self.processes, "process", "processes"),
            (self.folders, "folder", "folders"),
            (self.containers, "container", "containers"),
            (self.networks, "network", "networks"),
            (self.images, "image", "images"),
            (self.rows, "row", "rows"),
        ];
        let told = counts.iter().filter(|(count, ..)| *count > 0);
        let told: Vec<String> = told
            .map(|(count, one, many)| format!("{count} {}", if *count == 1 { one } else { many }))
            .collect();
        out.write_str(if told.is_empty() { "nothing" } else { "" })?;
        out.write_str(&told.join(", "))
    }
}

/// Removes what this run left in Docker when its preparation was called off; processes and folders go by themselves.
pub async fn release(file: &StackFile) {
    if file.needs_containers() {
        containers::release().await;
    }
}

/// Removes everything that dead runs left, and the images that were built for containers.
///
/// # Errors
/// What kept the engine of the containers from doing so.
pub async fn clean() -> Result<Swept, String> {
    let swept = sweep();
    Ok(swept + containers::clean().await?)
}

/// Ends the processes of dead runs and removes their folders.
pub(crate) fn sweep() -> Swept {
    Swept { processes: orphans::sweep(), folders: place::sweep(), ..Swept::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_swept_is_told_in_words() {
        assert_eq!(Swept::default().to_string(), "nothing");
        let swept = Swept { processes: 2, networks: 1, ..Swept::default() };
        assert_eq!(swept.to_string(), "2 processes, 1 network");
    }
}
