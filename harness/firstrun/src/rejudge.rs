//! Judges the journals of an earlier run with today's judge.

use std::collections::HashMap;

use document::{Problem, Source};
use journal::{Journal, Judged, PlannedJourney, RunRecord};
use judge::Trial;
use scenario::{Bindings, Scenario, read_scenario};

use crate::load::{Loaded, SetUpError};

/// The texts of an earlier run, read again.
pub(crate) struct Rejudge {
    loaded: Loaded,
    scenarios: HashMap<String, Scenario>,
}

/// Why an earlier run can't be judged again.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RejudgeError {
    /// Its contract or registry is not valid any more.
    #[error("{0}")]
    SetUp(#[from] SetUpError),
    /// A scenario is not valid any more.
    #[error("{}", document::render_all(.0))]
    Scenario(Vec<Problem>),
}

impl Rejudge {
    pub(crate) fn of(run: &RunRecord) -> Result<Self, RejudgeError> {
        let loaded =
            Loaded::from_texts(run.contract.clone(), run.platform_contract.clone(), run.registry.clone())?;
        let mut scenarios = HashMap::new();
        for text in &run.scenarios {
            let source = Source::new(text.file.clone(), text.text.clone());
            let read = read_scenario(&source, &text.id, loaded.around()).map_err(RejudgeError::Scenario)?;
            scenarios.insert(text.id.clone(), read);
        }
        Ok(Self { loaded, scenarios })
    }

    /// The verdict of today. A journal without its last line stays cut off: its facts are not all there.
    pub(crate) fn judge(&self, planned: &PlannedJourney, journal: &mut Journal) {
        let Some(scenario) = self.scenarios.get(&planned.scenario) else { return };
        let Some(earlier) = &mut journal.judged else { return };
        let bindings = Bindings::new(planned.values.clone());
        let trial = Trial {
            scenario,
            bindings: &bindings,
            contract: &self.loaded.contract,
            oracle: &self.loaded.oracle,
        };
        let judged: Judged = judge::judge(&trial, &journal.observations);
        *earlier = judged;
    }
}
