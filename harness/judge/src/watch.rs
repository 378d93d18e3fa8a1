//! What is watched in every journey without being an invariant of the catalogue: rows that nobody asked for, the
//! bystander, routes that the world does not model, refused first registers.

use std::collections::BTreeSet;

use journal::{CensusMoment, Fact, Finding, FindingKind, Hop, Layer, Row, TenantRole};
use wire::WorkspaceKind;

use crate::evidence::story_of;
use crate::{Facts, Trial};

pub(crate) fn judge(trial: &Trial<'_>, facts: Facts<'_>) -> Vec<Finding> {
    let mut findings = leftovers(trial, facts);
    findings.extend(bystander(trial, facts));
    findings.extend(unmodelled(trial, facts));
    findings.extend(refused_registers(trial, facts));
    findings
}

fn finding(trial: &Trial<'_>, kind: FindingKind, layer: Layer, expected: &str, seen: String) -> Finding {
    Finding {
        kind,
        invariant: None,
        at: trial.scenario.place(trial.scenario.place),
        subject: None,
        expected: expected.to_owned(),
        seen,
        trail: Vec::new(),
        proof: Vec::new(),
        layer,
    }
}

/// Rows of the subject's tenant that are nobody's newest row.
fn leftovers(trial: &Trial<'_>, facts: Facts<'_>) -> Vec<Finding> {
    let Some((seq, census)) = facts.census(TenantRole::Subject, CensusMoment::End) else { return Vec::new() };
    let team: BTreeSet<String> = facts.team().into_iter().map(|(_, id)| id).collect();
    let is_left = |row: &&Row| row.kind == WorkspaceKind::Workspace && !team.contains(&row.id);
    let of_row = |row: &Row| {
        let expected = "no row but the newest of each member that was asked for";
        let seen = format!("a row `{}` ({}), status {}", row.name, row.id, row.status);
        let mut finding = finding(trial, FindingKind::Leftover, Layer::Rows, expected, seen);
        finding.subject = Some(row.name.clone());
        finding.proof = story_of(facts, &row.id);
        finding.proof.push(seq);
        finding
    };
    census.rows.iter().filter(is_left).map(of_row).collect()
}

/// Nothing may reach the bystander after it came up.
fn bystander(trial: &Trial<'_>, facts: Facts<'_>) -> Vec<Finding> {
    let Some((began, before)) = facts.census(TenantRole::Bystander, CensusMoment::SetUp) else {
        return Vec::new();
    };
    let Some((ended, after)) = facts.census(TenantRole::Bystander, CensusMoment::End) else {
        return Vec::new();
    };
    let mut touches: Vec<(u64, String)> = Vec::new();
    if key_of(&before.rows) != key_of(&after.rows) || before.boxes != after.boxes {
        touches.push((ended, "its rows or boxes changed".to_owned()));
    }
    for observation in facts.up_to(ended).after(began).iter() {
        touches.extend(touch(&observation.fact).map(|what| (observation.seq, what)));
    }
    let of_touch = |(seq, what): (u64, String)| {
        let expected = "the bystander's tenant is left alone";
        let mut finding = finding(trial, FindingKind::BystanderTouched, Layer::Rows, expected, what);
        finding.proof = vec![began, seq];
        finding
    };
    touches.into_iter().map(of_touch).collect()
}

fn key_of(rows: &[Row]) -> Vec<(&str, &str)> {
    rows.iter().map(|row| (row.id.as_str(), row.status.as_str())).collect()
}

fn touch(fact: &Fact) -> Option<String> {
    match fact {
        Fact::ToolCall(call) if call.tenant == TenantRole::Bystander => {
            Some(format!("a tool call {}", call.tool))
        }
        Fact::ModelCall(call) if call.tenant == TenantRole::Bystander => {
            Some(format!("a model call on {}", call.model))
        }
        Fact::BoxStarted(started) if started.tenant == TenantRole::Bystander => {
            Some("a box was started".to_owned())
        }
        Fact::BoxStopped(stopped) if stopped.tenant == TenantRole::Bystander => {
            Some("a box was stopped".to_owned())
        }
        Fact::Exchange(exchange)
            if exchange.tenant == TenantRole::Bystander && exchange.hop == Hop::PlatformToBox =>
        {
            Some("a message to its agent".to_owned())
        }
        _ => None,
    }
}

fn unmodelled(trial: &Trial<'_>, facts: Facts<'_>) -> Vec<Finding> {
    let of_route = |seen: &journal::Observation| {
        let Fact::Unmodelled(route) = &seen.fact else { return None };
        let what = format!("{}: {} {}", route.hop.in_words(), route.method, route.path);
        let expected = "only routes that the world models";
        let mut finding = finding(trial, FindingKind::UnmodelledRoute, Layer::World, expected, what);
        finding.proof = vec![seen.seq];
        Some(finding)
    };
    facts.iter().filter_map(of_route).collect()
}

/// A box registers without credentials after each provision; a 401 there leaves it deaf (#2611).
fn refused_registers(trial: &Trial<'_>, facts: Facts<'_>) -> Vec<Finding> {
    let mut seen_boxes = BTreeSet::new();
    let mut findings = Vec::new();
    for (seq, registered) in facts.boxes_registered() {
        let is_first = seen_boxes.insert(registered.instance.as_str());
        if is_first && registered.status == Some(401) {
            let expected = "the first register of a box is accepted";
            let seen = format!("401 to the box {}", registered.instance);
            let mut refused = finding(trial, FindingKind::RegisterRefused, Layer::Box, expected, seen);
            refused.subject = Some(registered.workspace.clone());
            refused.proof = story_of(facts, &registered.workspace);
            refused.proof.push(seq);
            findings.push(refused);
        }
    }
    findings
}
