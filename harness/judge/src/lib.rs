//! Facts in, opinion out. Pure: the same observations always give the same verdict, now or when judged again later.
//!
//! Play asks [`holds_all`] while it waits; [`judge`] asks it again over the finished record, so a wait and a later
//! judgement can't differ. Steps are judged by `steps`, what applies whatever the steps say by `invariants` and
//! `watch`.
//!
//! To add an invariant: its number in [`journal::InvariantId`], a file under `invariants`, its line in
//! `invariants::judge`, the probe that play runs for it, and a switch that turns it red in a test.

mod as_predicted;
mod attempts;
mod evidence;
mod facts;
mod findings;
mod holds;
mod invariants;
mod lack;
mod leftovers;
mod model_calls;
mod outcome;
mod reason;
mod refused;
mod spans;
mod steps;
mod that;
mod tool_text;
mod verdict;
mod watch;

pub use as_predicted::questions_due;
pub use facts::Facts;
pub use holds::{Holding, holds_all};
pub use steps::{MIN_SAMPLES, captures};
pub use verdict::{Trial, judge};
