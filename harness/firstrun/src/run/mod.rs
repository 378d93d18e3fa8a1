//! A run: the plan, `run.json`, the journeys side by side, the reports.

mod folder;
mod options;
mod record;
mod runner;

pub use folder::RunFolder;
pub(crate) use folder::{FolderError, KEPT, MINIMAL, write_whole};
pub use options::RunOptions;
pub(crate) use record::{play_at_once, run_record};
pub use runner::{RunResult, Runner, StartError};
