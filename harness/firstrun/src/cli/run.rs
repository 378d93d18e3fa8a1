//! `firstrun run`.

use std::collections::HashMap;
use std::io::IsTerminal;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use ::report::Report;
use ::report::console::{self, Look};
use journal::{GateRecord, KeptRecord, MinimalRecord, RunRecord, TextRecord};
use scenario::Scenario;

use super::arguments::{RunArguments, SelectionArguments};
use super::check::counted;
use super::plan::{Planned, chosen, nothing_planned};
use super::print::print;
use super::signal::until_told_to_stop;
use super::start::{load_on, stack_of};
use crate::descriptors::{jobs_within, raised_limit};
use crate::exit::{Exit, Happened};
use crate::gate::{self, Day};
use crate::load::Loaded;
use crate::progress::Progress;
use crate::regressions::{KeptFolder, KeptFolderError, Replay, replay};
use crate::run::{
    FolderError, KEPT, MINIMAL, RunFolder, RunOptions, RunResult, Runner, play_at_once, run_record,
};
use crate::shrink::{Shrinking, shrink_all};
use crate::stacks::ChosenStack;

/// Reports are wrapped to this where the terminal does not say.
const WIDTH: usize = 110;

/// Plays what was asked for, writes the records, prints the report.
pub(crate) fn run(arguments: &RunArguments) -> Exit {
    let set_up = stack_of(&arguments.stack)
        .and_then(|stack| load_on(&arguments.selection.contracts, &stack).map(|loaded| (stack, loaded)));
    let (stack, loaded) = match set_up {
        Ok((stack, loaded)) => (stack, Arc::new(loaded)),
        Err(exit) => return exit,
    };
    let gate = match gate_record(arguments) {
        Ok(gate) => gate,
        Err(exit) => return exit,
    };
    let selection = selection(arguments);
    let mut planned = match chosen(&selection, &loaded) {
        Ok(planned) => planned,
        Err(exit) => return exit,
    };
    let kept = match replayed(arguments, &loaded, &mut planned) {
        Ok(kept) => kept,
        Err(exit) => return exit,
    };
    if planned.plan.journeys.is_empty() {
        return nothing_planned(&selection, &loaded, &planned);
    }
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("failed to start the runtime: {error}");
            return Exit::Broken;
        }
    };
    runtime.block_on(played(arguments, &loaded, &planned, Standards { gate, kept, stack }))
}

/// What a run is held against beside its contract.
struct Standards {
    gate: Option<GateRecord>,
    kept: Option<Replay>,
    stack: ChosenStack,
}

/// The kept cases, put before the plan; `None` where none are kept.
fn replayed(
    arguments: &RunArguments,
    loaded: &Loaded,
    planned: &mut Planned,
) -> Result<Option<Replay>, Exit> {
    let Some(folder) = &arguments.keep_regressions else { return Ok(None) };
    let folder = KeptFolder::at(folder);
    replay(folder, loaded, &planned.scenarios, &mut planned.plan).map(Some).map_err(|error| match error {
        KeptFolderError::Invalid(problems) => {
            eprintln!("{}", document::render_all(&problems));
            Exit::InvalidScenario
        }
        error => {
            eprintln!("failed to {error}");
            Exit::Usage
        }
    })
}

/// What is played: as asked, and for a gate what is tagged so.
fn selection(arguments: &RunArguments) -> SelectionArguments {
    let mut selection = arguments.selection.clone();
    if arguments.gate {
        selection.tag = Some("gate".to_owned());
    }
    selection
}

