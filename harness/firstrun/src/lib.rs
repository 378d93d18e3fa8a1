//! The command: it joins scenario, stack, world, judge and report, and owns the run loop.
//!
//! `cli` reads what was typed; `select` finds the scenarios; `run` makes the plan, writes `run.json`, plays journeys
//! side by side and writes the reports; `play` plays one journey and writes its journal. The exit code is chosen in
//! one place, `exit`. `shrink` cuts failing cases down to the simplest scenario that fails alike, `regressions` keeps
//! them for later runs. `identify` plays fixed questions and says whose promises a platform keeps. `predicted` and `samples` stand apart: what must become of one id, and what the grammar of ids
//! holds, nothing played.

mod cli;
mod descriptors;
mod exit;
mod failing;
mod gate;
mod identify;
mod load;
mod pack;
mod play;
mod predicted;
mod progress;
mod recipe;
mod regressions;
mod rejudge;
mod run;
mod samples;
mod select;
mod shrink;
mod stacks;
mod up;

pub use cli::main;
pub use exit::Exit;
pub use identify::{Contradiction, Identified, IdentifyError, Score, asking, identify};
pub use load::{Choice, Loaded, SetUpError};
pub use pack::SCENARIOS;
pub use predicted::{Asked, KeyAsked, prediction_as_json};
pub use progress::Progress;
pub use run::{RunFolder, RunOptions, RunResult, Runner, StartError};
pub use select::{SelectError, Selection, select};
pub use stacks::ChosenStack;
