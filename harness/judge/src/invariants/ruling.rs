//! What an invariant says of a journey.

use journal::{CheckOutcome, Finding, FindingKind, InvariantId, Layer};

use super::{o2_refusals, o3_reasons, o6_tree, o7_answers, o13_teardown};
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
            InvariantId::O2 => o2_refusals::judge(trial, facts),
            InvariantId::O3 => o3_reasons::judge(trial, facts),
            InvariantId::O6 => o6_tree::judge(trial, facts),
            InvariantId::O7 => o7_answers::judge(trial, facts),
            InvariantId::O13 => o13_teardown::judge(trial, facts),
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
