//! Every kind of finding is seen once, alone, with its subject, its place and its proof.

use std::collections::BTreeSet;

use journal::{CheckOutcome, CheckSubject, Finding, FindingKind, InvariantId, Judged, Verdict};

use crate::changes::{Case, case};
use crate::court::Court;
use crate::facts::TEAM;
use crate::green::assert_green;

#[test]
fn every_kind_of_finding_is_brought_about_alone_by_its_smallest_change() {
    for kind in FindingKind::ALL {
        let case = case(kind);
        let court = (case.court)();
        let judged = court.judge(&(case.change)((case.base)(TEAM)).observations());
        assert_eq!(judged.verdict, Verdict::Failed, "{kind:?}: {judged:#?}");
        let [finding] = own(&case, &judged)[..] else {
            panic!("{kind:?} is not alone: {:#?}", judged.findings);
        };
        assert_is(kind, &case, &court, finding);
        assert_one_check_broke(kind, &case, &judged);
    }
}

/// The findings but that of O-1 about the same thing.
pub(crate) fn own<'a>(case: &Case, judged: &'a Judged) -> Vec<&'a Finding> {
    let is_own = |finding: &&Finding| !case.is_verdict_too || finding.kind != FindingKind::VerdictDiffers;
    let own: Vec<&Finding> = judged.findings.iter().filter(is_own).collect();
    let others = judged.findings.len() - own.len();
    assert_eq!(others, usize::from(case.is_verdict_too), "{:#?}", judged.findings);
    own
}

fn assert_is(kind: FindingKind, case: &Case, court: &Court, finding: &Finding) {
    assert_eq!(finding.kind, kind, "{finding:#?}");
    assert_eq!(finding.subject.as_deref(), case.subject, "{finding:#?}");
    assert_eq!(finding.invariant, case.invariant, "{finding:#?}");
    assert_eq!(finding.layer, case.layer, "{finding:#?}");
    assert_eq!(finding.at, court.place_of(case.at), "{finding:#?}");
    assert!(!finding.expected.is_empty() && !finding.seen.is_empty(), "{finding:#?}");
}

/// The finding belongs to one check; that one is red and no other.
fn assert_one_check_broke(kind: FindingKind, case: &Case, judged: &Judged) {
    let broke = judged.checks.iter().filter(|check| check.outcome == CheckOutcome::Broke);
    let is_other =
        |subject: &CheckSubject| case.is_verdict_too && *subject == CheckSubject::Invariant(InvariantId::O1);
    let broke: Vec<CheckSubject> =
        broke.map(|check| check.subject).filter(|subject| !is_other(subject)).collect();
    let [only] = broke.as_slice() else { panic!("{kind:?}: {broke:?}") };
    match (case.invariant, only) {
        (Some(id), CheckSubject::Invariant(red)) => assert_eq!(*red, id, "{kind:?}"),
        (None, CheckSubject::Step(_) | CheckSubject::Watch) => {}
        (invariant, other) => panic!("{kind:?} of {invariant:?} turned {other:?} red"),
    }
}

#[test]
fn every_finding_is_proven_by_observations_of_the_journey_each_named_once() {
    for kind in FindingKind::ALL {
        let case = case(kind);
        let observations = (case.change)((case.base)(TEAM)).observations();
        let known: BTreeSet<u64> = observations.iter().map(|seen| seen.seq).collect();
        for finding in (case.court)().judge(&observations).findings {
            let proof: BTreeSet<u64> = finding.proof.iter().copied().collect();
            assert!(!proof.is_empty(), "{kind:?} is not proven");
            assert!(proof.is_subset(&known), "{kind:?} is proven by what was not seen: {proof:?}");
            assert_eq!(finding.proof, Vec::from_iter(proof), "{kind:?} is proven out of order");
        }
    }
}

#[test]
fn without_its_change_every_one_of_these_journeys_is_green() {
    for kind in FindingKind::ALL {
        let case = case(kind);
        assert_green(&(case.court)(), &(case.base)(TEAM));
    }
}
