//! Scenarios played whole, on a stack and a world of their own, with the contracts and switches that a trial names.

use std::collections::HashMap;
use std::sync::Arc;

use firstrun::{Choice, Loaded, Progress, RunOptions, Runner, Selection, select};
use journal::{Finding, Judged, PlannedJourney};
use scenario::{Plan, PlanRequest, Scenario, plan};
use tokio::runtime::Runtime;

/// The seed of everything that is played here.
const SEED: u64 = 1;

/// A journey and what was judged of it.
pub(crate) type Told = (PlannedJourney, Judged);

/// Scenarios, planned against one choice of contracts.
pub(crate) struct Stage {
    loaded: Arc<Loaded>,
    scenarios: HashMap<String, Arc<Scenario>>,
    pub(crate) plan: Plan,
}

impl Stage {
    /// Plans every case of these files or ids of the pack; of the whole pack where none is named.
    pub(crate) fn new(choice: &Choice, named: &[String]) -> Self {
        let loaded = Arc::new(Loaded::of(choice).unwrap());
        let selection = Selection { named: named.to_vec(), tag: None };
        let scenarios = select(&selection, &loaded).unwrap_or_else(|error| panic!("{named:?}: {error:?}"));
        let plan = plan(&PlanRequest {
            scenarios: &scenarios,
            around: loaded.around(),
            oracle: &loaded.oracle,
            seed: SEED,
            seeds: None,
            all_cases: true,
            case: None,
        });
        let scenarios = scenarios.into_iter().map(|it| (it.id.clone(), Arc::new(it))).collect();
        Self { loaded, scenarios, plan }
    }

    /// The first case whose key holds all these words.
    pub(crate) fn case(&self, words: &[&str]) -> PlannedJourney {
        let holds = |journey: &&PlannedJourney| words.iter().all(|word| journey.case.contains(word));
        let found = self.plan.journeys.iter().find(holds);
        found.unwrap_or_else(|| panic!("no case with {words:?} in {:?}", self.plan)).clone()
    }

    /// The scenario of this id.
    pub(crate) fn scenario(&self, id: &str) -> &Scenario {
        &self.scenarios[id]
    }

    /// Plays these journeys side by side.
    pub(crate) fn play(&self, options: RunOptions, journeys: &[PlannedJourney]) -> Vec<Told> {
        Runtime::new().unwrap().block_on(async {
            let runner = Runner::start(self.loaded.clone(), options).await.unwrap();
            let results = runner.play_all(&self.scenarios, journeys, None, &Progress::silent()).await;
            runner.stop().await;
            assert_eq!(results.len(), journeys.len());
            journeys.iter().cloned().zip(results.iter().map(firstrun::RunResult::judged)).collect()
        })
    }
}

/// A finding in one line, for the message of a trial that fails.
pub(crate) fn in_a_line(journey: &PlannedJourney, finding: &Finding) -> String {
    let (kind, invariant) = (finding.kind.as_str(), finding.invariant.map(|it| it.as_str()));
    format!(
        "{} [{}] {kind} {invariant:?} {:?}: expected {}, seen {}",
        journey.scenario, journey.case, finding.subject, finding.expected, finding.seen
    )
}