/// What a gate is held against, read before anything is played; `None` where the run is no gate.
fn gate_record(arguments: &RunArguments) -> Result<Option<GateRecord>, Exit> {
    if !arguments.gate {
        return Ok(None);
    }
    let list = match &arguments.known_failures {
        None => TextRecord { name: gate::BUILTIN.0.to_owned(), text: gate::BUILTIN.1.to_owned() },
        Some(path) => {
            let read = crate::load::read(&path.display().to_string());
            let text = read.map_err(|error| {
                eprintln!("{error}");
                Exit::InvalidScenario
            })?;
            TextRecord { name: path.display().to_string(), text }
        }
    };
    if let Err(problems) = gate::read_list(&list.name, &list.text) {
        eprintln!("{}", document::render_all(&problems));
        return Err(Exit::InvalidScenario);
    }
    let is_whole = arguments.selection.scenarios.is_empty();
    Ok(Some(GateRecord { known_failures: list, today: Day::today().to_string(), is_whole }))
}

/// As many jobs as were asked for and the open files allow; told where these are fewer.
fn jobs(asked: usize, journeys: usize) -> usize {
    let wanted = play_at_once(asked, journeys);
    let jobs = jobs_within(raised_limit(), wanted);
    if jobs < wanted {
        eprintln!("only {jobs} at once: this process may open no more files for {wanted}");
        eprintln!("hint: raise the hard limit, which `ulimit -Hn` shows");
    }
    jobs
}

async fn played(
    arguments: &RunArguments,
    loaded: &Arc<Loaded>,
    planned: &Planned,
    standards: Standards,
) -> Exit {
    let Standards { gate, kept, stack } = standards;
    let options = RunOptions {
        jobs: jobs(stack.at_once(arguments.jobs), planned.plan.journeys.len()),
        journey_timeout: arguments.journey_timeout,
        time_factor: arguments.time_factor * stack.file.time_factor,
        defects: arguments.defects.iter().copied().collect(),
        stack,
    };
    let seed = arguments.selection.seed;
    let run = RunRecord { gate, ..run_record(loaded, &planned.scenarios, &planned.plan, seed, &options) };
    eprintln!("seed {seed}, {}, {} at once", counted(run.journeys.len(), "journey"), options.jobs);
    let folder = match RunFolder::create(arguments.out.as_deref()).and_then(|f| f.write_run(&run).map(|()| f))
    {
        Ok(folder) => folder,
        Err(error) => return not_recorded(&error),
    };
    let began = Instant::now();
    let stack = options.stack.file.clone();
    let started = tokio::select! {
        started = Runner::start(loaded.clone(), options) => started,
        () = until_told_to_stop() => {
            stack::release(&stack).await;
            eprintln!("told to stop before anything was played");
            return Exit::Broken;
        }
    };
    let runner = match started {
        Ok(runner) => runner,
        Err(error) => {
            eprintln!("failed to {error}");
            error.hint().iter().for_each(|hint| eprintln!("hint: {hint}"));
            return Exit::Broken;
        }
    };
    let scenarios: HashMap<String, Arc<Scenario>> =
        planned.scenarios.iter().map(|scenario| (scenario.id.clone(), Arc::new(scenario.clone()))).collect();
    let results = play(&runner, &scenarios, &run, &folder).await;
    let took_ms = u64::try_from(began.elapsed().as_millis()).ok();
    let shrinking = Shrinking { runner: &runner, loaded, scenarios: &scenarios, run: &run, folder: &folder };
    let minimal = if arguments.no_shrink { Ok(Vec::new()) } else { shrunk(&shrinking, &results).await };
    let strays = runner.stop().await;
    let kept = ruled_over(kept, &scenarios, &run, &results, &folder);
    tell(&run, results, Beside { minimal, kept }, &strays, &folder, took_ms)
}

/// What a run leaves beside its records and its report.
struct Beside {
    minimal: Result<Vec<MinimalRecord>, FolderError>,
    kept: Result<Vec<KeptRecord>, KeptFolderError>,
}

