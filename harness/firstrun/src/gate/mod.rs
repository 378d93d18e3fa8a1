//! `run --gate`: a run that may stop a release.
//!
//! `list` reads the known failures, `day` tells whether an entry's day is over, `ruling` decides what became of every
//! entry and every failed journey. The ruling is pure: it takes a folded report and the list, so `firstrun report`
//! rules the same way about an earlier run.

mod day;
mod list;
mod ruling;

use document::Problem;
use journal::GateRecord;
use report::Report;

pub(crate) use day::Day;
pub(crate) use list::{BUILTIN, Listed, Wanted, read_list};
pub(crate) use ruling::{Judged, rule};

/// Rules about a run by its record, and puts the ruling into its report.
///
/// # Errors
/// Where the record's list or day can't be read.
pub(crate) fn apply(record: &GateRecord, report: &mut Report) -> Result<(), Vec<Problem>> {
    let listed = read_list(&record.known_failures.name, &record.known_failures.text)?;
    let unreadable = || vec![Problem::in_file("run.json", format!("`{}` is no day", record.today))];
    let today = Day::parse(&record.today).ok_or_else(unreadable)?;
    report.gate = Some(rule(&Judged { report, today, is_whole: record.is_whole }, &listed));
    Ok(())
}
