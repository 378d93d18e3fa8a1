//! What the journeys of these tests are judged against.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use contract::{BUILTIN_CONTRACTS, BUILTIN_REGISTRIES, Contract, load_contract, load_registry};
use document::Source;
use journal::{CaseValue, CheckOutcome, CheckSubject, InvariantId, Judged, Observation, Place};
use judge::{Facts, Holding, Trial};
use oracle::Oracle;
use scenario::{Bindings, Condition, Scenario, Surroundings, Verb, read_scenario};
use serde_json::Value;
use wire::Status;

use crate::facts::{MODEL, RUNTIME};

/// The scenario that the green journey plays.
pub(crate) const TEAM: &str = include_str!("../../../../scenarios/first_run/build_me_a_team.yaml");

/// The name of its file.
pub(crate) const FILE: &str = "build_me_a_team.yaml";

/// The built-in promises by name, each with the oracle over the registry that goes with it.
static PROMISES: LazyLock<BTreeMap<&'static str, (Contract, Oracle)>> = LazyLock::new(|| {
    let loaded = BUILTIN_CONTRACTS.iter().map(|(name, text)| {
        let contract = load_contract(&Source::new(*name, *text)).unwrap();
        let (_, text) = BUILTIN_REGISTRIES.iter().find(|(name, _)| *name == *contract.registry).unwrap();
        let registry = load_registry(&Source::new(contract.registry.as_str(), *text)).unwrap();
        (*name, (contract, Oracle::new(Arc::new(registry)).unwrap()))
    });
    loaded.collect()
});

/// A scenario, one case of it, the promises and the oracle.
pub(crate) struct Court {
    pub(crate) scenario: Scenario,
    pub(crate) bindings: Bindings,
    contract: Contract,
    oracle: Oracle,
}

impl Court {
    /// For the scenario of the green journey.
    pub(crate) fn of_team() -> Self {
        Self::of(TEAM)
    }

    /// For the scenario of the green journey with another last step.
    pub(crate) fn of_team_ending_with(step: &str) -> Self {
        let (before, _) = TEAM.split_once("  - stays:").unwrap();
        Self::of(&format!("{before}  - {step}\n"))
    }

    /// For a scenario that asks for the team and then does nothing but this.
    pub(crate) fn of_step(step: &str) -> Self {
        Self::of(&format!(
            "title: t\nwhy: w\nsteps:\n  - user_says: {{ text: hi, members: [enter-product, enter-growth] }}\n  \
             - {step}\n"
        ))
    }

    pub(crate) fn of(text: &str) -> Self {
        Self::under("as-designed", text)
    }

    /// For a scenario that is judged by the promises of this name.
    pub(crate) fn under(contract: &str, text: &str) -> Self {
        let (contract, oracle) = PROMISES[contract].clone();
        let around = Surroundings {
            contract: &contract,
            registry: oracle.registry(),
            limits: contract::StackLimits::NONE,
        };
        let read = read_scenario(&Source::new(FILE, text), "first_run/build_me_a_team", around);
        let scenario = read.unwrap_or_else(|problems| panic!("{}", document::render_all(&problems)));
        let value = |text: &str| CaseValue::plain(Value::from(text));
        let values = BTreeMap::from([("runtime".into(), value(RUNTIME)), ("model".into(), value(MODEL))]);
        Self { scenario, bindings: Bindings::new(values), contract, oracle }
    }

    /// The same with other promises.
    pub(crate) fn promising(mut self, change: impl Fn(&mut Contract)) -> Self {
        change(&mut self.contract);
        self
    }

    pub(crate) fn without_surface(mut self, surface: contract::Surface) -> Self {
        self.contract.refusals.at_provisioning.surfaces.value.retain(|promised| *promised != surface);
        self
    }

    fn trial(&self) -> Trial<'_> {
        Trial {
            scenario: &self.scenario,
            bindings: &self.bindings,
            contract: &self.contract,
            oracle: &self.oracle,
        }
    }

    pub(crate) fn judge(&self, observations: &[Observation]) -> Judged {
        judge::judge(&self.trial(), observations)
    }

    /// What `holds_all` says of the conditions of the last step that has some.
    pub(crate) fn holding(&self, observations: &[Observation]) -> Holding {
        let (step, conditions, through) = self.expected();
        judge::holds_all(&self.trial(), step, conditions, through, Facts::all(observations))
    }

    fn expected(&self) -> (usize, &[Condition], &[Status]) {
        let steps = self.scenario.steps.iter().enumerate().rev();
        let mut expected = steps.filter_map(|(index, step)| match &step.verb {
            Verb::Eventually(wait) => Some((index, wait.conditions.as_slice(), wait.through.as_slice())),
            Verb::Stays(window) | Verb::Never(window) => Some((index, window.conditions.as_slice(), &[][..])),
            Verb::Expect(expect) => Some((index, expect.conditions.as_slice(), &[][..])),
            _ => None,
        });
        expected.next().expect("some step expects something")
    }

    /// What the expectation of this step captures.
    pub(crate) fn captures(&self, step: usize, observations: &[Observation]) -> Vec<(String, Value)> {
        let Verb::Expect(expect) = &self.scenario.steps[step].verb else { panic!("no expectation") };
        judge::captures(&self.trial(), step, expect, Facts::all(observations))
    }

    /// Where these words stand for the first time in the scenario.
    pub(crate) fn place_of(&self, words: &str) -> Place {
        let at = self.scenario.text.find(words).unwrap_or_else(|| panic!("no `{words}` in the scenario"));
        let before = &self.scenario.text[..at];
        let line = u32::try_from(before.matches('\n').count() + 1).unwrap();
        let column = u32::try_from(before.chars().rev().take_while(|c| *c != '\n').count() + 1).unwrap();
        Place { file: FILE.to_owned(), line, column }
    }
}

/// How one check went.
pub(crate) fn outcome(judged: &Judged, subject: CheckSubject) -> CheckOutcome {
    let mut checks = judged.checks.iter().filter(|check| check.subject == subject);
    let check = checks.next().unwrap_or_else(|| panic!("no check {subject:?}"));
    assert!(checks.next().is_none(), "{subject:?} stands twice");
    check.outcome
}

/// How one invariant went.
pub(crate) fn ruling(judged: &Judged, id: InvariantId) -> CheckOutcome {
    outcome(judged, CheckSubject::Invariant(id))
}
