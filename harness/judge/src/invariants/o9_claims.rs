//! O-9: what the agent tells its user of a member is what its row says.
//!
//! A claim is the first word of state behind a member's name in the answer to a turn. It agrees with a status that the
//! row had when the turn ended, or at our first look afterwards: the agent may have read it a moment earlier or later.
//! A claim is never evidence of anything else.

use journal::{Finding, FindingKind, InvariantId, Layer, Turn};
use scenario::Verb;
use wire::Status;

use super::Ruling;
use super::ruling::finding;
use crate::attempts::{Answer, Attempt, of_turn};
use crate::evidence::story_of;
use crate::{Facts, Trial};

/// The word for a member that got no row.
const REFUSED: &str = "refused";

/// The word for a member whose row the agent could not read.
const ACCEPTED: &str = "accepted";

/// So many words behind a member's name are looked at for a claim.
const CLAIM_WORDS: usize = 4;

pub(super) fn judge(trial: &Trial<'_>, facts: Facts<'_>) -> Ruling {
    let is_spoken = |verb: &Verb| matches!(verb, Verb::UserSays(_) | Verb::SayAgain(_));
    let is_anybody_told = trial.scenario.steps.iter().any(|step| is_spoken(&step.verb));
    let mut findings = Vec::new();
    let mut is_missing = facts.turns().next().is_none();
    let mut began = 0;
    for (seq, turn) in facts.turns() {
        let attempts = of_turn(facts.up_to(seq).after(began), facts);
        began = seq;
        // A turn without an answer is its step's finding.
        let Some(text) = turn.reply.text.as_deref().filter(|text| !text.trim().is_empty()) else { continue };
        for member in &turn.members {
            let attempt = attempts.iter().rfind(|attempt| attempt.member == *member);
            match truth(facts, seq, member, attempt) {
                Truth::Unseen => is_missing = true,
                Truth::Any(words) => {
                    let claim = claim_of(text, member, &turn.members);
                    if claim.is_none_or(|claim| !words.iter().any(|word| word == claim)) {
                        findings.push(differing(trial, facts, (seq, turn), member, claim, &words));
                    }
                }
            }
        }
    }
    Ruling::of(is_anybody_told, is_missing, findings)
}

/// The words that would be true of a member.
enum Truth {
    Unseen,
    Any(Vec<String>),
}

fn truth(facts: Facts<'_>, turn: u64, member: &str, attempt: Option<&Attempt>) -> Truth {
    let row = match attempt.map(|attempt| &attempt.answer) {
        Some(Answer::Early { .. }) => return Truth::Any(vec![REFUSED.to_owned()]),
        Some(Answer::Accepted(row)) => row.clone(),
        // Nothing was tried in this turn: what stands is from a turn before.
        None => match facts.up_to(turn).row_of_member(member) {
            Some((_, row)) => row,
            None => return Truth::Any(vec![REFUSED.to_owned()]),
        },
    };
    let then = facts.up_to(turn).trail(&row).pop().map(|seen| seen.status);
    let afterwards = facts.after(turn).rows_seen(&row).find_map(|(_, seen)| seen.row.as_ref());
    let words: Vec<String> = then
        .into_iter()
        .chain(afterwards.map(|row| row.status.clone()))
        .chain([ACCEPTED.to_owned()])
        .collect();
    if words.len() == 1 { Truth::Unseen } else { Truth::Any(words) }
}

/// The first word of state behind the member's name.
fn claim_of<'a>(text: &'a str, member: &str, members: &[String]) -> Option<&'a str> {
    let is_state = |word: &&str| [REFUSED, ACCEPTED].contains(word) || Status::from_wire(word).is_some();
    text.lines().find_map(|line| {
        let mut words = line.split_whitespace().map(|word| word.trim_matches(is_mark));
        words.find(|word| *word == member)?;
        words.take_while(|word| !members.iter().any(|other| other == word)).take(CLAIM_WORDS).find(is_state)
    })
}

/// What stands around a word and is no part of it.
fn is_mark(letter: char) -> bool {
    !letter.is_alphanumeric() && letter != '_'
}

fn differing(
    trial: &Trial<'_>,
    facts: Facts<'_>,
    (seq, turn): (u64, &Turn),
    member: &str,
    claim: Option<&str>,
    words: &[String],
) -> Finding {
    let expected = format!("the agent says of `{member}`: {}", words[0]);
    let seen = match claim {
        Some(claim) => format!("turn {}: it says {claim}", turn.number),
        None => format!("turn {}: it says nothing of it", turn.number),
    };
    let kind = FindingKind::ClaimDiffers;
    let mut finding = finding(trial, InvariantId::O9, kind, Layer::Concierge, expected, seen);
    finding.subject = Some(member.to_owned());
    finding.proof = vec![seq];
    if let Some((_, row)) = facts.row_of_member(member) {
        finding.trail = facts.trail(&row);
        finding.proof.extend(story_of(facts, &row));
    }
    finding
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_claim_is_the_first_word_of_state_behind_the_name() {
        let members = ["enter-product".to_owned(), "enter-product-2".to_owned()];
        for (text, claim) in [
            ("This is your team now:\n- enter-product is online", Some("online")),
            ("- enter-product failed: model x is online elsewhere", Some("failed")),
            ("- enter-product failed, and the platform gave no reason", Some("failed")),
            ("- enter-product was refused: no key", Some("refused")),
            ("- enter-product was accepted, but I can't read its row", Some("accepted")),
            ("- enter-product is awaiting_agent", Some("awaiting_agent")),
            ("- enter-product-2 is online", None),
            ("enter-product, enter-product-2 online", None),
            ("`enter-product`: **online**", Some("online")),
            ("all are online", None),
            ("enter-product", None),
        ] {
            assert_eq!(claim_of(text, "enter-product", &members), claim, "{text}");
        }
    }
}