/// What became of the kept cases, written where they are kept and beside the run's records. A run that was interrupted
/// says nothing of them.
fn ruled_over(
    kept: Option<Replay>,
    scenarios: &HashMap<String, Arc<Scenario>>,
    run: &RunRecord,
    results: &[RunResult],
    folder: &RunFolder,
) -> Result<Vec<KeptRecord>, KeptFolderError> {
    let Some(kept) = kept.filter(|_| !results.is_empty()) else { return Ok(Vec::new()) };
    let records = kept.rule(scenarios, run, results)?;
    if !records.is_empty() {
        folder.write_json(KEPT, &records)?;
    }
    Ok(records)
}

/// What is left of the failing drawn cases, in their order and beside the run's records.
async fn shrunk(shrinking: &Shrinking<'_>, results: &[RunResult]) -> Result<Vec<MinimalRecord>, FolderError> {
    tokio::select! {
        shrunk = shrink_all(shrinking, results) => {
            let records = shrunk?;
            if !records.is_empty() {
                shrinking.folder.write_json(MINIMAL, &records)?;
            }
            Ok(records)
        }
        () = until_told_to_stop() => {
            eprintln!("told to stop: what was not shrunk by now stays as it is");
            Ok(Vec::new())
        }
    }
}

/// Plays the journeys. After an interruption no result is kept but those in the journals, which the report reads.
async fn play(
    runner: &Runner,
    scenarios: &HashMap<String, Arc<Scenario>>,
    run: &RunRecord,
    folder: &RunFolder,
) -> Vec<RunResult> {
    let progress = Progress::to_stderr(run.journeys.len());
    let results = tokio::select! {
        results = runner.play_all(scenarios, &run.journeys, Some(folder), &progress) => results,
        () = until_told_to_stop() => {
            eprintln!("told to stop: the journeys under way are cut off");
            Vec::new()
        }
    };
    progress.finish();
    results
}

fn tell(
    run: &RunRecord,
    results: Vec<RunResult>,
    beside: Beside,
    strays: &[String],
    folder: &RunFolder,
    took_ms: Option<u64>,
) -> Exit {
    let mut happened = Happened { has_strays: !strays.is_empty(), ..Happened::default() };
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
    let mut report = match ruled(run, ::report::fold(run, in_order.collect::<Vec<_>>(), took_ms)) {
        Ok(report) => report,
        Err(exit) => return exit,
    };
    happened.is_unrecorded |= add_beside(&mut report, beside);
    happened.add(&report);
    let written = folder
        .write_json("report.json", &::report::json(&report))
        .and_then(|()| folder.write_text("junit.xml", &::report::junit(&report)))
        .and_then(|()| folder.write_text("summary.md", &::report::summary(&report)));
    if let Err(error) = written {
        happened.is_unrecorded = true;
        eprintln!("failed to {error}");
    }
    print_report(&report, look(), folder.root());
    if happened.has_strays {
        eprintln!("the run is broken: something is left that belongs to no journey");
        strays.iter().for_each(|stray| eprintln!("  {stray}"));
    }
    happened.exit()
}

/// Adds what else the run left; `true` where some of it could not be written.
fn add_beside(report: &mut Report, beside: Beside) -> bool {
    let mut is_unrecorded = false;
    match beside.minimal {
        Ok(records) => report.add_minimal(records),
        Err(error) => {
            is_unrecorded = true;
            eprintln!("failed to {error}");
        }
    }
    match beside.kept {
        Ok(records) => report.kept = records,
        Err(error) => {
            is_unrecorded = true;
            eprintln!("failed to {error}");
        }
    }
    is_unrecorded
}

/// The report, with how the run stands as a gate where it is one.
pub(crate) fn ruled(run: &RunRecord, mut report: Report) -> Result<Report, Exit> {
    let Some(gate) = &run.gate else { return Ok(report) };
    gate::apply(gate, &mut report).map_err(|problems| {
        eprintln!("{}", document::render_all(&problems));
        Exit::InvalidScenario
    })?;
    Ok(report)
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
    print(&console::render(report, Look { records: Some(&records), ..look }));
}
