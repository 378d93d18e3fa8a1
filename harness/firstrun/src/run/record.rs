//! What `run.json` holds.

use journal::{GENERATOR_VERSION, JOURNAL_FORMAT, RunRecord, ScenarioText};
use scenario::{Plan, Scenario};

use super::RunOptions;
use crate::load::Loaded;

/// The record of a run before its first journey.
pub(crate) fn run_record(
    loaded: &Loaded,
    scenarios: &[Scenario],
    plan: &Plan,
    seed: u64,
    options: &RunOptions,
) -> RunRecord {
    RunRecord {
        format: JOURNAL_FORMAT,
        firstrun: env!("CARGO_PKG_VERSION").to_owned(),
        generator: GENERATOR_VERSION,
        seed,
        stack: options.stack.name.clone(),
        time_factor: options.time_factor,
        stack_factor: options.stack.file.time_factor,
        journey_timeout_ms: u64::try_from(options.journey_timeout.as_millis()).unwrap_or(u64::MAX),
        defects: options.defects.iter().map(|id| id.to_string()).collect(),
        contract: loaded.contract_text.clone(),
        platform_contract: loaded.platform_contract_text.clone(),
        registry: loaded.registry_text.clone(),
        scenarios: scenarios
            .iter()
            .map(|scenario| ScenarioText {
                id: scenario.id.clone(),
                file: scenario.file.clone(),
                title: scenario.title.clone(),
                text: scenario.text.clone(),
            })
            .collect(),
        journeys: plan.journeys.clone(),
        skipped: plan.skipped.clone(),
        left_out: plan.left_out.clone(),
        offered: plan.offered.clone(),
        gate: None,
    }
}

/// How many journeys may run at once: as asked, but no more than there are.
pub(crate) fn play_at_once(jobs: usize, journeys: usize) -> usize {
    jobs.clamp(1, journeys.max(1))
}
