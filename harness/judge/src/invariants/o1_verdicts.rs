//! O-1: what became of an id is what the oracle predicts, by every entry.
//!
//! Judged for each attempt of a turn or a `provision`, in the fields that the contract promises: the status and the
//! code of the entry's answer, what became of the row up to the next act on it, and the code of its failure. Where the
//! contract allows several outcomes, one of them must agree in all. What the verbs `put_model` and `restart` do to a
//! row that is there already is not predicted: the oracle knows the entries of that name, which begin with a row online.

use journal::{Finding, FindingKind, InvariantId, Layer};
use oracle::Prediction;

use super::Ruling;
use super::ruling::finding;
use crate::attempts::{Answer, Attempt, of_all_acts};
use crate::evidence::{layer_of_row, story_of};
use crate::holds::Asking;
use crate::outcome::{Difference, differences, is_unseen, seen_of};
use crate::{Facts, Trial};

pub(super) fn judge(trial: &Trial<'_>, facts: Facts<'_>) -> Ruling {
    let asking = Asking { trial, step: 0, through: &[] };
    let mut findings = Vec::new();
    let (mut applies, mut is_missing) = (false, false);
    for attempt in of_all_acts(trial.scenario, facts) {
        let prediction = asking.predicted(&attempt);
        if is_silent(&prediction) {
            continue;
        }
        applies = true;
        let seen = seen_of(&attempt, facts);
        is_missing |= is_unseen(&seen, &prediction);
        let mut allowed = std::iter::once(&prediction).chain(&prediction.or);
        if allowed.any(|one| differences(&seen, one).is_empty()) {
            continue;
        }
        findings.push(differing(trial, &attempt, facts, &differences(&seen, &prediction), &prediction));
    }
    Ruling::of(applies, is_missing, findings)
}

/// True where none of the fields that are judged here is promised.
fn is_silent(prediction: &Prediction) -> bool {
    prediction.status.get().is_none()
        && prediction.code.get().is_none()
        && prediction.row.get().is_none()
        && prediction.row_code.get().is_none()
}

fn differing(
    trial: &Trial<'_>,
    attempt: &Attempt,
    facts: Facts<'_>,
    differences: &[Difference],
    prediction: &Prediction,
) -> Finding {
    let joined = |part: fn(&Difference) -> &str| {
        let parts: Vec<&str> = differences.iter().map(part).collect();
        parts.join(", ")
    };
    let model = attempt.model.as_deref().map_or("no id".to_owned(), |id| format!("`{}`", id.escape_debug()));
    let expected = format!("{}. {}", joined(|one| &one.expected), prediction.why);
    let seen = format!("{model} by {}: {}", attempt.entry.as_str(), joined(|one| &one.seen));
    let kind = FindingKind::VerdictDiffers;
    let mut finding = finding(trial, InvariantId::O1, kind, Layer::Rows, expected, seen);
    finding.subject = Some(attempt.member.clone());
    finding.proof = vec![attempt.seq];
    if let Answer::Accepted(row) = &attempt.answer {
        finding.layer = layer_of_row(facts, row);
        finding.trail = facts.trail(row);
        finding.proof.extend(story_of(facts, row));
    }
    finding
}
