//! O-15: every id that the platform recommends is itself accepted.
//!
//! Recommended is what a refusal names beside the id that was asked for, where the contract promises a usable
//! alternative on that runtime; what the text of `provision_workspace` lists as paid by the platform; and the default
//! that was put in place of a missing id, where the contract promises one. Each must answer on the proxy without a key,
//! by the oracle, and stand in the platform's own list as paid by the platform, where that was read.

use contract::{MissingModel, Word, platform_ids_named};
use journal::{Finding, FindingKind, InvariantId, Layer};
use oracle::Answers;
use scenario::Proxy;
use wire::EventName;

use super::Ruling;
use super::ruling::finding;
use crate::attempts::{Answer, Attempt, of_all_acts};
use crate::holds::Asking;
use crate::reason::recommended;
use crate::refused::RefusalPlace;
use crate::{Facts, Trial};

/// An id that was recommended.
struct Advice {
    whose: &'static str,
    subject: Option<String>,
    runtime: String,
    id: String,
    seq: u64,
    layer: Layer,
}

/// What was recommended, and whether some of it could not be seen.
#[derive(Default)]
struct Heard {
    advice: Vec<Advice>,
    is_missing: bool,
}

pub(super) fn judge(trial: &Trial<'_>, facts: Facts<'_>) -> Ruling {
    // Without a proxy the platform pays for nothing, whatever it lists.
    if trial.scenario.given.proxy == Proxy::None {
        return Ruling::NotApplicable;
    }
    let mut heard = Heard::default();
    heard.tool_text(trial, facts);
    for attempt in of_all_acts(trial.scenario, facts) {
        heard.refusal(trial, facts, &attempt);
        heard.stand_in(trial, facts, &attempt);
    }
    let applies = !heard.advice.is_empty() || heard.is_missing;
    let mut is_missing = heard.is_missing;
    let mut findings: Vec<Finding> = Vec::new();
    for advice in &heard.advice {
        is_missing |= facts.offered(&advice.runtime).is_none()
            && trial.contract.routes.offered_models
            && advice.subject.is_some();
        findings.extend(refused(trial, facts, advice));
    }
    Ruling::of(applies, is_missing, findings)
}

impl Heard {
    fn tool_text(&mut self, trial: &Trial<'_>, facts: Facts<'_>) {
        let Some((seq, list)) = facts.tool_list() else {
            // Whoever built a team by its agent had its tools shown.
            self.is_missing |=
                !trial.contract.provision_tool.states.is_empty() && facts.turns().next().is_some();
            return;
        };
        let shown = list.tools.iter().find(|tool| tool.name == "provision_workspace");
        let text =
            shown.and_then(|tool| tool.input_schema.pointer("/properties/model/description")?.as_str());
        let Some(text) = text else { return };
        for runtime in trial.contract.known_runtimes.iter() {
            let named = platform_ids_named(text, runtime).into_iter();
            self.advice.extend(named.map(|id| Advice {
                whose: "the text of `provision_workspace`",
                subject: None,
                runtime: runtime.to_owned(),
                id,
                seq,
                layer: Layer::Concierge,
            }));
        }
    }

    fn refusal(&mut self, trial: &Trial<'_>, facts: Facts<'_>, attempt: &Attempt) {
        let asking = Asking { trial, step: 0, through: &[] };
        let runtime = asking.runtime_of(attempt);
        let is_promised = |place: RefusalPlace| {
            let promise = asking.promise(place);
            promise.names.contains(&Word::Alternative)
                && promise.alternative_is_usable_on.iter().any(|usable| usable == runtime)
        };
        let (place, reason, seq) = match &attempt.answer {
            Answer::Early { reason, .. } => (RefusalPlace::Early, reason.clone(), attempt.seq),
            Answer::Accepted(row) => {
                let Some((seq, seen)) = facts.after(attempt.seq).events_of(row) else { return };
                let failed = seen.events.iter().find(|event| event.is(EventName::WorkspaceProvisionFailed));
                let Some(failed) = failed else { return };
                (RefusalPlace::AtProvisioning, failed.text("error").map(str::to_owned), seq)
            }
        };
        let asked = attempt.model.as_deref().unwrap_or_default();
        let ids = recommended(reason.as_deref().unwrap_or_default(), asked, trial.oracle);
        self.advice.extend(ids.into_iter().filter(|_| is_promised(place)).map(|id| Advice {
            whose: "the refusal",
            subject: Some(attempt.member.clone()),
            runtime: runtime.to_owned(),
            id,
            seq,
            layer: Layer::Rows,
        }));
    }

    fn stand_in(&mut self, trial: &Trial<'_>, facts: Facts<'_>, attempt: &Attempt) {
        let typed = attempt.model.as_deref().unwrap_or_default();
        let promises =
            if typed.is_empty() { &trial.contract.omitted_model } else { &trial.contract.blank_model };
        let is_promised = *promises.of(attempt.entry) == MissingModel::PlatformDefault;
        let Answer::Accepted(row) = &attempt.answer else { return };
        if !typed.trim().is_empty() || !is_promised {
            return;
        }
        let Some((seq, stored)) = facts.after(attempt.seq).stored_model(row) else {
            self.is_missing = true;
            return;
        };
        let asking = Asking { trial, step: 0, through: &[] };
        self.advice.push(Advice {
            whose: "the platform's default",
            subject: Some(attempt.member.clone()),
            runtime: asking.runtime_of(attempt).to_owned(),
            id: stored.stored.model.clone(),
            seq,
            layer: Layer::Rows,
        });
    }
}

fn refused(trial: &Trial<'_>, facts: Facts<'_>, advice: &Advice) -> Option<Finding> {
    let Advice { runtime, id, .. } = advice;
    let offered = facts.offered(runtime).filter(|(_, offered)| offered.status == 200);
    let is_offered = offered
        .is_none_or(|(_, offered)| offered.models.iter().any(|one| one.model == *id && one.platform_billed));
    let seen = if trial.oracle.answers_on_proxy(runtime, id) != Answers::Yes {
        format!("`{}`, which needs a key there or does not exist", id.escape_debug())
    } else if is_offered {
        return None;
    } else {
        format!("`{}`, which its own list does not name as paid by the platform", id.escape_debug())
    };
    let expected = format!("{} names an id that the platform pays for on {runtime}", advice.whose);
    let kind = FindingKind::AdviceRefused;
    let mut finding = finding(trial, InvariantId::O15, kind, advice.layer, expected, seen);
    finding.subject = advice.subject.clone();
    finding.proof = std::iter::once(advice.seq).chain(offered.map(|(seq, _)| seq)).collect();
    Some(finding)
}
