//! The embedded pack, one trial a case.

use std::sync::{Arc, OnceLock};

use firstrun::{Loaded, RunOptions, RunResult, Runner, SCENARIOS, Selection, select};
use journal::{PlannedJourney, Verdict};
use libtest_mimic::{Failed, Trial};
use scenario::{PlanRequest, Scenario, plan};
use tokio::runtime::Runtime;

/// A journey with its scenario.
pub(crate) type Played = (Arc<Scenario>, PlannedJourney);

pub(crate) fn trials() -> Vec<Trial> {
    let loaded = loaded();
    let of_case = |(scenario, planned): Played| {
        let name = format!("{}::{}", planned.scenario, planned.case);
        Trial::test(name, move || passes(&shared_play(scenario, &planned))).with_kind("journey")
    };
    planned(&loaded, seed()).into_iter().map(of_case).collect()
}

/// The seed of the trials.
fn seed() -> u64 {
    std::env::var("FIRSTRUN_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(1)
}

pub(crate) fn loaded() -> Arc<Loaded> {
    Arc::new(Loaded::builtin().unwrap())
}

/// Every case of the pack for a seed.
pub(crate) fn planned(loaded: &Loaded, seed: u64) -> Vec<Played> {
    let named = SCENARIOS.iter().map(|(id, _)| (*id).to_owned()).collect();
    let scenarios =
        select(&Selection { named, tag: None }, loaded).unwrap_or_else(|error| panic!("{error:?}"));
    let around = loaded.around();
    let request = PlanRequest {
        scenarios: &scenarios,
        around,
        oracle: &loaded.oracle,
        seed,
        seeds: None,
        all_cases: true,
        case: None,
    };
    let planned = plan(&request).journeys.into_iter();
    let with_scenario = |journey: PlannedJourney| {
        let scenario = scenarios.iter().find(|scenario| scenario.id == journey.scenario).unwrap();
        (Arc::new(scenario.clone()), journey)
    };
    planned.map(with_scenario).collect()
}

/// Plays a journey on the stack and world that all trials of this process share.
fn shared_play(scenario: Arc<Scenario>, planned: &PlannedJourney) -> RunResult {
    static SHARED: OnceLock<(Runtime, Runner)> = OnceLock::new();
    let (runtime, runner) = SHARED.get_or_init(|| {
        let runtime = Runtime::new().unwrap();
        let runner = runtime.block_on(Runner::start(loaded(), RunOptions::default())).unwrap();
        (runtime, runner)
    });
    runtime.block_on(runner.play_one(scenario, planned, None))
}

/// Plays one journey on a stack and a world of its own.
pub(crate) fn play(options: RunOptions, (scenario, planned): &Played) -> RunResult {
    let runtime = Runtime::new().unwrap();
    runtime.block_on(async {
        let runner = Runner::start(loaded(), options).await.unwrap();
        let result = runner.play_one(scenario.clone(), planned, None).await;
        runner.stop().await;
        result
    })
}

fn passes(result: &RunResult) -> Result<(), Failed> {
    let judged = result.judged();
    if judged.verdict == Verdict::Passed {
        return Ok(());
    }
    let findings: Vec<String> = judged
        .findings
        .iter()
        .map(|finding| {
            format!(
                "{}: {} expected {}, seen {}",
                finding.at,
                finding.kind.as_str(),
                finding.expected,
                finding.seen
            )
        })
        .collect();
    Err(format!("{}: {:?}\n{}", judged.verdict.as_str(), judged.reason, findings.join("\n")).into())
}
