//! O-4: who pays for a box's calls is who the platform's own list says, else who the oracle says.
//!
//! Judged between the acts on a row, where the oracle predicts that the stored id answers. A call that nobody paid
//! (the proxy was out of credit, say) counts for the party whose endpoint it reached.

use contract::PayerRule;
use journal::{Endpoint, Finding, FindingKind, InvariantId, Layer, ModelCall, Payer};

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
        let Some((payer, whose)) = expected(trial, facts, part) else {
            is_missing = true;
            continue;
        };
        is_missing |= calls.peek().is_none();
        let wrong = calls.find(|(_, call)| billed(call) != payer);
        findings.extend(wrong.map(|(seq, call)| differing(trial, facts, part, (seq, call), (payer, whose))));
    }
    Ruling::of(parts.applies(), is_missing, findings)
}

/// The billed party and who says so; `None` where the platform's list is promised and was not read.
fn expected(trial: &Trial<'_>, facts: Facts<'_>, part: &Answering<'_>) -> Option<(Payer, &'static str)> {
    let offered = facts.offered(&part.runtime).map(|(_, offered)| offered);
    if offered.is_none() && trial.contract.routes.offered_models {
        return None;
    }
    let listed = offered.filter(|offered| offered.status == 200);
    let mut own =
        listed.into_iter().flat_map(|offered| &offered.models).filter(|one| one.model == part.model);
    if let Some(first) =
        own.next().filter(|first| own.all(|one| one.platform_billed == first.platform_billed))
    {
        // Where a vendor's id may run on the proxy for want of a key, its arm alone says nothing of who pays.
        let is_open = trial.contract.payer.value == PayerRule::ArmElseProxy;
        if first.platform_billed {
            return Some((Payer::Platform, "the platform's own list of ids"));
        } else if !is_open {
            return Some((Payer::Vendor, "the platform's own list of ids"));
        }
    }
    let payer = match part.prediction.payer() {
        Some(oracle::Payer::Platform) => Payer::Platform,
        Some(oracle::Payer::Vendor) => Payer::Vendor,
        // Where nothing is promised, whoever was billed is right.
        None => part
            .facts
            .model_calls_of(&part.workspace)
            .next()
            .map_or(Payer::Platform, |(_, call)| billed(call)),
    };
    Some((payer, "the contract"))
}

fn billed(call: &ModelCall) -> Payer {
    call.payer.unwrap_or(match call.endpoint {
        Endpoint::Proxy => Payer::Platform,
        Endpoint::Vendor(_) => Payer::Vendor,
    })
}

fn differing(
    trial: &Trial<'_>,
    facts: Facts<'_>,
    part: &Answering<'_>,
    (seq, call): (u64, &ModelCall),
    (payer, whose): (Payer, &str),
) -> Finding {
    let expected = format!("the {} pays for `{}`, as {whose} says", in_words(payer), part.model);
    let seen = format!("a call that the {} pays for", in_words(billed(call)));
    let kind = FindingKind::ModelCallDiffers;
    let mut finding = finding(trial, InvariantId::O4, kind, Layer::Box, expected, seen);
    finding.subject = Some(part.member.to_owned());
    finding.trail = facts.trail(&part.workspace);
    finding.proof = story_of(facts, &part.workspace);
    finding.proof.extend(facts.offered(&part.runtime).map(|(seq, _)| seq));
    finding.proof.push(seq);
    finding
}

fn in_words(payer: Payer) -> &'static str {
    match payer {
        Payer::Platform => "platform",
        Payer::Vendor => "tenant",
    }
}
