//! O-5: a box calls the model that is stored, before and after each change.
//!
//! Judged between the acts on a row, where the oracle predicts that the stored id answers: every call names that id,
//! every reading shows the same one, and where the act before handed no id in, the one from before it.

use journal::{Finding, FindingKind, InvariantId, Layer};

use super::Ruling;
use super::answering::{Answering, answering};
use super::ruling::finding;
use crate::evidence::story_of;
use crate::{Facts, Trial};

pub(super) fn judge(trial: &Trial<'_>, facts: Facts<'_>) -> Ruling {
    let mut findings = Vec::new();
    let parts = answering(trial, facts);
    let mut is_missing = parts.is_missing;
    for part in &parts.known {
        let mut calls = part.facts.model_calls_of(&part.workspace).peekable();
        is_missing |= calls.peek().is_none();
        let wrong = calls.find(|(_, call)| call.model != part.model);
        findings.extend(wrong.map(|(seq, call)| {
            let seen = format!("a call on `{}`", call.model.escape_debug());
            differing(trial, facts, part, "the box calls", seen, seq)
        }));
        let mut readings = part.facts.stored_models(&part.workspace);
        let other = readings.find(|(_, seen)| seen.stored.model != part.model);
        let other = other.or_else(|| part.before.filter(|(_, seen)| seen.stored.model != part.model));
        findings.extend(other.map(|(seq, other)| {
            let seen = format!("`{}` was stored, and nobody changed it", other.stored.model.escape_debug());
            differing(trial, facts, part, "there stays stored", seen, seq)
        }));
    }
    Ruling::of(parts.applies(), is_missing, findings)
}

fn differing(
    trial: &Trial<'_>,
    facts: Facts<'_>,
    part: &Answering<'_>,
    what: &str,
    seen: String,
    seq: u64,
) -> Finding {
    let expected = format!("{what} `{}`, the stored model", part.model.escape_debug());
    let kind = FindingKind::ModelCallDiffers;
    let mut finding = finding(trial, InvariantId::O5, kind, Layer::Box, expected, seen);
    finding.subject = Some(part.member.to_owned());
    finding.trail = facts.trail(&part.workspace);
    finding.proof = story_of(facts, &part.workspace);
    finding.proof.extend([part.read_at, seq]);
    finding
}
