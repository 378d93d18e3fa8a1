//! Plays one journey and writes its journal.
//!
//! Facts only: what is waited for is asked of the judge's own `holds`, and the verdict is the judge's. Order of a
//! journey: sign-up (and the bystander's), the steps until one breaks, the probes of the end, teardown, verdict.

mod acts;
mod host;
mod journey;
mod probes;
mod steps;
mod teardown;
mod wait;

pub(crate) use host::StackHost;
pub(crate) use journey::{Assignment, play, told_by_contract};
