//! `firstrun run`.

use std::collections::HashMap;
use std::io::IsTerminal;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use ::report::Report;
use ::report::console::{self, Look};
use journal::RunRecord;
use scenario::Scenario;

use super::arguments::RunArguments;
use super::plan::{Planned, planned};
use super::start::load;
use crate::exit::{Exit, Happened};
use crate::load::Loaded;
use crate::progress::Progress;
use crate::run::{FolderError, RunFolder, RunOptions, RunResult, Runner, run_record};

/// Reports are wrapped to this where the terminal does not say.
const WIDTH: usize = 110;

/// Plays what was asked for, writes the records, prints the report.
pub(crate) fn run(arguments: &RunArguments) -> Exit {
    let loaded = match load() {
        Ok(loaded) => Arc::new(loaded),
        Err(exit) => return exit,
    };
    let planned = match planned(&arguments.selection, &loaded) {
        Ok(planned) => planned,
        Err(exit) => return exit,
    };
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("failed to start the runtime: {error}");
            return Exit::Broken;
        }
    };
    runtime.block_on(played(arguments, &loaded, &planned))
}

async fn played(arguments: &RunArguments, loaded: &Arc<Loaded>, planned: &Planned) -> Exit {
    let options = RunOptions {
        jobs: arguments.jobs,
        journey_timeout: arguments.journey_timeout,
        time_factor: arguments.time_factor,
        defects: arguments.defects.iter().copied().collect(),
    };
    let seed = arguments.selection.seed;
    let run = run_record(loaded, &planned.scenarios, &planned.plan, seed, &options);
    eprintln!("seed {seed}, {} journeys, {} at once", run.journeys.len(), arguments.jobs);
    let folder = match RunFolder::create(arguments.out.as_deref()).and_then(|f| f.write_run(&run).map(|()| f))
    {
        Ok(folder) => folder,
        Err(error) => return not_recorded(&error),
    };
    let began = Instant::now();
    let runner = match Runner::start(loaded.clone(), options).await {
        Ok(runner) => runner,
        Err(error) => {
            eprintln!("failed to {error}");
            return Exit::Broken;
        }
    };
    let results = play(&runner, planned, &run, &folder).await;
    runner.stop().await;
    let took_ms = u64::try_from(began.elapsed().as_millis()).ok();
    tell(&run, results, &folder, took_ms)
}

/// Plays the journeys. After an interrupt no result is kept but those in the journals, which the report reads.
async fn play(runner: &Runner, planned: &Planned, run: &RunRecord, folder: &RunFolder) -> Vec<RunResult> {
    let scenarios: HashMap<String, Arc<Scenario>> =
        planned.scenarios.iter().map(|scenario| (scenario.id.clone(), Arc::new(scenario.clone()))).collect();
    let progress = Progress::to_stderr(run.journeys.len());
    let results = tokio::select! {
        results = runner.play_all(&scenarios, &run.journeys, Some(folder), &progress) => results,
        _ = tokio::signal::ctrl_c() => {
            eprintln!("interrupted: the journeys under way are cut off");
            Vec::new()
        }
    };
    progress.finish();
    results
}

fn tell(run: &RunRecord, results: Vec<RunResult>, folder: &RunFolder, took_ms: Option<u64>) -> Exit {
    let mut happened = Happened::default();
    let mut journals = HashMap::new();
    for result in results {
        if let Some(failure) = &result.record_failure {
            happened.is_unrecorded = true;
            eprintln!("failed to record {}: {failure}", result.journey());
        }
        if let Some(bug) = &result.bug {
            happened.is_bug = true;
            eprintln!("a bug of ours in {}: {bug}", result.journey());
        }
        journals.insert(result.journey().clone(), result.journal);
    }
    let in_order = run.journeys.iter().map(|planned| {
        let journal =
            journals.remove(&planned.id).or_else(|| folder.read_journal(&planned.id).ok().flatten());
        (planned.id.clone(), journal)
    });
    let report = ::report::fold(run, in_order.collect::<Vec<_>>(), took_ms);
    for journey in &report.journeys {
        happened.count(journey.judged.verdict);
    }
    let written = folder
        .write_json("report.json", &::report::json(&report))
        .and_then(|()| folder.write_text("junit.xml", &::report::junit(&report)));
    if let Err(error) = written {
        happened.is_unrecorded = true;
        eprintln!("failed to {error}");
    }
    print_report(&report, look(), folder.root());
    happened.exit()
}

fn not_recorded(error: &FolderError) -> Exit {
    eprintln!("failed to {error}");
    eprintln!("hint: name a new or empty folder that can be written with --out");
    Exit::NotRecorded
}

/// How the report is shown here: colour on a terminal that was not told otherwise (`NO_COLOR`).
pub(crate) fn look() -> Look<'static> {
    let is_plain = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    Look { color: std::io::stdout().is_terminal() && !is_plain, width: WIDTH, records: None }
}

pub(crate) fn print_report(report: &Report, look: Look<'_>, records: &Path) {
    let records = records.display().to_string();
    print!("{}", console::render(report, Look { records: Some(&records), ..look }));
}
