//! O-13: after teardown nothing is left, and receipts match what was made.

use journal::{Census, CensusMoment, Finding, FindingKind, InvariantId, Layer, TenantRole};

use super::Ruling;
use super::ruling::finding;
use crate::evidence::story_of;
use crate::facts::GONE;
use crate::{Facts, Trial};

pub(super) fn judge(trial: &Trial<'_>, facts: Facts<'_>) -> Ruling {
    let mut findings = Vec::new();
    let mut is_missing = false;
    for role in trial.tenants() {
        let Some((seq, after)) = facts.census(role, CensusMoment::TornDown) else {
            is_missing = true;
            continue;
        };
        findings.extend(left(trial, seq, after));
        let Some((seq, before)) = facts.census(role, CensusMoment::End) else {
            is_missing = true;
            continue;
        };
        for (workspace, name) in made(facts, role, before) {
            findings.extend(unproven(trial, facts, &workspace, &name).map(|mut unproven| {
                unproven.proof.push(seq);
                unproven
            }));
        }
    }
    Ruling::of(true, is_missing, findings)
}

/// A finding for each row and box that is still there.
fn left(trial: &Trial<'_>, seq: u64, after: &Census) -> Vec<Finding> {
    let rows =
        after.rows.iter().map(|row| format!("the row `{}` ({}), status {}", row.name, row.id, row.status));
    let boxes = after.boxes.iter().map(|instance| format!("the box {instance}"));
    let of_one = |left: String| {
        let kind = FindingKind::LeftAfterTeardown;
        let expected = "no row and no box after everything was deleted";
        let mut finding = finding(trial, InvariantId::O13, kind, Layer::Teardown, expected, left);
        finding.proof = vec![seq];
        finding
    };
    rows.chain(boxes).map(of_one).collect()
}

/// Id and name of every row that must be gone: those of the census, and those that the platform said it made.
fn made(facts: Facts<'_>, role: TenantRole, before: &Census) -> Vec<(String, String)> {
    let mut made: Vec<(String, String)> =
        before.rows.iter().map(|row| (row.id.clone(), row.name.clone())).collect();
    if role == TenantRole::Subject {
        for (member, id) in facts.rows_made() {
            if !made.iter().any(|(known, _)| *known == id) {
                made.push((id, member.to_owned()));
            }
        }
    }
    made
}

/// The finding about a row that is not provably gone.
fn unproven(trial: &Trial<'_>, facts: Facts<'_>, workspace: &str, name: &str) -> Option<Finding> {
    let receipt = facts.receipts().rfind(|(_, receipt)| receipt.workspace == workspace);
    // A row that its agent removed needs no delete of ours: a later look that found it gone is the proof.
    let is_seen_gone = facts.last_look(workspace).is_some_and(|(_, seen)| seen.status == GONE);
    let seen = match receipt {
        None if is_seen_gone => return None,
        Some((_, receipt)) if receipt.status < 300 && receipt.read_after == GONE => return None,
        Some((_, receipt)) => {
            format!("the delete said {}, a read afterwards {}", receipt.status, receipt.read_after)
        }
        None => "it was never deleted".to_owned(),
    };
    let kind = FindingKind::DeleteUnproven;
    let expected = format!("a delete that is confirmed, and a read that says {GONE}");
    let mut unproven = finding(trial, InvariantId::O13, kind, Layer::Teardown, expected, seen);
    unproven.subject = Some(name.to_owned());
    unproven.proof = story_of(facts, workspace);
    unproven.proof.extend(receipt.map(|(seq, _)| seq));
    Some(unproven)
}
