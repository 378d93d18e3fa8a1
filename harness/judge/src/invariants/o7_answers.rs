//! O-7: at the first sight of online a question is answered, once.

use contract::Entry;
use journal::{AskReason, Asked, Finding, FindingKind, InvariantId, KeyScope, Layer};
use oracle::Answers;
use scenario::{CaseAsked, KeyGiven, predict};
use wire::Status;

use super::Ruling;
use super::ruling::finding;
use crate::findings::{deliveries, of_question};
use crate::spans::is_in_payload;
use crate::{Facts, Trial};

/// Judges the members that were seen online and whose model, by the oracle, answers.
pub(super) fn judge(trial: &Trial<'_>, facts: Facts<'_>) -> Ruling {
    let mut findings = Vec::new();
    let (mut applies, mut is_missing) = (false, false);
    for (_, workspace) in facts.team() {
        if facts.last_look(&workspace).is_none() {
            (applies, is_missing) = (true, true);
            continue;
        }
        if !facts.was_seen(&workspace, Status::Online) {
            continue;
        }
        match answers(trial, facts, &workspace) {
            Some(Answers::Yes) => applies = true,
            Some(_) => continue,
            None => {
                (applies, is_missing) = (true, true);
                continue;
            }
        }
        let mut asked = facts.asked().filter(|(_, asked)| asked.reason == AskReason::FirstOnline);
        match asked.find(|(_, asked)| asked.workspace == workspace) {
            Some((_, asked)) if asked.is_answered() && deliveries(facts, asked).is_empty() => {
                is_missing = true;
            }
            Some((seq, asked)) => findings.extend(judge_question(trial, facts, seq, asked)),
            None => is_missing = true,
        }
    }
    Ruling::of(applies, is_missing, findings)
}

/// What the oracle says of the model that the platform had stored when the question was asked; `None` where it was not
/// read. On the proxy the id alone decides, elsewhere also the keys of the case.
fn answers(trial: &Trial<'_>, facts: Facts<'_>, workspace: &str) -> Option<Answers> {
    let mut asked = facts.asked().filter(|(_, asked)| asked.reason == AskReason::FirstOnline);
    let then =
        asked.find(|(_, asked)| asked.workspace == workspace).map_or(facts, |(seq, _)| facts.up_to(seq));
    let (_, stored) = then.stored_model(workspace)?;
    let (_, row) = then.row(workspace)?;
    let model = stored.stored.model.as_str();
    if model.trim().is_empty() {
        // Nothing is stored, so nobody says what its box runs on.
        return Some(Answers::Unpromised);
    }
    let on_proxy = trial.oracle.answers_on_proxy(&row.runtime, model);
    if on_proxy == Answers::Yes {
        return Some(on_proxy);
    }
    let key = KeyGiven::of_value(trial.bindings.value("key"))
        .filter(|key| key.scope != KeyScope::Payload || is_in_payload(facts, workspace, &key.name));
    let case =
        CaseAsked { runtime: &row.runtime, model: Some(model), key: key.as_ref(), entry: Entry::Create };
    Some(predict(trial.oracle, trial.contract, trial.scenario, case).answers())
}

fn judge_question(trial: &Trial<'_>, facts: Facts<'_>, seq: u64, asked: &Asked) -> Option<Finding> {
    let at = trial.scenario.place(trial.scenario.place);
    if let Some(silent) = of_question(facts, seq, asked, at, Some(InvariantId::O7)) {
        return Some(silent);
    }
    let delivered = deliveries(facts, asked);
    if delivered.len() <= 1 {
        return None;
    }
    let seen = format!("handed to the box {} times", delivered.len());
    let kind = FindingKind::DeliveredTwice;
    let mut twice =
        finding(trial, InvariantId::O7, kind, Layer::Messages, "one question is handed on once", seen);
    twice.subject = asked.member.clone();
    twice.proof = delivered;
    Some(twice)
}
