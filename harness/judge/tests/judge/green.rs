//! The green journey itself: what the other tests change.

use journal::{CheckOutcome, CheckSubject, InvariantId, Verdict};

use crate::court::{Court, outcome, ruling};
use crate::journey::Journey;

/// Every step and every invariant that applies is kept, and nothing was left unevaluated.
pub(crate) fn assert_green(court: &Court, journey: &Journey) {
    let judged = court.judge(&journey.observations());
    assert_eq!(judged.verdict, Verdict::Passed, "{judged:#?}");
    assert_eq!(judged.reason, None);
    assert!(judged.findings.is_empty(), "{judged:#?}");
    for step in 0..court.scenario.steps.len() {
        assert_eq!(outcome(&judged, CheckSubject::Step(step)), CheckOutcome::Held, "step {step}");
    }
    assert_eq!(outcome(&judged, CheckSubject::Watch), CheckOutcome::Held);
    for id in InvariantId::ALL {
        let is_fine = matches!(ruling(&judged, id), CheckOutcome::Held | CheckOutcome::NotApplicable);
        assert!(is_fine, "{}", id.as_str());
    }
}

#[test]
fn the_green_journey_passes_with_every_step_and_invariant_kept() {
    assert_green(&Court::of_team(), &Journey::green());
    let judged = Court::of_team().judge(&Journey::green().observations());
    for id in InvariantId::ALL {
        let expected = match id {
            InvariantId::O2 | InvariantId::O3 => CheckOutcome::NotApplicable,
            _ => CheckOutcome::Held,
        };
        assert_eq!(ruling(&judged, id), expected, "{}", id.as_str());
    }
}

#[test]
fn a_full_journal_leaves_no_check_without_its_observations() {
    let judged = Court::of_team().judge(&Journey::green().observations());
    let missing = judged.checks.iter().find(|check| check.outcome == CheckOutcome::NotEvaluated);
    assert_eq!(missing, None);
    assert_eq!(judged.checks.len(), 5 + InvariantId::ALL.len() + 1, "{:#?}", judged.checks);
}
