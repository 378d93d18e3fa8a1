//! O-3: a failed row says why, the same everywhere, with a code; a row that provisions has somebody at work.

use contract::Surface;
use journal::{CensusMoment, Finding, FindingKind, InvariantId, Layer, Row, RowSource, TenantRole};
use wire::{EventName, Status};

use super::Ruling;
use super::ruling::finding;
use crate::evidence::{provision_requests, story_of};
use crate::{Facts, Trial};

/// A reason and where it stands.
struct Told<'a> {
    place: &'static str,
    reason: Option<&'a str>,
}

/// What a row looks like, as far as this invariant asks.
enum Shown {
    Unseen,
    Failed,
    Provisioning,
    Otherwise,
}

/// Judges the newest rows of the members when all steps were played.
pub(super) fn judge(trial: &Trial<'_>, facts: Facts<'_>) -> Ruling {
    let ended = facts.census(TenantRole::Subject, CensusMoment::End).map(|(seq, _)| seq);
    let facts = ended.map_or(facts, |seq| facts.up_to(seq));
    let mut findings = Vec::new();
    let (mut applies, mut is_missing) = (false, false);
    for (member, workspace) in facts.team() {
        let found = match shown(facts, &workspace) {
            Shown::Unseen => None,
            Shown::Failed => ended.and_then(|_| failed(trial, facts, &workspace)),
            Shown::Provisioning => ended.map(|_| stuck(trial, facts, &workspace)),
            Shown::Otherwise => continue,
        };
        applies = true;
        match found {
            Some(found) => findings.extend(found.into_iter().map(|mut finding| {
                finding.subject = Some(member.to_owned());
                finding.trail = facts.trail(&workspace);
                finding.proof = story_of(facts, &workspace);
                finding
            })),
            None => is_missing = true,
        }
    }
    Ruling::of(applies, is_missing, findings)
}

/// A row counts as failed where any place shows it so.
fn shown(facts: Facts<'_>, workspace: &str) -> Shown {
    let Some((_, row)) = facts.row(workspace) else {
        let is_seen = facts.last_look(workspace).is_some();
        return if is_seen { Shown::Otherwise } else { Shown::Unseen };
    };
    let places = [RowSource::Read, RowSource::List];
    let mut newest = places.into_iter().filter_map(|place| facts.row_from(workspace, place));
    if newest.any(|(_, row)| is_failed(row)) {
        return Shown::Failed;
    }
    match Status::from_wire(&row.status) {
        Some(Status::Provisioning) => Shown::Provisioning,
        _ => Shown::Otherwise,
    }
}

fn is_failed(row: &Row) -> bool {
    row.status == Status::Failed.as_str()
}

/// `None` where the probes are missing, or looked before the row failed.
fn failed(trial: &Trial<'_>, facts: Facts<'_>, workspace: &str) -> Option<Vec<Finding>> {
    let (_, read) = facts.row_from(workspace, RowSource::Read).filter(|(_, row)| is_failed(row))?;
    let (_, listed) = facts.row_from(workspace, RowSource::List).filter(|(_, row)| is_failed(row))?;
    let (_, events) = facts.events_of(workspace)?;
    let event = events.events.iter().rev().find(|event| event.is(EventName::WorkspaceProvisionFailed));
    let promised = |surface: Surface| trial.contract.refusals.at_provisioning.surfaces.contains(&surface);
    let mut told = Vec::new();
    if promised(Surface::Read) {
        told.push(Told { place: "the single read", reason: non_empty(read.reason.as_deref()) });
    }
    if promised(Surface::List) {
        told.push(Told { place: "the list", reason: non_empty(listed.reason.as_deref()) });
    }
    if promised(Surface::Event) {
        told.push(Told { place: "the event", reason: event.and_then(|event| event.text("error")) });
    }
    let mut findings: Vec<Finding> = told
        .iter()
        .filter(|told| told.reason.is_none())
        .map(|told| {
            let seen = format!("{} gives no reason", told.place);
            finding(
                trial,
                InvariantId::O3,
                FindingKind::ReasonMissing,
                Layer::Rows,
                "a reason wherever the failure shows",
                seen,
            )
        })
        .collect();
    findings.extend(differing(trial, &told));
    if event.is_some_and(|event| event.text("code").is_none()) {
        let seen = "the event of the failure carries none";
        findings.push(finding(trial, InvariantId::O3, FindingKind::CodeMissing, Layer::Rows, "a code", seen));
    }
    Some(findings)
}

fn differing(trial: &Trial<'_>, told: &[Told<'_>]) -> Option<Finding> {
    let mut reasons = told.iter().filter_map(|told| told.reason.map(|reason| (told.place, reason)));
    let (first_place, first) = reasons.next()?;
    let (other_place, other) = reasons.find(|(_, reason)| *reason != first)?;
    let seen = format!("{first_place}: \"{first}\", {other_place}: \"{other}\"");
    let kind = FindingKind::ReasonDiffers;
    Some(finding(trial, InvariantId::O3, kind, Layer::Rows, "the same reason in every place", seen))
}

fn non_empty(text: Option<&str>) -> Option<&str> {
    text.filter(|text| !text.trim().is_empty())
}

/// A row that still provisions when everything has been played, although nobody was asked for its box.
fn stuck(trial: &Trial<'_>, facts: Facts<'_>, workspace: &str) -> Vec<Finding> {
    if !provision_requests(facts, workspace).is_empty() {
        return Vec::new();
    }
    let expected = "a row in provisioning has its box asked for, or fails and says so";
    let seen = "still provisioning, and the control plane was never asked for a box";
    vec![finding(trial, InvariantId::O3, FindingKind::NobodyAtWork, Layer::Provisioning, expected, seen)]
}
