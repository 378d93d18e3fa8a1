//! The verdict on a journey.

use contract::Contract;
use journal::{
    CensusMoment, Check, CheckOutcome, CheckSubject, Finding, FindingKind, Judged, Observation, TenantRole,
    Verdict,
};
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

impl Trial<'_> {
    /// The tenants that the scenario's world begins with.
    pub(crate) fn tenants(&self) -> impl Iterator<Item = TenantRole> {
        let bystander = self.scenario.given.bystander.then_some(TenantRole::Bystander);
        std::iter::once(TenantRole::Subject).chain(bystander)
    }
}

/// The opinion on a journey's observations.
///
/// Trouble of ours makes it Broken, whatever else was found, but where a server ended by itself: then the trouble is what
/// came of that. Findings make it Failed. Without a finding it is Broken
/// where a step or what is always watched was not evaluated, and where it was not played from sign-up to the last
/// census. It may pass with an invariant that was not evaluated; that one is counted apart.
pub fn judge(trial: &Trial<'_>, observations: &[Observation]) -> Judged {
    let facts = Facts::all(observations);
    let (mut checks, mut findings) = steps::judge(trial, facts);
    for (subject, outcome, mut found) in invariants::judge(trial, facts) {
        checks.push(Check { subject: CheckSubject::Invariant(subject), outcome });
        findings.append(&mut found);
    }
    let (outcome, mut watched) = watch::judge(trial, facts);
    checks.push(Check { subject: CheckSubject::Watch, outcome });
    findings.append(&mut watched);
    // In the order of the journey, each once, whoever put them together.
    for finding in &mut findings {
        finding.proof.sort_unstable();
        finding.proof.dedup();
    }
    findings.sort_by(|a, b| {
        (a.layer, a.invariant.is_some(), &a.proof).cmp(&(b.layer, b.invariant.is_some(), &b.proof))
    });
    let (verdict, reason) = weigh(trial, facts, &checks, &findings);
    Judged { verdict, reason, findings, checks }
}

fn weigh(
    trial: &Trial<'_>,
    facts: Facts<'_>,
    checks: &[Check],
    findings: &[Finding],
) -> (Verdict, Option<String>) {
    let has_ended = findings.iter().any(|finding| finding.kind == FindingKind::ServerEnded);
    if let Some(trouble) = facts.trouble().filter(|_| !has_ended) {
        return (Verdict::Broken, Some(trouble.to_owned()));
    }
    if !findings.is_empty() {
        return (Verdict::Failed, None);
    }
    match unjudged(trial, facts, checks) {
        Some(reason) => (Verdict::Broken, Some(reason)),
        None => (Verdict::Passed, None),
    }
}

/// Why a journey without findings did not pass either.
fn unjudged(trial: &Trial<'_>, facts: Facts<'_>, checks: &[Check]) -> Option<String> {
    for check in checks.iter().filter(|check| check.outcome == CheckOutcome::NotEvaluated) {
        match check.subject {
            CheckSubject::Step(index) => return Some(format!("step {} could not be evaluated", index + 1)),
            CheckSubject::Watch => {
                return Some("what is watched in every journey could not be evaluated".to_owned());
            }
            CheckSubject::Invariant(_) => {}
        }
    }
    let is_played_out =
        |role| facts.concierge(role).is_some() && facts.census(role, CensusMoment::TornDown).is_some();
    (!trial.tenants().all(is_played_out))
        .then(|| "it was not played from sign-up to the last census".to_owned())
}
