//! How well a contract agrees with what was seen.

use contract::Contract;
use journal::{CheckOutcome, CheckSubject, Finding, InvariantId, Judged, PlannedJourney};
use judge::Trial;
use scenario::Bindings;

use super::questions::Questions;
use crate::load::Loaded;
use crate::run::RunResult;

/// The step of each question that holds it against the prediction.
const COMPARED: CheckSubject = CheckSubject::Step(1);

/// What else speaks against a contract: reasons of failures, the variables of boxes, and advice.
const FURTHER: [InvariantId; 3] = [InvariantId::O3, InvariantId::O12, InvariantId::O15];

/// How one contract stands to a platform's answers.
#[derive(Clone, Debug)]
pub struct Score {
    /// The contract's name.
    pub contract: String,
    /// Answers that are as it promises in every field that it promises.
    pub agrees: usize,
    /// Answers of which it promises nothing that was seen.
    pub silent: usize,
    /// Answers that are otherwise, in the order of the questions.
    pub contradictions: Vec<Contradiction>,
}

/// An answer that is otherwise than a contract promises.
#[derive(Clone, Debug)]
pub struct Contradiction {
    /// The question, by the key of its case.
    pub question: String,
    /// The invariant that is broken; absent for the prediction itself.
    pub invariant: Option<InvariantId>,
    /// What the contract promises.
    pub promised: String,
    /// What the platform did.
    pub seen: String,
}

impl Score {
    /// Holds every answer against one contract.
    pub(super) fn of(
        name: &str,
        contract: &Contract,
        loaded: &Loaded,
        questions: &Questions,
        results: &[RunResult],
    ) -> Self {
        let mut score = Self { contract: name.to_owned(), agrees: 0, silent: 0, contradictions: Vec::new() };
        for (planned, result) in questions.journeys.iter().zip(results) {
            let Some(scenario) = questions.scenarios.get(&planned.scenario) else { continue };
            let bindings = Bindings::new(planned.values.clone());
            let trial = Trial { scenario, bindings: &bindings, contract, oracle: &loaded.oracle };
            score.add(planned, judge::judge(&trial, &result.journal.observations));
        }
        score
    }

    /// True where nothing that was seen speaks against the contract, and something for it.
    pub fn is_free(&self) -> bool {
        self.contradictions.is_empty() && self.agrees > 0
    }

    fn add(&mut self, planned: &PlannedJourney, judged: Judged) {
        let is_held = judged
            .checks
            .iter()
            .any(|check| check.subject == COMPARED && check.outcome == CheckOutcome::Held);
        // The prediction itself compares the most, so it is told where several speak against the contract.
        let strongest = judged.findings.into_iter().filter_map(|one| Some((weight(&one)?, one)));
        match strongest.min_by_key(|(weight, _)| *weight) {
            Some((_, finding)) => self.contradictions.push(Contradiction {
                question: planned.case.clone(),
                invariant: finding.invariant,
                promised: finding.expected,
                seen: finding.seen,
            }),
            None if is_held => self.agrees += 1,
            None => self.silent += 1,
        }
    }
}

/// The place of a finding among those that speak against a contract; `None` for one that says nothing of it.
fn weight(finding: &Finding) -> Option<usize> {
    match finding.invariant {
        None => (finding.kind == journal::FindingKind::VerdictDiffers).then_some(0),
        Some(InvariantId::O1) => Some(1),
        Some(other) => FURTHER.iter().position(|one| *one == other).map(|at| at + 2),
    }
}
