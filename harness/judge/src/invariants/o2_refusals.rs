//! O-2: a refused create leaves no row, event, box or token.

use std::collections::BTreeSet;

use journal::{
    BoxStarted, Census, CensusMoment, Finding, FindingKind, InvariantId, Layer, Row, TenantRole, ToolCall,
};

use super::Ruling;
use super::ruling::finding;
use crate::evidence::story_of;
use crate::facts::Numbered;
use crate::{Facts, Trial};

pub(super) fn judge(trial: &Trial<'_>, facts: Facts<'_>) -> Ruling {
    if refused(facts).next().is_none() {
        return Ruling::NotApplicable;
    }
    let Some((census_seq, census)) = facts.census(TenantRole::Subject, CensusMoment::End) else {
        return Ruling::NotEvaluated;
    };
    let mut findings: Vec<Finding> = rows_left(facts, census)
        .into_iter()
        .map(|(seq, row)| {
            let seen = format!("a row `{}` ({}), status {}", row.name, row.id, row.status);
            let mut trace = trace(trial, &row.name, seen, &[seq, census_seq]);
            trace.proof.extend(story_of(facts, &row.id));
            trace
        })
        .collect();
    findings.extend(boxes_left(facts).map(|(seq, started)| {
        let seen =
            format!("a box {} for the row {} that no create made", started.instance, started.workspace);
        trace(trial, &started.workspace, seen, &[seq])
    }));
    Ruling::Judged(findings)
}

/// True where O-2 reports this row, or a box for it, as what a refused create left.
pub(crate) fn is_left_of_a_refusal(facts: Facts<'_>, census: &Census, workspace: &str) -> bool {
    let is_row = rows_left(facts, census).into_iter().any(|(_, row)| row.id == workspace);
    is_row || boxes_left(facts).any(|(_, started)| started.workspace == workspace)
}

fn refused(facts: Facts<'_>) -> impl Iterator<Item = Numbered<'_, ToolCall>> {
    facts.tool_calls().filter(|(_, call)| is_refused_create(call))
}

fn is_refused_create(call: &ToolCall) -> bool {
    let is_client_error = call.refused_status().is_some_and(|status| (400..500).contains(&status));
    call.tool == "provision_workspace"
        && call.tenant == TenantRole::Subject
        && (is_client_error || call.is_error)
}

fn accepted(facts: Facts<'_>) -> BTreeSet<String> {
    facts.tool_calls().filter_map(|(_, call)| call.created_id()).collect()
}

/// Rows that bear the name of a refused create and that no accepted one made; each with the number of the first
/// refusal of its name.
fn rows_left<'a>(facts: Facts<'a>, census: &'a Census) -> Vec<Numbered<'a, Row>> {
    let accepted = accepted(facts);
    let unaccepted = census.rows.iter().filter(|row| !accepted.contains(&row.id));
    unaccepted
        .filter_map(|row| {
            let mut refusals = refused(facts);
            let refusal = refusals.find(|(_, call)| call.argument("name") == Some(row.name.as_str()))?;
            Some((refusal.0, row))
        })
        .collect()
}

/// Boxes for rows that no create made, where a create was refused.
fn boxes_left(facts: Facts<'_>) -> impl Iterator<Item = Numbered<'_, BoxStarted>> {
    let accepted = accepted(facts);
    let concierge = facts.concierge(TenantRole::Subject);
    let is_any_refused = refused(facts).next().is_some();
    facts.boxes_started().filter(move |(_, started)| {
        is_any_refused
            && started.tenant == TenantRole::Subject
            && !accepted.contains(&started.workspace)
            && concierge != Some(started.workspace.as_str())
    })
}

fn trace(trial: &Trial<'_>, subject: &str, seen: String, proof: &[u64]) -> Finding {
    let expected = "nothing is left of a create that was refused";
    let kind = FindingKind::RefusalLeftTrace;
    let mut finding = finding(trial, InvariantId::O2, kind, Layer::Rows, expected, seen);
    finding.subject = Some(subject.to_owned());
    finding.proof = proof.to_vec();
    finding
}
