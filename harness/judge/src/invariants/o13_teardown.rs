//! O-13: after teardown nothing is left, and receipts match what was made.

use journal::{CensusMoment, Finding, FindingKind, InvariantId, Layer, TenantRole};

use super::Ruling;
use super::ruling::finding;
use crate::{Facts, Trial};

/// What a read says of a row that is gone (tenant-api §2.6).
const GONE: u16 = 410;

pub(super) fn judge(trial: &Trial<'_>, facts: Facts<'_>) -> Ruling {
    let mut findings = Vec::new();
    let mut applies = false;
    for role in [TenantRole::Subject, TenantRole::Bystander] {
        if facts.concierge(role).is_none() {
            continue;
        }
        applies = true;
        let (Some((_, before)), Some((seq, after))) =
            (facts.census(role, CensusMoment::End), facts.census(role, CensusMoment::TornDown))
        else {
            return Ruling::NotEvaluated;
        };
        let rows = after
            .rows
            .iter()
            .map(|row| format!("the row `{}` ({}), status {}", row.name, row.id, row.status));
        let boxes = after.boxes.iter().map(|instance| format!("the box {instance}"));
        findings.extend(rows.chain(boxes).map(|left| {
            let kind = FindingKind::LeftAfterTeardown;
            let expected = "no row and no box after everything was deleted";
            let mut finding = finding(trial, InvariantId::O13, kind, Layer::Teardown, expected, left);
            finding.proof = vec![seq];
            finding
        }));
        findings.extend(before.rows.iter().filter_map(|row| unproven(trial, facts, &row.id, &row.name)));
    }
    if applies { Ruling::Judged(findings) } else { Ruling::NotApplicable }
}

/// The finding about a row that is not provably gone.
fn unproven(trial: &Trial<'_>, facts: Facts<'_>, workspace: &str, name: &str) -> Option<Finding> {
    let receipt = facts.receipts().rfind(|(_, receipt)| receipt.workspace == workspace);
    let seen = match receipt {
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
    unproven.proof = receipt.map(|(seq, _)| seq).into_iter().collect();
    Some(unproven)
}
