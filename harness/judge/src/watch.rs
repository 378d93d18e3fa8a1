//! What is watched in every journey without being an invariant of the catalogue: rows that nobody asked for, the
//! bystander, routes that the world does not model, refused first registers, servers that end by themselves.

use std::collections::BTreeSet;

use journal::{CensusMoment, CheckOutcome, Fact, Finding, FindingKind, Hop, Layer, ServerSaid, TenantRole};

use crate::evidence::story_of;
use crate::{Facts, Trial, leftovers};

/// So many of a server's last lines stand in a finding, each up to so many characters.
const LAST_LINES: usize = 3;
const LINE_CHARS: usize = 200;

/// How the watch went, and what it found. What was found outweighs what is missing.
pub(crate) fn judge(trial: &Trial<'_>, facts: Facts<'_>) -> (CheckOutcome, Vec<Finding>) {
    let mut findings = leftovers::judge(trial, facts);
    findings.extend(bystander(trial, facts));
    findings.extend(unmodelled(trial, facts));
    findings.extend(refused_registers(trial, facts));
    findings.extend(ended_servers(trial, facts));
    let outcome = match (findings.is_empty(), is_missing(trial, facts)) {
        (false, _) => CheckOutcome::Broke,
        (true, true) => CheckOutcome::NotEvaluated,
        (true, false) => CheckOutcome::Held,
    };
    (outcome, findings)
}

/// True where a tenant was not counted or no turn was seen, so that nobody knows what is left over or touched.
fn is_missing(trial: &Trial<'_>, facts: Facts<'_>) -> bool {
    let is_counted = |role| {
        let was_at = |moment| facts.census(role, moment).is_some();
        let is_compared = role == TenantRole::Bystander;
        was_at(CensusMoment::End) && (!is_compared || was_at(CensusMoment::SetUp))
    };
    leftovers::wanted(trial, facts).is_none() || !trial.tenants().all(is_counted)
}

/// A finding of the watch. Its place is the scenario's first line, since no step asked for it.
pub(crate) fn finding(
    trial: &Trial<'_>,
    kind: FindingKind,
    layer: Layer,
    expected: &str,
    seen: String,
) -> Finding {
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

/// Nothing may reach the bystander after it came up.
fn bystander(trial: &Trial<'_>, facts: Facts<'_>) -> Vec<Finding> {
    let Some((began, before)) = facts.census(TenantRole::Bystander, CensusMoment::SetUp) else {
        return Vec::new();
    };
    let Some((ended, after)) = facts.census(TenantRole::Bystander, CensusMoment::End) else {
        return Vec::new();
    };
    let mut touches: Vec<(u64, String)> = Vec::new();
    if before.rows != after.rows || before.boxes != after.boxes {
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
    for (_, registered) in facts.boxes_registered() {
        let is_first = seen_boxes.insert(registered.instance.as_str());
        if is_first && registered.status == Some(401) {
            let expected = "the first register of a box is accepted";
            let seen = format!("401 to the box {}", registered.instance);
            let mut refused = finding(trial, FindingKind::RegisterRefused, Layer::Box, expected, seen);
            refused.subject = Some(registered.workspace.clone());
            refused.proof = story_of(facts, &registered.workspace);
            findings.push(refused);
        }
    }
    findings
}

/// A server runs until it is told to stop, and nobody tells it before its words are recorded.
fn ended_servers(trial: &Trial<'_>, facts: Facts<'_>) -> Vec<Finding> {
    let of_server = |(seq, said): (u64, &ServerSaid)| {
        let ended = said.words.ended.as_ref()?;
        let expected = match said.tenant {
            TenantRole::Subject => "the tenant's server runs until it is told to stop",
            TenantRole::Bystander => "the bystander's server runs until it is told to stop",
        };
        let seen = format!("it ended by itself with {ended}{}", last_words(&said.words.lines));
        let mut finding = finding(trial, FindingKind::ServerEnded, Layer::Server, expected, seen);
        finding.proof = vec![seq];
        Some(finding)
    };
    facts.servers_said().filter_map(of_server).collect()
}

fn last_words(lines: &[String]) -> String {
    if lines.is_empty() {
        return "; it said nothing".to_owned();
    }
    let last = &lines[lines.len().saturating_sub(LAST_LINES)..];
    let shown: Vec<String> = last.iter().map(|line| line.chars().take(LINE_CHARS).collect()).collect();
    format!("; its last words: {}", shown.join(" | "))
}
