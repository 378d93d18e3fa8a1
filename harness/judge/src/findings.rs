//! Findings about questions, shared by steps and O-7.

use journal::{Asked, Finding, FindingKind, Hop, InvariantId, Layer, Place};

use crate::Facts;
use crate::evidence::{layer_of_silence, story_of};

/// The finding about a question that was not answered as only a working model can; `None` where it was.
pub(crate) fn of_question(
    facts: Facts<'_>,
    seq: u64,
    asked: &Asked,
    at: Place,
    invariant: Option<InvariantId>,
) -> Option<Finding> {
    if asked.is_answered() {
        return None;
    }
    let reply = &asked.reply;
    let (kind, seen) = match (&reply.error, reply.text.as_deref()) {
        (Some(error), _) => (FindingKind::Unanswered, format!("no answer: {error}")),
        (None, None) => (FindingKind::Unanswered, format!("no answer: {}", status_in_words(reply.status))),
        (None, Some(text)) if text.trim().is_empty() => {
            (FindingKind::EmptyAnswer, format!("{} with an empty text", status_in_words(reply.status)))
        }
        (None, Some(text)) => (FindingKind::WrongAnswer, format!("\"{text}\"")),
    };
    let layer = match kind {
        FindingKind::EmptyAnswer => Layer::Messages,
        _ => layer_of_silence(facts, &asked.workspace),
    };
    let mut proof = story_of(facts, &asked.workspace);
    proof.extend(deliveries(facts, asked));
    proof.extend(facts.model_calls_of(&asked.workspace).map(|(seq, _)| seq));
    proof.push(seq);
    Some(Finding {
        kind,
        invariant,
        at,
        subject: Some(asked.member.clone().unwrap_or_else(|| asked.workspace.clone())),
        expected: format!("the word `{}`, which only a working model knows", asked.expected),
        seen,
        trail: facts.trail(&asked.workspace),
        proof,
        layer,
    })
}

/// How often the platform handed a question to the box.
pub(crate) fn deliveries(facts: Facts<'_>, asked: &Asked) -> Vec<u64> {
    let to_box = facts.exchanges(Hop::PlatformToBox);
    to_box
        .filter(|(_, exchange)| exchange.request.to_string().contains(&asked.nonce))
        .map(|(seq, _)| seq)
        .collect()
}

fn status_in_words(status: Option<u16>) -> String {
    status.map_or_else(|| "no status".to_owned(), |status| format!("status {status}"))
}
