//! The verdict on a journey.

use contract::Contract;
use journal::{Check, CheckOutcome, CheckSubject, Finding, Judged, Observation, Verdict};
use oracle::Oracle;
use scenario::{Bindings, Scenario};

use crate::{Facts, invariants, steps, watch};

/// What a journey is judged against.
#[derive(Clone, Copy, Debug)]
pub struct Trial<'a> {
    /// What was played.
    pub scenario: &'a Scenario,
    /// The case.
    pub bindings: &'a Bindings,
    /// The promises.
    pub contract: &'a Contract,
    /// What an id must resolve to.
    pub oracle: &'a Oracle,
}

/// The opinion on a journey's observations.
///
/// Trouble of ours makes it Broken, whatever else was found; findings make it Failed; a journey whose steps were not
/// all evaluated without a finding is Broken, never Passed.
pub fn judge(trial: &Trial<'_>, observations: &[Observation]) -> Judged {
    let facts = Facts::all(observations);
    let (mut checks, mut findings) = steps::judge(trial, facts);
    for (subject, outcome, mut found) in invariants::judge(trial, facts) {
        checks.push(Check { subject: CheckSubject::Invariant(subject), outcome });
        findings.append(&mut found);
    }
    let mut watched = watch::judge(trial, facts);
    let outcome = if watched.is_empty() { CheckOutcome::Held } else { CheckOutcome::Broke };
    checks.push(Check { subject: CheckSubject::Watch, outcome });
    findings.append(&mut watched);
    findings.sort_by(|a, b| {
        (a.layer, a.invariant.is_some(), &a.proof).cmp(&(b.layer, b.invariant.is_some(), &b.proof))
    });
    let (verdict, reason) = weigh(facts, &checks, &findings);
    Judged { verdict, reason, findings, checks }
}

fn weigh(facts: Facts<'_>, checks: &[Check], findings: &[Finding]) -> (Verdict, Option<String>) {
    if let Some(trouble) = facts.trouble() {
        return (Verdict::Broken, Some(trouble.to_owned()));
    }
    if !findings.is_empty() {
        return (Verdict::Failed, None);
    }
    let unevaluated = checks.iter().find_map(|check| match check {
        Check { subject: CheckSubject::Step(index), outcome: CheckOutcome::NotEvaluated } => Some(*index),
        _ => None,
    });
    if let Some(index) = unevaluated {
        return (Verdict::Broken, Some(format!("step {} could not be evaluated", index + 1)));
    }
    if !checks.iter().any(|check| check.outcome == CheckOutcome::Held) {
        return (Verdict::Broken, Some("nothing was evaluated".to_owned()));
    }
    (Verdict::Passed, None)
}
