//! The fixed questions, as scenarios and journeys.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use contract::Contract;
use document::{Problem, Source};
use journal::PlannedJourney;
use scenario::{PlanRequest, Scenario, Surroundings, read_scenario};

use crate::load::Loaded;

/// Id and text of each list of questions.
const TEXTS: [(&str, &str); 2] = [
    ("identify/questions", include_str!("questions.yaml")),
    ("identify/questions_with_keys", include_str!("questions_with_keys.yaml")),
];

/// The values are written out in the texts, so the seed chooses nothing but the names and keys of the world.
const SEED: u64 = 1;

/// What is asked, and how it is played.
pub(super) struct Questions {
    pub(super) scenarios: HashMap<String, Arc<Scenario>>,
    pub(super) journeys: Vec<PlannedJourney>,
}

impl Questions {
    /// Every question of which at least one of the contracts promises something. A plan for one contract leaves out
    /// what that one is silent of, and just there another may speak.
    pub(super) fn of(loaded: &Loaded, contracts: &[(String, Contract)]) -> Result<Self, Vec<Problem>> {
        let mut scenarios = Vec::new();
        for (id, text) in TEXTS {
            let source = Source::new(format!("{id}.yaml"), text);
            scenarios.push(read_scenario(&source, id, loaded.around())?);
        }
        let mut journeys = Vec::new();
        let mut seen = HashSet::new();
        for (_, contract) in contracts {
            let request = PlanRequest {
                scenarios: &scenarios,
                around: Surroundings { contract, ..loaded.around() },
                oracle: &loaded.oracle,
                seed: SEED,
                seeds: None,
                all_cases: true,
                case: None,
            };
            let planned = scenario::plan(&request).journeys;
            journeys.extend(planned.into_iter().filter(|journey| seen.insert(journey.id.clone())));
        }
        let scenarios =
            scenarios.into_iter().map(|scenario| (scenario.id.clone(), Arc::new(scenario))).collect();
        Ok(Self { scenarios, journeys })
    }
}
