//! A scenario after the other.

use std::fmt::Write;

use contract::Contract;
use oracle::Oracle;

use super::cases::write_cases;
use super::steps::step;
use super::words::listed;
use super::world::world;
use crate::{Plan, Scenario};

/// What is explained.
#[derive(Clone, Copy, Debug)]
pub struct Explanation<'a> {
    /// The scenarios, in the order they are told.
    pub scenarios: &'a [Scenario],
    /// What is played of them.
    pub plan: &'a Plan,
    /// The contract whose promises are judged.
    pub contract: &'a Contract,
    /// What ids resolve to, and what is predicted of them.
    pub oracle: &'a Oracle,
}

/// Every scenario in sentences: why it is there, the world, the steps, and what each case is expected to do.
pub fn explain(explanation: &Explanation<'_>) -> String {
    let mut text = String::new();
    for scenario in explanation.scenarios {
        if !text.is_empty() {
            text.push('\n');
        }
        write_scenario(&mut text, explanation, scenario);
    }
    text
}

fn write_scenario(text: &mut String, explanation: &Explanation<'_>, scenario: &Scenario) {
    let _ = writeln!(text, "{}: {}", scenario.id, scenario.title);
    let _ = writeln!(text, "  Why: {}.", scenario.why.trim_end_matches('.'));
    for need in &scenario.needs {
        let makes = if need.is_made { "promises" } else { "does not promise" };
        let _ = writeln!(text, "  It is played where the contract {makes} `{}`.", need.promise.key());
    }
    let _ = writeln!(text, "\n  The world: {}", world(scenario));
    let _ = writeln!(text, "\n  The steps:");
    for (index, of_scenario) in scenario.steps.iter().enumerate() {
        let _ = writeln!(text, "    {}. {}", index + 1, step(of_scenario));
    }
    write_cases(text, explanation, scenario);
    write_skipped(text, explanation, scenario);
}

fn write_skipped(text: &mut String, explanation: &Explanation<'_>, scenario: &Scenario) {
    for skipped in explanation.plan.skipped.iter().filter(|skipped| skipped.scenario == scenario.id) {
        let what = skipped.case.as_deref().unwrap_or("all of it");
        let _ = writeln!(text, "  Skipped, {what}: {}.", skipped.reason);
    }
    let notes: Vec<String> = explanation
        .plan
        .left_out
        .iter()
        .filter(|note| note.scenario == scenario.id)
        .map(|note| note.note.clone())
        .collect();
    if !notes.is_empty() {
        let _ = writeln!(text, "  Note: {}.", listed(&notes));
    }
}
