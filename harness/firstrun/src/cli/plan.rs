//! `firstrun plan`.

use std::fmt::Write;

use journal::RunRecord;
use scenario::{Plan, PlanRequest, Scenario};

use super::arguments::{Format, PlanArguments, SelectionArguments};
use super::check::counted;
use super::print::{print, print_line};
use super::start::{load_on, say_why, stack_of};
use crate::exit::Exit;
use crate::load::Loaded;
use crate::run::{RunOptions, run_record};
use crate::select::{Selection, select};

/// Scenarios and the plan that a selection makes.
pub(crate) struct Planned {
    pub(crate) scenarios: Vec<Scenario>,
    pub(crate) plan: Plan,
}

/// Prints the plan; starts nothing.
pub(crate) fn plan(arguments: &PlanArguments) -> Exit {
    let made = stack_of(&arguments.stack).and_then(|stack| {
        let loaded = load_on(&arguments.selection.contracts, &stack)?;
        let planned = planned(&arguments.selection, &loaded)?;
        Ok((stack, loaded, planned))
    });
    let (stack, loaded, planned) = match made {
        Ok(made) => made,
        Err(exit) => return exit,
    };
    let run = run_record(
        &loaded,
        &planned.scenarios,
        &planned.plan,
        arguments.selection.seed,
        &RunOptions { time_factor: stack.file.time_factor, stack, ..RunOptions::default() },
    );
    match arguments.format {
        Format::Text => print(&in_words(&run)),
        Format::Json => match serde_json::to_string_pretty(&run) {
            Ok(text) => print_line(&text),
            Err(error) => {
                eprintln!("failed to print the plan: {error}");
                return Exit::Bug;
            }
        },
    }
    Exit::Passed
}

/// The plan of a selection with at least one journey, or a word to the user and the exit code.
pub(crate) fn planned(arguments: &SelectionArguments, loaded: &Loaded) -> Result<Planned, Exit> {
    let planned = chosen(arguments, loaded)?;
    if planned.plan.journeys.is_empty() {
        return Err(nothing_planned(arguments, loaded, &planned));
    }
    Ok(planned)
}

/// Says that no case is left.
pub(crate) fn nothing_planned(arguments: &SelectionArguments, loaded: &Loaded, planned: &Planned) -> Exit {
    no_case(&request(arguments, loaded, &planned.scenarios));
    Exit::NothingPlayed
}

/// The plan of a selection, which may hold no journey.
pub(crate) fn chosen(arguments: &SelectionArguments, loaded: &Loaded) -> Result<Planned, Exit> {
    let selection = Selection { named: arguments.scenarios.clone(), tag: arguments.tag.clone() };
    let scenarios = select(&selection, loaded).map_err(|error| say_why(&error))?;
    let plan = scenario::plan(&request(arguments, loaded, &scenarios));
    Ok(Planned { scenarios, plan })
}

fn request<'a>(
    arguments: &'a SelectionArguments,
    loaded: &'a Loaded,
    scenarios: &'a [Scenario],
) -> PlanRequest<'a> {
    PlanRequest {
        scenarios,
        around: loaded.around(),
        oracle: &loaded.oracle,
        seed: arguments.seed,
        seeds: arguments.seeds,
        all_cases: arguments.all_cases,
        case: arguments.case.as_deref(),
    }
}

/// Says which case was meant, if one comes near.
fn no_case(request: &PlanRequest<'_>) {
    let Some(case) = request.case else {
        eprintln!("nothing to play: no case is left");
        return;
    };
    let all = scenario::plan(&PlanRequest { case: None, all_cases: true, ..request.clone() });
    let keys: Vec<&str> = all.journeys.iter().map(|journey| journey.case.as_str()).collect();
    eprintln!("nothing to play: no case `{case}` for seed {}", request.seed);
    match document::near(case, keys.iter().copied()) {
        Some(near) => eprintln!("hint: did you mean `{near}`?"),
        None => eprintln!("hint: `firstrun plan --seed {}` lists the cases", request.seed),
    }
}

fn in_words(run: &RunRecord) -> String {
    let mut text = format!(
        "seed {} (generator {}), contract {}, registry {}, {}\n",
        run.seed, run.generator, run.contract.name, run.registry.name, run.stack
    );
    for scenario in &run.scenarios {
        let journeys: Vec<_> =
            run.journeys.iter().filter(|journey| journey.scenario == scenario.id).collect();
        let _ = writeln!(text, "\n{}: {}", scenario.id, scenario.title);
        for journey in &journeys {
            let seed =
                if journey.seed == run.seed { String::new() } else { format!(" --seed {}", journey.seed) };
            let _ = writeln!(text, "  {}{seed}", journey.case);
        }
        for skipped in run.skipped.iter().filter(|skipped| skipped.scenario == scenario.id) {
            let what = skipped.case.as_deref().unwrap_or("all of it");
            let _ = writeln!(text, "  skipped: {what}: {}", skipped.reason);
        }
        for note in run.left_out.iter().filter(|note| note.scenario == scenario.id) {
            let _ = writeln!(text, "  note: {}", note.note);
        }
    }
    let _ = writeln!(text, "\n{}", counted(run.journeys.len(), "journey"));
    text
}
