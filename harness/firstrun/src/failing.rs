//! The failing drawn cases of a run, one of each kind: what is shrunk and kept.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use contract::Entry;
use journal::{Finding, FindingKind, InvariantId, Judged, PlannedJourney, RunRecord, Verdict};
use scenario::{Bindings, Scenario};

use crate::run::RunResult;

/// What makes two findings the same, whatever id they are about.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Mark {
    pub(crate) kind: FindingKind,
    pub(crate) invariant: Option<InvariantId>,
    /// The verb of the step that expected otherwise.
    verb: Option<&'static str>,
}

impl Mark {
    /// The mark of what was found first; `None` where nothing was.
    pub(crate) fn of(scenario: &Scenario, judged: &Judged) -> Option<Self> {
        let is_failed = judged.verdict == Verdict::Failed;
        judged.findings.first().filter(|_| is_failed).map(|finding| Self::of_finding(scenario, finding))
    }

    fn of_finding(scenario: &Scenario, finding: &Finding) -> Self {
        let mut before = scenario.steps.iter().filter(|step| step.place.line <= finding.at.line);
        let verb = before.next_back().map(|step| step.verb.name()).filter(|_| finding.invariant.is_none());
        Self { kind: finding.kind, invariant: finding.invariant, verb }
    }

    /// True where a journey of this scenario failed with such a finding among others.
    pub(crate) fn stands_in(&self, scenario: &Scenario, judged: &Judged) -> bool {
        judged.verdict == Verdict::Failed
            && judged.findings.iter().any(|finding| Self::of_finding(scenario, finding) == *self)
    }
}

/// A failing case.
#[derive(Clone)]
pub(crate) struct Failing<'a> {
    pub(crate) scenario: &'a Scenario,
    pub(crate) planned: &'a PlannedJourney,
    pub(crate) mark: Mark,
}

/// The failing drawn cases of a run in its order. Cases of one scenario, runtime and entry with the same finding are
/// taken to have one cause, and the first stands for all of them.
pub(crate) fn failing_drawn<'a>(
    scenarios: &'a HashMap<String, Arc<Scenario>>,
    run: &'a RunRecord,
    results: &[RunResult],
) -> Vec<Failing<'a>> {
    let mut seen: BTreeSet<(&str, Mark, String, Entry)> = BTreeSet::new();
    let mut failing = Vec::new();
    for result in results {
        let Some(planned) = run.journeys.iter().find(|planned| planned.id == *result.journey()) else {
            continue;
        };
        let Some(scenario) = scenarios.get(&planned.scenario) else { continue };
        let Some(mark) = Mark::of(scenario, &result.judged()) else { continue };
        let is_drawn = planned.values.values().any(|value| value.label.is_some());
        let bindings = Bindings::new(planned.values.clone());
        let runtime = bindings.text("runtime").unwrap_or_default().to_owned();
        let kind = (planned.scenario.as_str(), mark.clone(), runtime, scenario.entry(&bindings));
        if is_drawn && seen.insert(kind) {
            failing.push(Failing { scenario, planned, mark });
        }
    }
    failing
}
