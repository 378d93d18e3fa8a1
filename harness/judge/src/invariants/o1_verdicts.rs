//! O-1: what became of an id is what the oracle predicts, by every entry.
//!
//! Judged for each attempt of a turn or a `provision`, in the fields that the contract promises: the status and the
//! code of the entry's answer, what became of the row up to the next act on it, and the code of its failure. Where the
//! contract allows several outcomes, one of them must agree in all. What the verbs `put_model` and `restart` do to a
//! row that is there already is not predicted: the oracle knows the entries of that name, which begin with a row online.

use journal::{Finding, FindingKind, InvariantId, Layer};
use oracle::{Prediction, RowEnd};
use wire::{EventName, Status};

use super::Ruling;
use super::ruling::finding;
use crate::attempts::{Answer, Attempt, of_all_acts};
use crate::evidence::{layer_of_row, story_of};
use crate::holds::Asking;
use crate::spans::next_act_on;
use crate::{Facts, Trial};

/// What was seen of an attempt; `None` where nobody could tell.
struct Seen {
    status: u16,
    code: Option<String>,
    row: Option<RowSeen>,
}

/// What became of the row.
#[derive(Clone, Debug, PartialEq, Eq)]
enum RowSeen {
    /// There is none, or the one before goes on.
    Untouched,
    Online,
    /// With the code of its failure; `None` where its events were not read.
    Failed(Option<Option<String>>),
    AwaitingAgent,
}

/// One promised field that is otherwise.
struct Difference {
    expected: String,
    seen: String,
}

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

fn is_unseen(seen: &Seen, prediction: &Prediction) -> bool {
    match &seen.row {
        None => prediction.row.get().is_some(),
        Some(RowSeen::Failed(None)) => prediction.row_code.get().is_some(),
        Some(_) => false,
    }
}

fn seen_of(attempt: &Attempt, facts: Facts<'_>) -> Seen {
    let (code, row) = match &attempt.answer {
        Answer::Early { code, .. } => (code.clone(), Some(RowSeen::Untouched)),
        Answer::Accepted(row) => (None, became(attempt, row, facts)),
    };
    Seen { status: attempt.status, code, row }
}

/// What became of an accepted attempt's row, up to the next act on it.
fn became(attempt: &Attempt, row: &str, facts: Facts<'_>) -> Option<RowSeen> {
    let window = match next_act_on(facts, row, attempt.seq) {
        Some(next) => facts.up_to(next),
        None => facts,
    };
    let trail = window.after(attempt.looks_from).trail(row);
    let was = |status: Status| trail.iter().any(|seen| seen.status == status.as_str());
    if was(Status::Online) {
        return Some(RowSeen::Online);
    }
    if was(Status::Failed) {
        let code = window.after(attempt.seq).events_of(row).map(|(_, seen)| {
            let failed = seen.events.iter().rev().find(|event| event.is(EventName::WorkspaceProvisionFailed));
            failed.and_then(|event| event.text("code")).map(str::to_owned)
        });
        return Some(RowSeen::Failed(code));
    }
    was(Status::AwaitingAgent).then_some(RowSeen::AwaitingAgent)
}

/// Where what was seen is otherwise than this outcome. What was not seen differs from nothing.
fn differences(seen: &Seen, prediction: &Prediction) -> Vec<Difference> {
    let mut differences = Vec::new();
    if let Some(status) = prediction.status.get().filter(|status| **status != seen.status) {
        differences.push(Difference {
            expected: format!("status {status}"),
            seen: format!("status {}", seen.status),
        });
    }
    let is_early = seen.row == Some(RowSeen::Untouched);
    if let Some(code) = prediction.code.get().filter(|_| is_early) {
        differences.extend(code_differs(code.map(wire::Code::as_str), seen.code.as_deref(), "code"));
    }
    if let (Some(end), Some(row)) = (prediction.row.get(), &seen.row)
        && !agrees(*end, row)
    {
        let (expected, seen) = (end_in_words(*end).to_owned(), row_in_words(row).to_owned());
        differences.push(Difference { expected, seen });
    }
    if let (Some(code), Some(RowSeen::Failed(Some(own)))) = (prediction.row_code.get(), &seen.row) {
        let code = code.map(wire::Code::as_str);
        differences
            .extend(code_differs(code, own.as_deref(), "code of the failure").filter(|_| code.is_some()));
    }
    differences
}

fn code_differs(expected: Option<&str>, seen: Option<&str>, what: &str) -> Option<Difference> {
    let in_words = |code: Option<&str>| code.map_or(format!("no {what}"), |code| format!("{what} {code}"));
    (expected != seen).then(|| Difference { expected: in_words(expected), seen: in_words(seen) })
}

fn agrees(end: RowEnd, seen: &RowSeen) -> bool {
    match end {
        RowEnd::Online => *seen == RowSeen::Online,
        RowEnd::Failed => matches!(seen, RowSeen::Failed(_)),
        RowEnd::AwaitingAgent => *seen == RowSeen::AwaitingAgent,
        RowEnd::Unchanged | RowEnd::None => *seen == RowSeen::Untouched,
    }
}

fn end_in_words(end: RowEnd) -> &'static str {
    match end {
        RowEnd::Online => "a row that comes online",
        RowEnd::Failed => "a row that fails and never was online",
        RowEnd::AwaitingAgent => "a row that waits for its agent",
        RowEnd::Unchanged => "the row as it was",
        RowEnd::None => "no row",
    }
}

fn row_in_words(row: &RowSeen) -> &'static str {
    match row {
        RowSeen::Untouched => "it was refused by the entry itself",
        RowSeen::Online => "its row was online",
        RowSeen::Failed(_) => "its row failed",
        RowSeen::AwaitingAgent => "its row waits for an agent",
    }
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
