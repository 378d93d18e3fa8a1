//! From the typed words to an exit code.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;

use clap::Parser;

use super::arguments::{Arguments, Command, ContractArguments};
use super::{
    check, clean, doctor, explain, forms, identify, plan, platform, predict, regressions, report, run, up,
};
use crate::exit::Exit;
use crate::load::{Choice, Loaded};
use crate::select::SelectError;
use crate::stacks::ChosenStack;

/// Runs the command that was typed and says how it ended. Words that make no sense end with 2, as clap has it; a panic
/// of ours ends with 70.
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    guarded(|| act(arguments.command)).into()
}

/// The exit of an act; a panic, which the hook has told by then, is a bug of ours.
fn guarded(act: impl FnOnce() -> Exit) -> Exit {
    catch_unwind(AssertUnwindSafe(act)).unwrap_or(Exit::Bug)
}

fn act(command: Command) -> Exit {
    match command {
        Command::Run(run) => run::run(&run),
        Command::Check(check) => check::check(&check),
        Command::Plan(plan) => plan::plan(&plan),
        Command::Explain(explain) => explain::explain(&explain.selection),
        Command::Predict(predict) => predict::predict(&predict),
        Command::Forms(forms) => forms::forms(&forms),
        Command::Identify(identify) => identify::identify(&identify),
        Command::Up(arguments) => up::up(&arguments),
        Command::Down => up::down(),
        Command::Doctor(arguments) => doctor::doctor(&arguments),
        Command::Clean => clean::clean(),
        Command::Schema(arguments) => explain::schema(arguments.stack),
        Command::Report(report) => report::report(&report),
        Command::Regressions(arguments) => regressions::regressions(&arguments),
        Command::Platform(arguments) => platform::platform(&arguments),
        Command::Mcp(arguments) => platform::mcp(&arguments),
    }
}

/// The chosen contracts and registry, or a word to the user and the exit code.
pub(crate) fn load(chosen: &ContractArguments) -> Result<Loaded, Exit> {
    let choice = Choice {
        contract: chosen.contract.clone(),
        platform_contract: chosen.platform_contract.clone(),
        registry: chosen.registry.clone(),
    };
    load_chosen(&choice)
}

/// The same for a run on a stack, whose own contract is judged where none is named.
pub(crate) fn load_on(chosen: &ContractArguments, stack: &ChosenStack) -> Result<Loaded, Exit> {
    let contract = chosen.contract.clone().or_else(|| stack.file.contract.clone());
    load(&ContractArguments { contract, ..chosen.clone() }).map(|loaded| loaded.on(stack))
}

/// A stack by its name or file, or a word to the user and the exit code.
pub(crate) fn stack_of(name: &str) -> Result<ChosenStack, Exit> {
    ChosenStack::of(name).map_err(|error| {
        eprintln!("{error}");
        Exit::InvalidScenario
    })
}

/// The judged contract alone, beside a registry, for commands that play nothing.
pub(crate) fn load_judged(contract: &Option<String>, registry: &Option<String>) -> Result<Loaded, Exit> {
    load_chosen(&Choice { contract: contract.clone(), platform_contract: None, registry: registry.clone() })
}

fn load_chosen(choice: &Choice) -> Result<Loaded, Exit> {
    Loaded::of(choice).map_err(|error| {
        eprintln!("{error}");
        Exit::InvalidScenario
    })
}

/// Says why nothing can be played.
pub(crate) fn say_why(error: &SelectError) -> Exit {
    match error {
        SelectError::Invalid(problems) => {
            eprintln!("{}", document::render_all(problems));
            Exit::InvalidScenario
        }
        SelectError::Nothing(why) => {
            eprintln!("nothing to play: {why}");
            Exit::NothingPlayed
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_of_ours_ends_with_its_own_code() {
        assert_eq!(guarded(|| panic!("on purpose")), Exit::Bug);
        assert_eq!(guarded(|| Exit::Failed), Exit::Failed);
    }
}
