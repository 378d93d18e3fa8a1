//! `firstrun check`.

use super::arguments::{CheckArguments, Format};
use super::print::print_line;
use super::start::{load, say_why};
use crate::exit::Exit;
use crate::select::{SelectError, Selection, select};

/// Reads scenarios and prints every problem of every file.
pub(crate) fn check(arguments: &CheckArguments) -> Exit {
    let loaded = match load(&arguments.contracts) {
        Ok(loaded) => loaded,
        Err(exit) => return exit,
    };
    let selection = Selection { named: arguments.scenarios.clone(), tag: None };
    match (select(&selection, &loaded), arguments.format) {
        (Ok(scenarios), Format::Text) => {
            print_line(&format!("{} checked, nothing wrong", counted(scenarios.len(), "scenario")));
            Exit::Passed
        }
        (Ok(_), Format::Json) => {
            print_line("[]");
            Exit::Passed
        }
        (Err(SelectError::Invalid(problems)), Format::Json) => {
            print_line(&format!("{:#}", document::problems_as_json(&problems)));
            Exit::InvalidScenario
        }
        (Err(SelectError::Invalid(problems)), Format::Text) => {
            print_line(&document::render_all(&problems));
            eprintln!("{}", counted(problems.len(), "problem"));
            Exit::InvalidScenario
        }
        (Err(other), _) => say_why(&other),
    }
}

/// `1 scenario`, `2 scenarios`.
pub(crate) fn counted(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}
