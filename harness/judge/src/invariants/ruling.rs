//! What an invariant says of a journey.

use journal::{CheckOutcome, Finding, FindingKind, InvariantId, Layer};

use super::{
    o1_verdicts, o2_refusals, o3_reasons, o4_payers, o5_models, o6_tree, o7_answers, o9_claims, o11_events,
    o12_boxes, o13_teardown, o15_advice,
};
use crate::{Facts, Trial};

/// What an invariant says of a journey.
pub(crate) enum Ruling {
    /// The journey holds nothing it applies to.
    NotApplicable,
    /// It applies, but its observations are missing.
    NotEvaluated,
    /// It was judged; empty where it held.
    Judged(Vec<Finding>),
}

impl Ruling {
    /// What was found outweighs what is missing.
    pub(super) fn of(applies: bool, is_missing: bool, findings: Vec<Finding>) -> Self {
        match (applies, is_missing && findings.is_empty()) {
            (false, _) => Self::NotApplicable,
            (true, true) => Self::NotEvaluated,
            (true, false) => Self::Judged(findings),
        }
    }
}

/// Judges every invariant.
pub(crate) fn judge(trial: &Trial<'_>, facts: Facts<'_>) -> Vec<(InvariantId, CheckOutcome, Vec<Finding>)> {
    let judge_one = |id: InvariantId| {
        let ruling = match id {
            InvariantId::O1 => o1_verdicts::judge(trial, facts),
            InvariantId::O2 => o2_refusals::judge(trial, facts),
            InvariantId::O3 => o3_reasons::judge(trial, facts),
            InvariantId::O4 => o4_payers::judge(trial, facts),
            InvariantId::O5 => o5_models::judge(trial, facts),
            InvariantId::O6 => o6_tree::judge(trial, facts),
            InvariantId::O7 => o7_answers::judge(trial, facts),
            InvariantId::O9 => o9_claims::judge(trial, facts),
            InvariantId::O11 => o11_events::judge(trial, facts),
            InvariantId::O12 => o12_boxes::judge(trial, facts),
            InvariantId::O13 => o13_teardown::judge(trial, facts),
            InvariantId::O15 => o15_advice::judge(trial, facts),
        };
        match ruling {
            Ruling::NotApplicable => (id, CheckOutcome::NotApplicable, Vec::new()),
            Ruling::NotEvaluated => (id, CheckOutcome::NotEvaluated, Vec::new()),
            Ruling::Judged(findings) if findings.is_empty() => (id, CheckOutcome::Held, findings),
            Ruling::Judged(findings) => (id, CheckOutcome::Broke, findings),
        }
    };
    InvariantId::ALL.into_iter().map(judge_one).collect()
}

/// A finding of an invariant. Its place is the scenario's first line, since no step asked for it.
pub(crate) fn finding(
    trial: &Trial<'_>,
    invariant: InvariantId,
    kind: FindingKind,
    layer: Layer,
    expected: impl Into<String>,
    seen: impl Into<String>,
) -> Finding {
    Finding {
        kind,
        invariant: Some(invariant),
        at: trial.scenario.place(trial.scenario.place),
        subject: None,
        expected: expected.into(),
        seen: seen.into(),
        trail: Vec::new(),
        proof: Vec::new(),
        layer,
    }
}
