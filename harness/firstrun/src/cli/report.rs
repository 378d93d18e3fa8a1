//! `firstrun report`.

use journal::Journal;

use super::arguments::ReportArguments;
use super::run::{look, print_report, ruled};
use crate::exit::{Exit, Happened};
use crate::rejudge::Rejudge;
use crate::run::{FolderError, KEPT, MINIMAL, RunFolder};

/// Shows an earlier run again, with the verdicts of then or of today.
pub(crate) fn report(arguments: &ReportArguments) -> Exit {
    match reported(arguments) {
        Ok(exit) => exit,
        Err(error) => {
            eprintln!("failed to {error}");
            Exit::Usage
        }
    }
}

/// A journal that can't be read is no record: its journey is Broken, and the others are told.
fn readable(read: Result<Option<Journal>, FolderError>) -> Option<Journal> {
    read.unwrap_or_else(|error| {
        eprintln!("failed to {error}");
        None
    })
}

fn reported(arguments: &ReportArguments) -> Result<Exit, Box<dyn std::error::Error>> {
    let folder = RunFolder::open(&arguments.run)?;
    let run = folder.read_run()?;
    let rejudge = if arguments.rejudge { Some(Rejudge::of(&run)?) } else { None };
    let mut journals = Vec::new();
    for planned in &run.journeys {
        let mut journal = readable(folder.read_journal(&planned.id));
        if let (Some(rejudge), Some(journal)) = (&rejudge, &mut journal) {
            rejudge.judge(planned, journal);
        }
        journals.push((planned.id.clone(), journal));
    }
    let mut report = match ruled(&run, ::report::fold(&run, journals, None)) {
        Ok(report) => report,
        Err(exit) => return Ok(exit),
    };
    report.add_minimal(folder.read_list(MINIMAL)?);
    report.kept = folder.read_list(KEPT)?;
    let mut happened = Happened::default();
    happened.add(&report);
    print_report(&report, look(), folder.root());
    Ok(happened.exit())
}
