//! O-2: a refused create leaves no row, event, box or token.

use std::collections::BTreeSet;

use journal::{CensusMoment, Finding, FindingKind, InvariantId, Layer, TenantRole, ToolCall};

use super::Ruling;
use super::ruling::finding;
use crate::evidence::story_of;
use crate::{Facts, Trial};

pub(super) fn judge(trial: &Trial<'_>, facts: Facts<'_>) -> Ruling {
    let refused: Vec<(u64, &ToolCall)> =
        facts.tool_calls().filter(|(_, call)| is_refused_create(call)).collect();
    if refused.is_empty() {
        return Ruling::NotApplicable;
    }
    let Some((census_seq, census)) = facts.census(TenantRole::Subject, CensusMoment::End) else {
        return Ruling::NotEvaluated;
    };
    let accepted: BTreeSet<String> = facts.tool_calls().filter_map(|(_, call)| call.created_id()).collect();
    let concierge = facts.concierge(TenantRole::Subject).unwrap_or_default();
    let mut findings = Vec::new();
    for (seq, call) in &refused {
        let name = call.argument("name").unwrap_or_default();
        let rows = census.rows.iter().filter(|row| row.name == name && !accepted.contains(&row.id));
        findings.extend(rows.map(|row| {
            let seen = format!("a row `{}` ({}), status {}", row.name, row.id, row.status);
            let mut trace = trace(trial, name, seen, &[*seq, census_seq]);
            trace.proof.extend(story_of(facts, &row.id));
            trace
        }));
    }
    let known = |workspace: &str| accepted.contains(workspace) || workspace == concierge;
    let stray = facts.boxes_started().filter(|(_, started)| started.tenant == TenantRole::Subject);
    findings.extend(stray.filter(|(_, started)| !known(&started.workspace)).map(|(seq, started)| {
        let seen =
            format!("a box {} for the row {} that no create made", started.instance, started.workspace);
        trace(trial, &started.workspace, seen, &[seq])
    }));
    Ruling::Judged(findings)
}

fn is_refused_create(call: &ToolCall) -> bool {
    let is_client_error = call.refused_status().is_some_and(|status| (400..500).contains(&status));
    call.tool == "provision_workspace"
        && call.tenant == TenantRole::Subject
        && (is_client_error || call.is_error)
}

fn trace(trial: &Trial<'_>, subject: &str, seen: String, proof: &[u64]) -> Finding {
    let expected = "nothing is left of a create that was refused";
    let kind = FindingKind::RefusalLeftTrace;
    let mut finding = finding(trial, InvariantId::O2, kind, Layer::Rows, expected, seen);
    finding.subject = Some(subject.to_owned());
    finding.proof = proof.to_vec();
    finding
}
