//! Journals folded into a [`Report`], and what is made of it for people and machines.
//!
//! [`fold`] takes the record of a run and the journals of its journeys, in any order, and is the only place that
//! looks at observations. Every renderer ([`console`], [`junit()`], [`summary()`], [`json()`]) is a pure function of the [`Report`],
//! so a report of an old run is the report that the run itself printed.
//!
//! To add a renderer: a module that takes `&Report` and answers a text; what it needs and the report does not hold is
//! added to [`fold`], not read from a journal. To add words for a new observation: its function beside its kin in
//! `words`, and its arm there.

pub mod console;

mod broken;
mod counting;
mod coverage;
mod detail;
mod fold;
mod gate;
mod json;
mod junit;
mod names;
mod repeat;
mod report;
mod servers;
mod summary;
mod text;
mod words;

#[cfg(test)]
mod sample;

pub use coverage::{Combination, Coverage, DrawnTally, EntryCoverage, FormCoverage};
pub use fold::fold;
pub use gate::{Gate, GateEntry, KnownFailure, Standing};
pub use json::{REPORT_FORMAT, json};
pub use junit::junit;
pub use repeat::repeat_command;
pub use report::{
    CheckTotals, FindingDetail, InWords, JourneyReport, ModelCallsOf, Report, RunHead, ScenarioTally,
    ServerLog, Tally, Totals,
};
pub use summary::summary;
