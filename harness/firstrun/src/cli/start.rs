//! From the typed words to an exit code.

use std::process::ExitCode;

use clap::Parser;

use super::arguments::{Arguments, Command};
use super::{check, plan, report, run};
use crate::exit::Exit;
use crate::load::Loaded;
use crate::select::SelectError;

/// Runs the command that was typed and says how it ended. Words that make no sense end with 2, as clap has it.
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let exit = match arguments.command {
        Command::Run(run) => run::run(&run),
        Command::Check(check) => check::check(&check),
        Command::Plan(plan) => plan::plan(&plan),
        Command::Report(report) => report::report(&report),
    };
    exit.into()
}

/// The default contract with its registry, or a word to the user and the exit code.
pub(crate) fn load() -> Result<Loaded, Exit> {
    Loaded::builtin().map_err(|error| {
        eprintln!("{error}");
        Exit::InvalidScenario
    })
}

/// Says why nothing can be played.
pub(crate) fn explain(error: &SelectError) -> Exit {
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
